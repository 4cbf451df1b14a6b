//! Messages to other systems, committed with the change that they tell of.
//!
//! Delivered at least once, those of one subject to one destination in order; the receiver makes
//! it once by [`crate::inbox::first`].

use std::sync::Arc;
use std::time::Duration;

use base::{Id, Time};

use crate::pump::{Ended, Pump, Working, pump};
use crate::{Columns, FromRow, Insert, Row, Store, StoreError, Tx, values};

/// Marker of [`EventId`].
#[derive(Debug)]
pub enum Event {}

/// The id of a message, the same at each delivery: 16 random bytes.
pub type EventId = Id<Event>;

/// A message to another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: EventId,
    /// The system that it goes to.
    pub destination: String,
    /// What happened: `persons/death-confirmed`.
    pub name: String,
    /// Whom or what it is about. What is about one subject arrives in order.
    pub subject: Vec<u8>,
    /// When it was written: the order within the subject.
    pub at: Time,
    /// The event, as its contract says.
    pub body: Vec<u8>,
}

/// A message on its way: which try it is, and the message.
#[derive(Clone, Debug)]
struct Sent {
    message: Message,
    attempts: u32,
}

impl FromRow for Sent {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let message = Message {
            id: row.next()?,
            destination: row.next()?,
            name: row.next()?,
            subject: row.next()?,
            at: row.next()?,
            body: row.next()?,
        };
        Ok(Self { message, attempts: row.next()? })
    }
}

/// How long one delivery may take before another may begin.
const LEASE: Duration = Duration::from_secs(60);

pub(crate) const TABLE: &str = "store_outbox";

const INTO: Insert = Insert {
    table: TABLE,
    columns: &["id", "destination", "name", "subject", "written_at", "body", "due_at", "attempts"],
};

impl Message {
    /// The row for [`Store::append`] or [`Tx::append`].
    #[must_use]
    pub fn row(self) -> Row {
        INTO.row(values![
            self.id,
            self.destination,
            self.name,
            self.subject,
            self.at,
            self.body,
            self.at,
            0
        ])
    }
}

/// Puts a message into the outbox; its commit wakes the dispatcher.
///
/// # Errors
/// Those of [`Tx::append`].
pub fn put(tx: &mut Tx, message: Message) -> Result<(), StoreError> {
    tx.append(&[message.row()])
}

/// How many messages wait, and since when the oldest does: for the operator.
///
/// # Errors
/// Those of [`Tx::all`].
pub fn backlog(tx: &mut Tx) -> Result<(u64, Option<Time>), StoreError> {
    let found: Option<(i64, Option<Time>)> =
        tx.first("SELECT COUNT(*), MIN(written_at) FROM store_outbox", values![])?;
    let (count, oldest) = found.unwrap_or_default();
    Ok((u64::try_from(count).unwrap_or(0), oldest))
}

/// Brings messages to their destinations.
pub trait Deliver: Send + Sync + 'static {
    /// Done when the destination has committed it. A failure is a sentence without anybody's
    /// data; the message is tried again, later each time up to five minutes, and those after it
    /// for the same subject wait.
    fn deliver(&self, message: Message) -> Working<'_>;
}

/// Delivers what the outbox of `store` holds, each commit at once and what others committed
/// within a second, until `stop`; what is on its way by then is waited for.
pub async fn run(store: Store, deliver: Arc<dyn Deliver>, stop: impl Future<Output = ()> + Send) {
    pump(store, Arc::new(Dispatch(deliver)), stop).await;
}

struct Dispatch(Arc<dyn Deliver>);

impl Pump for Dispatch {
    type Item = Sent;

    const NAMES: (&'static str, &'static str) = ("store.outbox_take", "store.outbox_end");

    /// Only the oldest message of a subject is taken; the lease is its new due time.
    fn take(&self, tx: &mut Tx, now: Time, most: usize) -> Result<Vec<Sent>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        tx.all(
            "UPDATE store_outbox SET due_at = $2, attempts = attempts + 1
             WHERE due_at <= $1 AND id IN (
                 SELECT own.id FROM store_outbox own
                 WHERE own.due_at <= $1 AND NOT EXISTS (
                     SELECT 1 FROM store_outbox older
                     WHERE older.subject = own.subject AND older.destination = own.destination
                     AND (older.written_at, older.id) < (own.written_at, own.id))
                 ORDER BY own.due_at, own.id LIMIT $3)
             RETURNING id, destination, name, subject, written_at, body, attempts",
            values![now, now.plus(LEASE), most],
        )
    }

    fn work(&self, sent: Sent) -> Working<'_> {
        self.0.deliver(sent.message)
    }

    fn end(tx: &mut Tx, sent: &Sent, ended: &Ended) -> Result<(), StoreError> {
        let (id, attempts) = (sent.message.id, sent.attempts);
        match ended {
            Ended::Done => tx.insert("DELETE FROM store_outbox WHERE id = $1", values![id]),
            Ended::Failed { reason, again_at, .. } => tx.insert(
                "UPDATE store_outbox SET due_at = $2, reason = $3
                 WHERE id = $1 AND attempts = $4",
                values![id, *again_at, reason, attempts],
            ),
        }
    }

    fn attempts(sent: &Sent) -> u32 {
        sent.attempts
    }
}
