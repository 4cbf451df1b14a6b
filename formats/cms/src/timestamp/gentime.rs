//! The GeneralizedTime of a time-stamp, which may have a fraction of a second.

use std::time::Duration;

use der::asn1::GeneralizedTime;
use der::{Decode, Encode};

use crate::ReadError;
use crate::tlv::{self, Reader};

/// Whole seconds since 1970; a fraction is read and dropped. Spec: RFC 3161 §2.4.2.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<i64, ReadError> {
    const WRONG: ReadError = ReadError::Malformed("genTime");
    let value = reader.expect(tlv::GENERALIZED_TIME, "genTime")?.value;
    let (seconds, rest) = value.split_at_checked(14).ok_or(WRONG)?;
    let whole = match rest {
        [b'Z'] => true,
        [b'.', digits @ .., b'Z'] => {
            digits.iter().all(u8::is_ascii_digit) && digits.last().is_some_and(|last| *last != b'0')
        }
        _ => false,
    };
    if !whole {
        return Err(WRONG);
    }
    let der = tlv::element(tlv::GENERALIZED_TIME, &[seconds, b"Z"]);
    let time = GeneralizedTime::from_der(&der).map_err(|_| WRONG)?;
    i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| WRONG)
}

/// Its DER; `None` before 1970 and after the year 9999.
pub(super) fn to_der(at: i64) -> Option<Vec<u8>> {
    let since = Duration::from_secs(u64::try_from(at).ok()?);
    GeneralizedTime::from_unix_duration(since).and_then(|time| time.to_der()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_dropped_and_odd_forms_are_refused() {
        let read = |text: &str| {
            let der = tlv::element(tlv::GENERALIZED_TIME, &[text.as_bytes()]);
            super::read(&mut Reader::new(&der))
        };
        assert_eq!(read("20260512114100Z"), Ok(1_778_586_060));
        assert_eq!(read("20260512114100.5Z"), Ok(1_778_586_060));
        let odd = ["20260512114100", "20260512114100.50Z", "20260512114100.Z", "202605121141Z"];
        for text in odd.into_iter().chain(["20260512114100+0300", "20261312114100Z"]) {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
