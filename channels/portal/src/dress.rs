//! Around every answer: the language that was chosen is kept, and what went wrong is a page for
//! whoever reads pages.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Problem, hex};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use web::{Language, SetCookie};

use crate::pages::{Trouble, trouble};
use crate::portal::Portal;
use crate::reader::{Reader, page};

/// The largest problem document that is read.
const PROBLEM_MAX: usize = 64 * 1024;

/// How long a chosen language is kept, in seconds.
const LANGUAGE_S: u64 = 365 * 24 * 3600;

/// The middleware.
pub(crate) async fn dress(
    State(portal): State<Arc<Portal>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let answer = next.run(Request::from_parts(parts, body)).await;
    let mut answer = if wrong(&answer) && reads_pages(&asked) {
        as_page(&portal, &mut asked, answer).await
    } else {
        answer
    };
    if let Some(cookie) = language(&portal, &mut asked).await {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// A problem document, or an answer that the frontage gave up on.
fn wrong(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    match kind.and_then(|kind| kind.to_str().ok()) {
        Some(kind) => kind == "application/problem+json",
        None => answer.status().is_client_error() || answer.status().is_server_error(),
    }
}

fn reads_pages(asked: &Parts) -> bool {
    let accept = asked.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

async fn as_page(portal: &Arc<Portal>, asked: &mut Parts, answer: Response) -> Response {
    let Ok(reader) = Reader::from_request_parts(asked, portal).await else {
        return answer;
    };
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, PROBLEM_MAX).await.unwrap_or_default();
    let problem: Option<Problem> = serde_json::from_slice(&body).ok();
    let kind = problem.map(|problem| problem.kind).unwrap_or_default();
    let what = trouble_of(head.status, &kind);
    let request = hex(&portal.chance.bytes::<8>());
    tracing::warn!(request, status = head.status.as_u16(), kind, "a page says what went wrong");
    let (shown, body) = page(trouble(&reader.seat(), what, Some(&request))).into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.extend(shown.headers);
    (head, body).into_response()
}

fn trouble_of(status: StatusCode, kind: &str) -> Trouble {
    match status.as_u16() {
        401 => Trouble::SessionEnded,
        403 if kind.ends_with("stale-request") || kind.ends_with("cross-site-request") => {
            Trouble::Stale
        }
        403 => Trouble::Forbidden,
        404 | 405 => Trouble::NotFound,
        400..=499 if status == StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge,
        400..=499 if status == StatusCode::TOO_MANY_REQUESTS => Trouble::TooMany,
        400..=499 => Trouble::Stale,
        502 | 504 => Trouble::Elsewhere,
        503 => Trouble::Busy,
        _ => Trouble::Ours,
    }
}

/// The cookie of a language that the address asks for.
async fn language(portal: &Arc<Portal>, asked: &mut Parts) -> Option<HeaderValue> {
    let named = asked.uri.query()?.split('&').any(|pair| pair.starts_with("lang="));
    let Ok(Language(locale)) = Language::from_request_parts(asked, portal).await;
    let secure = portal.addresses.own.starts_with("https://");
    let cookie = SetCookie::new("lang", locale.tag().to_owned(), secure).lasting(LANGUAGE_S);
    if named { cookie.header() } else { None }
}
