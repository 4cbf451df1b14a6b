//! The two lives of a certificate: how it comes to be signed, and its status afterwards.
//!
//! ```text
//! drawn ──lint passed──► linted ──signature──► signed      good ⇄ suspended
//!   └────lint found────► refused                              └─► revoked ◄─┘
//! ```

use base::Time;
use pki_contract::{ChangeOfStatus, Status};

/// How far a certificate has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issuing {
    /// Approval spent, serial number and bytes stored.
    Drawn,
    /// The lint found nothing wrong.
    Linted,
    /// The signature is stored.
    Signed,
    /// The lint found something: nothing is ever signed.
    Refused,
    /// Another system's certificate, loaded for its serial number and key (R8, R10).
    Imported,
}

/// What moves it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The lint found nothing.
    Passed,
    /// The lint found something.
    Found,
    /// The signature was stored.
    Signature,
}

/// The input does not fit the state, or a revocation would be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the step is not possible from this state")]
pub(crate) struct StepError;

impl Issuing {
    /// The whole law of issuing.
    pub(crate) fn step(self, input: Input) -> Result<Self, StepError> {
        match (self, input) {
            (Self::Drawn, Input::Passed) => Ok(Self::Linted),
            (Self::Drawn, Input::Found) => Ok(Self::Refused),
            (Self::Linted, Input::Signature) => Ok(Self::Signed),
            _ => Err(StepError),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Linted => "linted",
            Self::Signed => "signed",
            Self::Refused => "refused",
            Self::Imported => "imported",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Drawn, Self::Linted, Self::Signed, Self::Refused, Self::Imported]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// The whole law of status (R31): revocation is final, suspension may end; a change that brings
/// nothing leaves the status, with its date, as it is.
pub(crate) fn step(status: Status, change: ChangeOfStatus, now: Time) -> Result<Status, StepError> {
    match (status, change) {
        (Status::Good, ChangeOfStatus::Resume) => Ok(status),
        (Status::Suspended { .. }, ChangeOfStatus::Suspend) => Ok(status),
        (Status::Good, ChangeOfStatus::Suspend) => Ok(Status::Suspended { since: now }),
        (Status::Suspended { .. }, ChangeOfStatus::Resume) => Ok(Status::Good),
        (Status::Good | Status::Suspended { .. }, ChangeOfStatus::Revoke { reason }) => {
            Ok(Status::Revoked { since: now, reason })
        }
        (Status::Revoked { .. }, ChangeOfStatus::Revoke { .. }) => Ok(status),
        (Status::Revoked { .. }, _) => Err(StepError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki_contract::Reason;
    use proptest::prelude::*;

    fn change() -> impl Strategy<Value = ChangeOfStatus> {
        prop_oneof![
            Just(ChangeOfStatus::Suspend),
            Just(ChangeOfStatus::Resume),
            Just(ChangeOfStatus::Revoke { reason: Reason::KeyCompromise }),
            Just(ChangeOfStatus::Revoke { reason: Reason::Superseded }),
        ]
    }

    proptest! {
        #[test]
        fn what_was_revoked_stays_revoked_as_it_was(
            changes in proptest::collection::vec(change(), 0..20)
        ) {
            let mut status = Status::Good;
            for (second, change) in (1..).zip(changes) {
                let next = step(status, change, Time::from_seconds(second));
                if let Status::Revoked { .. } = status {
                    prop_assert_eq!(next.unwrap_or(status), status);
                }
                status = next.unwrap_or(status);
            }
        }
    }

    #[test]
    fn only_the_drawn_is_linted_and_only_the_linted_signed() {
        use Issuing::{Drawn, Imported, Linted, Refused, Signed};
        assert_eq!(Drawn.step(Input::Passed), Ok(Linted));
        assert_eq!(Linted.step(Input::Signature), Ok(Signed));
        assert_eq!(Drawn.step(Input::Found), Ok(Refused));
        for state in [Drawn, Signed, Refused, Imported] {
            assert!(state.step(Input::Signature).is_err(), "{state:?}");
            assert_eq!(Issuing::named(state.name()), Some(state));
        }
        for state in [Linted, Signed, Refused, Imported] {
            assert!(state.step(Input::Passed).is_err(), "{state:?}");
        }
    }
}
