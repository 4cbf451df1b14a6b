//! What a person tells `sam` to do.

use base::{ActingFor, Digest, Id, Locale, PersonId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What `sam` is told to do, and which PIN it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Log in: a [`crate::Statement`] for one client. PIN1.
    Login,
    /// Sign what `items` names. PIN2.
    Sign,
    /// Make a signing key for an approved certificate. PIN2. One item, whose label is the
    /// approval's id and whose media type is the key's algorithm: empty for P-256, else `p384`
    /// or `rsa3072`.
    MakeKey,
    /// Enrol another device. PIN2. One item: the digest is the thumbprint of its keys, the label
    /// the SHA-256 of the 16-byte code that it will show, hexadecimal.
    EnrolDevice,
    /// Set new PINs of another device of one's own. PIN2. One item, as for enrolling, whose media
    /// type is that device's id.
    SetPin,
    /// End a device of one's own. PIN2. One item, whose label is the device's id.
    EndDevice,
    /// Suspend one's certificate. PIN2. The credential, and one item: the digest is that of the
    /// certificate.
    Suspend,
    /// Revoke one's certificate. PIN2. As for suspending.
    Revoke,
    /// Freeze everything. No PIN: the device key is enough. No items.
    Freeze,
}

/// Which of the two PIN keys signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pin {
    /// For logging in.
    Pin1,
    /// For what binds.
    Pin2,
}

impl Op {
    /// The PIN that signs it; none for freezing.
    #[must_use]
    pub fn pin(self) -> Option<Pin> {
        match self {
            Self::Login => Some(Pin::Pin1),
            Self::Freeze => None,
            Self::Sign
            | Self::MakeKey
            | Self::EnrolDevice
            | Self::SetPin
            | Self::EndDevice
            | Self::Suspend
            | Self::Revoke => Some(Pin::Pin2),
        }
    }
}

/// What a person tells `sam`. The whole of it is kept as the record of what was shown (R26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Version of this form: 1.
    pub v: u8,
    /// What to do.
    pub op: Op,
    /// Whose will it is.
    pub person: PersonId,
    /// The device that asks.
    pub device: Id<Device>,
    /// The key to use, where the operation uses one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Id<Credential>>,
    /// The client that asked, by its registered id.
    pub client: String,
    /// What for, as the phone showed it.
    pub purpose: String,
    /// For whom the person acts (R37).
    pub acting_for: ActingFor,
    /// SHA-256 of the request's bytes as the phone received and showed them.
    pub request: Digest,
    /// What is acted on: documents, keys, certificates. At most 1,000.
    pub items: Vec<Item>,
    /// How many items: the number that the phone showed.
    pub count: u32,
    /// The language in which it was shown.
    pub language: Locale,
    /// The app that showed it.
    pub app_version: String,
    /// The two-digit code that the person chose, where there was a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_number: Option<u8>,
    /// `sam`'s challenge for this device and operation, as `sam` gave it.
    pub challenge: String,
}

/// Marker of a device's id.
#[derive(Debug)]
pub enum Device {}

/// Marker of a credential's id: a key of a person in `sam`.
#[derive(Debug)]
pub enum Credential {}

/// One thing acted on, as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What it is called: a file's name, a certificate's serial. Up to 255 bytes.
    pub label: String,
    /// Its media type, empty where it has none.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of the whole document.
    pub document_digest: Digest,
    /// What the key signs: only this is ever signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtbs: Option<ToBeSigned>,
}

/// A digest to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToBeSigned {
    /// `sha-256` or `sha-384`.
    pub alg: String,
    /// The digest, 32 or 48 bytes.
    pub digest: base::Bytes,
}

/// The four digits that page, phone, command line and `sam` each compute and none carries.
///
/// The last two bytes of SHA-256 over all digests to be signed, modulo 10,000. It tells requests
/// apart; it does not stop a forger.
#[must_use]
pub fn control_code<'a>(dtbs: impl IntoIterator<Item = &'a [u8]>) -> u16 {
    let mut hash = Sha256::new();
    for digest in dtbs {
        hash.update(digest);
    }
    let [.., high, low] = <[u8; 32]>::from(hash.finalize());
    u16::from_be_bytes([high, low]) % 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_code_is_the_last_two_bytes_of_the_digest() {
        // SHA-256("abc") ends in 15ad.
        assert_eq!(control_code([b"a".as_slice(), b"bc"]), 0x15ad);
    }

    #[test]
    fn an_instruction_with_an_unknown_member_is_refused() {
        let text = r#"{"label":"a","media_type":"","size":1,"document_digest":"","x":1}"#;
        assert!(serde_json::from_str::<Item>(text).is_err());
    }
}
