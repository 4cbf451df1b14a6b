//! Why a file was not looked at, with a code for programs and a sentence for people.

use pdf::{Part, Refusal};
use serde::Serialize;
use ui::Voice;
use ui::text::{cli, sign};

/// Why a file was not looked at.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It cannot be read from where it is.
    Unreadable(std::io::Error),
    /// It is no PDF that can be read.
    Refused(Refusal),
    /// A document beside the signature was given.
    Detached,
}

/// The same for programs.
#[derive(Debug, Serialize)]
pub(crate) struct FaultLine {
    code: &'static str,
    pub(crate) text: String,
}

impl Fault {
    /// A stable word, and the sentence in English.
    pub(crate) fn line(&self) -> FaultLine {
        let (code, text) = match self {
            Self::Unreadable(why) => ("unreadable", why.to_string()),
            Self::Refused(refusal) => (refusal.kind(), refusal.to_string()),
            Self::Detached => (
                "detached-unsupported",
                "signatures beside their document are not checked yet; leave --detached away"
                    .to_owned(),
            ),
        };
        FaultLine { code, text }
    }

    /// A sentence of the reader's language.
    pub(crate) fn say(&self, voice: Voice, size_max: u64) -> String {
        let key = match self {
            Self::Unreadable(why) => return voice.say(cli::unreadable(why.to_string())),
            Self::Refused(Refusal::TooLarge) => {
                return voice.say(sign::file_too_large(voice.size(size_max)));
            }
            Self::Refused(refusal) => key_of(*refusal),
            Self::Detached => cli::DETACHED,
        };
        voice.say(key)
    }
}

fn key_of(refusal: Refusal) -> ui::text::Key {
    match refusal {
        Refusal::NotPdf => sign::FILE_NOT_PDF,
        Refusal::Encrypted => sign::FILE_LOCKED,
        Refusal::Xfa => sign::FILE_FORM,
        Refusal::Certified | Refusal::Locked => sign::FILE_CLOSED,
        Refusal::TooComplex => sign::FILE_COMPLEX,
        Refusal::ForeignStart
        | Refusal::Damaged(Part::Contents | Part::Object | Part::Stream | Part::Structure)
        | Refusal::TooLarge
        | Refusal::NoPages
        | Refusal::NoSuchField
        | Refusal::FieldName
        | Refusal::TooLong => sign::FILE_BROKEN,
    }
}
