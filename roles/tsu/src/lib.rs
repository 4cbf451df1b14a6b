//! The time-stamp unit of the core trust platform. Spec: RFC 3161, RFC 5816, EN 319 421 and 422.
//!
//! A process of its own: it holds the unit's key and a small file, and nothing else. Whoever holds
//! every other process can make it stamp the present and nothing but the present (PROTOCOLS §2):
//!
//! - no second is stamped that the file does not allow; after a start the unit waits
//!   until the clock has passed the file's mark, so no second is stamped by two runs out of order;
//! - a clock that jumps stops the unit until it runs steadily again;
//! - serial numbers are 64 random bits of this start followed by a counter: unique for ever (R29).

mod gate;
mod routes;
mod unit;

pub use routes::routes;
pub use unit::{Stamping, TimeStamps, Unit, UnitError};
