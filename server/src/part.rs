//! What every part of the web process stands on: its owner, its store, its log.

use std::path::PathBuf;
use std::sync::Arc;

use audit::handle::Handles;
use audit::{Checkpoints, KeptSigner, KeptWrap, Log, LogError, LogKeys, NotEd25519, Sequencer};
use base::{Chance, Clock, Owner};
use keys::{Algorithm, Keeper, SealKey, Signer};
use links::Party;
use store::{Schema, Store, StoreError};

use crate::place::{Home, HomeError};

/// A part with its store opened.
#[derive(Debug)]
pub(crate) struct Part {
    /// `<owner>/<part>`.
    pub(crate) party: Party,
    /// Its store.
    pub(crate) store: Store,
    /// Who keeps its keys.
    pub(crate) keeper: Keeper,
    home: Home,
}

/// Why a part does not stand.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PartError {
    /// Its store.
    #[error("the store of {part}")]
    Store {
        /// Which part.
        part: String,
        /// Why.
        source: StoreError,
    },
    /// A key of its.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Its log.
    #[error("the log of {part}")]
    Log {
        /// Which part.
        part: String,
        /// Why.
        source: LogError,
    },
    /// The key of its checkpoints.
    #[error(transparent)]
    Checkpoints(#[from] NotEd25519),
    /// Its log's archive.
    #[error("the archive of {part}")]
    Archive {
        /// Which part.
        part: String,
        /// Why.
        source: std::io::Error,
    },
    /// A handle key that refused.
    #[error("the handle keys")]
    Handles(#[from] keys::SignError),
    /// A name that is no part's.
    #[error("{0} is no name of a part")]
    Name(String),
}

/// What all parts of a process share.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    /// Time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Chance.
    pub(crate) chance: Arc<dyn Chance>,
    /// The process's folder.
    pub(crate) home: Home,
}

impl Ground {
    /// Opens the part `name` of `owner` with the schemas of its own beside those of every part.
    ///
    /// # Errors
    /// [`PartError`].
    pub(crate) fn part(&self, owner: Owner, name: &str, own: &[Schema]) -> Result<Part, PartError> {
        let party = Party::new(owner, name).map_err(|_| PartError::Name(name.to_owned()))?;
        let schemas: Vec<Schema> = [audit::SCHEMA].iter().chain(own).copied().collect();
        let store = self
            .home
            .store(name, &self.clock, &self.chance, &schemas)
            .map_err(|source| PartError::Store { part: name.to_owned(), source })?;
        let keeper = self.home.keeper(&party.to_string(), Arc::clone(&self.chance))?;
        Ok(Part { party, store, keeper, home: self.home.clone() })
    }
}

impl Part {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        self.party.part()
    }

    /// A key of its, made at the first use.
    ///
    /// # Errors
    /// [`HomeError`].
    pub(crate) fn key<K: keys::Kept>(
        &self,
        name: &str,
        algorithm: Algorithm,
    ) -> Result<K, HomeError> {
        self.home.key(&self.keeper, &format!("{}.{name}", self.name()), algorithm)
    }

    /// Its log and the log's sequencer, which archives beside the store.
    ///
    /// # Errors
    /// [`PartError`].
    pub(crate) async fn log(
        &self,
        handles: Arc<dyn Handles>,
    ) -> Result<(Log, Sequencer), PartError> {
        let wrap: SealKey<LogKeys> = self.key("log", Algorithm::Aes256Gcm)?;
        let signer: Signer<Checkpoints> = self.key("checkpoints", Algorithm::Ed25519)?;
        let chance = Arc::clone(self.store.chance());
        let parts = audit::Parts {
            owner: self.party.owner.clone(),
            part: self.name().to_owned(),
            store: self.store.clone(),
            wrap: Arc::new(KeptWrap::new(wrap, chance)),
            handles,
            day: country::date,
        };
        let failed = |source| PartError::Log { part: self.name().to_owned(), source };
        let log = Log::open(parts).await.map_err(failed)?;
        let signer = Arc::new(KeptSigner::new(signer)?);
        let sequencer = Sequencer::new(log.clone(), signer, Some(self.archive()));
        Ok((log, sequencer))
    }

    /// The folder of its log's archive.
    pub(crate) fn archive(&self) -> PathBuf {
        self.home.file("archive").join(self.name())
    }
}
