//! The step from BER to DER that readers of other people's signatures need: indefinite lengths,
//! lengths in too many bytes, and OCTET STRINGs in pieces.
//!
//! Only these three are changed. The order of a SET stays as it was: whoever hashes signed
//! attributes must see whether they were sorted. Spec: X.690 §8.1.3, §8.7, §10.

use std::borrow::Cow;

use crate::tlv::{self, Header};
use crate::{MAX_BYTES, ReadError};

const MAX_DEPTH: usize = 32;
const MAX_ELEMENTS: usize = 200_000;
const CONSTRUCTED_OCTETS: u8 = 0x24;

/// The first element of `input` in DER, and what follows it.
///
/// The element is borrowed when it was DER already in the three points above.
///
/// # Errors
/// When it is malformed, deeper than 32, of more than 200,000 parts, or too long.
pub(crate) fn first_element(input: &[u8]) -> Result<(Cow<'_, [u8]>, &[u8]), ReadError> {
    if input.len() > MAX_BYTES {
        return Err(ReadError::TooLong);
    }
    let mut walk = Walk { rest: input, elements: 0 };
    let mut out = Vec::with_capacity(input.len());
    walk.element(&mut out, 0)?;
    let used = input.len() - walk.rest.len();
    let given = input.get(..used).unwrap_or_default();
    let der = if out == given { Cow::Borrowed(given) } else { Cow::Owned(out) };
    Ok((der, walk.rest))
}

struct Walk<'a> {
    rest: &'a [u8],
    elements: usize,
}

impl<'a> Walk<'a> {
    fn element(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<(), ReadError> {
        self.elements += 1;
        if depth > MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(ReadError::TooDeep);
        }
        let header = Header::read(self.rest)?;
        self.take(header.size)?;
        let body = match header.length {
            Some(length) if header.tag & 0x20 == 0 => Cow::Borrowed(self.take(length)?),
            Some(length) => Cow::Owned(self.definite(length, depth)?),
            None if header.tag & 0x20 == 0 => {
                return Err(ReadError::Malformed("primitive of indefinite length"));
            }
            None => Cow::Owned(self.indefinite(depth)?),
        };
        if header.tag == CONSTRUCTED_OCTETS {
            out.extend(tlv::element(tlv::OCTET_STRING, &[&joined(&body)?]));
        } else {
            out.extend(tlv::element(header.tag, &[&body]));
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) =
            self.rest.split_at_checked(length).ok_or(ReadError::Malformed("ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn definite(&mut self, length: usize, depth: usize) -> Result<Vec<u8>, ReadError> {
        let mut within = Walk { rest: self.take(length)?, elements: self.elements };
        let mut body = Vec::with_capacity(length);
        while !within.rest.is_empty() {
            within.element(&mut body, depth + 1)?;
        }
        self.elements = within.elements;
        Ok(body)
    }

    fn indefinite(&mut self, depth: usize) -> Result<Vec<u8>, ReadError> {
        let mut body = Vec::new();
        while !self.rest.starts_with(&[0, 0]) {
            self.element(&mut body, depth + 1)?;
        }
        self.take(2)?;
        Ok(body)
    }
}

/// The contents of an OCTET STRING whose pieces (DER already) are `body`.
fn joined(body: &[u8]) -> Result<Vec<u8>, ReadError> {
    let mut pieces = tlv::Reader::new(body);
    let mut octets = Vec::with_capacity(body.len());
    while !pieces.is_empty() {
        octets
            .extend_from_slice(pieces.expect(tlv::OCTET_STRING, "piece of an OCTET STRING")?.value);
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn der(bytes: &[u8]) -> Vec<u8> {
        first_element(bytes).unwrap().0.into_owned()
    }

    #[test]
    fn indefinite_lengths_and_pieces_become_der() {
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, 1, 4, 0x81, 1, 2, 0, 0, 2, 1, 5, 0, 0];
        assert_eq!(der(&ber), [0x30, 7, 4, 2, 1, 2, 2, 1, 5]);
    }

    #[test]
    fn der_is_borrowed_and_what_follows_is_shown() {
        let (element, rest) = first_element(&[0x30, 2, 5, 0, 0, 0]).unwrap();
        assert!(matches!(element, Cow::Borrowed([0x30, 2, 5, 0])));
        assert_eq!(rest, [0, 0]);
    }

    #[test]
    fn endless_nesting_is_refused() {
        let deep = vec![0x30; 200].into_iter().flat_map(|tag| [tag, 0x80]).collect::<Vec<u8>>();
        assert_eq!(first_element(&deep), Err(ReadError::TooDeep));
    }

    proptest! {
        #[test]
        fn garbage_never_panics_and_the_result_is_stable(bytes: Vec<u8>) {
            if let Ok((once, _)) = first_element(&bytes) {
                let (twice, rest) = first_element(&once).unwrap();
                prop_assert_eq!(&twice, &once);
                prop_assert!(rest.is_empty());
            }
        }
    }
}
