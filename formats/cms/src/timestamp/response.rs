//! What a time-stamping authority answers.

use super::token::{Token, parse_token};
use crate::tlv::{self, Reader};
use crate::{MAX_BYTES, ReadError};

const MAX_STRINGS: usize = 16;

/// A PKIStatus. Spec: RFC 3161 §2.4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Here is what was asked for.
    Granted,
    /// Here is something like it.
    GrantedWithMods,
    /// No.
    Rejection,
    /// Not yet; or another status that brings no token.
    Other(u32),
}

/// A PKIFailureInfo. Spec: RFC 3161 §2.4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Unknown or unsupported algorithm.
    BadAlg,
    /// The transaction is not permitted or supported.
    BadRequest,
    /// The data has the wrong format.
    BadDataFormat,
    /// The time source is not available.
    TimeNotAvailable,
    /// The policy asked for is not supported.
    UnacceptedPolicy,
    /// The extension asked for is not supported.
    UnacceptedExtension,
    /// The additional information cannot be had.
    AddInfoNotAvailable,
    /// The request cannot be handled.
    SystemFailure,
}

impl Failure {
    const ALL: [Self; 8] = [
        Self::BadAlg,
        Self::BadRequest,
        Self::BadDataFormat,
        Self::TimeNotAvailable,
        Self::UnacceptedPolicy,
        Self::UnacceptedExtension,
        Self::AddInfoNotAvailable,
        Self::SystemFailure,
    ];

    /// Its bit.
    #[must_use]
    pub fn bit(self) -> u8 {
        match self {
            Self::BadAlg => 0,
            Self::BadRequest => 2,
            Self::BadDataFormat => 5,
            Self::TimeNotAvailable => 14,
            Self::UnacceptedPolicy => 15,
            Self::UnacceptedExtension => 16,
            Self::AddInfoNotAvailable => 17,
            Self::SystemFailure => 25,
        }
    }

    /// The BIT STRING with this bit alone, without trailing zero bits. Spec: X.690 §11.2.2.
    fn to_der(self) -> Vec<u8> {
        let bit = usize::from(self.bit());
        let mut bits = vec![0; bit / 8 + 2];
        if let [unused, .., last] = bits.as_mut_slice() {
            *unused = 7 - self.bit() % 8;
            *last = 0x80 >> (bit % 8);
        }
        tlv::element(tlv::BIT_STRING, &[&bits])
    }

    fn read(value: &[u8]) -> Option<Self> {
        let bits = value.get(1..)?;
        Self::ALL.into_iter().find(|failure| {
            let byte = bits.get(usize::from(failure.bit() / 8));
            byte.is_some_and(|byte| byte & (0x80 >> (failure.bit() % 8)) != 0)
        })
    }
}

/// A TimeStampResp. Spec: RFC 3161 §2.4.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: Status,
    /// What the authority says in words.
    pub text: Vec<String>,
    /// Why there is no token, if the authority names a known reason.
    pub failure: Option<Failure>,
    /// The token, a ContentInfo in DER.
    pub token: Option<Vec<u8>>,
}

impl Response {
    /// The answer that brings `token` (DER).
    #[must_use]
    pub fn granted(token: Vec<u8>) -> Self {
        Self { status: Status::Granted, text: Vec::new(), failure: None, token: Some(token) }
    }

    /// The answer that brings none.
    #[must_use]
    pub fn rejected(failure: Failure, text: &str) -> Self {
        let text = vec![text.to_owned()];
        Self { status: Status::Rejection, text, failure: Some(failure), token: None }
    }

    /// Its DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let texts: Vec<_> = self
            .text
            .iter()
            .map(|text| tlv::element(tlv::UTF8_STRING, &[text.as_bytes()]))
            .collect();
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let texts = if texts.is_empty() { Vec::new() } else { tlv::sequence(&texts) };
        let failure = self.failure.map(Failure::to_der).unwrap_or_default();
        let status = tlv::sequence(&[&tlv::small(self.status.number()), &texts, &failure]);
        tlv::sequence(&[&status, self.token.as_deref().unwrap_or_default()])
    }

    /// Reads an answer in DER.
    ///
    /// # Errors
    /// When it is malformed. A rejection is not an error here.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.len() > MAX_BYTES {
            return Err(ReadError::TooLong);
        }
        let mut outer = Reader::new(bytes);
        let mut fields = outer.enter(tlv::SEQUENCE, "TimeStampResp")?;
        outer.end("bytes after a TimeStampResp")?;
        let mut info = fields.enter(tlv::SEQUENCE, "PKIStatusInfo")?;
        let number = tlv::number(info.expect(tlv::INTEGER, "PKIStatus")?.value)?;
        let text = match info.optional(tlv::SEQUENCE)? {
            Some(texts) => Reader::new(texts.value).all(MAX_STRINGS, "status strings")?,
            None => Vec::new(),
        };
        let text = text.iter().map(|text| String::from_utf8_lossy(text.value).into_owned());
        let text = text.collect();
        let failure = info.optional(tlv::BIT_STRING)?.and_then(|bits| Failure::read(bits.value));
        info.end("PKIStatusInfo")?;
        let rest = fields.rest();
        let token = if rest.is_empty() { None } else { Some(rest.to_vec()) };
        Ok(Self { status: Status::from_number(number), text, failure, token })
    }

    /// The token, read, if the status brings one.
    ///
    /// # Errors
    /// When there is none although the status says so, or it cannot be read.
    pub fn read_token(&self) -> Result<Option<Token>, ReadError> {
        match (self.status, &self.token) {
            (Status::Granted | Status::GrantedWithMods, Some(token)) => {
                parse_token(token).map(Some)
            }
            (Status::Granted | Status::GrantedWithMods, None) => {
                Err(ReadError::Malformed("granted without a token"))
            }
            _ => Ok(None),
        }
    }
}

impl Status {
    fn number(self) -> u32 {
        match self {
            Self::Granted => 0,
            Self::GrantedWithMods => 1,
            Self::Rejection => 2,
            Self::Other(number) => number,
        }
    }

    fn from_number(number: u32) -> Self {
        match number {
            0 => Self::Granted,
            1 => Self::GrantedWithMods,
            2 => Self::Rejection,
            other => Self::Other(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_failure_is_read_back() {
        for failure in Failure::ALL {
            let response = Response::rejected(failure, "no: ā");
            assert_eq!(Response::parse(&response.to_der()), Ok(response));
        }
        assert_eq!(Failure::BadAlg.to_der(), [3, 2, 7, 0x80]);
        assert_eq!(Failure::UnacceptedPolicy.to_der(), [3, 3, 0, 0, 1]);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes: Vec<u8>) {
            let _ = Response::parse(&bytes);
        }
    }
}
