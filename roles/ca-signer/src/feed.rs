//! Telling each OCSP responder what there is: everything once, then numbered changes, and a tick
//! every second (PROTOCOLS §2).

use std::sync::Arc;
use std::time::Duration;

use base::{Bytes, Digest};
use links::{Call, CallFault, Link, OnBehalf};
use pki_contract::SignerRefusal;
use pki_contract::feed::{Entry, Feed, FeedRefusal};
use store::StoreError;
use tokio::task::JoinSet;

use crate::certificate::{self, Standing};
use crate::counter;
use crate::failed::Failed;
use crate::signer::CaSigner;

/// How often each responder hears.
const TICK: Duration = Duration::from_secs(1);

/// A responder and the authority whose certificates it answers for.
#[derive(Clone, Debug)]
pub struct Responder {
    /// The way to it.
    pub link: Link,
    /// The authority, by the SHA-256 of its SPKI.
    pub issuer: Digest,
}

impl CaSigner {
    /// Tells `responders` until `stop`.
    pub async fn run(
        self: Arc<Self>,
        responders: Vec<Responder>,
        stop: impl Future<Output = ()> + Send,
    ) {
        let mut telling = JoinSet::new();
        for responder in responders {
            telling.spawn(Arc::clone(&self).tell_on(responder));
        }
        stop.await;
        telling.shutdown().await;
    }

    async fn tell_on(self: Arc<Self>, responder: Responder) {
        let mut known = 0;
        loop {
            let next = self.now().plus(TICK);
            known = match self.tell(&responder, known).await {
                Ok(number) => number,
                Err(refusal) => {
                    tracing::warn!(%refusal, "a responder was not told");
                    known
                }
            };
            self.clock.until(next).await;
        }
    }

    /// Tells what is above `known`; how far the responder is then, 0 when it wants everything.
    pub(crate) async fn tell(
        &self,
        responder: &Responder,
        known: u64,
    ) -> Result<u64, SignerRefusal> {
        let authority = self.book.authorities.get(&responder.issuer);
        let issuer = Bytes(authority.ok_or(SignerRefusal::Unknown)?.certificate.der().to_vec());
        let (entries, to) = self.news(responder.issuer, known).await?;
        let feed = Feed { from: known, to, issuer, entries, at: self.now() };
        let job = OnBehalf::System { job: "feed".to_owned() };
        match responder.link.call(Call::new(feed, job, "status")).await {
            Ok(fed) if fed.restart => {
                self.above(fed.number).await?;
                Ok(0)
            }
            Ok(fed) => Ok(fed.number),
            Err(CallFault::Refused(FeedRefusal::Backwards { number })) => {
                tracing::warn!(number, "a responder knows more: this store was restored");
                self.above(number).await?;
                Ok(0)
            }
            Err(fault) => {
                tracing::debug!(%fault, "a responder does not hear");
                Ok(known)
            }
        }
    }

    async fn news(&self, issuer: Digest, known: u64) -> Result<(Vec<Entry>, u64), Failed> {
        let from = i64::try_from(known).unwrap_or(i64::MAX);
        let (changed, to) = self
            .store
            .read::<_, StoreError>("ca_signer.news", move |tx| {
                let to = counter::newest(tx, counter::CHANGE)?;
                Ok((certificate::changed(tx, issuer, (from, to))?, to))
            })
            .await?;
        let entry = |Standing { serial, status, .. }| Entry { serial, status };
        Ok((changed.into_iter().map(entry).collect(), u64::try_from(to).unwrap_or(0)))
    }

    /// Goes on above what a responder has heard, once, when the store was restored.
    async fn above(&self, number: u64) -> Result<(), Failed> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let raise = move |tx: &mut store::Tx| counter::raise(tx, counter::CHANGE, number);
        Ok(self.store.write::<_, StoreError>("ca_signer.above", raise).await?)
    }
}
