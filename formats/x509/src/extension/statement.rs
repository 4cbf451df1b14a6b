//! Statements about qualification. Spec: EN 319 412-5, RFC 3739 §3.2.6.

use crate::oid::{self, Oid};
use crate::tlv::{self, IA5_STRING, Malformed, PRINTABLE_STRING, SEQUENCE, Tlv};

/// One of `qcStatements`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statement {
    /// The certificate is an EU qualified one.
    Compliance,
    /// The private key lies in a qualified device.
    Device,
    /// What the certificate is for: `QcType` with these types.
    Type(Vec<Oid>),
    /// Where the disclosure statements lie.
    Disclosures(Vec<Disclosure>),
    /// The subject's identifiers have the meaning that this identifier names.
    Semantics(Oid),
    /// Another statement: its identifier and whole DER.
    Other(Oid, Vec<u8>),
}

/// A disclosure statement in one language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disclosure {
    /// Where it lies: `https`.
    pub uri: String,
    /// Its language: two letters of ISO 639-1.
    pub language: String,
}

impl Statement {
    /// The identifier of the statement.
    #[must_use]
    pub fn id(&self) -> Oid {
        match self {
            Self::Compliance => oid::QC_COMPLIANCE,
            Self::Device => oid::QC_SSCD,
            Self::Type(_) => oid::QC_TYPE,
            Self::Disclosures(_) => oid::QC_PDS,
            Self::Semantics(_) => oid::QC_SYNTAX_V2,
            Self::Other(id, _) => *id,
        }
    }

    pub(crate) fn parse_all(value: &[u8]) -> Result<Vec<Self>, Malformed> {
        let mut list = tlv::single(value, SEQUENCE)?.inner();
        let mut statements = Vec::new();
        while !list.is_empty() {
            statements.push(Self::parse(list.take(SEQUENCE)?)?);
        }
        if statements.is_empty() { Err(Malformed("no statement")) } else { Ok(statements) }
    }

    fn parse(element: Tlv<'_>) -> Result<Self, Malformed> {
        let mut parts = element.inner();
        let id = parts.take(tlv::OID)?.oid()?;
        let info = parts.optional(SEQUENCE)?;
        let read = if id == oid::QC_COMPLIANCE && info.is_none() {
            Self::Compliance
        } else if id == oid::QC_SSCD && info.is_none() {
            Self::Device
        } else {
            match info {
                Some(info) if id == oid::QC_TYPE => Self::Type(types(info)?),
                Some(info) if id == oid::QC_PDS => Self::Disclosures(disclosures(info)?),
                Some(info) if id == oid::QC_SYNTAX_V2 => {
                    match info.only(tlv::OID).and_then(Tlv::oid) {
                        Ok(meaning) => Self::Semantics(meaning),
                        Err(_) => Self::Other(id, element.whole.to_vec()),
                    }
                }
                _ => return Ok(Self::Other(id, element.whole.to_vec())),
            }
        };
        parts.end()?;
        Ok(read)
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let info = match self {
            Self::Compliance | Self::Device => return tlv::sequence(&[self.id().der()]),
            Self::Other(_, whole) => return whole.clone(),
            Self::Type(types) => types.iter().map(Oid::der).collect::<Vec<_>>(),
            Self::Semantics(meaning) => vec![meaning.der()],
            Self::Disclosures(list) => list.iter().map(Disclosure::der).collect(),
        };
        tlv::sequence(&[self.id().der(), tlv::sequence(&info)])
    }

    pub(crate) fn list(statements: &[Self]) -> Vec<u8> {
        tlv::sequence(&statements.iter().map(Self::der).collect::<Vec<_>>())
    }
}

impl Disclosure {
    fn der(&self) -> Vec<u8> {
        tlv::sequence(&[
            tlv::tlv(IA5_STRING, self.uri.as_bytes()),
            tlv::tlv(PRINTABLE_STRING, self.language.as_bytes()),
        ])
    }
}

fn types(info: Tlv<'_>) -> Result<Vec<Oid>, Malformed> {
    let mut list = info.inner();
    let mut types = Vec::new();
    while !list.is_empty() {
        types.push(list.take(tlv::OID)?.oid()?);
    }
    Ok(types)
}

fn disclosures(info: Tlv<'_>) -> Result<Vec<Disclosure>, Malformed> {
    let mut list = info.inner();
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut parts = list.take(SEQUENCE)?.inner();
        let uri = parts.take(IA5_STRING)?.ascii()?;
        let language = parts.take(PRINTABLE_STRING)?.ascii()?;
        parts.end()?;
        found.push(Disclosure { uri, language });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_have_the_published_bytes() {
        for (statement, hex) in [
            (Statement::Compliance, "3008060604008e460101"),
            (Statement::Device, "3008060604008e460104"),
            (
                Statement::Type(vec![oid::QC_TYPE_ESIGN]),
                "3013060604008e4601063009060704008e46010601",
            ),
            (Statement::Type(vec![oid::QC_TYPE_PID]), "3013060604008e4601063009060704008bec4e0101"),
            (
                Statement::Semantics(oid::SEMANTICS_NATURAL),
                "301506082b06010505070b023009060704008bec490101",
            ),
        ] {
            let der = statement.der();
            let text: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(text, hex);
            let list = Statement::list(std::slice::from_ref(&statement));
            assert_eq!(Statement::parse_all(&list).unwrap(), [statement]);
        }
    }
}
