//! Changed inputs: the same for the same seed number.

use std::ops::Range;

/// No changed input is longer, in bytes.
const LONGEST: usize = 1 << 20;

/// Bytes at an edge of some format: signs, lengths, tags, digits.
const BYTES: &[u8] = &[0, 1, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x31, 0xa0, b'0', b'9', b'<'];

/// Numbers at an edge of some type, as text.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "255",
    "65536",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "18446744073709551616",
    "99999999999999999999999",
];

/// Numbers that look drawn and can be drawn again. Spec: SplitMix64.
pub struct Numbers(u64);

impl Numbers {
    /// The row of numbers that `seed` begins.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    /// One of `all`.
    ///
    /// None of none.
    pub fn one<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// A part of what is `length` long, more often a short one.
    fn part(&mut self, length: usize) -> Range<usize> {
        let start = self.below(length);
        let most = 1 << self.below(11);
        start..(start + 1 + self.below(most)).min(length)
    }
}

/// `input` with up to eight changes, some of which take from `other`.
pub fn changed(numbers: &mut Numbers, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=numbers.below(8) {
        change(numbers, &mut bytes, other);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn change(numbers: &mut Numbers, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = numbers.below(bytes.len());
    let part = numbers.part(bytes.len());
    match numbers.below(9) {
        0 => write(bytes, at, |byte| byte ^ (1 << numbers.below(8))),
        1 => write(bytes, at, |byte| numbers.one(BYTES).copied().unwrap_or(byte)),
        2 => write(bytes, at, |byte| byte.wrapping_add(1)),
        3 => write(bytes, at, |byte| byte.wrapping_sub(1)),
        4 => drop(bytes.drain(part)),
        5 => insert(bytes, at, other.get(numbers.part(other.len())).unwrap_or_default()),
        6 => {
            let times = if numbers.below(8) == 0 { 1 + numbers.below(200) } else { 1 };
            let again = bytes.get(part).unwrap_or_default().repeat(times);
            insert(bytes, at, &again);
        }
        7 => number(bytes, at, numbers.one(NUMBERS).copied().unwrap_or_default()),
        _ if numbers.below(4) == 0 => bytes.truncate(at),
        _ => {
            let few: Vec<u8> = numbers.next().to_le_bytes().into_iter().take(at % 8 + 1).collect();
            insert(bytes, at, &few);
        }
    }
}

fn write(bytes: &mut [u8], at: usize, new: impl FnOnce(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = new(*byte);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    bytes.splice(at..at, what.iter().copied());
}

/// Writes `new` instead of the first digits from `at` on.
fn number(bytes: &mut Vec<u8>, at: usize, new: &str) {
    let digit = |byte: &u8| byte.is_ascii_digit();
    let Some(start) = bytes.iter().skip(at).position(digit) else { return };
    let start = at + start;
    let length = bytes.iter().skip(start).take_while(|byte| digit(byte)).count();
    bytes.splice(start..start + length, new.bytes());
}
