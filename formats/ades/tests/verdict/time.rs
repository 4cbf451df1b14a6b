use ades::{Indication, Kind, Report, Signed, SubIndication as Sub};
use cms::DigestAlgorithm;
use x509::Kind as Profiled;
use x509::crl::Reason;
use x509::ocsp::Status;

use crate::country::{Country, DAY, DOCUMENT, NOW, STAMPED, START, plain, run, token};

const YEAR: i64 = 365 * DAY;

/// A signature stamped inside and, later, a document time-stamp over all.
fn archived(country: &Country, outer: i64, evidence: &ades::Evidence, at: i64) -> Report {
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let whole = b"document with validation data";
    let over = token(&country.unit, whole, outer);
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let digest_all = |algorithm: DigestAlgorithm| Some(algorithm.digest(whole));
    let signed = Signed { cms: &cms, digest: &digest, ..plain() };
    let stamp = Signed {
        id: "Stamp1",
        kind: Kind::TimeStamp,
        cms: &over,
        digest: &digest_all,
        end: 200,
        ..plain()
    };
    run(&[signed, stamp], evidence, std::slice::from_ref(&country.root.certificate), at)
}

#[test]
fn the_signature_outlives_its_certificate_by_its_stamp() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let later = country.check(&cms, &country.evidence(), START + 2 * YEAR);
    assert_eq!(later.signatures[0].indication, Indication::TotalPassed, "{later:#?}");
    let bare = country.signature(DOCUMENT, None);
    let later = country.check(&bare, &country.evidence(), START + 2 * YEAR);
    assert_eq!(later.signatures[0].sub_indication, Some(Sub::OutOfBoundsNoPoe));
}

#[test]
fn an_expired_unit_proves_nothing_any_more() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let later = country.check(&cms, &country.evidence(), START + 2001 * DAY);
    let report = &later.signatures[0];
    assert_eq!(report.timestamps[0].sub_indication, Some(Sub::OutOfBoundsNoPoe));
    assert_eq!(report.best_signature_time, None);
    assert_eq!(report.sub_indication, Some(Sub::OutOfBoundsNoPoe));
}

#[test]
fn a_moment_outside_the_life_of_the_units_key_does_not_count() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let young = country.party(Profiled::TimeStampUnit, (STAMPED + 1, STAMPED + YEAR));
    let late = country.signature(DOCUMENT, Some(&young));
    let mut evidence = country.evidence();
    evidence.ocsp.push(country.answer(&young.certificate, Status::Good, STAMPED + 2));
    assert!(country.check(&cms, &evidence, NOW).signatures[0].best_signature_time.is_some());
    let report = country.check(&late, &evidence, NOW);
    let stamp = &report.signatures[0].timestamps[0];
    assert_eq!(stamp.errors[0].code, "STAMP_OUT_OF_BOUNDS", "{stamp:#?}");
    assert_eq!(report.signatures[0].best_signature_time, None);
}

#[test]
fn a_stamp_from_the_future_proves_nothing() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let report = country.check(&cms, &country.evidence(), STAMPED - DAY);
    assert_eq!(report.signatures[0].timestamps[0].errors[0].code, "STAMP_IN_FUTURE");
    assert_eq!(report.signatures[0].best_signature_time, None);
    let ahead = country.check(&cms, &country.evidence(), STAMPED - 60);
    assert_eq!(ahead.signatures[0].indication, Indication::TotalPassed, "{ahead:#?}");
}

#[test]
fn a_units_compromised_key_proves_nothing_and_a_superseded_one_does() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let unit = &country.unit.certificate;
    let check = |reason| {
        let status = Status::Revoked { at: STAMPED + DAY, reason: Some(reason) };
        let mut evidence = country.evidence();
        evidence.ocsp[1] = country.answer(unit, status, STAMPED + 2 * DAY);
        let report = country.check(&cms, &evidence, STAMPED + 3 * DAY);
        report.signatures[0].timestamps[0].sub_indication
    };
    assert_eq!(check(Reason::KeyCompromise), Some(Sub::RevokedNoPoe));
    assert_eq!(check(Reason::Superseded), None);
}

#[test]
fn a_stamp_without_status_of_its_unit_does_not_count() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let mut evidence = country.evidence();
    evidence.ocsp.truncate(1);
    let report = country.check(&cms, &evidence, NOW);
    assert_eq!(report.signatures[0].timestamps[0].sub_indication, Some(Sub::TryLater));
    assert_eq!(report.signatures[0].best_signature_time, None);
}

#[test]
fn a_signature_without_stamp_is_judged_by_what_is_current_now() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, None);
    let soon = country.check(&cms, &country.evidence(), STAMPED + 3600);
    assert_eq!(soon.signatures[0].indication, Indication::TotalPassed, "{soon:#?}");
    assert_eq!(soon.signatures[0].format, "PAdES-BASELINE-B");
    let later = country.check(&cms, &country.evidence(), STAMPED + 2 * DAY);
    assert_eq!(later.signatures[0].sub_indication, Some(Sub::TryLater));
    let early = country.check(&cms, &country.evidence(), START - 1);
    assert_eq!(early.signatures[0].sub_indication, Some(Sub::NotYetValid));
}

#[test]
fn a_document_stamp_over_all_carries_the_inner_one() {
    let country = Country::new();
    let outer = STAMPED + 30 * DAY;
    let mut evidence = country.evidence();
    evidence.ocsp.push(country.answer(&country.unit.certificate, Status::Good, outer + 1));
    let report = archived(&country, outer, &evidence, outer + DAY);
    let signature = &report.signatures[0];
    assert_eq!(signature.indication, Indication::TotalPassed, "{report:#?}");
    assert_eq!(signature.format, "PAdES-BASELINE-LTA");
    assert_eq!(signature.best_signature_time, Some(STAMPED));
    assert_eq!(signature.timestamps.len(), 2);
    assert_eq!(report.timestamps.len(), 1);
}

#[test]
fn a_document_stamp_that_states_an_earlier_moment_than_the_one_inside_is_found() {
    let country = Country::new();
    let report = archived(&country, STAMPED - 1, &country.evidence(), NOW);
    assert_eq!(report.signatures[0].sub_indication, Some(Sub::TimestampOrderFailure));
}

#[test]
fn algorithms_are_judged_at_the_proven_moment_by_the_rules_given() {
    let country = Country::new();
    let cms = country.signature(DOCUMENT, Some(&country.unit));
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let signed = [Signed { cms: &cms, digest: &digest, ..plain() }];
    let (evidence, given) = (country.evidence(), ades::Evidence::default());
    let input = ades::Input { signatures: &signed, embedded: &evidence, given: &given };
    let anchors = [country.root.certificate.clone()];
    let check = |until| {
        let rules: Vec<_> = ades::TS_119_312_V2_1_1
            .iter()
            .map(|rule| ades::AlgorithmRule { until, ..*rule })
            .collect();
        let algorithms = crate::country::algorithms();
        let trust = ades::Trust { anchors: &anchors, algorithms, rules: &rules };
        ades::check(&input, &trust, NOW).signatures[0].sub_indication
    };
    assert_eq!(check(None), None);
    assert_eq!(check(Some(NOW + 1)), None);
    assert_eq!(check(Some(STAMPED)), Some(Sub::CryptoConstraintsFailureNoPoe));
}
