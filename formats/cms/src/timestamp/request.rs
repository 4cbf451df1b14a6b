//! What is asked of a time-stamping authority.

use super::imprint::Imprint;
use super::response::Failure;
use crate::oid::Oid;
use crate::tlv::{self, Reader};
use crate::{ReadError, read};

const MAX_BYTES: usize = 64 << 10;
const MAX_NONCE: usize = 64;

/// A TimeStampReq. Spec: RFC 3161 §2.4.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What to stamp.
    pub imprint: Imprint,
    /// The policy asked for.
    pub policy: Option<Oid>,
    /// The contents of the nonce's INTEGER, at most 64 bytes: the token must echo it.
    pub nonce: Option<Vec<u8>>,
    /// Whether the token must hold the unit's certificate.
    pub certificate: bool,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// It cannot be read.
    #[error("not a time-stamp request: {0}")]
    Malformed(ReadError),
    /// Its version is not 1.
    #[error("a time-stamp request of another version")]
    Version,
    /// The digest algorithm is not accepted: SHA-256, SHA-384 and SHA-512 are.
    #[error("the digest algorithm of the imprint is not accepted")]
    Algorithm,
    /// The digest has another length than its algorithm gives.
    #[error("the imprint has the wrong length")]
    Length,
    /// It has extensions; none is known.
    #[error("an extension that is not supported")]
    Extension,
}

impl RequestFault {
    /// What the response says about it.
    #[must_use]
    pub fn failure(self) -> Failure {
        match self {
            Self::Malformed(_) | Self::Length => Failure::BadDataFormat,
            Self::Version => Failure::BadRequest,
            Self::Algorithm => Failure::BadAlg,
            Self::Extension => Failure::UnacceptedExtension,
        }
    }
}

impl From<ReadError> for RequestFault {
    fn from(error: ReadError) -> Self {
        Self::Malformed(error)
    }
}

impl Request {
    /// Reads a request of at most 64 KiB in DER.
    ///
    /// # Errors
    /// A [`RequestFault`], whose [`failure`](RequestFault::failure) goes into the response.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestFault> {
        if bytes.len() > MAX_BYTES {
            return Err(ReadError::TooLong.into());
        }
        let mut outer = Reader::new(bytes);
        let mut fields = outer.enter(tlv::SEQUENCE, "TimeStampReq")?;
        outer.end("bytes after a TimeStampReq")?;
        if tlv::number(fields.expect(tlv::INTEGER, "version")?.value)? != 1 {
            return Err(RequestFault::Version);
        }
        let imprint = Imprint::read(&mut fields)?;
        let request = Self { imprint, policy: None, nonce: None, certificate: false };
        request.read_options(fields)
    }

    fn read_options(mut self, mut fields: Reader<'_>) -> Result<Self, RequestFault> {
        if fields.rest().first() == Some(&tlv::OID) {
            self.policy = Some(read::oid(&mut fields)?);
        }
        if let Some(nonce) = fields.optional(tlv::INTEGER)? {
            if nonce.value.is_empty() || nonce.value.len() > MAX_NONCE {
                return Err(ReadError::Malformed("nonce").into());
            }
            self.nonce = Some(nonce.value.to_vec());
        }
        if let Some(flag) = fields.optional(tlv::BOOLEAN)? {
            self.certificate = match flag.value {
                [0] => false,
                [0xff] => true,
                _ => return Err(ReadError::Malformed("certReq").into()),
            };
        }
        let extended = fields.optional(tlv::context(0))?.is_some();
        fields.end("TimeStampReq")?;
        match crate::DigestAlgorithm::from_oid(self.imprint.algorithm) {
            _ if extended => Err(RequestFault::Extension),
            None => Err(RequestFault::Algorithm),
            Some(known) if known.size() != self.imprint.digest.len() => Err(RequestFault::Length),
            Some(_) => Ok(self),
        }
    }

    /// A request over `imprint` with a positive nonce made of `chance`, asking for the certificate.
    #[must_use]
    pub fn new(imprint: Imprint, chance: [u8; 16]) -> Self {
        let mut nonce = chance.to_vec();
        if let Some(first) = nonce.first_mut() {
            *first = (*first & 0x3f) | 0x40;
        }
        Self { imprint, policy: None, nonce: Some(nonce), certificate: true }
    }

    /// Its DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let nonce = self.nonce.as_ref().map(|nonce| tlv::element(tlv::INTEGER, &[nonce]));
        let certificate: &[u8] = if self.certificate { &[tlv::BOOLEAN, 1, 0xff] } else { &[] };
        tlv::sequence(&[
            &tlv::small(1),
            &self.imprint.to_der(),
            &self.policy.map(read::oid_der).unwrap_or_default(),
            &nonce.unwrap_or_default(),
            certificate,
        ])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::DigestAlgorithm;

    #[test]
    fn a_fault_is_answered_with_the_failure_that_the_standard_names() {
        let good = Request::new(Imprint::of(DigestAlgorithm::Sha256, b"x"), [0xff; 16]);
        let refused = |change: &dyn Fn(&mut Request)| {
            let mut request = good.clone();
            change(&mut request);
            Request::parse(&request.to_der()).unwrap_err().failure()
        };
        let sha1 = Oid::dotted("1.3.14.3.2.26");
        assert_eq!(refused(&|bad| bad.imprint.algorithm = sha1), Failure::BadAlg);
        assert_eq!(refused(&|bad| bad.imprint.digest.truncate(31)), Failure::BadDataFormat);
        assert_eq!(refused(&|bad| bad.nonce = Some(vec![1; 65])), Failure::BadDataFormat);
        assert_eq!(Request::parse(b"").unwrap_err().failure(), Failure::BadDataFormat);
        let mut version = good.to_der();
        version[4] = 2;
        assert_eq!(Request::parse(&version).unwrap_err().failure(), Failure::BadRequest);
        let mut extended = good.to_der();
        extended.extend([0xa0, 0]);
        extended[1] += 2;
        assert_eq!(Request::parse(&extended).unwrap_err().failure(), Failure::UnacceptedExtension);
    }

    proptest! {
        #[test]
        fn a_request_is_read_back(digest: [u8; 32], chance: [u8; 16], certificate: bool) {
            let imprint = Imprint::new(DigestAlgorithm::Sha256, digest.to_vec());
            let request = Request { certificate, ..Request::new(imprint, chance) };
            prop_assert_eq!(Request::parse(&request.to_der()), Ok(request));
        }

        #[test]
        fn garbage_never_panics(bytes: Vec<u8>, change: (u8, u8)) {
            let _ = Request::parse(&bytes);
            let imprint = Imprint::of(DigestAlgorithm::Sha256, b"x");
            let mut near = Request::new(imprint, [7; 16]).to_der();
            let place = usize::from(change.0) % near.len();
            near[place] = change.1;
            let _ = Request::parse(&near);
        }
    }
}
