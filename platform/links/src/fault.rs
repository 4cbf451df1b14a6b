//! What can go wrong with a call.

use base::{Failure, Fault, Problem};
use serde::{Deserialize, Serialize};

/// Why a caller has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFault<R> {
    /// The callee refuses; nothing was done.
    #[error("refused")]
    Refused(#[source] R),
    /// The callee was not reached; nothing was done.
    #[error("the other system was not reached")]
    Unreached,
    /// No answer came in time, or the way broke before it came: it may have been done. The same
    /// call with the same key tells.
    #[error("the other system did not answer in time")]
    Late,
    /// The callee answers with a problem that is no refusal of this operation.
    #[error("the other system answers with a problem: {}", .0.title)]
    Problem(Problem),
}

impl<R: Failure + 'static> Failure for CallFault<R> {
    fn fault(&self) -> Fault {
        match self {
            Self::Refused(refusal) => refusal.fault(),
            Self::Unreached | Self::Late | Self::Problem(_) => Fault::Elsewhere,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::Unreached => "system-unreached",
            Self::Late => "system-late",
            Self::Problem(_) => "system-problem",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.title(),
            Self::Unreached => "Another system cannot be reached.",
            Self::Late => "Another system did not answer in time.",
            Self::Problem(_) => "Another system did not accept the call.",
        }
    }
}

/// Why a door does not hand a call on, or has no answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorError {
    /// No system is named by the link.
    #[error("the link names no system")]
    Nobody,
    /// No such operation.
    #[error("no such operation")]
    NoSuchOperation,
    /// Not a POST.
    #[error("a call is a POST")]
    Method,
    /// Over [`crate::MAX_BODY`].
    #[error("the call is too long")]
    TooLong,
    /// Not a call, or not of this operation.
    #[error("not a call of this operation")]
    Malformed,
    /// The operation does not take that kind of proof.
    #[error("the operation does not take that kind of proof")]
    Kind,
    /// The proof does not hold.
    #[error("the proof does not hold")]
    Proof,
    /// The deadline is past.
    #[error("the deadline is past")]
    Late,
    /// Too many calls at once, or a proof that cannot be checked at the moment.
    #[error("busy")]
    Busy,
    /// The function that answers broke.
    #[error("the operation broke")]
    Broken,
}

/// By which a caller knows [`DoorError::Late`].
pub(crate) const LATE: &str = "urn:sakta:problem:call-late";

impl Failure for DoorError {
    fn fault(&self) -> Fault {
        match self {
            Self::Nobody | Self::Kind | Self::Proof => Fault::Caller(403),
            Self::NoSuchOperation => Fault::Caller(404),
            Self::Method => Fault::Caller(405),
            Self::TooLong => Fault::Caller(413),
            Self::Malformed => Fault::Caller(400),
            Self::Late => Fault::Caller(408),
            Self::Busy => Fault::Later(1),
            Self::Broken => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "call-from-nobody",
            Self::NoSuchOperation => "no-such-operation",
            Self::Method => "call-method",
            Self::TooLong => "call-too-long",
            Self::Malformed => "call-malformed",
            Self::Kind => "call-proof-kind",
            Self::Proof => "call-proof",
            Self::Late => "call-late",
            Self::Busy => "call-busy",
            Self::Broken => "call-broken",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Nobody => "Your certificate names no system.",
            Self::NoSuchOperation => "There is no such operation here.",
            Self::Method => "A call is made with POST.",
            Self::TooLong => "The call is longer than 1 MiB.",
            Self::Malformed => "The body is not a call of this operation.",
            Self::Kind => "This operation does not take that kind of proof.",
            Self::Proof => "The proof of on whose behalf you call does not hold.",
            Self::Late => "The call was not done before its deadline.",
            Self::Busy => "Too many calls at the moment.",
            Self::Broken => "Something broke here, and we are told.",
        }
    }
}

/// A problem document that can carry an operation's refusal.
#[derive(Serialize, Deserialize)]
pub(crate) struct WithRefusal<R> {
    #[serde(flatten)]
    pub(crate) problem: Problem,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<R>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_by_which_lateness_is_known_is_its_own() {
        assert_eq!(DoorError::Late.problem().kind, LATE);
    }
}
