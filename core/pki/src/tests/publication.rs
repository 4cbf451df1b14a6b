//! What anybody can fetch.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use pki_contract::SignerRefusal;
use store::trial::trial_on_each_engine;
use tower::ServiceExt;

use super::world::{SCHEMAS, World};
use crate::routes;

async fn get(world: &World, path: &str) -> (StatusCode, String, Vec<u8>) {
    let router = routes().with_state(world.pki.clone());
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status();
    let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let body = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
    (status, kind, body)
}

#[test]
fn authorities_and_lists_are_published_and_nothing_else() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let (status, kind, body) = get(&world, "/pki/issuing.crt").await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/pkix-cert"));
        assert_eq!(body, world.hierarchy.lock().unwrap().issuing.der());
        let (status, kind, body) = get(&world, "/pki/issuing.crl").await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/pkix-crl"));
        assert_eq!(body, [0, 0, 0, 1]);
        for path in ["/pki/other.crt", "/pki/issuing", "/pki/issuing.pem", "/pki/.crl"] {
            let (status, kind, _) = get(&world, path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(kind, "application/problem+json");
        }
    });
}

#[test]
fn a_list_is_kept_a_moment_and_outlives_the_signers_silence_until_its_end() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let fetched = || async { get(&world, "/pki/issuing.crl").await };
        assert_eq!(fetched().await.2, fetched().await.2);
        assert_eq!(world.neighbours.lock().unwrap().lists, 1);
        world.trial.clock.pass(Duration::from_secs(31));
        let newer = fetched().await.2;
        assert_eq!(newer, [0, 0, 0, 2]);
        world.set(|all| all.signer = Some(SignerRefusal::Store));
        world.trial.clock.pass(Duration::from_hours(23));
        assert_eq!(fetched().await.2, newer);
        world.trial.clock.pass(Duration::from_hours(2));
        assert_eq!(fetched().await.0, StatusCode::BAD_GATEWAY);
    });
}
