//! Certificates as read: the exact bytes, and what they say.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

use crate::algorithm::{Algorithms, SignatureError};
use crate::extension::{Extension, Extensions};
use crate::name::Name;
use crate::tlv::{self, BIT_STRING, INTEGER, Input, Malformed, SEQUENCE};

/// Most octets of one certificate.
pub const MAX_CERTIFICATE: usize = 64 * 1024;

/// A certificate, version 3 or older, with its exact bytes. Spec: RFC 5280 §4.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Body {
    version: u8,
    serial: Vec<u8>,
    algorithm: Vec<u8>,
    issuer: Name,
    not_before: i64,
    not_after: i64,
    subject: Name,
    spki: Vec<u8>,
    raw: Vec<Extension>,
    extensions: Extensions,
}

/// Why bytes are not read as a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Over 64 KiB.
    #[error("a certificate of more than 64 KiB")]
    TooLarge,
    /// Not the strict DER of a certificate.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// No PEM section named CERTIFICATE.
    #[error("no PEM certificate")]
    Pem,
}

impl Certificate {
    /// Reads strict DER of at most 64 KiB and 32 extensions. Says nothing about trust.
    ///
    /// # Errors
    /// See [`CertificateError`]; also when a known extension is not of its form.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE {
            return Err(CertificateError::TooLarge);
        }
        let mut parts = tlv::single(der, SEQUENCE)?.inner();
        let tbs = parts.take(SEQUENCE)?;
        let algorithm = parts.take(SEQUENCE)?.whole.to_vec();
        let signature = parts.take(BIT_STRING)?.bits()?.to_vec();
        parts.end()?;
        let body = Body::parse(tbs.inner())?;
        Ok(Self { der: der.to_vec(), tbs: tbs.whole.to_vec(), algorithm, signature, body })
    }

    /// Reads the first certificate of PEM text.
    ///
    /// # Errors
    /// As [`Self::parse`]; [`CertificateError::Pem`] when there is none.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let der = CertificateDer::from_pem_slice(text.as_bytes());
        Self::parse(&der.map_err(|_| CertificateError::Pem)?)
    }

    /// The PEM text: lines of 64 characters, each ended by a line feed. Spec: RFC 7468 §5.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let mut out = String::from("-----BEGIN CERTIFICATE-----\n");
        for line in self.der.chunks(48) {
            out.push_str(&STANDARD.encode(line));
            out.push('\n');
        }
        out.push_str("-----END CERTIFICATE-----\n");
        out
    }

    /// The exact bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The SHA-256 of the exact bytes.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// The exact bytes that are signed.
    #[must_use]
    pub fn tbs(&self) -> &[u8] {
        &self.tbs
    }

    /// The whole `AlgorithmIdentifier` beside the signature.
    #[must_use]
    pub fn algorithm(&self) -> &[u8] {
        &self.algorithm
    }

    /// The whole `AlgorithmIdentifier` among the signed bytes.
    #[must_use]
    pub fn signed_algorithm(&self) -> &[u8] {
        &self.body.algorithm
    }

    /// The octets of the signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// 1, 2 or 3.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.body.version
    }

    /// The serial number as its DER content: big-endian two's complement, shortest form.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.body.serial
    }

    /// Who signed it.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.body.issuer
    }

    /// Whose key it is.
    #[must_use]
    pub fn subject(&self) -> &Name {
        &self.body.subject
    }

    /// The first second of its life, since 1970.
    #[must_use]
    pub fn not_before(&self) -> i64 {
        self.body.not_before
    }

    /// The last second of its life, since 1970.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.body.not_after
    }

    /// Whether `at` (seconds since 1970) lies in its life.
    #[must_use]
    pub fn is_valid_at(&self, at: i64) -> bool {
        (self.body.not_before..=self.body.not_after).contains(&at)
    }

    /// The whole `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.body.spki
    }

    /// The SHA-256 of the whole `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn spki_digest(&self) -> [u8; 32] {
        Sha256::digest(&self.body.spki).into()
    }

    /// The octets of the public key inside the `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        public_key(&self.body.spki).unwrap_or_default()
    }

    /// The extensions with their meaning.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.body.extensions
    }

    /// The extensions as they stand, in their order.
    #[must_use]
    pub fn raw_extensions(&self) -> &[Extension] {
        &self.body.raw
    }

    /// Whether it is that of an authority.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.body.extensions.basic_constraints.is_some_and(|constraints| constraints.ca)
    }

    /// Whether subject and issuer are the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.body.subject.matches(&self.body.issuer)
    }

    /// Verifies the signature with the key of `spki`, and nothing else.
    ///
    /// # Errors
    /// See [`SignatureError`]; [`SignatureError::Algorithm`] also when the two algorithm fields
    /// differ.
    pub fn verify(&self, spki: &[u8], algorithms: Algorithms<'_>) -> Result<(), SignatureError> {
        if self.algorithm != self.body.algorithm {
            return Err(SignatureError::Algorithm);
        }
        algorithms.verify(spki, &self.algorithm, &self.tbs, &self.signature)
    }
}

/// The octets of the key inside a whole `SubjectPublicKeyInfo`.
pub(crate) fn public_key(spki: &[u8]) -> Result<&[u8], Malformed> {
    let mut parts = tlv::single(spki, SEQUENCE)?.inner();
    parts.take(SEQUENCE)?;
    let key = parts.take(BIT_STRING)?.bits()?;
    parts.end()?;
    Ok(key)
}

impl Body {
    fn parse(mut parts: Input<'_>) -> Result<Self, Malformed> {
        let version = match parts.optional(tlv::context(0))? {
            None => 1,
            Some(wrapped) => match wrapped.only(INTEGER)?.small()? {
                1 => 2,
                2 => 3,
                _ => return Err(Malformed("a version of certificates")),
            },
        };
        let serial = parts.take(INTEGER)?.integer()?.to_vec();
        let algorithm = parts.take(SEQUENCE)?.whole.to_vec();
        let issuer = Name::parse(parts.take(SEQUENCE)?.whole)?;
        let mut validity = parts.take(SEQUENCE)?.inner();
        let (not_before, not_after) = (validity.next()?.time()?, validity.next()?.time()?);
        validity.end()?;
        let subject = Name::parse(parts.take(SEQUENCE)?.whole)?;
        let spki = parts.take(SEQUENCE)?.whole.to_vec();
        public_key(&spki)?;
        if version > 1 {
            parts.optional(tlv::primitive(1))?;
            parts.optional(tlv::primitive(2))?;
        }
        let list = if version == 3 { parts.optional(tlv::context(3))? } else { None };
        parts.end()?;
        let raw =
            list.map(|list| list.only(SEQUENCE).and_then(Extension::parse_all)).transpose()?;
        let raw = raw.unwrap_or_default();
        let extensions = Extensions::read(&raw)?;
        Ok(Self {
            version,
            serial,
            algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            spki,
            raw,
            extensions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn too_many_bytes_are_refused_before_reading() {
        assert_eq!(
            Certificate::parse(&vec![0x30; MAX_CERTIFICATE + 1]),
            Err(CertificateError::TooLarge)
        );
        assert_eq!(Certificate::from_pem("no"), Err(CertificateError::Pem));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Certificate::parse(&bytes);
            let _ = Body::parse(Input::new(&bytes));
        }
    }
}
