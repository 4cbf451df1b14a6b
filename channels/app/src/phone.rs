//! A phone: its device key, what its PIN keys are derived with, whom it believes.

use std::collections::BTreeMap;

use activation_contract::{Device, Pin, Word, WordKind, app, shown_digits, typ};
use base::{Bytes, Chance, Digest, Id, PersonId, Time};
use jose::jwe::Aead as _;
use jose::jws::{Algorithm, Header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::curve::{Gcm, PrivateKey};
use crate::pin::{Cost, PinCode};
use crate::sam::{Sam, SamError, digest};
use crate::server::{Ask, address_of};
use crate::talk::Found;

/// The key that wraps a phone's device key: in the phone's folder here, in hardware on a real
/// phone. Wiped when it goes.
#[derive(Clone)]
pub struct Lock(Zeroizing<[u8; 32]>);

impl Lock {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn shut(&self, key: &PrivateKey, fixed: &Fixed, chance: &dyn Chance) -> Option<Bytes> {
        let nonce: [u8; 12] = chance.bytes();
        let sealed = Gcm.seal(&self.0, nonce, &fixed.context()?, key.bytes().as_ref())?;
        Some(Bytes([nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, wrapped: &Bytes, fixed: &Fixed) -> Option<PrivateKey> {
        let (nonce, sealed) = wrapped.0.split_first_chunk::<12>()?;
        let plain = Gcm.open(&self.0, *nonce, &fixed.context()?, sealed)?;
        PrivateKey::parse(&plain)
    }
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lock")
    }
}

/// How far a phone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It has keys; `sam` has not answered.
    Made,
    /// `sam` has its keys; an officer or another phone has yet to bind it.
    Answered,
    /// It is a person's means.
    Bound,
}

/// What never changes: the wrapped device key is bound to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fixed {
    pub(crate) device: Id<Device>,
    pub(crate) salts: [Bytes; 2],
    pub(crate) cost: Cost,
    pub(crate) server: String,
    pub(crate) root: Digest,
    pub(crate) label: String,
    pub(crate) thumbprint: Digest,
}

impl Fixed {
    fn context(&self) -> Option<Vec<u8>> {
        let said = serde_json::to_vec(self).ok()?;
        Some([b"sakta phone 1".as_slice(), &digest(&said).0].concat())
    }
}

/// What changes as the phone is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Life {
    pub(crate) stage: Stage,
    /// Whose means it is.
    pub(crate) person: Option<PersonId>,
    /// Numbers chosen for requests that are not yet answered.
    pub(crate) chosen: BTreeMap<String, u8>,
    /// `sam`'s last answer.
    pub(crate) heard: Option<Heard>,
    /// The challenge that it answered: spent.
    pub(crate) spent: Option<String>,
    /// From when on it is bound, while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Time>,
}

/// An answer that was heard: an older one, or the same again, is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Heard {
    pub(crate) at: Time,
    pub(crate) token: Digest,
}

/// What the host keeps.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    v: u8,
    fixed: Fixed,
    life: Life,
    device_key: Bytes,
    sam_keys: String,
}

/// The one form of what is kept.
pub(crate) const VERSION: u8 = 1;

/// No kept phone is longer, in bytes.
const MOST: usize = 64 * 1024;

/// Why what was kept is no phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeptError {
    /// Not of this form, or damaged.
    #[error("what was kept of the phone is damaged")]
    Damaged,
    /// Written by a newer app.
    #[error("the phone was used with a newer app: update the app")]
    Newer,
    /// Another key than the one that it was locked with, or what it is bound to was changed.
    #[error("the phone's key does not open with its lock")]
    Locked,
    /// The keys of `sam` in it are not under the root key that it was bound with.
    #[error(transparent)]
    Sam(SamError),
}

/// What was kept in a form of the one version.
pub(crate) fn kept<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, KeptError> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u8,
    }
    let damaged = |_| KeptError::Damaged;
    if bytes.len() > MOST {
        return Err(KeptError::Damaged);
    }
    let Versioned { v } = serde_json::from_slice(bytes).map_err(damaged)?;
    match v {
        VERSION => serde_json::from_slice(bytes).map_err(damaged),
        _ if v > VERSION => Err(KeptError::Newer),
        _ => Err(KeptError::Damaged),
    }
}

/// A phone.
#[derive(Clone, Debug)]
pub struct Phone {
    pub(crate) fixed: Fixed,
    pub(crate) life: Life,
    pub(crate) key: PrivateKey,
    pub(crate) sam: Sam,
    pub(crate) sam_keys: String,
}

impl Phone {
    /// Reads what was kept.
    ///
    /// # Errors
    /// [`KeptError`].
    pub fn parse(bytes: &[u8], lock: &Lock) -> Result<Self, KeptError> {
        Self::of(kept(bytes)?, lock)
    }

    /// The phone of a form.
    pub(crate) fn of(form: Form, lock: &Lock) -> Result<Self, KeptError> {
        if form.fixed.salts.iter().any(|salt| salt.0.len() != 16) {
            return Err(KeptError::Damaged);
        }
        let key = lock.open(&form.device_key, &form.fixed).ok_or(KeptError::Locked)?;
        let sam = Sam::parse(&form.sam_keys, &form.fixed.root).map_err(KeptError::Sam)?;
        Ok(Self { fixed: form.fixed, life: form.life, key, sam, sam_keys: form.sam_keys })
    }

    /// What is to be kept, JSON: the device key wrapped by `lock`; of PINs only salts and the
    /// parameter set. The host writes it whole or not at all, readable by its owner only.
    ///
    /// None only when a library refuses.
    #[must_use]
    pub fn kept(&self, lock: &Lock, chance: &dyn Chance) -> Option<Vec<u8>> {
        serde_json::to_vec_pretty(&self.form(lock, chance)?).ok()
    }

    /// The form of it.
    pub(crate) fn form(&self, lock: &Lock, chance: &dyn Chance) -> Option<Form> {
        Some(Form {
            v: VERSION,
            fixed: self.fixed.clone(),
            life: self.life.clone(),
            device_key: lock.shut(&self.key, &self.fixed, chance)?,
            sam_keys: self.sam_keys.clone(),
        })
    }

    /// How far it has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.life.stage
    }

    /// Its id.
    #[must_use]
    pub fn device(&self) -> Id<Device> {
        self.fixed.device
    }

    /// Whose means it is, once `sam` has said so.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.life.person
    }

    /// From when on it is bound, where another phone vouched for it and it still waits.
    #[must_use]
    pub fn from(&self) -> Option<Time> {
        self.life.from
    }

    /// What it calls itself.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.fixed.label
    }

    /// The server that it speaks to.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.fixed.server
    }

    /// SHA-256 of `sam`'s root key, for inviting another phone.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.fixed.root
    }

    /// The thumbprint of its three keys.
    #[must_use]
    pub fn thumbprint(&self) -> Digest {
        self.fixed.thumbprint
    }

    /// The eight digits of it that desk and phone show.
    #[must_use]
    pub fn digits(&self) -> String {
        shown_digits(&self.fixed.thumbprint)
    }

    /// The number that was chosen for a request.
    #[must_use]
    pub fn chosen(&self, request: &str) -> Option<u8> {
        self.life.chosen.get(request).copied()
    }

    /// Takes notice of what a poll found: the first tells that the phone is bound; numbers chosen
    /// for requests that are gone are forgotten. Says whether anything changed that is to be kept.
    pub fn note(&mut self, found: &Found) -> bool {
        let before = (self.life.stage, self.life.chosen.len());
        if self.life.person.is_some() {
            (self.life.stage, self.life.from) = (Stage::Bound, None);
        }
        let waits = |id: &String| found.waiting.iter().any(|waiting| waiting.id() == id);
        self.life.chosen.retain(|id, _| waits(id));
        before != (self.life.stage, self.life.chosen.len())
    }

    /// Whether `address` is one of its server's.
    pub(crate) fn is_served_at(&self, address: &str) -> bool {
        address.strip_prefix(&self.fixed.server).is_some_and(|path| path.starts_with('/'))
    }

    /// The key of a PIN; none only when memory lacks.
    pub(crate) fn pin_key(&self, pin: &PinCode) -> Option<PrivateKey> {
        let [salt1, salt2] = &self.fixed.salts;
        let salt = match pin.which() {
            Pin::Pin1 => salt1,
            Pin::Pin2 => salt2,
        };
        self.fixed.cost.key(pin, &salt.0, self.fixed.device)
    }

    /// What it says to the web, as it is posted.
    pub(crate) fn word(&self, path: &str, says: WordKind, at: Time) -> Option<Ask> {
        let word = Word { device: self.fixed.device, at, says };
        let word = serde_json::to_vec(&word).ok()?;
        let word = signed(&self.key, &self.header(typ::WORD), &word)?;
        self.ask(path, &app::Spoken { word })
    }

    /// `body` for the server.
    pub(crate) fn ask<T: Serialize>(&self, path: &str, body: &T) -> Option<Ask> {
        let server = address_of(&self.fixed.server)?;
        Some(Ask { server, path: path.to_owned(), body: Some(serde_json::to_vec(body).ok()?) })
    }

    /// A header that names the device.
    pub(crate) fn header(&self, typ: &str) -> Header {
        Header::new(Algorithm::Es256, typ).kid(&self.fixed.device.to_string())
    }

    /// Notes that `sam` answered: only a newer answer is believed from now on.
    pub(crate) fn hear(&mut self, token: &str, at: Time) -> Result<(), SamError> {
        let token = digest(token.as_bytes());
        if self.life.heard.is_some_and(|heard| at < heard.at || token == heard.token) {
            return Err(SamError::Replayed);
        }
        self.life.heard = Some(Heard { at, token });
        Ok(())
    }
}

/// A compact JWS.
pub(crate) fn signed(key: &PrivateKey, header: &Header, payload: &[u8]) -> Option<String> {
    let token = jose::jws::prepare(header, payload).ok()?;
    let signature = key.sign(token.bytes())?;
    Some(token.finish(&signature))
}
