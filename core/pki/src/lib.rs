//! The core trust platform (Uzticamības un elektroniskās identifikācijas pamatplatforma):
//! applications for certificates, certificates with the versions they were made from (R9), demands
//! to suspend and revoke, and what is published.
//!
//! It decides nothing that matters: officers' approvals and holders' wills are checked by the
//! processes that hold the keys. It keeps what was asked and proved, carries it there until all
//! have answered, and says "done" only then (PROTOCOLS §2).
//!
//! Invariant: whoever takes this process over gets, suspends and revokes no certificate.

mod application;
mod applying;
mod approving;
mod asking;
mod certificate;
mod demand;
mod doors;
mod event;
mod failed;
mod found;
mod pki;
mod publish;
#[cfg(test)]
mod tests;
mod work;

pub use event::EventError;
pub use found::{FoundError, Foundation, NewOfficer, Published, found, officers};
pub use pki::{Pki, PkiParts, SCHEMA};
pub use publish::routes;
