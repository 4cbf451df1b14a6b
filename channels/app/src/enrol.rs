//! Making a phone's keys and binding them to a person (PROTOCOLS §3, Enrolment).

use std::collections::BTreeMap;

use activation_contract::{EnrolAnswer, Enrolment, Invitation, app, typ};
use base::{Bytes, Chance, Digest, Id};
use jose::jws::{Algorithm, Header};

use crate::curve::PrivateKey;
use crate::phone::{Fixed, Life, Phone, Stage, signed};
use crate::pin::{Cost, Pins};
use crate::sam::{Sam, SamError};
use crate::server::Ask;

/// What the new phone's screen says before the thumbprint of its keys, for the phone that invites
/// it.
pub const THUMBPRINT: &str = "sakta-keys:";

/// The thumbprint in what a new phone's screen says.
#[must_use]
pub fn thumbprint_of(text: &str) -> Option<Digest> {
    text.trim().strip_prefix(THUMBPRINT)?.parse().ok()
}

/// A phone whose keys are made and not yet told to `sam`. The host keeps the phone before it
/// sends anything; what is sent lies in memory only.
#[derive(Clone)]
pub struct Enrolling {
    /// The phone.
    pub phone: Phone,
    sealed: String,
}

/// Shows the phone only: what is sealed holds the signatures of PINs.
impl std::fmt::Debug for Enrolling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolling").field("device", &self.phone.device()).finish_non_exhaustive()
    }
}

/// What a phone is made with.
pub(crate) struct Making<'a> {
    pub(crate) invitation: &'a Invitation,
    /// The invitation's address, checked.
    pub(crate) server: String,
    /// `sam`'s keys, under the root key that the invitation names.
    pub(crate) sam: Sam,
    pub(crate) sam_keys: String,
    /// What the phone calls itself.
    pub(crate) label: &'a str,
    pub(crate) cost: Cost,
}

impl Enrolling {
    /// Draws the device's id, key and salts, derives the PINs' keys, and seals their message.
    ///
    /// None only when a library refuses or memory lacks.
    pub(crate) fn make(of: Making<'_>, pins: &Pins, chance: &dyn Chance) -> Option<Self> {
        let key = PrivateKey::fresh(chance)?;
        let device = Id::random(chance);
        let salts: [[u8; 16]; 2] = [chance.bytes(), chance.bytes()];
        let [salt1, salt2] = &salts;
        let (pin1, pin2) =
            (of.cost.key(&pins.pin1, salt1, device)?, of.cost.key(&pins.pin2, salt2, device)?);
        let enrolment = Enrolment {
            code: of.invitation.code.clone(),
            device,
            device_key: Bytes(key.spki()),
            pin1_key: Bytes(pin1.spki()),
            pin2_key: Bytes(pin2.spki()),
            label: short(of.label),
        };
        let sealed = sealed(&enrolment, [&pin1, &pin2, &key], &of.sam, chance)?;
        let fixed = Fixed {
            device,
            salts: salts.map(|salt| Bytes(salt.to_vec())),
            cost: of.cost,
            server: of.server,
            root: of.invitation.sam,
            thumbprint: enrolment.thumbprint(),
            label: enrolment.label,
        };
        let life = Life {
            stage: Stage::Made,
            person: None,
            chosen: BTreeMap::new(),
            heard: None,
            spent: None,
        };
        let phone = Phone { fixed, life, key, sam: of.sam, sam_keys: of.sam_keys };
        Some(Self { phone, sealed })
    }

    /// Its message, as it is posted; the same however often.
    pub(crate) fn ask(&self) -> Option<Ask> {
        self.phone.ask(app::ENROL, &app::Enrol { sealed: self.sealed.clone() })
    }

    /// The phone, when `sam` has answered that it has exactly its keys.
    pub(crate) fn heard(&self, token: &str) -> Result<Phone, SamError> {
        let answer: EnrolAnswer = self.phone.sam.enrolled(token)?;
        let own = answer.device == self.phone.fixed.device
            && answer.thumbprint == self.phone.fixed.thumbprint
            && answer.device_key.0 == self.phone.key.spki();
        if !own {
            return Err(SamError::Other);
        }
        let mut phone = self.phone.clone();
        phone.life.stage = if answer.bound { Stage::Bound } else { Stage::Answered };
        phone.life.person = Some(answer.person);
        Ok(phone)
    }
}

/// The enrolment under the PIN1 key, that under the PIN2 key, that under the device key, sealed.
fn sealed(
    enrolment: &Enrolment,
    keys: [&PrivateKey; 3],
    sam: &Sam,
    chance: &dyn Chance,
) -> Option<String> {
    let inner = String::from_utf8(serde_json::to_vec(enrolment).ok()?).ok()?;
    let header = Header::new(Algorithm::Es256, typ::ENROLMENT);
    let signed = keys
        .into_iter()
        .try_fold(inner, |payload, key| signed(key, &header, payload.as_bytes()))?;
    sam.seal(&signed, chance)
}

/// A label of 1 to 64 bytes.
fn short(label: &str) -> String {
    let label = if label.trim().is_empty() { "eParaksts mobile" } else { label };
    let mut short = String::new();
    for c in label.trim().chars().filter(|c| !c.is_control()) {
        if short.len() + c.len_utf8() > 64 {
            break;
        }
        short.push(c);
    }
    short
}
