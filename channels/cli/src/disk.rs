//! The files of whoever runs the command.

use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where files are read.
pub trait Files {
    /// The bytes of a file, of at most `most` and one more: who gets more than `most` has met a
    /// file that is too large.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, file: &Path, most: usize) -> io::Result<Vec<u8>>;

    /// The same of what is typed or piped in.
    ///
    /// # Errors
    /// When it cannot be read.
    fn input(&self, most: usize) -> io::Result<Vec<u8>>;

    /// Whether something stands there.
    fn exists(&self, file: &Path) -> bool;

    /// Makes sure that files can be made beside `file`, in a folder that it makes where absent:
    /// asked before a person's approval is spent.
    ///
    /// # Errors
    /// When they cannot.
    fn ready(&self, file: &Path) -> io::Result<()>;

    /// Makes a file, whole or not at all.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`]: nothing is ever overwritten.
    fn create(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Keeps a secret: a file that only this user can read, overwritten whole.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;
}

/// The machine's files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, file: &Path, most: usize) -> io::Result<Vec<u8>> {
        limited(std::fs::File::open(file)?, most)
    }

    fn input(&self, most: usize) -> io::Result<Vec<u8>> {
        limited(io::stdin().lock(), most)
    }

    fn exists(&self, file: &Path) -> bool {
        file.symlink_metadata().is_ok()
    }

    fn ready(&self, file: &Path) -> io::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = beside(file);
        written(&beside, b"", 0o600)?;
        std::fs::remove_file(&beside)
    }

    fn create(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let beside = beside(file);
        let made = written(&beside, bytes, 0o644)
            // A link never replaces what stands, as a rename would.
            .and_then(|()| std::fs::hard_link(&beside, file));
        // Whatever came of it, the file beside has done its part.
        let _ = std::fs::remove_file(&beside);
        made
    }

    fn keep(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let beside = beside(file);
        written(&beside, bytes, 0o600)?;
        std::fs::rename(&beside, file)
    }
}

/// A name in the same folder that nobody else uses.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn written(file: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(mode).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn limited(from: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    from.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn nothing_is_overwritten_and_secrets_are_for_one_user() {
        let folder = std::env::temp_dir().join(format!("sakta-cli-{}", std::process::id()));
        let (file, secret) = (folder.join("a.pdf"), folder.join("state/session.json"));
        Disk.keep(&secret, b"1").unwrap();
        Disk.keep(&secret, b"22").unwrap();
        assert_eq!(Disk.read(&secret, 10).unwrap(), b"22");
        assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
        Disk.create(&file, b"first").unwrap();
        let again = Disk.create(&file, b"second").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(Disk.read(&file, 3).unwrap(), b"firs", "one more than wanted");
        Disk.ready(&folder.join("new/b.pdf")).unwrap();
        assert_eq!(std::fs::read_dir(folder.join("new")).unwrap().count(), 0);
        assert!(Disk.ready(&file.join("b.pdf")).is_err(), "a file is no folder");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3, "nothing is left beside");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
