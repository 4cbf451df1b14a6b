//! Activations as they lie in the store.

use activation_contract::Credential;
use base::{ActingFor, Bytes, Id, PersonId, Time};
use serde::{Deserialize, Serialize};
use signing_contract::SigningRefusal;
use store::{Columns, FromRow, StoreError, Tx, row, values};

use crate::begin::Wanting;
use crate::failed::Failed;
use crate::life::{Event, Life, step};
use crate::sign::Signing;

/// Marker of [`ActivationId`].
#[derive(Debug)]
pub(crate) enum Activated {}

/// The id of an activation: the session's and the phone request's too.
pub(crate) type ActivationId = Id<Activated>;

/// What of an activation never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fixed {
    /// Who asked, by its registered id.
    pub(crate) client: String,
    /// The system whose call it was.
    pub(crate) system: String,
    /// By what way: `portal`, `api`.
    pub(crate) channel: String,
    /// For whom the person acts.
    pub(crate) acting_for: ActingFor,
    /// From where, in words.
    pub(crate) place: String,
    /// The key.
    pub(crate) credential: Id<Credential>,
    /// Its certificate, DER.
    pub(crate) certificate: Bytes,
    /// The certificates above it, DER.
    pub(crate) chain: Vec<Bytes>,
    /// The request as the phone shows it, JSON.
    pub(crate) request: Bytes,
    /// The control code.
    pub(crate) code: u16,
    /// How many items.
    pub(crate) count: u32,
}

/// An activation's row.
#[derive(Clone, Debug)]
pub(crate) struct ActivationRow {
    pub(crate) id: ActivationId,
    pub(crate) owner: PersonId,
    revision: i64,
    pub(crate) life: Life,
    pub(crate) fixed: Fixed,
    pub(crate) asked: [u8; 32],
    pub(crate) evidence: Option<String>,
    pub(crate) status: Option<Vec<u8>>,
    pub(crate) at: Time,
    pub(crate) until: Time,
}

impl FromRow for ActivationRow {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let lost = |_| StoreError::Column("an activation that does not read".to_owned());
        Ok(Self {
            id: row.next()?,
            owner: row.next()?,
            revision: row.next()?,
            life: serde_json::from_str(&row.next::<String>()?).map_err(lost)?,
            fixed: serde_json::from_slice(&row.next::<Vec<u8>>()?).map_err(lost)?,
            asked: row.next()?,
            evidence: row.next()?,
            status: row.next()?,
            at: row.next()?,
            until: row.next()?,
        })
    }
}

/// One thing to be signed.
#[derive(Clone, Debug)]
pub(crate) struct ItemRow {
    pub(crate) number: u32,
    pub(crate) label: String,
    pub(crate) media_type: String,
    pub(crate) size: i64,
    pub(crate) digest: [u8; 32],
    pub(crate) signed: Vec<u8>,
    pub(crate) signature: Option<Vec<u8>>,
    pub(crate) token: Option<Vec<u8>>,
}
row!(ItemRow { number, label, media_type, size, digest, signed, signature, token });

impl ActivationRow {
    /// Of what somebody wants, not stored yet.
    pub(crate) fn prepared(
        id: ActivationId,
        wanting: &Wanting,
        fixed: Fixed,
        (at, until): (Time, Time),
    ) -> Self {
        let (life, evidence) = (Life::Prepared, Some(wanting.evidence.clone()));
        let (owner, asked) = (wanting.person, wanting.asked);
        Self { id, owner, revision: 0, life, fixed, asked, evidence, status: None, at, until }
    }

    pub(crate) fn find(tx: &mut Tx, id: ActivationId) -> Result<Option<Self>, StoreError> {
        tx.first(
            "SELECT id, owner, revision, life, fixed, asked, evidence, status, at, until
             FROM signing_activation WHERE id = $1",
            values![id],
        )
    }

    /// Of a person, the newest first, before a moment and id.
    pub(crate) fn newest(
        tx: &mut Tx,
        owner: PersonId,
        before: Option<(Time, ActivationId)>,
    ) -> Result<Vec<Self>, StoreError> {
        let (at, id) =
            before.unwrap_or((Time::from_micros(i64::MAX), ActivationId::from_bytes([0xff; 16])));
        tx.all(
            "SELECT id, owner, revision, life, fixed, asked, evidence, status, at, until
             FROM signing_activation
             WHERE owner = $1 AND (at < $2 OR (at = $2 AND id < $3))
             ORDER BY at DESC, id DESC LIMIT 100",
            values![owner, at, id],
        )
    }

    pub(crate) fn insert(&self, tx: &mut Tx, items: &[ItemRow]) -> Result<bool, Failed> {
        let life = serde_json::to_string(&self.life).map_err(|_| Failed::Unreadable("life"))?;
        let fixed = serde_json::to_vec(&self.fixed).map_err(|_| Failed::Unreadable("fixed"))?;
        let new = tx.update(
            "INSERT INTO signing_activation
                 (id, owner, revision, life, fixed, asked, evidence, at, until)
             VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            values![
                self.id,
                self.owner,
                life,
                fixed,
                self.asked,
                &self.evidence,
                self.at,
                self.until
            ],
        )?;
        if new == 0 {
            return Ok(false);
        }
        for item in items {
            item.insert(tx, self.id)?;
        }
        Ok(true)
    }

    /// Moves the activation on, if it still stands where it was read.
    pub(crate) fn apply(&self, tx: &mut Tx, event: &Event) -> Result<(), Failed> {
        let life = step(&self.life, event).map_err(|_| Failed::Overtaken)?;
        let text = serde_json::to_string(&life).map_err(|_| Failed::Unreadable("life"))?;
        let until = if let Event::Asked { until } = event { *until } else { self.until };
        let status = match event {
            Event::Evidenced { status } => Some(status.clone()),
            _ => self.status.clone(),
        };
        let evidence = self.evidence.clone().filter(|_| life.waits_for_phone());
        let moved = tx.update(
            "UPDATE signing_activation
             SET revision = revision + 1, life = $3, until = $4, status = $5, evidence = $6
             WHERE id = $1 AND revision = $2",
            values![self.id, self.revision, text, until, status, evidence],
        )?;
        if moved == 0 {
            return Err(Failed::Overtaken);
        }
        if let Event::Activated { signatures } = event {
            for (number, signature) in (0_u32..).zip(signatures) {
                tx.update(
                    "UPDATE signing_item SET signature = $3 WHERE activation = $1 AND number = $2",
                    values![self.id, number, signature],
                )?;
            }
        }
        Ok(())
    }

    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }
}

impl ItemRow {
    fn insert(&self, tx: &mut Tx, activation: ActivationId) -> Result<(), StoreError> {
        tx.insert(
            "INSERT INTO signing_item
                 (activation, number, label, media_type, size, digest, signed)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                activation,
                self.number,
                &self.label,
                &self.media_type,
                self.size,
                self.digest,
                &self.signed
            ],
        )
    }

    /// From a number on, so many.
    pub(crate) fn page(
        tx: &mut Tx,
        activation: ActivationId,
        (from, most): (u32, u32),
    ) -> Result<Vec<Self>, StoreError> {
        tx.all(
            "SELECT number, label, media_type, size, digest, signed, signature, token
             FROM signing_item WHERE activation = $1 AND number >= $2
             ORDER BY number LIMIT $3",
            values![activation, from, most],
        )
    }
}

impl Signing {
    pub(crate) async fn activation(&self, id: ActivationId) -> Result<ActivationRow, Failed> {
        let read = move |tx: &mut Tx| ActivationRow::find(tx, id);
        let found = self.parts.store.read("signing.activation", read).await?;
        found.ok_or(Failed::Refused(SigningRefusal::Unknown))
    }

    /// The activation of this person; another's is as unknown as none.
    pub(crate) async fn own_activation(
        &self,
        id: &str,
        person: PersonId,
    ) -> Result<ActivationRow, Failed> {
        let unknown = || Failed::Refused(SigningRefusal::Unknown);
        let row = self.activation(id.parse().map_err(|_| unknown())?).await?;
        if row.owner == person { Ok(row) } else { Err(unknown()) }
    }

    pub(crate) async fn items(
        &self,
        id: ActivationId,
        page: (u32, u32),
    ) -> Result<Vec<ItemRow>, StoreError> {
        let read = move |tx: &mut Tx| ItemRow::page(tx, id, page);
        self.parts.store.read("signing.items", read).await
    }
}
