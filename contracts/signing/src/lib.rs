//! The signing platform (Parakstīšanas platforma): documents, signing sessions, checks.
//!
//! Every call is on behalf of the person whose documents they are.

mod checking;
mod documents;
mod sessions;

pub use checking::{Check, Checked};
pub use documents::{
    BeginDocument, CHUNK_BYTES_MAX, Chunk, DOCUMENT_DAYS, Document, DocumentKind, Documents,
    DocumentsOf, FileAddress, FileAt, FinishDocument, PutChunk, ReadChunk,
};
pub use sessions::{
    BeginSigning, History, Session, SessionOf, SessionState, Shown, Signing, SigningOutcome,
    Signings,
};

use base::{Failure, Fault};
use links::{Kind, Operation, Table};
use serde::{Deserialize, Serialize};

/// Who may call: the portal for the person who is logged in; checking needs no login.
pub const TABLE: Table = Table(&[
    (BeginDocument::NAME, &[Kind::Person, Kind::System]),
    (PutChunk::NAME, &[Kind::Person, Kind::System]),
    (FinishDocument::NAME, &[Kind::Person, Kind::System]),
    (DocumentsOf::NAME, &[Kind::Person]),
    (ReadChunk::NAME, &[Kind::Person]),
    (FileAddress::NAME, &[Kind::Person]),
    (BeginSigning::NAME, &[Kind::Person]),
    (SessionOf::NAME, &[Kind::Person]),
    (History::NAME, &[Kind::Person]),
    (Check::NAME, &[Kind::Person, Kind::System]),
]);

/// Why the platform does not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum SigningRefusal {
    /// The evidence does not hold or has run out.
    #[error("evidence does not hold")]
    Evidence,
    /// No such document or session, or not yours.
    #[error("not found")]
    Unknown,
    /// The document cannot be signed; the kind is a stable word for the page to explain.
    #[error("document refused: {kind}")]
    Document {
        /// Why: `encrypted`, `damaged`, `too-large`, ….
        kind: String,
    },
    /// The person has no certificate that can sign.
    #[error("no certificate")]
    NoCertificate,
    /// The phone could not be asked.
    #[error("phone unreachable")]
    Phone,
    /// Chunks are missing, or do not have the size announced.
    #[error("chunks missing")]
    Chunks,
    /// The store does not take it for the moment.
    #[error("busy")]
    Busy,
}

impl Failure for SigningRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Evidence => Fault::Caller(403),
            Self::Unknown => Fault::Caller(404),
            Self::Document { .. } => Fault::Caller(422),
            Self::NoCertificate | Self::Chunks => Fault::Caller(409),
            Self::Phone => Fault::Elsewhere,
            Self::Busy => Fault::Later(1),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Evidence => "evidence-does-not-hold",
            Self::Unknown => "not-found",
            Self::Document { .. } => "document-refused",
            Self::NoCertificate => "no-certificate",
            Self::Phone => "phone-unreachable",
            Self::Chunks => "chunks-missing",
            Self::Busy => "busy",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Evidence => "The login evidence does not hold or has run out.",
            Self::Unknown => "There is no such document or session here for you.",
            Self::Document { .. } => "This document cannot be signed.",
            Self::NoCertificate => "There is no certificate that can sign.",
            Self::Phone => "The phone could not be asked.",
            Self::Chunks => "The document has not arrived whole.",
            Self::Busy => "Too much at once; try again in a second.",
        }
    }
}
