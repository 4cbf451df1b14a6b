//! The command line for people and scripts (eParakstītājs 3.0, Desktop and command-line signer).
//!
//! - [`check`]: verdicts on signed files, from what lies in the files and the given trust alone.
//! - [`sign`]: signatures on files that stay where they are, with one approval on the phone.
//!
//! Invariant: nothing here reaches the world. Files are reached through [`Files`],
//! requests through [`Web`]; time, trusted
//! certificates and verification algorithms are handed in; what is said goes to a given writer.

mod check;
mod disk;
mod fault;
mod sign;
mod story;
mod web;
mod why;

pub use ades::Algorithms;
pub use check::{Check, CheckArgs, CheckError, Exit, Format, check};
pub use disk::{Disk, Files};
pub use sign::{CLIENT, Places, Sign, SignArgs, SignError, Unsignable, sign};
pub use web::{Approval, Ask, Method, Pending, Phone, REPLY_MAX, Reply, Unreached, Web};
