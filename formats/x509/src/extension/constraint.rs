//! Extensions that bound what an authority may issue.

use crate::name::GeneralName;
use crate::tlv::{self, BOOLEAN, INTEGER, Input, Malformed, SEQUENCE, Tlv};

/// Most subtrees in one `nameConstraints`.
const MAX_SUBTREES: usize = 1024;

/// Whether the subject is an authority, and how many authorities may stand below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether it is one.
    pub ca: bool,
    /// How many not self-issued authorities may follow; `None`: any number.
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    pub(crate) fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut parts = tlv::single(value, SEQUENCE)?.inner();
        let ca = match parts.optional(BOOLEAN)? {
            Some(flag) if flag.boolean()? => true,
            Some(_) => return Err(Malformed("cA FALSE written out")),
            None => false,
        };
        let path_length = parts.optional(INTEGER)?.map(Tlv::small).transpose()?;
        parts.end()?;
        Ok(Self { ca, path_length })
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let ca = if self.ca { tlv::boolean(true) } else { Vec::new() };
        let length = self.path_length.map(|length| tlv::number(u64::from(length)));
        tlv::sequence(&[ca, length.unwrap_or_default()])
    }
}

/// Which names may and may not stand below an authority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// Of each kind that occurs here, a name must lie within one of these.
    pub permitted: Vec<GeneralName>,
    /// No name may lie within one of these.
    pub excluded: Vec<GeneralName>,
}

impl NameConstraints {
    pub(crate) fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut parts = tlv::single(value, SEQUENCE)?.inner();
        let mut trees = |n| -> Result<Vec<GeneralName>, Malformed> {
            let list = parts.optional(tlv::context(n))?;
            Ok(list.map(|list| subtrees(list.inner())).transpose()?.unwrap_or_default())
        };
        let read = Self { permitted: trees(0)?, excluded: trees(1)? };
        parts.end()?;
        if read.permitted.is_empty() && read.excluded.is_empty() {
            return Err(Malformed("name constraints without a subtree"));
        }
        Ok(read)
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let trees = |n, names: &[GeneralName]| {
            let each = names.iter().map(|name| tlv::sequence(&[name.der()])).collect::<Vec<_>>();
            if each.is_empty() { Vec::new() } else { tlv::wrap(tlv::context(n), &each) }
        };
        tlv::sequence(&[trees(0, &self.permitted), trees(1, &self.excluded)])
    }
}

/// `minimum` must be 0 and not written, `maximum` absent. Spec: RFC 5280 §4.2.1.10.
fn subtrees(mut list: Input<'_>) -> Result<Vec<GeneralName>, Malformed> {
    let mut trees = Vec::new();
    while !list.is_empty() {
        let mut parts = list.take(SEQUENCE)?.inner();
        trees.push(GeneralName::parse(parts.next()?)?);
        parts.end()?;
        if trees.len() > MAX_SUBTREES {
            return Err(Malformed("more than 1024 name subtrees"));
        }
    }
    if trees.is_empty() { Err(Malformed("an empty list of name subtrees")) } else { Ok(trees) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn constraints_without_content_or_with_a_minimum_are_refused() {
        assert!(NameConstraints::parse(&[0x30, 0]).is_err());
        assert!(NameConstraints::parse(&[0x30, 2, 0xa0, 0]).is_err());
        let minimum = [0x30, 10, 0xa0, 8, 0x30, 6, 0x82, 1, b'a', 0x80, 1, 1];
        assert!(NameConstraints::parse(&minimum).is_err());
        assert!(BasicConstraints::parse(&[0x30, 3, 1, 1, 0]).is_err());
    }

    proptest! {
        #[test]
        fn constraints_are_read_as_written(
            ca: bool,
            path_length: Option<u32>,
            permitted in prop::collection::vec("[a-z.]{1,9}", 1..4),
            excluded in prop::collection::vec(prop::collection::vec(any::<u8>(), 8), 0..4),
        ) {
            let basic = BasicConstraints { ca, path_length };
            prop_assert_eq!(BasicConstraints::parse(&basic.der()), Ok(basic));
            let names = NameConstraints {
                permitted: permitted.into_iter().map(GeneralName::Dns).collect(),
                excluded: excluded.into_iter().map(GeneralName::Ip).collect(),
            };
            prop_assert_eq!(NameConstraints::parse(&names.der()), Ok(names));
        }
    }
}
