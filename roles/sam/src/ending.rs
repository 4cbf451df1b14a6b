//! Endings: what a restored backup may not bring back (PROTOCOLS §6).
//!
//! An ending is committed with its effect, then written to the archive outside the store, and
//! only then acknowledged. A store that is older than the mark outside it has been restored: then
//! all endings of the archive are applied again, in their order, before anything is answered.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use activation_contract::{Credential, Device, Pin};
use base::{Bytes, Digest, Id, PersonId, Time};
use sam_contract::CredentialState;
use serde::{Deserialize, Serialize};
use store::{Tx, values};

use crate::life::{DeviceLife, MeansLife};
use crate::row::{json, word};
use crate::{Stop, vouch};

/// What has ended, or begun again by an officer's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub(crate) enum Ending {
    /// A device acts no more.
    Device { device: Id<Device>, at: Time },
    /// A person's means were frozen or unfrozen.
    Means { person: PersonId, state: MeansLife, at: Time },
    /// A PIN is blocked.
    PinBlocked { device: Id<Device>, pin: Pin, tries: u8, at: Time },
    /// A device has new PINs, and the freeze code of its new sheet: the old ones are worth nothing.
    Pins {
        device: Id<Device>,
        pin1: Bytes,
        pin2: Bytes,
        #[serde(default)]
        freeze_code: Option<Digest>,
        at: Time,
    },
    /// A key is suspended, free again, revoked or destroyed.
    Key { credential: Id<Credential>, state: CredentialState },
    /// An officer's word was acted on.
    Proof { id: String, digest: Digest, at: Time },
}

/// Commits an ending with the change it is about; its number.
pub(crate) fn put(tx: &mut Tx, ending: &Ending) -> Result<i64, Stop> {
    let number = counted(tx)?;
    tx.insert(
        "INSERT INTO sam_ending (number, body, archived) VALUES ($1, $2, 0)",
        values![number, json(ending)?],
    )?;
    Ok(number)
}

/// The next number of the store.
pub(crate) fn counted(tx: &mut Tx) -> Result<i64, Stop> {
    let next: Option<(i64,)> = tx.first(
        "UPDATE sam_head SET counter = counter + 1 WHERE id = 0 RETURNING counter",
        values![],
    )?;
    Ok(next.ok_or(Stop::Damaged("no head: was it set up?"))?.0)
}

impl Ending {
    /// Makes it so, whatever stands.
    pub(crate) fn apply(&self, tx: &mut Tx) -> Result<(), Stop> {
        match self {
            Self::Device { device, at } => {
                tx.update(
                    "UPDATE sam_device SET state = $2, ended_at = $3 WHERE id = $1",
                    values![*device, word(&DeviceLife::Ended), *at],
                )?;
            }
            Self::Means { person, state, at } => means(tx, *person, *state, *at)?,
            Self::PinBlocked { device, pin, tries, at } => {
                tx.update(
                    "UPDATE sam_pin SET tries = $3, last_at = $4 WHERE device = $1 AND pin = $2",
                    values![*device, word(pin), *tries, *at],
                )?;
            }
            Self::Pins { device, pin1, pin2, freeze_code, at } => {
                vouch::voided(tx, *device, *at)?;
                if let Some(code) = freeze_code {
                    tx.update(
                        "UPDATE sam_device SET freeze_code = $2 WHERE id = $1",
                        values![*device, code.0],
                    )?;
                }
                for (pin, key) in [(Pin::Pin1, pin1), (Pin::Pin2, pin2)] {
                    tx.update(
                        "UPDATE sam_pin SET pin_key = $3, tries = 0, last_at = $4
                         WHERE device = $1 AND pin = $2",
                        values![*device, word(&pin), &key.0, *at],
                    )?;
                }
            }
            Self::Key { credential, state } => key(tx, *credential, *state)?,
            Self::Proof { id, digest, at } => {
                tx.update(
                    "INSERT INTO sam_proof (id, digest, spent_at) VALUES ($1, $2, $3)
                     ON CONFLICT DO NOTHING",
                    values![id, digest.0, *at],
                )?;
            }
        }
        Ok(())
    }
}

/// Sets a person's means.
pub(crate) fn means(tx: &mut Tx, person: PersonId, state: MeansLife, at: Time) -> Result<(), Stop> {
    tx.update(
        "INSERT INTO sam_person (person, state, since) VALUES ($1, $2, $3)
         ON CONFLICT (person) DO UPDATE SET state = excluded.state, since = excluded.since",
        values![person, word(&state), at],
    )?;
    Ok(())
}

fn key(tx: &mut Tx, credential: Id<Credential>, state: CredentialState) -> Result<(), Stop> {
    tx.update(
        "UPDATE sam_credential SET state = $2 WHERE id = $1",
        values![credential, word(&state)],
    )?;
    if state == CredentialState::Destroyed {
        tx.update("UPDATE sam_credential SET held = NULL WHERE id = $1", values![credential])?;
    }
    Ok(())
}

/// Where endings lie beside the store and its backups. Entries are sealed to `sam`.
///
/// Calls block; they are made off the runtime's threads.
pub trait Archive: Send + Sync + std::fmt::Debug {
    /// Keeps an entry; it lies safe when this returns. The same number again: the same entry.
    ///
    /// # Errors
    /// When it may not be safe.
    fn put(&self, number: u64, entry: &[u8]) -> std::io::Result<()>;

    /// All entries, in the order of their numbers.
    ///
    /// # Errors
    /// When they cannot all be read.
    fn all(&self) -> std::io::Result<Vec<(u64, Vec<u8>)>>;
}

/// An archive in a folder: a file per entry, each synced.
#[derive(Clone, Debug)]
pub struct FolderArchive(PathBuf);

impl FolderArchive {
    /// In `folder`, made at the first entry.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
}

const SUFFIX: &str = "ending";

impl Archive for FolderArchive {
    fn put(&self, number: u64, entry: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let file = self.0.join(format!("{number:020}.{SUFFIX}"));
        let new = file.with_extension("new");
        let mut to = File::create(&new)?;
        to.write_all(entry)?;
        to.sync_all()?;
        fs::rename(&new, &file)?;
        File::open(&self.0)?.sync_all()
    }

    fn all(&self) -> std::io::Result<Vec<(u64, Vec<u8>)>> {
        let mut entries = Vec::new();
        for file in fs::read_dir(&self.0)? {
            let path = file?.path();
            if path.extension().is_none_or(|found| found != SUFFIX) {
                continue;
            }
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let number = stem.parse().map_err(|_| std::io::Error::other("a stray file"))?;
            entries.push((number, fs::read(&path)?));
        }
        entries.sort_unstable();
        Ok(entries)
    }
}
