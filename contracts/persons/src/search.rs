//! Persons by name.

use std::collections::BTreeSet;

use base::{Date, Failure, Fault, PartialDate};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::{FindRefusal, Group, Kind, Person};

/// Persons whose name, present or former, folds to the same text (R13).
///
/// Answer: [`Search`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPersons {
    /// Given names and surname, joined in any way; at most 240 bytes.
    pub name: String,
    /// The birth date, compared where given; parts unknown on either side agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<PartialDate>,
    /// What is asked for of whoever is found; at least one.
    pub groups: BTreeSet<Group>,
    /// The day for which; none: today.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::day::option")]
    pub on: Option<Date>,
}

/// What a search found: never the best of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "kebab-case")]
pub enum Search {
    /// Exactly one, in everything that was given.
    Unequivocal {
        /// The person.
        person: Box<Person>,
    },
    /// Nobody whom the asker may know of.
    None,
    /// Several.
    Ambiguous {
        /// All of them, each recorded, at most [`MAX_HITS`](crate::MAX_HITS).
        hits: Vec<Person>,
    },
    /// The name is somebody's, but other things given are not theirs. Nobody is shown.
    Discrepant {
        /// What does not agree.
        fields: BTreeSet<Kind>,
    },
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchRefusal {
    /// As for one person; never [`FindRefusal::NotFound`].
    #[error(transparent)]
    Look(FindRefusal),
    /// Nothing in the name can be searched for, or it is too long.
    #[error("nothing to search for")]
    Name,
    /// More persons than a hit list shows.
    #[error("too many persons")]
    TooMany,
}

impl Failure for SearchRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Look(look) => look.fault(),
            Self::Name | Self::TooMany => Fault::Caller(422),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Look(look) => look.kind(),
            Self::Name => "search-empty",
            Self::TooMany => "search-too-wide",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Look(look) => look.title(),
            Self::Name => "The name holds nothing that can be searched for.",
            Self::TooMany => "Too many persons bear this name: add the date of birth.",
        }
    }
}

impl Operation for SearchPersons {
    const NAME: &'static str = "persons/search";
    type Answer = Search;
    type Refusal = SearchRefusal;
}
