//! What pages load: style sheets, fonts, pictures, the script.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use web::{Failed, Path, Refused};

/// A file; one whose path names this version is kept for ever.
pub(crate) async fn file(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Failed> {
    let asset = ui::asset(&path).ok_or(Refused::NotFound)?;
    let kept = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let head = [(header::CACHE_CONTROL, kept), (header::ETAG, asset.etag)];
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == asset.etag);
    if known {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    Ok((head, [(header::CONTENT_TYPE, asset.content_type)], asset.bytes).into_response())
}
