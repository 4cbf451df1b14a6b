//! `sam`, the signature activation module of eParaksts mobile: the process that holds persons'
//! signing keys and the public halves of their devices and PINs (PROTOCOLS §2, §3, §6).
//!
//! It believes nobody who calls: officers sign offers and bindings, phones sign instructions with
//! a key that only a PIN gives, and each answer that a phone must believe is signed here.
//!
//! | what | where |
//! |---|---|
//! | a phone becomes a person's means | `enrol` |
//! | a bound phone vouches for another | `vouch` |
//! | a person acts, in six steps | `activate`, `act` |
//! | a key's certificate arrives, is suspended, revoked | `status` |
//! | freezing, officers' orders | `means` |
//! | what no restore may bring back | `ending` |
//! | where another, certified device takes over (R21) | [`SigningDevice`] |
//!
//! Invariants: an attempt at a PIN is counted before its signature is looked at; a challenge is
//! spent once, by one message; only a stored outcome leaves; what ended is told when it lies
//! outside the store and its backups.

mod act;
mod activate;
mod challenge;
mod credential;
mod device;
mod doors;
mod ending;
mod enrol;
mod hand;
mod level;
mod life;
mod means;
mod officer;
mod own;
mod row;
mod sam;
mod schema;
mod status;
mod stop;
#[cfg(test)]
mod tests;
mod vouch;
mod words;

pub use ending::{Archive, FolderArchive};
pub use hand::{Act, HandError, SigningDevice};
pub use life::StepError;
pub use officer::{Officer, OfficerRole};
pub use sam::{Callers, Founded, Sam, SamParts, answer_key, found};
pub use schema::SCHEMA;
pub use stop::Stop;
