use ades::{Changes, Evidence, Indication, Kind, SignatureReport, Signed, SubIndication as Sub};
use cms::DigestAlgorithm;
use x509::Kind as Profiled;
use x509::crl::{Reason, Revoked};
use x509::ocsp::Status;

use crate::country::{Country, DAY, DOCUMENT, NOW, STAMPED, START, check_with, plain, run, token};

fn only(report: ades::Report) -> SignatureReport {
    report.signatures.into_iter().next().unwrap()
}

fn verdict(country: &Country, cms: &[u8], evidence: &Evidence) -> SignatureReport {
    only(country.check(cms, evidence, NOW))
}

fn codes(report: &SignatureReport) -> Vec<&str> {
    report.errors.iter().map(|reason| reason.code).collect()
}

#[track_caller]
fn assert_verdict(report: &SignatureReport, indication: Indication, sub: Option<Sub>) {
    assert_eq!((report.indication, report.sub_indication), (indication, sub), "{report:#?}");
}

#[track_caller]
fn assert_doubt(report: &SignatureReport, sub: Sub) {
    assert_verdict(report, Indication::Indeterminate, Some(sub));
}

#[track_caller]
fn assert_failed(report: &SignatureReport, sub: Sub) {
    assert_verdict(report, Indication::TotalFailed, Some(sub));
}

#[test]
fn a_stamped_signature_with_its_evidence_passes_and_says_what_it_is() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let report = verdict(&country, &cms, &country.evidence());
    assert_verdict(&report, Indication::TotalPassed, None);
    assert_eq!(report.format, "PAdES-BASELINE-LT");
    assert_eq!(report.best_signature_time, Some(STAMPED));
    assert_eq!(report.signed_by.as_deref(), Some("Anna Bērziņa"));
    assert_eq!((report.errors.len(), report.warnings.len()), (0, 0), "{report:#?}");
    assert_eq!(report.timestamps.len(), 1);
}

#[test]
fn the_json_of_a_signature_has_exactly_the_names_of_the_interface() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let report = country.check(&cms, &country.evidence(), NOW);
    let json = serde_json::to_value(&report).unwrap();
    let signature = &json["signatures"][0];
    let names: Vec<_> = signature.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = vec![
        "id",
        "format",
        "indication",
        "subIndication",
        "qualification",
        "authority",
        "signedBy",
        "claimedSigningTime",
        "bestSignatureTime",
        "coverage",
        "errors",
        "warnings",
        "timestamps",
    ];
    let mut names = names;
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(signature["indication"], "TOTAL-PASSED");
    assert_eq!(signature["qualification"], "not determined");
    assert_eq!(signature["authority"], "not determined");
    assert_eq!(signature["bestSignatureTime"], "2026-12-05T00:00:00Z");
    assert_eq!(signature["coverage"], serde_json::json!({ "whole": true, "scopes": [] }));
}

#[test]
fn another_document_fails_and_a_missing_one_leaves_doubt() {
    let country = Country::new();
    let cms = country.signature(b"another", Some(&country.unit));
    assert_failed(&verdict(&country, &cms, &country.evidence()), Sub::HashFailure);
    let missing = Signed { cms: &cms, ..plain() };
    let anchors = [country.root.certificate.clone()];
    let report = only(run(&[missing], &country.evidence(), &anchors, NOW));
    assert_doubt(&report, Sub::SignedDataNotFound);
}

#[test]
fn a_digest_swapped_for_that_of_another_document_fails() {
    let country = Country::new();
    let mut cms = country.signature(b"another", Some(&country.unit));
    let digest = |bytes| DigestAlgorithm::Sha256.digest(bytes);
    replace(&mut cms, &digest(b"another"), &digest(DOCUMENT));
    assert_failed(&verdict(&country, &cms, &country.evidence()), Sub::SigCryptoFailure);
}

#[test]
fn a_removed_binding_attribute_fails() {
    let country = Country::new();
    let mut cms = country.signature(DOCUMENT, Some(&country.unit));
    let (bound, other) = (cms::oid::SIGNING_CERTIFICATE_V2, cms::oid::SIGNATURE_TIME_STAMP);
    replace(&mut cms, bound.content(), other.content());
    let report = verdict(&country, &cms, &country.evidence());
    assert_eq!(report.indication, Indication::TotalFailed);
    assert!(codes(&report).contains(&"CERTIFICATE_NOT_BOUND"), "{report:#?}");
    assert!(codes(&report).contains(&"SIGNATURE_INVALID"), "{report:#?}");
}

#[test]
fn a_swapped_signing_certificate_is_not_taken() {
    let country = Country::new();
    let other = country.party(Profiled::PersonSign, (START, START + 300 * DAY));
    let algorithm = DigestAlgorithm::Sha256;
    let attributes = cms::Attributes::default();
    let digest = algorithm.digest(DOCUMENT);
    let anna = &country.anna;
    let prepared = cms::prepare(&anna.certificate, algorithm, &digest, &attributes).unwrap();
    let signature = anna.key.sign(&prepared.signed_attributes_der());
    let cms = prepared.finish(&signature, &[other.certificate.der()], &[]);
    let evidence = Evidence::default();
    assert_doubt(&verdict(&country, &cms, &evidence), Sub::NoSigningCertificateFound);
}

#[test]
fn two_signers_in_one_signature_fail() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let doubled = with_signer_twice(&cms);
    assert_eq!(cms::parse(&doubled).unwrap().signers.len(), 2);
    let report = verdict(&country, &doubled, &country.evidence());
    assert_failed(&report, Sub::FormatFailure);
    assert_eq!(codes(&report), ["SIGNERS"]);
}

#[test]
fn a_stamp_by_a_key_for_something_else_does_not_count() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.anna));
    let report = verdict(&country, &cms, &country.evidence());
    assert_eq!(report.indication, Indication::Indeterminate);
    assert_eq!(report.best_signature_time, None);
    assert_eq!(report.timestamps[0].errors[0].code, "TOKEN_USAGE");
    assert_eq!(codes(&report), ["NO_STAMP_COUNTS"]);
}

#[test]
fn a_stamp_over_another_signature_does_not_count() {
    let country = Country::new();
    let mut cms = country.signature(DOCUMENT, Some(&country.unit));
    let value = cms::parse(&cms).unwrap().signers[0].signature.clone();
    let imprint = DigestAlgorithm::Sha256.digest(&value);
    replace(&mut cms, &imprint, &[9; 32]);
    let report = verdict(&country, &cms, &country.evidence());
    assert_eq!(report.timestamps[0].sub_indication, Some(Sub::HashFailure));
    assert_eq!(report.best_signature_time, None);
    assert_ne!(report.indication, Indication::TotalPassed);
}

#[test]
fn an_answer_about_another_serial_number_is_none() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let other = country.party(Profiled::PersonSign, (START, START + 300 * DAY));
    let mut evidence = country.evidence();
    evidence.ocsp[0] = country.answer(&other.certificate, Status::Good, STAMPED + 1);
    let report = verdict(&country, &cms, &evidence);
    assert_doubt(&report, Sub::TryLater);
    assert_eq!(codes(&report), ["STATUS_MISSING"]);
}

#[test]
fn an_answer_from_before_the_stamp_is_too_old() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let mut evidence = country.evidence();
    evidence.ocsp[0] = country.answer(&country.anna.certificate, Status::Good, STAMPED - 1);
    let report = verdict(&country, &cms, &evidence);
    assert_doubt(&report, Sub::TryLater);
    assert_eq!(codes(&report), ["STATUS_TOO_OLD"]);
}

#[test]
fn an_answer_with_one_changed_byte_is_none() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    for answer in 0..2 {
        let mut evidence = country.evidence();
        replace(&mut evidence.ocsp[answer], b"2026120500000", b"2026120500001");
        let report = verdict(&country, &cms, &evidence);
        assert_eq!(report.indication, Indication::Indeterminate, "{report:#?}");
    }
}

#[test]
fn a_revocation_before_the_stamp_counts_and_one_after_it_does_not() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let anna = &country.anna.certificate;
    let revoked = |at| Status::Revoked { at, reason: Some(Reason::KeyCompromise) };
    let mut evidence = country.evidence();
    evidence.ocsp[0] = country.answer(anna, revoked(STAMPED - 10), STAMPED + 1);
    assert_doubt(&verdict(&country, &cms, &evidence), Sub::RevokedNoPoe);
    evidence.ocsp[0] = country.answer(anna, revoked(STAMPED + 10), STAMPED + 20);
    let report = verdict(&country, &cms, &evidence);
    assert_verdict(&report, Indication::TotalPassed, None);
    assert_eq!(report.warnings[0].code, "REVOKED_LATER");
}

#[test]
fn a_good_answer_does_not_hide_a_revocation() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let revoked = Status::Revoked { at: START + 1, reason: None };
    let mut evidence = country.evidence();
    evidence.ocsp.push(country.answer(&country.anna.certificate, revoked, START + 2));
    assert_doubt(&verdict(&country, &cms, &evidence), Sub::RevokedNoPoe);
}

#[test]
fn a_revoked_authority_counts() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let serial = country.issuing.certificate.serial().to_vec();
    let revoked = [Revoked { serial, at: START + 1, reason: None, invalid_since: None }];
    let evidence =
        Evidence { crls: vec![country.list(&revoked, START + DAY)], ..country.evidence() };
    assert_doubt(&verdict(&country, &cms, &evidence), Sub::RevokedCaNoPoe);
}

#[test]
fn without_an_anchor_there_is_no_chain_and_the_signer_itself_can_be_one() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let evidence = country.evidence();
    let report = only(check_with(&cms, &evidence, &[], NOW));
    assert_doubt(&report, Sub::NoCertificateChainFound);
    let other = Country::new();
    let report = only(check_with(&cms, &evidence, &[other.root.certificate], NOW));
    assert_doubt(&report, Sub::NoCertificateChainFound);
    let report =
        only(check_with(&cms, &evidence, std::slice::from_ref(&country.anna.certificate), NOW));
    assert_verdict(&report, Indication::TotalPassed, None);
}

#[test]
fn unlawful_changes_and_lying_coverage_fail() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let whole = Signed { cms: &cms, digest: &digest, ..plain() };
    let what = ["a page was added".to_owned()];
    let check = |signed: Signed<'_>| {
        let anchors = [country.root.certificate.clone()];
        only(run(&[signed], &country.evidence(), &anchors, NOW))
    };
    let changed = check(Signed { changes: Changes::Forbidden(&what), ..whole });
    assert_failed(&changed, Sub::FormatFailure);
    let odd = check(Signed { changes: Changes::Permitted(&what), ..whole });
    assert_verdict(&odd, Indication::TotalPassed, None);
    assert_eq!(odd.warnings[0].code, "CHANGED_AS_PERMITTED");
    assert_failed(&check(Signed { faults: &what, ..whole }), Sub::FormatFailure);
    let enclosing = token(&country.unit, DOCUMENT, STAMPED);
    assert_failed(&check(Signed { cms: &enclosing, ..whole }), Sub::FormatFailure);
}

#[test]
fn unsigned_attributes_cannot_make_a_signature_older_or_fail_it() {
    let country = Country::new();
    let bare = country.signature(DOCUMENT, None);
    let data = cms::parse(&bare).unwrap();
    let elsewhere = token(&country.unit, b"other bytes", START);
    let stamped = with_unsigned(&bare, &cms::Attribute::time_stamp(elsewhere));
    assert_eq!(cms::parse(&stamped).unwrap().signers[0].signature, data.signers[0].signature);
    let report = verdict(&country, &stamped, &country.evidence());
    assert_eq!(report.best_signature_time, None);
    assert_ne!(report.indication, Indication::TotalPassed);
    assert_ne!(report.sub_indication, Some(Sub::HashFailure));
}

#[test]
fn a_legacy_signature_is_named_as_one() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, None);
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let signed = Signed { cms: &cms, digest: &digest, kind: Kind::Pkcs7, ..plain() };
    let anchors = [country.anna.certificate.clone()];
    let report = only(run(&[signed], &country.evidence(), &anchors, NOW));
    assert_eq!(report.format, "PKCS7-B");
    assert_verdict(&report, Indication::TotalPassed, None);
}

/// Overwrites every occurrence of `find`, of which there must be one.
pub(crate) fn replace(bytes: &mut [u8], find: &[u8], with: &[u8]) {
    assert_eq!(find.len(), with.len());
    let places: Vec<_> =
        (0..=bytes.len() - find.len()).filter(|at| bytes[*at..].starts_with(find)).collect();
    assert!(!places.is_empty(), "nothing to replace");
    for at in places {
        bytes[at..at + find.len()].copy_from_slice(with);
    }
}

/// The SignedData with what follows `mark` changed by `change`, all lengths set right again.
fn rebuilt(cms: &[u8], change: &dyn Fn(&mut Vec<u8>)) -> Vec<u8> {
    // ContentInfo { oid, [0] { SignedData { version, digests, content, [0] certs, SET signers } } }
    let (oid, content) = split(inner(cms));
    let data = inner(inner(content));
    let mut rest = data;
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let (field, more) = split(rest);
        fields.push(field.to_vec());
        rest = more;
    }
    let mut signers = inner(&fields.pop().unwrap()).to_vec();
    change(&mut signers);
    fields.push(element(0x31, &signers));
    let data = element(0x30, &fields.concat());
    element(0x30, &[oid, &element(0xa0, &data)].concat())
}

fn with_signer_twice(cms: &[u8]) -> Vec<u8> {
    rebuilt(cms, &|signers| signers.extend(signers.clone()))
}

fn with_unsigned(cms: &[u8], attribute: &cms::Attribute) -> Vec<u8> {
    rebuilt(cms, &|signers| {
        let mut fields = inner(signers).to_vec();
        fields.extend(element(0xa1, &attribute.to_der()));
        *signers = element(0x30, &fields);
    })
}

fn header(element: &[u8]) -> (usize, usize) {
    match element[1] {
        short @ ..0x80 => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            let digits = &element[2..2 + count];
            (2 + count, digits.iter().fold(0, |sum, digit| sum * 256 + usize::from(*digit)))
        }
    }
}

fn inner(element: &[u8]) -> &[u8] {
    let (start, length) = header(element);
    &element[start..start + length]
}

fn split(elements: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = header(elements);
    elements.split_at(start + length)
}

fn element(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    let head = match body.len() {
        0..0x80 => vec![tag, length[1]],
        0x80..0x100 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, body.to_vec()].concat()
}
