//! The subject's names.

use crate::certificate::Certificate;
use crate::lint::Findings;
use crate::name::{Attribute, GeneralName, Name, is_printable, upper_bound};
use crate::oid;
use crate::profile::{Kind, Profile};

pub(super) fn check(findings: &mut Findings, certificate: &Certificate, profile: &Profile) {
    let subject = certificate.subject();
    shape(findings, subject, profile.kind);
    for attribute in subject.attributes() {
        each(findings, attribute);
    }
    let one_form = Name::build(subject.attributes()).is_ok_and(|name| name == *subject);
    findings.expect(one_form, "name-form", "EN 319 412-2 §4.2.4", || {
        "the subject is not single attributes of allowed texts".to_owned()
    });
    others(findings, certificate, profile.kind);
}

fn shape(findings: &mut Findings, subject: &Name, kind: Kind) {
    let shape = kind.shape();
    let count = |wanted: &oid::Oid| {
        subject.attributes().iter().filter(|attribute| attribute.kind == *wanted).count()
    };
    for wanted in shape.required {
        findings.expect(count(wanted) == 1, "name-missing", "EN 319 412-2 §4.2.4", || {
            format!("attribute {wanted} stands {} times", count(wanted))
        });
    }
    for attribute in subject.attributes() {
        let known =
            shape.required.contains(&attribute.kind) || shape.optional.contains(&attribute.kind);
        let single = count(&attribute.kind) == 1;
        findings.expect(known && single, "name-attribute", "EN 319 412-2 §4.2.4", || {
            format!("attribute {} is not of this kind, or repeated", attribute.kind)
        });
    }
    if matches!(kind, Kind::PersonSign | Kind::PersonAuth) {
        let named = count(&oid::SURNAME) + count(&oid::GIVEN_NAME) > 0;
        findings.expect(named, "person-name", "EN 319 412-2 NAT-4.2.4", || {
            "neither surname nor given name".to_owned()
        });
    }
}

fn each(findings: &mut Findings, attribute: &Attribute) {
    let Attribute { kind, text, .. } = attribute;
    let printable = *kind == oid::COUNTRY || *kind == oid::SERIAL_NUMBER;
    let encoded = if printable {
        attribute.is_printable() && is_printable(text)
    } else {
        attribute.is_utf8()
    };
    findings.expect(encoded, "name-encoding", "RFC 5280 §4.1.2.4, A.1", || {
        format!("attribute {kind} has another string type")
    });
    let length = text.chars().count();
    let fits = (1..=upper_bound(kind)).contains(&length);
    findings.expect(fits, "name-length", "RFC 5280 A.1", || {
        format!("attribute {kind} has {length} characters")
    });
    if *kind == oid::COUNTRY {
        let formed = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        findings.expect(formed, "country", "ISO 3166-1", || text.clone());
    }
    let schemes: &[&str] = if *kind == oid::SERIAL_NUMBER {
        &["PAS", "IDC", "PNO", "TIN", "TAX", "EID"]
    } else if *kind == oid::ORGANIZATION_IDENTIFIER {
        &["VAT", "NTR", "PSD", "LEI", "EOR", "EXC"]
    } else {
        return;
    };
    findings.expect(is_identifier(text, schemes), "identifier", "EN 319 412-1 §5.1", || {
        format!("attribute {kind} is no identifier of the known schemes")
    });
}

/// `SCHCC-…`, `SCHCC+SUB-…` or a national `CC:…-…`.
fn is_identifier(text: &str, schemes: &[&str]) -> bool {
    let Some((front, rest)) = text.split_once('-') else { return false };
    let (front, _) = front.split_once('+').unwrap_or((front, ""));
    let capitals = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    let known = schemes.iter().any(|scheme| front.strip_prefix(scheme).is_some_and(capitals));
    let national = front.strip_suffix(':').is_some_and(capitals);
    !rest.is_empty() && (known || national)
}

fn others(findings: &mut Findings, certificate: &Certificate, kind: Kind) {
    let names = &certificate.extensions().names;
    findings.expect(!kind.needs_names() || !names.is_empty(), "other-names", "profile", || {
        "no other name of the subject".to_owned()
    });
    for name in names {
        let fits = match (name, kind) {
            (GeneralName::Dns(name), Kind::Web | Kind::Transport) => crate::path::is_host(name),
            (GeneralName::Uri(uri), Kind::Access | Kind::Transport) => {
                uri.is_ascii() && uri.contains(':')
            }
            (GeneralName::Email(mail), Kind::Access) => mail.contains('@'),
            (GeneralName::Ip(octets), Kind::Transport) => matches!(octets.len(), 4 | 16),
            (GeneralName::Other(_), Kind::Access) => true,
            _ => false,
        };
        findings.expect(fits, "other-name", "RFC 5280 §4.2.1.6", || format!("{name:?}"));
    }
}
