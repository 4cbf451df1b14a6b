//! Answers, read by our own reader and by OpenSSL.

use std::process::Command;
use std::time::Duration;

use super::*;
use base::{Bytes, Time, hex};
use keys::trial::{Hierarchy, organisation, person, signer};
use keys::{Algorithm, Suite, allowed};
use pki_contract::Reason;
use pki_contract::feed::Entry;
use trial::FixedClock;
use x509::{Algorithms, Kind};

pub(crate) struct Bench {
    pub(crate) clock: FixedClock,
    hierarchy: Hierarchy,
    pub(crate) holder: Certificate,
    folder: std::path::PathBuf,
    pub(crate) responder: Responder,
}

pub(crate) fn bench(name: &str) -> Bench {
    let folder = std::env::temp_dir().join(format!("sakta-ocsp-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let clock = FixedClock::at("2026-05-12T10:00:00.7Z");
    let hierarchy = Hierarchy::new(clock.now());
    let key: Signer<StatusAnswers> = signer(Algorithm::P256);
    let named = person("Anna", "Paraudziņa", "PNOXX-1");
    let holder = hierarchy.issue(Kind::PersonSign, &named, key.public_key().spki());
    let responder = opened(&clock, &hierarchy, &folder);
    Bench { clock, hierarchy, holder, folder, responder }
}

fn opened(clock: &FixedClock, hierarchy: &Hierarchy, folder: &std::path::Path) -> Responder {
    let key: Signer<StatusAnswers> = signer(Algorithm::P256);
    let subject = organisation("Trial responder");
    let own = hierarchy.issue(Kind::OcspResponder, &subject, key.public_key().spki());
    let mark = Mark::open(&folder.join("mark")).unwrap();
    Responder::new(Arc::new(clock.clone()), key, own, hierarchy.issuing.clone(), mark).unwrap()
}

impl Bench {
    pub(crate) fn feed(&self, from: u64, to: u64, status: pki_contract::Status) -> Feed {
        Feed {
            from,
            to,
            issuer: Bytes(self.hierarchy.issuing.der().to_vec()),
            entries: vec![Entry { serial: hex(self.holder.serial()), status }],
            at: self.clock.now(),
        }
    }

    fn request(&self, nonce: Option<Vec<u8>>) -> Request {
        let hashes = IssuerHashes::of(&self.hierarchy.issuing);
        let ids = vec![CertId::sha256(&hashes, self.holder.serial())];
        Request { ids, nonce }
    }

    fn status(&self, request: &Request) -> Option<Single> {
        let response = x509::ocsp::Response::parse(&self.responder.respond(request)).unwrap();
        let x509::ocsp::Response::Basic(basic) = response else {
            return None;
        };
        let algorithms = Algorithms(allowed(Suite::Agreed));
        basic.verify(&self.hierarchy.issuing, algorithms).unwrap();
        assert_eq!(basic.nonce(), request.nonce.as_deref());
        basic.singles().first().cloned()
    }
}

const GOOD: pki_contract::Status = pki_contract::Status::Good;

#[test]
fn an_answer_is_as_new_as_the_last_tick_and_no_newer() {
    let bench = bench("tick");
    assert_eq!(bench.status(&bench.request(None)), None, "nothing heard: tryLater");
    bench.responder.learn(&bench.feed(0, 1, GOOD)).unwrap();
    bench.clock.pass(Duration::from_secs(5));
    let single = bench.status(&bench.request(Some(vec![1; 32]))).unwrap();
    assert_eq!(single.status, Status::Good);
    let tick: Time = "2026-05-12T10:00:00Z".parse().unwrap();
    assert_eq!(single.this_update, tick.seconds());
    bench.clock.pass(Duration::from_secs(5));
    assert_eq!(bench.status(&bench.request(None)), None, "silent for ten seconds: tryLater");
}

#[test]
fn what_was_never_issued_is_never_good() {
    let bench = bench("unissued");
    bench.responder.learn(&Feed { entries: Vec::new(), ..bench.feed(0, 1, GOOD) }).unwrap();
    let single = bench.status(&bench.request(None)).unwrap();
    assert_eq!(single.status, Status::NOT_ISSUED);
    let stranger = Hierarchy::new(bench.clock.now());
    let stranger = IssuerHashes::of(&stranger.issuing);
    let request = Request { ids: vec![CertId::sha1(&stranger, &[1; 16])], nonce: None };
    assert_eq!(bench.responder.respond(&request), Refusal::Unauthorized.der());
}

#[test]
fn a_revocation_is_answered_from_the_moment_it_is_told() {
    let bench = bench("revoked");
    bench.responder.learn(&bench.feed(0, 1, GOOD)).unwrap();
    let since = bench.clock.now();
    let revoked = pki_contract::Status::Revoked { since, reason: Reason::KeyCompromise };
    bench.responder.learn(&bench.feed(1, 2, revoked)).unwrap();
    let single = bench.status(&bench.request(None)).unwrap();
    let reason = Some(x509::crl::Reason::KeyCompromise);
    assert_eq!(single.status, Status::Revoked { at: since.seconds(), reason });
}

#[test]
fn lost_numbers_ask_for_everything_and_older_signers_are_refused_even_after_a_restart() {
    let bench = bench("numbers");
    bench.responder.learn(&bench.feed(0, 5, GOOD)).unwrap();
    assert!(bench.responder.learn(&bench.feed(6, 7, GOOD)).unwrap().restart);
    let backwards = Err(FeedRefusal::Backwards { number: 5 });
    assert_eq!(bench.responder.learn(&bench.feed(0, 4, GOOD)), backwards);
    let next = opened(&bench.clock, &bench.hierarchy, &bench.folder);
    assert_eq!(next.learn(&bench.feed(0, 4, GOOD)), Err(FeedRefusal::Backwards { number: 5 }));
    assert!(next.learn(&bench.feed(5, 6, GOOD)).unwrap().restart, "it knows nothing yet");
    assert!(!next.learn(&bench.feed(0, 6, GOOD)).unwrap().restart);
    let stranger = Bytes(bench.hierarchy.root.der().to_vec());
    let feed = Feed { issuer: stranger, ..bench.feed(0, 9, GOOD) };
    assert_eq!(next.learn(&feed), Err(FeedRefusal::Issuer));
}

#[test]
fn garbage_is_a_malformed_request() {
    let bench = bench("garbage");
    for garbage in [b"".as_slice(), b"garbage", &[0x30, 0x80]] {
        assert_eq!(bench.responder.answer(garbage), Refusal::MalformedRequest.der());
    }
}

#[test]
fn openssl_reads_good_and_revoked() {
    let bench = bench("openssl");
    bench.responder.learn(&bench.feed(0, 1, GOOD)).unwrap();
    let pem = |name: &str, certificate: &Certificate| {
        let der = bench.folder.join("one.der");
        std::fs::write(&der, certificate.der()).unwrap();
        let path = bench.folder.join(name);
        let out = Command::new("openssl")
            .args(["x509", "-inform", "DER", "-in"])
            .arg(&der)
            .arg("-out")
            .arg(&path)
            .output()
            .unwrap();
        assert!(out.status.success());
        path
    };
    let root = pem("root.pem", &bench.hierarchy.root);
    let issuing = pem("issuing.pem", &bench.hierarchy.issuing);
    let holder = pem("holder.pem", &bench.holder);
    let now = bench.clock.now().seconds();
    for (status, says) in [
        (GOOD, "holder.pem: good"),
        (pki_contract::Status::Suspended { since: bench.clock.now() }, "holder.pem: revoked"),
    ] {
        bench.responder.learn(&bench.feed(0, 2, status)).unwrap();
        let answer = bench.folder.join("answer");
        std::fs::write(&answer, bench.responder.respond(&bench.request(None))).unwrap();
        let out = Command::new("openssl")
            .args(["ocsp", "-sha256", "-no_nonce", "-issuer"])
            .arg(&issuing)
            .arg("-cert")
            .arg(&holder)
            .arg("-respin")
            .arg(&answer)
            .arg("-CAfile")
            .arg(&root)
            .args(["-attime", &now.to_string(), "-validity_period", "100000000"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        let erred = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains(says), "{said} {erred}");
        assert!(erred.contains("Response verify OK"), "{said} {erred}");
    }
}
