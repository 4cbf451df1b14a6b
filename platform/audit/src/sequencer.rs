//! The sequencer: gives each committed record its position, grows the tree, signs checkpoints.
//!
//! One per store goes on at a time: the row `audit_head` names its holder with a number that
//! grows at each change of holder, and each step compares it. In order: 1 lease, 2 read what
//! waits, 3 compute and sign, 4 one transaction, 5 archive. Stopped between any two, the next
//! round of any sequencer goes on; a checkpoint that was signed in 3 and not committed in 4 was
//! seen by nobody.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use base::{Date, RowId, Time};
use sha2::{Digest, Sha256};
use store::{StoreError, Tx, values};

use crate::archive::{self, ArchiveError};
use crate::checkpoint::{Checkpoint, CheckpointSigner, LogKey, SignFailed};
use crate::error::LogError;
use crate::log::Log;
use crate::schema;
use crate::stored::{self, Standing, signed};
use crate::tree::{self, Hash, Head, MemoryTiles, TILE, Tile, Tiles};

/// How many records one round takes.
const MOST: i64 = 1024;

/// How long a holder may go on without renewing.
const LEASE: Duration = Duration::from_secs(5);

/// How long a round waits for records to gather once one has come.
const GATHER: Duration = Duration::from_millis(200);

/// The longest time between two rounds.
const ROUND: Duration = Duration::from_secs(1);

/// Orders the records of one log.
pub struct Sequencer {
    log: Log,
    signer: Arc<dyn CheckpointSigner>,
    archive: Option<PathBuf>,
    holder: [u8; 16],
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Nothing waited.
    Idle,
    /// Another sequencer holds the lease.
    Elsewhere,
    /// So many records got their positions.
    Ordered {
        /// How many.
        records: u64,
        /// How many of them were older than the rule of days allows (a committed row is never
        /// left out: it is counted, and found by its own day's tag all the same).
        late: u64,
    },
}

/// Why a round did not end. The next one goes on where this one stopped.
#[derive(Debug, thiserror::Error)]
pub enum SequencerError {
    /// The log or its store.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The checkpoint key.
    #[error(transparent)]
    Sign(#[from] SignFailed),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Another sequencer took over meanwhile: nothing was changed.
    #[error("another sequencer took over")]
    TakenOver,
}

impl From<StoreError> for SequencerError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// A record that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    id: RowId,
    day: String,
    tag: Vec<u8>,
    leaf: Vec<u8>,
    sealed: Vec<u8>,
}
store::row!(Waiting { id, day, tag, leaf, sealed });

/// What a round starts from.
pub(crate) struct Beginning {
    standing: Standing,
    pub(crate) waiting: Vec<Waiting>,
    tiles: MemoryTiles,
    previous: Option<Hash>,
}

/// What a round commits.
#[derive(Clone)]
pub(crate) struct Step {
    standing: Standing,
    /// Each with the day of its tree.
    ordered: Vec<(Waiting, String)>,
    tree_day: String,
    tiles: Vec<Tile>,
    size: u64,
    at: Time,
    note: Vec<u8>,
}

impl Sequencer {
    /// The sequencer of `log`; with a folder, its tiles, bundles and checkpoints are archived
    /// there (see [`crate::verify`]), which must be on another storage than the store.
    #[must_use]
    pub fn new(log: Log, signer: Arc<dyn CheckpointSigner>, archive: Option<PathBuf>) -> Self {
        let holder = log.store().chance().bytes();
        Self { log, signer, archive, holder }
    }

    /// The name and public key that checkers need.
    #[must_use]
    pub fn key(&self) -> LogKey {
        LogKey { log: self.log.name().to_owned(), public_key: self.signer.public_key() }
    }

    /// Goes round until `stop` is done, then orders what still waits.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            self.drained().await;
            let clock = Arc::clone(self.log.store().clock());
            let pause = async {
                let tick = clock.until(self.log.now().plus(ROUND));
                tokio::select! {
                    () = tick => {}
                    () = self.log.0.wake.notified() => {
                        clock.until(self.log.now().plus(GATHER)).await;
                    }
                }
            };
            tokio::select! {
                () = pause => {}
                () = &mut stop => break,
            }
        }
        self.drained().await;
        self.released().await;
    }

    /// Rounds until nothing waits; errors are told and left to the next time.
    async fn drained(&self) {
        loop {
            match self.round().await {
                Ok(Round::Ordered { late, .. }) => {
                    if late > 0 {
                        tracing::error!(log = self.log.name(), late, "records came late");
                    }
                }
                Ok(Round::Idle | Round::Elsewhere) => return,
                Err(error) => {
                    tracing::error!(log = self.log.name(), %error, "a round did not end");
                    return;
                }
            }
        }
    }

    /// Ends the lease, so that the next sequencer need not wait for its end.
    async fn released(&self) {
        let holder = self.holder;
        let released = self.log.store().write("audit.release", move |tx| {
            let sql = "UPDATE audit_head SET until = 0 WHERE id = 0 AND holder = $1";
            tx.update(sql, values![holder])
        });
        let released: Result<u64, StoreError> = released.await;
        if let Err(error) = released {
            tracing::warn!(log = self.log.name(), %error, "the lease runs out by itself");
        }
    }

    /// One round.
    ///
    /// # Errors
    /// [`SequencerError`]: the next round goes on.
    pub async fn round(&self) -> Result<Round, SequencerError> {
        let beginning = self.beginning().await?;
        let done = if beginning.waiting.is_empty() {
            Round::Idle
        } else {
            let Some(beginning) = self.leased(beginning).await? else {
                return Ok(Round::Elsewhere);
            };
            let (step, late) = self.step(beginning)?;
            let records = u64::try_from(step.ordered.len()).unwrap_or(u64::MAX);
            self.commit(step).await?;
            Round::Ordered { records, late }
        };
        if let Some(folder) = &self.archive {
            let entries = archive::bring_up(&self.log, folder, &self.key()).await?;
            self.archived(entries).await?;
        }
        Ok(done)
    }

    /// Keeps how far the archive reaches: endings are acknowledged by it (PROTOCOLS §6).
    async fn archived(&self, entries: u64) -> Result<(), SequencerError> {
        let log = &self.log;
        let standing = log.store().read("audit.standing", stored::standing).await?;
        if standing.archived < entries {
            let kept = log.store().write("audit.archived", move |tx| {
                let sql = "UPDATE audit_head SET archived = $1 WHERE id = 0 AND archived < $1";
                tx.update(sql, values![signed(entries)])
            });
            kept.await?;
        }
        Ok(())
    }

    pub(crate) async fn beginning(&self) -> Result<Beginning, SequencerError> {
        let read = self.log.store().read("audit.waiting", |tx| {
            let standing = stored::standing(tx)?;
            let waiting = waiting(tx)?;
            let tiles = edge(tx, standing.size)?;
            let previous = stored::newest(tx)?.map(|(_, note)| Sha256::digest(note).into());
            Ok::<_, LogError>(Beginning { standing, waiting, tiles, previous })
        });
        Ok(read.await?)
    }

    /// The beginning with this sequencer as holder; none while another's lease runs.
    pub(crate) async fn leased(
        &self,
        beginning: Beginning,
    ) -> Result<Option<Beginning>, SequencerError> {
        let (now, holder) = (self.log.now(), self.holder);
        let standing = &beginning.standing;
        let renewed = now.plus(LEASE / 2).micros();
        if standing.holder == holder && standing.until > renewed {
            return Ok(Some(beginning));
        }
        let taken = self.log.store().write("audit.lease", move |tx| {
            let changed = tx.update(
                "UPDATE audit_head SET
                     fence = CASE WHEN holder = $1 THEN fence ELSE fence + 1 END,
                     holder = $1, until = $2
                 WHERE id = 0 AND (holder = $1 OR until < $3)",
                values![holder, now.plus(LEASE), now],
            )?;
            Ok::<_, StoreError>(changed == 1)
        });
        // What stood before the lease may have been changed by who held it.
        if taken.await? { Ok(Some(self.beginning().await?)) } else { Ok(None) }
    }

    pub(crate) fn step(&self, beginning: Beginning) -> Result<(Step, u64), SequencerError> {
        let Beginning { standing, mut waiting, mut tiles, previous } = beginning;
        waiting.sort_by(|a, b| a.day.cmp(&b.day));
        let leaves: Vec<Hash> = waiting.iter().map(|row| tree::leaf_hash(&row.leaf)).collect();
        let grown = tree::grow(&mut tiles, standing.size, &leaves).map_err(LogError::from)?;
        grown.iter().cloned().for_each(|tile| tiles.put(tile));
        let size = standing.size + u64::try_from(leaves.len()).unwrap_or(0);
        let root = tree::root(&mut tiles, size).map_err(LogError::from)?;
        let (log, at) = (self.log.name().to_owned(), self.log.now());
        let checkpoint = Checkpoint { log, head: Head { size, root }, at, previous };
        let note = checkpoint.signed(self.signer.as_ref())?;
        let (ordered, tree_day, late) = placed(waiting, &standing.tree_day, self.log.today());
        Ok((Step { standing, ordered, tree_day, tiles: grown, size, at, note }, late))
    }

    pub(crate) async fn commit(&self, step: Step) -> Result<(), SequencerError> {
        let holder = self.holder;
        let committed = self.log.store().write("audit.order", move |tx| commit(tx, &step, holder));
        if committed.await? { Ok(()) } else { Err(SequencerError::TakenOver) }
    }
}

impl std::fmt::Debug for Sequencer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sequencer({})", self.log.name())
    }
}

/// Everything of a round at once; `false`, and nothing, when the log has moved on meanwhile.
fn commit(tx: &mut Tx, step: &Step, holder: [u8; 16]) -> Result<bool, StoreError> {
    let Step { standing, ordered, tree_day, tiles, size, at, note } = step;
    let moved = tx.update(
        "UPDATE audit_head SET size = $1, checkpoints = checkpoints + 1, tree_day = $2
         WHERE id = 0 AND size = $3 AND fence = $4 AND holder = $5",
        values![signed(*size), tree_day, signed(standing.size), standing.fence, holder],
    )?;
    if moved != 1 {
        return Ok(false);
    }
    let rows = (standing.size..).zip(ordered).map(|(position, (row, day))| {
        let Waiting { tag, leaf, sealed, .. } = row;
        schema::ENTRY.row(values![signed(position), day, tag, leaf, sealed])
    });
    tx.append(&rows.collect::<Vec<_>>())?;
    for (row, _) in ordered {
        tx.insert("DELETE FROM audit_pending WHERE id = $1", values![row.id])?;
    }
    tiles.iter().try_for_each(|tile| stored::put_tile(tx, tile))?;
    let number = signed(standing.checkpoints);
    tx.append(&[schema::CHECKPOINT.row(values![number, signed(*size), *at, note])])?;
    Ok(true)
}

fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>, StoreError> {
    tx.all(
        "SELECT id, day, tag, leaf, sealed FROM audit_pending ORDER BY day, made, id LIMIT $1",
        values![MOST],
    )
}

/// The partial tiles of a tree of `size`: all that growing it and its root need.
fn edge(tx: &mut Tx, size: u64) -> Result<MemoryTiles, LogError> {
    let (mut tiles, mut count, mut level) = (MemoryTiles::default(), size, 0);
    while count > 0 {
        if count % TILE > 0 {
            let hashes = stored::Stored(tx).tile(level, count / TILE)?;
            tiles.put(Tile { level, n: count / TILE, hashes });
        }
        (count, level) = (count / TILE, level + 1);
    }
    Ok(tiles)
}

/// Each record, sorted by day, with the day of its tree: the day on which it is sequenced, but
/// never later than the day after its own (catching up goes through the days), and never before
/// the tree that was last added to. Also that last day, and how many records came too late.
fn placed(
    waiting: Vec<Waiting>,
    tree_day: &str,
    today: Date,
) -> (Vec<(Waiting, String)>, String, u64) {
    let (mut tree, mut late, mut placed) = (tree_day.to_owned(), 0, Vec::new());
    for row in waiting {
        let own: Date = row.day.parse().unwrap_or(today);
        let next = own.tomorrow().unwrap_or(own);
        let fitting = today.max(own).min(next).to_string();
        tree = tree.max(fitting);
        late += u64::from(tree > next.to_string());
        placed.push((row, tree.clone()));
    }
    (placed, tree, late)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(day: &str) -> Waiting {
        let (tag, leaf, sealed) = (vec![], vec![], vec![]);
        Waiting { id: RowId::from_bytes([0; 16]), day: day.to_owned(), tag, leaf, sealed }
    }

    fn days(rows: &[&str], tree_day: &str, today: &str) -> (Vec<String>, u64) {
        let rows = rows.iter().map(|day| row(day)).collect();
        let (placed, _, late) = placed(rows, tree_day, today.parse().unwrap());
        (placed.into_iter().map(|(_, day)| day).collect(), late)
    }

    #[test]
    fn a_record_enters_the_tree_of_the_day_it_is_sequenced() {
        let (placed, late) = days(&["2026-11-24", "2026-11-25"], "2026-11-24", "2026-11-25");
        assert_eq!((placed, late), (vec!["2026-11-25".into(), "2026-11-25".into()], 0));
    }

    #[test]
    fn catching_up_goes_through_the_days_and_never_back() {
        let rows = ["2026-11-21", "2026-11-24", "2026-11-25"];
        let (placed, late) = days(&rows, "2026-11-21", "2026-11-25");
        assert_eq!(placed, ["2026-11-22", "2026-11-25", "2026-11-25"]);
        assert_eq!(late, 0);
    }

    #[test]
    fn a_record_that_came_too_late_is_counted_and_kept() {
        let (placed, late) = days(&["2026-11-20"], "2026-11-25", "2026-11-25");
        assert_eq!((placed, late), (vec!["2026-11-25".into()], 1));
    }

    #[test]
    fn a_clock_that_went_back_does_not_take_the_tree_with_it() {
        let (placed, late) = days(&["2026-11-25"], "2026-11-25", "2026-11-24");
        assert_eq!((placed, late), (vec!["2026-11-25".into()], 0));
    }
}
