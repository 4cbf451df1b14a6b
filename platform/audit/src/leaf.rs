//! An entry of the log: what anybody may see of a record, and what the tree proves.

use std::fmt;
use std::str::FromStr;

use base::{Date, Owner};
use minicbor::Decoder;

use crate::cbor::{self, MalformedRecord, Writer};
use crate::handle::Tag;
use crate::record::{Class, Disclosure, RequestId};
use crate::tree::Hash;

/// The version of the bytes.
pub(crate) const VERSION: u64 = 1;

/// The longest leaf, in bytes: what an entry bundle can carry.
pub const LONGEST_LEAF: usize = 4096;

/// A month, shown as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

/// An entry: deterministic CBOR of these, by integer keys 1 to 11 in this order after `version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Whose the log is.
    pub owner: Owner,
    /// `<owner>/<part>`.
    pub log: String,
    /// The country's date when the record was made.
    pub day: Date,
    /// What finds it.
    pub tag: Tag,
    /// The record class's name.
    pub class: String,
    /// The last month in which its keys exist.
    pub expires: Month,
    /// Whether the person may see it yet.
    pub disclosure: Disclosure,
    /// What it shares with the other records of one request.
    pub request: RequestId,
    /// Chance, so that nobody can try out what a leaf says.
    pub salt: [u8; 16],
    /// SHA-256 of its ciphertext.
    pub sealed: Hash,
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// So many months later, held at the end of the calendar.
    #[must_use]
    pub fn plus(self, months: u16) -> Self {
        let zero_based = i32::from(self.year) * 12 + i32::from(self.month) - 1 + i32::from(months);
        let year = i16::try_from(zero_based.div_euclid(12)).unwrap_or(i16::MAX).min(9999);
        Self { year, month: i8::try_from(zero_based.rem_euclid(12)).unwrap_or(0) + 1 }
    }

    /// How many months this is after `earlier`; 0 when it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> u16 {
        let months = |month: Self| i32::from(month.year) * 12 + i32::from(month.month);
        u16::try_from(months(self) - months(earlier)).unwrap_or(0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = MalformedRecord;

    fn from_str(text: &str) -> Result<Self, MalformedRecord> {
        let first: Result<Date, _> = format!("{text}-01").parse();
        let month = Self::of(first.map_err(|_| MalformedRecord("not a month"))?);
        let exact = month.to_string() == text;
        exact.then_some(month).ok_or(MalformedRecord("not a month"))
    }
}

impl Leaf {
    /// Its bytes: what is hashed, bundled and proved.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.map(11).uint(1).uint(VERSION);
        to.uint(2).text(self.owner.name()).uint(3).text(&self.log);
        to.uint(4).text(&self.day.to_string()).uint(5).bytes(&self.tag);
        to.uint(6).text(&self.class).uint(7).text(&self.expires.to_string()).uint(8);
        match &self.disclosure {
            Disclosure::Visible => to.array(0),
            Disclosure::Delayed { until, ground } => {
                to.array(2).text(&until.to_string()).text(ground)
            }
        };
        to.uint(9).bytes(self.request.bytes()).uint(10).bytes(&self.salt);
        to.uint(11).bytes(&self.sealed);
        to.finish()
    }

    /// Reads an entry: only the exact bytes that [`Self::encode`] gives.
    ///
    /// # Errors
    /// Any other bytes, and more than [`LONGEST_LEAF`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedRecord> {
        if bytes.len() > LONGEST_LEAF {
            return Err(MalformedRecord("too long"));
        }
        let mut decoder = Decoder::new(bytes);
        let leaf = Self::read(&mut decoder)?;
        (leaf.encode() == bytes).then_some(leaf).ok_or(MalformedRecord("not deterministic"))
    }

    /// The class with the months that this leaf's dates say.
    #[must_use]
    pub fn class(&self) -> Class {
        Class { name: self.class.clone(), months: self.expires.since(Month::of(self.day)) }
    }

    fn read(from: &mut Decoder<'_>) -> Result<Self, MalformedRecord> {
        cbor::map(from, 11)?;
        cbor::key(from, 1)?;
        if from.u64()? != VERSION {
            return Err(MalformedRecord("another version"));
        }
        cbor::key(from, 2)?;
        let owner = from.str()?.parse().map_err(|_| MalformedRecord("not an owner"))?;
        cbor::key(from, 3)?;
        let log = from.str()?.to_owned();
        cbor::key(from, 4)?;
        let day = date(from.str()?)?;
        cbor::key(from, 5)?;
        let tag = cbor::fixed(from)?;
        cbor::key(from, 6)?;
        let class = from.str()?.to_owned();
        cbor::key(from, 7)?;
        let expires = from.str()?.parse()?;
        cbor::key(from, 8)?;
        let disclosure = disclosure(from)?;
        cbor::key(from, 9)?;
        let request = RequestId::from_bytes(cbor::fixed(from)?);
        cbor::key(from, 10)?;
        let salt = cbor::fixed(from)?;
        cbor::key(from, 11)?;
        let sealed = cbor::fixed(from)?;
        Ok(Self { owner, log, day, tag, class, expires, disclosure, request, salt, sealed })
    }
}

fn disclosure(from: &mut Decoder<'_>) -> Result<Disclosure, MalformedRecord> {
    match from.array()? {
        Some(0) => Ok(Disclosure::Visible),
        Some(2) => {
            let until = date(from.str()?)?;
            Ok(Disclosure::Delayed { until, ground: from.str()?.to_owned() })
        }
        _ => Err(MalformedRecord("another disclosure rule")),
    }
}

fn date(text: &str) -> Result<Date, MalformedRecord> {
    text.parse().map_err(|_| MalformedRecord("not a date"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaf() -> impl Strategy<Value = Leaf> {
        let rule = prop_oneof![
            Just(Disclosure::Visible),
            "[a-z §0-9]{0,20}".prop_map(|ground| Disclosure::Delayed {
                until: "2027-01-01".parse().unwrap(),
                ground
            }),
        ];
        (any::<([u8; 32], [u8; 16], [u8; 16], [u8; 32])>(), rule, 1_i8..=12, 1_i8..=28).prop_map(
            |((tag, request, salt, sealed), disclosure, month, day)| {
                let day = Date::new(2026, month, day).unwrap();
                Leaf {
                    owner: "pmlp".parse().unwrap(),
                    log: "pmlp/persons".to_owned(),
                    day,
                    tag,
                    class: "person.look".to_owned(),
                    expires: Month::of(day).plus(24),
                    disclosure,
                    request: RequestId::from_bytes(request),
                    salt,
                    sealed,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn a_leaf_is_read_back(leaf in leaf()) {
            prop_assert_eq!(Leaf::parse(&leaf.encode()), Ok(leaf));
        }

        #[test]
        fn other_bytes_are_refused_without_a_crash(bytes: Vec<u8>) {
            prop_assert!(Leaf::parse(&bytes).is_err());
        }

        #[test]
        fn changed_bytes_are_refused_or_another_leaf(
            leaf in leaf(), at: prop::sample::Index, mask in 1_u8..,
        ) {
            let mut bytes = leaf.encode();
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
            if let Ok(read) = Leaf::parse(&bytes) {
                prop_assert_ne!(read, leaf);
            }
        }
    }

    #[test]
    fn months_are_counted_over_the_turn_of_the_year() {
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(month.plus(0), month);
        assert_eq!(month.plus(14).to_string(), "2028-01");
        assert_eq!(month.plus(1).to_string(), "2026-12");
        assert_eq!(month.plus(14).since(month), 14);
        assert_eq!(month.since(month.plus(1)), 0);
        for text in ["2026", "2026-13", "2026-1", "2026-11-01", ""] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
