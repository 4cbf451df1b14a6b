//! For tests: a root, an issuing authority and certificates under them, with real keys.

use std::sync::Arc;

use base::Time;
use x509::{Attribute, Certificate, Issuer, Kind, Places, Policy, Profile, Request, oid};

use crate::{Algorithm, Keeper, Kek, Purpose, Signer, SystemChance};

/// The purpose of an authority's key in tests.
#[derive(Debug)]
pub enum Authority {}

impl Purpose for Authority {
    const NAME: &'static str = "trial.authority";
}

/// A root and an issuing authority, made anew for each test.
#[derive(Debug)]
pub struct Hierarchy {
    root_key: Signer<Authority>,
    issuing_key: Signer<Authority>,
    /// The root's certificate.
    pub root: Certificate,
    /// The issuing authority's certificate.
    pub issuing: Certificate,
    /// What certificates say about status and issuer.
    pub places: Places,
    from: i64,
    number: std::cell::Cell<u8>,
}

const DAY: i64 = 86_400;

/// A keeper whose keys nobody keeps.
///
/// # Panics
/// When the library makes no key-encryption key.
#[must_use]
#[expect(clippy::expect_used, reason = "for tests")]
pub fn keeper(role: &str) -> Keeper {
    let kek = Kek::from_bytes(&[7; 32]).expect("a key-encryption key");
    Keeper::new(role, "trial", kek, Arc::new(SystemChance::new()))
}

/// A key for `K`.
///
/// # Panics
/// When the library makes none.
#[must_use]
#[expect(clippy::expect_used, reason = "for tests")]
pub fn signer<K: Purpose>(algorithm: Algorithm) -> Signer<K> {
    keeper("trial").make(algorithm).expect("a key").0
}

#[expect(clippy::expect_used, reason = "for tests")]
impl Hierarchy {
    /// Authorities of P-256 whose lives began a year before `now`.
    ///
    /// # Panics
    /// When the library makes no key.
    #[must_use]
    pub fn new(now: Time) -> Self {
        let (root_key, issuing_key) = (signer(Algorithm::P256), signer(Algorithm::P256));
        let from = now.seconds() - 365 * DAY;
        let life = |years: i64| (from, from + years * 365 * DAY);
        let named = |name| organisation(&format!("Trial {name}"));
        let root = Self::made(
            (Kind::Root, &named("root"), root_key.public_key().spki()),
            (Issuer::Itself, &root_key),
            &Places::default(),
            (1, life(20)),
        );
        let issuing = Self::made(
            (Kind::Issuing, &named("issuing"), issuing_key.public_key().spki()),
            (Issuer::Authority(&root), &root_key),
            &Places {
                ca_issuers: vec!["http://localhost:8080/pki/root.crt".to_owned()],
                ocsp: Vec::new(),
                crl: vec!["http://localhost:8080/pki/root.crl".to_owned()],
            },
            (2, life(9)),
        );
        let places = Places {
            ca_issuers: vec!["http://localhost:8080/pki/issuing.crt".to_owned()],
            ocsp: vec!["http://localhost:8080/pki/ocsp".to_owned()],
            crl: vec!["http://localhost:8080/pki/issuing.crl".to_owned()],
        };
        let number = std::cell::Cell::new(2);
        Self { root_key, issuing_key, root, issuing, places, from, number }
    }

    /// A certificate of `kind` for the key `spki`, valid for some days around the hierarchy's now.
    ///
    /// # Panics
    /// When the profile refuses the subject.
    #[must_use]
    pub fn issue(&self, kind: Kind, subject: &[Attribute], spki: &[u8]) -> Certificate {
        self.number.set(self.number.get() + 1);
        let life = (self.from + 355 * DAY, self.from + 380 * DAY);
        Self::made(
            (kind, subject, spki),
            (Issuer::Authority(&self.issuing), &self.issuing_key),
            &self.places,
            (self.number.get(), life),
        )
    }

    /// Signs bytes as the issuing authority: a revocation list.
    ///
    /// # Panics
    /// When the key refuses.
    #[must_use]
    pub fn sign_as_issuing(&self, bytes: &[u8]) -> Vec<u8> {
        self.issuing_key.sign(bytes).expect("a signature")
    }

    /// Signs bytes as the root.
    ///
    /// # Panics
    /// When the key refuses.
    #[must_use]
    pub fn sign_as_root(&self, bytes: &[u8]) -> Vec<u8> {
        self.root_key.sign(bytes).expect("a signature")
    }

    fn made(
        (kind, subject, spki): (Kind, &[Attribute], &[u8]),
        (issuer, key): (Issuer<'_>, &Signer<Authority>),
        places: &Places,
        (number, (not_before, not_after)): (u8, (i64, i64)),
    ) -> Certificate {
        let policy = "2.25.329800735698586629295641978511506172918".parse().expect("an OID");
        let policies = match kind {
            Kind::Root | Kind::OcspResponder | Kind::Transport => Vec::new(),
            _ => vec![Policy::new(policy, None)],
        };
        let profile = Profile::new(kind, &format!("{kind:?}"), &policies, places);
        let serial = &x509::serial([number; 16]);
        let request = Request { subject, spki, serial, not_before, not_after, names: &[] };
        let prepared = x509::prepare(&profile, &request, issuer, key.certificate_algorithm());
        let prepared = prepared.expect("a certificate that its profile allows");
        let der = prepared.finish(&key.sign(prepared.bytes()).expect("a signature"));
        Certificate::parse(&der).expect("a certificate")
    }
}

/// The subject of an organisation's certificate.
#[must_use]
pub fn organisation(name: &str) -> Vec<Attribute> {
    vec![
        Attribute::new(oid::COUNTRY, "XX"),
        Attribute::new(oid::ORGANIZATION, "Trial"),
        Attribute::new(oid::ORGANIZATION_IDENTIFIER, "NTRXX-00000000"),
        Attribute::new(oid::COMMON_NAME, name),
    ]
}

/// The subject of a person's certificate.
#[must_use]
pub fn person(given: &str, surname: &str, identifier: &str) -> Vec<Attribute> {
    vec![
        Attribute::new(oid::COUNTRY, "XX"),
        Attribute::new(oid::SERIAL_NUMBER, identifier),
        Attribute::new(oid::SURNAME, surname),
        Attribute::new(oid::GIVEN_NAME, given),
        Attribute::new(oid::COMMON_NAME, format!("{given} {surname}")),
    ]
}
