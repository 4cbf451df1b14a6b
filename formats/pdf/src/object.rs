//! Objects: read from tokens, written back so that any reader finds the same values.
//! Spec: ISO 32000-2 §7.3.

use std::collections::BTreeMap;

use crate::lexer::{Lexer, Token};
use crate::refusal::{OBJECT, Outcome, Refusal};

/// How deep arrays and dictionaries may be nested.
const DEEPEST: usize = 64;
/// How many values one object may hold.
const MOST: usize = 200_000;

/// The number and generation of an indirect object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// Object number, from 1.
    pub(crate) number: u32,
    /// Generation, nearly always 0.
    pub(crate) generation: u16,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number, as written.
    Real(Vec<u8>),
    /// A string, decoded.
    Text(Vec<u8>),
    /// A name, decoded, without the slash.
    Name(Vec<u8>),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dict(Dict),
    /// A reference to an indirect object.
    Ref(Reference),
}

/// A dictionary. Of a key that is written twice the last value counts, and `doubled` says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dict {
    entries: BTreeMap<Vec<u8>, Object>,
    doubled: bool,
}

impl Dict {
    /// The value of `key`, if present and not `null`.
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.entries.get(key.as_bytes()).filter(|value| **value != Object::Null)
    }

    /// Sets `key`.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        self.entries.insert(key.as_bytes().to_vec(), value);
    }

    /// Takes `key` away.
    pub(crate) fn remove(&mut self, key: &str) {
        self.entries.remove(key.as_bytes());
    }

    /// Keys and values, sorted by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// Whether a key was written twice, here or further inside.
    pub(crate) fn is_doubled(&self) -> bool {
        self.doubled || self.entries.values().any(Object::is_doubled)
    }

    /// Whether the value of `key` is this name.
    pub(crate) fn is(&self, key: &str, name: &str) -> bool {
        self.get(key).is_some_and(|value| value.is_name(name))
    }

    /// The direct integer at `key`, if it is there and fits.
    pub(crate) fn int<T: TryFrom<i64>>(&self, key: &str) -> Option<T> {
        self.get(key)?.int()
    }
}

impl Object {
    /// A name.
    pub(crate) fn name(text: &str) -> Self {
        Self::Name(text.as_bytes().to_vec())
    }

    /// Whether it is this name.
    pub(crate) fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(found) if found == name.as_bytes())
    }

    /// The integer, if it is one and fits.
    pub(crate) fn int<T: TryFrom<i64>>(&self) -> Option<T> {
        match self {
            Self::Int(value) => T::try_from(*value).ok(),
            _ => None,
        }
    }

    /// The dictionary, if it is one.
    pub(crate) fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub(crate) fn array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The reference, if it is one.
    pub(crate) fn reference(&self) -> Option<Reference> {
        match self {
            Self::Ref(reference) => Some(*reference),
            _ => None,
        }
    }

    fn is_doubled(&self) -> bool {
        match self {
            Self::Array(items) => items.iter().any(Self::is_doubled),
            Self::Dict(dict) => dict.is_doubled(),
            _ => false,
        }
    }

    /// Calls `found` for every reference in it.
    pub(crate) fn references(&self, found: &mut dyn FnMut(Reference)) {
        match self {
            Self::Ref(reference) => found(*reference),
            Self::Array(items) => items.iter().for_each(|item| item.references(found)),
            Self::Dict(dict) => dict.iter().for_each(|(_, value)| value.references(found)),
            _ => {}
        }
    }

    /// Reads one value.
    pub(crate) fn read(lexer: &mut Lexer<'_>) -> Outcome<Self> {
        let mut left = MOST;
        let first = lexer.token()?;
        let value = Self::from_token(first, lexer, 0, &mut left)?;
        Ok(reference_ahead(&value, lexer).unwrap_or(value))
    }

    fn from_token(
        token: Token<'_>,
        lexer: &mut Lexer<'_>,
        depth: usize,
        left: &mut usize,
    ) -> Outcome<Self> {
        *left = left.checked_sub(1).ok_or(Refusal::TooComplex)?;
        if depth > DEEPEST {
            return Err(Refusal::TooComplex);
        }
        match token {
            Token::Int(value) => Ok(Self::Int(value)),
            Token::Real(text) => Ok(Self::Real(text.to_vec())),
            Token::Name(name) => Ok(Self::Name(name)),
            Token::Text(text) => Ok(Self::Text(text)),
            Token::ArrayOpen => {
                Ok(Self::Array(sequence(lexer, &Token::ArrayClose, depth + 1, left)?))
            }
            Token::DictOpen => {
                let items = sequence(lexer, &Token::DictClose, depth + 1, left)?;
                Ok(Self::Dict(dictionary(items)?))
            }
            Token::Word(b"true") => Ok(Self::Bool(true)),
            Token::Word(b"false") => Ok(Self::Bool(false)),
            Token::Word(b"null") => Ok(Self::Null),
            _ => Err(OBJECT),
        }
    }

    /// Writes the value.
    pub(crate) fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Null => to.extend_from_slice(b"null"),
            Self::Bool(value) => to.extend_from_slice(value.to_string().as_bytes()),
            Self::Int(value) => to.extend_from_slice(value.to_string().as_bytes()),
            Self::Real(text) => to.extend_from_slice(text),
            Self::Text(text) => write_text(text, to),
            Self::Name(name) => write_name(name, to),
            Self::Array(items) => write_array(items, to),
            Self::Dict(dict) => dict.write(to),
            Self::Ref(Reference { number, generation }) => {
                to.extend_from_slice(format!("{number} {generation} R").as_bytes());
            }
        }
    }
}

impl Dict {
    /// Writes the dictionary.
    pub(crate) fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(b"<<");
        for (key, value) in self.iter() {
            to.push(b' ');
            write_name(key, to);
            to.push(b' ');
            value.write(to);
        }
        to.extend_from_slice(b" >>");
    }
}

/// The reference that `first` begins, when a generation and `R` follow.
fn reference_ahead(first: &Object, lexer: &mut Lexer<'_>) -> Option<Object> {
    let number = first.int()?;
    let mut ahead = lexer.clone();
    let generation = ahead.int().ok()?;
    if !ahead.word(b"R") {
        return None;
    }
    *lexer = ahead;
    Some(Object::Ref(Reference { number, generation }))
}

fn sequence(
    lexer: &mut Lexer<'_>,
    close: &Token<'_>,
    depth: usize,
    left: &mut usize,
) -> Outcome<Vec<Object>> {
    let mut items = Vec::new();
    loop {
        let token = lexer.token()?;
        if token == *close {
            return Ok(items);
        }
        if token == Token::Word(b"R") {
            let generation = items.pop().and_then(|item| item.int()).ok_or(OBJECT)?;
            let number = items.pop().and_then(|item| item.int()).ok_or(OBJECT)?;
            items.push(Object::Ref(Reference { number, generation }));
        } else {
            items.push(Object::from_token(token, lexer, depth, left)?);
        }
    }
}

fn dictionary(items: Vec<Object>) -> Outcome<Dict> {
    let mut dict = Dict::default();
    let mut items = items.into_iter();
    while let Some(key) = items.next() {
        let (Object::Name(key), Some(value)) = (key, items.next()) else { return Err(OBJECT) };
        dict.doubled |= dict.entries.insert(key, value).is_some();
    }
    Ok(dict)
}

fn write_array(items: &[Object], to: &mut Vec<u8>) {
    to.push(b'[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            to.push(b' ');
        }
        item.write(to);
    }
    to.push(b']');
}

fn write_name(name: &[u8], to: &mut Vec<u8>) {
    to.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || b"_-.+*:,;@&=!?'\"^~|$".contains(byte) {
            to.push(*byte);
        } else {
            to.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

fn write_text(text: &[u8], to: &mut Vec<u8>) {
    if text.iter().any(|byte| !(b' '..=b'~').contains(byte)) {
        to.push(b'<');
        write_hex(text, to);
        to.push(b'>');
        return;
    }
    to.push(b'(');
    for byte in text {
        if matches!(byte, b'(' | b')' | b'\\') {
            to.push(b'\\');
        }
        to.push(*byte);
    }
    to.push(b')');
}

/// Two upper-case digits for every byte.
pub(crate) fn write_hex(bytes: &[u8], to: &mut Vec<u8>) {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    to.reserve(bytes.len().saturating_mul(2));
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            to.extend(DIGITS.get(usize::from(digit)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &[u8]) -> Outcome<Object> {
        Object::read(&mut Lexer::at(text, 0))
    }

    fn any_object() -> impl Strategy<Value = Object> {
        let bytes = || proptest::collection::vec(any::<u8>(), 0..12);
        let leaf = prop_oneof![
            Just(Object::Null),
            any::<bool>().prop_map(Object::Bool),
            any::<i64>().prop_map(Object::Int),
            bytes().prop_map(Object::Text),
            bytes().prop_map(Object::Name),
            (any::<u32>(), any::<u16>())
                .prop_map(|(number, generation)| Object::Ref(Reference { number, generation })),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            let entries = proptest::collection::btree_map(bytes(), inner.clone(), 0..6);
            prop_oneof![
                proptest::collection::vec(inner, 0..6).prop_map(Object::Array),
                entries.prop_map(|entries| Object::Dict(Dict { entries, doubled: false })),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(object in any_object()) {
            let mut text = Vec::new();
            object.write(&mut text);
            prop_assert_eq!(read(&text), Ok(object));
        }

        #[test]
        fn arbitrary_bytes_never_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&text);
        }
    }

    #[test]
    fn a_doubled_key_is_remembered() {
        assert!(read(b"<</A 1/B<</A 1/A 2>>>>").unwrap().is_doubled());
        assert!(!read(b"<</A 1/B<</A 1>>>>").unwrap().is_doubled());
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert_eq!(read(&b"[".repeat(100_000)), Err(Refusal::TooComplex));
        assert_eq!(read(&b"<</A".repeat(100_000)), Err(Refusal::TooComplex));
        assert_eq!(read(&b"0 ".repeat(10)), Ok(Object::Int(0)));
        let mut wide = b"[".to_vec();
        wide.extend(b"1 ".repeat(MOST + 1));
        assert_eq!(read(&wide), Err(Refusal::TooComplex));
    }
}
