//! What the portal itself refuses, and what it makes of a call that failed.

use base::{Failure, Fault};
use links::CallFault;
use web::Failed;

/// Why the portal does not do what a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PortalFault {
    /// The evidence of the session is not taken any more: sign in again.
    #[error("the session has ended")]
    SessionEnded,
    /// A sign-in that this browser did not begin, or long ago.
    #[error("not a request of this browser")]
    Stale,
    /// A system has too much to do.
    #[error("another system is busy")]
    Busy,
}

impl Failure for PortalFault {
    fn fault(&self) -> Fault {
        match self {
            Self::SessionEnded => Fault::Caller(401),
            Self::Stale => Fault::Caller(403),
            Self::Busy => Fault::Later(1),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::SessionEnded => "session-ended",
            Self::Stale => "stale-request",
            Self::Busy => "busy",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::SessionEnded => "The session has ended; sign in again.",
            Self::Stale => "This browser did not begin this request, or did so long ago.",
            Self::Busy => "Too much at once; try again in a second.",
        }
    }
}

/// The failure of a call. Evidence that is not taken means that the session is over.
pub(crate) fn failed<R: Failure + 'static>(fault: CallFault<R>) -> Failed {
    let ended = |kind: &str| kind.ends_with("call-proof");
    match &fault {
        CallFault::Problem(problem) if ended(&problem.kind) => PortalFault::SessionEnded.into(),
        CallFault::Problem(problem) if problem.status == 503 => PortalFault::Busy.into(),
        CallFault::Refused(refusal) if refusal.kind() == "evidence-does-not-hold" => {
            PortalFault::SessionEnded.into()
        }
        _ => fault.into(),
    }
}
