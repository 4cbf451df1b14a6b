//! OCSP requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::extension::{Extension, list};
use crate::ocsp::{CertId, MAX_NONCE, MAX_REQUEST, MAX_SINGLES};
use crate::oid;
use crate::tlv::{self, INTEGER, Malformed, OCTET_STRING, SEQUENCE, Tlv};

/// What a client asks. The requestor's name and signature are passed over. Spec: RFC 6960 §4.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The certificates asked about: 1 to 64.
    pub ids: Vec<CertId>,
    /// What the answer must repeat: 1 to 128 octets.
    pub nonce: Option<Vec<u8>>,
}

/// Why bytes are not a request: the answer is `malformedRequest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Over 16 KiB, or more than 64 certificates.
    #[error("a request of more than 16 KiB or 64 certificates")]
    TooLarge,
    /// Not the strict DER of a request.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A nonce not of 1 to 128 octets. Spec: RFC 9654 §2.1.
    #[error("a nonce that is not of 1 to 128 octets")]
    Nonce,
    /// A critical extension that is not known here.
    #[error("a critical extension that is not known")]
    Critical,
    /// Not the base64 of a request in a path.
    #[error("a path that is not base64")]
    Path,
}

impl Request {
    /// Reads the body of a POST.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn parse(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > MAX_REQUEST {
            return Err(RequestError::TooLarge);
        }
        let mut parts = tlv::single(der, SEQUENCE)?.inner();
        let mut tbs = parts.take(SEQUENCE)?.inner();
        parts.optional(tlv::context(0))?;
        parts.end()?;
        if let Some(version) = tbs.optional(tlv::context(0))? {
            // Version 1 is the default, yet some clients write it out.
            if version.only(INTEGER)?.small()? != 0 {
                return Err(Malformed("a version of OCSP").into());
            }
        }
        tbs.optional(tlv::context(1))?;
        let requests = tbs.take(SEQUENCE)?;
        let extensions = tbs.optional(tlv::context(2))?;
        tbs.end()?;
        let ids = ids(requests)?;
        let nonce = match extensions {
            Some(wrapped) => nonce(&Extension::parse_all(wrapped.only(SEQUENCE)?)?)?,
            None => None,
        };
        Ok(Self { ids, nonce })
    }

    /// Reads what follows the responder's address in the path of a GET: base64, its `+`, `/` and
    /// `=` percent-encoded or not. Spec: RFC 6960 appendix A.1.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn from_path(path: &str) -> Result<Self, RequestError> {
        if path.len() > MAX_REQUEST * 2 {
            return Err(RequestError::TooLarge);
        }
        let text = unescaped(path).ok_or(RequestError::Path)?;
        let der = STANDARD.decode(text).map_err(|_| RequestError::Path)?;
        Self::parse(&der)
    }

    /// The path of a GET that asks this.
    #[must_use]
    pub fn to_path(&self) -> String {
        let text = STANDARD.encode(self.der());
        text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
    }

    /// The body of a POST that asks this.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        let each = |id: &CertId| tlv::sequence(&[id.der()]);
        let requests = tlv::sequence(&self.ids.iter().map(each).collect::<Vec<_>>());
        let extensions = self.nonce.as_deref().map(|nonce| {
            let nonce = list(&[nonce_extension(nonce)]);
            tlv::wrap(tlv::context(2), &[nonce])
        });
        tlv::sequence(&[tlv::sequence(&[requests, extensions.unwrap_or_default()])])
    }
}

fn ids(requests: Tlv<'_>) -> Result<Vec<CertId>, RequestError> {
    let mut requests = requests.inner();
    let mut ids = Vec::new();
    while !requests.is_empty() {
        let mut parts = requests.take(SEQUENCE)?.inner();
        ids.push(CertId::parse(parts.take(SEQUENCE)?)?);
        let extensions = parts.optional(tlv::context(0))?;
        parts.end()?;
        if let Some(wrapped) = extensions {
            let extensions = Extension::parse_all(wrapped.only(SEQUENCE)?)?;
            if extensions.iter().any(|extension| extension.critical) {
                return Err(RequestError::Critical);
            }
        }
        if ids.len() > MAX_SINGLES {
            return Err(RequestError::TooLarge);
        }
    }
    if ids.is_empty() { Err(Malformed("no certificate is asked about").into()) } else { Ok(ids) }
}

fn nonce(extensions: &[Extension]) -> Result<Option<Vec<u8>>, RequestError> {
    let mut nonce = None;
    for extension in extensions {
        if extension.id == oid::OCSP_NONCE {
            nonce = Some(nonce_value(&extension.value).ok_or(RequestError::Nonce)?);
        } else if extension.critical {
            return Err(RequestError::Critical);
        }
    }
    Ok(nonce)
}

/// The octets of a nonce of 1 to 128 octets.
pub(super) fn nonce_value(value: &[u8]) -> Option<Vec<u8>> {
    let octets = tlv::single(value, OCTET_STRING).ok()?.value;
    (1..=MAX_NONCE).contains(&octets.len()).then(|| octets.to_vec())
}

pub(super) fn nonce_extension(nonce: &[u8]) -> Extension {
    Extension::new(oid::OCSP_NONCE, false, tlv::tlv(OCTET_STRING, nonce))
}

fn unescaped(path: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            out.push(u8::try_from(value).ok()?);
        } else {
            out.push(byte);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(serial: &[u8]) -> CertId {
        let der = tlv::sequence(&[
            tlv::sequence(&[oid::SHA1.der()]),
            tlv::tlv(OCTET_STRING, &[1; 20]),
            tlv::tlv(OCTET_STRING, &[2; 20]),
            tlv::tlv(INTEGER, serial),
        ]);
        CertId::parse(tlv::single(&der, SEQUENCE).unwrap()).unwrap()
    }

    fn request(nonce: Option<Vec<u8>>) -> Request {
        Request { ids: vec![id(&[0x41, 2]), id(&[0x42])], nonce }
    }

    #[test]
    fn a_nonce_has_1_to_128_octets() {
        for (length, read) in [(0, false), (1, true), (128, true), (129, false)] {
            let outcome = Request::parse(&request(Some(vec![7; length])).der());
            assert_eq!(outcome.is_ok(), read, "{length}");
        }
    }

    #[test]
    fn a_path_is_read_escaped_and_bare() {
        let asked = request(Some(vec![0xfb, 0xff, 0xbf]));
        assert_eq!(Request::from_path(&asked.to_path()).unwrap(), asked);
        let bare = STANDARD.encode(asked.der());
        assert_eq!(Request::from_path(&bare).unwrap(), asked);
        for path in ["%", "%4", "%zz", "not base64!", ""] {
            assert!(Request::from_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn too_many_certificates_are_refused() {
        let many = Request { ids: vec![id(&[1]); MAX_SINGLES + 1], nonce: None };
        assert_eq!(Request::parse(&many.der()), Err(RequestError::TooLarge));
        let none = Request { ids: Vec::new(), nonce: None };
        assert!(Request::parse(&none.der()).is_err());
    }

    proptest! {
        #[test]
        fn a_request_is_read_as_written(
            nonce in prop::option::of(prop::collection::vec(any::<u8>(), 1..129)),
        ) {
            let asked = request(nonce);
            prop_assert_eq!(Request::parse(&asked.der()).unwrap(), asked);
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            path in ".{0,60}",
        ) {
            let _ = Request::parse(&bytes);
            let _ = Request::from_path(&path);
        }
    }
}
