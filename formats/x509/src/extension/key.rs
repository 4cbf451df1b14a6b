//! Extensions about keys: usage, purposes, identifiers, period of use.

use crate::name::GeneralName;
use crate::oid::Oid;
use crate::time;
use crate::tlv::{self, BIT_STRING, GENERALIZED_TIME, Malformed, SEQUENCE};

/// The bits of `keyUsage`. Spec: RFC 5280 §4.2.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// No bit.
    pub const NONE: Self = Self(0);
    /// digitalSignature (0)
    pub const DIGITAL_SIGNATURE: Self = Self(1 << 15);
    /// nonRepudiation, contentCommitment (1)
    pub const NON_REPUDIATION: Self = Self(1 << 14);
    /// keyEncipherment (2)
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 13);
    /// dataEncipherment (3)
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 12);
    /// keyAgreement (4)
    pub const KEY_AGREEMENT: Self = Self(1 << 11);
    /// keyCertSign (5)
    pub const CERT_SIGN: Self = Self(1 << 10);
    /// cRLSign (6)
    pub const CRL_SIGN: Self = Self(1 << 9);

    /// All bits of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all bits of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits, the first of RFC 5280 highest.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    pub(crate) fn parse(value: &[u8]) -> Result<Self, Malformed> {
        const BAD: Malformed = Malformed("key usage bits");
        let (&unused, octets) = tlv::single(value, BIT_STRING)?.value.split_first().ok_or(BAD)?;
        let bits = match *octets {
            [first] => u16::from_be_bytes([first, 0]),
            [first, second @ 0x80] => u16::from_be_bytes([first, second]),
            _ => return Err(BAD),
        };
        let read = Self(bits);
        if bits == 0 || tlv::single(&read.der(), BIT_STRING)?.value.first() != Some(&unused) {
            return Err(BAD);
        }
        Ok(read)
    }

    /// Named bits: trailing zeros are not written. Spec: X.690 §11.2.2.
    pub(crate) fn der(self) -> Vec<u8> {
        let [first, second] = self.0.to_be_bytes();
        let unused = |octet: u8| u8::try_from(octet.trailing_zeros()).unwrap_or(0);
        let content = match (first, second) {
            (0, 0) => vec![0],
            (_, 0) => vec![unused(first), first],
            _ => vec![unused(second), first, second],
        };
        tlv::tlv(BIT_STRING, &content)
    }
}

pub(super) fn purposes(value: &[u8]) -> Result<Vec<Oid>, Malformed> {
    let mut list = tlv::single(value, SEQUENCE)?.inner();
    let mut purposes = Vec::new();
    while !list.is_empty() {
        purposes.push(list.take(tlv::OID)?.oid()?);
    }
    if purposes.is_empty() { Err(Malformed("no purpose of the key")) } else { Ok(purposes) }
}

pub(super) fn purposes_der(purposes: &[Oid]) -> Vec<u8> {
    tlv::sequence(&purposes.iter().map(Oid::der).collect::<Vec<_>>())
}

/// What `authorityKeyIdentifier` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKey {
    /// The issuer's key by its subject key identifier.
    pub key: Option<Vec<u8>>,
    /// The name of the issuer's issuer.
    pub issuer: Option<Vec<GeneralName>>,
    /// The serial of the issuer's certificate.
    pub serial: Option<Vec<u8>>,
}

impl AuthorityKey {
    pub(crate) fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut parts = tlv::single(value, SEQUENCE)?.inner();
        let key = parts.optional(tlv::primitive(0))?.map(|key| key.value.to_vec());
        let issuer = parts
            .optional(tlv::context(1))?
            .map(|names| GeneralName::parse_all(names.inner()))
            .transpose()?;
        let serial = parts.optional(tlv::primitive(2))?;
        parts.end()?;
        let serial = serial.map(|serial| serial.integer().map(<[u8]>::to_vec)).transpose()?;
        Ok(Self { key, issuer, serial })
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let key = self.key.as_ref().map(|key| tlv::tlv(tlv::primitive(0), key));
        let issuer = self.issuer.as_ref().map(|names| {
            let names = names.iter().map(GeneralName::der).collect::<Vec<_>>();
            tlv::wrap(tlv::context(1), &names)
        });
        let serial = self.serial.as_ref().map(|serial| tlv::tlv(tlv::primitive(2), serial));
        let parts = [key, issuer, serial].into_iter().flatten().collect::<Vec<_>>();
        tlv::sequence(&parts)
    }
}

/// When a private key may sign: seconds since 1970, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// From when.
    pub from: Option<i64>,
    /// To when.
    pub to: Option<i64>,
}

impl KeyUse {
    pub(crate) fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut parts = tlv::single(value, SEQUENCE)?.inner();
        let mut end = |n| -> Result<Option<i64>, Malformed> {
            let element = parts.optional(tlv::primitive(n))?;
            element.map(|element| time::parse(GENERALIZED_TIME, element.value)).transpose()
        };
        let read = Self { from: end(0)?, to: end(1)? };
        parts.end()?;
        Ok(read)
    }

    pub(crate) fn der(self) -> Vec<u8> {
        let end = |n, at: Option<i64>| {
            at.map(|at| tlv::tlv(tlv::primitive(n), time::generalized_content(at).as_bytes()))
        };
        let ends = [end(0, self.from), end(1, self.to)];
        tlv::sequence(&ends.into_iter().flatten().collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_usage_is_written_with_its_shortest_bits() {
        assert_eq!(KeyUsage::NON_REPUDIATION.der(), [3, 2, 6, 0x40]);
        assert_eq!(KeyUsage::CERT_SIGN.and(KeyUsage::CRL_SIGN).der(), [3, 2, 1, 6]);
        assert_eq!(KeyUsage::parse(&[3, 2, 6, 0x40]), Ok(KeyUsage::NON_REPUDIATION));
        assert!(KeyUsage::parse(&[3, 2, 5, 0x40]).is_err());
        assert!(KeyUsage::parse(&[3, 1, 0]).is_err());
    }

    #[test]
    fn a_period_of_use_is_read_as_written() {
        let period = KeyUse { from: Some(0), to: Some(1_795_627_800) };
        assert_eq!(KeyUse::parse(&period.der()), Ok(period));
    }
}
