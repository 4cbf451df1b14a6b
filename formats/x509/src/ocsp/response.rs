//! OCSP responses as read.

use crate::algorithm::{Algorithms, SignatureError};
use crate::certificate::{Certificate, CertificateError};
use crate::crl::Reason;
use crate::extension::{Extension, KeyUsage};
use crate::name::Name;
use crate::ocsp::id::responder_key;
use crate::ocsp::request::nonce_value;
use crate::ocsp::{CertId, IssuerHashes, MAX_RESPONSE, MAX_SINGLES, Refusal, Single, Status};
use crate::oid;
use crate::tlv::{
    self, BIT_STRING, ENUMERATED, GENERALIZED_TIME, INTEGER, Input, Malformed, OCTET_STRING,
    SEQUENCE, Tlv,
};

/// Most certificates beside a response.
const MAX_CERTIFICATES: usize = 8;

/// A response. Spec: RFC 6960 §4.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// Without status.
    Refused(Refusal),
    /// With status.
    Basic(Box<Basic>),
}

/// A signed response with its exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic {
    der: Vec<u8>,
    basic: Vec<u8>,
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    responder: ResponderId,
    produced_at: i64,
    singles: Vec<Single>,
    nonce: Option<Vec<u8>>,
    extended_revoke: bool,
    unknown_critical: bool,
}

/// Who signed a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// By its subject.
    Name(Name),
    /// By the SHA-1 of its key.
    Key(Vec<u8>),
}

/// Why bytes are not read as a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// Over 256 KiB, 64 certificates asked about or 8 certificates beside it.
    #[error("a response of more than 256 KiB, 64 answers or 8 certificates")]
    TooLarge,
    /// Not the strict DER of a response.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A certificate beside it.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// Why a response does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// No certificate for the responder that it names.
    #[error("the responder's certificate is not there")]
    Responder,
    /// The responder's certificate is not from the authority directly, not for OCSP, not with
    /// `ocsp-nocheck`, or was not in its life.
    #[error("the responder may not answer for this authority")]
    Unauthorized,
    /// A critical extension that is not known.
    #[error("a critical extension that is not known")]
    Critical,
    /// The signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Response {
    /// Reads strict DER of at most 256 KiB. Says nothing about trust.
    ///
    /// # Errors
    /// See [`ResponseError`].
    pub fn parse(der: &[u8]) -> Result<Self, ResponseError> {
        if der.len() > MAX_RESPONSE {
            return Err(ResponseError::TooLarge);
        }
        let mut parts = tlv::single(der, SEQUENCE)?.inner();
        let status = parts.take(ENUMERATED)?.value;
        let bytes = parts.optional(tlv::context(0))?;
        parts.end()?;
        match (status, bytes) {
            ([0], Some(bytes)) => {
                let mut parts = bytes.only(SEQUENCE)?.inner();
                if parts.take(tlv::OID)?.oid()? != oid::OCSP_BASIC {
                    return Err(Malformed("a response of another type than basic").into());
                }
                let basic = parts.take(OCTET_STRING)?.value;
                parts.end()?;
                Ok(Self::Basic(Box::new(Basic::read(der, basic)?)))
            }
            ([code], None) => Refusal::from_code(*code)
                .map(Self::Refused)
                .ok_or_else(|| Malformed("a status of responses").into()),
            _ => Err(Malformed("a status of responses").into()),
        }
    }
}

impl Basic {
    /// Reads a `BasicOCSPResponse` alone, as CAdES embeds it; [`Self::der`] then wraps it.
    ///
    /// # Errors
    /// See [`ResponseError`].
    pub fn parse(basic: &[u8]) -> Result<Self, ResponseError> {
        if basic.len() > MAX_RESPONSE {
            return Err(ResponseError::TooLarge);
        }
        let bytes = tlv::sequence(&[oid::OCSP_BASIC.der(), tlv::tlv(OCTET_STRING, basic)]);
        let status = tlv::tlv(ENUMERATED, &[0]);
        let der = tlv::sequence(&[status, tlv::wrap(tlv::context(0), &[bytes])]);
        Self::read(&der, basic)
    }

    fn read(der: &[u8], basic: &[u8]) -> Result<Self, ResponseError> {
        let mut parts = tlv::single(basic, SEQUENCE)?.inner();
        let tbs = parts.take(SEQUENCE)?;
        let algorithm = parts.take(SEQUENCE)?.whole.to_vec();
        let signature = parts.take(BIT_STRING)?.bits()?.to_vec();
        let beside = parts.optional(tlv::context(0))?;
        parts.end()?;
        let certificates = beside.map(certificates).transpose()?.unwrap_or_default();
        let mut parts = tbs.inner();
        if let Some(version) = parts.optional(tlv::context(0))?
            && version.only(INTEGER)?.small()? != 0
        {
            return Err(Malformed("a version of OCSP").into());
        }
        let responder = responder(parts.next()?)?;
        let produced_at = parts.take(GENERALIZED_TIME)?.time()?;
        let singles = parts.take(SEQUENCE)?;
        let extensions = parts.optional(tlv::context(1))?;
        parts.end()?;
        let mut read = Self {
            der: der.to_vec(),
            basic: basic.to_vec(),
            tbs: tbs.whole.to_vec(),
            algorithm,
            signature,
            certificates,
            responder,
            produced_at,
            singles: Vec::new(),
            nonce: None,
            extended_revoke: false,
            unknown_critical: false,
        };
        read.read_singles(singles.inner())?;
        if let Some(wrapped) = extensions {
            read.read_extensions(&Extension::parse_all(wrapped.only(SEQUENCE)?)?)?;
        }
        Ok(read)
    }

    fn read_singles(&mut self, mut list: Input<'_>) -> Result<(), ResponseError> {
        while !list.is_empty() {
            let mut parts = list.take(SEQUENCE)?.inner();
            let id = CertId::parse(parts.take(SEQUENCE)?)?;
            let status = status(parts.next()?)?;
            let this_update = parts.take(GENERALIZED_TIME)?.time()?;
            let next = parts.optional(tlv::context(0))?;
            let next_update =
                next.map(|next| next.only(GENERALIZED_TIME).and_then(Tlv::time)).transpose()?;
            let extensions = parts.optional(tlv::context(1))?;
            parts.end()?;
            let mut archive_cutoff = None;
            if let Some(wrapped) = extensions {
                for Extension { id, critical, value } in
                    Extension::parse_all(wrapped.only(SEQUENCE)?)?
                {
                    if id == oid::OCSP_ARCHIVE_CUTOFF {
                        archive_cutoff = Some(tlv::single(&value, GENERALIZED_TIME)?.time()?);
                    } else {
                        self.unknown_critical |= critical;
                    }
                }
            }
            self.singles.push(Single { id, status, this_update, next_update, archive_cutoff });
            if self.singles.len() > MAX_SINGLES {
                return Err(ResponseError::TooLarge);
            }
        }
        Ok(())
    }

    fn read_extensions(&mut self, extensions: &[Extension]) -> Result<(), Malformed> {
        for extension in extensions {
            if extension.id == oid::OCSP_NONCE {
                let nonce = nonce_value(&extension.value).ok_or(Malformed("a nonce"))?;
                self.nonce = Some(nonce);
            } else if extension.id == oid::OCSP_EXTENDED_REVOKE {
                self.extended_revoke = true;
            } else {
                self.unknown_critical |= extension.critical;
            }
        }
        Ok(())
    }

    /// The exact bytes of the whole `OCSPResponse`.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The exact bytes of the `BasicOCSPResponse` inside.
    #[must_use]
    pub fn basic_der(&self) -> &[u8] {
        &self.basic
    }

    /// The certificates beside it.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Who signed it, as it says.
    #[must_use]
    pub fn responder(&self) -> &ResponderId {
        &self.responder
    }

    /// When it was signed, as it says: seconds since 1970.
    #[must_use]
    pub fn produced_at(&self) -> i64 {
        self.produced_at
    }

    /// What it says of each certificate.
    #[must_use]
    pub fn singles(&self) -> &[Single] {
        &self.singles
    }

    /// The nonce that it repeats.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// Whether it may answer [`Status::NOT_ISSUED`].
    #[must_use]
    pub fn is_extended_revoke(&self) -> bool {
        self.extended_revoke
    }

    /// What it says of the certificate of this serial number (DER content) and authority.
    #[must_use]
    pub fn find(&self, issuer: &Certificate, serial: &[u8]) -> Option<&Single> {
        let hashes = IssuerHashes::of(issuer);
        let mut singles = self.singles.iter();
        singles.find(|single| single.id.serial() == serial && hashes.issued(&single.id))
    }

    /// Checks that the authority `issuer`, or a responder that it certified directly for OCSP with
    /// `ocsp-nocheck` and whose certificate was in its life when the answer was signed, signed
    /// this. Gives the certificate of the signer. Whether the authority is trusted, the answers
    /// current and the nonce right, is asked elsewhere. Spec: RFC 6960 §4.2.2.2.
    ///
    /// # Errors
    /// See [`VerifyError`].
    pub fn verify<'a>(
        &'a self,
        issuer: &'a Certificate,
        algorithms: Algorithms<'_>,
    ) -> Result<&'a Certificate, VerifyError> {
        if self.unknown_critical {
            return Err(VerifyError::Critical);
        }
        let signer = if self.is_by(issuer) {
            issuer
        } else {
            let delegate = self.certificates.iter().find(|candidate| self.is_by(candidate));
            let delegate = delegate.ok_or(VerifyError::Responder)?;
            self.check_delegate(delegate, issuer, algorithms)?;
            delegate
        };
        algorithms.verify(signer.spki(), &self.algorithm, &self.tbs, &self.signature)?;
        Ok(signer)
    }

    fn is_by(&self, candidate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::Name(name) => name.matches(candidate.subject()),
            ResponderId::Key(key) => *key == responder_key(candidate),
        }
    }

    fn check_delegate(
        &self,
        delegate: &Certificate,
        issuer: &Certificate,
        algorithms: Algorithms<'_>,
    ) -> Result<(), VerifyError> {
        let extensions = delegate.extensions();
        let purposes = extensions.extended_key_usage.as_deref().unwrap_or_default();
        let usage = extensions.key_usage;
        let signs = usage.is_none_or(|usage| usage.has(KeyUsage::DIGITAL_SIGNATURE));
        let fits = delegate.issuer().matches(issuer.subject())
            && purposes.contains(&oid::OCSP_SIGNING)
            && extensions.no_check
            && extensions.unknown_critical.is_empty()
            && delegate.is_valid_at(self.produced_at)
            && signs;
        if !fits {
            return Err(VerifyError::Unauthorized);
        }
        delegate.verify(issuer.spki(), algorithms).map_err(|_| VerifyError::Unauthorized)
    }
}

fn certificates(wrapped: Tlv<'_>) -> Result<Vec<Certificate>, ResponseError> {
    let mut list = wrapped.only(SEQUENCE)?.inner();
    let mut found = Vec::new();
    while !list.is_empty() {
        found.push(Certificate::parse(list.take(SEQUENCE)?.whole)?);
        if found.len() > MAX_CERTIFICATES {
            return Err(ResponseError::TooLarge);
        }
    }
    Ok(found)
}

fn responder(element: Tlv<'_>) -> Result<ResponderId, Malformed> {
    match element.tag {
        0xa1 => Name::parse(element.value).map(ResponderId::Name),
        0xa2 => Ok(ResponderId::Key(element.only(OCTET_STRING)?.value.to_vec())),
        _ => Err(Malformed("a responder's name")),
    }
}

fn status(element: Tlv<'_>) -> Result<Status, Malformed> {
    match (element.tag, element.value) {
        (0x80, []) => Ok(Status::Good),
        (0x82, []) => Ok(Status::Unknown),
        (0xa1, _) => {
            let mut parts = element.inner();
            let at = parts.take(GENERALIZED_TIME)?.time()?;
            let reason = parts.optional(tlv::context(0))?;
            parts.end()?;
            let reason = reason.map(|reason| Reason::parse(reason.value)).transpose()?;
            Ok(Status::Revoked { at, reason })
        }
        _ => Err(Malformed("a status of certificates")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_refusal_is_read_as_written() {
        for refusal in [
            Refusal::MalformedRequest,
            Refusal::InternalError,
            Refusal::TryLater,
            Refusal::SigRequired,
            Refusal::Unauthorized,
        ] {
            assert_eq!(Response::parse(&refusal.der()), Ok(Response::Refused(refusal)));
        }
        assert!(Response::parse(&[0x30, 3, ENUMERATED, 1, 4]).is_err());
        assert!(Response::parse(&[0x30, 3, ENUMERATED, 1, 0]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Response::parse(&bytes);
            let _ = Basic::parse(&bytes);
        }
    }
}
