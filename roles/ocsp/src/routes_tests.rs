//! The routes, asked as clients ask.

use axum::body::Body;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::responder::tests::bench;

async fn asked(request: http::Request<Body>) -> (u16, Vec<u8>) {
    let bench = bench("routes");
    let router = routes("/pki/ocsp", "/pki/ocsp/{*request}").with_state(Arc::new(bench.responder));
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn another_media_type_is_refused_and_garbage_is_answered_as_the_protocol_says() {
    let post = |kind| {
        http::Request::post("/pki/ocsp").header("content-type", kind).body(Body::from("x")).unwrap()
    };
    assert_eq!(asked(post("text/plain")).await.0, 415);
    let malformed = (200, Refusal::MalformedRequest.der());
    assert_eq!(asked(post(REQUEST)).await, malformed);
    let get = http::Request::get("/pki/ocsp/not%20base64").body(Body::empty()).unwrap();
    assert_eq!(asked(get).await, malformed);
}
