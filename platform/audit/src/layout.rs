//! Where tiles and bundles lie, and how bundles hold their entries.
//!
//! Spec: C2SP tlog-tiles: `tile/<level>/<n>[.p/<width>]`, `tile/entries/<n>[.p/<width>]`, entries
//! with a length of two bytes before each. Ours beside it, in the same form: `tile/sealed/…` (the
//! ciphertext of each entry) and `tile/checkpoints/…` (every checkpoint ever signed).

use crate::tree::{Hash, TILE, Tile};

/// Where the newest checkpoint lies.
pub const CHECKPOINT: &str = "checkpoint";

/// What a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bundle {
    /// Entries: the leaves' bytes.
    Entries,
    /// The ciphertext of each entry.
    Sealed,
    /// Every checkpoint, numbered from 0.
    Checkpoints,
}

impl Bundle {
    /// The three kinds.
    pub const ALL: [Self; 3] = [Self::Entries, Self::Sealed, Self::Checkpoints];

    /// The path of bundle `n`, of `width` items (256 for a full one).
    #[must_use]
    pub fn path(self, n: u64, width: u64) -> String {
        let folder = match self {
            Self::Entries => "entries",
            Self::Sealed => "sealed",
            Self::Checkpoints => "checkpoints",
        };
        numbered(folder, n, width)
    }
}

/// The path of tile `n` of `level`, of `width` hashes (256 for a full one).
#[must_use]
pub fn tile_path(level: u8, n: u64, width: u64) -> String {
    numbered(&level.to_string(), n, width)
}

/// Every number and width of the tiles (or bundles) over `count` items: full ones, then the
/// partial one.
pub fn spans(count: u64) -> impl Iterator<Item = (u64, u64)> {
    let partial = (!count.is_multiple_of(TILE)).then_some((count / TILE, count % TILE));
    (0..count / TILE).map(|n| (n, TILE)).chain(partial)
}

/// The bytes of a tile.
#[must_use]
pub fn tile_bytes(tile: &Tile) -> Vec<u8> {
    tile.hashes.concat()
}

/// The hashes in a tile's bytes; none for a length that is no multiple of 32.
#[must_use]
pub fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}

/// The bytes of a bundle of items; none for an item over 65,535 bytes.
#[must_use]
pub fn bundle<'a>(items: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for item in items {
        bytes.extend_from_slice(&u16::try_from(item.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(item);
    }
    Some(bytes)
}

/// The items of a bundle, at most 256; none for bytes that do not end with an item.
#[must_use]
pub fn unbundle(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut items, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() && items.len() < 256 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (item, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
        items.push(item);
        rest = after;
    }
    rest.is_empty().then_some(items)
}

fn numbered(folder: &str, n: u64, width: u64) -> String {
    let mut elements = format!("{:03}", n % 1000);
    let mut rest = n / 1000;
    while rest > 0 {
        elements = format!("x{:03}/{elements}", rest % 1000);
        rest /= 1000;
    }
    let partial = if width < TILE { format!(".p/{width}") } else { String::new() };
    format!("tile/{folder}/{elements}{partial}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(tile_path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile_path(1, 5, 112), "tile/1/005.p/112");
        assert_eq!(Bundle::Entries.path(1_000, 1), "tile/entries/x001/000.p/1");
    }

    proptest! {
        #[test]
        fn a_bundle_gives_its_items_back(
            items in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..256),
        ) {
            let bytes = bundle(items.iter().map(Vec::as_slice)).unwrap();
            prop_assert_eq!(unbundle(&bytes).unwrap(), items);
        }

        #[test]
        fn other_bytes_are_no_bundle_or_that_bundle(bytes: Vec<u8>) {
            if let Some(items) = unbundle(&bytes) {
                prop_assert_eq!(bundle(items), Some(bytes));
            }
        }
    }
}
