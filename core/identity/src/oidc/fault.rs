//! Error answers of the protocol: as JSON to a client, or by redirect through the browser.

use axum::response::{IntoResponse, Response};
use base::{Failure, Fault};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use store::StoreError;
use web::Refused;

use crate::failed::Failed;

/// An error answer to a client. Spec: RFC 6749 §5.2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {description}")]
pub(crate) struct OAuthError {
    pub(crate) error: &'static str,
    /// One sentence, no values of the request. English, printable ASCII without `"` and `\`.
    pub(crate) description: &'static str,
    status: u16,
    /// Whether the client tried HTTP Basic.
    basic: bool,
}

/// Of this kind, 400.
pub(crate) fn oauth(error: &'static str, description: &'static str) -> OAuthError {
    OAuthError { error, description, status: 400, basic: false }
}

impl OAuthError {
    /// The client did not prove who it is.
    pub(crate) fn client(basic: bool) -> Self {
        let description = "The client is unknown or did not prove who it is.";
        Self { error: "invalid_client", description, status: 401, basic }
    }

    /// What is given is not good, whatever it is.
    pub(crate) fn grant() -> Self {
        oauth("invalid_grant", "The code is unknown, used, late, or for another client.")
    }

    /// The answer is for another status.
    pub(crate) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

impl From<Failed> for OAuthError {
    fn from(failed: Failed) -> Self {
        let fault = failed.fault();
        match fault {
            Fault::Later(_) => {
                oauth("temporarily_unavailable", "Too much at once; try again.").status(503)
            }
            Fault::Caller(_) => Self::grant(),
            Fault::Ours | Fault::Elsewhere => {
                tracing::error!(kind = failed.kind(), cause = %failed, "a client's request failed");
                oauth("server_error", "Something went wrong here.").status(500)
            }
        }
    }
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        Failed::from(error).into()
    }
}

impl From<Refused> for OAuthError {
    fn from(_: Refused) -> Self {
        oauth("temporarily_unavailable", "Too many requests; try again later.").status(429)
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let Self { error, description, status, basic } = self;
        let body = json!({ "error": error, "error_description": description });
        let mut answer = uncached(axum::Json(body).into_response());
        *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        if basic {
            let value = HeaderValue::from_static("Basic realm=\"client\"");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        answer
    }
}

/// An answer that no cache may keep. Spec: RFC 6749 §5.1.
pub(crate) fn uncached(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    answer
}
