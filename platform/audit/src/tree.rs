//! The Merkle tree over the log's entries: hashes, growth, roots and proofs, all from tiles.
//!
//! Spec: RFC 9162 §2.1 (the hashing of RFC 6962), C2SP tlog-tiles (tiles of 256 hashes).

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// How many hashes a full tile holds.
pub const TILE: u64 = 256;

/// Why a tree cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A tile, or its hashes up to the width needed, is not there.
    #[error("tile {level}/{n} lacks hashes")]
    Missing {
        /// The tile's level.
        level: u8,
        /// The tile's number on its level.
        n: u64,
    },
    /// The index or size asked for lies outside the tree.
    #[error("outside the tree")]
    Outside,
}

/// Where tiles are read: a store, a directory, memory.
pub trait Tiles {
    /// Why a tile cannot be read.
    type Error: From<TreeError>;

    /// The hashes of tile `n` of `level` as far as they are known: 256 for a full tile, the
    /// widest known prefix for a partial one, none for one that does not exist.
    ///
    /// # Errors
    /// Whatever the place of reading says.
    fn tile(&mut self, level: u8, n: u64) -> Result<Vec<Hash>, Self::Error>;
}

/// A tile: up to 256 consecutive roots of complete subtrees of 256^level entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// 0 for hashes of entries.
    pub level: u8,
    /// Its number on its level.
    pub n: u64,
    /// 1 to 256 hashes.
    pub hashes: Vec<Hash>,
}

/// Tiles in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryTiles(BTreeMap<(u8, u64), Vec<Hash>>);

impl MemoryTiles {
    /// Puts a tile in place of what stood there.
    pub fn put(&mut self, tile: Tile) {
        self.0.insert((tile.level, tile.n), tile.hashes);
    }
}

impl Tiles for MemoryTiles {
    type Error = TreeError;

    fn tile(&mut self, level: u8, n: u64) -> Result<Vec<Hash>, TreeError> {
        Ok(self.0.get(&(level, n)).cloned().unwrap_or_default())
    }
}

/// The hash of an entry. Spec: RFC 9162 §2.1.1.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of a node over two. Spec: RFC 9162 §2.1.1.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The tiles that change when `leaves` (hashes of entries) follow a tree of `size` entries:
/// full ones and the last partial one of each level.
///
/// # Errors
/// Reading the partial tiles of the present tree.
pub fn grow<T: Tiles>(tiles: &mut T, size: u64, leaves: &[Hash]) -> Result<Vec<Tile>, T::Error> {
    let (mut changed, mut incoming) = (Vec::new(), leaves.to_vec());
    let (mut count, mut level) = (size, 0_u8);
    while !incoming.is_empty() {
        let mut n = count / TILE;
        let mut hashes = prefix(tiles, level, n, count % TILE)?;
        let mut above = Vec::new();
        for hash in incoming {
            hashes.push(hash);
            if hashes.len() == 256 {
                above.push(complete(&hashes));
                changed.push(Tile { level, n, hashes: std::mem::take(&mut hashes) });
                n += 1;
            }
        }
        if !hashes.is_empty() {
            changed.push(Tile { level, n, hashes });
        }
        (incoming, count, level) = (above, count / TILE, level + 1);
    }
    Ok(changed)
}

/// The root of the tree of the first `size` entries; of none: the hash of nothing.
///
/// # Errors
/// Reading, or hashes that are not there.
pub fn root<T: Tiles>(tiles: &mut T, size: u64) -> Result<Hash, T::Error> {
    if size == 0 {
        return Ok(Sha256::digest([]).into());
    }
    subtree(tiles, 0, size)
}

/// The inclusion proof of entry `index` in the tree of `size`. Spec: RFC 9162 §2.1.3.1.
///
/// # Errors
/// An index outside, reading, or hashes that are not there.
pub fn inclusion<T: Tiles>(tiles: &mut T, index: u64, size: u64) -> Result<Vec<Hash>, T::Error> {
    if index >= size {
        return Err(TreeError::Outside.into());
    }
    let (mut low, mut high, mut path) = (0, size, Vec::new());
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(subtree(tiles, middle, high)?);
            high = middle;
        } else {
            path.push(subtree(tiles, low, middle)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` entries begins the tree of `size`. Spec: RFC 9162 §2.1.4.1.
///
/// # Errors
/// `old` of 0 or over `size`, reading, or hashes that are not there.
pub fn consistency<T: Tiles>(tiles: &mut T, old: u64, size: u64) -> Result<Vec<Hash>, T::Error> {
    if old == 0 || old > size {
        return Err(TreeError::Outside.into());
    }
    let (mut low, mut high, mut path) = (0, size, Vec::new());
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(subtree(tiles, middle, high)?);
            high = middle;
        } else {
            path.push(subtree(tiles, low, middle)?);
            low = middle;
        }
    }
    if low > 0 {
        path.push(subtree(tiles, low, high)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether `path` proves that `leaf` is entry `index` of the tree of `size` with this root.
/// Spec: RFC 9162 §2.1.3.2.
#[must_use]
pub fn includes(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut index, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            hash = node_hash(beside, &hash);
            while index & 1 == 0 && index != 0 {
                (index, last) = (index >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        (index, last) = (index >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// A tree as somebody knows it: how many entries, and their root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

/// Whether `path` proves that the tree `old` begins the tree `new`. Spec: RFC 9162 §2.1.4.2.
#[must_use]
pub fn extends(old: &Head, new: &Head, path: &[Hash]) -> bool {
    if old.size == 0 || old.size > new.size {
        return false;
    }
    if old.size == new.size {
        return path.is_empty() && old.root == new.root;
    }
    let (mut index, mut last) = (old.size - 1, new.size - 1);
    while index & 1 == 1 {
        (index, last) = (index >> 1, last >> 1);
    }
    let Some((first, rest)) = (match index {
        0 => Some((&old.root, path)),
        _ => path.split_first(),
    }) else {
        return false;
    };
    let (mut ours, mut theirs) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            (ours, theirs) = (node_hash(beside, &ours), node_hash(beside, &theirs));
            while index & 1 == 0 && index != 0 {
                (index, last) = (index >> 1, last >> 1);
            }
        } else {
            theirs = node_hash(&theirs, beside);
        }
        (index, last) = (index >> 1, last >> 1);
    }
    last == 0 && ours == old.root && theirs == new.root
}

/// The complete subtrees of a growing tree: root after each entry without any tile.
#[derive(Debug, Clone, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many entries it has seen.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next entry's hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all entries seen.
    #[must_use]
    pub fn root(&self) -> Hash {
        let folded = self.peaks.iter().copied().rev();
        let root = folded.reduce(|right, left| node_hash(&left, &right));
        root.unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// The largest power of two below `size` (of 2 and more).
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The hash over entries `low..high`, where `low` is a multiple of the smallest power of two not
/// below their number.
fn subtree<T: Tiles>(tiles: &mut T, low: u64, high: u64) -> Result<Hash, T::Error> {
    let size = high - low;
    if size.is_power_of_two() {
        return node(tiles, size.trailing_zeros(), low);
    }
    let middle = low + split(size);
    let left = subtree(tiles, low, middle)?;
    Ok(node_hash(&left, &subtree(tiles, middle, high)?))
}

/// The root of the complete subtree of 2^`height` entries from `low` on.
fn node<T: Tiles>(tiles: &mut T, height: u32, low: u64) -> Result<Hash, T::Error> {
    let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
    let first = low >> (8 * u32::from(level));
    let (width, offset) = (1_u64 << (height % 8), first % TILE);
    let hashes = prefix(tiles, level, first / TILE, offset + width)?;
    let from = usize::try_from(offset).unwrap_or(usize::MAX);
    let missing = TreeError::Missing { level, n: first / TILE };
    Ok(complete(hashes.get(from..).ok_or(missing)?))
}

/// The first `width` hashes of a tile.
fn prefix<T: Tiles>(tiles: &mut T, level: u8, n: u64, width: u64) -> Result<Vec<Hash>, T::Error> {
    if width == 0 {
        return Ok(Vec::new());
    }
    let mut hashes = tiles.tile(level, n)?;
    let width = usize::try_from(width).unwrap_or(usize::MAX);
    if hashes.len() < width {
        return Err(TreeError::Missing { level, n }.into());
    }
    hashes.truncate(width);
    Ok(hashes)
}

/// The root over a power of two of hashes.
fn complete(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let (pairs, _) = row.as_chunks::<2>();
        row = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(n: u64) -> Hash {
        leaf_hash(&n.to_be_bytes())
    }

    /// A tree grown in steps of the given widths.
    fn grown(steps: &[u64]) -> (MemoryTiles, u64) {
        let (mut tiles, mut size) = (MemoryTiles::default(), 0);
        for step in steps {
            let leaves: Vec<Hash> = (size..size + step).map(entry).collect();
            for tile in grow(&mut tiles, size, &leaves).unwrap() {
                tiles.put(tile);
            }
            size += step;
        }
        (tiles, size)
    }

    /// The definition of RFC 9162 §2.1.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [only] => *only,
            _ => {
                let k = (leaves.len() - 1).ilog2();
                let (left, right) = leaves.split_at(1 << k);
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn roots_of_every_size_are_those_of_the_definition() {
        let (mut tiles, size) = grown(&[1, 1, 254, 255, 89]);
        let leaves: Vec<Hash> = (0..size).map(entry).collect();
        let mut frontier = Frontier::default();
        for n in 0..=size {
            let expected = by_definition(&leaves[..usize::try_from(n).unwrap()]);
            assert_eq!(root(&mut tiles, n).unwrap(), expected, "{n}");
            assert_eq!(frontier.root(), expected, "{n}");
            if n < size {
                frontier.push(entry(n));
            }
        }
    }

    #[test]
    fn what_lies_outside_the_tree_is_refused() {
        let (mut tiles, _) = grown(&[10]);
        assert_eq!(inclusion(&mut tiles, 10, 10), Err(TreeError::Outside));
        assert_eq!(consistency(&mut tiles, 0, 10), Err(TreeError::Outside));
        assert_eq!(consistency(&mut tiles, 11, 10), Err(TreeError::Outside));
        assert_eq!(root(&mut tiles, 11), Err(TreeError::Missing { level: 0, n: 0 }));
        assert!(!includes(&entry(0), 10, 10, &[], &entry(0)));
        assert!(includes(&entry(0), 0, 1, &[], &entry(0)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn proofs_hold_and_a_changed_bit_breaks_them(
            steps in prop::collection::vec(1_u64..400, 1..6), a: u64, b: u64, bit in 0_usize..256,
        ) {
            let (mut tiles, size) = grown(&steps);
            let (index, old) = (a % size, b % size + 1);
            let new = Head { size, root: root(&mut tiles, size).unwrap() };
            let before = Head { size: old, root: root(&mut tiles, old).unwrap() };
            let mut path = inclusion(&mut tiles, index, size).unwrap();
            prop_assert!(includes(&entry(index), index, size, &path, &new.root));
            prop_assert!(!includes(&entry(index + 1), index, size, &path, &new.root));
            let mut proof = consistency(&mut tiles, old, size).unwrap();
            prop_assert!(extends(&before, &new, &proof));
            if let Some(hash) = path.first_mut() {
                hash[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(!includes(&entry(index), index, size, &path, &new.root));
            }
            if let Some(hash) = proof.first_mut() {
                hash[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(!extends(&before, &new, &proof));
            }
        }

        #[test]
        fn no_proof_of_chance_is_believed(
            index: u64, size: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70),
        ) {
            prop_assert!(!includes(&[1; 32], index, size, &path, &[2; 32]));
            let head = |size, byte| Head { size, root: [byte; 32] };
            prop_assert!(!extends(&head(index, 3), &head(size, 4), &path));
        }
    }
}
