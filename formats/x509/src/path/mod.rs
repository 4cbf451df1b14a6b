//! Paths from a certificate to an anchor. Spec: RFC 5280 §6, without policy processing.

mod check;
mod constraints;
mod search;

pub use check::Refused;
pub(crate) use constraints::is_host;
pub use search::{Anchors, MAX_CANDIDATES, MAX_DEPTH, Path, PathError, Question, find};
