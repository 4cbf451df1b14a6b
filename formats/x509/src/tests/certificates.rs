//! Certificates that are built, read again, and read by OpenSSL; golden ones that are read.

use super::support::{Hierarchy, Key, algorithms, file, folder, golden, openssl, pem};
use crate::{Certificate, KeyUsage, Kind, Statement, oid};

pub(super) const KINDS: [Kind; 9] = [
    Kind::PersonSign,
    Kind::PersonAuth,
    Kind::Seal,
    Kind::Web,
    Kind::TimeStampUnit,
    Kind::OcspResponder,
    Kind::IdentityProvider,
    Kind::Access,
    Kind::Transport,
];

#[test]
fn a_person_certificate_says_what_was_asked() {
    let hierarchy = Hierarchy::new();
    let key = Key::p256();
    let certificate = hierarchy.leaf(Kind::PersonSign, &key);
    let extensions = certificate.extensions();
    assert_eq!(hierarchy.root.spki(), hierarchy.root_key.spki());
    assert_eq!(certificate.subject().get(&oid::SERIAL_NUMBER), Some("PNOLV-321846-14724"));
    assert_eq!(certificate.spki(), key.spki());
    assert_eq!(extensions.key_usage, Some(KeyUsage::NON_REPUDIATION));
    assert_eq!(extensions.extended_key_usage, None);
    assert_eq!(extensions.statements, Some(vec![Statement::Semantics(oid::SEMANTICS_NATURAL)]));
    assert_eq!(extensions.policies.as_deref(), Some(&[super::support::policy()][..]));
    assert_eq!(extensions.ocsp, super::support::places().ocsp);
    assert!(extensions.unknown_critical.is_empty());
    assert_eq!(certificate.verify(hierarchy.issuing.spki(), algorithms()), Ok(()));
    assert!(certificate.verify(hierarchy.root.spki(), algorithms()).is_err());
}

#[test]
fn openssl_accepts_every_kind() {
    let hierarchy = Hierarchy::new();
    let folder = folder("openssl_accepts_every_kind");
    let root = file(&folder, "root.pem", pem(&hierarchy.root).as_bytes());
    let issuing = file(&folder, "issuing.pem", pem(&hierarchy.issuing).as_bytes());
    let at = (super::support::NOW + super::support::DAY).to_string();
    for kind in KINDS {
        let certificate = hierarchy.leaf(kind, &Key::p256());
        let leaf = file(&folder, "leaf.pem", pem(&certificate).as_bytes());
        let arguments = ["verify", "-x509_strict", "-check_ss_sig", "-attime", &at];
        let files = ["-CAfile", &root, "-untrusted", &issuing, &leaf];
        let Some((passed, text)) = openssl(&[&arguments[..], &files].concat()) else { return };
        assert!(passed, "{kind:?}: {text}");
    }
}

#[test]
fn the_golden_certificates_are_read_and_chain() {
    let Some(root) = golden("root") else { return };
    let issuing = golden("ica").unwrap();
    assert_eq!(root.verify(root.spki(), algorithms()), Ok(()));
    assert_eq!(issuing.verify(root.spki(), algorithms()), Ok(()));
    for name in ["eid_auth", "eid_sign", "seal_q", "qwac_gen", "tsu", "ocsp", "pid", "wrpac"] {
        let certificate = golden(name).unwrap();
        assert_eq!(certificate.verify(issuing.spki(), algorithms()), Ok(()), "{name}");
        assert_eq!(certificate.issuer(), issuing.subject(), "{name}");
        assert_eq!(Certificate::parse(certificate.der()).unwrap(), certificate, "{name}");
    }
}
