//! Files in memory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use cli::Files;

/// 2026-11-25T00:00:00Z
pub(crate) const NOW: i64 = 1_795_564_800;

#[derive(Default)]
pub(crate) struct Memory {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Memory {
    pub(crate) fn put(&self, name: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(name.into(), bytes);
    }

    pub(crate) fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.files.lock().unwrap().get(Path::new(name)).cloned()
    }
}

impl Files for Memory {
    fn read(&self, file: &Path, _: usize) -> io::Result<Vec<u8>> {
        let files = self.files.lock().unwrap();
        files.get(file).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn input(&self, most: usize) -> io::Result<Vec<u8>> {
        self.read(Path::new("-"), most)
    }

    fn exists(&self, file: &Path) -> bool {
        self.files.lock().unwrap().contains_key(file)
    }

    /// Only below `locked` nothing can be made.
    fn ready(&self, file: &Path) -> io::Result<()> {
        match file.starts_with("locked") {
            true => Err(io::ErrorKind::PermissionDenied.into()),
            false => Ok(()),
        }
    }

    fn create(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        match self.exists(file) {
            true => Err(io::ErrorKind::AlreadyExists.into()),
            false => self.keep(file, bytes),
        }
    }

    fn keep(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        self.files.lock().unwrap().insert(file.to_owned(), bytes.to_owned());
        Ok(())
    }
}
