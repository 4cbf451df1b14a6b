//! Why a file was not taken, in words that say what to do.

use ui::text::sign as words;
use ui::{FieldError, Voice};

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It cannot be read as a PDF from end to end.
    Broken,
    /// An earlier signer forbade every change (DocMDP 1).
    Closed,
    /// It is built so that it cannot be looked through within bounds.
    Complex,
    /// It is a dynamic form, of which nobody can say what it shows.
    Form,
    /// It is encrypted.
    Locked,
    /// None was chosen.
    Missing,
    /// It is no PDF at all.
    NotPdf,
    /// It has more than so many bytes.
    TooLarge {
        /// The most that is taken.
        size_max: u64,
    },
}

impl FileFault {
    /// The error at the field that takes the file.
    #[must_use]
    pub fn at(self, voice: Voice, field: &'static str) -> FieldError {
        let words = match self {
            Self::Broken => voice.say(words::FILE_BROKEN),
            Self::Closed => voice.say(words::FILE_CLOSED),
            Self::Complex => voice.say(words::FILE_COMPLEX),
            Self::Form => voice.say(words::FILE_FORM),
            Self::Locked => voice.say(words::FILE_LOCKED),
            Self::Missing => voice.say(words::FILE_MISSING),
            Self::NotPdf => voice.say(words::FILE_NOT_PDF),
            Self::TooLarge { size_max } => voice.say(words::file_too_large(voice.size(size_max))),
        };
        FieldError { field, words }
    }
}
