//! What the process that holds the issuing keys is asked. It trusts nobody who asks: it checks
//! every approval by the officers' keys in its own store.

use base::{Bytes, Digest, Failure, Fault, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::{ChangeOfStatus, Status, Subject};

/// Issues the certificate of an approval. The same approval again: the same certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// An [`crate::approval::IssueApproval`], compact.
    pub approval: String,
    /// The key, SPKI.
    pub spki: Bytes,
    /// Proof of possession (as in [`crate::SubjectKey::Own`]) where the key exists outside `sam`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Bytes>,
    /// `sam`'s key statement, compact, where `sam` made the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// A certificate, signed and stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The certificate, DER.
    pub certificate: Bytes,
    /// The certificates above it, DER, the issuing one first, without the root.
    pub chain: Vec<Bytes>,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// The issuing CA, by the SHA-256 of its SPKI.
    pub issuer: Digest,
}

impl Operation for Issue {
    const NAME: &'static str = "ca-signer/issue";
    type Answer = Issued;
    type Refusal = SignerRefusal;
}

/// Issues a machine's certificate under a standing approval, which its store holds, to the system
/// that the approval names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueInfrastructure {
    /// The standing approval's id.
    pub standing: String,
    /// Whom the certificate names: as the standing approval says.
    pub subject: Subject,
    /// The key, SPKI.
    pub spki: Bytes,
    /// Proof of possession.
    pub proof: Bytes,
}

impl Operation for IssueInfrastructure {
    const NAME: &'static str = "ca-signer/issue-infrastructure";
    type Answer = Issued;
    type Refusal = SignerRefusal;
}

/// Changes a certificate's status. The same proof again: the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeStatus {
    /// The issuing CA, by the SHA-256 of its SPKI.
    pub issuer: Digest,
    /// The serial number.
    pub serial: String,
    /// The change.
    pub change: ChangeOfStatus,
    /// The proof, compact: an officer's approval, or `sam`'s statement of the holder's will.
    pub proof: String,
}

/// The status that holds now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChanged {
    /// The status.
    pub status: Status,
}

impl Operation for ChangeStatus {
    const NAME: &'static str = "ca-signer/change-status";
    type Answer = StatusChanged;
    type Refusal = SignerRefusal;
}

/// The newest revocation list of a CA. It is made anew when a status changed or a day has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentList {
    /// The CA, by the SHA-256 of its SPKI.
    pub issuer: Digest,
}

/// A revocation list, DER, and until when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedList {
    /// The list.
    pub list: Bytes,
    /// Its `nextUpdate`.
    pub until: Time,
}

impl Operation for CurrentList {
    const NAME: &'static str = "ca-signer/current-list";
    type Answer = SignedList;
    type Refusal = SignerRefusal;
}

/// Enters a standing approval: the same payload signed by two officers, who are two persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterStanding {
    /// Two [`crate::approval::StandingApproval`]s, compact, of one payload.
    pub approvals: [String; 2],
}

/// A standing approval that holds from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// Its id.
    pub standing: String,
}

impl Operation for EnterStanding {
    const NAME: &'static str = "ca-signer/enter-standing";
    type Answer = Entered;
    type Refusal = SignerRefusal;
}

/// Changes whose approvals count: the same payload signed by two security officers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOfficers {
    /// Two [`crate::approval::OfficersChange`]s, compact, of one payload.
    pub approvals: [String; 2],
}

/// A change of officers that holds from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficersChanged {
    /// The id of the approval.
    pub approval: String,
}

impl Operation for ChangeOfficers {
    const NAME: &'static str = "ca-signer/change-officers";
    type Answer = OfficersChanged;
    type Refusal = SignerRefusal;
}

/// Why the key process signs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum SignerRefusal {
    /// The approval, statement or proof does not hold, or says something else.
    #[error("approval does not hold")]
    Approval,
    /// The approval was spent for another key.
    #[error("approval spent")]
    Spent,
    /// The key is weak or its possession not proved.
    #[error("key does not hold")]
    Key,
    /// The key has a certificate already (R10).
    #[error("key already certified")]
    KnownKey,
    /// The certificate would break its profile's rules; nothing was signed.
    #[error("lint refused it")]
    Lint,
    /// No such CA or certificate.
    #[error("not found")]
    Unknown,
    /// The status cannot change in that way.
    #[error("status cannot change so")]
    Status,
    /// The effect holds; its archive entry is not yet safe: ask again.
    #[error("being carried out")]
    BeingCarriedOut,
    /// The store does not answer.
    #[error("store failed")]
    Store,
}

impl Failure for SignerRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Approval | Self::Spent => Fault::Caller(403),
            Self::Key | Self::Lint => Fault::Caller(422),
            Self::KnownKey | Self::Status => Fault::Caller(409),
            Self::Unknown => Fault::Caller(404),
            Self::BeingCarriedOut => Fault::Later(1),
            Self::Store => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Approval => "approval-does-not-hold",
            Self::Spent => "approval-spent",
            Self::Key => "key-does-not-hold",
            Self::KnownKey => "key-already-certified",
            Self::Lint => "lint-refused",
            Self::Unknown => "not-found",
            Self::Status => "status-cannot-change",
            Self::BeingCarriedOut => "being-carried-out",
            Self::Store => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Approval => "The approval does not hold, or says something else.",
            Self::Spent => "The approval was spent for another key.",
            Self::Key => "The key is weak, or its possession is not proved.",
            Self::KnownKey => "This key already has a certificate.",
            Self::Lint => "The certificate would break the rules of its profile.",
            Self::Unknown => "There is no such issuer or certificate.",
            Self::Status => "The status cannot change in that way; revocation is final.",
            Self::BeingCarriedOut => "The effect holds and is being recorded; ask again.",
            Self::Store => "Something went wrong here; it has been recorded.",
        }
    }
}
