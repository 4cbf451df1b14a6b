//! Revocation lists as read.

use crate::algorithm::{Algorithms, SignatureError};
use crate::certificate::Certificate;
use crate::crl::{Reason, Revoked};
use crate::extension::{AuthorityKey, Extension, KeyUsage};
use crate::name::Name;
use crate::oid;
use crate::tlv::{
    self, BIT_STRING, GENERALIZED_TIME, INTEGER, Input, Malformed, SEQUENCE, Tlv, UTC_TIME,
};

/// Most octets of one list: about 400 000 entries.
pub const MAX_CRL: usize = 16 * 1024 * 1024 - 1;

/// A revocation list with its exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Body {
    algorithm: Vec<u8>,
    issuer: Name,
    this_update: i64,
    next_update: Option<i64>,
    revoked: Vec<Revoked>,
    marks: Marks,
}

/// What the extensions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Marks {
    number: Option<Vec<u8>>,
    authority_key: Option<AuthorityKey>,
    expired_since: Option<i64>,
    refused: bool,
}

/// Why bytes are not read as a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    /// Over 16 MiB.
    #[error("a revocation list of more than 16 MiB")]
    TooLarge,
    /// Not the strict DER of a list.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// Why a list does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrlVerifyError {
    /// Another issuer, or one that may not sign lists.
    #[error("the list is not of this issuer, or it may not sign lists")]
    Issuer,
    /// Its signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// No number, or a critical one; a critical extension that is not applied here (delta,
    /// indirect and partial lists).
    #[error("a list without number, or with a critical extension that is not applied")]
    Extension,
    /// It is of after this time, or its next update has passed.
    #[error("the list is not current")]
    NotCurrent,
}

impl Crl {
    /// Reads strict DER of at most 16 MiB. Says nothing about trust.
    ///
    /// # Errors
    /// See [`CrlError`].
    pub fn parse(der: &[u8]) -> Result<Self, CrlError> {
        if der.len() > MAX_CRL {
            return Err(CrlError::TooLarge);
        }
        let mut parts = tlv::single(der, SEQUENCE)?.inner();
        let tbs = parts.take(SEQUENCE)?;
        let algorithm = parts.take(SEQUENCE)?.whole.to_vec();
        let signature = parts.take(BIT_STRING)?.bits()?.to_vec();
        parts.end()?;
        let body = Body::parse(tbs.inner())?;
        Ok(Self { der: der.to_vec(), tbs: tbs.whole.to_vec(), algorithm, signature, body })
    }

    /// The exact bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whose list it is.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.body.issuer
    }

    /// When its content was right, seconds since 1970.
    #[must_use]
    pub fn this_update(&self) -> i64 {
        self.body.this_update
    }

    /// When the next comes at the latest, seconds since 1970.
    #[must_use]
    pub fn next_update(&self) -> Option<i64> {
        self.body.next_update
    }

    /// Its number: DER content of the integer.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        self.body.marks.number.as_deref()
    }

    /// Since when certificates stay on it after their end, seconds since 1970.
    #[must_use]
    pub fn expired_since(&self) -> Option<i64> {
        self.body.marks.expired_since
    }

    /// Who is revoked, in the order of the serial numbers' octets.
    #[must_use]
    pub fn revoked(&self) -> &[Revoked] {
        &self.body.revoked
    }

    /// The entry of this serial number (DER content of the integer).
    #[must_use]
    pub fn find(&self, serial: &[u8]) -> Option<&Revoked> {
        let revoked = &self.body.revoked;
        let place = revoked.binary_search_by(|entry| entry.serial.as_slice().cmp(serial)).ok()?;
        revoked.get(place)
    }

    /// Whether `at` lies from this update to the next.
    #[must_use]
    pub fn is_current_at(&self, at: i64) -> bool {
        self.body.this_update <= at && self.body.next_update.is_none_or(|next| at <= next)
    }

    /// Checks that this is a full list of `issuer`, signed with its key. Whether the issuer is
    /// trusted, and whether the list is current, is asked elsewhere.
    ///
    /// # Errors
    /// See [`CrlVerifyError`]; never `NotCurrent`.
    pub fn verify(
        &self,
        issuer: &Certificate,
        algorithms: Algorithms<'_>,
    ) -> Result<(), CrlVerifyError> {
        let marks = &self.body.marks;
        let usage = issuer.extensions().key_usage;
        let signs = usage.is_none_or(|usage| usage.has(KeyUsage::CRL_SIGN));
        let named = marks.authority_key.as_ref().and_then(|authority| authority.key.as_ref());
        let own = issuer.extensions().subject_key.as_ref();
        let same_key = match (named, own) {
            (Some(named), Some(own)) => named == own,
            _ => true,
        };
        if !self.body.issuer.matches(issuer.subject()) || !signs || !same_key {
            return Err(CrlVerifyError::Issuer);
        }
        if marks.refused || marks.number.is_none() {
            return Err(CrlVerifyError::Extension);
        }
        if self.algorithm != self.body.algorithm {
            return Err(SignatureError::Algorithm.into());
        }
        algorithms.verify(issuer.spki(), &self.algorithm, &self.tbs, &self.signature)?;
        Ok(())
    }

    /// [`Self::verify`], and that the list is current at `at` (seconds since 1970).
    ///
    /// # Errors
    /// See [`CrlVerifyError`].
    pub fn verify_at(
        &self,
        issuer: &Certificate,
        at: i64,
        algorithms: Algorithms<'_>,
    ) -> Result<(), CrlVerifyError> {
        self.verify(issuer, algorithms)?;
        if self.is_current_at(at) { Ok(()) } else { Err(CrlVerifyError::NotCurrent) }
    }
}

impl Body {
    fn parse(mut parts: Input<'_>) -> Result<Self, Malformed> {
        let version = parts.optional(INTEGER)?.map(Tlv::small).transpose()?;
        if version.is_some_and(|version| version != 1) {
            return Err(Malformed("a version of revocation lists"));
        }
        let algorithm = parts.take(SEQUENCE)?.whole.to_vec();
        let issuer = Name::parse(parts.take(SEQUENCE)?.whole)?;
        let this_update = parts.next()?.time()?;
        let next = match parts.optional(UTC_TIME)? {
            Some(next) => Some(next),
            None => parts.optional(GENERALIZED_TIME)?,
        };
        let next_update = next.map(Tlv::time).transpose()?;
        let entries = parts.optional(SEQUENCE)?;
        let extensions = if version.is_some() { parts.optional(tlv::context(0))? } else { None };
        parts.end()?;
        let mut marks = Marks::default();
        if let Some(wrapped) = extensions {
            marks.read(&Extension::parse_all(wrapped.only(SEQUENCE)?)?)?;
        }
        let mut revoked = Vec::new();
        if let Some(entries) = entries {
            let mut entries = entries.inner();
            while !entries.is_empty() {
                revoked.push(marks.entry(entries.take(SEQUENCE)?)?);
            }
        }
        revoked.sort_by(|one, other| one.serial.cmp(&other.serial));
        Ok(Self { algorithm, issuer, this_update, next_update, revoked, marks })
    }
}

impl Marks {
    fn read(&mut self, extensions: &[Extension]) -> Result<(), Malformed> {
        for Extension { id, critical, value } in extensions {
            if *id == oid::CRL_NUMBER {
                self.number = Some(tlv::single(value, INTEGER)?.integer()?.to_vec());
                self.refused |= critical;
            } else if *id == oid::AUTHORITY_KEY_IDENTIFIER {
                self.authority_key = Some(AuthorityKey::parse(value)?);
            } else if *id == oid::EXPIRED_CERTS_ON_CRL {
                self.expired_since = Some(tlv::single(value, GENERALIZED_TIME)?.time()?);
            } else {
                self.refused |= critical;
            }
        }
        Ok(())
    }

    fn entry(&mut self, element: Tlv<'_>) -> Result<Revoked, Malformed> {
        let mut parts = element.inner();
        let serial = parts.take(INTEGER)?.integer()?.to_vec();
        let at = parts.next()?.time()?;
        let extensions = parts.optional(SEQUENCE)?;
        parts.end()?;
        let mut entry = Revoked { serial, at, reason: None, invalid_since: None };
        let extensions = extensions.map(Extension::parse_all).transpose()?.unwrap_or_default();
        for Extension { id, critical, value } in extensions {
            if id == oid::REASON_CODE {
                entry.reason = Some(Reason::parse(&value)?);
            } else if id == oid::INVALIDITY_DATE {
                entry.invalid_since = Some(tlv::single(&value, GENERALIZED_TIME)?.time()?);
            } else {
                self.refused |= critical;
            }
        }
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Crl::parse(&bytes);
            let _ = Body::parse(Input::new(&bytes));
        }
    }
}
