//! From a certificate to an anchor, and whether each certificate on the way held at a moment.

use x509::Certificate;
use x509::path::{self, Anchors, PathError, Question, Refused};

use crate::algorithm;
use crate::cause::{Cause, Causes};
use crate::input::Trust;
use crate::status::{Need, Pool, Standing};

/// The most names of authorities followed upwards.
const MAX_NAMES: usize = 32;

/// Who a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A signer.
    Signer,
    /// A time-stamping unit that stated this moment.
    Unit(i64),
}

/// Moments at which a path must hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    /// The moment for which certificates must be valid: proven, or that of the check.
    pub(crate) held: i64,
    /// Whether a time-stamp proves it.
    pub(crate) proven: bool,
    /// The moment of the check.
    pub(crate) now: i64,
}

/// What a path tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathReport {
    pub(crate) causes: Causes,
    /// Whether revocation data embedded in the document was enough.
    pub(crate) embedded: bool,
}

/// Checks the path of `certificate` at the given moments.
pub(crate) fn check(
    certificate: &Certificate,
    holder: Holder,
    moments: Moments,
    pool: &Pool,
    trust: &Trust<'_>,
) -> PathReport {
    let mut report = PathReport { causes: Causes::default(), embedded: true };
    let path = match path(certificate, holder, pool, (trust, moments.held)) {
        Ok(path) => path,
        Err(cause) => {
            report.causes.add(cause);
            report.embedded = false;
            return report;
        }
    };
    for (depth, pair) in path.windows(2).enumerate() {
        let [child, issuer] = pair else { continue };
        let weak = algorithm::check_certificate(trust.rules, child, issuer, moments.held);
        report.causes.extend(weak);
        let need = need(holder, moments, depth);
        let standing = pool.standing((child, issuer), need, trust);
        report.embedded &= standing == Standing::Good { embedded: true };
        report.causes.extend(cause_of(standing, child, holder, (moments, depth)));
    }
    report
}

/// Revocation data must be newer than what is proven: an answer from before the time-stamp cannot
/// tell whether the certificate was revoked between. Lists of authorities change rarely: theirs
/// must have been current.
fn need(holder: Holder, moments: Moments, depth: usize) -> Need {
    let at = match holder {
        Holder::Unit(at) => at,
        Holder::Signer => moments.held,
    };
    match holder {
        Holder::Signer if !moments.proven => Need::At(at),
        _ if depth == 0 => Need::After(at),
        _ => Need::At(at),
    }
}

fn cause_of(
    standing: Standing,
    certificate: &Certificate,
    holder: Holder,
    (moments, depth): (Moments, usize),
) -> Option<Cause> {
    match standing {
        Standing::Good { .. } => None,
        Standing::Missing => Some(Cause::StatusMissing(name_of(certificate))),
        Standing::TooOld => Some(Cause::StatusTooOld(name_of(certificate))),
        Standing::Revoked { at, reason } => {
            let harmless = match holder {
                Holder::Signer => moments.proven && moments.held < at,
                // Whoever has the key can state any moment. Spec: RFC 3161 §4.
                Holder::Unit(stated) if is_benign(reason) => stated < at,
                Holder::Unit(_) => moments.proven && moments.held < at,
            };
            Some(match depth {
                _ if harmless => Cause::RevokedLater(at),
                0 => Cause::Revoked(at),
                _ => Cause::AuthorityRevoked(at),
            })
        }
    }
}

fn is_benign(reason: Option<x509::crl::Reason>) -> bool {
    use x509::crl::Reason;
    matches!(
        reason,
        Some(Reason::AffiliationChanged | Reason::Superseded | Reason::CessationOfOperation)
    )
}

/// The common name of the subject, else its organisation, else nothing.
pub(crate) fn name_of(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    let name = subject.get(&x509::oid::COMMON_NAME);
    name.or_else(|| subject.get(&x509::oid::ORGANIZATION)).unwrap_or_default().to_owned()
}

/// A path from `certificate` to an anchor, both included.
fn path(
    certificate: &Certificate,
    holder: Holder,
    pool: &Pool,
    (trust, at): (&Trust<'_>, i64),
) -> Result<Vec<Certificate>, Cause> {
    if at < certificate.not_before() {
        return Err(Cause::NotYetValid);
    }
    if at > certificate.not_after() {
        return Err(Cause::OutOfBounds);
    }
    let stamping = x509::oid::TIME_STAMPING;
    let purpose = matches!(holder, Holder::Unit(_)).then_some(&stamping);
    let question = Question { purpose, ..Question::at(at) };
    let anchors = above(certificate, trust.anchors, &pool.certificates);
    let others = above(certificate, &pool.certificates, trust.anchors);
    let found = path::find(certificate, &others, Anchors(&anchors), &question, trust.algorithms);
    match found {
        Ok(path) => Ok(path.0.into_iter().cloned().collect()),
        Err(PathError::NoAnchor) => Err(Cause::NoPath),
        Err(PathError::Refused(Refused::Usage)) => Err(Cause::KeyUsage),
        Err(other) => Err(Cause::Path(other.to_string())),
    }
}

/// Those of `from` that can stand above `certificate` by their names, or are it, so that evidence
/// that does not matter cannot crowd out what does.
fn above(
    certificate: &Certificate,
    from: &[Certificate],
    with: &[Certificate],
) -> Vec<Certificate> {
    let mut names = vec![certificate.issuer()];
    let mut seen = 0;
    while let Some(name) = names.get(seen).copied().filter(|_| names.len() < MAX_NAMES) {
        seen += 1;
        for each in from.iter().chain(with).filter(|each| each.subject().matches(name)) {
            if !names.iter().any(|known| known.matches(each.issuer())) {
                names.push(each.issuer());
            }
        }
    }
    let mut kept: Vec<Certificate> = Vec::new();
    for each in from {
        let above = each.is_authority() && names.iter().any(|name| each.subject().matches(name));
        let wanted = above || each.der() == certificate.der();
        if wanted && !kept.iter().any(|known| known.der() == each.der()) {
            kept.push(each.clone());
        }
    }
    kept
}
