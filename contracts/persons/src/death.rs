//! Death in two steps, and its annulment (R34).

use base::{Failure, Fault, PartialDate, PersonId};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::{FactId, Life, RecordRefusal, Source};

/// A death is reported: receivers freeze. Answer: [`LifeAnswer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDeath {
    /// Whose.
    pub person: PersonId,
    /// When, as far as known.
    pub date: PartialDate,
    /// The legal basis.
    pub basis: String,
    /// The document.
    pub source: Source,
}

/// A death is confirmed by an act's number: receivers revoke. Answer: [`LifeAnswer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmDeath {
    /// Whose.
    pub person: PersonId,
    /// When.
    pub date: PartialDate,
    /// The act's number, 1 to 64 bytes.
    pub act: String,
    /// The legal basis.
    pub basis: String,
    /// The document.
    pub source: Source,
}

/// A death that was none: the entry is restored, and receivers begin new issuance; what was
/// revoked stays so. Answer: [`LifeAnswer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnulDeath {
    /// Whose.
    pub person: PersonId,
    /// The legal basis.
    pub basis: String,
    /// The document, a court's decision or the corrected act.
    pub source: Source,
}

/// Where the person's life stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeAnswer {
    /// The entry's revision now.
    pub revision: i64,
    /// What is known.
    pub life: Life,
    /// The fact written.
    pub fact: FactId,
}

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeathRefusal {
    /// As for any fact.
    #[error(transparent)]
    Record(RecordRefusal),
    /// Not possible where the life stands: reported twice, confirmed unreported, annulled alive.
    #[error("not possible where the life stands")]
    Step,
}

impl Failure for DeathRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Record(record) => record.fault(),
            Self::Step => Fault::Caller(409),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Record(record) => record.kind(),
            Self::Step => "life-step",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Record(record) => record.title(),
            Self::Step => "This step is not possible where the person's life stands.",
        }
    }
}

impl Operation for ReportDeath {
    const NAME: &'static str = "persons/report-death";
    type Answer = LifeAnswer;
    type Refusal = DeathRefusal;
}

impl Operation for ConfirmDeath {
    const NAME: &'static str = "persons/confirm-death";
    type Answer = LifeAnswer;
    type Refusal = DeathRefusal;
}

impl Operation for AnnulDeath {
    const NAME: &'static str = "persons/annul-death";
    type Answer = LifeAnswer;
    type Refusal = DeathRefusal;
}
