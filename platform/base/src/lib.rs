//! What every part of the house stands on: time, chance, ids, identifiers, locales, failures and
//! dated rules.
//!
//! Invariant: nothing here reaches the world. [`Clock`] and [`Chance`] are traits; the real ones
//! are made in `server`, the counted ones in `trial`.

mod acting;
mod bytes;
mod clock;
mod failure;
mod id;
mod identifier;
mod locale;
mod owner;
mod rule;
mod time;

pub use acting::{ActingFor, Basis};
pub use bytes::{Bytes, BytesError, Digest};
pub use clock::{Chance, Clock, Later};
pub use failure::{Failure, Fault, Problem};
pub use id::{Id, IdError, PersonId, RowId, hex, unhex};
pub use identifier::{Identifier, IdentifierError, Scheme};
pub use locale::Locale;
pub use owner::{Owner, OwnerError};
pub use rule::Rule;
pub use time::{Date, PartialDate, PartialDateError, Time};
