//! A profile as data: what two processes must hold alike to mean the same by its hash.

use base::Digest;
use serde::{Deserialize, Serialize};
use x509::{Claims, Disclosure, Kind, Places, Policy, Profile, TestClaims};

/// The kinds of certificates by name.
const KINDS: [(&str, Kind); 11] = [
    ("root", Kind::Root),
    ("issuing", Kind::Issuing),
    ("person-sign", Kind::PersonSign),
    ("person-auth", Kind::PersonAuth),
    ("seal", Kind::Seal),
    ("web", Kind::Web),
    ("time-stamp-unit", Kind::TimeStampUnit),
    ("ocsp-responder", Kind::OcspResponder),
    ("identity-provider", Kind::IdentityProvider),
    ("access", Kind::Access),
    ("transport", Kind::Transport),
];

/// An [`x509::Profile`] as JSON carries and stores keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileData {
    /// Its name among the deployment's profiles.
    pub name: String,
    /// What its certificates are for: `person-sign`, `ocsp-responder`, ….
    pub kind: String,
    /// The policies: object identifier, and the URI of a practice statement.
    pub policies: Vec<(String, Option<String>)>,
    /// URIs of the issuer's certificate.
    pub ca_issuers: Vec<String>,
    /// URIs of OCSP.
    pub ocsp: Vec<String>,
    /// URIs of the revocation list.
    pub crl: Vec<String>,
    /// The claims of a TEST hierarchy; none: nothing is claimed (R24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimsData>,
    /// The longest life of a certificate, seconds.
    pub longest: i64,
    /// How long the private key may sign, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_use: Option<i64>,
}

/// [`x509::TestClaims`] as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimsData {
    /// Whether keys lie in a device.
    pub device: bool,
    /// Disclosure statements: URI and language.
    pub disclosures: Vec<(String, String)>,
}

/// Data of which no profile can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileDataError {
    /// No kind of that name.
    #[error("no kind of certificate of that name")]
    Kind,
    /// A policy that is no object identifier.
    #[error("a policy that is no object identifier")]
    Policy,
    /// Parts that do not fit each other (R24).
    #[error("the parts of the profile do not fit each other")]
    Mixture,
}

impl ProfileData {
    /// The data of `profile`.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let kind = KINDS.iter().find(|(_, kind)| *kind == profile.kind);
        let policy = |policy: &Policy| (policy.id.to_string(), policy.cps.clone());
        let claims = match &profile.claims {
            Claims::None => None,
            Claims::Test(claims) => Some(ClaimsData::of(claims)),
        };
        Self {
            name: profile.name.clone(),
            kind: kind.map_or("", |(name, _)| *name).to_owned(),
            policies: profile.policies.iter().map(policy).collect(),
            ca_issuers: profile.places.ca_issuers.clone(),
            ocsp: profile.places.ocsp.clone(),
            crl: profile.places.crl.clone(),
            claims,
            longest: profile.longest,
            key_use: profile.key_use,
        }
    }

    /// The profile of these data.
    ///
    /// # Errors
    /// [`ProfileDataError`].
    pub fn profile(&self) -> Result<Profile, ProfileDataError> {
        let kind = KINDS.iter().find(|(name, _)| *name == self.kind);
        let (_, kind) = kind.ok_or(ProfileDataError::Kind)?;
        let policy = |(id, cps): &(String, Option<String>)| {
            let id = id.parse().map_err(|_| ProfileDataError::Policy)?;
            Ok(Policy::new(id, cps.clone()))
        };
        let profile = Profile {
            name: self.name.clone(),
            kind: *kind,
            policies: self.policies.iter().map(policy).collect::<Result<_, _>>()?,
            places: Places {
                ca_issuers: self.ca_issuers.clone(),
                ocsp: self.ocsp.clone(),
                crl: self.crl.clone(),
            },
            claims: self.claims.as_ref().map_or(Claims::None, ClaimsData::claims),
            longest: self.longest,
            key_use: self.key_use,
        };
        profile.check().map_err(|_| ProfileDataError::Mixture)?;
        Ok(profile)
    }

    /// SHA-256 of the profile's canonical form: what approvals bind to.
    ///
    /// # Errors
    /// [`ProfileDataError`].
    pub fn hash(&self) -> Result<Digest, ProfileDataError> {
        Ok(Digest(self.profile()?.hash()))
    }
}

impl ClaimsData {
    fn of(claims: &TestClaims) -> Self {
        let disclosure = |one: &Disclosure| (one.uri.clone(), one.language.clone());
        let disclosures = claims.disclosures.iter().map(disclosure).collect();
        Self { device: claims.device, disclosures }
    }

    fn claims(&self) -> Claims {
        let disclosure = |(uri, language): &(String, String)| Disclosure {
            uri: uri.clone(),
            language: language.clone(),
        };
        let disclosures = self.disclosures.iter().map(disclosure).collect();
        Claims::Test(TestClaims { device: self.device, disclosures })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claiming() -> Profile {
        let policy = Policy::new("0.4.0.194112.1.2".parse().unwrap(), None);
        let places = Places { ocsp: vec!["http://o/".to_owned()], ..Places::default() };
        let uri = "https://pki.example/pds_en.pdf".to_owned();
        let disclosures = vec![Disclosure { uri, language: "en".to_owned() }];
        Profile::new(Kind::PersonSign, "sign", &[policy], &places)
            .claiming(&Claims::Test(TestClaims { device: true, disclosures }))
    }

    #[test]
    fn a_profile_comes_back_from_json_with_its_hash() {
        for (_, kind) in KINDS {
            let policy = Policy::new("2.25.1".parse().unwrap(), Some("http://p/".to_owned()));
            let profile = Profile::new(kind, "x", &[policy], &Places::default());
            let json = serde_json::to_string(&ProfileData::of(&profile)).unwrap();
            let read: ProfileData = serde_json::from_str(&json).unwrap();
            assert_eq!(read.profile().unwrap(), profile);
            assert_eq!(read.hash().unwrap().0, profile.hash());
        }
        let data = ProfileData::of(&claiming());
        assert_eq!(data.profile().unwrap(), claiming());
    }

    #[test]
    fn data_that_are_no_profile_are_refused() {
        let good = ProfileData::of(&claiming());
        let kind = ProfileData { kind: "king".to_owned(), ..good.clone() };
        assert_eq!(kind.profile(), Err(ProfileDataError::Kind));
        let policy = ProfileData { policies: vec![("x".to_owned(), None)], ..good.clone() };
        assert_eq!(policy.profile(), Err(ProfileDataError::Policy));
        let unclaimed = ProfileData { claims: None, ..good };
        assert_eq!(unclaimed.profile(), Err(ProfileDataError::Mixture));
    }
}
