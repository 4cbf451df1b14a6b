//! Signing over HTTP: documents stay with the program, one approval for many.

use std::sync::Arc;

use activation_contract::control_code;
use activation_contract::remote::{
    Activation, Credentials, NewActivation, NewItem, PAGE, Progress, RESERVE, RevocationEvidence,
    Signatures,
};
use ades::Indication;
use axum::body::Body;
use axum::extract::Request;
use base::{Bytes, Clock, Digest};
use cms::{Attribute, Attributes, DigestAlgorithm};
use http_body_util::BodyExt;
use pdf::{Dss, Limits, Prepared, SignatureRequest};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use signing::Signing;
use tower::ServiceExt;
use x509::Certificate;

use crate::outside::Broken;
use crate::paper::blank;
use crate::world::{World, in_a_world};

async fn sent(world: &World, request: Request) -> (u16, Vec<u8>) {
    let router = Signing::api().with_state(Arc::clone(&world.signing));
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn got<T: DeserializeOwned>(world: &World, path: &str) -> T {
    let request = Request::get(path).header("authorization", "Bearer anna-token");
    let (status, body) = sent(world, request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200, "{path} {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

fn posting(ask: &NewActivation, token: &str) -> Request {
    let request = Request::post("/v1/activations")
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", "k-1")
        .header("content-type", "application/json");
    request.body(Body::from(serde_json::to_vec(ask).unwrap())).unwrap()
}

/// What a program does before it asks.
struct Paper {
    original: Vec<u8>,
    prepared: Prepared,
    tbs: cms::ToBeSigned,
}

impl Paper {
    fn new(world: &World, certificate: &Certificate, number: usize) -> Self {
        let original = blank(number * 10);
        let now = world.trial.clock.now().seconds();
        let prepared = pdf::prepare(&original, &SignatureRequest::new(now, RESERVE)).unwrap();
        let digest = prepared.sha256(&original);
        let algorithm = DigestAlgorithm::Sha256;
        let tbs = cms::prepare(certificate, algorithm, &digest, &Attributes::default()).unwrap();
        Self { original, prepared, tbs }
    }

    fn item(&self, number: usize) -> NewItem {
        NewItem {
            label: format!("file-{number}.pdf"),
            media_type: "application/pdf".to_owned(),
            size: u64::try_from(self.original.len()).unwrap(),
            document_digest: Digest(Sha256::digest(&self.original).into()),
            signed: Bytes(self.tbs.signed_attributes_der()),
        }
    }

    /// What a program does after.
    fn finished(
        &self,
        chain: &[&[u8]],
        (signature, token): (&[u8], &[u8]),
        evidence: &RevocationEvidence,
    ) -> Vec<u8> {
        let stamp = Attribute::time_stamp(token.to_vec());
        let cms = self.tbs.finish(signature, chain, &[stamp]);
        let mut file = self.original.clone();
        file.extend(self.prepared.finish(&cms).unwrap());
        let list = |all: &[Bytes]| all.iter().map(|Bytes(der)| der.clone()).collect();
        let store = Dss {
            certs: list(&evidence.certificates),
            ocsps: list(&evidence.ocsp),
            crls: list(&evidence.crls),
            vri: Vec::new(),
        };
        file.extend(pdf::add_dss(&file, &store, &Limits::default()).unwrap());
        file
    }
}

async fn asked(world: &World, count: usize) -> (Credentials, Vec<Paper>, NewActivation) {
    let credentials: Credentials = got(world, "/v1/credentials").await;
    let own = &credentials.credentials[0];
    assert_eq!(own.digest, "sha-256");
    let certificate = Certificate::parse(&own.certificate.0).unwrap();
    let papers: Vec<_> = (0..count).map(|n| Paper::new(world, &certificate, n)).collect();
    let items = papers.iter().enumerate().map(|(number, paper)| paper.item(number)).collect();
    let place = "sakta, host workshop".to_owned();
    let ask = NewActivation { credential: own.id, place, items };
    (credentials, papers, ask)
}

#[test]
fn many_files_are_signed_by_one_approval_and_never_sent() {
    in_a_world(|world| async move {
        let (credentials, papers, ask) = asked(&world, 250).await;
        let (status, body) = sent(&world, posting(&ask, "anna-token")).await;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        let activation: Activation = serde_json::from_slice(&body).unwrap();
        assert_eq!(activation.progress, Progress::WaitingForPhone);
        let (_, again) = sent(&world, posting(&ask, "anna-token")).await;
        assert_eq!(serde_json::from_slice::<Activation>(&again).unwrap().id, activation.id);
        assert_eq!(world.neighbours.requests(), 1);

        let request = world.neighbours.shown(&activation.id);
        assert_eq!((request.client.as_str(), request.place.as_str()), ("cli", ask.place.as_str()));
        assert_eq!(request.client_name.len(), 2, "an unnamed client is shown by its id");
        world.neighbours.approves(&activation.id);
        let path = format!("/v1/activations/{}", activation.id);
        world.outside.breaks(Broken { list: true, ..Broken::default() });
        let waiting: Activation = got(&world, &path).await;
        assert_eq!(waiting.progress, Progress::Completing);
        let early = Request::get(format!("{path}/signatures"));
        let early = early.header("authorization", "Bearer anna-token").body(Body::empty()).unwrap();
        assert_eq!(sent(&world, early).await.0, 404, "nothing without its status");
        world.outside.breaks(Broken::default());
        let done: Activation = got(&world, &path).await;
        let Progress::Done { evidence } = done.progress else { panic!("{done:?}") };

        let own = &credentials.credentials[0];
        let mut chain = vec![own.certificate.0.as_slice()];
        chain.extend(own.chain.iter().map(|der| der.0.as_slice()));
        let (mut next, mut seen) = (Some(0), 0);
        while let Some(from) = next {
            let page: Signatures = got(&world, &format!("{path}/signatures?from={from}")).await;
            assert!(page.signatures.len() <= PAGE);
            for own in &page.signatures {
                let paper = &papers[usize::try_from(own.number).unwrap()];
                let pair = (own.signature.0.as_slice(), own.time_stamp.0.as_slice());
                let file = paper.finished(&chain, pair, &evidence);
                let report = world.checked(&file);
                assert_eq!(report.worst(), Some(Indication::TotalPassed), "{report:#?}");
                assert_eq!(report.signatures[0].format, "PAdES-BASELINE-LT");
                seen += 1;
            }
            next = page.next;
        }
        assert_eq!(seen, 250);
    });
}

#[test]
fn the_program_and_the_phone_compute_the_same_control_code() {
    in_a_world(|world| async move {
        let (_, papers, ask) = asked(&world, 3).await;
        let (_, body) = sent(&world, posting(&ask, "anna-token")).await;
        let activation: Activation = serde_json::from_slice(&body).unwrap();
        let own: Vec<_> = papers.iter().map(|paper| paper.tbs.digest()).collect();
        let request = world.neighbours.shown(&activation.id);
        let activation_contract::RequestKind::Act { items, .. } = request.kind else { panic!() };
        let shown = items.iter().map(|item| item.dtbs.as_ref().unwrap().digest.0.as_slice());
        assert_eq!(control_code(own.iter().map(Vec::as_slice)), control_code(shown));
    });
}

#[test]
fn whoever_has_no_token_or_anothers_gets_nothing() {
    in_a_world(|world| async move {
        let (_, _, ask) = asked(&world, 1).await;
        let (_, body) = sent(&world, posting(&ask, "anna-token")).await;
        let activation: Activation = serde_json::from_slice(&body).unwrap();
        for path in [
            "/v1/credentials".to_owned(),
            format!("/v1/activations/{}", activation.id),
            format!("/v1/activations/{}/signatures", activation.id),
        ] {
            let bare = Request::get(&path).body(Body::empty()).unwrap();
            assert_eq!(sent(&world, bare).await.0, 401, "{path}");
            let wrong = Request::get(&path).header("authorization", "Bearer x");
            assert_eq!(sent(&world, wrong.body(Body::empty()).unwrap()).await.0, 401, "{path}");
            if path != "/v1/credentials" {
                let other = Request::get(&path).header("authorization", "Bearer berta-token");
                let other = other.body(Body::empty()).unwrap();
                assert_eq!(sent(&world, other).await.0, 404, "{path}");
            }
        }
        assert_eq!(sent(&world, posting(&ask, "berta-token")).await.0, 409, "not her key");
    });
}

#[test]
fn what_is_out_of_bounds_never_reaches_the_phone() {
    in_a_world(|world| async move {
        let (_, _, ask) = asked(&world, 2).await;
        let with = |items: Vec<NewItem>| NewActivation { items, ..ask.clone() };
        let label = NewItem { label: "a\u{1b}[2J".to_owned(), ..ask.items[0].clone() };
        let long = NewItem { signed: Bytes(vec![1; 4097]), ..ask.items[0].clone() };
        let twice = vec![ask.items[0].clone(), ask.items[0].clone()];
        for bad in [with(Vec::new()), with(vec![label]), with(vec![long]), with(twice)] {
            assert_eq!(sent(&world, posting(&bad, "anna-token")).await.0, 422);
        }
        let odd = Request::post("/v1/activations").header("authorization", "Bearer anna-token");
        let odd = odd.header("content-type", "application/json").body(Body::from("{}")).unwrap();
        assert_eq!(sent(&world, odd).await.0, 400);
        assert_eq!(world.neighbours.requests(), 0);
        // A key used for something else.
        assert_eq!(sent(&world, posting(&ask, "anna-token")).await.0, 201);
        let other = with(vec![ask.items[0].clone()]);
        assert_eq!(sent(&world, posting(&other, "anna-token")).await.0, 422);
        assert_eq!(world.neighbours.requests(), 1);
    });
}
