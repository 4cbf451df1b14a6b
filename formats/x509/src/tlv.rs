//! Strict DER, read and written: one element at a time, no recursion.

use crate::oid::Oid;
use crate::time;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// `[n]` of a constructed context tag (explicit, or implicit over a sequence).
pub(crate) const fn context(n: u8) -> u8 {
    0xa0 | n
}

/// `[n]` of a primitive context tag (implicit over a primitive).
pub(crate) const fn primitive(n: u8) -> u8 {
    0x80 | n
}

/// Bytes that are not the DER of what was expected; says which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the expected DER: {0}")]
pub struct Malformed(pub(crate) &'static str);

/// One element: its tag, its content, and all its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Elements that follow each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn next(&mut self) -> Result<Tlv<'a>, Malformed> {
        let (&tag, rest) = self.0.split_first().ok_or(Malformed("an element is missing"))?;
        if tag & 0x1f == 0x1f {
            return Err(Malformed("a tag number above 30"));
        }
        let (length, rest) = length(rest)?;
        let (value, after) =
            rest.split_at_checked(length).ok_or(Malformed("an element is cut short"))?;
        let size = self.0.len() - after.len();
        let whole = self.0.get(..size).ok_or(Malformed("an element is cut short"))?;
        self.0 = after;
        Ok(Tlv { tag, value, whole })
    }

    pub(crate) fn take(&mut self, tag: u8) -> Result<Tlv<'a>, Malformed> {
        if self.0.first() == Some(&tag) {
            self.next()
        } else {
            Err(Malformed("another tag than expected"))
        }
    }

    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Malformed> {
        if self.0.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    pub(crate) fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed("bytes after the end")) }
    }
}

/// The definite, shortest length at the start of `bytes`, and what follows it.
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let (&first, rest) = bytes.split_first().ok_or(Malformed("a length is missing"))?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 3 {
        return Err(Malformed("an indefinite or huge length"));
    }
    let (digits, rest) = rest.split_at_checked(count).ok_or(Malformed("a length is cut short"))?;
    let value = digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
    if value < 0x80 || digits.first() == Some(&0) {
        return Err(Malformed("a length that is not the shortest"));
    }
    Ok((value, rest))
}

/// The one element that `bytes` are, of this tag.
pub(crate) fn single(bytes: &[u8], tag: u8) -> Result<Tlv<'_>, Malformed> {
    let mut input = Input::new(bytes);
    let found = input.take(tag)?;
    input.end()?;
    Ok(found)
}

impl<'a> Tlv<'a> {
    /// The elements inside.
    pub(crate) fn inner(self) -> Input<'a> {
        Input::new(self.value)
    }

    /// The one element inside, of this tag.
    pub(crate) fn only(self, tag: u8) -> Result<Tlv<'a>, Malformed> {
        single(self.value, tag)
    }

    pub(crate) fn oid(self) -> Result<Oid, Malformed> {
        if self.tag == OID { Oid::from_content(self.value) } else { Err(Malformed("not an OID")) }
    }

    pub(crate) fn boolean(self) -> Result<bool, Malformed> {
        match (self.tag, self.value) {
            (BOOLEAN | 0x80..=0x9e, [0x00]) => Ok(false),
            (BOOLEAN | 0x80..=0x9e, [0xff]) => Ok(true),
            _ => Err(Malformed("a boolean that is neither 00 nor FF")),
        }
    }

    /// The octets of an integer, two's complement, shortest form.
    pub(crate) fn integer(self) -> Result<&'a [u8], Malformed> {
        match self.value {
            [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => {
                Err(Malformed("an integer that is empty or not the shortest"))
            }
            octets => Ok(octets),
        }
    }

    /// A non-negative integer below 2^32.
    pub(crate) fn small(self) -> Result<u32, Malformed> {
        let octets = self.integer()?;
        let octets = octets.strip_prefix(&[0]).unwrap_or(octets);
        if octets.len() > 4 || (self.value.first().is_some_and(|first| *first >= 0x80)) {
            return Err(Malformed("an integer outside 0..2^32"));
        }
        Ok(octets.iter().fold(0, |sum, octet| (sum << 8) | u32::from(*octet)))
    }

    /// The octets of a bit string without unused bits.
    pub(crate) fn bits(self) -> Result<&'a [u8], Malformed> {
        match self.value.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(Malformed("a bit string with unused bits")),
        }
    }

    /// Seconds since 1970 of a `Time` of RFC 5280: either form, no fraction, `Z`.
    pub(crate) fn time(self) -> Result<i64, Malformed> {
        time::parse(self.tag, self.value)
    }

    /// ASCII text.
    pub(crate) fn ascii(self) -> Result<String, Malformed> {
        if !self.value.is_ascii() {
            return Err(Malformed("text that is not ASCII"));
        }
        String::from_utf8(self.value.to_vec()).map_err(|_| Malformed("text that is not ASCII"))
    }
}

/// The element of this tag and content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let digits = content.len().to_be_bytes();
            let digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            out.extend(digits);
        }
    }
    out.extend_from_slice(content);
    out
}

/// The element of this tag whose content is `parts` one after the other.
pub(crate) fn wrap<P: AsRef<[u8]>>(tag: u8, parts: &[P]) -> Vec<u8> {
    let mut content = Vec::new();
    for part in parts {
        content.extend_from_slice(part.as_ref());
    }
    tlv(tag, &content)
}

/// A sequence of `parts`.
pub(crate) fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    wrap(SEQUENCE, parts)
}

/// A non-negative integer from big-endian octets.
pub(crate) fn unsigned(octets: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = octets.iter().copied().skip_while(|octet| *octet == 0).collect();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    tlv(INTEGER, &content)
}

/// An integer.
pub(crate) fn number(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// `TRUE` or `FALSE`.
pub(crate) fn boolean(value: bool) -> Vec<u8> {
    tlv(BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// A bit string without unused bits.
pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(octets.len() + 1);
    content.push(0);
    content.extend_from_slice(octets);
    tlv(BIT_STRING, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_length_that_is_not_the_shortest_is_refused() {
        assert!(single(&[4, 0x81, 1, 7], OCTET_STRING).is_err());
        assert!(single(&[4, 0x80], OCTET_STRING).is_err());
        assert!(single(&[4, 2, 7], OCTET_STRING).is_err());
        assert!(single(&[4, 1, 7, 0], OCTET_STRING).is_err());
    }

    #[test]
    fn an_integer_has_one_form() {
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(number(0), [2, 1, 0]);
        assert!(single(&[2, 2, 0, 1], INTEGER).unwrap().integer().is_err());
        assert!(single(&[2, 1, 0xff], INTEGER).unwrap().small().is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(content in prop::collection::vec(any::<u8>(), 0..70_000)) {
            let element = tlv(OCTET_STRING, &content);
            prop_assert_eq!(single(&element, OCTET_STRING).unwrap().value, &content[..]);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut input = Input::new(&bytes);
            while let Ok(element) = input.next() {
                let _ = (element.oid(), element.time(), element.small(), element.bits());
            }
        }
    }
}
