//! The files that pages load: style sheets, fonts, pictures, the script.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

use crate::{Failed, Path, Refused};

/// Where they lie, on every host with pages.
pub const PAGE_FILES: &str = "/assets/{*path}";

/// A file of the house's design. One whose path names this version is kept
/// for ever; the others are asked again with their entity tag.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn page_file(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Failed> {
    let asset = ui::asset(&path).ok_or(Refused::NotFound)?;
    let kept = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let head = [(header::CACHE_CONTROL, kept), (header::ETAG, asset.etag)];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == asset.etag) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    Ok((head, [(header::CONTENT_TYPE, asset.content_type)], asset.bytes).into_response())
}
