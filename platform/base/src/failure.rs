//! What every error that can reach an edge says: whose turn it is, and what the caller may see.

use serde::{Deserialize, Serialize};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's: an HTTP status of 4xx.
    Caller(u16),
    /// Another system's, which did not answer or answered wrongly: 502.
    Elsewhere,
    /// Nobody's for the moment: try again after so many seconds: 503.
    Later(u32),
    /// Ours: 500, and somebody is woken.
    Ours,
}

impl Fault {
    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Caller(status) => status,
            Self::Elsewhere => 502,
            Self::Later(_) => 503,
            Self::Ours => 500,
        }
    }
}

/// An error that can reach an edge.
pub trait Failure: std::error::Error + Send + Sync {
    /// Whose turn it is.
    fn fault(&self) -> Fault;

    /// The last part of the problem's type: lower-case words with `-`, stable for ever.
    fn kind(&self) -> &'static str;

    /// One sentence for the caller, without values of the request. English.
    fn title(&self) -> &'static str;

    /// The problem document that the caller gets.
    fn problem(&self) -> Problem {
        Problem {
            kind: format!("urn:sakta:problem:{}", self.kind()),
            title: self.title().to_owned(),
            status: self.fault().status(),
            detail: None,
            instance: None,
        }
    }
}

/// A problem document. Spec: RFC 9457 §3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:sakta:problem:<kind>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is particular to this occurrence, never another's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's id, by which support finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}
