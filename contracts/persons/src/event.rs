//! What others are told, each once and in order per person.

use base::{Identifier, PersonId};
use serde::{Deserialize, Serialize};

/// Something happened to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Whose.
    pub person: PersonId,
    /// The entry's revision that it belongs to: later ones are higher.
    pub revision: i64,
    /// What.
    #[serde(flatten)]
    pub what: EventKind,
    /// The officer's approval by which it came about, which receivers' roles check themselves;
    /// none where no officer approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum EventKind {
    /// A death was reported: freeze.
    DeathReported,
    /// A death was confirmed: revoke.
    DeathConfirmed,
    /// The death was none: issue anew.
    DeathAnnulled,
    /// The name on documents is another: certificates that state the old one end (R4).
    NameChanged,
    /// The code is another (R4).
    CodeChanged {
        /// The old one, where telling it is lawful: never after adoption (R3).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<Identifier>,
        /// The new one.
        new: Identifier,
    },
}

impl EventKind {
    /// The topic of the outbox row.
    #[must_use]
    pub fn topic(&self) -> &'static str {
        match self {
            Self::DeathReported => "persons.death-reported",
            Self::DeathConfirmed => "persons.death-confirmed",
            Self::DeathAnnulled => "persons.death-annulled",
            Self::NameChanged => "persons.name-changed",
            Self::CodeChanged { .. } => "persons.code-changed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_reads_back_and_says_no_old_code_where_there_is_none() {
        let event = Event {
            person: PersonId::from_bytes([7; 16]),
            revision: 3,
            what: EventKind::CodeChanged { old: None, new: "PNOXY-329912-00014".parse().unwrap() },
            approval: None,
        };
        let text = serde_json::to_string(&event).unwrap();
        assert!(text.contains(r#""event":"code-changed""#) && !text.contains("old"), "{text}");
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    }
}
