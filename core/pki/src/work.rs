//! What is repeated until it is done.

use std::sync::Arc;

use store::Working;
use store::jobs::{Job, Work, Works};

use crate::application::State;
use crate::pki::Pki;

/// Carries an approval to the signer.
pub(crate) const ISSUE: &str = "pki.issue";
/// Tells `sam` of a certificate.
pub(crate) const CERTIFY: &str = "pki.certify";
/// Carries a demand.
pub(crate) const DEMAND: &str = "pki.demand";

pub(crate) fn works(pki: &Arc<Pki>) -> Works {
    let work = |kind| -> Arc<dyn Work> { Arc::new(Doing { pki: Arc::clone(pki), kind }) };
    [(ISSUE, work(Kind::Issue)), (CERTIFY, work(Kind::Certify)), (DEMAND, work(Kind::Demand))]
        .into_iter()
        .collect()
}

#[derive(Clone, Copy)]
enum Kind {
    Issue,
    Certify,
    Demand,
}

struct Doing {
    pki: Arc<Pki>,
    kind: Kind,
}

impl Work for Doing {
    fn work(&self, job: Job) -> Working<'_> {
        match self.kind {
            Kind::Issue => Box::pin(self.pki.issue_on(job.payload)),
            Kind::Certify => Box::pin(async move { self.pki.certify(&text(job.payload)?).await }),
            Kind::Demand => Box::pin(async move {
                let id = job.payload.try_into();
                self.pki.carry_on(id.map_err(|_| "not an id".to_owned())?).await
            }),
        }
    }

    /// For a day at five minutes each: what was accepted is not given up lightly.
    fn tries(&self) -> u32 {
        300
    }
}

fn text(payload: Vec<u8>) -> Result<String, String> {
    String::from_utf8(payload).map_err(|_| "not text".to_owned())
}

impl Pki {
    async fn issue_on(&self, payload: Vec<u8>) -> Result<(), String> {
        let row = self.application(&text(payload)?).await.map_err(|why| why.to_string())?;
        if row.state != State::Issuing {
            return Ok(());
        }
        self.issue(row).await.map(drop).map_err(|why| why.to_string())
    }
}
