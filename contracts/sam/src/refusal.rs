//! Why `sam` does not do what it was asked.

use base::{Failure, Fault};
use serde::{Deserialize, Serialize};

/// Why `sam` does not do what it was asked. What a phone must be able to believe is not here but
/// in a signed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum SamRefusal {
    /// What was sealed does not open, or its signatures do not hold. Nothing was changed.
    #[error("unreadable")]
    Unreadable,
    /// The officer's or holder's word does not hold, is late, or is for something else.
    #[error("proof does not hold")]
    Proof,
    /// No such offer, device, credential or certificate.
    #[error("not found")]
    Unknown,
    /// The offer's code was used by another phone, or the proof for something else.
    #[error("spent")]
    Spent,
    /// The state does not allow it: ended, frozen, revoked.
    #[error("state does not allow it")]
    State,
    /// Too often.
    #[error("too often")]
    Often,
    /// The effect holds; its archive entry is not yet safe: ask again.
    #[error("being carried out")]
    BeingCarriedOut,
    /// The store was restored from a backup and the archive cannot be read yet.
    #[error("restored")]
    Restored,
    /// The store does not take it for the moment.
    #[error("busy")]
    Busy,
    /// Something broke here.
    #[error("broken")]
    Broken,
}

impl Failure for SamRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Unreadable => Fault::Caller(422),
            Self::Proof => Fault::Caller(403),
            Self::Unknown => Fault::Caller(404),
            Self::Spent | Self::State => Fault::Caller(409),
            Self::Often => Fault::Caller(429),
            Self::BeingCarriedOut | Self::Busy => Fault::Later(1),
            Self::Restored => Fault::Later(10),
            Self::Broken => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable => "sealed-words-unreadable",
            Self::Proof => "proof-does-not-hold",
            Self::Unknown => "not-found",
            Self::Spent => "already-spent",
            Self::State => "state-does-not-allow",
            Self::Often => "too-often",
            Self::BeingCarriedOut => "being-carried-out",
            Self::Restored => "restored",
            Self::Busy => "busy",
            Self::Broken => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Unreadable => "What was sealed cannot be read.",
            Self::Proof => "The proof does not hold, is late, or is for something else.",
            Self::Unknown => "There is no such thing here.",
            Self::Spent => "It was used already.",
            Self::State => "The state does not allow it.",
            Self::Often => "Too often; try again later.",
            Self::BeingCarriedOut => "The effect holds and is being recorded; ask again.",
            Self::Restored => "Restored from a backup; endings are being applied again.",
            Self::Busy => "Too much at once; try again in a second.",
            Self::Broken => "Something went wrong here; it has been recorded.",
        }
    }
}
