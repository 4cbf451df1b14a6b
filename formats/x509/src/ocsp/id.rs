//! How OCSP names a certificate.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::oid;
use crate::tlv::{self, INTEGER, Malformed, NULL, OCTET_STRING, SEQUENCE, Tlv};

/// The hash in a `CertID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdHash {
    /// SHA-1, as most clients ask.
    Sha1,
    /// SHA-256.
    Sha256,
    /// Another: no issuer is found by it.
    Other,
}

/// A `CertID` with its exact bytes, so that an answer names what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    der: Vec<u8>,
    hash: IdHash,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: Vec<u8>,
}

/// The hashes of one authority's name and key, computed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerHashes {
    name_sha1: [u8; 20],
    key_sha1: [u8; 20],
    name_sha256: [u8; 32],
    key_sha256: [u8; 32],
}

impl IssuerHashes {
    /// Those of the authority with this certificate.
    #[must_use]
    pub fn of(issuer: &Certificate) -> Self {
        let (name, key) = (issuer.subject().der(), issuer.public_key());
        Self {
            name_sha1: Sha1::digest(name).into(),
            key_sha1: Sha1::digest(key).into(),
            name_sha256: Sha256::digest(name).into(),
            key_sha256: Sha256::digest(key).into(),
        }
    }

    /// Whether the certificate that `id` names is one of this authority.
    #[must_use]
    pub fn issued(&self, id: &CertId) -> bool {
        self.pair(id.hash).is_some_and(|(name, key)| name == id.name_hash && key == id.key_hash)
    }

    fn pair(&self, hash: IdHash) -> Option<(&[u8], &[u8])> {
        match hash {
            IdHash::Sha1 => Some((&self.name_sha1, &self.key_sha1)),
            IdHash::Sha256 => Some((&self.name_sha256, &self.key_sha256)),
            IdHash::Other => None,
        }
    }
}

/// The name of a responder's key: SHA-1 of the public key's bits. Spec: RFC 6960 §4.2.1.
pub(super) fn responder_key(responder: &Certificate) -> Vec<u8> {
    let digest: [u8; 20] = Sha1::digest(responder.public_key()).into();
    digest.to_vec()
}

impl CertId {
    /// Names the certificate of this serial number (DER content of the integer) and authority by
    /// SHA-1, which every responder knows.
    #[must_use]
    pub fn sha1(issuer: &IssuerHashes, serial: &[u8]) -> Self {
        // SHA-1 with NULL parameters is what clients and responders write and look for.
        let algorithm = tlv::sequence(&[oid::SHA1.der(), tlv::tlv(NULL, &[])]);
        Self::build(IdHash::Sha1, &algorithm, (&issuer.name_sha1, &issuer.key_sha1), serial)
    }

    /// Names the certificate of this serial number (DER content of the integer) and authority by
    /// SHA-256.
    #[must_use]
    pub fn sha256(issuer: &IssuerHashes, serial: &[u8]) -> Self {
        let algorithm = tlv::sequence(&[oid::SHA256.der()]);
        Self::build(IdHash::Sha256, &algorithm, (&issuer.name_sha256, &issuer.key_sha256), serial)
    }

    fn build(hash: IdHash, algorithm: &[u8], hashes: (&[u8], &[u8]), serial: &[u8]) -> Self {
        let (name, key) = hashes;
        let der = tlv::sequence(&[
            algorithm.to_vec(),
            tlv::tlv(OCTET_STRING, name),
            tlv::tlv(OCTET_STRING, key),
            tlv::tlv(INTEGER, serial),
        ]);
        let (name_hash, key_hash) = (name.to_vec(), key.to_vec());
        Self { der, hash, name_hash, key_hash, serial: serial.to_vec() }
    }

    pub(super) fn parse(element: Tlv<'_>) -> Result<Self, Malformed> {
        let mut parts = element.inner();
        let mut algorithm = parts.take(SEQUENCE)?.inner();
        let name_hash = parts.take(OCTET_STRING)?.value.to_vec();
        let key_hash = parts.take(OCTET_STRING)?.value.to_vec();
        let serial = parts.take(INTEGER)?.integer()?.to_vec();
        parts.end()?;
        let hash = algorithm.take(tlv::OID)?.oid()?;
        let hash = if hash == oid::SHA1 {
            IdHash::Sha1
        } else if hash == oid::SHA256 {
            IdHash::Sha256
        } else {
            IdHash::Other
        };
        Ok(Self { der: element.whole.to_vec(), hash, name_hash, key_hash, serial })
    }

    /// The exact bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Which hash it uses.
    #[must_use]
    pub fn hash(&self) -> IdHash {
        self.hash
    }

    /// The serial number: DER content of the integer.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The hash of the issuer's key.
    #[must_use]
    pub fn key_hash(&self) -> &[u8] {
        &self.key_hash
    }
}
