//! The archive of endings: what a restore reads, outside the store and its backups (PROTOCOLS §6).
//!
//! An ending is written to the store with its effect, then as one file here, and only then
//! acknowledged. Files are numbered without gaps, and sealed to the role.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Bytes, Chance, Digest, PersonId, Time};
use keys::{Purpose, SealKey};
use pki_contract::Status;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, values};

/// The purpose of the key under which endings lie.
#[derive(Debug)]
pub enum Endings {}

impl Purpose for Endings {
    const NAME: &'static str = "ca-signer.endings";
}

/// What may not be forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ending")]
pub(crate) enum Ending {
    /// A certificate was signed, and its approval is spent.
    Signed(Certified),
    /// A status changed, and its approval is spent.
    Changed(Changed),
    /// A revocation list was signed.
    Listed {
        /// Whose.
        issuer: Digest,
        /// Its number.
        number: u64,
    },
}

/// A certificate and all that its row points to (R9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Certified {
    pub(crate) serial: String,
    pub(crate) issuer: Digest,
    pub(crate) spki: Digest,
    pub(crate) approval: Approved,
    pub(crate) profile: Digest,
    pub(crate) person: Option<PersonId>,
    pub(crate) register_version: Option<i64>,
    pub(crate) certificate: Bytes,
    pub(crate) number: i64,
    pub(crate) at: Time,
}

/// An approval as it was spent; a standing one has no text here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Approved {
    pub(crate) id: String,
    pub(crate) digest: Digest,
    pub(crate) text: String,
    pub(crate) officer: String,
}

/// A status and the approval that changed it; `number` is none where it stayed as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) serial: String,
    pub(crate) issuer: Digest,
    pub(crate) status: Status,
    pub(crate) approval: Approved,
    pub(crate) number: Option<i64>,
    pub(crate) at: Time,
}

/// Why the archive does not take or give.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The folder.
    #[error("the archive cannot be read or written")]
    File(#[from] std::io::Error),
    /// An entry that is another's or damaged.
    #[error("entry {0} of the archive is damaged or another's")]
    Entry(i64),
    /// An entry between others is not there.
    #[error("entry {0} of the archive is not there")]
    Gap(i64),
}

/// The folder.
#[derive(Clone)]
pub(crate) struct Archive {
    folder: PathBuf,
    key: Arc<SealKey<Endings>>,
    chance: Arc<dyn Chance>,
}

impl Archive {
    /// Opens the folder, made when absent.
    pub(crate) fn open(
        folder: &Path,
        key: SealKey<Endings>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, ArchiveError> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), key: Arc::new(key), chance })
    }

    fn file(&self, number: i64) -> PathBuf {
        self.folder.join(format!("{number:010}.ending"))
    }

    /// Writes an entry, on the disk before this returns; one that stands is left as it is.
    pub(crate) fn put(&self, number: i64, body: &str) -> Result<(), ArchiveError> {
        let file = self.file(number);
        if file.exists() {
            return Ok(());
        }
        let context = number.to_be_bytes();
        let sealed = self.key.seal(&context, body.as_bytes(), self.chance.as_ref());
        let sealed = sealed.map_err(|_| ArchiveError::Entry(number))?;
        let new = file.with_extension("new");
        let mut to = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
        to.write_all(&sealed)?;
        to.sync_all()?;
        std::fs::rename(&new, &file)?;
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// The entries above `number`, in order.
    pub(crate) fn above(&self, number: i64) -> Result<Vec<(i64, Ending, String)>, ArchiveError> {
        let mut entries = Vec::new();
        let highest = self.highest()?;
        for number in number.saturating_add(1)..=highest {
            let sealed = std::fs::read(self.file(number)).map_err(|_| ArchiveError::Gap(number))?;
            let damaged = || ArchiveError::Entry(number);
            let plain = self.key.open(&number.to_be_bytes(), &sealed).map_err(|_| damaged())?;
            let body = String::from_utf8(plain.to_vec()).map_err(|_| damaged())?;
            let ending = serde_json::from_str(&body).map_err(|_| damaged())?;
            entries.push((number, ending, body));
        }
        Ok(entries)
    }

    fn highest(&self) -> Result<i64, ArchiveError> {
        let mut highest = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".ending"));
            let number = number.and_then(|number| number.parse::<i64>().ok());
            highest = highest.max(number.unwrap_or(0));
        }
        Ok(highest)
    }
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Archive({})", self.folder.display())
    }
}

/// Puts an ending beside its effect.
pub(crate) fn keep(tx: &mut Tx, ending: &Ending) -> Result<(), StoreError> {
    let body = serde_json::to_string(ending);
    let body = body.map_err(|why| StoreError::Column(why.to_string()))?;
    let number = crate::counter::next(tx, crate::counter::ENDING)?;
    tx.insert(
        "INSERT INTO ca_signer_ending (number, body, archived) VALUES ($1, $2, 0)",
        values![number, body],
    )
}

/// Endings that do not lie in the archive yet, in order.
pub(crate) fn unarchived(tx: &mut Tx) -> Result<Vec<(i64, String)>, StoreError> {
    tx.all(
        "SELECT number, body FROM ca_signer_ending WHERE archived = 0 ORDER BY number LIMIT 500",
        values![],
    )
}

/// Notes that all up to `number` lie in the archive; the archive has them from then on.
pub(crate) fn archived(tx: &mut Tx, number: i64) -> Result<(), StoreError> {
    tx.insert(
        "UPDATE ca_signer_ending SET archived = 1, body = '' WHERE number <= $1 AND archived = 0",
        values![number],
    )
}
