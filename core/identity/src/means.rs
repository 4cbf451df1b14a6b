//! Persons with their user numbers and devices.

use activation_contract::{Answer, Device, DeviceChange, EnrolAnswer, Proof};
use base::{Id, PersonId, Time};
use identity_contract::{
    BrowsersAndDevices, EndMeans, ForgetBrowser, IdentityRefusal, Means, RegisterMeans, Registered,
};
use jose::jwk::{Jwk, Key};
use store::{StoreError, Tx, values};

use crate::Identity;
use crate::ask::below;
use crate::browser;
use crate::failed::Failed;
use crate::identity::hashed;
use crate::notice;
use crate::phone::spent;

const PERSON: &str = "INSERT INTO identity_person (person, number, frozen, since)
     VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING";
const NUMBER: &str = "SELECT number, frozen FROM identity_person WHERE person = $1";
const BY_NUMBER: &str = "SELECT person FROM identity_person WHERE number = $1";
const DEVICE: &str = "INSERT INTO identity_device (device, person, key, label, proof, since)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (device) DO NOTHING";
const DEVICE_OF: &str = "SELECT person, key, proof FROM identity_device
     WHERE device = $1 AND ended_at IS NULL";
const ANY: &str = "SELECT device FROM identity_device
     WHERE person = $1 AND ended_at IS NULL LIMIT 1";
const ALL: &str = "SELECT device, label, proof, since, ended_at FROM identity_device
     WHERE person = $1 ORDER BY since DESC, device";
const LABEL: &str = "SELECT label FROM identity_device WHERE device = $1";
const END: &str = "UPDATE identity_device SET ended_at = $3
     WHERE device = $1 AND person = $2 AND ended_at IS NULL";

/// How often a number is drawn before it is given up: ten million numbers are free each time.
const DRAWS: usize = 20;

/// A device that speaks.
#[derive(Clone, Debug)]
pub(crate) struct Speaker {
    /// Which.
    pub(crate) device: Id<Device>,
    /// Whose it is.
    pub(crate) person: PersonId,
    /// Its key.
    pub(crate) key: Jwk,
    /// How identity was proved when it was enrolled.
    pub(crate) proof: Proof,
}

/// How a person stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The user number.
    pub(crate) number: String,
    /// Whether everything is frozen.
    pub(crate) frozen: bool,
}

impl Standing {
    pub(crate) fn of(tx: &mut Tx, person: PersonId) -> Result<Option<Self>, StoreError> {
        let found: Option<(String, bool)> = tx.first(NUMBER, values![person])?;
        Ok(found.map(|(number, frozen)| Self { number, frozen }))
    }
}

/// The active device of an id.
pub(crate) fn speaker(tx: &mut Tx, device: Id<Device>) -> Result<Option<Speaker>, StoreError> {
    let found: Option<(PersonId, Vec<u8>, String)> = tx.first(DEVICE_OF, values![device])?;
    Ok(found.and_then(|(person, key, proof)| {
        let key = Jwk::from(Key::from_spki(&key).ok()?);
        Some(Speaker { device, person, key, proof: proof_named(&proof) })
    }))
}

/// Whether a person has an active device.
pub(crate) fn has_device(tx: &mut Tx, person: PersonId) -> Result<bool, StoreError> {
    Ok(tx.first::<(Id<Device>,)>(ANY, values![person])?.is_some())
}

/// Who has a user number.
pub(crate) fn of_number(tx: &mut Tx, number: &str) -> Result<Option<PersonId>, StoreError> {
    Ok(tx.first::<(PersonId,)>(BY_NUMBER, values![number])?.map(|(person,)| person))
}

fn proof_name(proof: Proof) -> String {
    let name = serde_json::to_value(proof).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What is not known is the least.
fn proof_named(name: &str) -> Proof {
    serde_json::from_value(serde_json::Value::from(name)).unwrap_or(Proof::Demo)
}

impl Identity {
    /// Takes a bound phone into its person's means, once; the user number is drawn with the first.
    pub(crate) async fn register_means(
        &self,
        register: RegisterMeans,
    ) -> Result<Registered, IdentityRefusal> {
        let answer = self.enrol_answer(&register.answer).filter(|answer| answer.bound);
        let answer = answer.ok_or(IdentityRefusal::Evidence)?;
        Key::from_spki(&answer.device_key.0).map_err(|_| IdentityRefusal::Evidence)?;
        let number = self.bound(answer).await?;
        number.map(|user_number| Registered { user_number }).ok_or(IdentityRefusal::Busy)
    }

    /// Takes in a phone that `sam` has bound: a new one, or new PINs of one that is known. Each
    /// offer is told once, to every channel.
    pub(crate) async fn bound(&self, answer: EnrolAnswer) -> Result<Option<String>, Failed> {
        let now = self.now();
        let label: String = answer.label.chars().take(64).collect();
        let (enrolled, renewed) =
            (self.told("device-enrolled", &label), self.told("pins-set", &label));
        let numbers: Vec<String> = (0..DRAWS).map(|_| self.user_number()).collect();
        let (person, proof) = (answer.person, proof_name(answer.proof));
        let offer = hashed(&format!("offer {}", answer.offer));
        let done = self.store.write("identity.register-means", move |tx| {
            let number = numbered(tx, person, &numbers, now)?;
            let (device, key) = (answer.device, &answer.device_key.0);
            let new = tx.update(DEVICE, values![device, person, key, &label, &proof, now])?;
            let first = spent(tx, offer, now.plus(notice::KEPT))?;
            if new == 1 {
                enrolled.put(tx, person)?;
            } else if first {
                renewed.put(tx, person)?;
            }
            Ok::<_, StoreError>(number)
        });
        let number = done.await?;
        self.tell();
        Ok(number)
    }

    /// What `sam` states about the person's devices happens here too, and is told to every channel
    /// of theirs; the same statement again changes nothing.
    pub(crate) async fn devices_changed(&self, answer: &Answer) -> Result<(), Failed> {
        let Some(said) = self.device_statement(answer) else { return Ok(()) };
        let (now, by, person) = (self.now(), said.by, said.person);
        let kind = match said.change {
            DeviceChange::Ended { device } => {
                return self.ended(EndMeans { person, device }).await;
            }
            DeviceChange::Vouched { .. } => "device-offered",
            DeviceChange::PinsVouched { .. } => "pins-offered",
        };
        let (told, id) = (self.told(kind, ""), hashed(&format!("vouched {}", said.id)));
        let wrote = self.store.write("identity.vouched", move |tx| {
            if spent(tx, id, now.plus(notice::KEPT))? {
                let label = tx.first::<(String,)>(LABEL, values![by])?;
                told.about(label.map_or(String::new(), |(label,)| label)).put(tx, person)?;
            }
            Ok::<_, StoreError>(())
        });
        wrote.await?;
        self.tell();
        Ok(())
    }

    fn user_number(&self) -> String {
        (0..8).map(|_| char::from(b'0' + below(10, self.chance.as_ref()))).collect()
    }

    /// A device has ended, as the desk says.
    pub(crate) async fn end_means(&self, end: EndMeans) -> Result<(), IdentityRefusal> {
        Ok(self.ended(end).await?)
    }

    async fn ended(&self, end: EndMeans) -> Result<(), Failed> {
        let (now, told) = (self.now(), self.told("device-ended", ""));
        let ended = self.store.write("identity.end-means", move |tx| {
            if tx.update(END, values![end.device, end.person, now])? == 1 {
                let label = tx.first::<(String,)>(LABEL, values![end.device])?;
                told.about(label.map_or(String::new(), |(label,)| label)).put(tx, end.person)?;
            }
            Ok::<_, StoreError>(())
        });
        ended.await?;
        self.tell();
        Ok(())
    }

    /// Devices and browsers of a person.
    pub(crate) async fn means_of(
        &self,
        person: PersonId,
    ) -> Result<BrowsersAndDevices, IdentityRefusal> {
        let read = self.store.read("identity.means", move |tx| {
            let standing = Standing::of(tx, person)?;
            Ok::<_, StoreError>((standing, devices(tx, person)?, browser::listed(tx, person)?))
        });
        let (standing, devices, browsers) = read.await.map_err(Failed::from)?;
        let Standing { number: user_number, frozen } = standing.ok_or(IdentityRefusal::Unknown)?;
        Ok(BrowsersAndDevices { devices, browsers, user_number, frozen })
    }

    /// Forgets a browser.
    pub(crate) async fn forget_browser(
        &self,
        forget: ForgetBrowser,
    ) -> Result<(), IdentityRefusal> {
        let id = forget.browser.parse().map_err(|_| IdentityRefusal::Unknown)?;
        let forgotten = self
            .store
            .write("identity.forget-browser", move |tx| browser::set(tx, id, forget.person, false));
        let forgotten = forgotten.await.map_err(Failed::from)?;
        if forgotten { Ok(()) } else { Err(IdentityRefusal::Unknown) }
    }
}

/// The person's number: the one there is, or the first of `drawn` that nobody has.
fn numbered(
    tx: &mut Tx,
    person: PersonId,
    drawn: &[String],
    now: Time,
) -> Result<Option<String>, StoreError> {
    for number in drawn {
        tx.update(PERSON, values![person, number, now])?;
        if let Some(standing) = Standing::of(tx, person)? {
            return Ok(Some(standing.number));
        }
    }
    Ok(None)
}

fn devices(tx: &mut Tx, person: PersonId) -> Result<Vec<Means>, StoreError> {
    type Row = (Id<Device>, String, String, Time, Option<Time>);
    let rows: Vec<Row> = tx.all(ALL, values![person])?;
    let means = rows.into_iter().map(|(device, label, proof, since, ended)| Means {
        device,
        label,
        proof: proof_named(&proof),
        since,
        ended,
    });
    Ok(means.collect())
}
