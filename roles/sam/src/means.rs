//! A person's means as a whole: what there is, freezing by code, officers' orders.

use std::sync::PoisonError;
use std::time::Duration;

use activation_contract::{MeansOrder, Order, typ};
use base::{Bytes, Digest, PersonId, Time};
use sam_contract::{CredentialRow, DeviceRow, Devices, Frozen, SamRefusal};
use store::{Tx, values};

use crate::act::{ended, frozen};
use crate::credential;
use crate::device::{self, Named};
use crate::ending::{self, Ending};
use crate::life::{DeviceLife, MeansLife};
use crate::officer::{OfficerRole, heard, name};
use crate::{Sam, Stop};

/// Freeze codes for all persons together: so many at once, one more each [`CODE_REFILL`].
const CODES: u32 = 600;

const CODE_REFILL: Duration = Duration::from_millis(100);

impl Sam {
    /// A person's devices and keys.
    pub(crate) async fn devices(&self, person: PersonId) -> Result<Devices, Stop> {
        self.epoch()?;
        let look = move |tx: &mut Tx| {
            let devices = device::of(tx, person)?;
            let keys = credential::of(tx, person)?;
            Ok::<_, Stop>((devices, keys, device::frozen(tx, person)?))
        };
        let (devices, keys, frozen) = self.store.read("sam.devices", look).await?;
        Ok(Devices {
            devices: devices.into_iter().map(shown).collect::<Result<_, _>>()?,
            credentials: keys.into_iter().map(shown_key).collect::<Result<_, _>>()?,
            frozen,
        })
    }

    /// Freezes by the code of an enrolment sheet.
    pub(crate) async fn freeze(&self, person: PersonId, code: Digest) -> Result<Frozen, Stop> {
        self.epoch()?;
        self.take_code()?;
        let now = self.clock.now();
        let write = move |tx: &mut Tx| by_code(tx, person, code, now);
        let (fits, ending, keys) = self.store.write("sam.freeze", write).await?;
        if !fits {
            return Ok(Frozen { frozen: false, statement: None });
        }
        if !self.is_safe(ending).await? {
            return Err(SamRefusal::BeingCarriedOut.into());
        }
        Ok(Frozen { frozen: true, statement: self.freeze_stated(person, &keys, now)? })
    }

    /// One rate for everybody: nobody can lock a single person out of it alone.
    fn take_code(&self) -> Result<(), SamRefusal> {
        let now = self.clock.now();
        let mut full_at = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let next = (*full_at).max(now).plus(CODE_REFILL);
        if next.since(now) > CODE_REFILL.saturating_mul(CODES) {
            return Err(SamRefusal::Often);
        }
        *full_at = next;
        Ok(())
    }

    /// Carries out an officer's order.
    pub(crate) async fn order(&self, token: &str) -> Result<Order, Stop> {
        self.epoch()?;
        let now = self.clock.now();
        let roles = &[OfficerRole::Registration];
        let said = heard::<MeansOrder>(&self.store, token, typ::MEANS, roles, now).await?.says;
        if said.role != self.role || said.use_before <= now {
            return Err(SamRefusal::Proof.into());
        }
        let (order, digest) = (said.order, name(token));
        let write = move |tx: &mut Tx| ordered(tx, &said, &digest, now);
        let ending = self.store.write("sam.order", write).await?;
        if self.is_safe(ending).await? {
            Ok(order)
        } else {
            Err(SamRefusal::BeingCarriedOut.into())
        }
    }
}

fn shown(Named(id, row): Named) -> Result<DeviceRow, Stop> {
    let (proof, life) = (row.proof()?, row.life()?);
    Ok(DeviceRow {
        device: id,
        label: row.label,
        device_key: Bytes(row.key),
        proof,
        since: row.since,
        ended: row.ended.filter(|_| life == DeviceLife::Ended),
    })
}

fn shown_key(row: credential::CredentialRow) -> Result<CredentialRow, Stop> {
    let state = row.state()?;
    let (approval, spki) = (row.approval, Bytes(row.spki));
    let certificate = row.certificate.map(Bytes);
    Ok(CredentialRow { credential: row.id, approval, spki, state, certificate })
}

type Found = (bool, Option<i64>, Vec<credential::CredentialRow>);

fn by_code(tx: &mut Tx, person: PersonId, code: Digest, now: Time) -> Result<Found, Stop> {
    let devices = device::of(tx, person)?;
    let live = |Named(_, row): &&Named| row.ended.is_none();
    if !devices.iter().filter(live).any(|Named(_, row)| row.freeze_code == code.0) {
        return Ok((false, None, Vec::new()));
    }
    let ending = frozen(tx, person, now)?;
    Ok((true, ending, credential::of(tx, person)?))
}

/// The same order again changes nothing; another under its id is refused.
fn ordered(tx: &mut Tx, said: &MeansOrder, digest: &Bytes, now: Time) -> Result<Option<i64>, Stop> {
    let number = match spend(tx, &said.id, digest, now)? {
        Spent::Again(ending) => return Ok(ending),
        Spent::Now(number) => number,
    };
    let person = said.person;
    match said.order {
        Order::Freeze => drop(frozen(tx, person, now)?),
        Order::Unfreeze => {
            let ending = Ending::Means { person, state: MeansLife::Active, at: now };
            ending.apply(tx)?;
            ending::put(tx, &ending)?;
        }
        Order::EndDevice { device } => {
            let found = device::find(tx, device)?.filter(|row| row.person == person);
            found.ok_or(SamRefusal::Unknown)?;
            ended(tx, device, now)?;
        }
    }
    last(tx, &said.id, number)
}

/// Whether an officer's word was acted on before.
pub(crate) enum Spent {
    /// It was; the number of the last ending that it caused.
    Again(Option<i64>),
    /// It is now; the number of its own ending.
    Now(i64),
}

/// Spends an officer's word: before anything is changed by it.
pub(crate) fn spend(tx: &mut Tx, id: &str, digest: &Bytes, now: Time) -> Result<Spent, Stop> {
    let digest: [u8; 32] = digest.0.as_slice().try_into().map_err(|_| Stop::Damaged("a digest"))?;
    let new = tx.update(
        "INSERT INTO sam_proof (id, digest, spent_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        values![id, digest, now],
    )?;
    if new == 1 {
        let ending = Ending::Proof { id: id.to_owned(), digest: Digest(digest), at: now };
        return ending::put(tx, &ending).map(Spent::Now);
    }
    let found: Option<([u8; 32], Option<i64>)> =
        tx.first("SELECT digest, ending FROM sam_proof WHERE id = $1", values![id])?;
    match found {
        Some((own, ending)) if own == digest => Ok(Spent::Again(ending)),
        _ => Err(SamRefusal::Spent.into()),
    }
}

/// Remembers the last ending of an officer's word: it is told when that one is safe.
pub(crate) fn last(tx: &mut Tx, id: &str, own: i64) -> Result<Option<i64>, Stop> {
    let newest: Option<(i64,)> = tx.first(
        "UPDATE sam_proof SET ending = (SELECT counter FROM sam_head WHERE id = 0)
         WHERE id = $1 RETURNING ending",
        values![id],
    )?;
    Ok(Some(newest.map_or(own, |(newest,)| newest)))
}
