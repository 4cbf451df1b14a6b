//! The signing platform (Parakstīšanas platforma).
//!
//! A person brings a document, her phone approves what is signed, and what comes out is
//! PAdES-B-LT: signature, time-stamp, status of every certificate. One session's way:
//!
//! ```text
//! prepared ─► asked ─► activated ─► stamped ─► evidenced ─► finished
//!     └─────────┴─► refused, expired      └─────────┴──────────┴─► failed
//! ```
//!
//! [`life`] is the pure step; [`Signing`] carries a session on: when its page asks, and by a job
//! when nobody does. Each arrow is one transaction, and what was got from outside is stored before
//! the next is begun, so whoever stops between two goes on where the other stood.
//!
//! Invariants: *signed* is said only of a document that our own check finds TOTAL-PASSED with
//! time-stamp and status inside (R28); a signature is used only when it verifies under the
//! certificate that it was asked for; documents are their owner's alone.
//!
//! Memory: chunks are streamed wherever a digest or an answer is made. Reading the structure of a
//! PDF (preparing, adding validation data, checking) holds that one document in memory, twice
//! while it is put together; two such works run at a time.

mod activation;
mod api;
mod assemble;
mod begin;
mod carry;
mod check;
mod credential;
mod document;
mod door;
mod failed;
mod fetch;
mod files;
mod history;
pub mod life;
mod phone;
mod plain;
mod record;
mod session;
mod sign;
mod stamp;
mod status;
mod upload;

pub use api::{BearerError, Bearers, Holder};
pub use fetch::{Fetch, Outside, Unfetched};
pub use sign::{Client, SCHEMA, Signing, SigningParts, TrustedBy};
