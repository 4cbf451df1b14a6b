//! Digest and signature algorithms: their names in DER, and checking through what the caller
//! allows.

use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use x509::{Algorithms, Certificate, SignatureError};

use crate::oid::{self, Oid};
use crate::tlv::{self, Reader};
use crate::{ReadError, read};

/// A digest algorithm that signatures may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DigestAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// Every one, weakest first.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its object identifier.
    #[must_use]
    pub fn oid(self) -> Oid {
        match self {
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The algorithm of an object identifier, if it is one of these.
    #[must_use]
    pub fn from_oid(oid: Oid) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == oid)
    }

    /// Its usual name: `SHA-256`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The length of its digests in bytes.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of `bytes`.
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        self.digest_parts(&[bytes])
    }

    /// The digest of the parts one after another: the two ranges of a PDF, for instance.
    #[must_use]
    pub fn digest_parts(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => digest_with::<sha2::Sha256>(parts),
            Self::Sha384 => digest_with::<sha2::Sha384>(parts),
            Self::Sha512 => digest_with::<sha2::Sha512>(parts),
        }
    }

    /// Its AlgorithmIdentifier in DER, without parameters. Spec: RFC 5754 §2.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        tlv::sequence(&[&read::oid_der(self.oid())])
    }
}

/// A signature algorithm with its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// ECDSA; the signature is the DER of (r, s). Spec: RFC 5754 §3.3.
    Ecdsa(DigestAlgorithm),
    /// RSASSA-PKCS1-v1_5. Spec: RFC 5754 §3.2.
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS with MGF1 over the same digest and a salt of its length. Spec: RFC 4056.
    RsaPss(DigestAlgorithm),
}

impl SignatureAlgorithm {
    /// The digest within.
    #[must_use]
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Ecdsa(digest) | Self::RsaPkcs1(digest) | Self::RsaPss(digest) => digest,
        }
    }

    /// Its name: `ECDSA with SHA-384`.
    #[must_use]
    pub fn name(self) -> String {
        let kind = match self {
            Self::Ecdsa(_) => "ECDSA",
            Self::RsaPkcs1(_) => "RSASSA-PKCS1-v1_5",
            Self::RsaPss(_) => "RSASSA-PSS",
        };
        format!("{kind} with {}", self.digest().name())
    }

    /// What a key of this certificate signs with: ECDSA or RSASSA-PKCS1-v1_5.
    pub(crate) fn for_key(certificate: &Certificate, digest: DigestAlgorithm) -> Option<Self> {
        let mut key = Reader::new(certificate.spki()).enter(tlv::SEQUENCE, "key").ok()?;
        match read::algorithm(&mut key).ok() {
            Some(oid::EC_KEY) => Some(Self::Ecdsa(digest)),
            Some(oid::RSA) => Some(Self::RsaPkcs1(digest)),
            _ => None,
        }
    }

    /// Its AlgorithmIdentifier in DER.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        tlv::sequence(&[&self.contents()])
    }

    /// The algorithm that `identifier` (DER) names; `rsaEncryption` takes the digest from beside.
    pub(crate) fn read(identifier: &[u8], beside: Option<DigestAlgorithm>) -> Option<Self> {
        let mut fields = Reader::new(identifier).enter(tlv::SEQUENCE, "algorithm").ok()?;
        let known = match read::oid(&mut fields).ok()? {
            oid::ECDSA_SHA256 => Self::Ecdsa(DigestAlgorithm::Sha256),
            oid::ECDSA_SHA384 => Self::Ecdsa(DigestAlgorithm::Sha384),
            oid::ECDSA_SHA512 => Self::Ecdsa(DigestAlgorithm::Sha512),
            oid::RSA => Self::RsaPkcs1(beside?),
            oid::RSA_SHA256 => Self::RsaPkcs1(DigestAlgorithm::Sha256),
            oid::RSA_SHA384 => Self::RsaPkcs1(DigestAlgorithm::Sha384),
            oid::RSA_SHA512 => Self::RsaPkcs1(DigestAlgorithm::Sha512),
            oid::RSA_PSS => return pss_digest(fields).ok().flatten().map(Self::RsaPss),
            _ => return None,
        };
        matches!(fields.rest(), [] | [tlv::NULL, 0]).then_some(known)
    }

    /// Verifies by the identifier in its usual form, whatever form the signature gave it in.
    pub(crate) fn verify(
        self,
        algorithms: Algorithms<'_>,
        certificate: &Certificate,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        algorithms.verify(certificate.spki(), &self.identifier(), message, signature)
    }

    fn contents(self) -> AlgorithmIdentifier {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        match self {
            Self::Ecdsa(Sha256) => alg_id::ECDSA_SHA256,
            Self::Ecdsa(Sha384) => alg_id::ECDSA_SHA384,
            Self::Ecdsa(Sha512) => alg_id::ECDSA_SHA512,
            Self::RsaPkcs1(Sha256) => alg_id::RSA_PKCS1_SHA256,
            Self::RsaPkcs1(Sha384) => alg_id::RSA_PKCS1_SHA384,
            Self::RsaPkcs1(Sha512) => alg_id::RSA_PKCS1_SHA512,
            Self::RsaPss(Sha256) => alg_id::RSA_PSS_SHA256,
            Self::RsaPss(Sha384) => alg_id::RSA_PSS_SHA384,
            Self::RsaPss(Sha512) => alg_id::RSA_PSS_SHA512,
        }
    }
}

fn digest_with<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().to_vec()
}

/// The one digest of PSS parameters: hash, mask and salt length agree, or they are not accepted.
fn pss_digest(mut fields: Reader<'_>) -> Result<Option<DigestAlgorithm>, ReadError> {
    let mut parameters = fields.enter(tlv::SEQUENCE, "PSS parameters")?;
    let mut hash = parameters.enter(tlv::context(0), "PSS hash")?;
    let hash = read::algorithm(&mut hash)?;
    let mut mask = parameters.enter(tlv::context(1), "PSS mask")?;
    let mut mask = mask.enter(tlv::SEQUENCE, "PSS mask")?;
    let generator = read::oid(&mut mask)?;
    let mask = read::algorithm(&mut mask)?;
    let mut salt = parameters.enter(tlv::context(2), "PSS salt length")?;
    let salt = tlv::number(salt.expect(tlv::INTEGER, "PSS salt length")?.value)?;
    if let Some(trailer) = parameters.optional(tlv::context(3))? {
        let mut trailer = Reader::new(trailer.value);
        if trailer.expect(tlv::INTEGER, "PSS trailer")?.value != [1] {
            return Ok(None);
        }
    }
    parameters.end("PSS parameters")?;
    let digest = DigestAlgorithm::from_oid(hash).filter(|digest| {
        mask == hash && generator == oid::MGF1 && usize::try_from(salt) == Ok(digest.size())
    });
    Ok(digest)
}
