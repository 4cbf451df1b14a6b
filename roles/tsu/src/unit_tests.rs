//! Tokens, read by our own reader and by OpenSSL.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use cms::timestamp::{Imprint, Status};
use keys::trial::{Hierarchy, organisation, signer};
use keys::{Algorithm, Suite, SystemChance, allowed};
use trial::FixedClock;
use x509::Kind;

struct Bench {
    clock: FixedClock,
    hierarchy: Hierarchy,
    unit: Unit,
    folder: PathBuf,
}

fn policy() -> Oid {
    "2.25.329800735698586629295641978511506172918".parse().unwrap()
}

fn bench(name: &str) -> Bench {
    let folder = std::env::temp_dir().join(format!("sakta-tsu-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let clock = FixedClock::at("2026-05-12T10:00:00.7Z");
    let hierarchy = Hierarchy::new(clock.now());
    let unit = opened(&clock, &hierarchy, &folder);
    Bench { clock, hierarchy, unit, folder }
}

fn opened(clock: &FixedClock, hierarchy: &Hierarchy, folder: &Path) -> Unit {
    let signer: Signer<TimeStamps> = signer(Algorithm::P256);
    let spki = signer.public_key().spki();
    let certificate = hierarchy.issue(Kind::TimeStampUnit, &organisation("Trial unit"), spki);
    Unit::open(Stamping {
        clock: Arc::new(clock.clone()),
        chance: &SystemChance::new(),
        signer,
        certificate,
        policy: policy(),
        mark: &folder.join("mark"),
    })
    .unwrap()
}

fn request(certificate: bool) -> Request {
    let imprint = Imprint::of(DigestAlgorithm::Sha256, b"document");
    Request { certificate, ..Request::new(imprint, [9; 16]) }
}

fn asked(unit: &Unit, request: &Request) -> Response {
    Response::parse(&unit.answer(&request.to_der())).unwrap()
}

#[test]
fn a_token_holds_whole_seconds_the_nonce_and_a_serial_never_seen() {
    let bench = bench("token");
    let request = request(true);
    let tokens = [asked(&bench.unit, &request), asked(&bench.unit, &request)]
        .map(|answer| answer.read_token().unwrap().unwrap());
    for token in &tokens {
        assert_eq!(token.info.at, bench.clock.now().seconds());
        assert!(token.answers(&request).is_empty());
        let report = token.check(
            &|algorithm| Some(Imprint::of(algorithm, b"document").digest),
            &[],
            cms::Algorithms(allowed(Suite::Agreed)),
        );
        assert!(report.is_sound(), "{report:?}");
    }
    assert_ne!(tokens[0].info.serial, tokens[1].info.serial);
    assert_eq!(tokens[0].info.serial.len(), 16);
}

#[test]
fn openssl_verifies_a_token_and_refuses_another_document() {
    let bench = bench("openssl");
    let file = |name: &str, bytes: &[u8]| {
        let path = bench.folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let pem = |certificate: &Certificate| {
        let mut child = Command::new("openssl");
        let der = file("one.der", certificate.der());
        let out = child.args(["x509", "-inform", "DER", "-in"]).arg(der).output().unwrap();
        out.stdout
    };
    let root = file("root.pem", &pem(&bench.hierarchy.root));
    let issuing = file("issuing.pem", &pem(&bench.hierarchy.issuing));
    let answer = file("answer.tsr", &bench.unit.answer(&request(true).to_der()));
    for (document, verified) in [(b"document".as_slice(), true), (b"another", false)] {
        let document = file("document", document);
        let out = Command::new("openssl")
            .args(["ts", "-verify", "-attime"])
            .arg(bench.clock.now().seconds().to_string())
            .arg("-in")
            .arg(&answer)
            .arg("-data")
            .arg(&document)
            .arg("-CAfile")
            .arg(&root)
            .arg("-untrusted")
            .arg(&issuing)
            .output()
            .unwrap();
        assert_eq!(out.status.success(), verified, "{}", String::from_utf8_lossy(&out.stderr));
    }
}

#[test]
fn what_cannot_be_stamped_is_told_why() {
    let bench = bench("refusals");
    let other = Request { policy: Some("1.2.3".parse().unwrap()), ..request(false) };
    let answer = asked(&bench.unit, &other);
    assert_eq!(
        (answer.status, answer.failure),
        (Status::Rejection, Some(Failure::UnacceptedPolicy))
    );
    for garbage in [b"".as_slice(), b"garbage", &[0x30, 0x80]] {
        let answer = Response::parse(&bench.unit.answer(garbage)).unwrap();
        assert_eq!(answer.failure, Some(Failure::BadDataFormat));
    }
}

#[test]
fn a_second_run_waits_out_what_the_first_may_have_stamped() {
    let bench = bench("restart");
    assert!(asked(&bench.unit, &request(false)).token.is_some());
    let next = opened(&bench.clock, &bench.hierarchy, &bench.folder);
    let refused = asked(&next, &request(false));
    assert_eq!(refused.failure, Some(Failure::TimeNotAvailable));
    bench.clock.pass(Duration::from_secs(2));
    assert!(asked(&next, &request(false)).token.is_some());
}

#[test]
fn an_ended_certificate_stamps_nothing() {
    let bench = bench("ended");
    bench.clock.pass(Duration::from_secs(400 * 86_400));
    assert_eq!(asked(&bench.unit, &request(false)).failure, Some(Failure::TimeNotAvailable));
    assert!(!bench.unit.is_ready());
}

#[test]
fn a_certificate_of_another_key_is_refused() {
    let bench = bench("key");
    let signer: Signer<TimeStamps> = signer(Algorithm::P256);
    let parts = Stamping {
        clock: Arc::new(bench.clock.clone()),
        chance: &SystemChance::new(),
        signer,
        certificate: bench.unit.certificate.clone(),
        policy: policy(),
        mark: &bench.folder.join("other-mark"),
    };
    assert!(matches!(Unit::open(parts), Err(UnitError::Key)));
}
