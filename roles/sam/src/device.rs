//! Devices and their PINs, as they stand in the store.

use activation_contract::{Device, Enrolment, Pin, Proof};
use base::{Digest, Id, PersonId, Time};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::Stop;
use crate::ending::{self, Ending};
use crate::life::{DeviceLife, MeansLife, PinLife};
use crate::row::{of_word, word};

/// A device with the state of its person's means.
#[derive(Clone, Debug)]
pub(crate) struct DeviceRow {
    pub(crate) person: PersonId,
    pub(crate) key: Vec<u8>,
    pub(crate) label: String,
    pub(crate) proof: String,
    pub(crate) freeze_code: [u8; 32],
    pub(crate) state: String,
    pub(crate) since: Time,
    pub(crate) ended: Option<Time>,
    pub(crate) means: String,
}

impl FromRow for DeviceRow {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.next()?,
            key: row.next()?,
            label: row.next()?,
            proof: row.next()?,
            freeze_code: row.next()?,
            state: row.next()?,
            since: row.next()?,
            ended: row.next()?,
            means: row.next()?,
        })
    }
}

impl DeviceRow {
    pub(crate) fn life(&self) -> Result<DeviceLife, Stop> {
        of_word(&self.state)
    }

    pub(crate) fn means(&self) -> Result<MeansLife, Stop> {
        of_word(&self.means)
    }

    pub(crate) fn proof(&self) -> Result<Proof, Stop> {
        of_word(&self.proof)
    }
}

/// The device of this id.
pub(crate) fn find(tx: &mut Tx, id: Id<Device>) -> Result<Option<DeviceRow>, StoreError> {
    tx.first(
        "SELECT d.person, d.device_key, d.label, d.proof, d.freeze_code, d.state, d.since,
                d.ended_at, p.state
         FROM sam_device d JOIN sam_person p ON p.person = d.person WHERE d.id = $1",
        values![id],
    )
}

/// A device with its id.
pub(crate) struct Named(pub(crate) Id<Device>, pub(crate) DeviceRow);

impl FromRow for Named {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self(row.next()?, DeviceRow::from_row(row)?))
    }
}

/// A person's devices, the newest first.
pub(crate) fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Named>, StoreError> {
    tx.all(
        "SELECT d.id, d.person, d.device_key, d.label, d.proof, d.freeze_code, d.state, d.since,
                d.ended_at, p.state
         FROM sam_device d JOIN sam_person p ON p.person = d.person WHERE d.person = $1
         ORDER BY d.since DESC, d.id",
        values![person],
    )
}

/// Whether a person's means are frozen; not, where the person is unknown.
pub(crate) fn frozen(tx: &mut Tx, person: PersonId) -> Result<bool, Stop> {
    let found: Option<(String,)> =
        tx.first("SELECT state FROM sam_person WHERE person = $1", values![person])?;
    found.map_or(Ok(false), |(state,)| Ok(of_word::<MeansLife>(&state)? == MeansLife::Frozen))
}

/// What binds a phone to a person.
#[derive(Clone, Debug)]
pub(crate) struct NewDevice<'a> {
    pub(crate) person: PersonId,
    pub(crate) enrolment: &'a Enrolment,
    pub(crate) proof: Proof,
    pub(crate) freeze_code: Digest,
    pub(crate) at: Time,
}

/// Binds a phone: a new device, or new PINs of one that the person has. Gives the ending of the
/// old PINs; none when the phone cannot be bound.
pub(crate) fn bind(tx: &mut Tx, new: &NewDevice<'_>) -> Result<Option<Option<i64>>, Stop> {
    let told = new.enrolment;
    if let Some(old) = find(tx, told.device)? {
        let same = old.person == new.person && old.key == told.device_key.0;
        return match old.life()? {
            DeviceLife::Active if same => renewed(tx, new).map(|number| Some(Some(number))),
            _ => Ok(None),
        };
    }
    tx.update(
        "INSERT INTO sam_person (person, state, since) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
        values![new.person, word(&MeansLife::Active), new.at],
    )?;
    tx.insert(
        "INSERT INTO sam_device
             (id, person, device_key, label, proof, freeze_code, state, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            told.device,
            new.person,
            &told.device_key.0,
            &told.label,
            word(&new.proof),
            new.freeze_code.0,
            word(&DeviceLife::Active),
            new.at
        ],
    )?;
    for (pin, key) in [(Pin::Pin1, &told.pin1_key), (Pin::Pin2, &told.pin2_key)] {
        tx.insert(
            "INSERT INTO sam_pin (device, pin, pin_key, tries, last_at) VALUES ($1, $2, $3, 0, $4)",
            values![told.device, word(&pin), &key.0, new.at],
        )?;
    }
    Ok(Some(None))
}

fn renewed(tx: &mut Tx, new: &NewDevice<'_>) -> Result<i64, Stop> {
    let told = new.enrolment;
    let (pin1, pin2) = (told.pin1_key.clone(), told.pin2_key.clone());
    let freeze_code = Some(new.freeze_code);
    let ending = Ending::Pins { device: told.device, pin1, pin2, freeze_code, at: new.at };
    ending.apply(tx)?;
    ending::put(tx, &ending)
}

/// One PIN: its key and where it stands.
pub(crate) fn pin(tx: &mut Tx, device: Id<Device>, pin: Pin) -> Result<(Vec<u8>, PinLife), Stop> {
    let found: Option<(Vec<u8>, u8, Time)> = tx.first(
        "SELECT pin_key, tries, last_at FROM sam_pin WHERE device = $1 AND pin = $2",
        values![device, word(&pin)],
    )?;
    let (key, tries, last) = found.ok_or(Stop::Damaged("a device without PINs"))?;
    Ok((key, PinLife::of(tries, last)))
}

/// Keeps where a PIN stands.
pub(crate) fn keep_pin(
    tx: &mut Tx,
    (device, pin): (Id<Device>, Pin),
    life: PinLife,
    now: Time,
) -> Result<(), Stop> {
    tx.update(
        "UPDATE sam_pin SET tries = $3, last_at = $4 WHERE device = $1 AND pin = $2",
        values![device, word(&pin), life.tries(), now],
    )?;
    Ok(())
}
