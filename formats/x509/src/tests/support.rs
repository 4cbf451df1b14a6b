//! What the tests of this crate share: keys, signing, a small hierarchy, OpenSSL, golden files.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::{
    Algorithms, Attribute, Certificate, GeneralName, Issuer, Kind, Places, Policy, Profile,
    Request, SignatureAlgorithm, ToBeSigned, oid,
};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair,
};

/// 2026-11-25T00:00:00Z
pub(crate) const NOW: i64 = 1_795_564_800;
pub(crate) const DAY: i64 = 86_400;

pub(crate) struct Key {
    pair: EcdsaKeyPair,
    pub(crate) algorithm: SignatureAlgorithm,
}

impl Key {
    pub(crate) fn p256() -> Self {
        Self::new(&ECDSA_P256_SHA256_ASN1_SIGNING, SignatureAlgorithm::EcdsaSha256)
    }

    pub(crate) fn p384() -> Self {
        Self::new(&ECDSA_P384_SHA384_ASN1_SIGNING, SignatureAlgorithm::EcdsaSha384)
    }

    fn new(kind: &'static EcdsaSigningAlgorithm, algorithm: SignatureAlgorithm) -> Self {
        Self { pair: EcdsaKeyPair::generate(kind).unwrap(), algorithm }
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        self.pair.public_key().as_der().unwrap().as_ref().to_vec()
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec()
    }

    pub(crate) fn finish(&self, prepared: &ToBeSigned) -> Vec<u8> {
        prepared.finish(&self.sign(prepared.bytes()))
    }
}

pub(crate) fn algorithms() -> Algorithms<'static> {
    Algorithms(rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all)
}

pub(crate) fn places() -> Places {
    Places {
        ca_issuers: vec!["http://localhost:8080/pki/ica.crt".to_owned()],
        ocsp: vec!["http://localhost:8080/pki/ocsp".to_owned()],
        crl: vec!["http://localhost:8080/pki/ica.crl".to_owned()],
    }
}

pub(crate) fn policy() -> Policy {
    let id = "2.25.329800735698586629295641978511506172918".parse().unwrap();
    Policy::new(id, Some("https://localhost/pki/cps".to_owned()))
}

pub(crate) fn profile(kind: Kind) -> Profile {
    let policies = match kind {
        Kind::Root | Kind::OcspResponder | Kind::Transport => Vec::new(),
        _ => vec![policy()],
    };
    Profile::new(kind, &format!("{kind:?}"), &policies, &places())
}

pub(crate) fn person() -> Vec<Attribute> {
    vec![
        Attribute::new(oid::COUNTRY, "LV"),
        Attribute::new(oid::SERIAL_NUMBER, "PNOLV-321846-14724"),
        Attribute::new(oid::SURNAME, "Bērziņš"),
        Attribute::new(oid::GIVEN_NAME, "Jānis"),
        Attribute::new(oid::COMMON_NAME, "Jānis Bērziņš"),
    ]
}

pub(crate) fn organisation(common: &str) -> Vec<Attribute> {
    vec![
        Attribute::new(oid::COUNTRY, "LV"),
        Attribute::new(oid::ORGANIZATION, "Demonstrācijas valsts"),
        Attribute::new(oid::ORGANIZATION_IDENTIFIER, "NTRLV-40003000000"),
        Attribute::new(oid::COMMON_NAME, common),
    ]
}

pub(crate) fn subject(kind: Kind) -> Vec<Attribute> {
    match kind {
        Kind::PersonSign | Kind::PersonAuth => person(),
        Kind::Transport => vec![Attribute::new(oid::COMMON_NAME, "ocsp-1")],
        _ => organisation(&format!("Demo {kind:?} 2026")),
    }
}

pub(crate) fn names(kind: Kind) -> Vec<GeneralName> {
    match kind {
        Kind::Web => vec![GeneralName::Dns("api.piemers.lv".to_owned())],
        Kind::Access => vec![GeneralName::Uri("https://piemers.lv/help".to_owned())],
        Kind::Transport => vec![
            GeneralName::Dns("localhost".to_owned()),
            GeneralName::Uri("urn:sakta:process:ocsp-1".to_owned()),
        ],
        _ => Vec::new(),
    }
}

pub(crate) struct Hierarchy {
    pub(crate) root_key: Key,
    pub(crate) root: Certificate,
    pub(crate) issuing_key: Key,
    pub(crate) issuing: Certificate,
}

impl Hierarchy {
    pub(crate) fn new() -> Self {
        let (root_key, issuing_key) = (Key::p384(), Key::p256());
        let root = issue(Kind::Root, &root_key, (&root_key, Issuer::Itself), 7000);
        let issuing =
            issue(Kind::Issuing, &issuing_key, (&root_key, Issuer::Authority(&root)), 3000);
        Self { root_key, root, issuing_key, issuing }
    }

    pub(crate) fn leaf(&self, kind: Kind, key: &Key) -> Certificate {
        let by = (&self.issuing_key, Issuer::Authority(&self.issuing));
        issue(kind, key, by, if kind == Kind::OcspResponder { 30 } else { 365 })
    }
}

pub(crate) fn issue(kind: Kind, key: &Key, by: (&Key, Issuer<'_>), days: i64) -> Certificate {
    let spki = key.spki();
    let chance: [u8; 16] = spki[spki.len() - 16..].try_into().unwrap();
    let request = Request {
        subject: &subject(kind),
        spki: &spki,
        serial: &crate::serial(chance),
        not_before: NOW,
        not_after: NOW + days * DAY - 1,
        names: &names(kind),
    };
    let prepared = crate::prepare(&profile(kind), &request, by.1, by.0.algorithm).unwrap();
    Certificate::parse(&by.0.finish(&prepared)).unwrap()
}

pub(crate) fn vectors() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/pki");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no test vectors at {}", path.display());
    None
}

pub(crate) fn golden(name: &str) -> Option<Certificate> {
    let text = std::fs::read_to_string(vectors()?.join(format!("{name}.pem"))).unwrap();
    Some(Certificate::from_pem(&text).unwrap())
}

/// Runs OpenSSL; `None` and a note when the machine has none.
pub(crate) fn openssl(arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new("openssl").args(arguments).output() {
        Ok(Output { status, stdout, stderr }) => {
            let text = [stdout, stderr].concat();
            Some((status.success(), String::from_utf8_lossy(&text).into_owned()))
        }
        Err(_) => {
            eprintln!("SKIPPED: no openssl on this machine");
            None
        }
    }
}

/// A folder for one test's files: fresh, and gone with the value.
pub(crate) struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = std::path::Path;

    fn deref(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn folder(test: &str) -> Folder {
    let path = std::env::temp_dir().join(format!("sakta-x509-{}-{test}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    Folder(path)
}

/// Writes `bytes` under this name and gives the path as text.
pub(crate) fn file(folder: &std::path::Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The PEM of a certificate.
pub(crate) fn pem(certificate: &Certificate) -> String {
    certificate.to_pem()
}
