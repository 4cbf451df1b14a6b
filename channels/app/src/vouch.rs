//! One phone vouches for the keys of another (PROTOCOLS §3, Enrolment): a new phone's, or the new
//! PINs of one that is bound.
//!
//! The phone that wants it shows its keys' thumbprint, from screen to screen; the other one says
//! so to `sam` with PIN2; then the first brings its keys, and only those are taken. What the web
//! carries in between is sealed: it can change none of it.

use activation_contract::{DeviceChange, Invitation, NewKeys, Op, Outcome};
use base::{Bytes, Digest, Time};
use serde::{Deserialize, Serialize};

use crate::activate::{Consent, OwnAct};
use crate::enrol::Enrolling;
use crate::phone::Phone;
use crate::pin::Pins;
use crate::sam::SamError;
use crate::server::{Server, address_of};
use crate::shown::honest_text;
use crate::talk::{Approved, Talk, TalkError};

/// What an app knows before anybody invites it: built in on a real phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The address that it speaks to: `https://id.example`.
    pub server: String,
    /// SHA-256 of the SPKI of `sam`'s root key.
    pub sam: Digest,
}

/// Why a phone does not vouch for what another one shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// Not what a phone shows that wants it.
    #[error("not what another phone shows: it begins with sakta-keys:")]
    Form,
    /// It speaks to another server, or believes another `sam`: perhaps a false one.
    #[error("the other phone is of another service")]
    Service,
    /// It is this very phone.
    #[error("a phone cannot vouch for itself")]
    Own,
}

/// What came of vouching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// What `sam` said.
    pub approved: Approved,
    /// From when on the other phone's keys stand, where it is done.
    pub from: Option<Time>,
}

impl Phone {
    /// The new keys in what another phone shows, if this one can vouch for them.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn reads(&self, text: &str) -> Result<NewKeys, KeysError> {
        let keys = NewKeys::parse(text).ok_or(KeysError::Form)?;
        if !honest_text(&keys.label) {
            return Err(KeysError::Form);
        }
        self.vouches(&keys)?;
        Ok(keys)
    }

    fn vouches(&self, keys: &NewKeys) -> Result<(), KeysError> {
        if keys.server != self.fixed.server || keys.sam != self.fixed.root {
            return Err(KeysError::Service);
        }
        if keys.device == self.fixed.device { Err(KeysError::Own) } else { Ok(()) }
    }
}

impl<S: Server> Talk<'_, S> {
    /// Makes the keys of a new phone that another one is to vouch for; its screen shows
    /// [`Enrolling::keys`].
    ///
    /// # Errors
    /// As [`Talk::meet`].
    pub async fn present(
        &self,
        service: &Service,
        pins: &Pins,
        label: &str,
    ) -> Result<Enrolling, TalkError> {
        self.made((&self.own_code(service), true), pins, label, None).await
    }

    /// Makes new PINs of a bound phone whose old ones are forgotten: for the official's
    /// `invitation`, or for another phone that is to vouch for them. The old ones hold until `sam`
    /// has taken the new.
    ///
    /// # Errors
    /// [`KeysError::Service`] for an invitation to another service; else as [`Talk::meet`].
    pub async fn new_pins(
        &self,
        phone: &Phone,
        invitation: Option<&Invitation>,
        pins: &Pins,
    ) -> Result<Enrolling, TalkError> {
        let service = Service { server: phone.server().to_owned(), sam: phone.root() };
        let Some(invitation) = invitation else {
            let own = self.own_code(&service);
            return self.made((&own, true), pins, phone.label(), Some(phone)).await;
        };
        let same = address_of(&invitation.server).is_some_and(|server| server == service.server);
        if !same || invitation.sam != service.sam {
            return Err(KeysError::Service.into());
        }
        self.made((invitation, false), pins, phone.label(), Some(phone)).await
    }

    /// Vouches for the keys of another phone, with PIN2.
    ///
    /// # Errors
    /// [`TalkError::Keys`], [`TalkError::Pin`] for PIN1; else the conversation's.
    pub async fn vouch(
        &self,
        phone: &mut Phone,
        keys: &NewKeys,
        consent: Consent<'_>,
    ) -> Result<Vouched, TalkError> {
        phone.vouches(keys)?;
        let act = OwnAct { op: keys.op, credential: None, items: vec![keys.item()] };
        let approved = self.act(phone, &act, consent).await?;
        let from = match &approved.outcome {
            Outcome::Done { statement, .. } => {
                Some(phone.vouched(keys, statement.as_deref().unwrap_or_default())?)
            }
            _ => None,
        };
        Ok(Vouched { approved, from })
    }

    fn own_code(&self, service: &Service) -> Invitation {
        let code = Bytes(self.chance.bytes::<16>().to_vec());
        Invitation { code, sam: service.sam, server: service.server.clone() }
    }
}

impl Phone {
    /// From when on the keys stand, by `sam`'s own statement.
    fn vouched(&self, keys: &NewKeys, token: &str) -> Result<Time, SamError> {
        let said = self.sam.device(token)?;
        if said.by != self.fixed.device || Some(said.person) != self.life.person {
            return Err(SamError::Other);
        }
        match (keys.op, said.change) {
            (Op::EnrolDevice, DeviceChange::Vouched { from, .. }) => Ok(from),
            (Op::SetPin, DeviceChange::PinsVouched { device, from, .. })
                if device == keys.device =>
            {
                Ok(from)
            }
            _ => Err(SamError::Other),
        }
    }
}
