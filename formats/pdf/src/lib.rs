//! PDF files as far as signing needs them: an update that makes room for a signature and leaves
//! the original as it is, validation data, and what an existing signature really covers.
//!
//! In order: [`prepare`] makes room; the caller hashes the original, in pieces as it likes, and
//! gives the hash to [`Prepared::digest`]; somebody signs; [`Prepared::finish`] returns what is
//! appended to the original. Then [`add_dss`] adds certificates and their status (level LT), and
//! [`prepare`] with [`Purpose::TimeStamp`] makes room for a document time-stamp (level LTA).
//! [`rehearse`] tries all that beforehand, so that nobody approves what comes to nothing.
//! [`signatures`] tells of a signed file what each signature covers and what came after it.
//!
//! Nothing here signs, reads a clock or reaches outside. Spec: ISO 32000-2, EN 319 142-1.

mod changes;
mod document;
mod dss;
mod fields;
mod filter;
mod form;
mod lexer;
mod limits;
mod object;
mod pages;
mod prepared;
mod refusal;
mod rehearsal;
mod signature;
mod signed;
mod text;
#[cfg(any(test, feature = "trial"))]
pub mod trial;
mod update;
mod xref;

pub use changes::{Change, Later};
pub use dss::{Dss, Vri, add_dss, dss, vri_key};
pub use limits::Limits;
pub use prepared::{ByteRange, Prepared, PreparedParts};
pub use refusal::{Part, Refusal};
pub use rehearsal::rehearse;
pub use signature::{Purpose, SignatureRequest, prepare};
pub use signed::{Flaw, SignatureField, signatures};
