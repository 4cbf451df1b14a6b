//! Brings a place up to the schemas of this program, and refuses any other history.

use base::Time;
use sha2::{Digest, Sha256};

use crate::queues::OWN;
use crate::store::Contents;
use crate::tx::Mode;
use crate::{Schema, StoreError, Tx, values};

/// How often a step that another process takes too is tried.
const TRIES: u32 = 20;

/// Whose place it is, and which steps it has taken. These are in no history: they cannot change.
const HISTORY: Schema = Schema {
    system: "store",
    steps: &["CREATE TABLE IF NOT EXISTS store_step (
        system TEXT NOT NULL,
        step BIGINT NOT NULL,
        digest BYTEA NOT NULL,
        taken_at BIGINT NOT NULL,
        PRIMARY KEY (system, step)
    );
    CREATE TABLE IF NOT EXISTS store_part (
        place TEXT PRIMARY KEY,
        part TEXT NOT NULL
    );"],
};

/// Takes the steps that are missing, each in a transaction of its own.
pub(crate) fn bring_up(tx: &mut Tx, contents: Contents<'_>, now: Time) -> Result<(), StoreError> {
    let dialect = tx.dialect();
    for step in HISTORY.steps {
        let ddl = HISTORY.render(step, dialect)?;
        in_transaction(tx, |tx| tx.batch(&ddl))?;
    }
    if let Some(part) = contents.part {
        in_transaction(tx, |tx| claim(tx, part))?;
    }
    for schema in std::iter::once(&OWN).chain(contents.schemas) {
        check(schema)?;
        for (number, step) in (1_i64..).zip(schema.steps) {
            let ddl = schema.render(step, dialect)?;
            in_transaction(tx, |tx| take(tx, schema, (number, step), &ddl, now))?;
        }
        in_transaction(tx, |tx| refuse_newer(tx, schema))?;
    }
    Ok(())
}

/// Makes the place `part`'s, before any table of it is made.
fn claim(tx: &mut Tx, part: &str) -> Result<(), StoreError> {
    tx.update(
        "INSERT INTO store_part (place, part) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        values!["here", part],
    )?;
    match tx.first::<(String,)>("SELECT part FROM store_part", values![])? {
        Some((own,)) if own != part => Err(StoreError::Setup(format!(
            "it is the store of {own}: {part} needs a file, database or schema of its own"
        ))),
        _ => Ok(()),
    }
}

fn check(schema: &Schema) -> Result<(), StoreError> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let fits = schema.system.bytes().all(plain) && !schema.system.is_empty();
    if fits { Ok(()) } else { Err(schema.wrong("a name is lower-case letters, digits and `_`")) }
}

/// The row is written first: of two processes that start at once, one waits for the other.
fn take(
    tx: &mut Tx,
    schema: &Schema,
    (number, step): (i64, &str),
    ddl: &str,
    now: Time,
) -> Result<(), StoreError> {
    let digest: [u8; 32] = Sha256::digest(step.as_bytes()).into();
    let new = tx.update(
        "INSERT INTO store_step (system, step, digest, taken_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        values![schema.system, number, digest, now],
    )?;
    if new == 1 {
        return tx.batch(ddl);
    }
    let taken = tx.first::<([u8; 32],)>(
        "SELECT digest FROM store_step WHERE system = $1 AND step = $2",
        values![schema.system, number],
    )?;
    if taken == Some((digest,)) {
        return Ok(());
    }
    Err(schema.wrong(&format!("step {number} is another here than in this program")))
}

fn refuse_newer(tx: &mut Tx, schema: &Schema) -> Result<(), StoreError> {
    let known = i64::try_from(schema.steps.len()).unwrap_or(i64::MAX);
    let newest = tx.first::<(Option<i64>,)>(
        "SELECT MAX(step) FROM store_step WHERE system = $1",
        values![schema.system],
    )?;
    match newest {
        Some((Some(step),)) if step > known => {
            let why = format!("a newer program took step {step} here, this one knows {known}");
            Err(schema.wrong(&why))
        }
        _ => Ok(()),
    }
}

/// Again when another process takes the same step at the same time.
fn in_transaction(
    tx: &mut Tx,
    work: impl Fn(&mut Tx) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        match once(tx, &work) {
            Err(StoreError::Conflict | StoreError::Refused(_)) => {
                std::thread::park_timeout(std::time::Duration::from_millis(50));
            }
            done => return done,
        }
    }
    once(tx, &work)
}

fn once(tx: &mut Tx, work: &impl Fn(&mut Tx) -> Result<(), StoreError>) -> Result<(), StoreError> {
    tx.begin(Mode::Write)?;
    let done = work(tx).and_then(|()| tx.commit());
    if done.is_err() {
        tx.rollback();
    }
    done
}
