//! The files that pages load, for the hosts that have no such route of their own.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use web::{Failed, Path, Refused};

/// `GET /assets/{path}`.
pub(crate) fn router() -> Router {
    Router::new().route("/assets/{*path}", get(file))
}

/// A file; one whose path names this version is kept for ever.
pub(crate) async fn file(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Failed> {
    let asset = ui::asset(&path).ok_or(Refused::NotFound)?;
    let kept = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let head = [(header::CACHE_CONTROL, kept), (header::ETAG, asset.etag)];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == asset.etag) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    Ok((head, [(header::CONTENT_TYPE, asset.content_type)], asset.bytes).into_response())
}
