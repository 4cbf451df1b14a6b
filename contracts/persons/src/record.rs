//! Writing facts.

use base::{Failure, Fault, Id, PartialDate, PersonId};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::{Confidence, FactId, Kind, Source, Value};

/// A fact to be asserted. The writer comes from the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// What it says.
    pub value: Value,
    /// The first day on which it holds; none: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// The first day on which it holds no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartialDate>,
    /// The legal basis, 1 to 200 bytes.
    pub basis: String,
    /// The document.
    pub source: Source,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether somebody says it is wrong.
    #[serde(default)]
    pub disputed: bool,
    /// The fact that it stands in place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<FactId>,
}

/// One change of an entry: nothing is ever overwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Change {
    /// A fact is asserted.
    Assert(Assertion),
    /// A fact is taken back, as if it had never been said.
    Retract {
        /// Which.
        fact: FactId,
        /// On what legal basis.
        basis: String,
        /// The document.
        source: Source,
    },
}

/// A new entry. Death and protection are not part of it.
///
/// Answer: [`Entered`]. The id is drawn before, by the caller's `key` the same for a repetition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterPerson {
    /// 1 to 50 facts, a name among them.
    pub facts: Vec<Assertion>,
}

/// The new entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The person's id.
    pub person: PersonId,
    /// The facts' ids, in the order given.
    pub facts: Vec<FactId>,
}

/// Changes of one entry, all or none. Answer: [`Recorded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFacts {
    /// Whose.
    pub person: PersonId,
    /// The revision that the writer looked at; the entry must still be there.
    pub revision: i64,
    /// 1 to 50 changes.
    pub changes: Vec<Change>,
}

/// What became of the changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The entry's revision now.
    pub revision: i64,
    /// The id of each change in the order given; none where it became a case.
    pub facts: Vec<Option<FactId>>,
    /// Cases opened: a fact of another writer stands against the new one (R33).
    pub cases: Vec<CaseId>,
}

/// Marker of [`CaseId`].
#[derive(Debug)]
pub enum CaseMark {}

/// The id of a case that two writers must settle.
pub type CaseId = Id<CaseMark>;

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "refused", content = "of", rename_all = "kebab-case")]
pub enum RecordRefusal {
    /// Nobody with that id.
    #[error("no such person")]
    NotFound,
    /// The asker may not make such a call.
    #[error("not permitted")]
    NotPermitted,
    /// The writer is not competent for facts of this kind.
    #[error("the writer is not competent for {0:?}")]
    NotCompetent(Kind),
    /// The entry has changed since the writer looked.
    #[error("the entry has changed")]
    Changed,
    /// A value is not one: empty, too long, an unknown word, or an interval that ends before it
    /// begins.
    #[error("the {0:?} is not one")]
    Value(Kind),
    /// A fact of the same writer stands: name it in `supersedes` or end it.
    #[error("a {0:?} stands already")]
    Stands(Kind),
    /// The code is or was somebody's: codes are never given twice (R2).
    #[error("the code is taken")]
    CodeTaken,
    /// No such fact of this person stands.
    #[error("no such fact")]
    NoFact,
    /// No change, or more than 50.
    #[error("1 to 50 changes")]
    Count,
    /// The call's key was used for another call.
    #[error("the key was used for another call")]
    KeyReused,
    /// The change could not be recorded in the log.
    #[error("the change could not be recorded")]
    Unrecorded,
    /// The register cannot answer at the moment.
    #[error("the register cannot answer at the moment")]
    Unavailable,
}

impl Failure for RecordRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::NotFound => Fault::Caller(404),
            Self::NotPermitted | Self::NotCompetent(_) => Fault::Caller(403),
            Self::Changed | Self::Stands(_) | Self::CodeTaken | Self::KeyReused => {
                Fault::Caller(409)
            }
            Self::Value(_) | Self::NoFact | Self::Count => Fault::Caller(422),
            Self::Unrecorded | Self::Unavailable => Fault::Later(5),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "person-not-found",
            Self::NotPermitted => "not-permitted",
            Self::NotCompetent(_) => "writer-not-competent",
            Self::Changed => "entry-changed",
            Self::Value(_) => "fact-value",
            Self::Stands(_) => "fact-stands",
            Self::CodeTaken => "code-taken",
            Self::NoFact => "fact-not-found",
            Self::Count => "change-count",
            Self::KeyReused => "key-reused",
            Self::Unrecorded => "change-unrecorded",
            Self::Unavailable => "register-unavailable",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "There is no such person.",
            Self::NotPermitted => "Your permission does not cover this call.",
            Self::NotCompetent(_) => "This writer is not competent for this kind of fact.",
            Self::Changed => "The entry has changed since you looked: look again.",
            Self::Value(_) => "A value is not one of its kind.",
            Self::Stands(_) => "A fact stands already: supersede or end it.",
            Self::CodeTaken => "This code is or was somebody's.",
            Self::NoFact => "No such fact of this person stands.",
            Self::KeyReused => "The idempotency key was used for another call.",
            Self::Count => "A call carries 1 to 50 changes.",
            Self::Unrecorded => "The change could not be recorded in the log.",
            Self::Unavailable => "The register cannot answer at the moment.",
        }
    }
}

impl From<crate::FindRefusal> for RecordRefusal {
    fn from(refusal: crate::FindRefusal) -> Self {
        use crate::FindRefusal as Find;
        match refusal {
            Find::NotFound => Self::NotFound,
            Find::NotPermitted | Find::Nothing => Self::NotPermitted,
            Find::Unrecorded => Self::Unrecorded,
            Find::Unavailable => Self::Unavailable,
        }
    }
}

impl Operation for EnterPerson {
    const NAME: &'static str = "persons/enter";
    type Answer = Entered;
    type Refusal = RecordRefusal;
}

impl Operation for RecordFacts {
    const NAME: &'static str = "persons/record";
    type Answer = Recorded;
    type Refusal = RecordRefusal;
}
