//! DER elements as slices of the input, so that no byte is lost, and the few writers they need.

use crate::ReadError;

/// BOOLEAN.
pub(crate) const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// BIT STRING.
pub(crate) const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// NULL.
pub(crate) const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub(crate) const OID: u8 = 0x06;
/// UTF8String.
pub(crate) const UTF8_STRING: u8 = 0x0c;
/// IA5String.
pub(crate) const IA5_STRING: u8 = 0x16;
/// UTCTime.
pub(crate) const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;
/// SET.
pub(crate) const SET: u8 = 0x31;

/// The constructed context tag `[number]`, number below 31.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// The primitive context tag `[number]`, number below 31.
pub(crate) const fn context_primitive(number: u8) -> u8 {
    0x80 | number
}

/// One element: its tag, its contents, and all its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// Reads elements one after another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The bytes not yet read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, ReadError> {
        let header = Header::read(self.rest)?;
        let length = header.length.ok_or(ReadError::Malformed("indefinite length"))?;
        let end = header.size.checked_add(length).ok_or(ReadError::Malformed("length"))?;
        let raw = self.rest.get(..end).ok_or(ReadError::Malformed("ends too early"))?;
        let value = raw.get(header.size..).ok_or(ReadError::Malformed("length"))?;
        if !header.minimal {
            return Err(ReadError::Malformed("length not minimal"));
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
        Ok(Element { tag: header.tag, value, raw })
    }

    /// The next element, which has `tag`; `what` names it for the error.
    pub(crate) fn expect(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>, ReadError> {
        let mut ahead = *self;
        let element = ahead.any()?;
        if element.tag != tag {
            return Err(ReadError::Malformed(what));
        }
        *self = ahead;
        Ok(element)
    }

    /// The contents of the next element, which has `tag`, as a reader.
    pub(crate) fn enter(&mut self, tag: u8, what: &'static str) -> Result<Self, ReadError> {
        Ok(Self::new(self.expect(tag, what)?.value))
    }

    /// The next element if it has `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, ReadError> {
        if self.rest.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// All elements up to the end, at most `limit`.
    pub(crate) fn all(
        mut self,
        limit: usize,
        what: &'static str,
    ) -> Result<Vec<Element<'a>>, ReadError> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            if elements.len() == limit {
                return Err(ReadError::TooMany(what));
            }
            elements.push(self.any()?);
        }
        Ok(elements)
    }

    /// Refuses bytes after the last element.
    pub(crate) fn end(self, what: &'static str) -> Result<(), ReadError> {
        if self.is_empty() { Ok(()) } else { Err(ReadError::Malformed(what)) }
    }
}

/// Tag and length of an element; no length means the indefinite form of BER.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) tag: u8,
    pub(crate) length: Option<usize>,
    pub(crate) size: usize,
    pub(crate) minimal: bool,
}

impl Header {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let [tag, first, rest @ ..] = bytes else {
            return Err(ReadError::Malformed("ends too early"));
        };
        if tag & 0x1f == 0x1f {
            return Err(ReadError::Malformed("tag number above 30"));
        }
        let (length, size, minimal) = match *first {
            0x80 => (None, 2, true),
            short @ ..0x80 => (Some(usize::from(short)), 2, true),
            long => {
                let count = usize::from(long & 0x7f);
                let digits = rest.get(..count).filter(|_| count <= 4);
                let digits = digits.ok_or(ReadError::Malformed("length"))?;
                let length = digits.iter().fold(0_usize, |sum, digit| {
                    sum.saturating_mul(256).saturating_add(usize::from(*digit))
                });
                let minimal = digits.first() != Some(&0) && length >= 0x80;
                (Some(length), 2 + count, minimal)
            }
        };
        Ok(Self { tag: *tag, length, size, minimal })
    }
}

/// An element of `tag` around the concatenated `parts`.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    push_length(&mut out, length);
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

fn push_length(out: &mut Vec<u8>, length: usize) {
    match u8::try_from(length) {
        Ok(short @ ..0x80) => out.push(short),
        _ => {
            let digits = length.to_be_bytes();
            let zeros = digits.iter().take_while(|digit| **digit == 0).count();
            let count = digits.len() - zeros;
            out.push(0x80 | u8::try_from(count).unwrap_or(0x7f));
            out.extend(digits.iter().skip(zeros));
        }
    }
}

/// A SEQUENCE of the parts.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, parts)
}

/// A SET OF in the order that DER asks for. Spec: X.690 §11.6.
pub(crate) fn set_of<T: AsRef<[u8]>>(members: &[T]) -> Vec<u8> {
    element(SET, &sorted(members))
}

/// The members in the order of DER's SET OF.
pub(crate) fn sorted<T: AsRef<[u8]>>(members: &[T]) -> Vec<&[u8]> {
    let mut members: Vec<&[u8]> = members.iter().map(AsRef::as_ref).collect();
    members.sort_unstable();
    members
}

/// A non-negative INTEGER from big-endian bytes, which may have leading zeros.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    let pad: &[u8] = if digits.first().is_none_or(|first| first & 0x80 != 0) { &[0] } else { &[] };
    element(INTEGER, &[pad, digits])
}

/// A small non-negative INTEGER.
pub(crate) fn small(value: u32) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// The bytes of a non-negative INTEGER without a leading zero; one zero byte for zero.
pub(crate) fn magnitude(value: &[u8]) -> Result<&[u8], ReadError> {
    match value {
        [] => Err(ReadError::Malformed("empty INTEGER")),
        [0] => Ok(value),
        [0, second, ..] if second & 0x80 == 0 => Err(ReadError::Malformed("INTEGER not minimal")),
        [0, rest @ ..] => Ok(rest),
        [first, ..] if first & 0x80 != 0 => Err(ReadError::Malformed("negative INTEGER")),
        _ => Ok(value),
    }
}

/// A non-negative INTEGER that fits 32 bits.
pub(crate) fn number(value: &[u8]) -> Result<u32, ReadError> {
    let digits = magnitude(value)?;
    if digits.len() > 4 {
        return Err(ReadError::Malformed("INTEGER too large"));
    }
    Ok(digits.iter().fold(0, |sum, digit| (sum << 8) | u32::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_minimally_and_read_back() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000] {
            let content = vec![7; length];
            let der = element(OCTET_STRING, &[&content]);
            let mut reader = Reader::new(&der);
            assert_eq!(reader.expect(OCTET_STRING, "test").unwrap().value, content);
            reader.end("test").unwrap();
        }
    }

    #[test]
    fn a_length_in_more_bytes_than_needed_is_refused() {
        for bytes in [&[4, 0x81, 1, 0][..], &[4, 0x82, 0, 0x80], &[4, 0x80, 0, 0], &[4, 0x85]] {
            assert!(Reader::new(bytes).any().is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn integers_keep_their_sign_bit() {
        assert_eq!(unsigned(&[]), [2, 1, 0]);
        assert_eq!(unsigned(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(magnitude(&[0, 0x80]).unwrap(), [0x80]);
        assert!(magnitude(&[0x80]).is_err());
        assert!(magnitude(&[0, 1]).is_err());
        assert_eq!(number(&[1, 0]).unwrap(), 256);
    }
}
