//! X.509 extensions: raw, and typed with one encoding each.

mod constraint;
mod key;
mod place;
mod policy;
mod statement;

pub use constraint::{BasicConstraints, NameConstraints};
pub use key::{AuthorityKey, KeyUsage, KeyUse};
pub use policy::Policy;
pub use statement::{Disclosure, Statement};

use crate::name::GeneralName;
use crate::oid::{self, Oid};
use crate::tlv::{self, BOOLEAN, Malformed, NULL, OCTET_STRING, SEQUENCE, Tlv};

/// Most extensions in one certificate, CRL entry, CRL or OCSP part.
const MAX_EXTENSIONS: usize = 32;

/// One extension as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Which extension.
    pub id: Oid,
    /// Whether who does not know it must refuse.
    pub critical: bool,
    /// The DER inside the octet string.
    pub value: Vec<u8>,
}

impl Extension {
    pub(crate) fn new(id: Oid, critical: bool, value: Vec<u8>) -> Self {
        Self { id, critical, value }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let critical = if self.critical { tlv::boolean(true) } else { Vec::new() };
        tlv::sequence(&[self.id.der(), critical, tlv::tlv(OCTET_STRING, &self.value)])
    }

    /// `SEQUENCE OF Extension`; each id once, at most 32.
    pub(crate) fn parse_all(list: Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut elements = list.inner();
        let mut found: Vec<Self> = Vec::new();
        while !elements.is_empty() {
            let extension = Self::parse(elements.take(SEQUENCE)?)?;
            if found.iter().any(|earlier| earlier.id == extension.id) {
                return Err(Malformed("an extension twice"));
            }
            found.push(extension);
            if found.len() > MAX_EXTENSIONS {
                return Err(Malformed("more than 32 extensions"));
            }
        }
        if found.is_empty() { Err(Malformed("an empty list of extensions")) } else { Ok(found) }
    }

    fn parse(element: Tlv<'_>) -> Result<Self, Malformed> {
        let mut parts = element.inner();
        let id = parts.take(tlv::OID)?.oid()?;
        let critical = match parts.optional(BOOLEAN)? {
            Some(flag) if flag.boolean()? => true,
            Some(_) => return Err(Malformed("critical FALSE written out")),
            None => false,
        };
        let value = parts.take(OCTET_STRING)?.value.to_vec();
        parts.end()?;
        Ok(Self { id, critical, value })
    }
}

/// `SEQUENCE OF Extension`, or nothing when there is none.
pub(crate) fn list(extensions: &[Extension]) -> Vec<u8> {
    tlv::sequence(&extensions.iter().map(Extension::der).collect::<Vec<_>>())
}

/// The extensions of a certificate with their meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// Whether the key is that of an authority.
    pub basic_constraints: Option<BasicConstraints>,
    /// What the key may be used for.
    pub key_usage: Option<KeyUsage>,
    /// What purposes the key serves.
    pub extended_key_usage: Option<Vec<Oid>>,
    /// The name of the key.
    pub subject_key: Option<Vec<u8>>,
    /// The name of the issuer's key.
    pub authority_key: Option<AuthorityKey>,
    /// Certificate policies.
    pub policies: Option<Vec<Policy>>,
    /// Where OCSP answers.
    pub ocsp: Vec<String>,
    /// Where the issuer's certificate lies.
    pub ca_issuers: Vec<String>,
    /// Where the CRL lies.
    pub crl: Vec<String>,
    /// Statements about qualification.
    pub statements: Option<Vec<Statement>>,
    /// An OCSP responder's certificate that is not itself asked about.
    pub no_check: bool,
    /// When the private key may sign.
    pub key_use: Option<KeyUse>,
    /// Other names of the subject.
    pub names: Vec<GeneralName>,
    /// What names the certificates below may have.
    pub name_constraints: Option<NameConstraints>,
    /// Critical extensions whose meaning is not known or not applied here.
    pub unknown_critical: Vec<Oid>,
}

impl Extensions {
    pub(crate) fn read(raw: &[Extension]) -> Result<Self, Malformed> {
        let mut read = Self::default();
        for extension in raw {
            let known = read.take(&extension.id, &extension.value)?;
            if !known && extension.critical {
                read.unknown_critical.push(extension.id);
            }
        }
        Ok(read)
    }

    fn take(&mut self, id: &Oid, value: &[u8]) -> Result<bool, Malformed> {
        if *id == oid::BASIC_CONSTRAINTS {
            self.basic_constraints = Some(BasicConstraints::parse(value)?);
        } else if *id == oid::KEY_USAGE {
            self.key_usage = Some(KeyUsage::parse(value)?);
        } else if *id == oid::EXTENDED_KEY_USAGE {
            self.extended_key_usage = Some(key::purposes(value)?);
        } else if *id == oid::SUBJECT_KEY_IDENTIFIER {
            self.subject_key = Some(tlv::single(value, OCTET_STRING)?.value.to_vec());
        } else if *id == oid::AUTHORITY_KEY_IDENTIFIER {
            self.authority_key = Some(AuthorityKey::parse(value)?);
        } else if *id == oid::CERTIFICATE_POLICIES {
            self.policies = Some(Policy::parse_all(value)?);
        } else if *id == oid::AUTHORITY_INFO_ACCESS {
            (self.ocsp, self.ca_issuers) = place::access(value)?;
        } else if *id == oid::CRL_DISTRIBUTION_POINTS {
            self.crl = place::distribution(value)?;
        } else if *id == oid::QC_STATEMENTS {
            self.statements = Some(Statement::parse_all(value)?);
        } else if *id == oid::OCSP_NO_CHECK {
            self.no_check = tlv::single(value, NULL)?.value.is_empty();
        } else if *id == oid::PRIVATE_KEY_USAGE_PERIOD {
            self.key_use = Some(KeyUse::parse(value)?);
        } else if *id == oid::SUBJECT_ALT_NAME {
            self.names = GeneralName::parse_all(tlv::single(value, SEQUENCE)?.inner())?;
        } else if *id == oid::NAME_CONSTRAINTS {
            self.name_constraints = Some(NameConstraints::parse(value)?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The extensions in the order in which this crate writes them.
    pub(crate) fn write(&self, criticals: &Criticals) -> Vec<Extension> {
        let mut out = Vec::new();
        let mut push = |id: Oid, critical: bool, value: Option<Vec<u8>>| {
            out.extend(value.map(|value| Extension::new(id, critical, value)));
        };
        push(
            oid::BASIC_CONSTRAINTS,
            true,
            self.basic_constraints.as_ref().map(BasicConstraints::der),
        );
        push(oid::KEY_USAGE, true, self.key_usage.map(KeyUsage::der));
        push(
            oid::EXTENDED_KEY_USAGE,
            criticals.extended_key_usage,
            self.extended_key_usage.as_deref().map(key::purposes_der),
        );
        let subject_key = self.subject_key.as_ref();
        push(
            oid::SUBJECT_KEY_IDENTIFIER,
            false,
            subject_key.map(|key| tlv::tlv(OCTET_STRING, key)),
        );
        push(
            oid::AUTHORITY_KEY_IDENTIFIER,
            false,
            self.authority_key.as_ref().map(AuthorityKey::der),
        );
        push(oid::PRIVATE_KEY_USAGE_PERIOD, false, self.key_use.map(KeyUse::der));
        push(oid::CERTIFICATE_POLICIES, false, self.policies.as_deref().map(Policy::list));
        let names = self.names.iter().map(GeneralName::der).collect::<Vec<_>>();
        let names = (!names.is_empty()).then(|| tlv::sequence(&names));
        push(oid::SUBJECT_ALT_NAME, criticals.names, names);
        let constraints = self.name_constraints.as_ref();
        push(oid::NAME_CONSTRAINTS, true, constraints.map(NameConstraints::der));
        push(oid::CRL_DISTRIBUTION_POINTS, false, place::distribution_der(&self.crl));
        let access = place::access_der(&self.ocsp, &self.ca_issuers);
        push(oid::AUTHORITY_INFO_ACCESS, false, access);
        push(oid::QC_STATEMENTS, false, self.statements.as_deref().map(Statement::list));
        push(oid::OCSP_NO_CHECK, false, self.no_check.then(|| tlv::tlv(NULL, &[])));
        out
    }
}

/// Which of the extensions that may be either are critical.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Criticals {
    pub(crate) extended_key_usage: bool,
    pub(crate) names: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: [Oid; 13] = [
        oid::BASIC_CONSTRAINTS,
        oid::KEY_USAGE,
        oid::EXTENDED_KEY_USAGE,
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::AUTHORITY_KEY_IDENTIFIER,
        oid::CERTIFICATE_POLICIES,
        oid::AUTHORITY_INFO_ACCESS,
        oid::CRL_DISTRIBUTION_POINTS,
        oid::QC_STATEMENTS,
        oid::OCSP_NO_CHECK,
        oid::PRIVATE_KEY_USAGE_PERIOD,
        oid::SUBJECT_ALT_NAME,
        oid::NAME_CONSTRAINTS,
    ];

    #[test]
    fn an_extension_twice_or_with_its_default_written_is_refused() {
        let one = Extension::new(oid::OCSP_NO_CHECK, false, vec![5, 0]);
        let twice = list(&[one.clone(), one]);
        assert!(Extension::parse_all(tlv::single(&twice, SEQUENCE).unwrap()).is_err());
        let parts = [oid::KEY_USAGE.der(), tlv::boolean(false), tlv::tlv(OCTET_STRING, &[])];
        let written = tlv::sequence(&[tlv::sequence(&parts)]);
        assert!(Extension::parse_all(tlv::single(&written, SEQUENCE).unwrap()).is_err());
    }

    #[test]
    fn a_critical_extension_that_is_not_known_is_noted() {
        let odd = Extension::new("2.25.7".parse().unwrap(), true, vec![]);
        let read = Extensions::read(std::slice::from_ref(&odd)).unwrap();
        assert_eq!(read.unknown_critical, [odd.id]);
    }

    proptest! {
        #[test]
        fn any_content_of_known_extensions_is_read_without_panic(
            which in 0..KNOWN.len(),
            content in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            for value in [content.clone(), tlv::tlv(SEQUENCE, &content)] {
                let raw = [Extension::new(KNOWN[which], false, value)];
                if let Ok(read) = Extensions::read(&raw) {
                    let _ = read.write(&Criticals::default());
                }
            }
        }
    }
}
