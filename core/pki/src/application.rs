//! The row of an application.

use base::{Digest, PersonId, Time};
use pki_contract::{Application, ApplicationState, Apply, SubjectKey};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::failed::unreadable;

/// An application, with what its issuing needs.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) apply: Apply,
    pub(crate) profile: Digest,
    pub(crate) at: Time,
    pub(crate) state: State,
    pub(crate) approval: String,
    pub(crate) statement: String,
    pub(crate) spki: Option<Vec<u8>>,
    pub(crate) serial: String,
    pub(crate) why: String,
    pub(crate) revision: i64,
}

/// Its life: `waiting → issuing → issued`, by way of `waiting-for-key` where `sam` makes the key;
/// an approval that the signer refuses leads back, an officer's refusal ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Waiting,
    WaitingForKey,
    Issuing,
    Issued,
    Refused,
}

impl State {
    const ALL: [(Self, &str); 5] = [
        (Self::Waiting, "waiting"),
        (Self::WaitingForKey, "waiting-for-key"),
        (Self::Issuing, "issuing"),
        (Self::Issued, "issued"),
        (Self::Refused, "refused"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(state, _)| *state)
    }
}

impl FromRow for Row {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let (id, body) = (row.next()?, row.next::<String>()?);
        let (profile, at) = (row.next()?, row.next()?);
        let state: String = row.next()?;
        Ok(Self {
            id,
            apply: serde_json::from_str(&body).map_err(unreadable)?,
            profile: Digest(profile),
            at,
            state: State::named(&state).ok_or_else(|| unreadable("a state"))?,
            approval: row.next()?,
            statement: row.next()?,
            spki: row.next()?,
            serial: row.next()?,
            why: row.next()?,
            revision: row.next()?,
        })
    }
}

impl Row {
    /// As others see it.
    pub(crate) fn shown(self) -> Application {
        let state = match self.state {
            State::Waiting => ApplicationState::Waiting,
            // To the outside it still waits until the certificate is there.
            State::Issuing if self.is_remote() => {
                ApplicationState::WaitingForKey { approval: self.approval }
            }
            State::Issuing => ApplicationState::Waiting,
            State::WaitingForKey => ApplicationState::WaitingForKey { approval: self.approval },
            State::Issued => ApplicationState::Issued { serial: self.serial },
            State::Refused => ApplicationState::Refused { why: self.why },
        };
        let Self { id, apply, profile, at, .. } = self;
        Application { id, apply, profile, at, state }
    }

    pub(crate) fn is_remote(&self) -> bool {
        matches!(self.apply.key, SubjectKey::Remote)
    }
}

/// Inserts an application that waits; false when its id stands.
pub(crate) fn enter(
    tx: &mut Tx,
    (id, person, applicant): (&str, Option<PersonId>, &str),
    (body, profile): (&str, Digest),
    at: Time,
) -> Result<bool, StoreError> {
    let new = tx.update(
        "INSERT INTO pki_application
             (id, person, applicant, body, profile, applied_at, state, approval, statement, spki,
              serial, why, revision)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', '', '', NULL, '', '', 0)
         ON CONFLICT DO NOTHING",
        values![id, person, applicant, body, profile.0, at],
    )?;
    Ok(new == 1)
}

pub(crate) fn of_id(tx: &mut Tx, id: &str) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT id, body, profile, applied_at, state, approval, statement, spki, serial, why,
                revision
         FROM pki_application WHERE id = $1",
        values![id],
    )
}

/// Those that wait for an officer, the oldest first.
pub(crate) fn waiting(tx: &mut Tx) -> Result<Vec<Row>, StoreError> {
    tx.all(
        "SELECT id, body, profile, applied_at, state, approval, statement, spki, serial, why,
                revision
         FROM pki_application WHERE state = 'waiting' ORDER BY applied_at, id LIMIT 100",
        values![],
    )
}

/// Those of a person, the newest first.
pub(crate) fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Row>, StoreError> {
    tx.all(
        "SELECT id, body, profile, applied_at, state, approval, statement, spki, serial, why,
                revision
         FROM pki_application WHERE person = $1 ORDER BY applied_at DESC, id LIMIT 100",
        values![person],
    )
}

/// Writes all that can change, if nobody else has since it was read.
pub(crate) fn change(tx: &mut Tx, row: &Row) -> Result<bool, StoreError> {
    let changed = tx.update(
        "UPDATE pki_application SET state = $3, approval = $4, statement = $5, spki = $6,
                serial = $7, why = $8, revision = revision + 1
         WHERE id = $1 AND revision = $2",
        values![
            &row.id,
            row.revision,
            row.state.name(),
            &row.approval,
            &row.statement,
            &row.spki,
            &row.serial,
            &row.why
        ],
    )?;
    Ok(changed == 1)
}
