//! The process that holds the issuing keys of the core trust platform.
//! Spec: RFC 5280, EN 319 411-1.
//!
//! It trusts nobody who calls: every certificate, status and list rests on what officers (or
//! `sam`, for its holder) signed, checked by keys in its own store (PROTOCOLS §2). The order of
//! issuing, each step stored before the next begins:
//!
//! 1. approval, key statement and possession are checked ([`CaSigner::issue`]);
//! 2. one transaction: id spent, key new (R10), serial unique (R8), bytes to sign stored;
//! 3. the same bytes under a throw-away key pass the lint;
//! 4. the real key signs; 5. certificate and status are stored; 6. archived, then answered.
//!
//! The same approval again goes on where its row stands; only the stored signature ever leaves.

mod approval;
mod archive;
mod authority;
mod certificate;
mod counter;
mod doors;
mod failed;
mod feed;
mod found;
mod issue;
mod life;
mod list;
mod officer;
mod officers;
mod restore;
mod signer;
mod standing;
mod status;
mod subject;
#[cfg(test)]
mod tests;

pub use archive::{ArchiveError, Endings};
pub use authority::{Authorities, OpenError};
pub use feed::Responder;
pub use found::{FoundError, Foundation, NewAuthority, NewProfile, found, trust_sam};
pub use officer::{Grant, Officer, OfficerError, Role};
pub use signer::{CaSigner, Parts, SCHEMA};
