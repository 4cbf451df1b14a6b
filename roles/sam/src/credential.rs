//! Persons' keys, as they stand in the store.

use activation_contract::{Certified, Credential};
use base::{Digest, Id, PersonId, Time};
use keys::Algorithm;
use sam_contract::CredentialState;
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::Stop;
use crate::ending::{self, Ending};
use crate::life::{KeyInput, key_step};
use crate::row::{of_word, word};

/// A person's key.
#[derive(Clone, Debug)]
pub(crate) struct CredentialRow {
    pub(crate) id: Id<Credential>,
    pub(crate) person: PersonId,
    pub(crate) approval: String,
    pub(crate) hand: String,
    pub(crate) algorithm: String,
    pub(crate) held: Option<Vec<u8>>,
    pub(crate) spki: Vec<u8>,
    pub(crate) state: String,
    pub(crate) issuer: Option<[u8; 32]>,
    pub(crate) serial: Option<String>,
    pub(crate) certificate: Option<Vec<u8>>,
    pub(crate) valid: (Option<Time>, Option<Time>),
}

impl FromRow for CredentialRow {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.next()?,
            person: row.next()?,
            approval: row.next()?,
            hand: row.next()?,
            algorithm: row.next()?,
            held: row.next()?,
            spki: row.next()?,
            state: row.next()?,
            issuer: row.next()?,
            serial: row.next()?,
            certificate: row.next()?,
            valid: (row.next()?, row.next()?),
        })
    }
}

impl CredentialRow {
    pub(crate) fn state(&self) -> Result<CredentialState, Stop> {
        of_word(&self.state)
    }

    pub(crate) fn algorithm(&self) -> Result<Algorithm, Stop> {
        self.algorithm.parse().map_err(|_| Stop::Damaged("a credential's algorithm"))
    }

    /// How its issuer names the certificate, if there is one.
    pub(crate) fn certified(&self) -> Option<Certified> {
        let (issuer, serial) = (self.issuer?, self.serial.clone()?);
        Some(Certified { issuer: Digest(issuer), serial })
    }

    /// Whether its certificate holds at `now`.
    pub(crate) fn holds_at(&self, now: Time) -> bool {
        let (from, until) = self.valid;
        from.is_some_and(|from| from <= now) && until.is_some_and(|until| now <= until)
    }
}

/// The key of this id.
pub(crate) fn find(tx: &mut Tx, id: Id<Credential>) -> Result<Option<CredentialRow>, StoreError> {
    tx.first(
        "SELECT id, person, approval, hand, algorithm, held, spki, state, issuer, serial,
                certificate, from_at, until_at
         FROM sam_credential WHERE id = $1",
        values![id],
    )
}

/// The key that was made for this approval.
pub(crate) fn by_approval(
    tx: &mut Tx,
    approval: &str,
) -> Result<Option<CredentialRow>, StoreError> {
    tx.first(
        "SELECT id, person, approval, hand, algorithm, held, spki, state, issuer, serial,
                certificate, from_at, until_at
         FROM sam_credential WHERE approval = $1",
        values![approval],
    )
}

/// The key of this certificate.
pub(crate) fn by_certificate(
    tx: &mut Tx,
    named: &Certified,
) -> Result<Option<CredentialRow>, StoreError> {
    tx.first(
        "SELECT id, person, approval, hand, algorithm, held, spki, state, issuer, serial,
                certificate, from_at, until_at
         FROM sam_credential WHERE issuer = $1 AND serial = $2",
        values![named.issuer.0, &named.serial],
    )
}

/// A person's keys, the newest first.
pub(crate) fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<CredentialRow>, StoreError> {
    tx.all(
        "SELECT id, person, approval, hand, algorithm, held, spki, state, issuer, serial,
                certificate, from_at, until_at
         FROM sam_credential WHERE person = $1 ORDER BY made_at DESC, id",
        values![person],
    )
}

/// A key just made.
#[derive(Clone, Debug)]
pub(crate) struct NewKey {
    pub(crate) id: Id<Credential>,
    pub(crate) person: PersonId,
    pub(crate) approval: String,
    pub(crate) hand: &'static str,
    pub(crate) algorithm: Algorithm,
    pub(crate) held: Vec<u8>,
    pub(crate) spki: Vec<u8>,
    pub(crate) at: Time,
}

/// Keeps a new key; false when its approval or public half stands already.
pub(crate) fn keep(tx: &mut Tx, new: &NewKey) -> Result<bool, Stop> {
    let kept = tx.update(
        "INSERT INTO sam_credential
             (id, person, approval, hand, algorithm, held, spki, spki_digest, state, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        values![
            new.id,
            new.person,
            &new.approval,
            new.hand,
            new.algorithm.name(),
            &new.held,
            &new.spki,
            keys::sha256(&new.spki),
            word(&CredentialState::Made),
            new.at
        ],
    )?;
    Ok(kept == 1)
}

/// Takes a key a step further; the ending's number where something ended. What is so already is
/// so again, without another ending.
pub(crate) fn step(
    tx: &mut Tx,
    row: &CredentialRow,
    input: KeyInput,
) -> Result<(CredentialState, Option<i64>), Stop> {
    let old = row.state()?;
    let state = key_step(old, input)?;
    if state == old {
        return Ok((state, None));
    }
    let ending = Ending::Key { credential: row.id, state };
    ending.apply(tx)?;
    Ok((state, Some(ending::put(tx, &ending)?)))
}
