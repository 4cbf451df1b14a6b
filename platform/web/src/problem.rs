//! Errors as problem documents (RFC 9457).

use std::error::Error;

use axum::response::{IntoResponse, Response};
use base::{Failure, Fault, Problem};
use http::{HeaderValue, StatusCode, header};

/// An error on its way to a caller: what `?` in a handler makes of every [`Failure`].
///
/// Ours and Elsewhere are logged here, once, with their sources; the caller sees kind and title
/// only.
#[derive(Debug)]
pub struct Failed {
    problem: Problem,
    retry_s: Option<u32>,
}

impl Failed {
    /// The problem as the caller will see it.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl<E: Failure> From<E> for Failed {
    fn from(failure: E) -> Self {
        let fault = failure.fault();
        if matches!(fault, Fault::Ours | Fault::Elsewhere) {
            tracing::error!(kind = failure.kind(), cause = %chain(&failure), "request failed");
        }
        let retry_s = if let Fault::Later(seconds) = fault { Some(seconds) } else { None };
        Self { problem: failure.problem(), retry_s }
    }
}

/// A failure and what caused it, in one line.
fn chain(failure: &dyn Error) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut answer = body.into_response();
        *answer.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_s {
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        answer
    }
}

/// What this crate itself refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A body that is not of the form the route takes.
    #[error("malformed body")]
    Body,
    /// A form or JSON member that is missing, unknown or of another kind.
    #[error("malformed parameters")]
    Parameters,
    /// Too many requests from one place.
    #[error("too many requests")]
    Rate,
    /// A body beyond the route's limit.
    #[error("body too large")]
    Size,
    /// A media type that the route does not take.
    #[error("unsupported media type")]
    MediaType,
    /// A request that names no host, or several.
    #[error("no one host")]
    Hosts,
    /// A host that does not live here.
    #[error("unknown host")]
    Host,
    /// A path that is not there, or not for this caller.
    #[error("not found")]
    NotFound,
    /// A request from a page of another site.
    #[error("cross-site request")]
    CrossSite,
    /// A handler that gave up.
    #[error("a handler panicked")]
    Panicked,
}

impl Failure for Refused {
    fn fault(&self) -> Fault {
        match self {
            Self::Body | Self::Parameters | Self::Hosts => Fault::Caller(400),
            Self::Rate => Fault::Caller(429),
            Self::Size => Fault::Caller(413),
            Self::MediaType => Fault::Caller(415),
            Self::Host => Fault::Caller(421),
            Self::NotFound => Fault::Caller(404),
            Self::CrossSite => Fault::Caller(403),
            Self::Panicked => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Body => "malformed-body",
            Self::Parameters => "malformed-parameters",
            Self::Rate => "too-many-requests",
            Self::Size => "body-too-large",
            Self::MediaType => "unsupported-media-type",
            Self::Hosts => "malformed-host",
            Self::Host => "unknown-host",
            Self::NotFound => "not-found",
            Self::CrossSite => "cross-site-request",
            Self::Panicked => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Body => "The body cannot be read.",
            Self::Parameters => "A parameter is missing, unknown or malformed.",
            Self::Rate => "Too many requests; try again later.",
            Self::Size => "The body is larger than this address takes.",
            Self::MediaType => "This address does not take that media type.",
            Self::Hosts => "A request names one host.",
            Self::Host => "No service of that name answers here.",
            Self::NotFound => "There is nothing here for you.",
            Self::CrossSite => "The request came from a page of another site.",
            Self::Panicked => "Something went wrong here; it has been recorded.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_problem_document_with_its_status() {
        let answer = Failed::from(Refused::Host).into_response();
        assert_eq!(answer.status(), 421);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }

    #[test]
    fn the_caller_never_sees_a_source() {
        let problem = Refused::Panicked.problem();
        assert_eq!(problem.kind, "urn:sakta:problem:internal");
        assert!(problem.detail.is_none());
    }
}
