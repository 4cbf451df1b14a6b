//! What is not prepared, and what goes on from stored bytes.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};

use super::support::{self, DAY, Hierarchy, Key, NOW, algorithms, file, folder, openssl, subject};
use crate::{
    Attribute, Certificate, GeneralName, Issuer, Kind, PrepareError, Request, SignatureAlgorithm,
    ToBeSigned, lint, oid,
};

fn request<'a>(subject: &'a [Attribute], spki: &'a [u8]) -> Request<'a> {
    Request {
        subject,
        spki,
        serial: &[0x41; 16],
        not_before: NOW,
        not_after: NOW + DAY,
        names: &[],
    }
}

fn outcome(kind: Kind, request: &Request<'_>, by: Issuer<'_>) -> Result<(), PrepareError> {
    crate::prepare(&support::profile(kind), request, by, SignatureAlgorithm::EcdsaSha256).map(drop)
}

#[test]
fn a_request_that_does_not_fit_is_refused() {
    let hierarchy = Hierarchy::new();
    let (person, spki) = (subject(Kind::PersonSign), Key::p256().spki());
    let by = Issuer::Authority(&hierarchy.issuing);
    let good = request(&person, &spki);
    let refused = |changed: &Request<'_>| outcome(Kind::PersonSign, changed, by).unwrap_err();
    assert_eq!(outcome(Kind::PersonSign, &good, by), Ok(()));
    for serial in [&[0x41; 7][..], &[0x41; 21], &[0x80; 16], &[0; 16], &[]] {
        assert_eq!(refused(&Request { serial, ..good }), PrepareError::Serial);
    }
    for (not_before, not_after) in [(NOW, NOW), (NOW, NOW + 1900 * DAY), (NOW - 1, NOW + 1)] {
        let changed = Request { not_before, not_after, ..good };
        assert_eq!(refused(&changed), PrepareError::Validity);
    }
    assert!(matches!(refused(&Request { spki: b"no", ..good }), PrepareError::Key(_)));
    assert_eq!(refused(&request(&person[1..], &spki)), PrepareError::Shape);
    let mut long = person.clone();
    long[4] = Attribute::new(oid::COMMON_NAME, "ē".repeat(65));
    assert!(matches!(refused(&request(&long, &spki)), PrepareError::Name(_)));
    let names = [GeneralName::Dns("bērzs.lv".to_owned())];
    assert_eq!(refused(&Request { names: &names, ..good }), PrepareError::Names);
}

#[test]
fn only_a_root_issues_itself_and_only_an_authority_others() {
    let hierarchy = Hierarchy::new();
    let (person, spki) = (subject(Kind::PersonSign), Key::p256().spki());
    let leaf = hierarchy.leaf(Kind::Seal, &Key::p256());
    let good = request(&person, &spki);
    let itself = outcome(Kind::PersonSign, &good, Issuer::Itself);
    assert_eq!(itself, Err(PrepareError::Issuer));
    let by_leaf = outcome(Kind::PersonSign, &good, Issuer::Authority(&leaf));
    assert_eq!(by_leaf, Err(PrepareError::Issuer));
}

#[test]
fn stored_bytes_are_signed_as_they_were_prepared() {
    let hierarchy = Hierarchy::new();
    let (person, spki) = (subject(Kind::PersonSign), Key::p256().spki());
    let by = Issuer::Authority(&hierarchy.issuing);
    let profile = support::profile(Kind::PersonSign);
    let algorithm = hierarchy.issuing_key.algorithm;
    let prepared = crate::prepare(&profile, &request(&person, &spki), by, algorithm).unwrap();
    assert_eq!(ToBeSigned::restore(prepared.bytes()), Ok(prepared.clone()));
    assert_eq!(crate::finish(&prepared, &[1, 2]), prepared.finish(&[1, 2]));
    assert!(ToBeSigned::restore(&[0x30, 0]).is_err());
}

#[test]
fn an_rsa_root_is_prepared_linted_and_read_by_openssl() {
    let pair = KeyPair::generate(KeySize::Rsa3072).unwrap();
    let key = pair.public_key().as_ref().to_vec();
    let algorithm = crate::tlv::sequence(&[oid::RSA_ENCRYPTION.der(), vec![5, 0]]);
    let spki = crate::tlv::sequence(&[algorithm, crate::tlv::bit_string(&key)]);
    let names = subject(Kind::Root);
    let profile = support::profile(Kind::Root);
    let asked = request(&names, &spki);
    let prepared =
        crate::prepare(&profile, &asked, Issuer::Itself, SignatureAlgorithm::RsaSha256).unwrap();
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), prepared.bytes(), &mut signature).unwrap();
    let root = Certificate::parse(&prepared.finish(&signature)).unwrap();
    assert_eq!(root.verify(root.spki(), algorithms()), Ok(()));
    assert_eq!(lint(&root, &profile, Issuer::Itself), []);
    assert_eq!(Certificate::from_pem(&root.to_pem()), Ok(root.clone()));
    let folder = folder("an_rsa_root");
    let root = file(&folder, "root.pem", root.to_pem().as_bytes());
    let at = NOW.to_string();
    let how = ["verify", "-x509_strict", "-check_ss_sig", "-attime", &at, "-CAfile", &root, &root];
    let Some((passed, text)) = openssl(&how) else { return };
    assert!(passed, "{text}");
}
