use cms::timestamp::{
    Accuracy, Imprint, Request, Response, Token, TokenFault, TokenInfo, parse_token, prepare_token,
};
use cms::{DigestAlgorithm, Finding, Oid};

use crate::authority::{Certified, Key, Subject, algorithms};

pub(crate) const STAMPED: &[u8] = b"a signature value";

pub(crate) fn info(request: &Request) -> TokenInfo {
    TokenInfo {
        policy: Oid::dotted("0.4.0.2023.1.1"),
        imprint: request.imprint.clone(),
        serial: vec![0xfe, 1, 2, 3],
        at: 1_778_586_060,
        accuracy: Some(Accuracy { seconds: 1, millis: 0, micros: 0 }),
        ordering: false,
        nonce: request.nonce.clone(),
        extensions: None,
    }
}

pub(crate) fn stamp(unit: &Certified, request: &Request) -> Vec<u8> {
    let prepared =
        prepare_token(&unit.certificate(), unit.key.digest_algorithm(), &info(request)).unwrap();
    let signature = unit.key.sign(&prepared.signed_attributes_der());
    let certificates: &[&[u8]] = if request.certificate { &[&unit.der] } else { &[] };
    prepared.finish(&signature, certificates, &[])
}

pub(crate) fn request() -> Request {
    Request::new(Imprint::of(DigestAlgorithm::Sha256, STAMPED), [9; 16])
}

fn unit(subject: &Subject<'_>) -> Certified {
    Certified::root(&Subject::ca("Test CA"), Key::p256()).issue(subject, Key::p384())
}

fn faults(token: &Token, bytes: &[u8]) -> (Vec<TokenFault>, Vec<Finding>) {
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(bytes));
    let report = token.check(&digest, &[], algorithms());
    (report.faults.clone(), report.signer.map(|signer| signer.findings).unwrap_or_default())
}

#[test]
fn a_token_says_what_was_asked_and_is_found_clean() {
    let unit = unit(&Subject::stamping("TSU", 3));
    let response = Response::granted(stamp(&unit, &request())).to_der();
    let token = Response::parse(&response).unwrap().read_token().unwrap().unwrap();
    assert_eq!(token.answers(&request()), []);
    assert_eq!(token.info, info(&request()));
    assert_eq!(faults(&token, STAMPED), (vec![], vec![]));
}

#[test]
fn a_token_over_other_bytes_or_for_another_request_is_found() {
    let unit = unit(&Subject::stamping("TSU", 3));
    let token = parse_token(&stamp(&unit, &request())).unwrap();
    assert_eq!(faults(&token, b"other").0, [TokenFault::Imprint]);
    let other = Request::new(Imprint::of(DigestAlgorithm::Sha256, STAMPED), [8; 16]);
    assert_eq!(token.answers(&other), [TokenFault::Nonce]);
    let asks = Request { policy: Some(Oid::dotted("1.2.3")), ..request() };
    assert_eq!(token.answers(&asks), [TokenFault::Policy]);
}

#[test]
fn a_certificate_that_is_not_for_stamping_alone_is_found() {
    const STAMPING: &str = "1.3.6.1.5.5.7.3.8";
    let usages: [(&[&str], bool); 3] =
        [(&[], false), (&[STAMPING], false), (&[STAMPING, "1.3.6.1.5.5.7.3.2"], true)];
    for usage in usages {
        let unit = unit(&Subject { usage, ..Subject::named("TSU", 3) });
        let token = parse_token(&stamp(&unit, &request())).unwrap();
        assert_eq!(faults(&token, STAMPED), (vec![TokenFault::Usage], vec![]));
    }
}

#[test]
fn a_token_that_names_no_certificate_is_found() {
    let unit = unit(&Subject::stamping("TSU", 3));
    let mut bytes = stamp(&unit, &request());
    let bound = cms::oid::SIGNING_CERTIFICATE_V2;
    let at = bytes.windows(11).position(|window| window == bound.content()).unwrap();
    bytes[at + 10] = 99;
    let (faults, findings) = faults(&parse_token(&bytes).unwrap(), STAMPED);
    assert_eq!(faults, [TokenFault::NotBound]);
    assert!(findings.contains(&Finding::SignatureInvalid));
}

#[test]
fn a_moment_changed_in_the_token_is_found() {
    let unit = unit(&Subject::stamping("TSU", 3));
    let mut bytes = stamp(&unit, &request());
    let at = bytes.windows(4).position(|window| window == b"2026").unwrap();
    bytes[at + 3] = b'5';
    let (faults, findings) = faults(&parse_token(&bytes).unwrap(), STAMPED);
    assert_eq!(faults, []);
    assert_eq!(findings, [Finding::DigestDiffers]);
}

#[test]
fn a_plain_signature_is_no_token() {
    let made = crate::attacks::sign(Key::p256(), &cms::Attributes::default());
    assert!(parse_token(&made.cms).is_err());
}
