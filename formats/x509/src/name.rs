//! Distinguished names: ordered attributes over their exact bytes.

use std::fmt;

use crate::oid::{self, Oid};
use crate::tlv::{self, Input, Malformed, PRINTABLE_STRING, SEQUENCE, SET, Tlv, UTF8_STRING};

/// Most attributes in one name; more is refused when reading.
const MAX_ATTRIBUTES: usize = 64;

/// A distinguished name with its exact DER. Two are `==` when their bytes are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    der: Vec<u8>,
    attributes: Vec<Attribute>,
}

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attribute {
    /// Which attribute.
    pub kind: Oid,
    /// Its value as text; of a string type that is not text, the hexadecimal of its DER.
    pub text: String,
    tag: u8,
}

/// Why a name cannot be built. Nothing is ever cut to fit (R12).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// An attribute without text.
    #[error("attribute {0} is empty")]
    Empty(Oid),
    /// More characters than RFC 5280 allows for it.
    #[error("attribute {kind} has {length} characters, more than {bound}")]
    TooLong {
        /// Which attribute.
        kind: Oid,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        bound: usize,
    },
    /// A character outside `PrintableString`, a country code that is not two capital letters, or
    /// a control character.
    #[error("attribute {0} has a character that it may not have")]
    Character(Oid),
}

impl Attribute {
    /// The attribute of this kind and text, to be encoded as its kind demands: `PrintableString`
    /// for country and serial number, `UTF8String` for all others.
    #[must_use]
    pub fn new(kind: Oid, text: impl Into<String>) -> Self {
        let printable = kind == oid::COUNTRY || kind == oid::SERIAL_NUMBER;
        let tag = if printable { PRINTABLE_STRING } else { UTF8_STRING };
        Self { kind, text: text.into(), tag }
    }

    /// Whether it stands as `PrintableString`.
    #[must_use]
    pub fn is_printable(&self) -> bool {
        self.tag == PRINTABLE_STRING
    }

    /// Whether it stands as `UTF8String`.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        self.tag == UTF8_STRING
    }

    fn der(&self) -> Result<Vec<u8>, NameError> {
        let length = self.text.chars().count();
        let bound = upper_bound(&self.kind);
        if length == 0 {
            return Err(NameError::Empty(self.kind));
        }
        if length > bound {
            return Err(NameError::TooLong { kind: self.kind, length, bound });
        }
        let country = self.kind != oid::COUNTRY
            || (length == 2 && self.text.bytes().all(|byte| byte.is_ascii_uppercase()));
        let printable = self.tag != PRINTABLE_STRING || is_printable(&self.text);
        if !country || !printable || self.text.chars().any(char::is_control) {
            return Err(NameError::Character(self.kind));
        }
        let value = tlv::tlv(self.tag, self.text.as_bytes());
        Ok(tlv::wrap(SET, &[tlv::sequence(&[self.kind.der(), value])]))
    }
}

/// How many characters an attribute may have. Spec: RFC 5280 appendix A.1 (`ub-*`).
#[must_use]
pub(crate) fn upper_bound(kind: &Oid) -> usize {
    if *kind == oid::COUNTRY {
        2
    } else if *kind == oid::SURNAME || *kind == oid::GIVEN_NAME {
        32_768
    } else if *kind == oid::LOCALITY {
        128
    } else if *kind == oid::ORGANIZATION_IDENTIFIER {
        256
    } else {
        64
    }
}

/// Whether all characters are of `PrintableString`. Spec: X.680 §41.4.
pub(crate) fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte))
}

impl Name {
    /// The name of these attributes in this order, one in each set.
    ///
    /// # Errors
    /// An attribute that is empty, too long or of other characters. Spec: RFC 5280 appendix A.
    pub fn build(attributes: &[Attribute]) -> Result<Self, NameError> {
        let sets = attributes.iter().map(Attribute::der).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { der: tlv::sequence(&sets), attributes: attributes.to_vec() })
    }

    /// Reads the DER of a name. At most 64 attributes.
    ///
    /// # Errors
    /// Bytes that are not exactly one name.
    pub fn parse(der: &[u8]) -> Result<Self, Malformed> {
        let mut sets = tlv::single(der, SEQUENCE)?.inner();
        let mut attributes = Vec::new();
        while !sets.is_empty() {
            let mut set = sets.take(SET)?.inner();
            if set.is_empty() {
                return Err(Malformed("an empty set in a name"));
            }
            while !set.is_empty() {
                attributes.push(attribute(set.take(SEQUENCE)?)?);
            }
            if attributes.len() > MAX_ATTRIBUTES {
                return Err(Malformed("a name of more than 64 attributes"));
            }
        }
        Ok(Self { der: der.to_vec(), attributes })
    }

    /// The exact bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The attributes in their order.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The text of the first attribute of this kind.
    #[must_use]
    pub fn get(&self, kind: &Oid) -> Option<&str> {
        self.attributes.iter().find(|found| found.kind == *kind).map(|found| found.text.as_str())
    }

    /// Whether it has no attribute.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// Whether both name the same: equal bytes, or the same kinds with texts equal but for case
    /// and runs of spaces, whatever their string types. Spec: RFC 5280 §7.1.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.der == other.der
            || (self.attributes.len() == other.attributes.len() && self.is_within(other))
    }

    /// Whether `tree` is this name or the start of it: a directory-name subtree.
    pub(crate) fn is_within(&self, tree: &Self) -> bool {
        self.attributes.len() >= tree.attributes.len()
            && self.attributes.iter().zip(&tree.attributes).all(|(mine, theirs)| {
                mine.kind == theirs.kind && folded(&mine.text) == folded(&theirs.text)
            })
    }
}

/// For people: `C=LV, serialNumber=PNOLV-…, CN=…` in the order of the bytes. Not to be parsed.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, attribute) in self.attributes.iter().enumerate() {
            let between = if place == 0 { "" } else { ", " };
            match short(&attribute.kind) {
                Some(kind) => write!(f, "{between}{kind}={}", attribute.text)?,
                None => write!(f, "{between}{}={}", attribute.kind, attribute.text)?,
            }
        }
        Ok(())
    }
}

fn short(kind: &Oid) -> Option<&'static str> {
    const SHORT: [(Oid, &str); 9] = [
        (oid::COUNTRY, "C"),
        (oid::SERIAL_NUMBER, "serialNumber"),
        (oid::SURNAME, "SN"),
        (oid::GIVEN_NAME, "GN"),
        (oid::COMMON_NAME, "CN"),
        (oid::ORGANIZATION, "O"),
        (oid::ORGANIZATION_IDENTIFIER, "organizationIdentifier"),
        (oid::ORGANIZATIONAL_UNIT, "OU"),
        (oid::LOCALITY, "L"),
    ];
    SHORT.iter().find(|(known, _)| known == kind).map(|(_, short)| *short)
}

fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn attribute(element: Tlv<'_>) -> Result<Attribute, Malformed> {
    let mut parts = element.inner();
    let kind = parts.take(tlv::OID)?.oid()?;
    let value = parts.next()?;
    parts.end()?;
    Ok(Attribute { kind, text: text(value)?, tag: value.tag })
}

fn text(value: Tlv<'_>) -> Result<String, Malformed> {
    const BAD: Malformed = Malformed("the text of an attribute");
    match value.tag {
        UTF8_STRING => String::from_utf8(value.value.to_vec()).map_err(|_| BAD),
        // NumericString, PrintableString, IA5String, VisibleString
        0x12 | PRINTABLE_STRING | tlv::IA5_STRING | 0x1a => value.ascii(),
        // TeletexString is read as Latin-1, as everybody wrote it.
        0x14 => Ok(value.value.iter().map(|byte| char::from(*byte)).collect()),
        0x1e => {
            let units = value.value.chunks_exact(2);
            if !units.remainder().is_empty() {
                return Err(BAD);
            }
            let units =
                units.map(|pair| pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)));
            String::from_utf16(&units.collect::<Vec<_>>()).map_err(|_| BAD)
        }
        _ => Ok(value.whole.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}

/// One name of a subject other than its distinguished name. Spec: RFC 5280 §4.2.1.6.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GeneralName {
    /// A DNS name.
    Dns(String),
    /// A URI.
    Uri(String),
    /// A mail address.
    Email(String),
    /// The octets of an address: 4 or 16; twice that in a constraint.
    Ip(Vec<u8>),
    /// A distinguished name.
    Directory(Name),
    /// A name of another kind: its whole element.
    Other(Vec<u8>),
}

impl GeneralName {
    pub(crate) fn parse(element: Tlv<'_>) -> Result<Self, Malformed> {
        match element.tag {
            0x81 => element.ascii().map(Self::Email),
            0x82 => element.ascii().map(Self::Dns),
            0x86 => element.ascii().map(Self::Uri),
            0x87 => Ok(Self::Ip(element.value.to_vec())),
            0xa4 => Name::parse(element.value).map(Self::Directory),
            0xa0 | 0xa3 | 0xa5 | 0x88 => Ok(Self::Other(element.whole.to_vec())),
            _ => Err(Malformed("a general name")),
        }
    }

    pub(crate) fn parse_all(mut names: Input<'_>) -> Result<Vec<Self>, Malformed> {
        let mut found = Vec::new();
        while !names.is_empty() {
            found.push(Self::parse(names.next()?)?);
        }
        if found.is_empty() { Err(Malformed("no general name")) } else { Ok(found) }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        match self {
            Self::Email(text) => tlv::tlv(0x81, text.as_bytes()),
            Self::Dns(text) => tlv::tlv(0x82, text.as_bytes()),
            Self::Uri(text) => tlv::tlv(0x86, text.as_bytes()),
            Self::Ip(octets) => tlv::tlv(0x87, octets),
            Self::Directory(name) => tlv::tlv(0xa4, name.der()),
            Self::Other(whole) => whole.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person() -> Vec<Attribute> {
        vec![
            Attribute::new(oid::COUNTRY, "LV"),
            Attribute::new(oid::SERIAL_NUMBER, "PNOLV-321846-14724"),
            Attribute::new(oid::SURNAME, "Bērziņš"),
            Attribute::new(oid::GIVEN_NAME, "Jānis"),
            Attribute::new(oid::COMMON_NAME, "Jānis Bērziņš"),
        ]
    }

    #[test]
    fn a_name_is_read_as_built() {
        let name = Name::build(&person()).unwrap();
        assert_eq!(Name::parse(name.der()).unwrap(), name);
        assert_eq!(name.get(&oid::SURNAME), Some("Bērziņš"));
        let shown = "C=LV, serialNumber=PNOLV-321846-14724, SN=Bērziņš, GN=Jānis, CN=Jānis Bērziņš";
        assert_eq!(name.to_string(), shown);
        assert!(name.attributes()[0].is_printable() && name.attributes()[2].is_utf8());
    }

    #[test]
    fn a_text_that_is_too_long_is_refused_and_not_cut() {
        let long = Attribute::new(oid::COMMON_NAME, "ā".repeat(65));
        assert_eq!(
            Name::build(&[long]),
            Err(NameError::TooLong { kind: oid::COMMON_NAME, length: 65, bound: 64 })
        );
        assert!(Name::build(&[Attribute::new(oid::COMMON_NAME, "ā".repeat(64))]).is_ok());
    }

    #[test]
    fn wrong_characters_are_refused() {
        for (kind, text) in [
            (oid::COUNTRY, "lv"),
            (oid::COUNTRY, "L"),
            (oid::SERIAL_NUMBER, "PNOLV-ā"),
            (oid::COMMON_NAME, "a\0b"),
            (oid::COMMON_NAME, ""),
        ] {
            assert!(Name::build(&[Attribute::new(kind, text)]).is_err(), "{text:?}");
        }
    }

    #[test]
    fn case_and_spaces_do_not_make_another_name_but_order_does() {
        let name = |text: &str| Name::build(&[Attribute::new(oid::COMMON_NAME, text)]).unwrap();
        assert!(name("Test  Root").matches(&name("test root")));
        assert!(!name("Test Root").matches(&name("Test Roo")));
        let mut turned = person();
        turned.reverse();
        assert!(!Name::build(&person()).unwrap().matches(&Name::build(&turned).unwrap()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Name::parse(&bytes);
            let _ = Name::parse(&tlv::sequence(&[tlv::wrap(SET, &[tlv::sequence(&[&bytes])])]));
        }
    }
}
