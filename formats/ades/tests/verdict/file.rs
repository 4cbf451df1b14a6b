//! The whole way through a PDF file.

use ades::{Evidence, Indication, Report, SubIndication as Sub, Trust};
use cms::{Attribute, Attributes, DigestAlgorithm};
use pdf::trial::{page, updated};
use pdf::{Dss, Limits, SignatureRequest};

use crate::country::{Country, DAY, NOW, STAMPED, algorithms, token};

/// The file with a signature of Anna's and a time-stamp inside it.
fn signed(country: &Country) -> Vec<u8> {
    let mut file = page("words");
    let prepared = pdf::prepare(&file, &SignatureRequest::new(STAMPED, 8000)).unwrap();
    let digest = prepared.sha256(&file);
    let anna = &country.anna;
    let attributes = Attributes::default();
    let algorithm = DigestAlgorithm::Sha256;
    let tbs = cms::prepare(&anna.certificate, algorithm, &digest, &attributes).unwrap();
    let signature = anna.key.sign(&tbs.signed_attributes_der());
    let stamp = Attribute::time_stamp(token(&country.unit, &signature, STAMPED));
    let certificates = [anna.certificate.der(), country.issuing.certificate.der()];
    let cms = tbs.finish(&signature, &certificates, &[stamp]);
    file.extend(prepared.finish(&cms).unwrap());
    file
}

fn with_store(mut file: Vec<u8>, evidence: &Evidence) -> Vec<u8> {
    let store = Dss {
        certs: evidence.certificates.clone(),
        ocsps: evidence.ocsp.clone(),
        crls: evidence.crls.clone(),
        vri: Vec::new(),
    };
    file.extend(pdf::add_dss(&file, &store, &Limits::default()).unwrap());
    file
}

fn with_stamp(mut file: Vec<u8>, country: &Country, at: i64) -> Vec<u8> {
    let prepared = pdf::prepare(&file, &SignatureRequest::time_stamp(8000)).unwrap();
    let whole = [&file, prepared.covered()[0], prepared.covered()[1]].concat();
    let update = prepared.finish(&token(&country.unit, &whole, at)).unwrap();
    file.extend(update);
    file
}

fn check(country: &Country, file: &[u8], at: i64) -> Report {
    let anchors = [country.root.certificate.clone()];
    let rules = ades::TS_119_312_V2_1_1;
    let trust = Trust { anchors: &anchors, algorithms: algorithms(), rules };
    ades::check_pdf(file, &Evidence::default(), &trust, at).unwrap()
}

#[test]
fn a_file_at_lt_passes_and_says_what_is_covered() {
    let country = Country::new();
    let once = signed(&country);
    let file = with_store(once.clone(), &country.evidence());
    let report = check(&country, &file, NOW);
    let signature = &report.signatures[0];
    assert_eq!(signature.indication, Indication::TotalPassed, "{report:#?}");
    assert_eq!(signature.format, "PAdES-BASELINE-LT");
    assert_eq!(signature.claimed_signing_time, Some(STAMPED));
    assert!(signature.coverage.whole);
    assert!(signature.coverage.scopes[0].contains(&format!("{} of {}", once.len(), file.len())));
}

#[test]
fn pdfsig_finds_the_signature_of_the_same_file_valid() {
    let country = Country::new();
    let file = with_store(signed(&country), &country.evidence());
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("ades");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("signed.pdf"), &file).unwrap();
    std::fs::write(folder.join("root.der"), country.root.certificate.der()).unwrap();
    let run = std::process::Command::new("pdfsig").arg(folder.join("signed.pdf")).output();
    let Ok(run) = run else {
        eprintln!("skipped: pdfsig is not installed");
        return;
    };
    let text = String::from_utf8_lossy(&run.stdout);
    assert!(text.contains("Signature is Valid."), "{text}");
    assert!(text.contains("ETSI.CAdES.detached"), "{text}");
}

#[test]
fn a_file_without_store_leaves_doubt_and_without_signatures_says_nothing() {
    let country = Country::new();
    let report = check(&country, &signed(&country), NOW);
    assert_eq!(report.signatures[0].format, "PAdES-BASELINE-T");
    assert_eq!(report.signatures[0].sub_indication, Some(Sub::TryLater));
    assert_eq!(check(&country, &page("words"), NOW).signatures, []);
}

#[test]
fn a_file_with_a_document_stamp_is_at_lta() {
    let country = Country::new();
    let outer = STAMPED + 5 * DAY;
    let mut evidence = country.evidence();
    let unit = &country.unit.certificate;
    evidence.ocsp.push(country.answer(unit, x509::ocsp::Status::Good, outer + 1));
    let file = with_stamp(with_store(signed(&country), &evidence), &country, outer);
    let report = check(&country, &file, outer + DAY);
    assert_eq!(report.signatures[0].indication, Indication::TotalPassed, "{report:#?}");
    assert_eq!(report.signatures[0].format, "PAdES-BASELINE-LTA");
    assert_eq!(report.timestamps[0].indication, Indication::TotalPassed, "{report:#?}");
}

#[test]
fn each_changed_byte_of_what_is_covered_is_found() {
    let country = Country::new();
    let once = signed(&country);
    let file = with_store(once.clone(), &country.evidence());
    let field = &pdf::signatures(&file, &Limits::default()).unwrap()[0];
    let range = field.byte_range.clone().unwrap();
    let anchors = [country.root.certificate.clone()];
    let rules = ades::TS_119_312_V2_1_1;
    let trust = Trust { anchors: &anchors, algorithms: algorithms(), rules };
    for at in (0..range.hole.start).chain(range.hole.end..range.end).step_by(3) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        let Ok(report) = ades::check_pdf(&changed, &Evidence::default(), &trust, NOW) else {
            continue;
        };
        let passed = report.worst() == Some(Indication::TotalPassed);
        assert!(!passed, "byte {at}: {report:#?}");
    }
}

#[test]
fn a_page_exchanged_in_a_later_revision_is_found() {
    let country = Country::new();
    let file = with_store(signed(&country), &country.evidence());
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
    let file = updated(file, &[(3, page)], "/Root 1 0 R");
    let report = check(&country, &file, NOW);
    assert_eq!(report.signatures[0].indication, Indication::TotalFailed, "{report:#?}");
    assert_eq!(report.signatures[0].sub_indication, Some(Sub::FormatFailure));
    assert!(!report.signatures[0].coverage.whole);
}
