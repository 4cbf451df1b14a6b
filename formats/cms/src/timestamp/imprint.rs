//! What a time-stamp is over.

use crate::algorithm::DigestAlgorithm;
use crate::oid::Oid;
use crate::tlv::{self, Reader};
use crate::{ReadError, read};

/// A MessageImprint. Spec: RFC 3161 §2.4.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprint {
    /// The digest algorithm, which may be unknown here.
    pub algorithm: Oid,
    /// The digest.
    pub digest: Vec<u8>,
}

impl Imprint {
    /// The imprint of a digest that `algorithm` made.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm, digest: Vec<u8>) -> Self {
        Self { algorithm: algorithm.oid(), digest }
    }

    /// The imprint of `bytes` themselves.
    #[must_use]
    pub fn of(algorithm: DigestAlgorithm, bytes: &[u8]) -> Self {
        Self::new(algorithm, algorithm.digest(bytes))
    }

    /// The algorithm, if it is known and the digest has its length.
    #[must_use]
    pub fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid(self.algorithm).filter(|known| known.size() == self.digest.len())
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut fields = reader.enter(tlv::SEQUENCE, "messageImprint")?;
        let algorithm = read::algorithm(&mut fields)?;
        let digest = fields.expect(tlv::OCTET_STRING, "messageImprint")?.value.to_vec();
        fields.end("messageImprint")?;
        Ok(Self { algorithm, digest })
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let algorithm = tlv::sequence(&[&read::oid_der(self.algorithm)]);
        tlv::sequence(&[&algorithm, &tlv::element(tlv::OCTET_STRING, &[&self.digest])])
    }
}
