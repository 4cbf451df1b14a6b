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

#[cfg(test)]
mod tests {
    use activation_contract::{Pin, shown_digits};
    use base::Locale;
    use trial::{CountedChance, FixedClock};

    use super::*;
    use crate::phone::{KeptError, Lock, Stage};
    use crate::pin::{Cost, PinCode};
    use crate::town::{Hasty, Town, changed};

    struct Scene {
        clock: Hasty,
        chance: CountedChance,
        town: Town,
    }

    impl Scene {
        fn new() -> Self {
            let clock = Hasty(FixedClock::at("2026-11-25T10:00:00Z"));
            Self { town: Town::new(&clock), chance: CountedChance::seeded(7), clock }
        }

        fn talk(&self) -> Talk<'_, Town> {
            let (server, clock, chance) = (&self.town, &self.clock, &self.chance);
            Talk { server, clock, chance, cost: Cost::Trial }
        }

        fn service(&self) -> Service {
            let Invitation { sam, server, .. } = self.town.invitation();
            Service { server, sam }
        }

        async fn bound(&self) -> Phone {
            let met = self.talk().meet(&self.town.invitation(), &pins(), "Vecais").await.unwrap();
            self.talk().enrol(&met).await.unwrap()
        }

        async fn fresh(&self) -> Enrolling {
            self.talk().present(&self.service(), &pins(), "Jaunais").await.unwrap()
        }
    }

    fn pins() -> Pins {
        Pins::new("9351", "417026").unwrap()
    }

    fn shown(keys: &NewKeys) -> String {
        keys.written().unwrap()
    }

    #[tokio::test]
    async fn a_new_phone_shows_its_own_keys_and_no_two_the_same_code() {
        let scene = Scene::new();
        let (old, new, other) = (scene.bound().await, scene.fresh().await, scene.fresh().await);
        let keys = old.reads(&shown(&new.keys().unwrap())).unwrap();
        assert_eq!((keys.op, keys.label.as_str()), (Op::EnrolDevice, "Jaunais"));
        assert_eq!(shown_digits(&keys.thumbprint), new.phone.digits());
        assert_ne!(keys.code, other.keys().unwrap().code);
        assert!(!new.is_renewal());
    }

    #[tokio::test]
    async fn a_phone_vouches_only_for_another_of_the_same_service_that_says_what_it_is() {
        let scene = Scene::new();
        let (old, keys) = (scene.bound().await, scene.fresh().await.keys().unwrap());
        let server = "https://id.elsewhere.example".to_owned();
        for other in
            [NewKeys { sam: Digest([1; 32]), ..keys.clone() }, NewKeys { server, ..keys.clone() }]
        {
            assert_eq!(old.reads(&shown(&other)), Err(KeysError::Service));
        }
        let own = NewKeys { device: old.device(), ..keys.clone() };
        assert_eq!(old.reads(&shown(&own)), Err(KeysError::Own));
        for label in ["", " ", "a\u{202e}b", "a\nb", "\u{200b}"] {
            let odd = NewKeys { label: label.to_owned(), ..keys.clone() };
            assert_eq!(old.reads(&shown(&odd)), Err(KeysError::Form), "{label:?}");
        }
        for text in ["", "sakta-keys:", "sakta-enrol:e30", "http://x"] {
            assert_eq!(old.reads(text), Err(KeysError::Form), "{text}");
        }
    }

    #[tokio::test]
    async fn new_pins_are_of_the_same_phone_and_leave_the_old_ones_until_they_are_taken() {
        let scene = Scene::new();
        let old = scene.bound().await;
        let fresh = Pins::new("8642", "528137").unwrap();
        let made = scene.talk().new_pins(&old, None, &fresh).await.unwrap();
        let keys = made.keys().unwrap();
        assert_eq!((keys.op, keys.device), (Op::SetPin, old.device()));
        assert_ne!(keys.thumbprint, old.thumbprint());
        let told = scene.talk().enrol(&made).await.unwrap();
        assert_eq!((told.person(), told.label()), (old.person(), "Vecais"));
        let (before, after) = scene.town.with(|state| {
            let now = state.devices[&old.device()].clone();
            (old.key.spki(), now.device_key.0)
        });
        assert_eq!(before, after, "the device key stays");
        let mut invitation = scene.town.invitation();
        let desk = scene.talk().new_pins(&old, Some(&invitation), &fresh).await.unwrap();
        assert!(desk.keys().is_none() && desk.is_renewal(), "an official has the digits");
        invitation.sam = Digest([1; 32]);
        let other = scene.talk().new_pins(&old, Some(&invitation), &fresh).await.unwrap_err();
        assert_eq!(other, TalkError::Keys(KeysError::Service));
    }

    #[tokio::test]
    async fn what_waits_is_kept_without_pins_and_sent_again_as_it_was() {
        let scene = Scene::new();
        let (new, lock) = (scene.fresh().await, Lock::new([9; 32]));
        let kept = new.kept(&lock, &scene.chance).unwrap();
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.contains("9351\"") && !text.contains("417026"));
        let read = Enrolling::parse(&kept, &lock).unwrap();
        assert_eq!((read.keys(), read.ask()), (new.keys(), new.ask()));
        assert_eq!(scene.talk().enrol(&read).await.unwrap().stage(), Stage::Answered);
        let other = Enrolling::parse(&kept, &Lock::new([8; 32])).unwrap_err();
        assert_eq!(other, KeptError::Locked);
        let newer = changed::<serde_json::Value>(&kept, |form| form["v"] = 2.into());
        assert_eq!(Enrolling::parse(&newer, &lock).unwrap_err(), KeptError::Newer);
        for length in [0, 1, kept.len() / 2, kept.len() - 1] {
            assert_eq!(Enrolling::parse(&kept[..length], &lock).unwrap_err(), KeptError::Damaged);
        }
    }

    #[tokio::test]
    async fn that_it_is_done_is_believed_only_with_sams_own_statement() {
        let scene = Scene::new();
        let (mut old, keys) = (scene.bound().await, scene.fresh().await.keys().unwrap());
        let pin2 = PinCode::new(Pin::Pin2, "417026").unwrap();
        let yes = Consent { pin: &pin2, language: Locale::Lv };
        // This town says "done" and states nothing.
        let done = scene.talk().vouch(&mut old, &keys, yes).await.unwrap_err();
        assert_eq!(done, TalkError::Sam(SamError::Answer));
        let told = scene.town.with(|state| state.instructions.last().unwrap().clone());
        assert_eq!((told.op, told.items), (Op::EnrolDevice, vec![keys.item()]));
        assert_eq!(told.purpose, ui::Voice::new(Locale::Lv).say(ui::text::app::VOUCH));
        let pin1 = PinCode::new(Pin::Pin1, "417026").unwrap();
        let other = Consent { pin: &pin1, language: Locale::Lv };
        let refused = scene.talk().vouch(&mut old, &keys, other).await.unwrap_err();
        assert_eq!(refused, TalkError::Pin);
    }
}
