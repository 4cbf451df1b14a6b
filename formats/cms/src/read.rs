//! Readers of the small parts that several structures share.

use std::time::Duration;

use der::asn1::{GeneralizedTime, UtcTime};
use der::{Decode, Encode};

use crate::ReadError;
use crate::oid::Oid;
use crate::tlv::{self, Element, Reader};

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(reader: &mut Reader<'_>) -> Result<Oid, ReadError> {
    let element = reader.expect(tlv::OID, "object identifier")?;
    Oid::from_content(element.value).map_err(|_| ReadError::Malformed("object identifier"))
}

/// The DER of an OBJECT IDENTIFIER.
pub(crate) fn oid_der(oid: Oid) -> Vec<u8> {
    oid.der()
}

/// The object identifier of an AlgorithmIdentifier, whose parameters do not matter.
pub(crate) fn algorithm(reader: &mut Reader<'_>) -> Result<Oid, ReadError> {
    oid(&mut reader.enter(tlv::SEQUENCE, "algorithm")?)
}

/// A UTCTime or GeneralizedTime of attributes, in seconds since 1970.
pub(crate) fn time(element: Element<'_>) -> Result<i64, ReadError> {
    let since = match element.tag {
        tlv::UTC_TIME => UtcTime::from_der(element.raw).map(|time| time.to_unix_duration()),
        _ => GeneralizedTime::from_der(element.raw).map(|time| time.to_unix_duration()),
    };
    let since = since.map_err(|_| ReadError::Malformed("time"))?;
    i64::try_from(since.as_secs()).map_err(|_| ReadError::Malformed("time"))
}

/// The DER of a time: UTCTime through 2049, else GeneralizedTime. Spec: RFC 5652 §11.3.
pub(crate) fn time_der(at: i64) -> Option<Vec<u8>> {
    let since = Duration::from_secs(u64::try_from(at).ok()?);
    UtcTime::from_unix_duration(since)
        .and_then(|time| time.to_der())
        .or_else(|_| GeneralizedTime::from_unix_duration(since).and_then(|time| time.to_der()))
        .ok()
}
