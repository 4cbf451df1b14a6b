//! What phones say: nested signatures, read before anything is believed.

use activation_contract::{Enrolment, Instruction, Item, Op, typ};
use base::{Digest, Id};
use jose::jwk::{Jwk, Key};
use jose::jws::{Accept, Algorithm, Jws};
use jose::unbase64url;
use keys::{Suite, allowed};

use crate::row::digest;
use crate::vouch::Meant;

/// An instruction as it came out of its seal: nothing of it is proved yet.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// The compact token by the device.
    text: String,
    /// The compact token by the PIN; for freezing the device signs both.
    inner: String,
    /// What it says.
    pub(crate) instruction: Instruction,
}

/// No phone calls itself longer, in bytes.
const LABEL_MAX: usize = 64;

/// Items of one instruction at most.
pub(crate) const ITEMS_MAX: usize = 1000;

impl Words {
    /// Reads the words; none for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let inner = payload(text)?;
        let instruction = serde_json::from_slice(payload(&inner)?.as_bytes()).ok()?;
        Some(Self { text: text.to_owned(), inner, instruction })
    }

    /// Whether the key of `device` (SPKI) signed all of it.
    pub(crate) fn are_of(&self, device: &[u8]) -> bool {
        signed(&self.text, typ::ACTIVATION, device)
    }

    /// Whether `pin` (SPKI) signed the instruction.
    pub(crate) fn are_by(&self, pin: &[u8]) -> bool {
        signed(&self.inner, typ::INSTRUCTION, pin)
    }

    /// What tells the same words from others.
    pub(crate) fn digest(&self) -> Digest {
        digest(self.text.as_bytes())
    }

    /// The words as they came.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// An enrolment that each of its three keys has signed.
pub(crate) fn enrolment(text: &str) -> Option<Enrolment> {
    let by_pin2 = payload(text)?;
    let by_pin1 = payload(&by_pin2)?;
    let read: Enrolment = serde_json::from_str(&payload(&by_pin1)?).ok()?;
    let layers = [text, &by_pin2, &by_pin1];
    let [device, pin1, pin2] = read.keys();
    let all = layers.iter().zip([device, pin2, pin1]);
    let held = all.into_iter().all(|(text, key)| signed(text, typ::ENROLMENT, key));
    let distinct = device != pin1 && device != pin2 && pin1 != pin2;
    let label = !read.label.trim().is_empty() && read.label.len() <= LABEL_MAX;
    (held && distinct && label && read.code.0.len() == 16 && !read.label.contains('\0'))
        .then_some(read)
}

/// The payload of a compact token, unproved.
fn payload(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    String::from_utf8(unbase64url(payload)?).ok()
}

/// Whether the P-256 key `spki` signed `token`.
fn signed(token: &str, typ: &str, spki: &[u8]) -> bool {
    let Ok(key @ Key::P256(_)) = Key::from_spki(spki) else { return false };
    let read = Jws::parse(token, Accept::only(typ, &[Algorithm::Es256]));
    read.is_ok_and(|read| read.verify(&Jwk::from(key), allowed(Suite::House)).is_ok())
}

/// Whether an operation fits its items, as [`Op`] says of each.
pub(crate) fn fits(told: &Instruction) -> bool {
    let count = usize::try_from(told.count) == Ok(told.items.len());
    let sizes = told.items.len() <= ITEMS_MAX
        && told.items.iter().all(|item| item.label.len() <= 255 && item.media_type.len() <= 255);
    let text = [&told.client, &told.purpose, &told.app_version];
    let texts = text.iter().all(|text| text.len() <= 512) && !told.client.is_empty();
    told.v == 1 && count && sizes && texts && fits_op(told)
}

fn fits_op(told: &Instruction) -> bool {
    let signing = told.op == Op::Sign;
    let digests = told.items.iter().all(|item| item.dtbs.is_some() == signing);
    let items = match (told.op, told.items.as_slice()) {
        (Op::Login | Op::Freeze, items) => items.is_empty(),
        (Op::Sign, items) => !items.is_empty() && items.iter().all(has_digest),
        (Op::MakeKey, [one]) => !one.label.is_empty() && one.label.len() <= 128,
        (Op::EnrolDevice | Op::SetPin, [_]) => Meant::of(told).is_some(),
        (Op::EndDevice, [one]) => one.label.parse::<Id<()>>().is_ok(),
        (Op::Suspend | Op::Revoke, [_]) => true,
        _ => false,
    };
    let uses = matches!(told.op, Op::Sign | Op::Suspend | Op::Revoke);
    digests && items && told.credential.is_some() == uses
}

fn has_digest(item: &Item) -> bool {
    let length = |alg: &str| match alg {
        "sha-256" => Some(32),
        "sha-384" => Some(48),
        _ => None,
    };
    item.dtbs.as_ref().is_some_and(|dtbs| length(&dtbs.alg) == Some(dtbs.digest.0.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(
            text in "[A-Za-z0-9_.-]{0,200}", any in "\\PC{0,100}"
        ) {
            for text in [text, any] {
                prop_assert!(Words::parse(&text).is_none());
                prop_assert!(enrolment(&text).is_none());
            }
        }
    }
}
