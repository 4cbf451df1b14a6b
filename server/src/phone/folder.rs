//! The folder of one phone.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::{Enrolling, KeptError, Lock, Phone};
use base::{Chance, Clock, Failure, Fault};

use crate::place::write_whole;

/// The folder of one phone.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

/// Why a phone's folder does not do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// It cannot be read or written.
    #[error("{}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its lock is not 32 bytes.
    #[error("the lock of the phone is damaged")]
    Lock,
    /// What an app has built in is not said in that form.
    #[error("what the app has built in is damaged")]
    Service,
    /// What was kept is no phone.
    #[error(transparent)]
    Kept(#[from] KeptError),
    /// A library refused.
    #[error("the phone cannot be kept")]
    Broken,
    /// Another process uses it.
    #[error("the phone is in use")]
    Busy,
    /// There is no phone in it yet.
    #[error("the phone is not enrolled")]
    Empty,
}

impl Failure for FolderError {
    fn fault(&self) -> Fault {
        match self {
            Self::Busy => Fault::Later(1),
            Self::Empty => Fault::Caller(404),
            _ => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Busy => "phone-in-use",
            Self::Empty => "not-found",
            _ => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Busy => "Another program uses this phone; try again in a second.",
            Self::Empty => "This phone is not bound to anybody.",
            _ => "The phone's folder cannot be used.",
        }
    }
}

/// How long somebody waits for another who uses the phone.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

impl Folder {
    /// The folder at `path`, made (mode 0700) when absent.
    ///
    /// # Errors
    /// [`FolderError::File`].
    pub(super) fn made(path: &Path) -> Result<Self, FolderError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|source| FolderError::File { file: path.to_owned(), source })?;
        Ok(Self(path.to_owned()))
    }

    /// The phone in it, if there is one.
    ///
    /// # Errors
    /// [`FolderError`].
    pub(super) fn phone(&self) -> Result<Option<Phone>, FolderError> {
        let Some(kept) = self.read("phone.json")? else { return Ok(None) };
        let lock = self.lock()?.ok_or(FolderError::Lock)?;
        Ok(Some(Phone::parse(&kept, &lock)?))
    }

    /// Keeps `phone`, whole or not at all.
    ///
    /// # Errors
    /// [`FolderError`].
    pub(super) fn keep(&self, phone: &Phone, chance: &dyn Chance) -> Result<(), FolderError> {
        let kept = phone.kept(&self.own_lock(chance)?, chance).ok_or(FolderError::Broken)?;
        self.write("phone.json", &kept, true)
    }

    /// New keys that wait for an approval, if there are any.
    ///
    /// # Errors
    /// [`FolderError`].
    pub(super) fn enrolling(&self) -> Result<Option<Enrolling>, FolderError> {
        let Some(kept) = self.read("keys.json")? else { return Ok(None) };
        let lock = self.lock()?.ok_or(FolderError::Lock)?;
        Ok(Some(Enrolling::parse(&kept, &lock)?))
    }

    /// Keeps new keys until they are approved.
    ///
    /// # Errors
    /// [`FolderError`].
    pub(super) fn keep_enrolling(
        &self,
        enrolling: &Enrolling,
        chance: &dyn Chance,
    ) -> Result<(), FolderError> {
        let kept = enrolling.kept(&self.own_lock(chance)?, chance).ok_or(FolderError::Broken)?;
        self.write("keys.json", &kept, true)
    }

    /// Throws new keys away: they are the phone's by now, or nobody's.
    ///
    /// # Errors
    /// [`FolderError::File`].
    pub(super) fn forget_enrolling(&self) -> Result<(), FolderError> {
        let file = self.0.join("keys.json");
        match std::fs::remove_file(&file) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(FolderError::File { file, source })
            }
            _ => Ok(()),
        }
    }

    fn own_lock(&self, chance: &dyn Chance) -> Result<Lock, FolderError> {
        if let Some(lock) = self.lock()? {
            return Ok(lock);
        }
        let bytes: [u8; 32] = chance.bytes();
        self.write("lock", &bytes, true)?;
        Ok(Lock::new(bytes))
    }

    /// What it is called, else what it calls itself, else `usual`.
    pub(super) fn name(&self, usual: &str) -> String {
        let named = self.read("name").ok().flatten().and_then(|name| String::from_utf8(name).ok());
        let label = || Some(self.phone().ok()??.label().to_owned());
        named.filter(|name| !name.is_empty()).or_else(label).unwrap_or_else(|| usual.to_owned())
    }

    /// Names it.
    ///
    /// # Errors
    /// [`FolderError::File`].
    pub(super) fn call(&self, name: &str) -> Result<(), FolderError> {
        self.write("name", name.as_bytes(), false)
    }

    /// Waits until nobody else uses the phone; it is one's own as long as what is given lives.
    ///
    /// # Errors
    /// [`FolderError::Busy`] after ten seconds.
    pub(super) async fn hold(&self, clock: &dyn Clock) -> Result<File, FolderError> {
        let file = self.0.join("busy");
        let failed = |source| FolderError::File { file: self.0.join("busy"), source };
        let mut open = OpenOptions::new();
        let open = open.write(true).create(true).truncate(false).mode(0o600).open(file);
        let held = open.map_err(failed)?;
        let end = clock.elapsed() + PATIENCE;
        loop {
            match held.try_lock() {
                Ok(()) => return Ok(held),
                Err(TryLockError::WouldBlock) if clock.elapsed() < end => {}
                Err(TryLockError::WouldBlock) => return Err(FolderError::Busy),
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
            clock.until(clock.now().plus(PAUSE)).await;
        }
    }

    fn lock(&self) -> Result<Option<Lock>, FolderError> {
        let Some(bytes) = self.read("lock")? else { return Ok(None) };
        bytes.try_into().map(|bytes| Some(Lock::new(bytes))).map_err(|_| FolderError::Lock)
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, FolderError> {
        let file = self.0.join(name);
        match std::fs::read(&file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FolderError::File { file, source }),
        }
    }

    fn write(&self, name: &str, bytes: &[u8], secret: bool) -> Result<(), FolderError> {
        let file = self.0.join(name);
        write_whole(&file, bytes, secret).map_err(|source| FolderError::File { file, source })
    }
}
