//! The signed attributes that bind a signature to one certificate. Spec: RFC 5035 §5, RFC 2634
//! §5.4.

use sha1::Digest as _;
use x509::Certificate;

use crate::algorithm::DigestAlgorithm;
use crate::oid::{self, Oid};
use crate::tlv::{self, Reader};
use crate::{ReadError, read};

const DIRECTORY_NAME: u8 = tlv::context(4);

/// The first certificate that a signing-certificate attribute names: the signer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CertificateName {
    algorithm: Oid,
    hash: Vec<u8>,
    issuer_serial: Option<(Vec<u8>, Vec<u8>)>,
}

impl CertificateName {
    /// Reads the value of signing-certificate-v2.
    pub(crate) fn read_v2(value: &[u8]) -> Result<Self, ReadError> {
        let mut id = first_id(value)?;
        let algorithm = match id.optional(tlv::SEQUENCE)? {
            Some(algorithm) => read::oid(&mut Reader::new(algorithm.value))?,
            None => oid::SHA256,
        };
        Self::read_rest(id, algorithm)
    }

    /// Reads the value of signing-certificate, whose digests are SHA-1.
    pub(crate) fn read_v1(value: &[u8]) -> Result<Self, ReadError> {
        Self::read_rest(first_id(value)?, oid::SHA1)
    }

    fn read_rest(mut id: Reader<'_>, algorithm: Oid) -> Result<Self, ReadError> {
        let hash = id.expect(tlv::OCTET_STRING, "certificate hash")?.value.to_vec();
        let issuer_serial = match id.optional(tlv::SEQUENCE)? {
            Some(names) => Some(issuer_serial(Reader::new(names.value))?),
            None => None,
        };
        id.end("certificate id")?;
        Ok(Self { algorithm, hash, issuer_serial })
    }

    /// Whether it is this certificate's hash; no, for an unknown digest algorithm.
    pub(crate) fn is_hash_of(&self, certificate: &[u8]) -> bool {
        if self.algorithm == oid::SHA1 {
            return sha1::Sha1::digest(certificate).as_slice() == self.hash;
        }
        DigestAlgorithm::from_oid(self.algorithm)
            .is_some_and(|algorithm| algorithm.digest(certificate) == self.hash)
    }

    /// Whether issuer and serial number, where given, are this certificate's.
    pub(crate) fn agrees_with(&self, certificate: &Certificate) -> bool {
        self.issuer_serial.as_ref().is_none_or(|(issuer, serial)| {
            issuer == certificate.issuer().der() && serial == certificate.serial()
        })
    }
}

/// The value of signing-certificate-v2 for `certificate`.
pub(crate) fn v2_der(certificate: &Certificate, algorithm: DigestAlgorithm) -> Vec<u8> {
    let identifier = match algorithm {
        DigestAlgorithm::Sha256 => Vec::new(),
        other => other.identifier(),
    };
    let hash = tlv::element(tlv::OCTET_STRING, &[&algorithm.digest(certificate.der())]);
    let name = tlv::sequence(&[&tlv::element(DIRECTORY_NAME, &[certificate.issuer().der()])]);
    let serial = tlv::element(tlv::INTEGER, &[certificate.serial()]);
    let id = tlv::sequence(&[&identifier, &hash, &tlv::sequence(&[&name, &serial])]);
    tlv::sequence(&[&tlv::sequence(&[&id])])
}

fn first_id(value: &[u8]) -> Result<Reader<'_>, ReadError> {
    let mut attribute = Reader::new(value).enter(tlv::SEQUENCE, "signing certificate")?;
    let mut ids = attribute.enter(tlv::SEQUENCE, "signing certificate")?;
    ids.enter(tlv::SEQUENCE, "signing certificate")
}

fn issuer_serial(mut names: Reader<'_>) -> Result<(Vec<u8>, Vec<u8>), ReadError> {
    let mut general = names.enter(tlv::SEQUENCE, "issuer names")?;
    let issuer = general.any()?;
    let issuer = if issuer.tag == DIRECTORY_NAME { issuer.value.to_vec() } else { Vec::new() };
    let serial = names.expect(tlv::INTEGER, "serial number")?.value.to_vec();
    Ok((issuer, serial))
}
