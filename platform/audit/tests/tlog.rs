//! The tree beside another's: the `tlog_tiles` crate, a port of Go's `sumdb/tlog`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use audit::layout::{spans, tile_path};
use audit::tree::{self, MemoryTiles};
use tlog_tiles::tlog::{self, Hash, HashReader};

#[derive(Default)]
struct Theirs(Vec<Hash>);

impl HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

fn ours(size: u64) -> MemoryTiles {
    let leaves: Vec<_> = (0..size).map(|n| tree::leaf_hash(&entry(n))).collect();
    let mut tiles = MemoryTiles::default();
    for tile in tree::grow(&mut tiles, 0, &leaves).unwrap() {
        tiles.put(tile);
    }
    tiles
}

fn theirs(size: u64) -> Theirs {
    let mut theirs = Theirs::default();
    for n in 0..size {
        let hashes = tlog::stored_hashes(n, &entry(n), &theirs).unwrap();
        theirs.0.extend(hashes);
    }
    theirs
}

#[test]
fn roots_and_proofs_are_those_of_tlog_tiles() {
    let size = 70_000;
    let (mut ours, theirs) = (ours(size), theirs(size));
    let root = tree::root(&mut ours, size).unwrap();
    assert_eq!(root, tlog::tree_hash(size, &theirs).unwrap().0);
    let plain = |hashes: Vec<Hash>| hashes.into_iter().map(|hash| hash.0).collect::<Vec<_>>();
    for n in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 69_998, 69_999] {
        let expected = plain(tlog::prove_record(size, n, &theirs).unwrap());
        assert_eq!(tree::inclusion(&mut ours, n, size).unwrap(), expected, "{n}");
        let expected = plain(tlog::prove_tree(size, n + 1, &theirs).unwrap());
        assert_eq!(tree::consistency(&mut ours, n + 1, size).unwrap(), expected, "{n}");
    }
}

#[test]
fn tiles_have_the_paths_and_bytes_of_tlog_tiles() {
    let size = 70_000_u64;
    let (mut ours, theirs) = (ours(size), theirs(size));
    for (level, count) in [(0_u8, size), (1, size >> 8), (2, size >> 16)] {
        for (n, width) in spans(count) {
            let width_there = u32::try_from(width).unwrap();
            let tile = tlog_tiles::tile::Tile::new(8, level, n, width_there, false);
            let path = tile.path();
            let path = path.strip_prefix("tile/8/").map_or(path.clone(), |p| format!("tile/{p}"));
            assert_eq!(tile_path(level, n, width), path);
            let hashes = audit::tree::Tiles::tile(&mut ours, level, n).unwrap();
            assert_eq!(hashes.concat(), tile.read_data(&theirs).unwrap(), "{path}");
        }
    }
}
