//! The process and what it needs.

use std::path::PathBuf;
use std::sync::Arc;

use base::{Chance, Clock, Time};
use keys::{Keeper, SealKey};
use pki_contract::SignerRefusal;
use store::{Schema, Store, StoreError};
use tokio::sync::Mutex;

use crate::archive::{self, Archive, Endings};
use crate::authority::{self, Book, OpenError};
use crate::failed::Failed;
use crate::restore;

/// The tables `ca_signer_*`.
pub const SCHEMA: Schema = Schema { system: "ca_signer", steps: &[include_str!("schema.sql")] };

/// What the process is made of.
#[derive(Debug)]
pub struct Parts {
    /// Role and instance, as approvals name it: `ca-signer/1`.
    pub role: String,
    /// Its store, opened with [`SCHEMA`] and filled by [`crate::found`].
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Who keeps the authorities' keys.
    pub keeper: Keeper,
    /// The key under which endings lie.
    pub endings: SealKey<Endings>,
    /// The folder of the archive: outside the store and its backups.
    pub archive: PathBuf,
}

/// The process at work.
#[derive(Debug)]
pub struct CaSigner {
    pub(crate) role: String,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) book: Book,
    pub(crate) archive: Archive,
    /// One brings endings to the archive at a time, and one makes lists.
    pub(crate) archiving: Mutex<()>,
    pub(crate) listing: Mutex<()>,
}

impl CaSigner {
    /// Puts the process to work: opens the keys, takes in what the archive knows and the store
    /// does not (a store that was restored), then brings what is not archived there.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(parts: Parts) -> Result<Self, OpenError> {
        let Parts { role, store, clock, chance, keeper, endings, archive } = parts;
        let rows = store.read("ca_signer.rows", authority::rows).await?;
        let book = Book::open(rows, &keeper)?;
        let archive = Archive::open(&archive, endings, Arc::clone(&chance))?;
        restore::merge(&store, &archive).await?;
        let (archiving, listing) = (Mutex::default(), Mutex::default());
        let signer = Self { role, store, clock, chance, book, archive, archiving, listing };
        if let Err(refusal) = signer.archived().await {
            tracing::warn!(%refusal, "not everything lies in the archive yet");
        }
        Ok(signer)
    }

    /// Brings every ending to the archive that is not there: done before anything is
    /// acknowledged.
    pub(crate) async fn archived(&self) -> Result<(), Failed> {
        let _one = self.archiving.lock().await;
        loop {
            let waiting = self.store.read("ca_signer.unarchived", archive::unarchived).await?;
            let Some((last, _)) = waiting.last() else { return Ok(()) };
            let (last, archive) = (*last, self.archive.clone());
            let put =
                move || waiting.iter().try_for_each(|(number, body)| archive.put(*number, body));
            let done = tokio::task::spawn_blocking(put).await;
            let done = done.map_err(|why| why.to_string());
            let done = done.and_then(|done| done.map_err(|why| why.to_string()));
            if let Err(why) = done {
                tracing::error!(%why, "the archive does not take endings");
                return Err(SignerRefusal::BeingCarriedOut.into());
            }
            let noted = move |tx: &mut store::Tx| archive::archived(tx, last);
            self.store.write::<_, StoreError>("ca_signer.archived", noted).await?;
        }
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }
}
