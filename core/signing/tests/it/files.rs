//! The files host.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header;
use http_body_util::BodyExt;
use signing::Signing;
use signing_contract::{DocumentKind, FileAddress, SigningRefusal};
use tower::ServiceExt;

use crate::paper::blank;
use crate::world::{World, in_a_world, refusal};

async fn got(world: &World, path: &str, range: Option<&str>) -> Response {
    let router = Signing::files().with_state(Arc::clone(&world.signing));
    let mut request = Request::get(path);
    if let Some(range) = range {
        request = request.header(header::RANGE, range);
    }
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn bytes(answer: Response) -> Vec<u8> {
    answer.into_body().collect().await.unwrap().to_bytes().to_vec()
}

async fn addressed(world: &World, file: &[u8]) -> String {
    let document = world.brought("anna", (file, DocumentKind::ToCheck)).await.unwrap();
    world.call("anna", FileAddress { document: document.id }).await.unwrap().path
}

#[test]
fn a_pdf_is_shown_to_the_portal_alone_and_handed_out_on_demand() {
    in_a_world(|world| async move {
        let file = blank(600_000);
        let path = addressed(&world, &file).await;
        assert_eq!(path.len(), 33);
        let answer = got(&world, &path, None).await;
        let headers = answer.headers().clone();
        assert_eq!(headers["content-type"], "application/pdf");
        assert_eq!(
            headers["content-security-policy"],
            "frame-ancestors http://portal.localhost:8080"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "private, no-store");
        assert_eq!(headers["content-length"], file.len().to_string());
        let name = headers["content-disposition"].to_str().unwrap();
        assert_eq!(name, "inline; filename*=UTF-8''l%C4%ABgums.pdf");
        assert!(headers.get("set-cookie").is_none());
        assert_eq!(bytes(answer).await, file);
        let kept = got(&world, &format!("{path}?download"), None).await;
        assert!(kept.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    });
}

#[test]
fn anything_but_a_pdf_is_handed_out_and_never_shown() {
    in_a_world(|world| async move {
        let path = addressed(&world, b"<html><script>alert(1)</script>").await;
        let answer = got(&world, &path, None).await;
        assert_eq!(answer.headers()["content-type"], "application/octet-stream");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
        let how = answer.headers()["content-disposition"].to_str().unwrap();
        assert!(how.starts_with("attachment"));
    });
}

#[test]
fn a_range_over_chunks_is_served_as_a_part() {
    in_a_world(|world| async move {
        let file = blank(600_000);
        let path = addressed(&world, &file).await;
        for (range, from, to) in
            [("bytes=262100-262200", 262_100, 262_201), ("bytes=-7", file.len() - 7, file.len())]
        {
            let answer = got(&world, &path, Some(range)).await;
            assert_eq!(answer.status(), 206);
            let said = format!("bytes {from}-{}/{}", to - 1, file.len());
            assert_eq!(answer.headers()["content-range"], said);
            assert_eq!(bytes(answer).await, &file[from..to]);
        }
        assert_eq!(got(&world, &path, Some("bytes=9999999-")).await.status(), 416);
    });
}

#[test]
fn unknown_past_and_misshapen_addresses_are_alike() {
    in_a_world(|world| async move {
        let path = addressed(&world, &blank(0)).await;
        assert_eq!(got(&world, &path, None).await.status(), 200);
        world.trial.clock.pass(Duration::from_mins(5));
        let mut answers = Vec::new();
        for path in [path.as_str(), &format!("/{}", "ab".repeat(16)), "/x", "/%00"] {
            let answer = got(&world, path, None).await;
            assert_eq!(answer.status(), 404, "{path}");
            answers.push(bytes(answer).await);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1);
    });
}

#[test]
fn nobody_gets_an_address_of_anothers_document() {
    in_a_world(|world| async move {
        let document = world.brought("anna", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let address = FileAddress { document: document.id };
        assert_eq!(refusal(world.call("berta", address).await), SigningRefusal::Unknown);
    });
}
