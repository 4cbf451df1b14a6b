//! `sakta check`.

use std::path::PathBuf;

use base::{Locale, Time};
use cli::{Algorithms, Check, CheckArgs, Exit, Format};
use cms::{Attributes, DigestAlgorithm};
use keys::Suite;
use keys::trial::{Hierarchy, person, signer};
use pdf::SignatureRequest;
use pdf::trial::page;
use x509::Certificate;

use crate::files::{Memory, NOW};

struct Act;
impl keys::Purpose for Act {
    const NAME: &'static str = "trial.person";
}

/// Anna's certificate, and the file with her signature at level B.
fn signed() -> (Certificate, Vec<u8>) {
    let hierarchy = Hierarchy::new(Time::from_seconds(NOW));
    let key = signer::<Act>(keys::Algorithm::P256);
    let subject = person("Anna", "Paraudziņa", "PNOXX-329912-00014");
    let spki = key.public_key().spki();
    let certificate = hierarchy.issue(x509::Kind::PersonSign, &subject, spki);
    let mut file = page("words");
    let prepared = pdf::prepare(&file, &SignatureRequest::new(NOW, 8000)).unwrap();
    let digest = prepared.sha256(&file);
    let attributes = Attributes::default();
    let tbs = cms::prepare(&certificate, DigestAlgorithm::Sha256, &digest, &attributes).unwrap();
    let signature = key.sign(&tbs.signed_attributes_der()).unwrap();
    let cms = tbs.finish(&signature, &[certificate.der()], &[]);
    file.extend(prepared.finish(&cms).unwrap());
    (certificate, file)
}

fn files() -> Memory {
    let (certificate, signed) = signed();
    let mut changed = signed.clone();
    changed[20] ^= 1;
    let files = Memory::default();
    let put = |name: &str, bytes: Vec<u8>| files.put(name, bytes);
    put("anna.pem", certificate.to_pem().into_bytes());
    put("signed.pdf", signed);
    put("changed.pdf", changed);
    put("blank.pdf", page("words"));
    put("text.txt", b"Dear Anna".to_vec());
    files
}

fn args(files: &[&str]) -> CheckArgs {
    CheckArgs {
        files: files.iter().map(PathBuf::from).collect(),
        detached: None,
        trust: vec!["anna.pem".into()],
        at: None,
        format: Format::Json,
    }
}

fn run(args: &CheckArgs) -> Result<(Exit, String), String> {
    let files = files();
    let algorithms = Algorithms(keys::allowed(Suite::Agreed));
    let now = Time::from_seconds(NOW + 60);
    let with = Check { files: &files, anchors: &[], algorithms, now, locale: Locale::Lv };
    let mut out = Vec::new();
    let exit = cli::check(args, &with, &mut out).map_err(|error| error.to_string())?;
    Ok((exit, String::from_utf8(out).unwrap()))
}

fn line(args: &CheckArgs) -> (Exit, serde_json::Value) {
    let (exit, out) = run(args).unwrap();
    (exit, serde_json::from_str(&out).unwrap())
}

#[test]
fn a_signature_whose_own_certificate_is_trusted_passes() {
    let (exit, line) = line(&args(&["signed.pdf"]));
    assert_eq!(exit, Exit::Passed, "{line:#}");
    assert_eq!(line["file"], "signed.pdf");
    assert_eq!(line["error"], serde_json::Value::Null);
    let signature = &line["signatures"][0];
    assert_eq!(signature["indication"], "TOTAL-PASSED");
    assert_eq!(signature["signedBy"], "Anna Paraudziņa");
    assert_eq!(signature["format"], "PAdES-BASELINE-B");
    assert_eq!(signature["qualification"], "not determined");
    assert_eq!(signature["claimedSigningTime"], "2026-11-25T00:00:00Z");
    assert_eq!(signature["coverage"]["whole"], true);
    let members: Vec<_> = line.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "file", "signatures", "timestamps"]);
}

#[test]
fn each_file_is_one_line_and_the_worst_decides() {
    let (exit, out) = run(&args(&["signed.pdf", "blank.pdf", "changed.pdf"])).unwrap();
    assert_eq!((exit, out.lines().count()), (Exit::NotPassed, 3), "{out}");
    let (exit, out) = run(&args(&["blank.pdf", "text.txt", "absent.pdf"])).unwrap();
    assert_eq!((exit, out.lines().count()), (Exit::Unreadable, 3), "{out}");
    assert_eq!([Exit::Passed, Exit::NotPassed, Exit::Unreadable].map(Exit::code), [0, 1, 2]);
}

#[test]
fn without_trust_in_its_issuer_a_signature_leaves_doubt() {
    let mut unknown = args(&["signed.pdf"]);
    unknown.trust.clear();
    let (exit, line) = line(&unknown);
    assert_eq!(exit, Exit::NotPassed);
    assert_eq!(line["signatures"][0]["subIndication"], "NO_CERTIFICATE_CHAIN_FOUND");
}

#[test]
fn the_moment_of_the_check_is_the_one_given() {
    let mut later = args(&["signed.pdf"]);
    later.at = Some("2056-01-01T00:00:00Z".parse().unwrap());
    let (exit, line) = line(&later);
    assert_eq!(exit, Exit::NotPassed, "{line:#}");
}

#[test]
fn people_read_the_verdict_first() {
    let mut text = args(&["changed.pdf"]);
    text.format = Format::Text;
    let (exit, out) = run(&text).unwrap();
    assert_eq!(exit, Exit::NotPassed);
    let lines: Vec<_> = out.lines().map(str::trim).collect();
    assert_eq!(lines[..2], ["changed.pdf", "Paraksts nav derīgs"], "{out}");
    assert!(out.contains("Dokuments nav tas, kas tika parakstīts."), "{out}");
    assert!(out.contains("TOTAL-FAILED · HASH_FAILURE"), "{out}");
    text.files = vec!["signed.pdf".into()];
    let (_, out) = run(&text).unwrap();
    assert!(out.contains("Paraksts ir derīgs, dokuments nav mainīts"), "{out}");
    assert!(out.contains("Parakstīja Anna Paraudziņa"), "{out}");
}

#[test]
fn what_cannot_be_checked_says_why() {
    let mut beside = args(&["signed.pdf"]);
    beside.detached = Some("text.txt".into());
    let (exit, line) = line(&beside);
    assert_eq!(exit, Exit::Unreadable);
    assert_eq!(line["error"]["code"], "detached-unsupported");
    beside.format = Format::Text;
    let (_, out) = run(&beside).unwrap();
    assert!(out.contains("vēl nepārbaudām"), "{out}");
}

#[test]
fn a_trust_file_without_certificate_is_an_error() {
    for file in ["text.txt", "absent.pem", "signed.pdf"] {
        let mut wrong = args(&["signed.pdf"]);
        wrong.trust = vec![file.into()];
        let why = run(&wrong).unwrap_err();
        assert!(why.starts_with(file), "{why}");
    }
}
