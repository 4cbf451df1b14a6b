//! PDF files as far as signing needs them: an update that makes room for a signature and leaves
//! the original as it is, validation data, and what an existing signature really covers.
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
mod signature;
mod signed;
mod text;
mod update;
mod xref;

pub use changes::{Change, Later};
pub use dss::{Dss, Vri, add_dss, dss, vri_key};
pub use limits::Limits;
pub use prepared::{ByteRange, Prepared, PreparedParts};
pub use refusal::{Part, Refusal};
pub use signature::{Purpose, SignatureRequest, prepare};
pub use signed::{Flaw, SignatureField, signatures};
