//! A country of synthetic people: the same seed gives the same people, byte for byte, in a stream
//! of any length.
//!
//! Nobody here lives: codes lie in the synthetic block of the country pack, places are invented,
//! and every fact rests on a document of kind `synthetic`. The first people are the fixed
//! [`cast`](Country::cast) for integrators (R56).
//!
//! Invariant: a person refers only to people of the same household, so that a stream keeps one
//! household in memory and ends anywhere with every reference resolved.

mod cast;
mod country;
mod entry;
mod household;
mod names;
mod place;
mod stream;

pub use cast::{CastMember, Role};
pub use country::{Country, People};
pub use entry::Newcomer;
