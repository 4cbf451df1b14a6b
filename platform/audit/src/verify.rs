//! Checking a log offline: every byte of an exported folder, from its public key alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::checkpoint::{Checkpoint, LogKey};
use crate::layout::{self, Bundle};
use crate::leaf::Leaf;
use crate::seal;
use crate::tree::{self, Frontier, Hash, Head, MemoryTiles, TILE, Tile};

/// How many problems are told one by one.
pub const MOST_PROBLEMS: usize = 100;

/// The largest file that is read: 256 items of 64 KiB.
const LARGEST: u64 = 256 * (65_535 + 2);

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The log's name.
    pub log: String,
    /// The newest checkpoint; none when there is none that verifies.
    pub checkpoint: Option<Checkpoint>,
    /// How many checkpoints lead to it.
    pub checkpoints: u64,
    /// How many files were read.
    pub files: u64,
    /// What is wrong: nothing in a sound log. At most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the folder.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.what)
    }
}

impl Report {
    /// Whether every byte is what the newest checkpoint says.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.problems.is_empty() && self.checkpoint.is_some()
    }
}

/// Checks the folder of a log: the newest checkpoint's signature, the chain of all checkpoints
/// and the root each one names, every entry, ciphertext and tile, and that nothing else is there
/// (files that end with `.new` are torn writes and passed over).
///
/// # Errors
/// The folder cannot be read. A damaged log is no error: see [`Report::sound`].
pub fn directory(folder: &Path, key: &LogKey) -> std::io::Result<Report> {
    let mut check = Check::new(folder, key);
    check.list()?;
    check.begin();
    if let Some(head) = check.report.checkpoint.as_ref().map(|checkpoint| checkpoint.head) {
        let mut chain = Chain::default();
        check.entries(head, &mut chain);
        check.ended(head, &mut chain);
        check.rest();
    }
    Ok(check.report)
}

struct Check<'a> {
    folder: &'a Path,
    key: &'a LogKey,
    /// Files of the folder that nothing has accounted for yet.
    files: BTreeSet<String>,
    newest: Vec<u8>,
    /// What partial files of earlier times must be the beginnings of.
    whole: BTreeMap<String, Vec<u8>>,
    report: Report,
}

/// The chain of checkpoints as far as it was read.
#[derive(Default)]
struct Chain {
    bundles: u64,
    ended: bool,
    /// Not compared with the entries yet.
    waiting: VecDeque<Head>,
    previous: Option<Hash>,
    last: Vec<u8>,
    reach: u64,
}

impl<'a> Check<'a> {
    fn new(folder: &'a Path, key: &'a LogKey) -> Self {
        let (log, problems) = (key.log.clone(), Vec::new());
        let report = Report { log, checkpoint: None, checkpoints: 0, files: 0, problems };
        let (files, whole) = (BTreeSet::new(), BTreeMap::new());
        Self { folder, key, files, newest: Vec::new(), whole, report }
    }

    fn problem(&mut self, file: &str, what: impl Into<String>) {
        if self.report.problems.len() < MOST_PROBLEMS {
            let (file, what) = (file.to_owned(), what.into());
            self.report.problems.push(Problem { file, what });
        }
    }

    /// Lists every file of the folder.
    fn list(&mut self) -> std::io::Result<()> {
        let mut folders = vec![self.folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let (path, kind) = entry.and_then(|e| Ok((e.path(), e.file_type()?)))?;
                if kind.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.folder).unwrap_or(&path);
                let name = name.to_string_lossy().into_owned();
                if !name.ends_with(".new") {
                    self.files.insert(name);
                }
            }
        }
        Ok(())
    }

    /// A file that must be there.
    fn file(&mut self, name: &str) -> Option<Vec<u8>> {
        self.files.remove(name);
        let path = self.folder.join(name);
        let small = fs::metadata(&path).is_ok_and(|file| file.len() <= LARGEST);
        match fs::read(&path) {
            Ok(bytes) if small => {
                self.report.files += 1;
                Some(bytes)
            }
            Ok(_) => {
                self.problem(name, "too large");
                None
            }
            Err(error) => {
                self.problem(name, format!("cannot be read: {}", error.kind()));
                None
            }
        }
    }

    fn begin(&mut self) {
        let Some(note) = self.file(layout::CHECKPOINT) else { return };
        match Checkpoint::verified(&note, self.key) {
            Ok(checkpoint) => self.report.checkpoint = Some(checkpoint),
            Err(error) => self.problem(layout::CHECKPOINT, error.to_string()),
        }
        self.newest = note;
    }

    /// The next checkpoint of the chain; its bundle is read when it is the first of it.
    fn next(&mut self, chain: &mut Chain) -> Option<Head> {
        if chain.waiting.is_empty() && !chain.ended {
            self.link(chain);
        }
        chain.waiting.front().copied()
    }

    /// Reads and checks the next bundle of checkpoints.
    fn link(&mut self, chain: &mut Chain) {
        let width = self.width_of(Bundle::Checkpoints, chain.bundles);
        chain.ended = width < TILE;
        let name = Bundle::Checkpoints.path(chain.bundles, width);
        let notes = match width {
            0 => None,
            _ => self.bundle(Bundle::Checkpoints, chain.bundles, width),
        };
        for note in notes.unwrap_or_default() {
            match Checkpoint::verified(&note, self.key) {
                Ok(Checkpoint { head, previous, .. }) => {
                    if previous != chain.previous || head.size <= chain.reach {
                        let what = format!("the checkpoint of {} breaks the chain", head.size);
                        self.problem(&name, what);
                    }
                    chain.reach = chain.reach.max(head.size);
                    chain.waiting.push_back(head);
                }
                Err(error) => self.problem(&name, error.to_string()),
            }
            chain.previous = Some(Sha256::digest(&note).into());
            chain.last = note;
            self.report.checkpoints += 1;
        }
        chain.bundles += 1;
    }

    /// Compares what the chain says about trees up to this size.
    fn named(&mut self, chain: &mut Chain, frontier: &Frontier) {
        while let Some(head) = self.next(chain).filter(|head| head.size <= frontier.size()) {
            if head.size < frontier.size() || head.root != frontier.root() {
                let what = format!("the checkpoint of {} names another root", head.size);
                self.problem(layout::CHECKPOINT, what);
            }
            chain.waiting.pop_front();
        }
    }

    /// The chain must end with the newest checkpoint.
    fn ended(&mut self, head: Head, chain: &mut Chain) {
        while self.next(chain).is_some() {
            let what = "the chain goes beyond the newest checkpoint";
            self.problem(layout::CHECKPOINT, what);
            chain.waiting.clear();
        }
        if chain.last != self.newest || chain.reach != head.size {
            self.problem(layout::CHECKPOINT, "not the last of the chain of checkpoints");
        }
    }

    /// The widest bundle of this number that is there.
    fn width_of(&self, bundle: Bundle, n: u64) -> u64 {
        let there = |width: &u64| self.files.contains(&bundle.path(n, *width));
        (1..=TILE).rev().find(there).unwrap_or(0)
    }

    fn bundle(&mut self, bundle: Bundle, n: u64, width: u64) -> Option<Vec<Vec<u8>>> {
        let name = bundle.path(n, width);
        let bytes = self.file(&name)?;
        let items = layout::unbundle(&bytes)
            .map(|items| items.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
        let full = items.filter(|items| u64::try_from(items.len()) == Ok(width));
        if full.is_none() {
            self.problem(&name, "not a bundle of that many items");
        }
        self.keep(bundle.path(n, TILE), bytes);
        full
    }

    /// Keeps a file's bytes when an earlier, partial form of it is still there.
    fn keep(&mut self, whole: String, bytes: Vec<u8>) {
        let partial = format!("{whole}.p/");
        let next = self.files.range(partial.clone()..).next();
        if next.is_some_and(|file| file.starts_with(&partial)) {
            self.whole.insert(whole, bytes);
        }
    }

    /// Every entry with its ciphertext, the roots that the checkpoints name, and every tile.
    fn entries(&mut self, head: Head, chain: &mut Chain) {
        let (mut frontier, mut tiles) = (Frontier::default(), MemoryTiles::default());
        for (n, width) in layout::spans(head.size) {
            let Some(entries) = self.bundle(Bundle::Entries, n, width) else { return };
            let sealed = self.bundle(Bundle::Sealed, n, width);
            self.details(&Bundle::Entries.path(n, width), &entries, sealed.as_deref());
            let leaves: Vec<Hash> = entries.iter().map(|entry| tree::leaf_hash(entry)).collect();
            for leaf in &leaves {
                frontier.push(*leaf);
                self.named(chain, &frontier);
            }
            match tree::grow(&mut tiles, n * TILE, &leaves) {
                Ok(grown) => self.tiles(grown, &mut tiles, head.size),
                Err(error) => self.problem(layout::CHECKPOINT, error.to_string()),
            }
        }
        if frontier.root() != head.root {
            self.problem(layout::CHECKPOINT, "the entries have another root");
        }
    }

    fn details(&mut self, name: &str, entries: &[Vec<u8>], sealed: Option<&[Vec<u8>]>) {
        for (number, entry) in entries.iter().enumerate() {
            let Ok(leaf) = Leaf::parse(entry) else {
                self.problem(name, format!("item {number} is no entry"));
                continue;
            };
            if leaf.log != self.key.log {
                self.problem(name, format!("item {number} is another log's entry"));
            }
            let sealed = sealed.and_then(|sealed| sealed.get(number));
            if sealed.map(|sealed| seal::digest(sealed)) != Some(leaf.sealed) {
                self.problem(name, format!("item {number} has another ciphertext"));
            }
        }
    }

    /// Compares the tiles that grew last with their files: full ones now, partial ones when the
    /// last entry is in them.
    fn tiles(&mut self, grown: Vec<Tile>, tiles: &mut MemoryTiles, size: u64) {
        for tile in grown {
            let count = size >> (8 * u32::from(tile.level)).min(63);
            let expected = (count - tile.n * TILE).min(TILE);
            if u64::try_from(tile.hashes.len()) == Ok(expected) {
                let name = layout::tile_path(tile.level, tile.n, expected);
                let ours = layout::tile_bytes(&tile);
                if self.file(&name).is_some_and(|theirs| theirs != ours) {
                    self.problem(&name, "not the hashes of its entries");
                }
                self.keep(layout::tile_path(tile.level, tile.n, TILE), ours);
            }
            tiles.put(tile);
        }
    }

    /// What is left: partial files of earlier checkpoints, each the beginning of its successor.
    fn rest(&mut self) {
        for name in std::mem::take(&mut self.files) {
            let whole = name.rsplit_once(".p/").and_then(|(whole, _)| self.whole.get(whole));
            let whole = whole.cloned();
            let Some(bytes) = self.file(&name) else { continue };
            if !whole.is_some_and(|whole| begins(&name, &whole, &bytes)) {
                self.problem(&name, "no part of the log");
            }
        }
    }
}

/// Whether a partial file holds exactly the first items of a wider one.
fn begins(name: &str, whole: &[u8], bytes: &[u8]) -> bool {
    let width = name.rsplit_once(".p/").and_then(|(_, width)| width.parse::<usize>().ok());
    let bundle = Bundle::ALL.iter().any(|bundle| {
        let path = bundle.path(0, TILE);
        path.rsplit_once('/').is_some_and(|(folder, _)| name.starts_with(&format!("{folder}/")))
    });
    let items = if bundle {
        layout::unbundle(bytes).map(|items| items.len())
    } else {
        layout::hashes(bytes).map(|hashes| hashes.len())
    };
    items.is_some() && items == width && whole.starts_with(bytes)
}
