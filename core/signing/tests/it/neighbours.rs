//! The systems beside this one: who has which certificate, and the phone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use activation_contract::{Op, Outcome, Refusal, Request, RequestKind};
use base::{Bytes, Digest, PersonId, Time};
use identity_contract::{Ask, AskState, Asked as Waiting, AskedOf, IdentityRefusal};
use keys::{DigestAlgorithm, MessageDigest, Purpose, Signer};
use links::{
    Asked, Doors, Kind, Party, Pending, PersonProof, Place, ProofError, Proved, Table, Verifier,
};
use pki_contract::{CertificateRow, CertificatesOf, Status};
use trial::FixedClock;
use x509::Certificate;

pub(crate) const ANNA: PersonId = PersonId::from_bytes([0xa1; 16]);
pub(crate) const BERTA: PersonId = PersonId::from_bytes([0xb2; 16]);
pub(crate) const CREDENTIAL: [u8; 16] = [0xc3; 16];

/// The purpose of a person's key in these tests.
#[derive(Debug)]
pub(crate) enum Signs {}

impl Purpose for Signs {
    const NAME: &'static str = "trial.signs";
}

pub(crate) fn party(text: &str) -> Party {
    text.parse().unwrap()
}

/// Knows the evidence of two persons until a moment.
pub(crate) struct Known(pub(crate) Time);

impl Verifier for Known {
    fn person<'a>(
        &'a self,
        _: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        let person = match evidence {
            "anna" | "anna again" => Some(ANNA),
            "berta" => Some(BERTA),
            _ => None,
        };
        let level = "demo".to_owned();
        let proof = person.map(|person| PersonProof { person, level, until: self.0 });
        Box::pin(std::future::ready(proof.ok_or(ProofError::Refused)))
    }

    fn system<'a>(
        &'a self,
        _: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Anna's certificate and her phone.
pub(crate) struct Neighbours {
    key: Signer<Signs>,
    pub(crate) rows: Mutex<Vec<CertificateRow>>,
    asked: Mutex<BTreeMap<String, (Bytes, AskState)>>,
    /// The identity platform refuses like this.
    pub(crate) refuses: Mutex<Option<IdentityRefusal>>,
    pub(crate) certificate: Certificate,
    until: Time,
}

impl Neighbours {
    pub(crate) fn new(
        key: Signer<Signs>,
        certificate: Certificate,
        issuing: &Certificate,
        now: Time,
    ) -> Arc<Self> {
        let row = CertificateRow {
            certificate: Bytes(certificate.der().to_vec()),
            chain: vec![Bytes(issuing.der().to_vec())],
            serial: base::hex(certificate.serial()),
            issuer: Digest(issuing.spki_digest()),
            profile: "person-signature".to_owned(),
            credential: Some(base::hex(&CREDENTIAL)),
            valid_from: Time::from_seconds(certificate.not_before()),
            valid_until: Time::from_seconds(certificate.not_after()),
            status: Status::Good,
            demanded: None,
        };
        Arc::new(Self {
            key,
            rows: Mutex::new(vec![row]),
            asked: Mutex::default(),
            refuses: Mutex::default(),
            certificate,
            until: now.plus(std::time::Duration::from_mins(5)),
        })
    }

    /// Both systems' doors, at one place.
    pub(crate) fn place(self: &Arc<Self>, clock: &FixedClock) -> Place {
        const TABLE: Table = Table(&[
            ("identity/ask", &[Kind::Person]),
            ("identity/asked", &[Kind::Person]),
            ("pki/certificates", &[Kind::Person]),
        ]);
        let (ask, asked, certificates) = (Arc::clone(self), Arc::clone(self), Arc::clone(self));
        let known = Arc::new(Known(Time::from_micros(i64::MAX)));
        let doors = Doors::new(party("lvrtc/identity"), Arc::new(clock.clone()), known)
            .taking(TABLE)
            .answer(move |who: Asked, asking: Ask| std::future::ready(ask.ask(&who, asking)))
            .answer(move |_: Asked, of: AskedOf| std::future::ready(asked.asked(&of)))
            .answer(move |_: Asked, of: CertificatesOf| {
                std::future::ready(Ok(certificates.certificates(&of)))
            });
        let place = Place::new();
        place.open(Arc::new(doors));
        place
    }

    fn ask(&self, who: &Asked, ask: Ask) -> Result<Waiting, IdentityRefusal> {
        assert!(matches!(&who.behalf, Proved::Person(proof) if proof.person == ask.person));
        if let Some(refusal) = *self.refuses.lock().unwrap() {
            return Err(refusal);
        }
        let request: Request = serde_json::from_slice(&ask.request.0).unwrap();
        let mut asked = self.asked.lock().unwrap();
        if let Some((stands, _)) = asked.get(&request.id) {
            assert_eq!(*stands, ask.request, "the same request is the same bytes");
        } else {
            asked.insert(request.id.clone(), (ask.request, AskState::Waiting));
        }
        Ok(Waiting { request: request.id, until: self.until })
    }

    fn asked(&self, of: &AskedOf) -> Result<AskState, IdentityRefusal> {
        if let Some(refusal) = *self.refuses.lock().unwrap() {
            return Err(refusal);
        }
        let asked = self.asked.lock().unwrap();
        asked.get(&of.request).map(|(_, state)| state.clone()).ok_or(IdentityRefusal::Unknown)
    }

    fn certificates(&self, of: &CertificatesOf) -> Vec<CertificateRow> {
        if of.person == ANNA { self.rows.lock().unwrap().clone() } else { Vec::new() }
    }

    /// The request as the phone shows it.
    pub(crate) fn shown(&self, request: &str) -> Request {
        serde_json::from_slice(&self.asked.lock().unwrap()[request].0.0).unwrap()
    }

    /// How many requests the phone ever got.
    pub(crate) fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub(crate) fn says(&self, request: &str, state: AskState) {
        self.asked.lock().unwrap().get_mut(request).unwrap().1 = state;
    }

    /// The identity platform keeps no request for ever.
    pub(crate) fn forgets(&self) {
        self.asked.lock().unwrap().clear();
    }

    pub(crate) fn outcome(&self, request: &str, outcome: Outcome) {
        self.says(request, AskState::Answered { outcome, answer: "answer".to_owned() });
    }

    pub(crate) fn refuses_as(&self, request: &str, why: Refusal) {
        self.outcome(request, Outcome::Refused { why });
    }

    /// PIN2: signs what is shown.
    pub(crate) fn approves(&self, request: &str) {
        let signatures = self.signatures(request);
        let credential = Some(base::Id::from_bytes(CREDENTIAL));
        self.outcome(request, Outcome::Done { signatures, credential, statement: None });
    }

    pub(crate) fn signatures(&self, request: &str) -> Vec<Bytes> {
        let RequestKind::Act { op: Op::Sign, credential, items } = self.shown(request).kind else {
            panic!("not asked to sign");
        };
        assert_eq!(credential, Some(base::Id::from_bytes(CREDENTIAL)));
        let sign = |item: &activation_contract::Item| {
            let dtbs = item.dtbs.as_ref().unwrap();
            let algorithm = match dtbs.alg.as_str() {
                "sha-384" => DigestAlgorithm::Sha384,
                _ => DigestAlgorithm::Sha256,
            };
            let digest = MessageDigest::from_bytes(algorithm, &dtbs.digest.0).unwrap();
            Bytes(self.key.sign_digest(&digest).unwrap())
        };
        items.iter().map(sign).collect()
    }
}
