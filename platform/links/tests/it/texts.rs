//! The operation and the verifier of these tests.

use std::sync::Arc;

use base::{Failure, Fault, PersonId, Time};
use jose::jwk::Jwk;
use links::{
    Asked, Doors, Kind, Officer, OnBehalf, Operation, Party, Pending, PersonProof, ProofError,
    Table, Verifier,
};
use serde::{Deserialize, Serialize};
use trial::FixedClock;

/// The length of a text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measure {
    pub(crate) text: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) length: usize,
    pub(crate) from: Party,
    pub(crate) scope: String,
    pub(crate) on_behalf: OnBehalf,
}

#[derive(Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MeasureRefusal {
    #[error("too long")]
    TooLong { most: usize },
}

impl Failure for MeasureRefusal {
    fn fault(&self) -> Fault {
        Fault::Caller(422)
    }
    fn kind(&self) -> &'static str {
        "text-too-long"
    }
    fn title(&self) -> &'static str {
        "The text is too long."
    }
}

impl Operation for Measure {
    const NAME: &'static str = "texts/measure";
    type Answer = Measured;
    type Refusal = MeasureRefusal;
}

/// For ever.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Wait {}

impl Operation for Wait {
    const NAME: &'static str = "texts/wait";
    type Answer = ();
    type Refusal = MeasureRefusal;
}

/// In no table.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hidden {}

impl Operation for Hidden {
    const NAME: &'static str = "texts/hidden";
    type Answer = ();
    type Refusal = MeasureRefusal;
}

pub(crate) const TABLE: Table = Table(&[
    ("texts/measure", &[Kind::Person, Kind::Officer, Kind::Permission]),
    ("texts/wait", &[Kind::System]),
]);

/// Knows one person's evidence, one permission of one bank, one officer.
pub(crate) struct Known {
    pub(crate) officer: Option<Jwk>,
    pub(crate) until: Time,
}

impl Verifier for Known {
    fn person<'a>(
        &'a self,
        from: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        let good = evidence == "anna" && from.part() == "portal";
        let (person, level) = (PersonId::from_bytes([7; 16]), "demo".to_owned());
        let proof = PersonProof { person, level, until: self.until };
        Box::pin(async move { good.then_some(proof).ok_or(ProofError::Refused) })
    }

    fn officer<'a>(&'a self, kid: &'a str) -> Pending<'a, Result<Officer, ProofError>> {
        Box::pin(async move {
            let key = self.officer.clone().filter(|key| key.kid.as_deref() == Some(kid));
            let key = key.ok_or(ProofError::Refused)?;
            Ok(Officer { id: "officer-1".to_owned(), key })
        })
    }

    fn permission<'a>(
        &'a self,
        from: &'a Party,
        number: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        let good = from.to_string() == "bank/core" && number == "LV-1";
        Box::pin(async move { good.then_some(()).ok_or(ProofError::Refused) })
    }

    fn system<'a>(
        &'a self,
        _: &'a Party,
        job: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        Box::pin(async move { if job == "later" { Err(ProofError::Unavailable) } else { Ok(()) } })
    }
}

pub(crate) fn party(text: &str) -> Party {
    text.parse().unwrap()
}

pub(crate) fn doors(clock: &FixedClock, known: Known) -> Doors {
    Doors::new(party("owner/texts"), Arc::new(clock.clone()), Arc::new(known))
        .taking(TABLE)
        .answer(measure)
        .answer(|_: Asked, _: Wait| std::future::pending())
        .answer(|_: Asked, _: Hidden| async { Ok(()) })
}

async fn measure(asked: Asked, measure: Measure) -> Result<Measured, MeasureRefusal> {
    assert_ne!(measure.text, "panic");
    if measure.text.len() > 9 {
        return Err(MeasureRefusal::TooLong { most: 9 });
    }
    let (length, scope) = (measure.text.len(), asked.scope());
    Ok(Measured { length, from: asked.from, scope, on_behalf: asked.on_behalf })
}
