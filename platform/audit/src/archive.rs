//! The log as files: tiles, bundles and checkpoints, which anybody can check without a store.
//!
//! Bundles and tiles first, the checkpoint last; each file is written beside its place, synced
//! and renamed, so that stopping anywhere leaves the folder as of the checkpoint in it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use store::{StoreError, Tx, values};

use crate::checkpoint::{Checkpoint, CheckpointError, LogKey};
use crate::error::LogError;
use crate::layout::{self, Bundle};
use crate::log::Log;
use crate::stored::{self, Stored, signed};
use crate::tree::{TILE, Tiles};

/// Why a folder was not brought up to the log.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The folder.
    #[error("the archive cannot be written")]
    File(#[from] std::io::Error),
    /// The folder's checkpoint is not this log's.
    #[error("the archive is another's: {0}")]
    Another(#[from] CheckpointError),
    /// The folder holds a checkpoint that this store has never signed: the store was restored
    /// from a backup, or the log forked. Nothing may be added to either until somebody decides.
    #[error("the store lacks the archive's checkpoint of {0} entries: restored or forked")]
    Ahead(u64),
}

impl From<StoreError> for ArchiveError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// How far something reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Reach {
    entries: u64,
    checkpoints: u64,
}

/// A file to be read from the store.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Tile(u8),
    Bundle(Bundle),
}

/// Writes the whole log into a folder: what [`crate::verify::directory`] checks. Into a folder
/// that holds an older state of the same log, only what is new.
///
/// # Errors
/// [`ArchiveError`].
pub async fn export(log: &Log, folder: &Path, key: &LogKey) -> Result<u64, ArchiveError> {
    bring_up(log, folder, key).await
}

/// Brings `folder` up to the newest checkpoint; how many entries it then holds.
pub(crate) async fn bring_up(log: &Log, folder: &Path, key: &LogKey) -> Result<u64, ArchiveError> {
    let newest = log.store().read("audit.newest", stored::newest).await?;
    let from = reach(log, folder, key).await?;
    let Some((number, note)) = newest else { return Ok(0) };
    let entries = Checkpoint::verified(&note, key)?.head.size;
    let to = Reach { entries, checkpoints: number + 1 };
    if from == to {
        return Ok(entries);
    }
    let mut outdated = Vec::new();
    let (mut old, mut new, mut level) = (from.entries, to.entries, 0_u8);
    while new > 0 {
        outdated.extend(added(log, folder, Piece::Tile(level), (old, new)).await?);
        (old, new, level) = (old / TILE, new / TILE, level + 1);
    }
    for bundle in Bundle::ALL {
        let span = match bundle {
            Bundle::Checkpoints => (from.checkpoints, to.checkpoints),
            Bundle::Entries | Bundle::Sealed => (from.entries, to.entries),
        };
        outdated.extend(added(log, folder, Piece::Bundle(bundle), span).await?);
    }
    put(folder.join(layout::CHECKPOINT), note).await?;
    for path in outdated {
        blocking(move || remove(&path)).await?;
    }
    Ok(entries)
}

/// How far the folder reaches, by the checkpoint in it, which the store must know.
async fn reach(log: &Log, folder: &Path, key: &LogKey) -> Result<Reach, ArchiveError> {
    let path = folder.join(layout::CHECKPOINT);
    let note = blocking(move || match fs::read(&path) {
        Ok(note) => Ok(Some(note)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    });
    let Some(note) = note.await? else { return Ok(Reach::default()) };
    let size = Checkpoint::verified(&note, key)?.head.size;
    let known = log.store().read("audit.known", move |tx| stored::checkpoint_of_size(tx, size));
    match known.await? {
        Some((number, known)) if known == note => {
            Ok(Reach { entries: size, checkpoints: number + 1 })
        }
        _ => Err(ArchiveError::Ahead(size)),
    }
}

/// Writes what a growth from `old` to `new` items adds; gives the partial file that it outdates.
async fn added(
    log: &Log,
    folder: &Path,
    piece: Piece,
    (old, new): (u64, u64),
) -> Result<Option<PathBuf>, ArchiveError> {
    for (n, width) in layout::spans(new).skip_while(|(n, _)| *n < old / TILE) {
        let unchanged = new == old && width < TILE;
        if unchanged {
            return Ok(None);
        }
        let bytes = log.store().read("audit.piece", move |tx| piece.read(tx, n, width)).await?;
        put(folder.join(piece.path(n, width)), bytes).await?;
    }
    let partial = old % TILE > 0 && old != new;
    Ok(partial.then(|| folder.join(piece.path(old / TILE, old % TILE))))
}

impl Piece {
    fn path(self, n: u64, width: u64) -> String {
        match self {
            Self::Tile(level) => layout::tile_path(level, n, width),
            Self::Bundle(bundle) => bundle.path(n, width),
        }
    }

    fn read(self, tx: &mut Tx, n: u64, width: u64) -> Result<Vec<u8>, LogError> {
        let lacking = || LogError::Damaged(format!("{} lacks items", self.path(n, width)));
        let wanted = usize::try_from(width).map_err(|_| lacking())?;
        let items: Vec<Vec<u8>> = match self {
            Self::Tile(level) => {
                let hashes = Stored(tx).tile(level, n)?;
                let hashes = hashes.get(..wanted).ok_or_else(lacking)?;
                return Ok(hashes.concat());
            }
            Self::Bundle(bundle) => items(tx, bundle, n * TILE, n * TILE + width)?,
        };
        let whole = items.len() == wanted;
        let bytes = whole.then(|| layout::bundle(items.iter().map(Vec::as_slice))).flatten();
        bytes.ok_or_else(lacking)
    }
}

fn items(tx: &mut Tx, bundle: Bundle, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = match bundle {
        Bundle::Entries => {
            "SELECT leaf FROM audit_entry WHERE position >= $1 AND position < $2
             ORDER BY position"
        }
        Bundle::Sealed => {
            "SELECT sealed FROM audit_entry WHERE position >= $1 AND position < $2
             ORDER BY position"
        }
        Bundle::Checkpoints => {
            "SELECT note FROM audit_checkpoint WHERE number >= $1 AND number < $2
             ORDER BY number"
        }
    };
    let rows = tx.all::<(Vec<u8>,)>(sql, values![signed(from), signed(to)])?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

async fn put(path: PathBuf, bytes: Vec<u8>) -> Result<(), ArchiveError> {
    blocking(move || {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let beside = path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        File::open(folder)?.sync_all()
    })
    .await
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, ArchiveError> {
    let done = tokio::task::spawn_blocking(f).await;
    Ok(done.map_err(std::io::Error::other)??)
}
