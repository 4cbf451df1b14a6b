//! Each extension, its criticality, and what the profile says of it.

use sha1::Sha1;
use sha2::Digest;

use crate::certificate::Certificate;
use crate::extension::BasicConstraints;
use crate::lint::Findings;
use crate::oid::{self, Oid};
use crate::prepare::{Issuer, key_identifier};
use crate::profile::{Kind, Profile};

pub(super) fn check(
    findings: &mut Findings,
    certificate: &Certificate,
    profile: &Profile,
    issuer: Issuer<'_>,
) {
    criticality(findings, certificate, profile.kind);
    usage(findings, certificate, profile.kind);
    identifiers(findings, certificate, issuer);
    places(findings, certificate, profile);
    forbidden(findings, certificate, profile.kind);
}

fn criticality(findings: &mut Findings, certificate: &Certificate, kind: Kind) {
    for extension in certificate.raw_extensions() {
        let id = &extension.id;
        let stamping = *id == oid::EXTENDED_KEY_USAGE && kind == Kind::TimeStampUnit;
        let wanted = *id == oid::BASIC_CONSTRAINTS
            || *id == oid::KEY_USAGE
            || stamping
            || (*id == oid::SUBJECT_ALT_NAME && certificate.subject().is_empty());
        let right = extension.critical == wanted;
        findings.expect(right, "criticality", "EN 319 412-2 §4.1, RFC 3161 §2.3", || {
            format!("extension {id}: critical {}, wanted {wanted}", extension.critical)
        });
    }
}

fn usage(findings: &mut Findings, certificate: &Certificate, kind: Kind) {
    let extensions = certificate.extensions();
    let authority = kind.is_authority();
    let wanted = authority.then(|| BasicConstraints { ca: true, path_length: kind.path_length() });
    let found = extensions.basic_constraints;
    let end = BasicConstraints { ca: false, path_length: None };
    let right = found == wanted || (!authority && found == Some(end));
    findings.expect(right, "basic-constraints", "RFC 5280 §4.2.1.9", || format!("{found:?}"));
    let found = extensions.key_usage;
    findings.expect(found == Some(kind.key_usage()), "key-usage", "EN 319 412-2 §4.3.2", || {
        format!("{found:?}, {:?} wanted", kind.key_usage())
    });
    let mut purposes = extensions.extended_key_usage.clone().unwrap_or_default();
    let mut wanted = kind.purposes();
    purposes.sort();
    wanted.sort();
    findings.expect(
        purposes == wanted,
        "extended-key-usage",
        "RFC 5280 §4.2.1.12, RFC 3161 §2.3, RFC 6960 §4.2.2.2",
        || format!("{purposes:?}, {wanted:?} wanted"),
    );
}

fn identifiers(findings: &mut Findings, certificate: &Certificate, issuer: Issuer<'_>) {
    let extensions = certificate.extensions();
    let sha1: [u8; 20] = Sha1::digest(certificate.public_key()).into();
    let sha256 = key_identifier(certificate.spki()).unwrap_or_default();
    let own = extensions.subject_key.as_deref();
    findings.expect(
        own == Some(&sha1[..]) || own == Some(&sha256[..]),
        "subject-key-identifier",
        "RFC 5280 §4.2.1.2, RFC 7093 §2",
        || format!("{own:?}"),
    );
    let authority = extensions.authority_key.as_ref();
    let named = authority.and_then(|authority| authority.key.as_deref());
    let key_only = authority.is_none_or(|one| one.issuer.is_none() && one.serial.is_none());
    let right = match issuer {
        Issuer::Itself => authority.is_none() || named == own,
        Issuer::Authority(authority) => {
            named.is_some() && named == authority.extensions().subject_key.as_deref()
        }
    };
    findings.expect(
        right && key_only,
        "authority-key-identifier",
        "RFC 5280 §4.2.1.1, EN 319 412-2 §4.3.1",
        || format!("{authority:?}"),
    );
}

fn places(findings: &mut Findings, certificate: &Certificate, profile: &Profile) {
    let extensions = certificate.extensions();
    let places = &profile.places;
    for (code, clause, found, wanted) in [
        ("ca-issuers", "EN 319 412-2 §4.4.1", &extensions.ca_issuers, &places.ca_issuers),
        ("ocsp-place", "EN 319 412-2 §4.4.1", &extensions.ocsp, &places.ocsp),
        ("crl-place", "EN 319 412-2 §4.3.11", &extensions.crl, &places.crl),
    ] {
        findings.expect(found == wanted, code, clause, || format!("{found:?}, {wanted:?} wanted"));
    }
    let plain = |uri: &String| uri.starts_with("http://") || uri.starts_with("ldap://");
    let all = extensions.ca_issuers.iter().chain(&extensions.crl);
    for uri in all.filter(|uri| !plain(uri)) {
        findings
            .expect(false, "place-scheme", "EN 319 412-2 GEN-4.3.11, GEN-4.4.1", || uri.clone());
    }
    let responder = profile.kind == Kind::OcspResponder;
    findings.expect(
        extensions.no_check == responder,
        "ocsp-no-check",
        "RFC 6960 §4.2.2.2.1",
        || format!("{}", extensions.no_check),
    );
    let policies = extensions.policies.as_deref().unwrap_or_default();
    let same = policies.len() == profile.policies.len()
        && policies.iter().all(|policy| profile.policies.contains(policy));
    findings.expect(same, "policies", "EN 319 412-2 §4.3.3", || {
        format!("{policies:?}, {:?} wanted", profile.policies)
    });
}

/// Extensions that an end-entity certificate must not have.
fn forbidden(findings: &mut Findings, certificate: &Certificate, kind: Kind) {
    const AUTHORITIES_ONLY: [Oid; 4] = [
        oid::POLICY_MAPPINGS,
        oid::NAME_CONSTRAINTS,
        oid::POLICY_CONSTRAINTS,
        oid::INHIBIT_ANY_POLICY,
    ];
    for extension in certificate.raw_extensions() {
        let only = AUTHORITIES_ONLY.contains(&extension.id);
        findings.expect(
            kind.is_authority() || !only,
            "not-for-end",
            "EN 319 412-2 §4.3.4, §4.3.8, §4.3.9, §4.3.12",
            || format!("extension {}", extension.id),
        );
    }
}
