//! The profiles of a demonstration: shapes of EN 319 412, no claim (R24).

use pki_contract::Subject;
use pki_contract::profile::ProfileData;
use x509::{Kind, Profile};

use super::ceremony::Ceremony;
use super::{Ground, SetupError};

/// A person's certificate for signatures.
pub(crate) const PERSON_SIGNATURE: &str = "person-signature";
/// A person's certificate for authentication.
pub(crate) const PERSON_AUTHENTICATION: &str = "person-authentication";
/// An OCSP responder's certificate.
pub(crate) const OCSP: &str = "ocsp-responder";
/// A time-stamp unit's certificate.
pub(crate) const TSU: &str = "time-stamp-unit";

/// The profiles, and the subjects of machines.
pub(super) struct Profiles {
    pub(super) all: Vec<ProfileData>,
    pub(super) ocsp: Subject,
    pub(super) tsu: Subject,
}

pub(super) fn make(_: &Ground<'_>, ceremony: &Ceremony) -> Result<Profiles, SetupError> {
    let profile = |kind, name: &str| {
        let policies = match kind {
            Kind::OcspResponder => &[],
            _ => std::slice::from_ref(&ceremony.policy),
        };
        let profile = Profile::new(kind, name, policies, &ceremony.places);
        profile.check().map_err(|why| SetupError::certificate(name, &why))?;
        Ok(ProfileData::of(&profile))
    };
    let all = [
        (Kind::PersonSign, PERSON_SIGNATURE),
        (Kind::PersonAuth, PERSON_AUTHENTICATION),
        (Kind::OcspResponder, OCSP),
        (Kind::TimeStampUnit, TSU),
    ];
    let all = all.into_iter().map(|(kind, name)| profile(kind, name));
    let all = all.collect::<Result<Vec<_>, SetupError>>()?;
    let machine = |name: &str| Subject::Machine {
        name: name.to_owned(),
        organisation: ceremony.provider.name.clone(),
        identifier: ceremony.provider.identifier.clone(),
        country: ceremony.provider.country.clone(),
        alternative: Vec::new(),
    };
    Ok(Profiles { all, ocsp: machine("Demo OCSP 1"), tsu: machine("Demo TSU 1") })
}
