//! A bound device vouches for another's keys, or ends another (PROTOCOLS §3, Enrolment).
//!
//! What it vouches for is an offer whose thumbprint is known beforehand: only those keys take it,
//! and nobody binds them again. It holds as long as the device does: ending it or freezing
//! everything, in the waiting time too, ends what it vouched for.

use activation_contract::{
    Device, DeviceChange, DeviceStatement, Enrolment, Instruction, Op, Refusal, typ,
};
use base::{Digest, Id, PersonId, Time, hex};
use sam_contract::SamRefusal;
use store::{Tx, values};

use crate::act::{Acted, Effect, Scene, acted, refused, stated};
use crate::device::{self, DeviceRow};
use crate::enrol::{self, NewOffer, Standing};
use crate::life::{DeviceLife, MeansLife};
use crate::row::{of_word, word};
use crate::words::Words;
use crate::{Sam, Stop, level};

/// How long what a device vouched for is good, once its waiting time is over.
const OFFER: std::time::Duration = std::time::Duration::from_hours(24);

/// What an instruction vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    /// Whose PINs are set; none for a new device.
    target: Option<Id<Device>>,
    code: Digest,
    thumbprint: Digest,
}

/// What stands already when a device vouches.
#[derive(Debug)]
struct Found {
    target: Option<DeviceRow>,
    offer: Option<Standing>,
}

impl Meant {
    /// What an instruction vouches for; none where it is no such instruction.
    pub(crate) fn of(told: &Instruction) -> Option<Self> {
        let [item] = told.items.as_slice() else { return None };
        let target = match told.op {
            Op::EnrolDevice if item.media_type.is_empty() => None,
            Op::SetPin => Some(item.media_type.parse().ok()?),
            _ => return None,
        };
        let code = item.label.parse().ok()?;
        Some(Self { target, code, thumbprint: item.document_digest })
    }

    fn change(&self, from: Time, until: Time) -> DeviceChange {
        match self.target {
            None => DeviceChange::Vouched { from, until },
            Some(device) => DeviceChange::PinsVouched { device, from, until },
        }
    }
}

impl Sam {
    /// A bound device vouches for keys; again for the same ones: the same offer.
    pub(crate) async fn vouched(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        let unfit = refused(Refusal::Unfit);
        let Some(meant) = Meant::of(scene.told()) else { return Ok(unfit) };
        let look = move |tx: &mut Tx| found(tx, &meant);
        let found = self.store.read("sam.vouched", look).await?;
        if !fits(scene, &meant, found.target.as_ref())? {
            return Ok(unfit);
        }
        let Some(standing) = &found.offer else {
            let from = scene.now.plus(self.waiting);
            let until = from.plus(OFFER);
            let new = new_offer(scene, &meant, found.target.as_ref(), (from, until))?;
            let statement = self.device_stated(scene, meant.change(from, until))?;
            return Ok(acted(stated(statement), Effect::Offer(Box::new(new))));
        };
        if !standing.is_of(scene.told().person, &meant)? {
            return Ok(unfit);
        }
        let change = meant.change(standing.from, standing.until);
        let statement = self.device_stated(scene, change)?;
        Ok(acted(stated(statement), Effect::Nothing))
    }

    /// A device ends another of the same person, or itself.
    pub(crate) async fn device_ended(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        let Ok(device) = scene.label().parse::<Id<Device>>() else {
            return Ok(refused(Refusal::Unfit));
        };
        let found = self.store.read("sam.device", move |tx| device::find(tx, device)).await?;
        if found.is_none_or(|found| found.person != scene.told().person) {
            return Ok(refused(Refusal::Unfit));
        }
        let statement = self.device_stated(scene, DeviceChange::Ended { device })?;
        Ok(acted(stated(statement), Effect::End(device)))
    }

    fn device_stated(&self, scene: &Scene<'_>, change: DeviceChange) -> Result<String, Stop> {
        let told = scene.told();
        let statement = DeviceStatement {
            id: hex(&scene.standing.challenge),
            person: told.person,
            by: told.device,
            change,
            time: scene.now,
        };
        self.own.said(typ::DEVICE, &statement)
    }
}

fn found(tx: &mut Tx, meant: &Meant) -> Result<Found, Stop> {
    let target = match meant.target {
        Some(id) => device::find(tx, id)?,
        None => None,
    };
    Ok(Found { target, offer: enrol::by_code(tx, &meant.code)? })
}

/// Whether the device may vouch for it: for new PINs, only of another device of the same person
/// that is worth no more than itself.
fn fits(scene: &Scene<'_>, meant: &Meant, target: Option<&DeviceRow>) -> Result<bool, Stop> {
    let told = scene.told();
    match (meant.target, target) {
        (None, _) => Ok(true),
        (Some(_), None) => Ok(false),
        (Some(id), Some(row)) => Ok(id != told.device
            && row.person == told.person
            && row.life()? == DeviceLife::Active
            && level::enrolment(row.proof()?) <= level::enrolment(scene.ground.device.proof()?)),
    }
}

fn new_offer(
    scene: &Scene<'_>,
    meant: &Meant,
    target: Option<&DeviceRow>,
    (from, until): (Time, Time),
) -> Result<NewOffer, Stop> {
    let (told, own) = (scene.told(), &scene.ground.device);
    Ok(NewOffer {
        id: hex(&scene.standing.challenge),
        person: told.person,
        means: word(&told.op),
        proof: own.proof()?,
        code: meant.code,
        // A device keeps the code of its own sheet; a new one has that of the one that vouches.
        freeze_code: Digest(target.unwrap_or(own).freeze_code),
        from,
        until,
        by: told.device.to_string(),
        signed: scene.words.text().to_owned(),
        expected: Some(meant.thumbprint),
    })
}

/// What the instruction behind an offer vouched for.
pub(crate) fn meant(signed: &str) -> Result<Meant, Stop> {
    let words = Words::parse(signed).ok_or(Stop::Damaged("a vouching device's words"))?;
    Meant::of(&words.instruction).ok_or(Stop::Damaged("a vouching device's words"))
}

/// Refuses a phone whose offer no longer holds: the device that vouched has ended, everything was
/// frozen meanwhile, or it is another kind of phone than was vouched for.
pub(crate) fn holds(tx: &mut Tx, offer: &Standing, told: &Enrolment) -> Result<(), Stop> {
    let meant = meant(&offer.signed)?;
    let known = device::find(tx, told.device)?;
    let kind = match meant.target {
        None => known.is_none(),
        Some(target) => target == told.device && known.is_some(),
    };
    if kind && stands(tx, offer)? { Ok(()) } else { Err(SamRefusal::State.into()) }
}

/// Whether the device that vouched acts, and nothing was frozen since it did.
fn stands(tx: &mut Tx, offer: &Standing) -> Result<bool, Stop> {
    let by: Id<Device> = offer.by.parse().map_err(|_| Stop::Damaged("who vouched"))?;
    let challenge = base::unhex(&offer.id).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    let challenge = challenge.ok_or(Stop::Damaged("an offer's id"))?;
    let found: Option<(String, String, Time, Time)> = tx.first(
        "SELECT d.state, p.state, p.since, a.spent_at
         FROM sam_device d
         JOIN sam_person p ON p.person = d.person
         JOIN sam_activation a ON a.challenge = $2
         WHERE d.id = $1",
        values![by, challenge],
    )?;
    let (device, means, since, vouched) = found.ok_or(Stop::Damaged("who vouched"))?;
    Ok(of_word::<DeviceLife>(&device)? == DeviceLife::Active
        && of_word::<MeansLife>(&means)? == MeansLife::Active
        && since <= vouched)
}

/// A device has new PINs: what it vouched for with the old ones, and other PINs that were meant for
/// it, are good no longer.
pub(crate) fn voided(tx: &mut Tx, device: Id<Device>, at: Time) -> Result<(), Stop> {
    let open: Vec<(String, String, String)> = tx.all(
        "SELECT o.id, o.by_whom, o.signed FROM sam_offer o
         JOIN sam_device d ON d.person = o.person
         WHERE d.id = $1 AND o.expected IS NOT NULL AND o.until_at > $2",
        values![device, at],
    )?;
    for (id, by, signed) in open {
        if by == device.to_string() || meant(&signed)?.target == Some(device) {
            tx.update("UPDATE sam_offer SET until_at = $2 WHERE id = $1", values![&id, at])?;
        }
    }
    Ok(())
}

impl Standing {
    /// Whether it is the offer for the same keys, of the same person.
    fn is_of(&self, person: PersonId, wanted: &Meant) -> Result<bool, Stop> {
        let own = self.expected.is_some() && self.person == person;
        Ok(own && meant(&self.signed)? == *wanted)
    }
}
