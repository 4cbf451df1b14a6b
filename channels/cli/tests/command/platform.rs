//! The identity and signing platforms as far as the command line meets them, with real
//! certificates, and a phone that answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use activation_contract::control_code;
use activation_contract::remote::{
    Activation, Credentials, NewActivation, OwnCredential, Progress, RevocationEvidence,
    Signatures, Stamped,
};
use base::{Bytes, Clock, Id, Later, Time};
use cli::{Approval, Ask, Method, Pending, Phone, Reply, Unreached, Web};
use cms::DigestAlgorithm;
use cms::timestamp::{Imprint, TokenInfo, prepare_token};
use keys::trial::{Hierarchy, organisation, person, signer};
use keys::{Algorithm, Signer};
use serde_json::json;
use x509::crl::{self, List};
use x509::ocsp::{Answer, CertId, IssuerHashes, Single, Status};
use x509::{Certificate, Kind};

use crate::files::NOW;

pub(crate) struct Act;
impl keys::Purpose for Act {
    const NAME: &'static str = "trial.act";
}

/// A clock that jumps to whatever is waited for.
#[derive(Debug)]
pub(crate) struct Jumping(Arc<Mutex<Time>>);

impl Jumping {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Time::from_seconds(NOW))))
    }
}

impl Clock for Jumping {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.now().since(Time::from_seconds(NOW))
    }

    fn until(&self, at: Time) -> Later {
        let mut now = self.0.lock().unwrap();
        *now = at.max(*now);
        Box::pin(std::future::ready(()))
    }
}

/// A key and its certificate.
struct Party {
    key: Signer<Act>,
    certificate: Certificate,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trouble {
    #[default]
    None,
    NoCertificate,
    RefusedLogin,
    RefusedSigning,
    Blocked,
    NeverAnswered,
    WrongSignature,
    /// Of the second file only.
    OneWrongSignature,
    NoStatus,
    OtherIssuer,
    Busy,
}

#[derive(Default)]
struct Told {
    logins: u32,
    asked: u32,
    approved: bool,
    tokens: Vec<String>,
    items: Vec<activation_contract::remote::NewItem>,
    signed: bool,
}

pub(crate) struct Platform {
    hierarchy: Mutex<Hierarchy>,
    pub(crate) root: Certificate,
    issuing: Certificate,
    anna: Party,
    unit: Party,
    responder: Party,
    pub(crate) trouble: Mutex<Trouble>,
    told: Mutex<Told>,
}

fn party(hierarchy: &Hierarchy, kind: Kind, algorithm: Algorithm) -> Party {
    let key = signer::<Act>(algorithm);
    let subject = match kind {
        Kind::PersonSign => person("Anna", "Paraudziņa", "PNOXX-329912-00014"),
        _ => organisation(&format!("Trial {kind:?}")),
    };
    let certificate = hierarchy.issue(kind, &subject, key.public_key().spki());
    Party { key, certificate }
}

impl Platform {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let hierarchy = Hierarchy::new(Time::from_seconds(NOW));
        let made = |kind, algorithm| party(&hierarchy, kind, algorithm);
        let anna = made(Kind::PersonSign, algorithm);
        let unit = made(Kind::TimeStampUnit, Algorithm::P256);
        let responder = made(Kind::OcspResponder, Algorithm::P256);
        let (trouble, told) = (Mutex::default(), Mutex::default());
        let (root, issuing) = (hierarchy.root.clone(), hierarchy.issuing.clone());
        let hierarchy = Mutex::new(hierarchy);
        Self { hierarchy, root, issuing, anna, unit, responder, trouble, told }
    }

    pub(crate) fn trouble(&self, trouble: Trouble) {
        *self.trouble.lock().unwrap() = trouble;
    }

    fn has(&self, trouble: Trouble) -> bool {
        *self.trouble.lock().unwrap() == trouble
    }

    /// How often somebody logged in, and how often the phone was asked to sign.
    pub(crate) fn counts(&self) -> (u32, u32) {
        let told = self.told.lock().unwrap();
        (told.logins, told.asked)
    }

    /// Ends every session.
    pub(crate) fn end_sessions(&self) {
        self.told.lock().unwrap().tokens.clear();
    }

    fn answer(&self, ask: &Ask) -> (u16, serde_json::Value) {
        let path = ask.url.strip_prefix("http://id.test").map(|path| ("id", path));
        let path = path.or_else(|| Some(("sign", ask.url.strip_prefix("http://sign.test")?)));
        let (host, path) = path.unwrap();
        match (host, ask.method, path) {
            ("id", Method::Get, "/.well-known/openid-configuration") => self.discovery(),
            ("id", Method::Post, "/device") => {
                assert!(ask.body.starts_with(b"client_id=sakta%2Dcli&scope="));
                self.told.lock().unwrap().approved = false;
                (
                    200,
                    json!({"device_code": "d1", "user_code": "BCDF2345", "interval": 2,
                    "verification_uri": "http://id.test/d", "expires_in": 60}),
                )
            }
            ("id", Method::Post, "/token") => self.token(),
            ("sign", method, path) if self.is_known(ask) => self.signing(method, path, &ask.body),
            ("sign", ..) => (
                401,
                json!({"type": "urn:sakta:problem:no-session", "title": "",
                "status": 401}),
            ),
            other => panic!("{other:?}"),
        }
    }

    fn discovery(&self) -> (u16, serde_json::Value) {
        let host = if self.has(Trouble::OtherIssuer) { "http://thief" } else { "http://id.test" };
        (
            200,
            json!({"issuer": "http://id.test", "token_endpoint": format!("{host}/token"),
            "device_authorization_endpoint": "http://id.test/device"}),
        )
    }

    fn token(&self) -> (u16, serde_json::Value) {
        let mut told = self.told.lock().unwrap();
        if self.has(Trouble::RefusedLogin) {
            return (400, json!({"error": "access_denied"}));
        }
        if !told.approved {
            return (400, json!({"error": "authorization_pending"}));
        }
        told.logins += 1;
        let token = format!("token-{}", told.logins);
        told.tokens.push(format!("Bearer {token}"));
        (200, json!({"access_token": token, "token_type": "Bearer", "expires_in": 1800}))
    }

    fn is_known(&self, ask: &Ask) -> bool {
        let tokens = &self.told.lock().unwrap().tokens;
        let shown = ask.headers.iter().find(|(name, _)| *name == "authorization");
        shown.is_some_and(|(_, value)| tokens.contains(value))
    }

    fn signing(&self, method: Method, path: &str, body: &[u8]) -> (u16, serde_json::Value) {
        let value = |value: &dyn erased::Json| value.json();
        match (method, path) {
            (Method::Get, "/v1/credentials") => (200, value(&self.credentials())),
            (Method::Post, "/v1/activations") if self.has(Trouble::Busy) => {
                (503, json!({"type": "urn:sakta:problem:busy", "title": "Busy.", "status": 503}))
            }
            (Method::Post, "/v1/activations") => {
                let new: NewActivation = serde_json::from_slice(body).unwrap();
                let mut told = self.told.lock().unwrap();
                (told.items, told.signed) = (new.items, false);
                told.asked += 1;
                (201, value(&activation(Progress::WaitingForPhone)))
            }
            (Method::Get, "/v1/activations/a1") => (200, value(&activation(self.progress()))),
            (Method::Get, path) => {
                let from = path.strip_prefix("/v1/activations/a1/signatures?from=").unwrap();
                (200, value(&self.signatures(from.parse().unwrap())))
            }
            other => panic!("{other:?}"),
        }
    }

    fn credentials(&self) -> Credentials {
        let own = OwnCredential {
            id: Id::from_bytes([5; 16]),
            certificate: Bytes(self.anna.certificate.der().to_vec()),
            chain: vec![Bytes(self.issuing.der().to_vec())],
            digest: self.digest().name().to_lowercase(),
            valid_until: Time::from_seconds(self.anna.certificate.not_after()),
        };
        let none = self.has(Trouble::NoCertificate);
        Credentials { credentials: if none { Vec::new() } else { vec![own] } }
    }

    fn digest(&self) -> DigestAlgorithm {
        match self.anna.key.algorithm() {
            Algorithm::P384 => DigestAlgorithm::Sha384,
            _ => DigestAlgorithm::Sha256,
        }
    }

    fn progress(&self) -> Progress {
        let signed = self.told.lock().unwrap().signed;
        let trouble = *self.trouble.lock().unwrap();
        match trouble {
            Trouble::RefusedSigning => Progress::Refused,
            Trouble::Blocked => Progress::NotSigned { why: "blocked".to_owned() },
            _ if signed => Progress::Done { evidence: self.evidence() },
            _ => Progress::WaitingForPhone,
        }
    }

    fn evidence(&self) -> RevocationEvidence {
        let bytes = |der: &Certificate| Bytes(der.der().to_vec());
        if self.has(Trouble::NoStatus) {
            return RevocationEvidence::default();
        }
        let good = |of: &Party| Bytes(self.status(&of.certificate));
        let [issuing, unit] = [&self.issuing, &self.unit.certificate];
        RevocationEvidence {
            certificates: vec![bytes(issuing), bytes(unit), bytes(&self.responder.certificate)],
            ocsp: vec![good(&self.anna), good(&self.unit)],
            crls: vec![Bytes(self.list())],
        }
    }

    fn status(&self, of: &Certificate) -> Vec<u8> {
        let id = CertId::sha1(&IssuerHashes::of(&self.issuing), of.serial());
        let (status, at) = (Status::Good, NOW + 1);
        let next_update = Some(at + 600);
        let single = Single { id, status, this_update: at, next_update, archive_cutoff: None };
        let answer =
            Answer { produced_at: at, singles: &[single], nonce: None, extended_revoke: false };
        let algorithm = self.responder.key.certificate_algorithm();
        let prepared = answer.prepare(&self.responder.certificate, algorithm).unwrap();
        prepared.finish(&self.responder.key.sign(prepared.bytes()).unwrap())
    }

    fn list(&self) -> Vec<u8> {
        let list = List {
            number: 1,
            this_update: NOW - 60,
            next_update: NOW + 86_400,
            revoked: &[],
            expired_since: None,
        };
        let algorithm = x509::SignatureAlgorithm::EcdsaSha256;
        let prepared = crl::prepare(&list, &self.root, algorithm).unwrap();
        prepared.finish(&self.hierarchy.lock().unwrap().sign_as_root(prepared.bytes()))
    }

    /// Two at a time.
    fn signatures(&self, from: usize) -> Signatures {
        let told = self.told.lock().unwrap();
        let numbered = told.items.iter().enumerate().skip(from).take(2);
        let signatures: Vec<_> = numbered.map(|(number, item)| self.signed(number, item)).collect();
        let next = from + signatures.len();
        let next = (next < told.items.len()).then(|| next.try_into().unwrap());
        Signatures { signatures, next }
    }

    fn signed(&self, number: usize, item: &activation_contract::remote::NewItem) -> Stamped {
        let wrong = self.has(Trouble::WrongSignature)
            || (number == 1 && self.has(Trouble::OneWrongSignature));
        let bytes = if wrong { b"others".as_slice() } else { item.signed.as_ref() };
        let signature = self.anna.key.sign(bytes).unwrap();
        let info = TokenInfo {
            policy: "1.2.3.4".parse().unwrap(),
            imprint: Imprint::of(DigestAlgorithm::Sha256, &signature),
            serial: vec![7],
            at: NOW,
            accuracy: None,
            ordering: false,
            nonce: None,
            extensions: None,
        };
        let unit = &self.unit;
        let token = prepare_token(&unit.certificate, DigestAlgorithm::Sha256, &info).unwrap();
        let value = unit.key.sign(&token.signed_attributes_der()).unwrap();
        let time_stamp = Bytes(token.finish(&value, &[unit.certificate.der()], &[]));
        Stamped { number: number.try_into().unwrap(), signature: Bytes(signature), time_stamp }
    }
}

fn activation(progress: Progress) -> Activation {
    Activation { id: "a1".to_owned(), until: Time::from_seconds(NOW + 300), progress }
}

/// Anything that becomes JSON.
mod erased {
    pub(super) trait Json {
        fn json(&self) -> serde_json::Value;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

impl Web for Platform {
    fn send(&self, ask: Ask) -> Pending<'_, Result<Reply, Unreached>> {
        let (status, body) = self.answer(&ask);
        let body = serde_json::to_vec(&body).unwrap();
        Box::pin(std::future::ready(Ok(Reply { status, body })))
    }
}

impl Phone for Platform {
    fn sign_in<'a>(&'a self, code: &'a str, pin1: &'a str) -> Pending<'a, Result<(), String>> {
        assert_eq!((code, pin1), ("BCDF2345", "1234"));
        self.told.lock().unwrap().approved = true;
        Box::pin(std::future::ready(Ok(())))
    }

    fn approve<'a>(
        &'a self,
        request: &'a Approval,
        pin2: &'a str,
    ) -> Pending<'a, Result<(), String>> {
        assert_eq!(pin2, "567890");
        let mut told = self.told.lock().unwrap();
        let digests: Vec<_> =
            told.items.iter().map(|item| self.digest().digest(item.signed.as_ref())).collect();
        assert_eq!(request.control_code, control_code(digests.iter().map(Vec::as_slice)));
        let files: Vec<_> =
            told.items.iter().map(|item| (item.label.clone(), item.document_digest)).collect();
        assert_eq!(request.files, files);
        told.signed = !self.has(Trouble::NeverAnswered);
        Box::pin(std::future::ready(Ok(())))
    }
}
