//! What `ca-signer` tells each OCSP responder, over mTLS, nothing signed and nobody between
//! (PROTOCOLS §2): first everything, then numbered changes, and a tick every second.
//!
//! Carried as calls to the responder's door; a responder that lost count asks for everything.

use base::{Bytes, Failure, Fault, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::Status;

/// News for a responder. Sent in order; `from` must be the responder's last number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// The number up to which the responder must already know; 0: this is everything.
    pub from: u64,
    /// The number after this.
    pub to: u64,
    /// The issuer, its certificate (DER).
    pub issuer: Bytes,
    /// Certificates issued or changed.
    pub entries: Vec<Entry>,
    /// The tick: the signer's time when nothing else had changed.
    pub at: Time,
}

/// One certificate and its status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The serial number, hexadecimal.
    pub serial: String,
    /// The status.
    pub status: Status,
}

/// How far the responder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fed {
    /// The highest number that it has made durable.
    pub number: u64,
    /// Whether it needs everything anew.
    pub restart: bool,
}

/// Why a responder takes no news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum FeedRefusal {
    /// The numbers go backwards: an older signer speaks.
    #[error("numbers go backwards")]
    Backwards {
        /// The highest number that the responder has ever made durable: the signer, restored,
        /// goes on above it.
        number: u64,
    },
    /// The issuer is not the responder's.
    #[error("not my issuer")]
    Issuer,
    /// The number could not be made durable.
    #[error("not durable")]
    Durable,
}

impl Failure for FeedRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Backwards { .. } => Fault::Caller(409),
            Self::Issuer => Fault::Caller(404),
            Self::Durable => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Backwards { .. } => "numbers-go-backwards",
            Self::Issuer => "not-my-issuer",
            Self::Durable => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Backwards { .. } => "The numbers go backwards: an older signer speaks.",
            Self::Issuer => "This responder does not answer for that issuer.",
            Self::Durable => "The number could not be made durable.",
        }
    }
}

impl Operation for Feed {
    const NAME: &'static str = "ocsp/feed";
    type Answer = Fed;
    type Refusal = FeedRefusal;
}
