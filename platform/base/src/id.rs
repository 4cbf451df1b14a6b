//! Ids: 16 bytes, opaque outside, spread inside (PROTOCOLS §7).

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Chance, Time};

/// An opaque id of a `T`: 16 bytes, shown as 32 lower-case hexadecimal digits.
///
/// Made by [`Id::random`] where it is shown outside, by [`Id::row`] where it is a key of a table.
pub struct Id<T>([u8; 16], PhantomData<fn() -> T>);

/// Marker of [`PersonId`].
#[derive(Debug)]
pub enum Person {}

/// Marker of [`RowId`].
#[derive(Debug)]
pub enum Row {}

/// The opaque, immutable id of a person (R1).
pub type PersonId = Id<Person>;

/// The id of a row that nobody outside its store names.
pub type RowId = Id<Row>;

/// Not 32 hexadecimal digits, or not 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of 16 bytes")]
pub struct IdError;

impl<T> Id<T> {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes, PhantomData)
    }

    /// 16 bytes of chance: for every id that is shown outside.
    #[must_use]
    pub fn random(chance: &dyn Chance) -> Self {
        Self::from_bytes(chance.bytes())
    }

    /// A spread byte, six bytes of milliseconds, nine of chance: for keys of tables.
    ///
    /// `spread` is a byte of a hash of what the row belongs to (subject, session), so that its
    /// rows lie together while rows of one moment do not: serialisable engines lock index pages.
    #[must_use]
    pub fn row(spread: u8, at: Time, chance: &dyn Chance) -> Self {
        let [_, _, m2, m3, m4, m5, m6, m7] = at.micros().div_euclid(1000).to_be_bytes();
        let [a, b, c, d, e, f, g, h, i] = chance.bytes::<9>();
        Self::from_bytes([spread, m2, m3, m4, m5, m6, m7, a, b, c, d, e, f, g, h, i])
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        unhex(text).ok_or(IdError)?.as_slice().try_into()
    }
}
impl<T> TryFrom<&[u8]> for Id<T> {
    type Error = IdError;

    fn try_from(bytes: &[u8]) -> Result<Self, IdError> {
        bytes.try_into().map(Self::from_bytes).map_err(|_| IdError)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Lower-case hexadecimal digits, two a byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of hexadecimal digits in either case; none for an odd count or another character.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().map(|digit| char::from(digit).to_digit(16));
    let digits: Vec<u8> = digits.map(|d| u8::try_from(d?).ok()).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Sevens;
    impl Chance for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn a_row_id_is_spread_then_time_then_chance() {
        let id = RowId::row(0xab, Time::from_micros(0x0102_0304_0506 * 1000), &Sevens);
        assert_eq!(id.to_string(), "ab010203040506070707070707070707");
        assert_eq!(id.to_string().parse::<RowId>(), Ok(id));
    }

    #[test]
    fn an_id_is_32_digits_and_nothing_else() {
        for text in
            ["", "ab", "zz010203040506070707070707070707", "ab01020304050607070707070707070"]
        {
            assert_eq!(text.parse::<RowId>(), Err(IdError), "{text}");
        }
    }
}
