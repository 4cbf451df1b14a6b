//! The row of a certificate.

use base::{Digest, PersonId, Time};
use pki_contract::{Reason, Status};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::life::Issuing;

/// A certificate on its way, or issued.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) serial: String,
    pub(crate) issuer: Digest,
    pub(crate) spki: Option<Digest>,
    pub(crate) approval: String,
    pub(crate) profile: Digest,
    pub(crate) person: Option<PersonId>,
    pub(crate) register_version: Option<i64>,
    pub(crate) state: Issuing,
    pub(crate) tbs: Vec<u8>,
    pub(crate) certificate: Option<Vec<u8>>,
}

impl FromRow for Row {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let (serial, issuer, spki) = (row.next()?, row.next()?, row.next::<Option<[u8; 32]>>()?);
        let (approval, profile) = (row.next()?, row.next()?);
        let (person, register_version) = (row.next()?, row.next()?);
        let state: String = row.next()?;
        Ok(Self {
            serial,
            issuer: Digest(issuer),
            spki: spki.map(Digest),
            approval,
            profile: Digest(profile),
            person,
            register_version,
            state: Issuing::named(&state).ok_or(StoreError::Column("a state".to_owned()))?,
            tbs: row.next()?,
            certificate: row.next()?,
        })
    }
}

pub(crate) fn of_serial(tx: &mut Tx, serial: &str) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT serial, issuer, spki, approval, profile, person, register_version, state, tbs,
                certificate
         FROM ca_signer_certificate WHERE serial = $1",
        values![serial],
    )
}

pub(crate) fn of_key(tx: &mut Tx, spki: Digest) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT serial, issuer, spki, approval, profile, person, register_version, state, tbs,
                certificate
         FROM ca_signer_certificate WHERE spki = $1",
        values![spki.0],
    )
}

/// Inserts the row; false when serial or key stand already.
pub(crate) fn draw(tx: &mut Tx, row: &Row, now: Time) -> Result<bool, StoreError> {
    let new = tx.update(
        "INSERT INTO ca_signer_certificate
             (serial, issuer, spki, approval, profile, person, register_version, state, tbs,
              certificate, drawn_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        values![
            &row.serial,
            row.issuer.0,
            row.spki.map(|spki| spki.0),
            &row.approval,
            row.profile.0,
            row.person,
            row.register_version,
            row.state.name(),
            &row.tbs,
            &row.certificate,
            now
        ],
    )?;
    Ok(new == 1)
}

/// Moves the row from one state to another; false when it stands elsewhere. A refused one gives
/// its key back.
pub(crate) fn move_on(
    tx: &mut Tx,
    serial: &str,
    (from, to): (Issuing, Issuing),
    certificate: Option<&[u8]>,
) -> Result<bool, StoreError> {
    let moved = tx.update(
        "UPDATE ca_signer_certificate SET state = $3, certificate = $4,
                spki = CASE WHEN $3 = 'refused' THEN NULL ELSE spki END
         WHERE serial = $1 AND state = $2",
        values![serial, from.name(), to.name(), certificate],
    )?;
    Ok(moved == 1)
}

/// Writes the status of a certificate that has none yet.
pub(crate) fn enter_status(
    tx: &mut Tx,
    (serial, issuer): (&str, Digest),
    (status, at): (Status, Time),
    number: i64,
) -> Result<(), StoreError> {
    let (name, since, reason) = columns(status, at);
    tx.insert(
        "INSERT INTO ca_signer_status (serial, issuer, status, since, reason, number, changed)
         VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (serial) DO NOTHING",
        values![serial, issuer.0, name, since, reason, number],
    )
}

/// Writes the status that a change led to, unless a later one stands.
pub(crate) fn set_status(
    tx: &mut Tx,
    serial: &str,
    (status, at): (Status, Time),
    number: i64,
) -> Result<(), StoreError> {
    let (name, since, reason) = columns(status, at);
    tx.insert(
        "UPDATE ca_signer_status SET status = $2, since = $3, reason = $4, number = $5, changed = $5
         WHERE serial = $1 AND number < $5",
        values![serial, name, since, reason, number],
    )
}

/// A serial number, its status, and the number of the change that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) serial: String,
    pub(crate) status: Status,
    pub(crate) number: i64,
}

impl FromRow for Standing {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let (serial, name, since) = (row.next()?, row.next::<String>()?, row.next()?);
        let reason: String = row.next()?;
        let status = read(&name, since, &reason);
        let status = status.ok_or(StoreError::Column("a status".to_owned()))?;
        Ok(Self { serial, status, number: row.next()? })
    }
}

pub(crate) fn status(tx: &mut Tx, serial: &str) -> Result<Option<Standing>, StoreError> {
    tx.first(
        "SELECT serial, status, since, reason, number FROM ca_signer_status WHERE serial = $1",
        values![serial],
    )
}

/// Those of `issuer` above `number` up to `to`, in the order of their changes.
pub(crate) fn changed(
    tx: &mut Tx,
    issuer: Digest,
    (number, to): (i64, i64),
) -> Result<Vec<Standing>, StoreError> {
    tx.all(
        "SELECT serial, status, since, reason, number FROM ca_signer_status
         WHERE issuer = $1 AND number > $2 AND number <= $3 ORDER BY number",
        values![issuer.0, number, to],
    )
}

/// Those of `issuer` that are not good.
pub(crate) fn listed(tx: &mut Tx, issuer: Digest) -> Result<Vec<Standing>, StoreError> {
    tx.all(
        "SELECT serial, status, since, reason, number FROM ca_signer_status
         WHERE issuer = $1 AND status <> 'good' ORDER BY serial",
        values![issuer.0],
    )
}

const REASONS: [(&str, Reason); 6] = [
    ("affiliation_changed", Reason::AffiliationChanged),
    ("cessation_of_operation", Reason::CessationOfOperation),
    ("key_compromise", Reason::KeyCompromise),
    ("privilege_withdrawn", Reason::PrivilegeWithdrawn),
    ("superseded", Reason::Superseded),
    ("unspecified", Reason::Unspecified),
];

fn columns(status: Status, at: Time) -> (&'static str, Time, &'static str) {
    match status {
        Status::Good => ("good", at, ""),
        Status::Suspended { since } => ("suspended", since, ""),
        Status::Revoked { since, reason } => {
            let name = REASONS.iter().find(|(_, own)| *own == reason);
            ("revoked", since, name.map_or("", |(name, _)| name))
        }
    }
}

fn read(name: &str, since: Time, reason: &str) -> Option<Status> {
    match name {
        "good" => Some(Status::Good),
        "suspended" => Some(Status::Suspended { since }),
        "revoked" => {
            let found = REASONS.iter().find(|(own, _)| *own == reason);
            found.map(|(_, reason)| Status::Revoked { since, reason: *reason })
        }
        _ => None,
    }
}
