//! Certificate policies.

use crate::oid::{self, Oid};
use crate::tlv::{self, IA5_STRING, Malformed, SEQUENCE, Tlv};

/// One policy that a certificate was issued under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Policy {
    /// Which policy.
    pub id: Oid,
    /// The URI of the practice statement.
    pub cps: Option<String>,
    /// Whether it has qualifiers other than one practice statement.
    pub other_qualifiers: bool,
}

impl Policy {
    /// The policy of this identifier, with the URI of a practice statement or without.
    #[must_use]
    pub fn new(id: Oid, cps: Option<String>) -> Self {
        Self { id, cps, other_qualifiers: false }
    }

    pub(crate) fn parse_all(value: &[u8]) -> Result<Vec<Self>, Malformed> {
        let mut list = tlv::single(value, SEQUENCE)?.inner();
        let mut policies: Vec<Self> = Vec::new();
        while !list.is_empty() {
            let policy = Self::parse(list.take(SEQUENCE)?)?;
            if policies.iter().any(|earlier| earlier.id == policy.id) {
                return Err(Malformed("a policy twice"));
            }
            policies.push(policy);
        }
        if policies.is_empty() { Err(Malformed("no policy")) } else { Ok(policies) }
    }

    fn parse(element: Tlv<'_>) -> Result<Self, Malformed> {
        let mut parts = element.inner();
        let mut policy = Self::new(parts.take(tlv::OID)?.oid()?, None);
        if let Some(qualifiers) = parts.optional(SEQUENCE)? {
            let mut qualifiers = qualifiers.inner();
            while !qualifiers.is_empty() {
                policy.qualify(qualifiers.take(SEQUENCE)?)?;
            }
        }
        parts.end()?;
        Ok(policy)
    }

    fn qualify(&mut self, element: Tlv<'_>) -> Result<(), Malformed> {
        let mut parts = element.inner();
        let kind = parts.take(tlv::OID)?.oid()?;
        let value = parts.next()?;
        parts.end()?;
        if kind == oid::CPS && self.cps.is_none() && value.tag == IA5_STRING {
            self.cps = Some(value.ascii()?);
        } else {
            self.other_qualifiers = true;
        }
        Ok(())
    }

    pub(crate) fn list(policies: &[Self]) -> Vec<u8> {
        let each = |policy: &Self| {
            let qualifiers = policy.cps.as_ref().map(|uri| {
                let uri = tlv::tlv(IA5_STRING, uri.as_bytes());
                tlv::sequence(&[tlv::sequence(&[oid::CPS.der(), uri])])
            });
            tlv::sequence(&[policy.id.der(), qualifiers.unwrap_or_default()])
        };
        tlv::sequence(&policies.iter().map(each).collect::<Vec<_>>())
    }
}
