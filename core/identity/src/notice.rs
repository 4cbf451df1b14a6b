//! What persons are told: one row each, shown by their phones (R52).

use std::time::Duration;

use activation_contract::app::Notice;
use base::{Id, PersonId, RowId, Time};
use identity_contract::{Delivery, IdentityRefusal, Notify};
use store::{StoreError, Tx, values};

use crate::Identity;
use crate::failed::Failed;
use crate::means;

/// How long a phone shows a notice.
pub(crate) const KEPT: Duration = Duration::from_hours(24 * 30);

const PUT: &str = "INSERT INTO identity_notice (id, person, kind, reference, told_at)
     VALUES ($1, $2, $3, $4, $5)";
const OF: &str = "SELECT id, kind, reference, told_at FROM identity_notice
     WHERE person = $1 AND told_at > $2 ORDER BY told_at DESC, id LIMIT 50";

/// Something that a person is told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    id: RowId,
    at: Time,
    kind: String,
    reference: String,
}

impl Identity {
    /// Something to be told: drawn before the transaction that tells it.
    pub(crate) fn told(&self, kind: &str, reference: &str) -> Told {
        let at = self.now();
        let [spread] = self.chance.bytes::<1>();
        let id = Id::row(spread, at, self.chance.as_ref());
        Told { id, at, kind: kind.to_owned(), reference: reference.to_owned() }
    }

    /// Tells a person something for another system.
    pub(crate) async fn notify(&self, notify: Notify) -> Result<Delivery, IdentityRefusal> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=64).contains(&notify.kind.len())
            && notify.kind.bytes().all(plain)
            && notify.reference.len() <= 128;
        if !fits {
            return Err(IdentityRefusal::Unknown);
        }
        let (told, person) = (self.told(&notify.kind, &notify.reference), notify.person);
        let reached = self.store.write("identity.notify", move |tx| {
            told.put(tx, person)?;
            means::has_device(tx, person)
        });
        let reached = reached.await.map_err(Failed::from)?;
        self.tell();
        Ok(if reached { Delivery::Waiting } else { Delivery::NoChannel })
    }
}

impl Told {
    /// The same about something whose name was only found in the transaction.
    pub(crate) fn about(&self, reference: String) -> Self {
        Self { reference, ..self.clone() }
    }

    pub(crate) fn put(&self, tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
        tx.insert(PUT, values![self.id, person, &self.kind, &self.reference, self.at])
    }
}

/// What a person was told of late, the newest first.
pub(crate) fn of(tx: &mut Tx, person: PersonId, now: Time) -> Result<Vec<Notice>, StoreError> {
    let rows: Vec<(RowId, String, String, Time)> = tx.all(OF, values![person, now.minus(KEPT)])?;
    let shown = rows.into_iter();
    Ok(shown
        .map(|(id, kind, reference, at)| Notice { id: id.to_string(), kind, reference, at })
        .collect())
}
