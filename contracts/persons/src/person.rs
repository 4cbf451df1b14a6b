//! A person as a look shows them.

use base::{Date, Identifier, PartialDate, PersonId};
use serde::{Deserialize, Serialize};

use crate::{Fact, Life, NameForm, Value};

/// The facts of one person, in the groups asked for, as they are valid on a day.
///
/// What a group has no fact for is absent; what was not asked for is absent too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The opaque id (R1).
    pub id: PersonId,
    /// Rises by one with every change of the entry.
    pub revision: i64,
    /// The day for which the facts are shown.
    #[serde(with = "crate::day")]
    pub on: Date,
    /// The facts, oldest record first.
    pub facts: Vec<Fact>,
}

impl Person {
    /// The code held now.
    #[must_use]
    pub fn code(&self) -> Option<&Identifier> {
        self.now().find_map(|fact| match &fact.value {
            Value::Code { code, .. } => Some(code),
            _ => None,
        })
    }

    /// Given names and parts of the surname in a form.
    #[must_use]
    pub fn name(&self, form: NameForm) -> Option<(&[String], &[String])> {
        self.now().find_map(|fact| match &fact.value {
            Value::Name { form: own, given, surname } if *own == form => {
                Some((given.as_slice(), surname.as_slice()))
            }
            _ => None,
        })
    }

    /// The name on documents in one line; empty where names were not asked for.
    #[must_use]
    pub fn shown_name(&self) -> String {
        let (given, surname) = self.name(NameForm::National).unwrap_or_default();
        [given, surname].concat().join(" ")
    }

    /// The birth date.
    #[must_use]
    pub fn birth(&self) -> Option<PartialDate> {
        self.now().find_map(|fact| match fact.value {
            Value::Birth { date, .. } => Some(date),
            _ => None,
        })
    }

    /// The legal status's stable name.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.now().find_map(|fact| match &fact.value {
            Value::Status { status, .. } => Some(status.as_str()),
            _ => None,
        })
    }

    /// Whether a death is known. Says "alive" too where that was not asked for.
    #[must_use]
    pub fn life(&self) -> Life {
        let deaths = self.now().filter_map(|fact| match fact.value {
            Value::Death { state, .. } => Some(state),
            _ => None,
        });
        deaths.max().unwrap_or(Life::Alive)
    }

    /// The facts that hold on the day shown; the others are history.
    fn now(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|fact| {
            fact.from.is_none_or(|from| from.first_day() <= self.on)
                && fact.to.is_none_or(|to| self.on < to.first_day())
        })
    }
}
