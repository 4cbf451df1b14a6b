//! Deterministic CBOR, written by hand because it cannot fail, read with `minicbor`.
//!
//! Spec: RFC 8949 §4.2.1 (shortest heads, definite lengths, keys in order: the callers' integer
//! keys ascend).

use minicbor::Decoder;
use minicbor::data::Type;

/// Bytes being written.
#[derive(Debug, Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn uint(&mut self, value: u64) -> &mut Self {
        self.head(0, value)
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(2, length(value)).0.extend_from_slice(value);
        self
    }

    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.head(3, length(value.as_bytes())).0.extend_from_slice(value.as_bytes());
        self
    }

    pub(crate) fn array(&mut self, items: usize) -> &mut Self {
        self.head(4, u64::try_from(items).unwrap_or(u64::MAX))
    }

    pub(crate) fn map(&mut self, pairs: usize) -> &mut Self {
        self.head(5, u64::try_from(pairs).unwrap_or(u64::MAX))
    }

    /// A signed number, for times before the epoch too.
    pub(crate) fn int(&mut self, value: i64) -> &mut Self {
        match u64::try_from(value) {
            Ok(value) => self.head(0, value),
            // -1 - value, which is the bitwise complement and never negative here.
            Err(_) => self.head(1, u64::try_from(!value).unwrap_or(0)),
        }
    }

    pub(crate) fn null(&mut self) -> &mut Self {
        self.0.push(0xf6);
        self
    }

    pub(crate) fn optional_text(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn optional_bytes(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            Some(bytes) => self.bytes(bytes),
            None => self.null(),
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }

    fn head(&mut self, major: u8, value: u64) -> &mut Self {
        let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
        let major = major << 5;
        match value {
            0..=23 => self.0.push(major | h),
            24..=0xff => self.0.extend_from_slice(&[major | 24, h]),
            0x100..=0xffff => self.0.extend_from_slice(&[major | 25, g, h]),
            0x1_0000..=0xffff_ffff => self.0.extend_from_slice(&[major | 26, e, f, g, h]),
            _ => self.0.extend_from_slice(&[major | 27, a, b, c, d, e, f, g, h]),
        }
        self
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Bytes that are not the deterministic CBOR expected here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a log record of this version: {0}")]
pub struct MalformedRecord(pub(crate) &'static str);

impl From<minicbor::decode::Error> for MalformedRecord {
    fn from(_: minicbor::decode::Error) -> Self {
        Self("not the CBOR expected")
    }
}

/// A map of exactly `pairs` pairs.
pub(crate) fn map(from: &mut Decoder<'_>, pairs: u64) -> Result<(), MalformedRecord> {
    (from.map()? == Some(pairs)).then_some(()).ok_or(MalformedRecord("another number of fields"))
}

/// An array of exactly `items` items.
pub(crate) fn array(from: &mut Decoder<'_>, items: u64) -> Result<(), MalformedRecord> {
    (from.array()? == Some(items)).then_some(()).ok_or(MalformedRecord("another number of items"))
}

/// The key `key`.
pub(crate) fn key(from: &mut Decoder<'_>, key: u64) -> Result<(), MalformedRecord> {
    (from.u64()? == key).then_some(()).ok_or(MalformedRecord("another field"))
}

/// Bytes of one length.
pub(crate) fn fixed<const N: usize>(from: &mut Decoder<'_>) -> Result<[u8; N], MalformedRecord> {
    from.bytes()?.try_into().map_err(|_| MalformedRecord("bytes of another length"))
}

/// Null, or what `read` reads.
pub(crate) fn optional<T>(
    from: &mut Decoder<'_>,
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, MalformedRecord>,
) -> Result<Option<T>, MalformedRecord> {
    if from.datatype()? == Type::Null {
        from.null()?;
        return Ok(None);
    }
    read(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn heads_are_the_shortest() {
        for (value, expected) in [
            (23, "17"),
            (24, "1818"),
            (255, "18ff"),
            (256, "190100"),
            (65_536, "1a00010000"),
            (4_294_967_296, "1b0000000100000000"),
        ] {
            let mut to = Writer::default();
            to.uint(value);
            assert_eq!(base::hex(&to.finish()), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_minicbor_reads(n: u64, i: i64, t: String, b: Vec<u8>) {
            let mut to = Writer::default();
            to.map(1).uint(n).array(3).int(i).text(&t).bytes(&b);
            let bytes = to.finish();
            let mut from = Decoder::new(&bytes);
            prop_assert_eq!(from.map().unwrap(), Some(1));
            prop_assert_eq!(from.u64().unwrap(), n);
            prop_assert_eq!(from.array().unwrap(), Some(3));
            prop_assert_eq!(from.i64().unwrap(), i);
            prop_assert_eq!(from.str().unwrap(), t);
            prop_assert_eq!(from.bytes().unwrap(), b);
        }
    }
}
