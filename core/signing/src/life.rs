//! The life of an activation: what one approval on the phone signs.

use base::Time;
use serde::{Deserialize, Serialize};

/// Where an activation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "life")]
pub enum Life {
    /// What is to be signed is fixed and stored; the phone may not have been asked.
    Prepared,
    /// The phone is asked.
    Asked,
    /// `sam` has signed; the signatures are stored.
    Activated,
    /// Each signature has its time-stamp.
    Stamped {
        /// The latest moment stamped: status must be as new (PROTOCOLS §8).
        at: Time,
    },
    /// The status of every certificate is stored.
    Evidenced,
    /// All is done; of a document of ours, the signed one is stored.
    Finished {
        /// The signed document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<String>,
    },
    /// The person refused.
    Refused {
        /// Whether it was reported as not theirs.
        reported: bool,
    },
    /// Nobody answered in time.
    Expired,
    /// Not signed, or not to be completed.
    Failed {
        /// Why: a stable word.
        why: String,
    },
}

/// What happens to an activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The identity platform has put it before the phone.
    Asked {
        /// Until when it can be answered.
        until: Time,
    },
    /// `sam` has signed; each signature was verified.
    Activated {
        /// In the order of the items.
        signatures: Vec<Vec<u8>>,
    },
    /// The last time-stamp is stored.
    Stamped {
        /// The latest moment stamped.
        at: Time,
    },
    /// The status of every certificate is known, as new as the last stamp.
    Evidenced {
        /// It, as JSON.
        status: Vec<u8>,
    },
    /// All is put together and was checked.
    Finished {
        /// The signed document, where it is ours.
        document: Option<String>,
    },
    /// The person refused.
    Refused {
        /// Whether it was reported as not theirs.
        reported: bool,
    },
    /// Nobody answered in time.
    Expired,
    /// It cannot go on.
    Failed {
        /// Why: a stable word.
        why: &'static str,
    },
}

/// An event that does not belong to where the activation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that does not follow from where the signing stands")]
pub struct OutOfOrder;

impl Life {
    /// Whether nothing can happen any more.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(
            self,
            Self::Finished { .. } | Self::Refused { .. } | Self::Expired | Self::Failed { .. }
        )
    }

    /// Whether the phone has yet to answer.
    #[must_use]
    pub fn waits_for_phone(&self) -> bool {
        matches!(self, Self::Prepared | Self::Asked)
    }
}

/// Where `life` stands after `event`.
///
/// # Errors
/// [`OutOfOrder`]: nothing changes.
pub fn step(life: &Life, event: &Event) -> Result<Life, OutOfOrder> {
    Ok(match (life, event) {
        (Life::Prepared, Event::Asked { .. }) => Life::Asked,
        (Life::Asked, Event::Activated { .. }) => Life::Activated,
        (Life::Activated, Event::Stamped { at }) => Life::Stamped { at: *at },
        (Life::Stamped { .. }, Event::Evidenced { .. }) => Life::Evidenced,
        (Life::Evidenced, Event::Finished { document }) => {
            Life::Finished { document: document.clone() }
        }
        (Life::Prepared | Life::Asked, Event::Refused { reported }) => {
            Life::Refused { reported: *reported }
        }
        (Life::Prepared | Life::Asked, Event::Expired) => Life::Expired,
        (life, Event::Failed { why }) if !life.has_ended() => {
            Life::Failed { why: (*why).to_owned() }
        }
        _ => return Err(OutOfOrder),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn good() -> [Event; 5] {
        [
            Event::Asked { until: Time::EPOCH },
            Event::Activated { signatures: vec![vec![1]] },
            Event::Stamped { at: Time::EPOCH },
            Event::Evidenced { status: vec![2] },
            Event::Finished { document: None },
        ]
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let others =
            [Event::Refused { reported: true }, Event::Expired, Event::Failed { why: "blocked" }];
        prop::sample::select(good().into_iter().chain(others).collect::<Vec<_>>())
    }

    #[test]
    fn each_step_follows_the_one_before_and_no_other() {
        let mut life = Life::Prepared;
        for (place, event) in good().iter().enumerate() {
            for (other, wrong) in good().iter().enumerate() {
                assert_eq!(step(&life, wrong).is_ok(), other == place, "{life:?} {wrong:?}");
            }
            life = step(&life, event).unwrap();
        }
        assert_eq!(life, Life::Finished { document: None });
    }

    #[test]
    fn what_was_signed_can_no_longer_be_refused_or_expire() {
        for life in [Life::Activated, Life::Stamped { at: Time::EPOCH }, Life::Evidenced] {
            assert_eq!(step(&life, &Event::Refused { reported: false }), Err(OutOfOrder));
            assert_eq!(step(&life, &Event::Expired), Err(OutOfOrder));
        }
    }

    proptest! {
        #[test]
        fn an_end_is_final(events in prop::collection::vec(any_event(), 0..20)) {
            let mut life = Life::Prepared;
            for event in events {
                let next = step(&life, &event);
                prop_assert!(!life.has_ended() || next == Err(OutOfOrder));
                life = next.unwrap_or(life);
                let text = serde_json::to_string(&life).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Life>(&text).unwrap(), &life);
            }
        }
    }
}
