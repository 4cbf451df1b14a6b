//! The signing platform's addresses for programs that keep their documents: a command line, a
//! document system. Only digests and what is signed over them travel.
//!
//! Each request carries `Authorization: Bearer …`, an access token of the identity platform.
//! Refusals are problem documents (RFC 9457). In order:
//!
//! 1. `GET` [`CREDENTIALS`] → [`Credentials`]: choose one, prepare each document for it: a CAdES
//!    signature's signed attributes in DER, of at most [`SIGNED_MAX`] bytes.
//! 2. `POST` [`ACTIVATIONS`] with [`NewActivation`] → 201 and [`Activation`]; show the control
//!    code, [`crate::control_code`] over the digests of all `signed`, in order.
//! 3. `GET` [`ACTIVATIONS`]`/{id}` → [`Activation`], every second or so, until it has ended. While
//!    it is [`Progress::Completing`] time-stamps and status are still on their way: nothing is
//!    handed out, so that no signature without them is made of it (R28).
//! 4. When it is [`Progress::Done`]: `GET` [`ACTIVATIONS`]`/{id}/signatures?from=0`, and from
//!    `next` on, → [`Signatures`]. Put `time_stamp` into the signature's unsigned attributes and
//!    `evidence` into the document.
//!
//! An `Idempotency-Key` header (1 to 64 printable characters) makes a `POST` that is sent again
//! answer with the same activation.

use base::{Bytes, Digest, Id, Time};
use serde::{Deserialize, Serialize};

use crate::Credential;

/// GET → [`Credentials`].
pub const CREDENTIALS: &str = "/v1/credentials";
/// POST [`NewActivation`] → [`Activation`].
pub const ACTIVATIONS: &str = "/v1/activations";

/// The most documents of one activation.
pub const ITEMS_MAX: usize = 1000;
/// The most bytes of [`NewItem::signed`].
pub const SIGNED_MAX: usize = 4096;
/// How many signatures are handed out at once.
pub const PAGE: usize = 100;
/// How many bytes to reserve for a signature with its time-stamp, certificates included.
pub const RESERVE: usize = 16 * 1024;

/// The keys of the person that can sign now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The newest first; empty: the person has no certificate yet.
    pub credentials: Vec<OwnCredential>,
}

/// A key that can sign, with its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCredential {
    /// The key.
    pub id: Id<Credential>,
    /// Its certificate, DER.
    pub certificate: Bytes,
    /// The certificates above it, DER, the issuing one first, without the root.
    pub chain: Vec<Bytes>,
    /// The digest to sign with: `sha-256` or `sha-384`.
    pub digest: String,
    /// Until when the certificate is valid.
    pub valid_until: Time,
}

/// Asks the person's phone for signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewActivation {
    /// With which key.
    pub credential: Id<Credential>,
    /// From where it is asked, in words: `sakta, host workshop`. Up to 128 bytes.
    pub place: String,
    /// What is to be signed: 1 to [`ITEMS_MAX`].
    pub items: Vec<NewItem>,
}

/// One document to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Its file name, up to 255 bytes: the phone shows it.
    pub label: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of the whole document.
    pub document_digest: Digest,
    /// The very bytes of which the key signs the digest: signed attributes in DER.
    pub signed: Bytes,
}

/// An activation and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// Its id.
    pub id: String,
    /// Until when the phone can answer.
    pub until: Time,
    /// Where it stands.
    #[serde(flatten)]
    pub progress: Progress,
}

/// Where an activation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Progress {
    /// The phone has not answered.
    WaitingForPhone,
    /// The signatures are made; time-stamps or status are still missing and are asked for again.
    Completing,
    /// All is there.
    Done {
        /// What belongs into each document beside its signature.
        evidence: RevocationEvidence,
    },
    /// The person refused.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// It was not signed, or cannot be completed.
    NotSigned {
        /// Why: a stable word, `blocked`, `frozen`, `credential-not-active`, ….
        why: String,
    },
}

/// Certificates and their status, as of after the last time-stamp. DER.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationEvidence {
    /// Certificates.
    pub certificates: Vec<Bytes>,
    /// `OCSPResponse` values.
    pub ocsp: Vec<Bytes>,
    /// Revocation lists.
    pub crls: Vec<Bytes>,
}

/// Some of an activation's signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatures {
    /// In the order of the items.
    pub signatures: Vec<Stamped>,
    /// From where to go on; none: these were the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
}

/// A signature and its time-stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    /// Of which item, from 0.
    pub number: u32,
    /// The signature: ECDSA as DER, RSA as it is.
    pub signature: Bytes,
    /// The time-stamp token over it, DER.
    pub time_stamp: Bytes,
}
