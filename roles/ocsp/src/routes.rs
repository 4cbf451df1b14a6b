//! The responder over HTTP. Spec: RFC 6960 appendix A, RFC 5019 §6.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use web::{Access, Failed, Path, Refused, Routes};
use x509::ocsp::{Refusal, Request};

use crate::Responder;

const REQUEST: &str = "application/ocsp-request";
const RESPONSE: HeaderValue = HeaderValue::from_static("application/ocsp-response");

/// `POST post` and `GET get`, which ends in `/{*request}`.
#[must_use]
pub fn routes(post: &'static str, get: &'static str) -> Routes<Arc<Responder>> {
    Routes::new().post(post, Access::Anybody, by_post).get(get, Access::Anybody, by_get)
}

async fn by_post(
    State(responder): State<Arc<Responder>>,
    headers: HeaderMap,
    request: Bytes,
) -> Result<Response, Failed> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != REQUEST) {
        return Err(Refused::MediaType.into());
    }
    Ok(answered(responder.answer(&request)))
}

async fn by_get(State(responder): State<Arc<Responder>>, Path(request): Path<String>) -> Response {
    // Answers are live: a cache that kept a good one would hide a revocation.
    answered(match Request::from_path(&request) {
        Ok(request) => responder.respond(&request),
        Err(_) => Refusal::MalformedRequest.der(),
    })
}

fn answered(response: Vec<u8>) -> Response {
    let fresh = HeaderValue::from_static("no-store");
    ([(header::CONTENT_TYPE, RESPONSE), (header::CACHE_CONTROL, fresh)], response).into_response()
}

#[cfg(test)]
#[path = "routes_tests.rs"]
mod tests;
