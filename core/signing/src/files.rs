//! The files host: documents for the browser, by addresses that name one document for one viewer
//! and end. Spec: PROTOCOLS §9.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use base::Id;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::{Frame, SizeHint};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use store::StoreError;
use web::{Access, Failed, Path, Query, Refused, Routes};

use crate::document::{DocumentId, DocumentRow};
use crate::sign::Signing;

/// What RFC 8187 leaves as it is in a name.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How a document is wanted.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// Present: to be kept as a file instead of shown.
    download: Option<String>,
}

impl Signing {
    /// The routes of the files host. It sets no cookie and reads none.
    #[must_use]
    pub fn files() -> Routes<Arc<Self>> {
        Routes::new().get("/{address}", Access::Bearer, show)
    }

    fn policy(&self, media_type: &str) -> HeaderValue {
        let policy = if media_type == "application/pdf" {
            // The browser's own viewer breaks under `default-src 'none'`.
            format!("frame-ancestors {}", self.parts.portal)
        } else {
            "default-src 'none'; frame-ancestors 'none'".to_owned()
        };
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

async fn show(
    State(signing): State<Arc<Signing>>,
    Path(address): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    // Of another form, unknown, past: all alike.
    let address: Id<()> = address.parse().map_err(|_| Refused::NotFound)?;
    let row = signing.addressed(address).await.map_err(|_| Refused::NotFound)?;
    let size = u64::try_from(row.size).unwrap_or(0);
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let part = match range.map(|range| part(range, size)) {
        None | Some(Asked::Whole) => None,
        Some(Asked::Part(from, to)) => Some((from, to)),
        Some(Asked::Beyond) => return Ok(beyond(size)),
    };
    Ok(answer(&signing, &row, (part, size), wanted.download.is_some()))
}

fn answer(
    signing: &Arc<Signing>,
    row: &DocumentRow,
    (part, size): (Option<(u64, u64)>, u64),
    download: bool,
) -> Response {
    let (from, to) = part.unwrap_or((0, size));
    let stream = Stream::of(Arc::clone(signing), row.id, (from, to));
    let mut answer = Response::new(Body::new(stream));
    let kind = HeaderValue::try_from(&row.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    // Only what browsers show in a sandbox of their own is shown at all.
    let shown = !download && row.media_type == "application/pdf";
    let all = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_LENGTH, HeaderValue::from(to - from)),
        (header::CONTENT_DISPOSITION, disposition(&row.name, shown)),
        (header::CONTENT_SECURITY_POLICY, signing.policy(&row.media_type)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    answer.headers_mut().extend(all);
    if part.is_some() {
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {from}-{}/{size}", to.saturating_sub(1));
        if let Ok(range) = HeaderValue::try_from(range) {
            answer.headers_mut().insert(header::CONTENT_RANGE, range);
        }
    }
    answer
}

fn beyond(size: u64) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    if let Ok(range) = HeaderValue::try_from(format!("bytes */{size}")) {
        answer.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    answer
}

fn disposition(name: &str, shown: bool) -> HeaderValue {
    let how = if shown { "inline" } else { "attachment" };
    let name = utf8_percent_encode(name, NAME);
    HeaderValue::try_from(format!("{how}; filename*=UTF-8''{name}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// What of a document is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// All of it: also where the header is of a form that is not served.
    Whole,
    /// From a byte up to, not including, another.
    Part(u64, u64),
    /// Nothing that is there.
    Beyond,
}

/// One range, as viewers ask for; several are answered whole. Spec: RFC 9110 §14.
fn part(range: &str, size: u64) -> Asked {
    let Some((from, to)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Asked::Whole;
    };
    let number = |text: &str| -> Option<u64> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    };
    match (number(from), number(to)) {
        (Some(from), _) if from >= size => Asked::Beyond,
        (Some(from), None) if to.is_empty() => Asked::Part(from, size),
        (Some(from), Some(to)) if from <= to => Asked::Part(from, size.min(to.saturating_add(1))),
        (None, Some(0)) if from.is_empty() => Asked::Beyond,
        (None, Some(last)) if from.is_empty() && size > 0 => {
            Asked::Part(size.saturating_sub(last), size)
        }
        _ => Asked::Whole,
    }
}

type Reading = Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>, StoreError>> + Send>>;

/// A document's bytes from `from` to `to`, a chunk at a time.
struct Stream {
    signing: Arc<Signing>,
    document: DocumentId,
    number: u32,
    /// How many bytes are still to be passed over.
    skip: u64,
    /// How many are still to be sent.
    left: u64,
    reading: Option<Reading>,
}

impl Stream {
    fn of(signing: Arc<Signing>, document: DocumentId, (from, to): (u64, u64)) -> Self {
        let left = to.saturating_sub(from);
        Self { signing, document, number: 0, skip: from, left, reading: None }
    }

    /// What of a chunk is sent.
    fn cut(&mut self, chunk: Vec<u8>) -> Bytes {
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let skip = self.skip.min(length);
        self.skip -= skip;
        let take = self.left.min(length - skip);
        self.left -= take;
        let (from, to) = (usize::try_from(skip), usize::try_from(skip + take));
        match (from, to) {
            (Ok(from), Ok(to)) => Bytes::from(chunk).slice(from..to),
            _ => Bytes::new(),
        }
    }
}

impl hyper::body::Body for Stream {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        let stream = self.get_mut();
        while stream.left > 0 {
            let (signing, document, number) =
                (Arc::clone(&stream.signing), stream.document, stream.number);
            let reading = stream.reading.get_or_insert_with(|| {
                Box::pin(async move { signing.chunk(document, number).await })
            });
            let read = std::task::ready!(reading.as_mut().poll(task));
            stream.reading = None;
            stream.number += 1;
            match read {
                // Fewer bytes than the document has: it was swept away meanwhile.
                Ok(None) => return Poll::Ready(Some(Err(StoreError::Unknown))),
                Err(why) => return Poll::Ready(Some(Err(why))),
                Ok(Some(chunk)) => {
                    let bytes = stream.cut(chunk);
                    if !bytes.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(bytes))));
                    }
                }
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_range_is_served_and_what_is_not_there_is_said() {
        for (range, asked) in [
            ("bytes=0-9", Asked::Part(0, 10)),
            ("bytes=90-", Asked::Part(90, 100)),
            ("bytes=90-1000", Asked::Part(90, 100)),
            ("bytes=-5", Asked::Part(95, 100)),
            ("bytes=-500", Asked::Part(0, 100)),
            ("bytes=100-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=9-1", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("pages=1-2", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
        ] {
            assert_eq!(part(range, 100), asked, "{range}");
        }
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let value = disposition("ā\"; filename=evil\r\nX: y", true);
        let text = value.to_str().unwrap();
        assert_eq!(text, "inline; filename*=UTF-8''%C4%81%22%3B%20filename%3Devil%0D%0AX%3A%20y");
    }

    proptest! {
        #[test]
        fn a_range_never_leaves_the_document(range in "(bytes=)?[0-9,-]{0,40}", size: u64) {
            if let Asked::Part(from, to) = part(&range, size) {
                prop_assert!(from < to && to <= size);
            }
        }
    }
}
