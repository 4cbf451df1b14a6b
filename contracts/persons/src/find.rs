//! One person by code, and the person herself.

use std::collections::BTreeSet;

use base::{Date, Failure, Fault, Identifier};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::Group;

/// The person who holds a code, or held it before a voluntary change, correction or merge (R3).
///
/// Answer: [`Person`](crate::Person).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindPerson {
    /// The code.
    pub code: Identifier,
    /// What is asked for; at least one.
    pub groups: BTreeSet<Group>,
    /// The day for which; none: today.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::day::option")]
    pub on: Option<Date>,
}

/// The entry of the person on whose behalf the call is made, whole, protection aside.
///
/// Answer: [`Person`](crate::Person).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnEntry {
    /// Whether facts that hold no more are shown too.
    #[serde(default)]
    pub history: bool,
}

/// Why a person is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindRefusal {
    /// Nobody whom the asker may know of: unknown, former by adoption, or protected, all alike.
    #[error("no such person")]
    NotFound,
    /// The asker may not make such a call, for such a purpose, or see one of the groups.
    #[error("not permitted")]
    NotPermitted,
    /// The call makes no sense: no groups.
    #[error("nothing is asked for")]
    Nothing,
    /// No handle or record could be made, so nothing is shown.
    #[error("the look could not be recorded")]
    Unrecorded,
    /// The register cannot answer at the moment.
    #[error("the register cannot answer at the moment")]
    Unavailable,
}

impl Failure for FindRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::NotFound => Fault::Caller(404),
            Self::NotPermitted => Fault::Caller(403),
            Self::Nothing => Fault::Caller(422),
            Self::Unrecorded | Self::Unavailable => Fault::Later(5),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "person-not-found",
            Self::NotPermitted => "not-permitted",
            Self::Nothing => "nothing-asked",
            Self::Unrecorded => "look-unrecorded",
            Self::Unavailable => "register-unavailable",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "There is no such person, or you may not know of them.",
            Self::NotPermitted => "Your permission does not cover this call.",
            Self::Nothing => "At least one data group must be asked for.",
            Self::Unrecorded => "The look could not be recorded, so nothing is shown.",
            Self::Unavailable => "The register cannot answer at the moment.",
        }
    }
}

impl Operation for FindPerson {
    const NAME: &'static str = "persons/find";
    type Answer = crate::Person;
    type Refusal = FindRefusal;
}

impl Operation for OwnEntry {
    const NAME: &'static str = "persons/own-entry";
    type Answer = crate::Person;
    type Refusal = FindRefusal;
}
