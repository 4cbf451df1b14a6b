//! Signing sessions: prepare, activate, finish; resumable between each two steps.

use base::Time;
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::{Document, SigningRefusal};

/// Prepares a document and asks the person's phone. Answer: the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginSigning {
    /// The document.
    pub document: String,
    /// From where it is asked, in words.
    pub place: String,
}

/// A signing session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// What is signed.
    pub document: Document,
    /// The four digits that page and phone both show.
    pub control_code: u16,
    /// Until when the phone can answer.
    pub until: Time,
    /// Where it stands.
    pub state: SessionState,
}

impl Operation for BeginSigning {
    const NAME: &'static str = "signing/begin";
    type Answer = Session;
    type Refusal = SigningRefusal;
}

/// Where a session stands. "Signed" only when time-stamp and status are inside (R28).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum SessionState {
    /// The phone has not answered.
    WaitingForPhone,
    /// The signature is made; time-stamp or status is still missing and is asked for again.
    Completing,
    /// Signed: B-LT.
    Signed {
        /// The signed document.
        signed: Document,
    },
    /// The person refused.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// `sam` did not sign: blocked, frozen, certificate not active.
    NotSigned {
        /// Why: a stable word.
        why: String,
    },
}

/// Where does this session stand? Asking carries it on where it can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOf {
    /// The session.
    pub session: String,
}

impl Operation for SessionOf {
    const NAME: &'static str = "signing/session";
    type Answer = Session;
    type Refusal = SigningRefusal;
}
