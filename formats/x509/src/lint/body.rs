//! The form of the bytes, serial number, life and issuer.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::extension::{Criticals, list};
use crate::lint::Findings;
use crate::oid;
use crate::prepare::Issuer;
use crate::profile::Profile;
use crate::time;
use crate::tlv::{self, INTEGER};

pub(super) fn check(
    findings: &mut Findings,
    certificate: &Certificate,
    profile: &Profile,
    issuer: Issuer<'_>,
) {
    findings.expect(certificate.version() == 3, "version", "RFC 5280 §4.1.2.1", || {
        format!("version {}", certificate.version())
    });
    serial(findings, certificate.serial());
    algorithm(findings, certificate);
    form(findings, certificate);
    life(findings, certificate, profile, issuer);
    let named = match issuer {
        Issuer::Itself => certificate.subject(),
        Issuer::Authority(authority) => authority.subject(),
    };
    findings.expect(certificate.issuer() == named, "issuer", "RFC 5280 §4.1.2.4", || {
        "the issuer is not the issuing authority's subject, byte for byte".to_owned()
    });
}

fn serial(findings: &mut Findings, serial: &[u8]) {
    let positive = serial.first().is_some_and(|first| *first < 0x80);
    findings.expect(
        positive && (8..=20).contains(&serial.len()),
        "serial",
        "RFC 5280 §4.1.2.2, EN 319 412-2 §4.2.2",
        || format!("{} octets, positive: {positive}", serial.len()),
    );
}

fn algorithm(findings: &mut Findings, certificate: &Certificate) {
    let same = certificate.algorithm() == certificate.signed_algorithm();
    findings.expect(same, "algorithm-fields", "RFC 5280 §4.1.1.2", || {
        "the two algorithm fields differ".to_owned()
    });
    let known = SignatureAlgorithm::from_identifier(certificate.signed_algorithm()).is_some();
    findings.expect(known, "signature-algorithm", "TS 119 312", || {
        "a signature algorithm that is not among the known ones".to_owned()
    });
}

/// Writes again what was read: any other form of the same content differs.
fn form(findings: &mut Findings, certificate: &Certificate) {
    let life = [time::encode(certificate.not_before()), time::encode(certificate.not_after())];
    let again = tlv::sequence(&[
        tlv::wrap(tlv::context(0), &[tlv::number(2)]),
        tlv::tlv(INTEGER, certificate.serial()),
        certificate.signed_algorithm().to_vec(),
        certificate.issuer().der().to_vec(),
        tlv::sequence(&life),
        certificate.subject().der().to_vec(),
        certificate.spki().to_vec(),
        tlv::wrap(tlv::context(3), &[list(certificate.raw_extensions())]),
    ]);
    findings.expect(again == certificate.tbs(), "der", "RFC 5280 §4.1, X.690 §10", || {
        "the signed bytes are not in their one form".to_owned()
    });
    let written = certificate.extensions().write(&Criticals::default());
    for raw in certificate.raw_extensions() {
        let known = written.iter().find(|extension| extension.id == raw.id);
        // Empty statements are not written; only what is known has one form here.
        let same = known.is_none_or(|known| known.value == raw.value);
        findings.expect(same, "extension-der", "X.690 §10, RFC 5280 §4.2", || {
            format!("extension {} is not in its one form", raw.id)
        });
        findings.expect(known.is_some(), "extension-unknown", "profile", || {
            format!("extension {} is in no profile", raw.id)
        });
    }
}

fn life(findings: &mut Findings, certificate: &Certificate, profile: &Profile, issuer: Issuer<'_>) {
    let (from, to) = (certificate.not_before(), certificate.not_after());
    findings.expect(from < to, "validity-order", "RFC 5280 §4.1.2.5", || {
        format!("from {from} to {to}")
    });
    let life = to.saturating_sub(from).saturating_add(1);
    findings.expect(life <= profile.longest, "validity-length", "profile", || {
        format!("{life} seconds, {} allowed", profile.longest)
    });
    if let Issuer::Authority(authority) = issuer {
        let within = authority.not_before() <= from && to <= authority.not_after();
        findings.expect(within, "validity-issuer", "EN 319 411-1 GEN-6.5.1", || {
            "the life is not within the issuer's".to_owned()
        });
    }
    let span = certificate.extensions().key_use;
    findings.expect(
        span.is_some() == profile.key_use.is_some(),
        "key-use",
        "profile, RFC 5280 annex",
        || format!("private key usage period: {span:?}"),
    );
    if let (Some(span), Some(longest)) = (span, profile.key_use) {
        let (starts, ends) = (span.from.unwrap_or(from), span.to.unwrap_or(to));
        let fits = from <= starts && starts < ends && ends <= to && ends - starts <= longest;
        findings.expect(fits, "key-use", "profile, RFC 5280 annex", || {
            format!("{}: from {starts} to {ends}", oid::PRIVATE_KEY_USAGE_PERIOD)
        });
    }
}
