//! What a certificate of each kind must look like: profiles as data, with a stable hash.

use sha2::{Digest, Sha256};

use crate::extension::{Disclosure, KeyUsage, Policy, Statement};
use crate::oid::{self, Oid};
use crate::tlv::{self, SEQUENCE, UTF8_STRING};

/// Goes up when the same data begins to give other certificates; part of every hash.
const VERSION: u64 = 1;
const DAY: i64 = 86_400;

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A root: signs itself, issuing authorities and its CRL.
    Root,
    /// An issuing authority under a root.
    Issuing,
    /// A person's key for signatures. Spec: EN 319 412-2.
    PersonSign,
    /// A person's key for authentication. Spec: EN 319 412-2.
    PersonAuth,
    /// A legal person's key for seals. Spec: EN 319 412-3.
    Seal,
    /// A web site of a legal person. Spec: EN 319 412-4.
    Web,
    /// A time-stamp unit. Spec: RFC 3161 §2.3.
    TimeStampUnit,
    /// An OCSP responder. Spec: RFC 6960 §4.2.2.2.
    OcspResponder,
    /// A provider of person identification data. Spec: TS 119 412-6 §4.
    IdentityProvider,
    /// A relying party of wallets. Spec: TS 119 411-8.
    Access,
    /// A process that calls and is called over mTLS; never under the signature hierarchy.
    Transport,
}

/// Where the status and the issuer of a certificate are found. Empty: the extension is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// URIs of the issuer's certificate.
    pub ca_issuers: Vec<String>,
    /// URIs of OCSP.
    pub ocsp: Vec<String>,
    /// URIs of the CRL.
    pub crl: Vec<String>,
}

/// The one switch of a deployment for claims of qualification: all or none (R24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claims {
    /// None: no `QcCompliance`, `QcSSCD`, `QcType`, disclosure, no policy of ETSI.
    None,
    /// All that a certificate of its kind would carry: only for a hierarchy named TEST.
    Test(TestClaims),
}

/// What the claims of a TEST hierarchy say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestClaims {
    /// Whether keys of signatures and seals lie in a device (`QcSSCD`).
    pub device: bool,
    /// Disclosure statements; one in English is required.
    pub disclosures: Vec<Disclosure>,
}

/// What certificates of one kind look like in one deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name among the deployment's profiles.
    pub name: String,
    /// What its certificates are for.
    pub kind: Kind,
    /// The policies in each certificate.
    pub policies: Vec<Policy>,
    /// The places in each certificate.
    pub places: Places,
    /// Whether qualification is claimed.
    pub claims: Claims,
    /// The longest life of a certificate, seconds.
    pub longest: i64,
    /// How long the private key may sign, seconds from the start of the certificate.
    pub key_use: Option<i64>,
}

/// Data that no certificate may be made from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// A policy of ETSI without claims.
    #[error("policy {0} claims what this deployment does not")]
    Unclaimed(Oid),
    /// Claims without the policy that they need, or a policy that they do not fit.
    #[error("claims of qualification and policies do not fit each other")]
    Mixture,
    /// No disclosure in English, one that is not `https`, or two in one language.
    #[error("disclosure statements: one in English, https, one for each language")]
    Disclosures,
    /// An OCSP responder that would itself be asked about, or places that are not URIs of ASCII.
    #[error("a place that this kind of certificate may not have, or that is not a URI")]
    Places,
}

/// Which attributes the subject must and may have.
pub(crate) struct Shape {
    pub(crate) required: &'static [Oid],
    pub(crate) optional: &'static [Oid],
}

const NATURAL: Shape = Shape {
    required: &[oid::COUNTRY, oid::SERIAL_NUMBER, oid::COMMON_NAME],
    optional: &[oid::SURNAME, oid::GIVEN_NAME],
};
const LEGAL: Shape = Shape {
    required: &[oid::COUNTRY, oid::ORGANIZATION, oid::ORGANIZATION_IDENTIFIER, oid::COMMON_NAME],
    optional: &[oid::ORGANIZATIONAL_UNIT, oid::LOCALITY],
};
const PROVIDER: Shape = Shape {
    required: &[oid::COUNTRY, oid::ORGANIZATION, oid::COMMON_NAME],
    optional: &[oid::ORGANIZATION_IDENTIFIER, oid::ORGANIZATIONAL_UNIT, oid::LOCALITY],
};
const PROCESS: Shape = Shape {
    required: &[oid::COMMON_NAME],
    optional: &[oid::COUNTRY, oid::ORGANIZATION, oid::ORGANIZATIONAL_UNIT],
};

impl Kind {
    /// Whether its certificates are those of authorities.
    #[must_use]
    pub const fn is_authority(self) -> bool {
        matches!(self, Self::Root | Self::Issuing)
    }

    /// The bits of key usage.
    #[must_use]
    pub const fn key_usage(self) -> KeyUsage {
        match self {
            Self::Root | Self::Issuing => KeyUsage::CERT_SIGN.and(KeyUsage::CRL_SIGN),
            Self::PersonSign | Self::Seal => KeyUsage::NON_REPUDIATION,
            _ => KeyUsage::DIGITAL_SIGNATURE,
        }
    }

    /// The purposes in `extKeyUsage`; none: the extension is absent.
    #[must_use]
    pub fn purposes(self) -> Vec<Oid> {
        match self {
            Self::PersonAuth => vec![oid::CLIENT_AUTH],
            Self::TimeStampUnit => vec![oid::TIME_STAMPING],
            Self::OcspResponder => vec![oid::OCSP_SIGNING],
            Self::Web | Self::Transport => vec![oid::SERVER_AUTH, oid::CLIENT_AUTH],
            _ => Vec::new(),
        }
    }

    /// Whether its certificates are qualified where qualification is claimed.
    #[must_use]
    pub const fn is_qualified_kind(self) -> bool {
        matches!(self, Self::PersonSign | Self::Seal | Self::Web)
    }

    pub(crate) const fn shape(self) -> Shape {
        match self {
            Self::PersonSign | Self::PersonAuth => NATURAL,
            Self::Seal | Self::Web | Self::IdentityProvider | Self::Access => LEGAL,
            Self::Root | Self::Issuing | Self::TimeStampUnit | Self::OcspResponder => PROVIDER,
            Self::Transport => PROCESS,
        }
    }

    /// Whether its certificates need `subjectAltName`, and of what kind is checked elsewhere.
    pub(crate) const fn needs_names(self) -> bool {
        matches!(self, Self::Web | Self::Access | Self::Transport)
    }

    /// The most authorities below: `None` when any number.
    pub(crate) const fn path_length(self) -> Option<u32> {
        if matches!(self, Self::Issuing) { Some(0) } else { None }
    }

    const fn number(self) -> u64 {
        match self {
            Self::Root => 1,
            Self::Issuing => 2,
            Self::PersonSign => 3,
            Self::PersonAuth => 4,
            Self::Seal => 5,
            Self::Web => 6,
            Self::TimeStampUnit => 7,
            Self::OcspResponder => 8,
            Self::IdentityProvider => 9,
            Self::Access => 10,
            Self::Transport => 11,
        }
    }

    const fn longest_days(self) -> i64 {
        match self {
            Self::Root => 7305,
            Self::Issuing => 3288,
            Self::PersonSign | Self::PersonAuth | Self::Seal => 1827,
            Self::Web | Self::Access | Self::Transport => 398,
            Self::TimeStampUnit => 2192,
            Self::OcspResponder => 30,
            Self::IdentityProvider => 457,
        }
    }
}

impl Profile {
    /// The profile of this kind with the longest life of its kind; a time-stamp unit's key signs
    /// for a year. Root and OCSP responder drop the places that they may not have.
    #[must_use]
    pub fn new(kind: Kind, name: &str, policies: &[Policy], places: &Places) -> Self {
        let places = match kind {
            Kind::Root | Kind::Transport => Places::default(),
            Kind::OcspResponder => Places { ocsp: Vec::new(), ..places.clone() },
            _ => places.clone(),
        };
        Self {
            name: name.to_owned(),
            kind,
            policies: policies.to_vec(),
            places,
            claims: Claims::None,
            longest: kind.longest_days() * DAY,
            key_use: (kind == Kind::TimeStampUnit).then_some(365 * DAY),
        }
    }

    /// The same with these claims.
    #[must_use]
    pub fn claiming(self, claims: &Claims) -> Self {
        Self { claims: claims.clone(), ..self }
    }

    /// The statements in each certificate, in their order.
    #[must_use]
    pub fn statements(&self) -> Vec<Statement> {
        let mut out = match &self.claims {
            Claims::Test(claims) => self.claimed(claims),
            Claims::None => Vec::new(),
        };
        if self.kind == Kind::IdentityProvider {
            out.push(Statement::Type(vec![oid::QC_TYPE_PID]));
        }
        match self.kind {
            Kind::PersonSign | Kind::PersonAuth => {
                out.push(Statement::Semantics(oid::SEMANTICS_NATURAL));
            }
            Kind::Seal | Kind::Web | Kind::TimeStampUnit | Kind::IdentityProvider => {
                out.push(Statement::Semantics(oid::SEMANTICS_LEGAL));
            }
            _ => {}
        }
        out
    }

    fn claimed(&self, claims: &TestClaims) -> Vec<Statement> {
        let (kind, device) = match self.kind {
            Kind::PersonSign => (oid::QC_TYPE_ESIGN, claims.device),
            Kind::Seal => (oid::QC_TYPE_ESEAL, claims.device),
            Kind::Web => (oid::QC_TYPE_WEB, false),
            Kind::TimeStampUnit => return vec![Statement::Compliance],
            _ => return Vec::new(),
        };
        let mut out = vec![Statement::Compliance];
        if device {
            out.push(Statement::Device);
        }
        out.push(Statement::Type(vec![kind]));
        out.push(Statement::Disclosures(claims.disclosures.clone()));
        out
    }

    /// Checks that the data fit each other: claims and policies all or none (R24).
    ///
    /// # Errors
    /// See [`ProfileError`].
    pub fn check(&self) -> Result<(), ProfileError> {
        match &self.claims {
            Claims::None => match self.policies.iter().find(|policy| is_claim(&policy.id)) {
                Some(policy) => Err(ProfileError::Unclaimed(policy.id)),
                None => Ok(()),
            },
            Claims::Test(claims) => self.check_claims(claims),
        }?;
        self.check_places()
    }

    fn check_claims(&self, claims: &TestClaims) -> Result<(), ProfileError> {
        let mut qualified =
            self.policies.iter().filter(|policy| policy.id.is_under(&oid::ETSI_QCP));
        if !self.kind.is_qualified_kind() {
            let fits = self.kind.is_authority() || qualified.next().is_none();
            return if fits { Ok(()) } else { Err(ProfileError::Mixture) };
        }
        let last = match (self.kind, claims.device) {
            (Kind::PersonSign, true) => &[2][..],
            (Kind::PersonSign, false) => &[0],
            (Kind::Seal, true) => &[3],
            (Kind::Seal, false) => &[1],
            _ => &[4, 5, 6],
        };
        let fits = |policy: &Policy| policy.id.content().last().is_some_and(|x| last.contains(x));
        let mut qualified = qualified.peekable();
        if qualified.peek().is_none() || !qualified.all(fits) {
            return Err(ProfileError::Mixture);
        }
        check_disclosures(&claims.disclosures)
    }

    fn check_places(&self) -> Result<(), ProfileError> {
        let places = &self.places;
        let practice = self.policies.iter().filter_map(|policy| policy.cps.as_ref());
        let mut uris = places.ca_issuers.iter().chain(&places.ocsp).chain(&places.crl);
        let uri = |uri: &String| uri.is_ascii() && uri.contains("://") && !uri.contains(' ');
        let asked = matches!(self.kind, Kind::OcspResponder) && !places.ocsp.is_empty();
        if asked || !uris.all(uri) || !practice.into_iter().all(uri) {
            return Err(ProfileError::Places);
        }
        Ok(())
    }

    /// What approvals bind to: SHA-256 over one canonical encoding of all that the profile says,
    /// with what its kind means.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.canonical()).into()
    }

    fn canonical(&self) -> Vec<u8> {
        let text = |text: &String| tlv::tlv(UTF8_STRING, text.as_bytes());
        let texts = |list: &[String]| tlv::sequence(&list.iter().map(text).collect::<Vec<_>>());
        let span = |span: i64| tlv::number(u64::try_from(span).unwrap_or(0));
        let oids = |list: &[Oid]| tlv::sequence(&list.iter().map(Oid::der).collect::<Vec<_>>());
        let claims = match &self.claims {
            Claims::None => tlv::boolean(false),
            Claims::Test(claims) => {
                let list = Statement::Disclosures(claims.disclosures.clone()).der();
                tlv::sequence(&[tlv::boolean(claims.device), list])
            }
        };
        let shape = self.kind.shape();
        tlv::wrap(
            SEQUENCE,
            &[
                tlv::number(VERSION),
                text(&self.name),
                tlv::number(self.kind.number()),
                tlv::number(u64::from(self.kind.key_usage().bits())),
                oids(&self.kind.purposes()),
                oids(shape.required),
                oids(shape.optional),
                Policy::list(&self.policies),
                texts(&self.places.ca_issuers),
                texts(&self.places.ocsp),
                texts(&self.places.crl),
                claims,
                Statement::list(&self.statements()),
                span(self.longest),
                self.key_use.map(span).unwrap_or_default(),
            ],
        )
    }
}

/// Whether a policy is one that only a deployment with claims may carry.
pub(crate) fn is_claim(policy: &Oid) -> bool {
    [oid::ETSI_QCP, oid::ETSI_NCP, oid::ETSI_WRPAC].iter().any(|arc| policy.is_under(arc))
}

fn check_disclosures(list: &[Disclosure]) -> Result<(), ProfileError> {
    let mut languages: Vec<_> = list.iter().map(|one| one.language.as_str()).collect();
    languages.sort_unstable();
    let count = languages.len();
    languages.dedup();
    let formed = |one: &Disclosure| {
        let letters = one.language.bytes().all(|byte| byte.is_ascii_lowercase());
        one.uri.starts_with("https://") && one.uri.is_ascii() && one.language.len() == 2 && letters
    };
    if languages.contains(&"en") && languages.len() == count && list.iter().all(formed) {
        Ok(())
    } else {
        Err(ProfileError::Disclosures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Policy {
        Policy::new(text.parse().unwrap(), None)
    }

    fn claims(device: bool) -> Claims {
        let uri = "https://pki.example/pds_en.pdf".to_owned();
        let disclosures = vec![Disclosure { uri, language: "en".to_owned() }];
        Claims::Test(TestClaims { device, disclosures })
    }

    fn sign(policies: &[Policy], claims: &Claims) -> Profile {
        let profile = Profile::new(Kind::PersonSign, "sign", policies, &Places::default());
        profile.claiming(claims)
    }

    #[test]
    fn without_claims_only_the_meaning_of_identifiers_is_stated() {
        let profile = sign(&[policy("2.25.1")], &Claims::None);
        assert_eq!(profile.check(), Ok(()));
        assert_eq!(profile.statements(), [Statement::Semantics(oid::SEMANTICS_NATURAL)]);
    }

    #[test]
    fn a_mixture_of_claims_and_policies_is_refused() {
        let qualified = policy("0.4.0.194112.1.2");
        let unclaimed = sign(std::slice::from_ref(&qualified), &Claims::None);
        assert_eq!(unclaimed.check(), Err(ProfileError::Unclaimed(qualified.id)));
        let without = sign(&[policy("2.25.1")], &claims(true));
        assert_eq!(without.check(), Err(ProfileError::Mixture));
        let other_device = sign(std::slice::from_ref(&qualified), &claims(false));
        assert_eq!(other_device.check(), Err(ProfileError::Mixture));
        assert_eq!(sign(&[qualified], &claims(true)).check(), Ok(()));
    }

    #[test]
    fn a_disclosure_in_english_is_needed() {
        let none = Claims::Test(TestClaims { device: true, disclosures: Vec::new() });
        let profile = sign(&[policy("0.4.0.194112.1.2")], &none);
        assert_eq!(profile.check(), Err(ProfileError::Disclosures));
    }

    #[test]
    fn the_hash_is_stable_and_changes_with_every_field() {
        let base = sign(&[policy("2.25.1")], &Claims::None);
        let hash = base.hash();
        assert_eq!(base.clone().hash(), hash);
        let named = Profile { name: "other".to_owned(), ..base.clone() };
        let longer = Profile { longest: base.longest + 1, ..base.clone() };
        let placed = Places { ocsp: vec!["http://o".to_owned()], ..Places::default() };
        let placed = Profile { places: placed, ..base.clone() };
        let used = Profile { key_use: Some(1), ..base.clone() };
        let other = Profile { kind: Kind::PersonAuth, ..base };
        for changed in [named, longer, placed, used, other] {
            assert_ne!(changed.hash(), hash, "{changed:?}");
        }
    }
}
