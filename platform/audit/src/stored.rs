//! The tree as the store holds it.

use store::{StoreError, Tx, values};

use crate::error::LogError;
use crate::layout;
use crate::tree::{Hash, Tile, Tiles};

/// Tiles read in a transaction.
pub(crate) struct Stored<'a>(pub(crate) &'a mut Tx);

impl Tiles for Stored<'_> {
    type Error = LogError;

    fn tile(&mut self, level: u8, n: u64) -> Result<Vec<Hash>, LogError> {
        let sql = "SELECT hashes FROM audit_tile WHERE level = $1 AND n = $2";
        let row = self.0.first::<(Vec<u8>,)>(sql, values![level, signed(n)])?;
        let Some((bytes,)) = row else { return Ok(Vec::new()) };
        layout::hashes(&bytes).ok_or_else(|| LogError::Damaged(format!("tile {level}/{n}")))
    }
}

/// Where the log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) size: u64,
    pub(crate) checkpoints: u64,
    pub(crate) tree_day: String,
    pub(crate) holder: [u8; 16],
    pub(crate) fence: i64,
    pub(crate) until: i64,
    pub(crate) archived: u64,
}

impl store::FromRow for Standing {
    fn from_row(row: &mut store::Columns) -> Result<Self, StoreError> {
        Ok(Self {
            size: unsigned(row.next()?),
            checkpoints: unsigned(row.next()?),
            tree_day: row.next()?,
            holder: row.next()?,
            fence: row.next()?,
            until: row.next()?,
            archived: unsigned(row.next()?),
        })
    }
}

pub(crate) fn standing(tx: &mut Tx) -> Result<Standing, StoreError> {
    let sql = "SELECT size, checkpoints, tree_day, holder, fence, until, archived
               FROM audit_head WHERE id = 0";
    tx.first(sql, vec![])?.ok_or_else(|| StoreError::Column("no audit_head".to_owned()))
}

pub(crate) fn put_tile(tx: &mut Tx, tile: &Tile) -> Result<(), StoreError> {
    let values = values![tile.level, signed(tile.n), layout::tile_bytes(tile)];
    tx.insert(
        "INSERT INTO audit_tile (level, n, hashes) VALUES ($1, $2, $3)
         ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
        values,
    )
}

/// The number of the checkpoint of this size, and its bytes.
pub(crate) fn checkpoint_of_size(
    tx: &mut Tx,
    size: u64,
) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    let sql = "SELECT number, note FROM audit_checkpoint WHERE size = $1";
    let row = tx.first::<(i64, Vec<u8>)>(sql, values![signed(size)])?;
    Ok(row.map(|(number, note)| (unsigned(number), note)))
}

/// The newest checkpoint's number and bytes.
pub(crate) fn newest(tx: &mut Tx) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    let sql = "SELECT number, note FROM audit_checkpoint ORDER BY number DESC LIMIT 1";
    let row = tx.first::<(i64, Vec<u8>)>(sql, vec![])?;
    Ok(row.map(|(number, note)| (unsigned(number), note)))
}

/// A count as a column holds it: the log never reaches 2^63.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as read from a column.
pub(crate) fn unsigned(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}
