//! The lives that `sam` keeps. Each is one type, and its `step` is the whole law.

use std::time::Duration;

use base::Time;
use sam_contract::CredentialState;
use serde::{Deserialize, Serialize};

/// A step that a life does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Not from here.
    #[error("the state does not allow it")]
    Not,
    /// Not yet.
    #[error("wait until {0}")]
    Waits(Time),
    /// Not any more, until a new PIN is set.
    #[error("blocked")]
    Blocked,
}

/// An offer.
///
/// ```text
/// Open ─ Arrive ─► Arrived ─ Bind ─► Bound
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OfferLife {
    /// Its code is good.
    Open,
    /// A phone has spent the code.
    Arrived,
    /// The phone is the person's.
    Bound,
}

/// What happens to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfferInput {
    /// A phone brings the code.
    Arrive,
    /// An officer, or the instruction that made the offer, says that it is the right phone.
    Bind,
}

impl OfferLife {
    pub(crate) fn step(self, input: OfferInput) -> Result<Self, StepError> {
        match (self, input) {
            (Self::Open, OfferInput::Arrive) => Ok(Self::Arrived),
            (Self::Arrived, OfferInput::Bind) => Ok(Self::Bound),
            _ => Err(StepError::Not),
        }
    }
}

/// A device, from its binding on: `Active ─► Ended`, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceLife {
    /// It acts.
    Active,
    /// It acts no more.
    Ended,
}

impl DeviceLife {
    /// Ends it.
    pub(crate) fn end(self) -> Result<Self, StepError> {
        match self {
            Self::Active => Ok(Self::Ended),
            Self::Ended => Err(StepError::Not),
        }
    }
}

/// All means of a person: `Active ⇄ Frozen`. Freezing again changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MeansLife {
    /// They act.
    Active,
    /// Nothing acts until an officer unfreezes.
    Frozen,
}

/// One PIN of one device.
///
/// An attempt counts when it is begun; only a right PIN takes the count back, and a new PIN
/// begins anew.
/// Three tries, then one each after 60 s, 5 min, 1 h, then none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinLife {
    /// It may be tried.
    Open {
        /// Attempts since the last right one: 0 to 2.
        tries: u8,
    },
    /// It may be tried once, after a time.
    Waiting {
        /// Attempts since the last right one: 3 to 5.
        tries: u8,
        /// From when on.
        until: Time,
    },
    /// It may not be tried.
    Blocked,
}

/// What happens to a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinInput {
    /// An attempt begins.
    Try,
    /// An attempt was right.
    Right,
}

/// Tries before the first wait.
const FREE: u8 = 3;

const WAITS: [Duration; 3] =
    [Duration::from_secs(60), Duration::from_mins(5), Duration::from_hours(1)];

impl PinLife {
    /// The state after `tries` attempts, the last of which was begun at `last`.
    pub(crate) fn of(tries: u8, last: Time) -> Self {
        if tries < FREE {
            return Self::Open { tries };
        }
        match WAITS.get(usize::from(tries - FREE)) {
            Some(wait) => Self::Waiting { tries, until: last.plus(*wait) },
            None => Self::Blocked,
        }
    }

    /// The attempts that it counts.
    pub(crate) fn tries(self) -> u8 {
        match self {
            Self::Open { tries } | Self::Waiting { tries, .. } => tries,
            Self::Blocked => FREE + 3,
        }
    }

    /// Attempts left before the first wait.
    pub(crate) fn left(self) -> u8 {
        FREE.saturating_sub(self.tries())
    }

    pub(crate) fn step(self, input: PinInput, now: Time) -> Result<Self, StepError> {
        match (self, input) {
            (_, PinInput::Right) => Ok(Self::Open { tries: 0 }),
            (Self::Open { tries }, PinInput::Try) => Ok(Self::of(tries + 1, now)),
            (Self::Waiting { tries, until }, PinInput::Try) if until <= now => {
                Ok(Self::of(tries + 1, now))
            }
            (Self::Waiting { until, .. }, PinInput::Try) => Err(StepError::Waits(until)),
            (Self::Blocked, PinInput::Try) => Err(StepError::Blocked),
        }
    }
}

/// What happens to a person's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyInput {
    /// Its certificate arrives.
    Certify,
    /// Its certificate is suspended.
    Suspend,
    /// The suspension ends.
    Resume,
    /// Its certificate is revoked: final (R31).
    Revoke,
    /// All who act on a revocation have answered.
    Destroy,
}

/// The step of a person's key. What is so already is so again.
///
/// ```text
/// Made ─ Certify ─► Active ⇄ Suspended
///                      └─ Revoke ─┴──► Revoked ─ Destroy ─► Destroyed
/// ```
pub(crate) fn key_step(
    state: CredentialState,
    input: KeyInput,
) -> Result<CredentialState, StepError> {
    use CredentialState as S;
    match (state, input) {
        (S::Made | S::Active, KeyInput::Certify) => Ok(S::Active),
        (S::Active | S::Suspended, KeyInput::Suspend) => Ok(S::Suspended),
        (S::Active | S::Suspended, KeyInput::Resume) => Ok(S::Active),
        (S::Active | S::Suspended | S::Revoked, KeyInput::Revoke) => Ok(S::Revoked),
        (S::Revoked | S::Destroyed, KeyInput::Destroy) => Ok(S::Destroyed),
        (S::Destroyed, KeyInput::Revoke) => Ok(S::Destroyed),
        _ => Err(StepError::Not),
    }
}

/// A spent challenge.
///
/// ```text
/// Tried ─ Judge ─► Wrong
///    └───────────► Activated ─ Act ─► Done
///                      └────────────► Refused
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActivationLife {
    /// The attempt is counted.
    Tried,
    /// The PIN was wrong.
    Wrong,
    /// The PIN was right; the act is still to be done.
    Activated,
    /// It is done.
    Done,
    /// The state had changed before it was done.
    Refused,
}

/// What happens to a spent challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActivationInput {
    /// The PIN's signature is checked.
    Judge {
        /// Whether it holds.
        right: bool,
    },
    /// The act is done, or refused.
    Act {
        /// Whether it is done.
        done: bool,
    },
}

impl ActivationLife {
    pub(crate) fn step(self, input: ActivationInput) -> Result<Self, StepError> {
        match (self, input) {
            (Self::Tried, ActivationInput::Judge { right: false }) => Ok(Self::Wrong),
            (Self::Tried, ActivationInput::Judge { right: true }) => Ok(Self::Activated),
            (Self::Activated, ActivationInput::Act { done: true }) => Ok(Self::Done),
            (Self::Activated, ActivationInput::Act { done: false }) => Ok(Self::Refused),
            _ => Err(StepError::Not),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Time {
        Time::from_seconds(seconds)
    }

    #[test]
    fn three_tries_then_a_minute_five_minutes_an_hour_then_none() {
        let mut pin = PinLife::of(0, at(0));
        let mut now = 1_000;
        for left in [2, 1, 0] {
            pin = pin.step(PinInput::Try, at(now)).unwrap();
            assert_eq!(pin.left(), left);
        }
        for wait in [60, 300, 3600] {
            assert_eq!(
                pin.step(PinInput::Try, at(now + wait - 1)),
                Err(StepError::Waits(at(now + wait)))
            );
            now += wait;
            pin = pin.step(PinInput::Try, at(now)).unwrap();
        }
        assert_eq!(pin, PinLife::Blocked);
        assert_eq!(pin.step(PinInput::Try, at(i64::MAX / 2_000_000)), Err(StepError::Blocked));
    }

    #[test]
    fn revocation_is_final() {
        use CredentialState as S;
        for input in [KeyInput::Certify, KeyInput::Suspend, KeyInput::Resume] {
            for state in [S::Revoked, S::Destroyed] {
                assert_eq!(key_step(state, input), Err(StepError::Not));
            }
        }
        assert_eq!(key_step(S::Active, KeyInput::Destroy), Err(StepError::Not));
    }

    proptest! {
        #[test]
        fn a_pin_is_never_open_again_without_a_right_or_a_new_one(
            gaps in proptest::collection::vec(0..10_000_i64, 0..40)
        ) {
            let (mut pin, mut now, mut begun) = (PinLife::of(0, at(0)), 0, 0);
            for gap in gaps {
                now += gap;
                if let Ok(next) = pin.step(PinInput::Try, at(now)) {
                    begun += 1;
                    prop_assert!(next.tries() > pin.tries());
                    pin = next;
                }
            }
            prop_assert!(begun <= 6);
        }

        #[test]
        fn what_is_stored_of_a_pin_is_its_state(tries in 0..=6_u8, seconds in 0..1_000_000_i64) {
            let pin = PinLife::of(tries, at(seconds));
            prop_assert_eq!(pin.tries(), tries);
        }
    }

    #[test]
    fn what_came_of_a_challenge_never_changes() {
        for state in [ActivationLife::Wrong, ActivationLife::Done, ActivationLife::Refused] {
            for flag in [true, false] {
                assert!(state.step(ActivationInput::Judge { right: flag }).is_err());
                assert!(state.step(ActivationInput::Act { done: flag }).is_err());
            }
        }
    }
}
