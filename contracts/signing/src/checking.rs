//! Checking a document's signatures. Anybody may ask.

use links::Operation;
use serde::{Deserialize, Serialize};

use crate::{Document, SigningRefusal};

/// Checks a document that was brought for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The document.
    pub document: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The document.
    pub document: Document,
    /// The report in the words of EN 319 102-1: the same JSON that the command line prints.
    pub report: String,
}

impl Operation for Check {
    const NAME: &'static str = "signing/check";
    type Answer = Checked;
    type Refusal = SigningRefusal;
}
