//! How a phone becomes a person's means: offer, arrival, binding (PROTOCOLS §3, Enrolment).

use activation_contract::{Binding, EnrolAnswer, Enrolment, Offer, Proof, typ};
use base::{Digest, PersonId, Time};
use sam_contract::{OfferTaken, SamRefusal};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::device::{self, NewDevice};
use crate::life::{OfferInput, OfferLife};
use crate::officer::{OfficerRole, heard};
use crate::row::{digest, json, of_json, of_word, word};
use crate::{Sam, Stop, vouch, words};

/// An offer lives at most so long.
const OFFER_LIFE: std::time::Duration = std::time::Duration::from_hours(24);

/// An offer, whoever made it.
#[derive(Clone, Debug)]
pub(crate) struct NewOffer {
    pub(crate) id: String,
    pub(crate) person: PersonId,
    pub(crate) means: String,
    pub(crate) proof: Proof,
    pub(crate) code: Digest,
    pub(crate) freeze_code: Digest,
    pub(crate) from: Time,
    pub(crate) until: Time,
    pub(crate) by: String,
    pub(crate) signed: String,
    /// The thumbprint that must arrive, where it is known: then nobody binds it again.
    pub(crate) expected: Option<Digest>,
}

/// An offer as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) id: String,
    pub(crate) person: PersonId,
    proof: String,
    freeze_code: [u8; 32],
    pub(crate) from: Time,
    pub(crate) until: Time,
    /// The officer, or the device that vouched.
    pub(crate) by: String,
    pub(crate) signed: String,
    /// The thumbprint, where a device vouched.
    pub(crate) expected: Option<[u8; 32]>,
    state: String,
    enrolment: Option<String>,
}

impl FromRow for Standing {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.next()?,
            person: row.next()?,
            proof: row.next()?,
            freeze_code: row.next()?,
            from: row.next()?,
            until: row.next()?,
            by: row.next()?,
            signed: row.next()?,
            expected: row.next()?,
            state: row.next()?,
            enrolment: row.next()?,
        })
    }
}

impl Standing {
    fn life(&self) -> Result<OfferLife, Stop> {
        of_word(&self.state)
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, Stop> {
        self.enrolment.as_deref().map(of_json).transpose()
    }

    fn device<'a>(&self, enrolment: &'a Enrolment, at: Time) -> Result<NewDevice<'a>, Stop> {
        Ok(NewDevice {
            person: self.person,
            enrolment,
            proof: of_word(&self.proof)?,
            freeze_code: Digest(self.freeze_code),
            at,
        })
    }

    fn answer(&self, enrolment: &Enrolment) -> Result<EnrolAnswer, Stop> {
        let bound = self.life()? == OfferLife::Bound;
        Ok(EnrolAnswer {
            offer: self.id.clone(),
            device: enrolment.device,
            person: self.person,
            thumbprint: enrolment.thumbprint(),
            device_key: enrolment.device_key.clone(),
            bound,
            from: self.expected.filter(|_| !bound).map(|_| self.from),
            label: enrolment.label.clone(),
            proof: of_word(&self.proof)?,
        })
    }
}

impl Sam {
    /// Takes an officer's offer.
    pub(crate) async fn offer(&self, token: &str) -> Result<OfferTaken, Stop> {
        self.epoch()?;
        let now = self.clock.now();
        let roles = &[OfficerRole::Registration];
        let said = heard::<Offer>(&self.store, token, typ::OFFER, roles, now).await?;
        let offer = said.says;
        let fits = offer.role == self.role
            && offer.until > now
            && offer.until <= now.plus(OFFER_LIFE)
            && (1..=64).contains(&offer.id.len())
            && (1..=64).contains(&offer.means.len());
        if !fits {
            return Err(SamRefusal::Proof.into());
        }
        let new = NewOffer {
            id: offer.id.clone(),
            person: offer.person,
            means: offer.means,
            proof: offer.proof,
            code: offer.code,
            freeze_code: offer.freeze_code,
            from: now,
            until: offer.until,
            by: said.officer,
            signed: token.to_owned(),
            expected: None,
        };
        self.store.write("sam.offer", move |tx| offered(tx, &new)).await?;
        Ok(OfferTaken { offer: offer.id, until: offer.until })
    }

    /// Takes what a phone brings for an offer, its own or one that another phone made.
    pub(crate) async fn enrol(&self, sealed: &str) -> Result<String, Stop> {
        self.epoch()?;
        let told = words::enrolment(&self.own.opened(sealed)?).ok_or(SamRefusal::Unreadable)?;
        let now = self.clock.now();
        let (answer, ending) =
            self.store.write("sam.enrol", move |tx| arrived(tx, &told, now)).await?;
        self.answered(&answer, ending).await
    }

    /// What has arrived for an offer.
    pub(crate) async fn enrolled(&self, offer: String) -> Result<Option<String>, Stop> {
        self.epoch()?;
        let found = self.store.read("sam.enrolled", move |tx| by_id(tx, &offer)).await?;
        let found = found.ok_or(SamRefusal::Unknown)?;
        let Some(enrolment) = found.enrolment()? else { return Ok(None) };
        Ok(Some(self.own.said(typ::ANSWER, &found.answer(&enrolment)?)?))
    }

    /// Takes an officer's binding.
    pub(crate) async fn bind(&self, token: &str) -> Result<String, Stop> {
        self.epoch()?;
        let now = self.clock.now();
        let roles = &[OfficerRole::Registration];
        let said = heard::<Binding>(&self.store, token, typ::BINDING, roles, now).await?.says;
        if said.role != self.role || said.use_before <= now {
            return Err(SamRefusal::Proof.into());
        }
        let token = token.to_owned();
        let (answer, ending) =
            self.store.write("sam.bind", move |tx| bound(tx, &said, &token, now)).await?;
        self.answered(&answer, ending).await
    }

    async fn answered(&self, answer: &EnrolAnswer, ending: Option<i64>) -> Result<String, Stop> {
        if !self.is_safe(ending).await? {
            return Err(SamRefusal::BeingCarriedOut.into());
        }
        self.own.said(typ::ANSWER, answer)
    }
}

/// Puts an offer into the store; the same one again changes nothing.
fn offered(tx: &mut Tx, new: &NewOffer) -> Result<(), Stop> {
    let same = kept(tx, new)? || by_id(tx, &new.id)?.is_some_and(|old| old.signed == new.signed);
    if same { Ok(()) } else { Err(SamRefusal::Spent.into()) }
}

/// Puts a new offer into the store; not where its id or its code is taken.
pub(crate) fn kept(tx: &mut Tx, new: &NewOffer) -> Result<bool, Stop> {
    let kept = tx.update(
        "INSERT INTO sam_offer
             (id, person, means, proof, code, freeze_code, from_at, until_at, by_whom, signed,
              expected, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        values![
            &new.id,
            new.person,
            &new.means,
            word(&new.proof),
            new.code.0,
            new.freeze_code.0,
            new.from,
            new.until,
            &new.by,
            &new.signed,
            new.expected.map(|expected| expected.0),
            word(&OfferLife::Open)
        ],
    )?;
    Ok(kept == 1)
}

fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Standing>, Stop> {
    Ok(tx.first(
        "SELECT id, person, proof, freeze_code, from_at, until_at, by_whom, signed, expected,
                state, enrolment
         FROM sam_offer WHERE id = $1",
        values![id],
    )?)
}

pub(crate) fn by_code(tx: &mut Tx, code: &Digest) -> Result<Option<Standing>, Stop> {
    Ok(tx.first(
        "SELECT id, person, proof, freeze_code, from_at, until_at, by_whom, signed, expected,
                state, enrolment
         FROM sam_offer WHERE code = $1",
        values![code.0],
    )?)
}

type Arrival = (EnrolAnswer, Option<i64>);

/// A phone brings a code: the first use spends it, the same phone again gets the same answer; or
/// is bound, where another phone vouched for it and its waiting time is over.
fn arrived(tx: &mut Tx, told: &Enrolment, now: Time) -> Result<Arrival, Stop> {
    let mut offer = by_code(tx, &digest(&told.code.0))?.ok_or(SamRefusal::Unknown)?;
    let mut state = offer.life()?;
    if let Some(earlier) = offer.enrolment()? {
        if earlier.device != told.device || earlier.keys() != told.keys() {
            return Err(SamRefusal::Spent.into());
        }
        if offer.expected.is_none() || state == OfferLife::Bound {
            return Ok((offer.answer(&earlier)?, None));
        }
    }
    if offer.until <= now {
        return Err(SamRefusal::State.into());
    }
    if offer.expected.is_some_and(|expected| expected != told.thumbprint().0) {
        return Err(SamRefusal::Unknown.into());
    }
    if state == OfferLife::Open {
        state = state.step(OfferInput::Arrive)?;
    }
    let mut ending = None;
    if offer.expected.is_some() {
        vouch::holds(tx, &offer, told)?;
        if offer.from <= now {
            ending = device::bind(tx, &offer.device(told, now)?)?.ok_or(SamRefusal::State)?;
            state = state.step(OfferInput::Bind)?;
        }
    }
    (offer.state, offer.enrolment) = (word(&state), Some(json(told)?));
    tx.update(
        "UPDATE sam_offer SET state = $2, enrolment = $3 WHERE id = $1",
        values![&offer.id, &offer.state, &offer.enrolment],
    )?;
    Ok((offer.answer(told)?, ending))
}

/// An officer binds the phone that arrived; again: the same answer.
fn bound(tx: &mut Tx, said: &Binding, token: &str, now: Time) -> Result<Arrival, Stop> {
    let mut offer = by_id(tx, &said.offer)?.ok_or(SamRefusal::Unknown)?;
    let told = offer.enrolment()?.ok_or(SamRefusal::State)?;
    if told.thumbprint() != said.thumbprint {
        return Err(SamRefusal::Proof.into());
    }
    if offer.life()? == OfferLife::Bound {
        return Ok((offer.answer(&told)?, None));
    }
    if offer.expected.is_some() {
        return Err(SamRefusal::State.into());
    }
    let state = offer.life()?.step(OfferInput::Bind)?;
    let ending = device::bind(tx, &offer.device(&told, now)?)?.ok_or(SamRefusal::State)?;
    offer.state = word(&state);
    tx.update(
        "UPDATE sam_offer SET state = $2, binding = $3 WHERE id = $1",
        values![&offer.id, &offer.state, token],
    )?;
    Ok((offer.answer(&told)?, ending))
}
