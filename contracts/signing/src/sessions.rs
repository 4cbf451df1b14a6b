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

/// What has the person signed, or been asked to sign? The newest first, 100 at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Only what came before this session of an earlier answer; none: from the newest on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// What was asked and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signings {
    /// The newest first.
    pub signings: Vec<Signing>,
}

/// One approval: one document from the portal, up to 1,000 from a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// Its id.
    pub id: String,
    /// When it was asked.
    pub at: Time,
    /// Who asked, by its registered id.
    pub client: String,
    /// From where it was asked, in words.
    pub place: String,
    /// The serial number of the certificate, hexadecimal.
    pub serial: String,
    /// The four digits that were shown.
    pub control_code: u16,
    /// How many documents.
    pub count: u32,
    /// The first ten of them, as they were shown.
    pub shown: Vec<Shown>,
    /// What came of it; `signed` documents of programs are not here, so it says `elsewhere`.
    pub outcome: SigningOutcome,
}

/// A document as the phone showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its name.
    pub label: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of the whole document.
    pub digest: base::Digest,
}

/// What came of an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum SigningOutcome {
    /// It waits for the phone, or for time-stamps and status.
    Open,
    /// Signed; the document is kept here.
    Signed {
        /// The signed document.
        document: String,
    },
    /// Signed; the documents are with the program that asked.
    Elsewhere,
    /// Refused.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// Not signed.
    NotSigned {
        /// Why: a stable word.
        why: String,
    },
}

impl Operation for History {
    const NAME: &'static str = "signing/history";
    type Answer = Signings;
    type Refusal = SigningRefusal;
}
