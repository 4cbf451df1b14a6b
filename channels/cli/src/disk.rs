//! The files of whoever runs the command.

use std::io::{self, Read};
use std::path::Path;

/// Where files are read.
pub trait Files {
    /// The bytes of a file, of at most `most` and one more: who gets more than `most` has met a
    /// file that is too large.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, file: &Path, most: usize) -> io::Result<Vec<u8>>;
}

/// The machine's files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, file: &Path, most: usize) -> io::Result<Vec<u8>> {
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        std::fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
