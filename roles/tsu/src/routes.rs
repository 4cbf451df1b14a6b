//! The unit over HTTP. Spec: RFC 3161 §3.4.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use web::{Access, Failed, Refused, Routes};

use crate::Unit;

const REQUEST: &str = "application/timestamp-query";
const RESPONSE: HeaderValue = HeaderValue::from_static("application/timestamp-reply");

/// `POST path`: a TimeStampReq, answered with a TimeStampResp.
#[must_use]
pub fn routes(path: &'static str) -> Routes<Arc<Unit>> {
    Routes::new().post(path, Access::Anybody, stamp)
}

async fn stamp(
    State(unit): State<Arc<Unit>>,
    headers: HeaderMap,
    request: Bytes,
) -> Result<Response, Failed> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != REQUEST) {
        return Err(Refused::MediaType.into());
    }
    let headers = [
        (header::CONTENT_TYPE, RESPONSE),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, unit.answer(&request)).into_response())
}
