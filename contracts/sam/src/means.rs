//! What the web carries between phones and `sam`.

use activation_contract::{Credential, Device, Op, Proof};
use base::{Bytes, Digest, Id, PersonId, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::SamRefusal;

/// Which keys are encrypted to, and which sign answers?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysOf {}

/// `sam`'s keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// [`activation_contract::SamKeys`] under the root key, compact: see [`crate::read_keys`].
    pub keys: String,
}

impl Operation for KeysOf {
    const NAME: &'static str = "sam/keys";
    type Answer = Keys;
    type Refusal = SamRefusal;
}

/// A phone enrols: its keys, signed by all three, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    /// A compact JWE of type [`activation_contract::typ::SEALED`].
    pub sealed: String,
}

/// What `sam` says to a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// An [`activation_contract::EnrolAnswer`] or [`activation_contract::Answer`] under the
    /// answer key, compact, of type [`activation_contract::typ::ANSWER`].
    pub answer: String,
}

impl Operation for Enrol {
    const NAME: &'static str = "sam/enrol";
    type Answer = Answered;
    type Refusal = SamRefusal;
}

/// A challenge for one operation of one device. Nothing is stored; whether the device exists is
/// not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The device.
    pub device: Id<Device>,
    /// The operation.
    pub op: Op,
}

/// A challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenged {
    /// What the instruction carries.
    pub challenge: String,
    /// Until when it can be answered: five minutes.
    pub until: Time,
}

impl Operation for Challenge {
    const NAME: &'static str = "sam/challenge";
    type Answer = Challenged;
    type Refusal = SamRefusal;
}

/// A person's instruction, sealed. The same inner bytes are answered with the same outcome,
/// however old.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activate {
    /// A compact JWE of type [`activation_contract::typ::SEALED`].
    pub sealed: String,
}

impl Operation for Activate {
    const NAME: &'static str = "sam/activate";
    type Answer = Answered;
    type Refusal = SamRefusal;
}

/// Freezes everything of a person by the code of an enrolment sheet.
///
/// One rate for all, no counter per person. Whoever is asked for a person whom nobody knows asks
/// `sam` all the same, with a person of chance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreezeByCode {
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of the twelve digits.
    pub code: Digest,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// Whether the code fits: then everything is frozen.
    pub frozen: bool,
    /// [`activation_contract::HolderStatement`], compact, where certificates are to be suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

impl Operation for FreezeByCode {
    const NAME: &'static str = "sam/freeze-by-code";
    type Answer = Frozen;
    type Refusal = SamRefusal;
}

/// Which devices and keys has this person?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesOf {
    /// Who.
    pub person: PersonId,
}

/// Devices and keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// Devices, the newest first, ended ones too.
    pub devices: Vec<DeviceRow>,
    /// Keys, the newest first, destroyed ones too.
    pub credentials: Vec<CredentialRow>,
    /// Whether everything is frozen.
    pub frozen: bool,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Its id.
    pub device: Id<Device>,
    /// What the phone calls itself.
    pub label: String,
    /// Its key, SPKI: what the web checks the phone's words by.
    pub device_key: Bytes,
    /// How identity was proved when it was enrolled.
    pub proof: Proof,
    /// Since when.
    pub since: Time,
    /// Until when, if it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Time>,
}

/// A person's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRow {
    /// Its id.
    pub credential: Id<Credential>,
    /// The approval that it was made for.
    pub approval: String,
    /// The key, SPKI.
    pub spki: Bytes,
    /// Whether it signs.
    pub state: CredentialState,
    /// Its certificate, DER, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Bytes>,
}

/// The life of a person's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// It has no certificate yet.
    Made,
    /// It signs.
    Active,
    /// Its certificate is suspended.
    Suspended,
    /// Its certificate is revoked; the key is still there.
    Revoked,
    /// The key is gone.
    Destroyed,
}

impl Operation for DevicesOf {
    const NAME: &'static str = "sam/devices";
    type Answer = Devices;
    type Refusal = SamRefusal;
}
