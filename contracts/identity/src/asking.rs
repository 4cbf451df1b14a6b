//! Asking a person's phone: the one way to it, for login, signing and the holder's own acts.

use activation_contract::Outcome;
use base::{Bytes, PersonId, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::IdentityRefusal;

/// Puts a request before a person's devices. The call is on behalf of that person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Who is asked.
    pub person: PersonId,
    /// An [`activation_contract::Request`] as JSON bytes, of at most 256 KiB: the phone shows and
    /// hashes these very bytes.
    pub request: Bytes,
}

/// The request as it waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// By which [`AskedOf`] names it: the request's own id.
    pub request: String,
    /// Until when it can be answered.
    pub until: Time,
}

impl Operation for Ask {
    const NAME: &'static str = "identity/ask";
    type Answer = Asked;
    type Refusal = IdentityRefusal;
}

/// What has become of a request?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedOf {
    /// The request's id.
    pub request: String,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AskState {
    /// No phone has answered.
    Waiting,
    /// The phone answered and `sam` has said what came of it. A wrong PIN leaves it waiting.
    Answered {
        /// `sam`'s outcome.
        outcome: Outcome,
        /// `sam`'s whole answer, compact: the evidence.
        answer: String,
    },
    /// The person refused.
    Refused {
        /// Whether it was reported as not theirs.
        reported: bool,
    },
    /// Nobody answered in time.
    Expired,
}

impl Operation for AskedOf {
    const NAME: &'static str = "identity/asked";
    type Answer = AskState;
    type Refusal = IdentityRefusal;
}
