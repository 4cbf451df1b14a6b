//! Documents: brought in chunks, kept for their owner, read from the files host.

use base::{Bytes, Digest, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::SigningRefusal;

/// The largest chunk in bytes.
pub const CHUNK_BYTES_MAX: usize = 256 * 1024;

/// For how many days a document stays that was brought to be signed, or was signed here.
pub const DOCUMENT_DAYS: u64 = 30;

/// Announces a document. Answer: its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginDocument {
    /// Its file name, up to 255 bytes, no path.
    pub name: String,
    /// Its media type as the browser said it.
    pub media_type: String,
    /// Why it is here.
    pub kind: DocumentKind,
}

/// Why a document is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// To be signed.
    ToSign,
    /// To be checked; kept an hour.
    ToCheck,
    /// Signed here.
    Signed,
}

impl Operation for BeginDocument {
    const NAME: &'static str = "signing/begin-document";
    type Answer = String;
    type Refusal = SigningRefusal;
}

/// Brings the next chunk, of at most [`CHUNK_BYTES_MAX`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutChunk {
    /// The document.
    pub document: String,
    /// Its number from 0.
    pub number: u32,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Operation for PutChunk {
    const NAME: &'static str = "signing/put-chunk";
    type Answer = ();
    type Refusal = SigningRefusal;
}

/// All chunks are here. Answer: the document, or why it cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishDocument {
    /// The document.
    pub document: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Its file name.
    pub name: String,
    /// Its media type, as found in its bytes.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Why it is here.
    pub kind: DocumentKind,
    /// Since when.
    pub at: Time,
}

impl Operation for FinishDocument {
    const NAME: &'static str = "signing/finish-document";
    type Answer = Document;
    type Refusal = SigningRefusal;
}

/// Which documents has the person? The newest first, 100 at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsOf {}

/// Documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// The newest first.
    pub documents: Vec<Document>,
}

impl Operation for DocumentsOf {
    const NAME: &'static str = "signing/documents";
    type Answer = Documents;
    type Refusal = SigningRefusal;
}

/// Reads a chunk of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadChunk {
    /// The document.
    pub document: String,
    /// The chunk's number from 0.
    pub number: u32,
}

/// A chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Its bytes; none: past the end.
    pub bytes: Bytes,
}

impl Operation for ReadChunk {
    const NAME: &'static str = "signing/read-chunk";
    type Answer = Chunk;
    type Refusal = SigningRefusal;
}

/// Makes an address on the files host for one document and one viewer, good for five minutes
/// (PROTOCOLS §9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAddress {
    /// The document.
    pub document: String,
}

/// The address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAt {
    /// The path on the files host: `/` and 32 hexadecimal digits.
    pub path: String,
    /// Until when.
    pub until: Time,
}

impl Operation for FileAddress {
    const NAME: &'static str = "signing/file-address";
    type Answer = FileAt;
    type Refusal = SigningRefusal;
}
