//! A prepared update: what is hashed, and the signature put into its place.

use std::ops::Range;

use sha2::Sha256;
use sha2::digest::{Digest, Output};

use crate::object::{Reference, write_hex};
use crate::refusal::{OBJECT, Refusal, TABLE};
use crate::signature::RANGE_ROOM;
use crate::update::Written;

/// What a signature covers: from byte 0 to `hole.start` and from `hole.end` to `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// The `<…>` of the signature's `Contents`, in bytes from the beginning of the file.
    pub hole: Range<usize>,
    /// The end of the revision that is signed.
    pub end: usize,
}

/// An update with room for a signature. It holds nothing of the original but its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    original: usize,
    update: Vec<u8>,
    hole: Range<usize>,
    field: String,
}

/// [`Prepared`] as plain values, to be kept between two requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedParts {
    /// Length of the original in bytes.
    pub original: usize,
    /// The update, with zeros in the hole.
    pub update: Vec<u8>,
    /// The hole, `<…>`, in bytes from the beginning of the update.
    pub hole: Range<usize>,
    /// Name of the field.
    pub field: String,
}

impl Prepared {
    pub(crate) fn new(
        original: usize,
        written: &Written,
        signature: Reference,
        field: String,
    ) -> Result<Self, Refusal> {
        let mut update = written.bytes.clone();
        let start = *written.values_at.get(&signature.number).ok_or(OBJECT)?;
        let find = |from: usize, byte: u8| {
            let rest = update.get(from..)?;
            rest.iter().position(|found| *found == byte).map(|place| from + place)
        };
        // The value begins with `<< /ByteRange [0 … ] /Contents <…>`.
        let bracket = find(start, b'[').ok_or(OBJECT)?;
        let open = find(bracket, b'<').ok_or(OBJECT)?;
        let close = find(open, b'>').ok_or(OBJECT)? + 1;
        let hole = original + open..original + close;
        let after = original + update.len() - hole.end;
        let numbers = [hole.start, hole.end, after].map(|number| number.to_string());
        let numbers = format!("{:width$}", numbers.join(" "), width = RANGE_ROOM.len());
        let room = bracket + 3..bracket + 3 + RANGE_ROOM.len();
        match update.get_mut(room) {
            Some(room) if numbers.len() == room.len() => room.copy_from_slice(numbers.as_bytes()),
            _ => return Err(Refusal::TooLarge),
        }
        Ok(Self { original, update, hole: open..close, field })
    }

    /// Restores what [`Prepared::into_parts`] gave; refuses a hole that is not one.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when the hole is not `<000…>` inside the update.
    pub fn from_parts(parts: PreparedParts) -> Result<Self, Refusal> {
        let PreparedParts { original, update, hole, field } = parts;
        let is_hole = match update.get(hole.clone()) {
            Some([b'<', zeros @ .., b'>']) => {
                !zeros.is_empty()
                    && zeros.len().is_multiple_of(2)
                    && zeros.iter().all(|byte| *byte == b'0')
            }
            _ => false,
        };
        if is_hole { Ok(Self { original, update, hole, field }) } else { Err(TABLE) }
    }

    /// Plain values to keep between two requests.
    #[must_use]
    pub fn into_parts(self) -> PreparedParts {
        let Self { original, update, hole, field } = self;
        PreparedParts { original, update, hole, field }
    }

    /// Name of the field that is signed.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// How many bytes of DER the hole holds.
    #[must_use]
    pub fn reserve(&self) -> usize {
        self.hole.len().saturating_sub(2) / 2
    }

    /// What is covered, in bytes of the whole file.
    #[must_use]
    pub fn byte_range(&self) -> ByteRange {
        let hole = self.original + self.hole.start..self.original + self.hole.end;
        ByteRange { hole, end: self.original + self.update.len() }
    }

    /// The covered bytes of the update, before and after the hole. The whole original, which is
    /// hashed before them, is not needed here.
    #[must_use]
    pub fn covered(&self) -> [&[u8]; 2] {
        let before = self.update.get(..self.hole.start).unwrap_or_default();
        let after = self.update.get(self.hole.end..).unwrap_or_default();
        [before, after]
    }

    /// The digest of the covered bytes. `original` has been fed exactly the original, in pieces
    /// of any size; so no more than a piece of it need be in memory.
    #[must_use]
    pub fn digest<D: Digest>(&self, mut original: D) -> Output<D> {
        for piece in self.covered() {
            original.update(piece);
        }
        original.finalize()
    }

    /// The SHA-256 digest of the covered bytes, with the original in memory.
    #[must_use]
    pub fn sha256(&self, original: &[u8]) -> [u8; 32] {
        self.digest(Sha256::new_with_prefix(original)).into()
    }

    /// The update, with this DER in the hole: to be appended to the original.
    ///
    /// # Errors
    /// [`Refusal::TooLong`] when it does not fit: prepare again with [`Prepared::reserve`] raised.
    pub fn finish(&self, der: &[u8]) -> Result<Vec<u8>, Refusal> {
        if der.len() > self.reserve() {
            return Err(Refusal::TooLong);
        }
        let mut hex = Vec::new();
        write_hex(der, &mut hex);
        let mut update = self.update.clone();
        let start = self.hole.start + 1;
        match update.get_mut(start..start + hex.len()) {
            Some(room) => room.copy_from_slice(&hex),
            None => return Err(Refusal::TooLong),
        }
        Ok(update)
    }
}
