//! What desk and trust platform bring: each an officer's or the holder's own word.

use activation_contract::{Credential, Order};
use base::{Bytes, Digest, Id, Time};
use links::Operation;
use pki_contract::ChangeOfStatus;
use serde::{Deserialize, Serialize};

use crate::{Answered, CredentialState, SamRefusal};

/// Takes an officer's offer: only an offer makes a row. The same offer again: the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOffer {
    /// An [`activation_contract::Offer`], compact, of type [`activation_contract::typ::OFFER`].
    pub offer: String,
}

/// The offer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferTaken {
    /// Its id.
    pub offer: String,
    /// Until when its code is good.
    pub until: Time,
}

impl Operation for TakeOffer {
    const NAME: &'static str = "sam/offer";
    type Answer = OfferTaken;
    type Refusal = SamRefusal;
}

/// Has a phone answered this offer?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolledOf {
    /// The offer's id.
    pub offer: String,
}

/// What a phone answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// An [`activation_contract::EnrolAnswer`], compact, once a phone has used the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

impl Operation for EnrolledOf {
    const NAME: &'static str = "sam/enrolled";
    type Answer = Enrolled;
    type Refusal = SamRefusal;
}

/// Takes an officer's binding. The same again: the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// An [`activation_contract::Binding`], compact, of type
    /// [`activation_contract::typ::BINDING`].
    pub binding: String,
}

impl Operation for Bind {
    const NAME: &'static str = "sam/bind";
    type Answer = Answered;
    type Refusal = SamRefusal;
}

/// Carries out an officer's order about a person's means. The same again: the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderMeans {
    /// An [`activation_contract::MeansOrder`], compact, of type
    /// [`activation_contract::typ::MEANS`].
    pub order: String,
}

impl Operation for OrderMeans {
    const NAME: &'static str = "sam/means";
    /// What was ordered.
    type Answer = Order;
    type Refusal = SamRefusal;
}

/// Blocks, frees or destroys the key of a certificate. The same proof again: the same answer.
///
/// After a revocation, once all who act have answered, the same call with `destroy` ends the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeKeyStatus {
    /// The issuing CA, by the SHA-256 of its SPKI.
    pub issuer: Digest,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// The change.
    pub change: ChangeOfStatus,
    /// The proof, compact: an officer's [`pki_contract::approval::StatusApproval`] that names
    /// this role, or `sam`'s own [`activation_contract::HolderStatement`].
    pub proof: String,
    /// Whether the key is to be destroyed; only with a revocation.
    #[serde(default)]
    pub destroy: bool,
}

/// How the key stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyStatus {
    /// Its state.
    pub state: CredentialState,
}

impl Operation for ChangeKeyStatus {
    const NAME: &'static str = "sam/status";
    type Answer = KeyStatus;
    type Refusal = SamRefusal;
}

/// The certificate of a key that `sam` made: from now on the key signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certify {
    /// The key; its public half must be the certificate's.
    pub credential: Id<Credential>,
    /// The certificate and those above it, DER, without the root.
    pub chain: Vec<Bytes>,
}

impl Operation for Certify {
    const NAME: &'static str = "sam/certified";
    type Answer = KeyStatus;
    type Refusal = SamRefusal;
}
