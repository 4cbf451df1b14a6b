//! The holder's will about certificates, and an officer's about a person's means.

use base::{Digest, Id, PersonId, Time};
use serde::{Deserialize, Serialize};

use crate::Device;

/// What `sam` states about the holder's will: the proof that `ca-signer` takes for a suspension
/// or revocation that no officer approved (PROTOCOLS §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderStatement {
    /// Its id, fresh.
    pub id: String,
    /// Whose will it is.
    pub person: PersonId,
    /// What is wanted.
    pub will: Will,
    /// The certificates that it is about.
    pub certificates: Vec<Certified>,
    /// When `sam` acted.
    pub time: Time,
}

/// What the holder wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Will {
    /// Suspend the certificates; a freeze is one too.
    Suspend,
    /// Revoke them.
    Revoke,
}

/// A certificate, named as its issuer names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certified {
    /// The issuing CA, by the SHA-256 of its `SubjectPublicKeyInfo`.
    pub issuer: Digest,
    /// The serial number, hexadecimal, lower case, no leading zeros.
    pub serial: String,
}

/// What `sam` states about a person's devices: whoever keeps them listed and tells the person
/// believes nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceStatement {
    /// Its id: that of the instruction's challenge, so that the same act is the same statement.
    pub id: String,
    /// Whose.
    pub person: PersonId,
    /// The device that willed it.
    pub by: Id<Device>,
    /// What happens.
    pub change: DeviceChange,
    /// When `sam` acted.
    pub time: Time,
}

/// What a device willed about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum DeviceChange {
    /// It vouched for a new phone.
    Vouched {
        /// From when on the new phone can be bound.
        from: Time,
        /// Until when.
        until: Time,
    },
    /// It vouched for new PINs of another device.
    PinsVouched {
        /// Which.
        device: Id<Device>,
        /// From when on they can be set.
        from: Time,
        /// Until when.
        until: Time,
    },
    /// It ended a device.
    Ended {
        /// Which.
        device: Id<Device>,
    },
}

/// An officer's order about a person's means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeansOrder {
    /// Its id, fresh: spent once.
    pub id: String,
    /// The role and instance that takes it: `sam/1`.
    #[serde(rename = "for")]
    pub role: String,
    /// Until when it may be used.
    pub use_before: Time,
    /// Whose means.
    pub person: PersonId,
    /// What is ordered.
    pub order: Order,
}

/// What an officer orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "order")]
pub enum Order {
    /// Freeze everything.
    Freeze,
    /// End the freeze: only an officer can. Suspended certificates stay suspended until resumed.
    Unfreeze,
    /// End a device for ever.
    EndDevice {
        /// Which.
        device: Id<Device>,
    },
}
