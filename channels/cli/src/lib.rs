//! The command line for people and scripts (eParakstītājs 3.0, Desktop and command-line signer).
//!
//! - [`check`]: verdicts on signed files, from what lies in the files and the given trust alone.
//!
//! Invariant: nothing here reaches the world. Files are read through [`Files`]; time, trusted
//! certificates and verification algorithms are handed in; what is said goes to a given writer.

mod check;
mod disk;
mod fault;
mod story;
mod why;

pub use ades::Algorithms;
pub use check::{Check, CheckArgs, CheckError, Exit, Format, check};
pub use disk::{Disk, Files};
