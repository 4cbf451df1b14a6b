//! Handles: the one value in logs derived from a person's code (R1, PROTOCOLS §5).

use base::{Bytes, Failure, Fault, Identifier, PersonId};
use links::Operation;
use serde::{Deserialize, Serialize};

/// The public handle key of an epoch. Answer: [`PublishedHandleKey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandleKeys {
    /// The year.
    pub epoch: i16,
}

/// A handle key as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedHandleKey {
    /// The year.
    pub epoch: i16,
    /// DER SubjectPublicKeyInfo, RSA of 3072 bits.
    pub spki: Bytes,
    /// Its signatures over the eight fixed strings.
    pub fixed: Vec<Bytes>,
}

/// The handle of a person in the logs of the calling system's owner. Answer: [`HandleGrant`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantHandle {
    /// Whose.
    pub person: PersonId,
    /// The year.
    pub epoch: i16,
}

/// What proves a handle: a unique signature.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandleGrant {
    /// The code it is made of: the one known now; a technical one where there is none.
    pub code: Identifier,
    /// The signature, 384 bytes.
    pub proof: Bytes,
}

/// Says nothing: the handle can be computed from the proof.
impl std::fmt::Debug for HandleGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandleGrant").finish_non_exhaustive()
    }
}

/// Why there is no handle: the look that needs it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandleRefusal {
    /// Nobody with that id, or without any code.
    #[error("no such person")]
    NotFound,
    /// The asker is no system of a known owner.
    #[error("not permitted")]
    NotPermitted,
    /// No key for that epoch.
    #[error("no key of that epoch")]
    Epoch,
    /// The register cannot answer at the moment.
    #[error("the register cannot answer at the moment")]
    Unavailable,
}

impl Failure for HandleRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::NotFound | Self::Epoch => Fault::Caller(404),
            Self::NotPermitted => Fault::Caller(403),
            Self::Unavailable => Fault::Later(5),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "person-not-found",
            Self::NotPermitted => "not-permitted",
            Self::Epoch => "epoch-unknown",
            Self::Unavailable => "register-unavailable",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "There is no such person.",
            Self::NotPermitted => "Only systems of known owners get handles.",
            Self::Epoch => "There is no handle key for that year.",
            Self::Unavailable => "The register cannot answer at the moment.",
        }
    }
}

impl Operation for HandleKeys {
    const NAME: &'static str = "persons/handle-key";
    type Answer = PublishedHandleKey;
    type Refusal = HandleRefusal;
}

impl Operation for GrantHandle {
    const NAME: &'static str = "persons/grant-handle";
    type Answer = HandleGrant;
    type Refusal = HandleRefusal;
}
