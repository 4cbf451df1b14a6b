//! The bytes of a certificate before they are signed.

use sha2::{Digest, Sha256};

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::{Certificate, public_key};
use crate::extension::{AuthorityKey, BasicConstraints, Criticals, Extensions, KeyUse, list};
use crate::name::{Attribute, GeneralName, Name, NameError};
use crate::profile::{Kind, Profile, ProfileError};
use crate::time;
use crate::tlv::{self, INTEGER, Malformed, SEQUENCE};

/// What is to be signed, and by which algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned {
    bytes: Vec<u8>,
    algorithm: SignatureAlgorithm,
}

impl ToBeSigned {
    pub(crate) fn new(bytes: Vec<u8>, algorithm: SignatureAlgorithm) -> Self {
        Self { bytes, algorithm }
    }

    /// Reads stored [`Self::bytes`] again, to go on where a process ended.
    ///
    /// # Errors
    /// Not the inner sequence of a certificate or list, or one of an unknown algorithm.
    pub fn restore(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut parts = tlv::single(bytes, SEQUENCE)?.inner();
        parts.optional(tlv::context(0))?;
        parts.take(INTEGER)?;
        let algorithm = SignatureAlgorithm::from_identifier(parts.take(SEQUENCE)?.whole);
        let algorithm = algorithm.ok_or(Malformed("an unknown signature algorithm"))?;
        Ok(Self::new(bytes.to_vec(), algorithm))
    }

    /// The exact bytes to sign: the whole DER of the inner sequence.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The algorithm that the bytes name.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The whole certificate or CRL: these bytes with their signature.
    #[must_use]
    pub fn finish(&self, signature: &[u8]) -> Vec<u8> {
        let algorithm = self.algorithm.identifier();
        tlv::sequence(&[self.bytes.clone(), algorithm, tlv::bit_string(signature)])
    }
}

/// The whole certificate or CRL of what was prepared; the same as [`ToBeSigned::finish`].
#[must_use]
pub fn finish(prepared: &ToBeSigned, signature: &[u8]) -> Vec<u8> {
    prepared.finish(signature)
}

/// What a certificate is asked for with.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The subject's attributes in their order.
    pub subject: &'a [Attribute],
    /// The whole `SubjectPublicKeyInfo`.
    pub spki: &'a [u8],
    /// The serial number, see [`serial`]: 8 to 20 octets, big-endian, the top bit clear.
    pub serial: &'a [u8],
    /// The first second of its life, since 1970.
    pub not_before: i64,
    /// The last second of its life, since 1970.
    pub not_after: i64,
    /// Other names of the subject.
    pub names: &'a [GeneralName],
}

/// Who issues.
#[derive(Clone, Copy, Debug)]
pub enum Issuer<'a> {
    /// The subject itself: a root.
    Itself,
    /// The authority of this certificate.
    Authority(&'a Certificate),
}

/// Why no certificate is prepared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// The subject's name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The profile's own data.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The key is not a `SubjectPublicKeyInfo`.
    #[error("the key: {0}")]
    Key(Malformed),
    /// The serial number is not of 8 to 20 octets, or negative.
    #[error("a serial number of 8 to 20 octets, positive, is needed")]
    Serial,
    /// The life is empty, or longer than the profile's, or outlives its issuer.
    #[error("the life is empty, longer than the profile allows, or not within the issuer's")]
    Validity,
    /// The subject lacks an attribute of its kind, has one twice, or another.
    #[error("the subject's attributes are not those of its kind")]
    Shape,
    /// Another name that is not ASCII, or none where one is needed.
    #[error("the other names of the subject")]
    Names,
    /// Only a root issues itself, and only an authority others.
    #[error("the issuer is not one for this kind")]
    Issuer,
}

/// The serial number made of these chance octets: 16 octets, positive, 126 bits of chance.
#[must_use]
pub fn serial(chance: [u8; 16]) -> [u8; 16] {
    let mut serial = chance;
    serial[0] = 0x40 | (serial[0] & 0x3f);
    serial
}

/// The name of a key in `subjectKeyIdentifier`: the first 20 octets of the SHA-256 of the public
/// key's bits. Spec: RFC 7093 §2 method 1.
///
/// # Errors
/// Not a `SubjectPublicKeyInfo`.
pub fn key_identifier(spki: &[u8]) -> Result<Vec<u8>, Malformed> {
    let digest: [u8; 32] = Sha256::digest(public_key(spki)?).into();
    Ok(digest.into_iter().take(20).collect())
}

/// Prepares the certificate of this profile for this request: the exact bytes to sign.
/// [`crate::lint`] is to be run on them, signed by a throw-away key, before the real key signs.
///
/// # Errors
/// See [`PrepareError`].
pub fn prepare(
    profile: &Profile,
    request: &Request<'_>,
    issuer: Issuer<'_>,
    algorithm: SignatureAlgorithm,
) -> Result<ToBeSigned, PrepareError> {
    profile.check()?;
    check_life(profile, request, issuer)?;
    check_shape(profile.kind, request)?;
    let subject = Name::build(request.subject)?;
    let issuer_name = issuer_name(profile.kind, issuer, &subject)?;
    let extensions = extensions(profile, request, issuer)?;
    let criticals = Criticals {
        extended_key_usage: profile.kind == Kind::TimeStampUnit,
        names: subject.is_empty(),
    };
    let raw = list(&extensions.write(&criticals));
    let bytes = tlv::sequence(&[
        tlv::wrap(tlv::context(0), &[tlv::number(2)]),
        serial_der(request.serial)?,
        algorithm.identifier(),
        issuer_name.der().to_vec(),
        tlv::sequence(&[time::encode(request.not_before), time::encode(request.not_after)]),
        subject.der().to_vec(),
        request.spki.to_vec(),
        tlv::wrap(tlv::context(3), &[raw]),
    ]);
    Ok(ToBeSigned::new(bytes, algorithm))
}

fn serial_der(serial: &[u8]) -> Result<Vec<u8>, PrepareError> {
    let positive = serial.first().is_some_and(|first| (1..0x80).contains(first));
    if !positive || !(8..=20).contains(&serial.len()) {
        return Err(PrepareError::Serial);
    }
    Ok(tlv::unsigned(serial))
}

fn issuer_name<'a>(
    kind: Kind,
    issuer: Issuer<'a>,
    subject: &'a Name,
) -> Result<&'a Name, PrepareError> {
    match issuer {
        Issuer::Itself if kind == Kind::Root => Ok(subject),
        Issuer::Authority(authority) if kind != Kind::Root && authority.is_authority() => {
            Ok(authority.subject())
        }
        _ => Err(PrepareError::Issuer),
    }
}

fn check_life(
    profile: &Profile,
    request: &Request<'_>,
    issuer: Issuer<'_>,
) -> Result<(), PrepareError> {
    // Both ends are within, so the life is one second longer than their difference.
    let life = request.not_after.saturating_sub(request.not_before).saturating_add(1);
    let within = match issuer {
        Issuer::Itself => true,
        Issuer::Authority(authority) => {
            authority.not_before() <= request.not_before
                && request.not_after <= authority.not_after()
        }
    };
    if life > 1 && life <= profile.longest && within { Ok(()) } else { Err(PrepareError::Validity) }
}

fn check_shape(kind: Kind, request: &Request<'_>) -> Result<(), PrepareError> {
    let shape = kind.shape();
    let count =
        |wanted: &crate::oid::Oid| request.subject.iter().filter(|one| one.kind == *wanted).count();
    let known =
        |one: &Attribute| shape.required.contains(&one.kind) || shape.optional.contains(&one.kind);
    let complete = shape.required.iter().all(|kind| count(kind) == 1);
    let single = shape.optional.iter().all(|kind| count(kind) <= 1);
    if !complete || !single || !request.subject.iter().all(known) {
        return Err(PrepareError::Shape);
    }
    let ascii = |name: &GeneralName| match name {
        GeneralName::Dns(text) | GeneralName::Uri(text) | GeneralName::Email(text) => {
            !text.is_empty() && text.is_ascii()
        }
        _ => true,
    };
    if (kind.needs_names() && request.names.is_empty()) || !request.names.iter().all(ascii) {
        return Err(PrepareError::Names);
    }
    Ok(())
}

fn extensions(
    profile: &Profile,
    request: &Request<'_>,
    issuer: Issuer<'_>,
) -> Result<Extensions, PrepareError> {
    let kind = profile.kind;
    let own = key_identifier(request.spki).map_err(PrepareError::Key)?;
    let authority_key = match issuer {
        Issuer::Itself => Some(own.clone()),
        Issuer::Authority(authority) => authority.extensions().subject_key.clone(),
    };
    let purposes = kind.purposes();
    let statements = profile.statements();
    Ok(Extensions {
        basic_constraints: kind
            .is_authority()
            .then(|| BasicConstraints { ca: true, path_length: kind.path_length() }),
        key_usage: Some(kind.key_usage()),
        extended_key_usage: (!purposes.is_empty()).then_some(purposes),
        subject_key: Some(own),
        authority_key: Some(AuthorityKey {
            key: Some(authority_key.ok_or(PrepareError::Issuer)?),
            ..AuthorityKey::default()
        }),
        policies: (!profile.policies.is_empty()).then(|| profile.policies.clone()),
        ocsp: profile.places.ocsp.clone(),
        ca_issuers: profile.places.ca_issuers.clone(),
        crl: profile.places.crl.clone(),
        statements: (!statements.is_empty()).then_some(statements),
        no_check: kind == Kind::OcspResponder,
        key_use: profile.key_use.map(|span| KeyUse {
            from: Some(request.not_before),
            to: Some(request.not_before.saturating_add(span).min(request.not_after)),
        }),
        names: request.names.to_vec(),
        ..Extensions::default()
    })
}
