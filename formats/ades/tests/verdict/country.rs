//! A small hierarchy for tests: root, issuing authority, responder, time-stamp unit, Anna.

use ades::{Certificate, Changes, Evidence, Input, Kind, Report, Signed, Trust};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use cms::timestamp::{Accuracy, Imprint, TokenInfo, prepare_token};
use cms::{Attribute, Attributes, DigestAlgorithm, Oid};
use x509::crl::{self, List, Revoked};
use x509::ocsp::{Answer, CertId, IssuerHashes, Single, Status};
use x509::{Issuer, Kind as Profiled, Places, Policy, Profile, Request, SignatureAlgorithm};

/// 2026-11-25T00:00:00Z
pub(crate) const START: i64 = 1_795_564_800;
pub(crate) const DAY: i64 = 86_400;
/// When Anna's signature is stamped.
pub(crate) const STAMPED: i64 = START + 10 * DAY;
/// When it is checked.
pub(crate) const NOW: i64 = STAMPED + DAY;
pub(crate) const DOCUMENT: &[u8] = b"the bytes of a document";

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::EcdsaSha256;

pub(crate) fn algorithms() -> ades::Algorithms<'static> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    ades::Algorithms(provider.signature_verification_algorithms.all)
}

pub(crate) struct Key(EcdsaKeyPair);

impl Key {
    pub(crate) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    #[expect(clippy::disallowed_types, reason = "the test's keys need chance of the machine")]
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = aws_lc_rs::rand::SystemRandom::new();
        self.0.sign(&random, message).unwrap().as_ref().to_vec()
    }

    fn spki(&self) -> Vec<u8> {
        self.0.public_key().as_der().unwrap().as_ref().to_vec()
    }
}

/// A key with its certificate.
pub(crate) struct Party {
    pub(crate) key: Key,
    pub(crate) certificate: Certificate,
}

pub(crate) struct Country {
    pub(crate) root: Party,
    pub(crate) issuing: Party,
    pub(crate) responder: Party,
    pub(crate) unit: Party,
    pub(crate) anna: Party,
}

impl Country {
    pub(crate) fn new() -> Self {
        let life = |days| (START, START + days * DAY - 1);
        let root = issue(Profiled::Root, None, life(7000));
        let issuing = issue(Profiled::Issuing, Some(&root), life(3000));
        let responder = issue(Profiled::OcspResponder, Some(&issuing), life(30));
        let unit = issue(Profiled::TimeStampUnit, Some(&issuing), life(2000));
        let anna = issue(Profiled::PersonSign, Some(&issuing), life(365));
        Self { root, issuing, responder, unit, anna }
    }

    pub(crate) fn party(&self, kind: Profiled, life: (i64, i64)) -> Party {
        issue(kind, Some(&self.issuing), life)
    }

    /// An answer of the responder about `of`, current for a day.
    pub(crate) fn answer(&self, of: &Certificate, status: Status, at: i64) -> Vec<u8> {
        let id = CertId::sha1(&IssuerHashes::of(&self.issuing.certificate), of.serial());
        let next_update = Some(at + DAY);
        let single = Single { id, status, this_update: at, next_update, archive_cutoff: None };
        let answer =
            Answer { produced_at: at, singles: &[single], nonce: None, extended_revoke: false };
        let prepared = answer.prepare(&self.responder.certificate, ALGORITHM).unwrap();
        prepared.finish(&self.responder.key.sign(prepared.bytes()))
    }

    /// The root's list, current for a year.
    pub(crate) fn list(&self, revoked: &[Revoked], at: i64) -> Vec<u8> {
        let list = List {
            number: 1,
            this_update: at,
            next_update: at + 365 * DAY,
            revoked,
            expired_since: None,
        };
        let prepared = crl::prepare(&list, &self.root.certificate, ALGORITHM).unwrap();
        prepared.finish(&self.root.key.sign(prepared.bytes()))
    }

    /// Everything that a signature at B-LT embeds, made just after the time-stamp.
    pub(crate) fn evidence(&self) -> Evidence {
        let parties = [&self.issuing, &self.unit, &self.responder, &self.anna];
        let good = |of: &Party| self.answer(&of.certificate, Status::Good, STAMPED + 1);
        Evidence {
            certificates: parties.map(|party| party.certificate.der().to_vec()).into(),
            ocsp: vec![good(&self.anna), good(&self.unit)],
            crls: vec![self.list(&[], START + DAY)],
        }
    }

    /// Anna's signature over `document` with a time-stamp by `unit`.
    pub(crate) fn signature(&self, document: &[u8], unit: Option<&Party>) -> Vec<u8> {
        let algorithm = DigestAlgorithm::Sha256;
        let digest = algorithm.digest(document);
        let attributes = Attributes::default();
        let anna = &self.anna;
        let prepared = cms::prepare(&anna.certificate, algorithm, &digest, &attributes).unwrap();
        let signature = anna.key.sign(&prepared.signed_attributes_der());
        let stamp = unit.map(|unit| Attribute::time_stamp(token(unit, &signature, STAMPED)));
        let certificates = [anna.certificate.der(), self.issuing.certificate.der()];
        prepared.finish(&signature, &certificates, stamp.as_slice())
    }

    pub(crate) fn check(&self, cms: &[u8], evidence: &Evidence, at: i64) -> Report {
        check_with(cms, evidence, std::slice::from_ref(&self.root.certificate), at)
    }
}

/// A time-stamp token over `bytes`.
pub(crate) fn token(unit: &Party, bytes: &[u8], at: i64) -> Vec<u8> {
    let info = TokenInfo {
        policy: Oid::dotted("1.2.3.4"),
        imprint: Imprint::of(DigestAlgorithm::Sha256, bytes),
        serial: vec![7],
        at,
        accuracy: Some(Accuracy { seconds: 1, millis: 0, micros: 0 }),
        ordering: false,
        nonce: None,
        extensions: None,
    };
    let prepared = prepare_token(&unit.certificate, DigestAlgorithm::Sha256, &info).unwrap();
    let signature = unit.key.sign(&prepared.signed_attributes_der());
    prepared.finish(&signature, &[unit.certificate.der()], &[])
}

/// Checks a signature over [`DOCUMENT`] with these anchors.
pub(crate) fn check_with(
    cms: &[u8],
    evidence: &Evidence,
    anchors: &[Certificate],
    at: i64,
) -> Report {
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let signed = Signed { cms, digest: &digest, ..plain() };
    run(&[signed], evidence, anchors, at)
}

pub(crate) fn run(
    signatures: &[Signed<'_>],
    evidence: &Evidence,
    anchors: &[Certificate],
    at: i64,
) -> Report {
    let given = Evidence::default();
    let input = Input { signatures, embedded: evidence, given: &given };
    let rules = ades::TS_119_312_V2_1_1;
    ades::check(&input, &Trust { anchors, algorithms: algorithms(), rules }, at)
}

/// A signature of the whole document of which the bytes are missing.
pub(crate) fn plain() -> Signed<'static> {
    Signed {
        id: "Signature1",
        kind: Kind::Pades,
        cms: &[],
        digest: &|_| None,
        end: 100,
        whole: true,
        scopes: &[],
        faults: &[],
        changes: Changes::None,
        claimed_time: Some(STAMPED),
    }
}

fn issue(kind: Profiled, by: Option<&Party>, (not_before, not_after): (i64, i64)) -> Party {
    let key = Key::new();
    let spki = key.spki();
    let chance: [u8; 16] = spki[spki.len() - 16..].try_into().unwrap();
    let request = Request {
        subject: &subject(kind),
        spki: &spki,
        serial: &x509::serial(chance),
        not_before,
        not_after,
        names: &[],
    };
    let policies = match kind {
        Profiled::Root | Profiled::OcspResponder => Vec::new(),
        _ => vec![Policy::new("2.25.1".parse().unwrap(), None)],
    };
    let places = Places {
        ca_issuers: vec!["http://localhost/ica.crt".to_owned()],
        ocsp: vec!["http://localhost/ocsp".to_owned()],
        crl: vec!["http://localhost/ica.crl".to_owned()],
    };
    let profile = Profile::new(kind, "test", &policies, &places);
    let issuer = by.map_or(Issuer::Itself, |by| Issuer::Authority(&by.certificate));
    let prepared = x509::prepare(&profile, &request, issuer, ALGORITHM).unwrap();
    let signer = by.map_or(&key, |by| &by.key);
    let der = prepared.finish(&signer.sign(prepared.bytes()));
    Party { key, certificate: Certificate::parse(&der).unwrap() }
}

fn subject(kind: Profiled) -> Vec<x509::Attribute> {
    use x509::oid;
    let name = format!("Test {kind:?}");
    let pairs = match kind {
        Profiled::PersonSign => vec![
            (oid::COUNTRY, "LV"),
            (oid::SERIAL_NUMBER, "PNOLV-321846-14724"),
            (oid::SURNAME, "Bērziņa"),
            (oid::GIVEN_NAME, "Anna"),
            (oid::COMMON_NAME, "Anna Bērziņa"),
        ],
        _ => vec![
            (oid::COUNTRY, "LV"),
            (oid::ORGANIZATION, "Demonstrācijas valsts"),
            (oid::ORGANIZATION_IDENTIFIER, "NTRLV-40003000000"),
            (oid::COMMON_NAME, name.as_str()),
        ],
    };
    pairs.into_iter().map(|(id, text)| x509::Attribute::new(id, text)).collect()
}
