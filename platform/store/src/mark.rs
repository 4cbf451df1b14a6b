//! One number that only grows, in a small file: for processes that keep nothing else.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// A number on the disk that only grows.
#[derive(Debug)]
pub struct Mark {
    file: PathBuf,
    number: Option<u64>,
}

/// Why a mark cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// The file cannot be read or written.
    #[error("the file of the mark")]
    File(#[from] std::io::Error),
    /// The file holds something else.
    #[error("the file of the mark holds no number")]
    Form,
}

impl Mark {
    /// Opens the mark at `file`; when it is absent, no number was ever kept.
    ///
    /// # Errors
    /// [`MarkError`]; a damaged file is never taken for an absent one.
    pub fn open(file: &Path) -> Result<Self, MarkError> {
        let mut text = String::new();
        let number = match File::open(file) {
            Ok(opened) => {
                opened.take(32).read_to_string(&mut text)?;
                Some(text.trim_end().parse().map_err(|_| MarkError::Form)?)
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
            Err(why) => return Err(why.into()),
        };
        Ok(Self { file: file.to_owned(), number })
    }

    /// The number, if one was ever kept.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    /// Raises it to `number`, on the disk before this returns; a lower one changes nothing.
    ///
    /// # Errors
    /// [`MarkError::File`]: then the number is as before.
    pub fn raise(&mut self, number: u64) -> Result<(), MarkError> {
        if self.number.is_some_and(|own| number <= own) {
            return Ok(());
        }
        let new = self.file.with_extension("new");
        let mut to = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
        to.write_all(format!("{number}\n").as_bytes())?;
        to.sync_all()?;
        std::fs::rename(&new, &self.file)?;
        if let Some(folder) = self.file.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.number = Some(number);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> PathBuf {
        let file = std::env::temp_dir().join(format!("sakta-mark-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&file);
        file
    }

    #[test]
    fn a_number_only_grows_and_survives() {
        let file = file("grows");
        let mut mark = Mark::open(&file).unwrap();
        assert_eq!(mark.number(), None);
        mark.raise(7).unwrap();
        mark.raise(3).unwrap();
        assert_eq!(Mark::open(&file).unwrap().number(), Some(7));
    }

    #[test]
    fn a_damaged_mark_is_an_error_not_a_fresh_start() {
        let file = file("damaged");
        for text in ["", "x", "-1", "184467440737095516160"] {
            std::fs::write(&file, text).unwrap();
            assert!(matches!(Mark::open(&file), Err(MarkError::Form)), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_not_raised() {
        let mut mark = Mark::open(Path::new("/nowhere/at/all/mark")).unwrap();
        assert!(mark.raise(5).is_err());
        assert_eq!(mark.number(), None);
    }
}
