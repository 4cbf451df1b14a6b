//! What the register's log has recorded about the person on whose behalf it is asked (R40).
//!
//! The answer's types say nothing that only this register has: the logs of other systems answer
//! with them too.

use base::{Date, Digest, Failure, Fault, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

/// The most entries of one answer: of more, the newest.
pub const MAX_LOOKS: usize = 500;

/// The most days of one question.
pub const MAX_LOOK_DAYS: u16 = 400;

/// The entries about the person who asks, by the days on which they were recorded.
///
/// Answer: [`LooksAnswer`]. Entries that the law keeps back for a time are not among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLooks {
    /// The first day.
    #[serde(with = "crate::day")]
    pub from: Date,
    /// The last day; from `from` at most [`MAX_LOOK_DAYS`].
    #[serde(with = "crate::day")]
    pub to: Date,
}

/// What a log has recorded about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LooksAnswer {
    /// The log: `<owner>/<part>`.
    pub log: String,
    /// All that was recorded up to then is in the tree.
    pub recorded_until: Time,
    /// The entries, the newest first, at most [`MAX_LOOKS`].
    pub rows: Vec<LookRow>,
    /// Whether there are more on these days than were answered.
    #[serde(default)]
    pub cut: bool,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookRow {
    /// The day of the record, by the country's calendar.
    #[serde(with = "crate::day")]
    pub day: Date,
    /// Its place in the log, from 0.
    pub position: u64,
    /// Its class of retention.
    pub class: String,
    /// What it says; none once its keys are deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<LookSaid>,
    /// The signed checkpoint that its proof leads to.
    pub checkpoint: LookCheckpoint,
}

/// What an entry says: the institution, never the official (R41).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookSaid {
    /// When.
    pub at: Time,
    /// The system that asked: `<owner>/<part>`.
    pub system: String,
    /// What was asked: an operation's name.
    pub operation: String,
    /// The institution that answers for it.
    pub institution: String,
    /// Whether the person did it herself, or one who acts for her.
    pub own: bool,
    /// What for, in the vocabulary of its callee.
    pub purpose: String,
    /// The act and clause.
    pub legal_basis: String,
    /// Which case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// What of hers: names of groups, never values.
    pub groups: Vec<String>,
    /// What came of it.
    pub result: LookResult,
}

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookResult {
    /// What was asked for was shown.
    Returned,
    /// Nothing was there.
    Empty,
    /// It was refused.
    Refused,
}

/// A signed checkpoint, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookCheckpoint {
    /// How many entries it covers.
    pub size: u64,
    /// The tree's root.
    pub root: Digest,
    /// When it was signed.
    pub at: Time,
}

/// The proof of one entry about the person who asks. Answer: [`LookProof`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLookProof {
    /// The entry's day.
    #[serde(with = "crate::day")]
    pub day: Date,
    /// The entry's place in the log.
    pub position: u64,
}

/// A proof that anybody can check without the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookProof {
    /// A `.tlog-proof` file. Spec: C2SP tlog-proof.
    pub text: String,
}

/// Why the log does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LooksRefusal {
    /// Only a person asks, for herself.
    #[error("not permitted")]
    NotPermitted,
    /// The last day is before the first, or there are too many.
    #[error("not such days")]
    Days,
    /// No such entry about the person who asks.
    #[error("no such entry")]
    NotFound,
    /// The log cannot be read at the moment.
    #[error("the log cannot be read at the moment")]
    Unavailable,
}

impl Failure for LooksRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::NotPermitted => Fault::Caller(403),
            Self::Days => Fault::Caller(422),
            Self::NotFound => Fault::Caller(404),
            Self::Unavailable => Fault::Later(5),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::NotPermitted => "not-permitted",
            Self::Days => "look-days",
            Self::NotFound => "look-not-found",
            Self::Unavailable => "log-unavailable",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::NotPermitted => "Only the person herself reads what is recorded about her.",
            Self::Days => "The days are in no order, or more than 400.",
            Self::NotFound => "There is no such entry about you.",
            Self::Unavailable => "The log cannot be read at the moment.",
        }
    }
}

impl Operation for OwnLooks {
    const NAME: &'static str = "persons/own-looks";
    type Answer = LooksAnswer;
    type Refusal = LooksRefusal;
}

impl Operation for OwnLookProof {
    const NAME: &'static str = "persons/own-look-proof";
    type Answer = LookProof;
    type Refusal = LooksRefusal;
}
