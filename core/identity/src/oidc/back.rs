//! The ways back to a client: with a code, or with an error.

use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::fault::{OAuthError, uncached};
use crate::failed::Failed;
use crate::login::page::PageFault;
use crate::redirect::with_query;

/// Why nothing is asked of the person.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody is told but the person.
    Page(PageFault),
    /// The client is told.
    Client(Box<Bounce>),
    /// Inside.
    Inside(Failed),
}

/// An error on its way to a client's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bounce {
    pub(crate) way: WayBack,
    pub(crate) error: OAuthError,
}

/// Where a client takes its answers, and the `state` that it takes them with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WayBack {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
}

impl From<Failed> for Refusal {
    fn from(failed: Failed) -> Self {
        Self::Inside(failed)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Inside(error.into())
    }
}

/// The browser goes back with a code. Spec: RFC 6749 §4.1.2, RFC 9207.
pub(crate) fn granted(issuer: &str, way: &WayBack, code: &str) -> Response {
    see_other(way, vec![("code", code), ("iss", issuer)])
}

/// The browser goes back with an error. Spec: RFC 6749 §4.1.2.1, RFC 9207.
pub(crate) fn bounced(issuer: &str, bounce: &Bounce) -> Response {
    let error = &bounce.error;
    let pairs =
        vec![("error", error.error), ("error_description", error.description), ("iss", issuer)];
    see_other(&bounce.way, pairs)
}

/// 303, so that a form is never posted on; kept by nobody.
fn see_other<'a>(way: &'a WayBack, mut pairs: Vec<(&'static str, &'a str)>) -> Response {
    pairs.extend(way.state.as_deref().map(|state| ("state", state)));
    uncached(Redirect::to(&with_query(&way.redirect_uri, &pairs)).into_response())
}
