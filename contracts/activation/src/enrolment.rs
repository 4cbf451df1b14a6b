//! How a phone becomes a person's means (PROTOCOLS §3, Enrolment).

use base::{Bytes, Digest, Id, PersonId, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Device, Item, Op};

/// How the person's identity was proved (R18; Regulation 910/2014 Art. 24(1a)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// (a) wallet or notified means at level high.
    NotifiedMeans,
    /// (b) a certificate of a qualified signature or seal.
    Certificate,
    /// (c) another certified method.
    CertifiedMethod,
    /// (d) in person.
    Presence,
    /// None of these: a demonstration, shown on every page, never upgraded in place.
    Demo,
}

/// An officer's offer: only an offer makes a row in `sam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Its id, fresh.
    pub id: String,
    /// The role and instance that takes it: `sam/1`.
    #[serde(rename = "for")]
    pub role: String,
    /// Who is enrolled.
    pub person: PersonId,
    /// The kind of means: `eparaksts-mobile`.
    pub means: String,
    /// How identity was proved.
    pub proof: Proof,
    /// SHA-256 of the 16-byte code in the QR.
    pub code: Digest,
    /// SHA-256 of the 12 digits of the freeze code on the enrolment sheet.
    pub freeze_code: Digest,
    /// Until when the code is good.
    pub until: Time,
}

/// What the desk's QR says to the phone: `sakta-enrol:` and this as base64url JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The 16-byte code.
    pub code: Bytes,
    /// SHA-256 of the SPKI of `sam`'s root key, which signs only [`SamKeys`].
    pub sam: Digest,
    /// The address that the phone speaks to.
    pub server: String,
}

/// `sam`'s keys under its root key ([`crate::typ::SAM_KEYS`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamKeys {
    /// The root key itself, SPKI: its digest is in the QR.
    pub root: Bytes,
    /// The key to encrypt to, SPKI (P-256).
    pub encryption: Bytes,
    /// The key that signs answers, SPKI (P-256).
    pub answers: Bytes,
    /// Until when.
    pub until: Time,
}

/// What the phone sends to `sam`, signed by each of its three keys, encrypted.
///
/// The envelope is a JWS by the device key over a JWS by the PIN2 key over a JWS by the PIN1 key,
/// each of `typ` [`crate::typ::ENROLMENT`]; this is the innermost payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The 16-byte code of the QR; its first use spends it.
    pub code: Bytes,
    /// The device's id, drawn by the phone: the PIN keys are derived with it.
    pub device: Id<Device>,
    /// The device key, SPKI (P-256).
    pub device_key: Bytes,
    /// The PIN1 key, SPKI (P-256).
    pub pin1_key: Bytes,
    /// The PIN2 key, SPKI (P-256).
    pub pin2_key: Bytes,
    /// What the phone calls itself. Up to 64 bytes.
    pub label: String,
}

impl Enrolment {
    /// What the thumbprint of the three keys is taken of: SHA-256 over this.
    #[must_use]
    pub fn keys(&self) -> [&[u8]; 3] {
        [&self.device_key.0, &self.pin1_key.0, &self.pin2_key.0]
    }

    /// SHA-256 over the three keys, each prefixed by its length (4 bytes, big-endian).
    #[must_use]
    pub fn thumbprint(&self) -> Digest {
        let mut hash = Sha256::new();
        for key in self.keys() {
            hash.update(u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes());
            hash.update(key);
        }
        Digest(hash.finalize().into())
    }
}

/// The eight decimal digits of a thumbprint that desk and phone show: its first four bytes,
/// big-endian, modulo 10⁸.
#[must_use]
pub fn shown_digits(thumbprint: &Digest) -> String {
    let [a, b, c, d, ..] = thumbprint.0;
    format!("{:08}", u32::from_be_bytes([a, b, c, d]) % 100_000_000)
}

/// What the desk's QR holds before the invitation.
pub const INVITATION: &str = "sakta-enrol:";

impl Invitation {
    /// The text of the QR: [`INVITATION`] and the invitation as base64url JSON.
    ///
    /// # Errors
    /// Those of JSON, for what cannot be written; nothing here is that.
    pub fn written(&self) -> serde_json::Result<String> {
        Ok(format!("{INVITATION}{}", Bytes(serde_json::to_vec(self)?)))
    }

    /// The invitation of a QR's text; none for other text or over 1 KiB.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix(INVITATION).filter(|body| body.len() <= 1024)?;
        let bytes: Bytes = body.parse().ok()?;
        let read: Self = serde_json::from_slice(&bytes.0).ok()?;
        (read.code.0.len() == 16).then_some(read)
    }
}

/// What a phone shows to another phone of the same person, which vouches for its keys.
///
/// Nothing in it is secret and nothing is believed: `sam` compares the thumbprint with the keys
/// that come, and the person compares its eight digits on both screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKeys {
    /// [`Op::EnrolDevice`]: a new phone; [`Op::SetPin`]: new PINs of a phone that is bound.
    pub op: Op,
    /// The phone.
    pub device: Id<Device>,
    /// [`Enrolment::thumbprint`] of its keys.
    pub thumbprint: Digest,
    /// SHA-256 of the 16-byte code with which it will come to `sam`.
    pub code: Digest,
    /// What it calls itself.
    pub label: String,
    /// SHA-256 of the SPKI of the root key of the `sam` that it believes.
    pub sam: Digest,
    /// The address that it speaks to.
    pub server: String,
}

/// What a phone's QR holds before its new keys.
pub const NEW_KEYS: &str = "sakta-keys:";

impl NewKeys {
    /// The text of the QR: [`NEW_KEYS`] and these as base64url JSON.
    ///
    /// # Errors
    /// Those of JSON, for what cannot be written; nothing here is that.
    pub fn written(&self) -> serde_json::Result<String> {
        Ok(format!("{NEW_KEYS}{}", Bytes(serde_json::to_vec(self)?)))
    }

    /// The new keys in a QR's text; none for other text, over 2 KiB, or for another operation.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix(NEW_KEYS).filter(|body| body.len() <= 2048)?;
        let bytes: Bytes = body.parse().ok()?;
        let read: Self = serde_json::from_slice(&bytes.0).ok()?;
        matches!(read.op, Op::EnrolDevice | Op::SetPin).then_some(read)
    }

    /// The one item of the instruction that vouches for them.
    #[must_use]
    pub fn item(&self) -> Item {
        let media_type = match self.op {
            Op::SetPin => self.device.to_string(),
            _ => String::new(),
        };
        Item {
            label: self.code.to_string(),
            media_type,
            size: 0,
            document_digest: self.thumbprint,
            dtbs: None,
        }
    }
}

/// `sam`'s answer to an enrolment, under its answer key: to the phone and to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The offer.
    pub offer: String,
    /// The device.
    pub device: Id<Device>,
    /// Whose it will be.
    pub person: PersonId,
    /// [`Enrolment::thumbprint`].
    pub thumbprint: Digest,
    /// The device key, SPKI: what the web checks the phone's words by.
    pub device_key: Bytes,
    /// Whether it is bound: by an officer, or because another phone vouched for it.
    pub bound: bool,
    /// From when on it will be bound, where another phone vouched for it and it has to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// What the phone calls itself.
    #[serde(default)]
    pub label: String,
    /// How identity was proved.
    #[serde(default = "demo")]
    pub proof: Proof,
}

/// The least that can be said of an enrolment.
fn demo() -> Proof {
    Proof::Demo
}

/// The officer's second signature: this phone is this person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// The offer.
    pub offer: String,
    /// The role and instance that takes it: `sam/1`.
    #[serde(rename = "for")]
    pub role: String,
    /// The full thumbprint; desk and phone showed its first 8 digits.
    pub thumbprint: Digest,
    /// Until when it may be used.
    pub use_before: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_the_first_four_bytes_modulo_a_hundred_million() {
        let mut digest = [0; 32];
        digest[..4].copy_from_slice(&[0x02, 0x7c, 0x6a, 0xa9]);
        assert_eq!(shown_digits(&Digest(digest)), "41708201");
        assert_eq!(shown_digits(&Digest([0; 32])), "00000000");
        assert_eq!(shown_digits(&Digest([0xff; 32])), "94967295");
    }

    #[test]
    fn an_invitation_is_read_back_and_other_text_is_none() {
        let (code, sam) = (Bytes(vec![7; 16]), Digest([1; 32]));
        let invitation = Invitation { code, sam, server: "http://id.localhost:8080".to_owned() };
        let text = invitation.written().unwrap();
        assert_eq!(Invitation::parse(&format!(" {text}\n")), Some(invitation));
        for other in ["", "sakta-enrol:", "sakta-enrol:e30", "http://x", text.split_at(40).0] {
            assert_eq!(Invitation::parse(other), None, "{other}");
        }
    }

    fn keys(op: Op) -> NewKeys {
        NewKeys {
            op,
            device: Id::from_bytes([7; 16]),
            thumbprint: Digest([1; 32]),
            code: Digest([2; 32]),
            label: "Jauns tālrunis".to_owned(),
            sam: Digest([3; 32]),
            server: "http://id.localhost:8080".to_owned(),
        }
    }

    #[test]
    fn new_keys_are_read_back_and_other_text_is_none() {
        for op in [Op::EnrolDevice, Op::SetPin] {
            let text = keys(op).written().unwrap();
            assert_eq!(NewKeys::parse(&format!("\n{text} ")), Some(keys(op)));
            assert_eq!(NewKeys::parse(text.split_at(60).0), None);
        }
        let more = Bytes(br#"{"op":"enrol_device","fee":1}"#.to_vec());
        for other in [
            keys(Op::Sign).written().unwrap(),
            format!("{NEW_KEYS}{more}"),
            NEW_KEYS.to_owned(),
            "sakta-enrol:e30".to_owned(),
            String::new(),
        ] {
            assert_eq!(NewKeys::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn the_item_names_the_phone_only_where_its_pins_are_set() {
        assert_eq!(keys(Op::EnrolDevice).item().media_type, "");
        let item = keys(Op::SetPin).item();
        assert_eq!(item.media_type, Id::<Device>::from_bytes([7; 16]).to_string());
        assert_eq!((item.label, item.document_digest), ("02".repeat(32), Digest([1; 32])));
    }
}
