//! Making a signature in two steps, between which a key that is elsewhere signs.
//!
//! Nothing here signs. [`prepare`] gives the same bytes for the same input, so whoever stops
//! between the steps keeps the input and prepares again.

use x509::Certificate;

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::ess;
use crate::oid::{self, Oid};
use crate::read;
use crate::signed::Attribute;
use crate::tlv;

/// The optional signed attributes. Spec: EN 319 122-1 §5.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// When the signer says to have signed, in seconds since 1970. In a PDF this stands in the
    /// signature dictionary and must not stand here (EN 319 142-1 §6.3).
    pub signing_time: Option<i64>,
    /// What the signature commits to: [`oid::PROOF_OF_APPROVAL`] and the like.
    pub commitment: Option<Oid>,
    /// The policy under which it is made.
    pub policy: Option<SignaturePolicy>,
    /// Where the signer says to be. In a PDF this stands in the signature dictionary.
    pub place: Option<Place>,
    /// Roles and other things that the signer claims about itself, as X.501 attributes.
    pub claimed: Vec<Attribute>,
}

/// A signature policy by name and digest. Spec: EN 319 122-1 §5.2.9.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePolicy {
    /// Its name.
    pub id: Oid,
    /// The algorithm of the digest.
    pub digest_algorithm: DigestAlgorithm,
    /// The digest of the policy's document.
    pub digest: Vec<u8>,
    /// Where the document is: ASCII.
    pub uri: Option<String>,
}

/// A place that a signer claims. Spec: EN 319 122-1 §5.2.5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The country.
    pub country: Option<String>,
    /// The locality.
    pub locality: Option<String>,
}

/// Why a signature cannot be prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// No signature algorithm is known for the certificate's key.
    #[error("no signature algorithm for the key of the certificate")]
    KeyType,
    /// The digest is not as long as its algorithm makes it.
    #[error("the digest has the wrong length for its algorithm")]
    DigestLength,
    /// A value cannot be written, such as a time before 1970 or an address that is not ASCII.
    #[error("an attribute cannot be encoded")]
    Attribute,
}

/// A signature without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned {
    algorithm: SignatureAlgorithm,
    signed: Vec<Vec<u8>>,
    signer: Vec<u8>,
    content_type: Oid,
    content: Option<Vec<u8>>,
}

/// Prepares a CAdES-baseline signature over a document of which only the digest is here.
///
/// `certificate` is the signer's; its key decides between ECDSA and RSASSA-PKCS1-v1_5.
/// content-type, message-digest and signing-certificate-v2 are always signed.
///
/// # Errors
/// When key, digest or attributes do not fit. Spec: EN 319 122-1 §6.3.
pub fn prepare(
    certificate: &Certificate,
    digest_algorithm: DigestAlgorithm,
    document_digest: &[u8],
    attributes: &Attributes,
) -> Result<ToBeSigned, PrepareError> {
    if document_digest.len() != digest_algorithm.size() {
        return Err(PrepareError::DigestLength);
    }
    let more = attributes.to_der()?;
    ToBeSigned::of(certificate, digest_algorithm, (oid::DATA, document_digest), more)
}

/// As [`prepare`], for content that is enclosed: a time-stamp's, for instance.
pub(crate) fn prepare_enclosed(
    certificate: &Certificate,
    digest_algorithm: DigestAlgorithm,
    content_type: Oid,
    content: Vec<u8>,
) -> Result<ToBeSigned, PrepareError> {
    let digest = digest_algorithm.digest(&content);
    let of = (content_type, digest.as_slice());
    let prepared = ToBeSigned::of(certificate, digest_algorithm, of, Vec::new())?;
    Ok(ToBeSigned { content: Some(content), ..prepared })
}

impl ToBeSigned {
    fn of(
        certificate: &Certificate,
        digest_algorithm: DigestAlgorithm,
        (content_type, digest): (Oid, &[u8]),
        more: Vec<Attribute>,
    ) -> Result<Self, PrepareError> {
        let algorithm = SignatureAlgorithm::for_key(certificate, digest_algorithm);
        let octets = tlv::element(tlv::OCTET_STRING, &[digest]);
        let mut attributes = vec![
            Attribute::new(oid::CONTENT_TYPE, read::oid_der(content_type)),
            Attribute::new(oid::MESSAGE_DIGEST, octets),
            Attribute::new(oid::SIGNING_CERTIFICATE_V2, ess::v2_der(certificate, digest_algorithm)),
        ];
        attributes.extend(more);
        Ok(Self {
            algorithm: algorithm.ok_or(PrepareError::KeyType)?,
            signed: attributes.iter().map(Attribute::to_der).collect(),
            signer: tlv::sequence(&[
                certificate.issuer().der(),
                &tlv::element(tlv::INTEGER, &[certificate.serial()]),
            ]),
            content_type,
            content: None,
        })
    }

    /// What is signed: the signed attributes as a SET OF in DER. Spec: RFC 5652 §5.4.
    #[must_use]
    pub fn signed_attributes_der(&self) -> Vec<u8> {
        tlv::set_of(&self.signed)
    }

    /// The digest of [`signed_attributes_der`](Self::signed_attributes_der) for a key that signs
    /// digests.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.algorithm.digest().digest(&self.signed_attributes_der())
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The finished ContentInfo in DER.
    ///
    /// `signature` for ECDSA is the DER of (r, s). `certificates` (DER) must hold the signer's for
    /// every CAdES level; each stands once. The value is not checked here: whoever finishes checks
    /// the result with [`SignedData::check`](crate::SignedData::check). For the size to reserve,
    /// finish with a signature and a token of the greatest length.
    #[must_use]
    pub fn finish(
        &self,
        signature: &[u8],
        certificates: &[&[u8]],
        unsigned: &[Attribute],
    ) -> Vec<u8> {
        let version = if self.content_type == oid::DATA { 1 } else { 3 };
        let digest_algorithms = tlv::set_of(&[self.algorithm.digest().identifier()]);
        let mut certificates: Vec<&[u8]> = tlv::sorted(certificates);
        certificates.dedup();
        let certificates = optional(tlv::context(0), &certificates);
        let data = tlv::sequence(&[
            &tlv::small(version),
            &digest_algorithms,
            &self.encapsulated(),
            &certificates,
            &tlv::element(tlv::SET, &[&self.signer_info(signature, unsigned)]),
        ]);
        let content = tlv::element(tlv::context(0), &[&data]);
        tlv::sequence(&[&read::oid_der(oid::SIGNED_DATA), &content])
    }

    fn encapsulated(&self) -> Vec<u8> {
        let content = self.content.as_ref().map(|content| {
            tlv::element(tlv::context(0), &[&tlv::element(tlv::OCTET_STRING, &[content])])
        });
        tlv::sequence(&[&read::oid_der(self.content_type), &content.unwrap_or_default()])
    }

    fn signer_info(&self, signature: &[u8], unsigned: &[Attribute]) -> Vec<u8> {
        let unsigned: Vec<_> = unsigned.iter().map(Attribute::to_der).collect();
        tlv::sequence(&[
            &tlv::small(1),
            &self.signer,
            &self.algorithm.digest().identifier(),
            &tlv::element(tlv::context(0), &tlv::sorted(&self.signed)),
            &self.algorithm.identifier(),
            &tlv::element(tlv::OCTET_STRING, &[signature]),
            &optional(tlv::context(1), &tlv::sorted(&unsigned)),
        ])
    }
}

fn optional(tag: u8, members: &[&[u8]]) -> Vec<u8> {
    if members.is_empty() { Vec::new() } else { tlv::element(tag, members) }
}

impl Attributes {
    fn to_der(&self) -> Result<Vec<Attribute>, PrepareError> {
        let mut attributes = Vec::new();
        if let Some(at) = self.signing_time {
            let time = read::time_der(at).ok_or(PrepareError::Attribute)?;
            attributes.push(Attribute::new(oid::SIGNING_TIME, time));
        }
        if let Some(commitment) = self.commitment {
            let value = tlv::sequence(&[&read::oid_der(commitment)]);
            attributes.push(Attribute::new(oid::COMMITMENT_TYPE, value));
        }
        if let Some(policy) = &self.policy {
            attributes.push(Attribute::new(oid::SIGNATURE_POLICY, policy.to_der()?));
        }
        if let Some(place) = &self.place {
            attributes.push(Attribute::new(oid::SIGNER_LOCATION, place.to_der()));
        }
        if !self.claimed.is_empty() {
            let claimed: Vec<_> = self.claimed.iter().map(Attribute::to_der).collect();
            let claimed: Vec<&[u8]> = claimed.iter().map(Vec::as_slice).collect();
            let value = tlv::sequence(&[&tlv::element(tlv::context(0), &claimed)]);
            attributes.push(Attribute::new(oid::SIGNER_ATTRIBUTES_V2, value));
        }
        Ok(attributes)
    }
}

impl SignaturePolicy {
    fn to_der(&self) -> Result<Vec<u8>, PrepareError> {
        if self.digest.len() != self.digest_algorithm.size() {
            return Err(PrepareError::DigestLength);
        }
        let octets = tlv::element(tlv::OCTET_STRING, &[&self.digest]);
        let hash = tlv::sequence(&[&self.digest_algorithm.identifier(), &octets]);
        let qualifiers = match &self.uri {
            Some(uri) if uri.is_ascii() => {
                let uri = tlv::element(tlv::IA5_STRING, &[uri.as_bytes()]);
                let qualifier = tlv::sequence(&[&read::oid_der(oid::POLICY_URI), &uri]);
                tlv::sequence(&[&qualifier])
            }
            Some(_) => return Err(PrepareError::Attribute),
            None => Vec::new(),
        };
        Ok(tlv::sequence(&[&read::oid_der(self.id), &hash, &qualifiers]))
    }
}

impl Place {
    fn to_der(&self) -> Vec<u8> {
        let field = |number, text: &Option<String>| {
            let text = text.as_ref().map(|text| tlv::element(tlv::UTF8_STRING, &[text.as_bytes()]));
            text.map(|text| tlv::element(tlv::context(number), &[&text])).unwrap_or_default()
        };
        tlv::sequence(&[&field(0, &self.country), &field(1, &self.locality)])
    }
}
