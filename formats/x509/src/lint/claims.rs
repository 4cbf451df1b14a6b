//! Statements about qualification: what the profile says, and all or none (R24).

use crate::certificate::Certificate;
use crate::extension::Statement;
use crate::lint::Findings;
use crate::oid;
use crate::profile::{Claims, Kind, Profile, is_claim};

pub(super) fn check(findings: &mut Findings, certificate: &Certificate, profile: &Profile) {
    let mut found = certificate.extensions().statements.clone().unwrap_or_default();
    let mut wanted = profile.statements();
    mixture(findings, certificate, profile, &found);
    form(findings, &found);
    found.sort();
    wanted.sort();
    findings.expect(found == wanted, "statements", "EN 319 412-5 §5", || {
        format!("{found:?}, {wanted:?} wanted")
    });
}

fn mixture(
    findings: &mut Findings,
    certificate: &Certificate,
    profile: &Profile,
    found: &[Statement],
) {
    let policies = certificate.extensions().policies.as_deref().unwrap_or_default();
    let claimed = found.iter().any(|statement| match statement {
        Statement::Compliance | Statement::Device | Statement::Disclosures(_) => true,
        Statement::Type(types) => types.iter().any(|kind| *kind != oid::QC_TYPE_PID),
        Statement::Semantics(_) | Statement::Other(..) => false,
    });
    let etsi = policies.iter().any(|policy| is_claim(&policy.id));
    let qualified = policies.iter().any(|policy| policy.id.is_under(&oid::ETSI_QCP));
    let compliant = found.contains(&Statement::Compliance);
    let kind = profile.kind;
    let fits = match &profile.claims {
        Claims::None => !claimed && !etsi,
        Claims::Test(_) if kind.is_authority() => !claimed,
        // Whether a unit stamps with qualification is said by the trusted list, not by a policy.
        Claims::Test(_) if kind == Kind::TimeStampUnit => !qualified,
        Claims::Test(_) => claimed == qualified && compliant == qualified,
    };
    let fits = fits && profile.check().is_ok();
    findings.expect(fits, "claims-mixture", "R24, EN 319 412-5 table 2", || {
        format!("statements {claimed}, ETSI policies {etsi}, qualified policy {qualified}")
    });
}

fn form(findings: &mut Findings, found: &[Statement]) {
    let mut ids: Vec<_> = found.iter().map(Statement::id).collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    findings.expect(ids.len() == count, "statement-twice", "EN 319 412-5 §4", || {
        "a statement stands twice".to_owned()
    });
    for statement in found {
        match statement {
            Statement::Type(types) => {
                let web = types.contains(&oid::QC_TYPE_WEB) && found.contains(&Statement::Device);
                findings.expect(
                    types.len() == 1 && !web,
                    "qc-type",
                    "EN 319 412-5 §4.2.3",
                    || format!("{types:?}"),
                );
            }
            Statement::Disclosures(list) => {
                let english = list.iter().any(|one| one.language == "en");
                let secure = list.iter().all(|one| one.uri.starts_with("https://"));
                findings.expect(english && secure, "qc-pds", "EN 319 412-5 §4.3.4", || {
                    format!("{list:?}")
                });
            }
            Statement::Other(id, _) => {
                findings.expect(false, "statement-unknown", "EN 319 412-5 §4", || id.to_string());
            }
            _ => {}
        }
    }
}
