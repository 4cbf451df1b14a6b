//! The data folder: one folder for each process, one store for each part.
//!
//! ```text
//! sakta-data/
//!   demo.json                 addresses, cast, clients, anchors
//!   anchors/*.pem             what a checker trusts
//!   base                      the address that went into certificates
//!   <process>/                web, ca-signer, sam, ocsp, tsu, phone, desk; officer-1, …
//!     kek                     the process's key-encryption key, mode 0600
//!     transport.pem           its transport certificate and those above it
//!     transport.key           its transport key, wrapped
//!     <part>/store.db         the store of one part
//!   transport/ca.pem          whom the processes believe each other by
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Chance, Clock};
use keys::{Algorithm, Keeper, Kek, KekError, Kept, KeyError, WrappedKey, WrappedKeyError};
use store::{Place, Schema, Store, StoreError};

/// The data folder of an installation, and the databases beside it.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    folder: PathBuf,
    databases: Arc<Databases>,
}

/// The folder of one process in it.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    folder: PathBuf,
    process: String,
    databases: Arc<Databases>,
}

/// The parts whose store is PostgreSQL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Databases {
    /// The file of each that holds its connection string; only this part's process reads it.
    pub(crate) files: BTreeMap<String, PathBuf>,
    /// How many connections each has.
    pub(crate) connections: u16,
}

impl Databases {
    /// Where the store of `part` is, when it is here.
    ///
    /// # Errors
    /// [`StoreError::Setup`] for a file that cannot be read or that others can, or for what it
    /// says.
    pub(crate) fn of(&self, part: &str) -> Result<Option<Place>, StoreError> {
        let Some(file) = self.files.get(part) else { return Ok(None) };
        let wrong =
            |why: &dyn std::fmt::Display| StoreError::Setup(format!("{}: {why}", file.display()));
        let mode = std::fs::metadata(file).map_err(|why| wrong(&why))?.permissions().mode();
        if mode & 0o077 != 0 {
            let mode = mode & 0o777;
            return Err(wrong(&format_args!("others may read it: mode {mode:o}, must be 600")));
        }
        let text = std::fs::read_to_string(file).map_err(|why| wrong(&why))?;
        Place::of_postgres(&text, self.connections).map(Some).map_err(|why| match why {
            StoreError::Setup(why) => wrong(&why),
            other => other,
        })
    }
}

impl Data {
    /// The folder at `path`, made (mode 0700) when absent.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn at(path: &Path) -> std::io::Result<Self> {
        made(path)?;
        Self::found(path)
    }

    /// The folder at `path`, which is there.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn found(path: &Path) -> std::io::Result<Self> {
        Ok(Self { folder: path.canonicalize()?, databases: Arc::default() })
    }

    /// With parts whose store is PostgreSQL.
    pub(crate) fn with(self, databases: Databases) -> Self {
        Self { databases: Arc::new(databases), ..self }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// The databases beside it.
    pub(crate) fn databases(&self) -> &Databases {
        &self.databases
    }

    /// The folder of `process`, made when absent.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn home(&self, process: &str) -> std::io::Result<Home> {
        let folder = self.folder.join(process);
        made(&folder)?;
        let databases = Arc::clone(&self.databases);
        Ok(Home { folder, process: process.to_owned(), databases })
    }
}

impl Home {
    /// The process's name.
    pub(crate) fn process(&self) -> &str {
        &self.process
    }

    /// A file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The keeper of `system`'s keys in this process; the key-encryption key is made at the
    /// first use.
    ///
    /// # Errors
    /// [`HomeError::Kek`].
    pub(crate) fn keeper(
        &self,
        system: &str,
        chance: Arc<dyn Chance>,
    ) -> Result<Keeper, HomeError> {
        let file = self.file(&format!("{}.kek", system.replace('/', "-")));
        let kek =
            if file.exists() { Kek::read(&file) } else { Kek::create(&file, chance.as_ref()) };
        let kek = kek.map_err(|source| HomeError::Kek { file: shown(&file), source })?;
        Ok(Keeper::new(&self.process, system, kek, chance))
    }

    /// The key `name` of `keeper`, made and kept at its first use.
    ///
    /// # Errors
    /// [`HomeError`].
    pub(crate) fn key<K: Kept>(
        &self,
        keeper: &Keeper,
        name: &str,
        algorithm: Algorithm,
    ) -> Result<K, HomeError> {
        let path = self.file(&format!("{name}.key"));
        let file = shown(&path);
        let broken = |source| HomeError::Key { file: shown(&path), source };
        match std::fs::read(&path) {
            Ok(bytes) => {
                let wrapped =
                    WrappedKey::parse(&bytes).map_err(|source| HomeError::Form { file, source })?;
                keeper.open(&wrapped).map_err(broken)
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
                let (key, wrapped) = keeper.make(algorithm).map_err(broken)?;
                write_whole(&path, &wrapped.to_bytes(), true)
                    .map_err(|source| HomeError::File { file, source })?;
                Ok(key)
            }
            Err(source) => Err(HomeError::File { file, source }),
        }
    }

    /// The store of `part`: its database, else a file in a folder of its own.
    ///
    /// # Errors
    /// [`StoreError::Setup`]; [`StoreError::Unreached`] for a database.
    pub(crate) fn store(
        &self,
        part: &str,
        clock: &Arc<dyn Clock>,
        chance: &Arc<dyn Chance>,
        schemas: &[Schema],
    ) -> Result<Store, StoreError> {
        let place = match self.databases.of(part)? {
            Some(database) => database,
            None => self.embedded(part)?,
        };
        Store::open_for(part, &place, Arc::clone(clock), Arc::clone(chance), schemas)
    }

    fn embedded(&self, part: &str) -> Result<Place, StoreError> {
        let folder = self.file(part);
        made(&folder).map_err(|e| StoreError::Setup(format!("{}: {e}", folder.display())))?;
        Ok(Place::Sqlite(folder.join("store.db")))
    }
}

/// Why a process has not the key that it needs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HomeError {
    /// Its key-encryption key.
    #[error("{file}")]
    Kek {
        /// Where it lies.
        file: String,
        /// Why.
        source: KekError,
    },
    /// The file of a key.
    #[error("{file}")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A key that is not one, or not its own.
    #[error("{file}")]
    Key {
        /// Where it lies.
        file: String,
        /// Why.
        source: KeyError,
    },
    /// A file that holds no wrapped key.
    #[error("{file}")]
    Form {
        /// Which.
        file: String,
        /// Why.
        source: WrappedKeyError,
    },
}

fn made(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// Writes a file whole or not at all, readable by its owner only when `secret`.
///
/// # Errors
/// When the disk refuses.
pub(crate) fn write_whole(file: &Path, bytes: &[u8], secret: bool) -> std::io::Result<()> {
    let new = file.with_extension("new");
    let mode = if secret { 0o600 } else { 0o644 };
    let mut to = std::fs::OpenOptions::new();
    let mut to = to.write(true).create(true).truncate(true).mode(mode).open(&new)?;
    to.write_all(bytes)?;
    to.sync_all()?;
    std::fs::rename(&new, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
