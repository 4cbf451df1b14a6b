//! Why a phone does not get what it asked for.

use base::{Failure, Fault};
use store::StoreError;
use web::Refused;

use crate::failed::Failed;

/// Why a phone does not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PhoneRefusal {
    /// The word is not of a device of ours, is late, or was heard before.
    #[error("the word does not hold")]
    Word,
    /// No such request, or not of this phone's person.
    #[error("no such request")]
    Unknown,
    /// The number is another than the page shows: the request is refused.
    #[error("the wrong number")]
    WrongNumber,
    /// The request is over, or stands elsewhere.
    #[error("the request is over")]
    Over,
    /// Everything of the person is frozen.
    #[error("frozen")]
    Frozen,
    /// Too often.
    #[error("too often")]
    Often,
    /// Inside.
    #[error(transparent)]
    Inside(#[from] Failed),
}

impl From<StoreError> for PhoneRefusal {
    fn from(error: StoreError) -> Self {
        Self::Inside(error.into())
    }
}

impl From<Refused> for PhoneRefusal {
    fn from(_: Refused) -> Self {
        Self::Often
    }
}

impl Failure for PhoneRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Word => Fault::Caller(401),
            Self::Unknown => Fault::Caller(404),
            Self::WrongNumber | Self::Over => Fault::Caller(409),
            Self::Frozen => Fault::Caller(403),
            Self::Often => Fault::Caller(429),
            Self::Inside(inside) => inside.fault(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Word => "word-does-not-hold",
            Self::Unknown => "not-found",
            Self::WrongNumber => "wrong-number",
            Self::Over => "request-over",
            Self::Frozen => "frozen",
            Self::Often => "too-often",
            Self::Inside(inside) => inside.kind(),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Word => "The word is not of a known phone, is late, or was heard before.",
            Self::Unknown => "There is no such request for this phone.",
            Self::WrongNumber => "The page shows another number: the request is refused.",
            Self::Over => "The request is over.",
            Self::Frozen => "Everything is frozen; an officer can end that.",
            Self::Often => "Too often; try again later.",
            Self::Inside(inside) => inside.title(),
        }
    }
}
