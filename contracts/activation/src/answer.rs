//! What `sam` says.

use base::{Bytes, Digest, Id, PersonId, Time};
use serde::{Deserialize, Serialize};

use crate::{Credential, Device};

/// `sam`'s answer to a phone, under its answer key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The device that it is for.
    pub device: Id<Device>,
    /// The request that it answers, by its digest.
    pub request: Digest,
    /// When `sam` gave it.
    pub at: Time,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It is done, and cannot be done again.
    Done {
        /// The signatures, in the order of the items; empty where nothing was signed. ECDSA as
        /// DER, RSA as it is.
        signatures: Vec<Bytes>,
        /// The certificate's key that signed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<Id<Credential>>,
        /// The statement for whoever asked: a login [`Statement`], a [`KeyStatement`],
        /// a [`crate::HolderStatement`] or a [`crate::DeviceStatement`], compact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        statement: Option<String>,
    },
    /// The effect holds, its archive entry is not yet safe: ask again.
    BeingCarriedOut,
    /// The PIN was wrong.
    WrongPin {
        /// How many tries are left before the first wait; 0: wait as `WaitUntil` will say.
        left: u8,
    },
    /// This PIN of this device waits after wrong tries.
    WaitUntil {
        /// Until when.
        until: Time,
    },
    /// This PIN of this device is blocked: an officer or another device sets a new one.
    Blocked,
    /// Nothing was changed.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// Why `sam` changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The envelope, the device's signature or the challenge does not hold. No more is said.
    Unreadable,
    /// The challenge was spent by other bytes.
    ChallengeSpent,
    /// The challenge is too old: ask for a new one.
    ChallengeOld,
    /// The device has ended or is not yet bound.
    DeviceNotActive,
    /// The person's means are frozen.
    Frozen,
    /// The key's certificate is suspended, revoked or ended.
    CredentialNotActive,
    /// The operation does not fit its items.
    Unfit,
}

/// What `sam` states about a login: evidence that another system checks (PROTOCOLS §4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Who logged in.
    pub person: PersonId,
    /// The client for which; another client refuses it.
    pub client: String,
    /// The request, by its digest.
    pub request: Digest,
    /// The two-digit code chosen, where there was a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_number: Option<u8>,
    /// The level reached: an `acr` value. That of a demo enrolment is a value of our own.
    pub level: String,
    /// When.
    pub time: Time,
    /// Until when it may be used: at most 30 minutes later.
    pub until: Time,
    /// The device that was used.
    pub device: Id<Device>,
}

/// What `sam` states about a key that it made for an approved certificate (PROTOCOLS §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyStatement {
    /// The approval that the key is for.
    pub approval: String,
    /// Whose key it is.
    pub person: PersonId,
    /// The key.
    pub credential: Id<Credential>,
    /// SHA-256 of the key's `SubjectPublicKeyInfo`.
    pub spki: Digest,
    /// The key itself, `SubjectPublicKeyInfo`: whoever carries the statement needs it.
    #[serde(default)]
    pub key: Bytes,
}
