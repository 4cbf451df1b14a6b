//! What is wrong with a certificate, found before the real key signs it.

mod body;
mod claims;
mod extensions;
mod key;
mod subject;

use crate::certificate::Certificate;
use crate::prepare::Issuer;
use crate::profile::Profile;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing: lower-case words with `-`, stable for ever.
    pub code: &'static str,
    /// The clause that it offends.
    pub clause: &'static str,
    /// What was found, for the officer.
    pub detail: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    /// Notes a finding unless `right`.
    fn expect(
        &mut self,
        right: bool,
        code: &'static str,
        clause: &'static str,
        detail: impl FnOnce() -> String,
    ) {
        if !right {
            self.0.push(Finding { code, clause, detail: detail() });
        }
    }
}

/// All that is wrong with `certificate` as one of this profile from this issuer; empty: it may be
/// signed. The signature is not looked at, so that one by a throw-away key serves.
///
/// Looks at the form of the bytes, the serial number, the life, the names, the key by dated rules,
/// each extension and its criticality, the statements about qualification, and that all is what
/// the profile says. Spec: RFC 5280 §4, EN 319 412-1, -2, -3, -5.
#[must_use]
pub fn lint(certificate: &Certificate, profile: &Profile, issuer: Issuer<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    body::check(&mut findings, certificate, profile, issuer);
    subject::check(&mut findings, certificate, profile);
    key::check(&mut findings, certificate);
    extensions::check(&mut findings, certificate, profile, issuer);
    claims::check(&mut findings, certificate, profile);
    findings.0
}
