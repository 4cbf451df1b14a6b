//! Making a phone's keys and binding them to a person (PROTOCOLS §3, Enrolment).

use std::collections::BTreeMap;

use activation_contract::{EnrolAnswer, Enrolment, Invitation, NewKeys, Op, app, typ};
use base::{Bytes, Chance, Digest, Id};
use jose::jws::{Algorithm, Header};
use serde::{Deserialize, Serialize};

use crate::curve::PrivateKey;
use crate::phone::{Fixed, Form, KeptError, Life, Lock, Phone, Stage, VERSION, kept, signed};
use crate::pin::{Cost, Pins};
use crate::sam::{Sam, SamError, digest};
use crate::server::Ask;

/// A phone whose keys are made and not yet bound. The host keeps it before anything is sent: what
/// it sends can be sent again, after a restart too.
#[derive(Clone)]
pub struct Enrolling {
    /// The phone as it will be.
    pub phone: Phone,
    sealed: String,
    code: Digest,
    op: Op,
    /// Whether another phone is to vouch for it; else an officer made the offer.
    vouched: bool,
}

/// Shows the phone only.
impl std::fmt::Debug for Enrolling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolling").field("device", &self.phone.device()).finish_non_exhaustive()
    }
}

/// What the host keeps of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    v: u8,
    phone: Form,
    sealed: String,
    code: Digest,
    op: Op,
    vouched: bool,
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
    /// The phone whose PINs are made anew; none: a new phone.
    pub(crate) known: Option<&'a Phone>,
    /// Whether the code is the phone's own, for another phone to vouch for.
    pub(crate) vouched: bool,
}

impl Enrolling {
    /// Draws the device's id and key, where it has none yet, and salts, derives the PINs' keys, and
    /// seals their message.
    ///
    /// None only when a library refuses or memory lacks.
    pub(crate) fn make(of: Making<'_>, pins: &Pins, chance: &dyn Chance) -> Option<Self> {
        let (key, device, op) = match of.known {
            Some(phone) => (phone.key.clone(), phone.fixed.device, Op::SetPin),
            None => (PrivateKey::fresh(chance)?, Id::random(chance), Op::EnrolDevice),
        };
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
            person: of.known.and_then(|phone| phone.life.person),
            chosen: BTreeMap::new(),
            heard: of.known.and_then(|phone| phone.life.heard),
            spent: None,
            from: None,
        };
        let phone = Phone { fixed, life, key, sam: of.sam, sam_keys: of.sam_keys };
        let (code, vouched) = (digest(&of.invitation.code.0), of.vouched);
        Some(Self { phone, sealed, code, op, vouched })
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// [`KeptError`].
    pub fn parse(bytes: &[u8], lock: &Lock) -> Result<Self, KeptError> {
        let Kept { phone, sealed, code, op, vouched, .. } = kept(bytes)?;
        Ok(Self { phone: Phone::of(phone, lock)?, sealed, code, op, vouched })
    }

    /// What is to be kept, as [`Phone::kept`]. Of the message only what is sealed to `sam`: the
    /// phone itself cannot read the signatures of its PINs in it.
    ///
    /// None only when a library refuses.
    #[must_use]
    pub fn kept(&self, lock: &Lock, chance: &dyn Chance) -> Option<Vec<u8>> {
        let phone = self.phone.form(lock, chance)?;
        let Self { sealed, code, op, vouched, .. } = self.clone();
        serde_json::to_vec_pretty(&Kept { v: VERSION, phone, sealed, code, op, vouched }).ok()
    }

    /// Whether it is a phone that is bound already, and gets new PINs.
    #[must_use]
    pub fn is_renewal(&self) -> bool {
        self.op == Op::SetPin
    }

    /// What its screen shows to the phone that is to vouch for it; none where an officer does.
    #[must_use]
    pub fn keys(&self) -> Option<NewKeys> {
        self.vouched.then(|| NewKeys {
            op: self.op,
            device: self.phone.fixed.device,
            thumbprint: self.phone.fixed.thumbprint,
            code: self.code,
            label: self.phone.fixed.label.clone(),
            sam: self.phone.fixed.root,
            server: self.phone.fixed.server.clone(),
        })
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
            && answer.device_key.0 == self.phone.key.spki()
            && self.phone.life.person.is_none_or(|person| person == answer.person);
        if !own {
            return Err(SamError::Other);
        }
        let mut phone = self.phone.clone();
        phone.life.stage = if answer.bound { Stage::Bound } else { Stage::Answered };
        (phone.life.person, phone.life.from) = (Some(answer.person), answer.from);
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
