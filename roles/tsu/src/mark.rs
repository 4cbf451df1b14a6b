//! The mark: up to which second the unit may stamp, on the disk before it does.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use base::Time;

/// A file with one number, replaced whole.
#[derive(Debug)]
pub struct Mark {
    file: PathBuf,
    /// The last second that may be stamped.
    until: i64,
    /// Whether this run has written it: before, the clock must first pass what the last run left.
    own: bool,
}

/// Why the mark cannot be kept.
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
    /// Opens the mark at `file`; absent: nothing was ever stamped.
    ///
    /// # Errors
    /// [`MarkError`]; a damaged file is never taken for an absent one.
    pub fn open(file: &Path) -> Result<Self, MarkError> {
        let mut text = String::new();
        let until = match File::open(file) {
            Ok(opened) => {
                opened.take(32).read_to_string(&mut text)?;
                text.trim_end().parse().map_err(|_| MarkError::Form)?
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => i64::MIN,
            Err(why) => return Err(why.into()),
        };
        Ok(Self { file: file.to_owned(), until, own: false })
    }

    /// Whether the second of `now` may be stamped; moves the mark one second ahead of it when it
    /// must, which writes to the disk once a second at most.
    ///
    /// # Errors
    /// [`MarkError::File`]: then nothing may be stamped.
    pub fn allows(&mut self, now: Time) -> Result<bool, MarkError> {
        let second = now.seconds();
        if !self.own && second <= self.until {
            return Ok(false);
        }
        if second > self.until {
            self.write(second.saturating_add(1))?;
        }
        Ok(true)
    }

    fn write(&mut self, until: i64) -> Result<(), MarkError> {
        let new = self.file.with_extension("new");
        let mut to = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
        to.write_all(format!("{until}\n").as_bytes())?;
        to.sync_all()?;
        std::fs::rename(&new, &self.file)?;
        if let Some(folder) = self.file.parent() {
            File::open(folder)?.sync_all()?;
        }
        (self.until, self.own) = (until, true);
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
    fn a_restart_waits_until_the_clock_has_passed_the_mark() {
        let file = file("restart");
        let at = |second| Time::from_seconds(second);
        assert!(Mark::open(&file).unwrap().allows(at(100)).unwrap());
        let mut next = Mark::open(&file).unwrap();
        assert!(!next.allows(at(100)).unwrap(), "the last run may have stamped this second");
        assert!(!next.allows(at(101)).unwrap(), "and this one");
        assert!(next.allows(at(102)).unwrap());
        assert!(next.allows(at(102)).unwrap());
    }

    #[test]
    fn a_damaged_mark_is_an_error_not_a_fresh_start() {
        let file = file("damaged");
        std::fs::write(&file, "not a number").unwrap();
        assert!(matches!(Mark::open(&file), Err(MarkError::Form)));
    }

    #[test]
    fn what_cannot_be_written_allows_nothing() {
        let mut mark = Mark::open(Path::new("/nowhere/at/all/mark")).unwrap();
        assert!(mark.allows(Time::from_seconds(5)).is_err());
    }
}
