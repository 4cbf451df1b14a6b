//! Checking one time-stamp. Spec: EN 319 102-1 §5.4.

use cms::DigestAlgorithm;
use cms::timestamp::Token;
use x509::Certificate;

use crate::algorithm;
use crate::cause::{Cause, Causes};
use crate::chain::{self, Holder, Moments};
use crate::input::Trust;
use crate::report::{Indication, Qualification, StampKind, StampReport};
use crate::status::Pool;

/// How far the clock of a unit may be ahead of that of the check, in seconds.
const MOST_AHEAD: i64 = 300;

/// A time-stamp with what is needed to check it.
pub(crate) struct Stamp<'a> {
    pub(crate) id: String,
    pub(crate) kind: StampKind,
    pub(crate) token: Result<Token, cms::ReadError>,
    /// The digest of what it must be over.
    pub(crate) digest: &'a dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>,
    /// What is wrong with its place in the document.
    pub(crate) causes: Causes,
}

/// Checks it for moments of which the later proof, if there is one, is known already.
pub(crate) fn check(
    stamp: Stamp<'_>,
    moments: Moments,
    pool: &Pool,
    trust: &Trust<'_>,
) -> StampReport {
    let mut causes = stamp.causes;
    let (mut time, mut produced_by) = (None, None);
    match &stamp.token {
        Err(error) => causes.add(Cause::Unreadable(*error)),
        Ok(token) => {
            time = Some(token.info.at);
            let unit = check_token(token, stamp.digest, (pool, trust), &mut causes);
            produced_by = unit.as_ref().map(chain::name_of);
            if let Some(unit) = unit {
                check_unit(token, &unit, moments, (pool, trust), &mut causes);
            }
        }
    }
    let (indication, sub_indication) = causes.indication();
    StampReport {
        id: stamp.id,
        kind: stamp.kind,
        indication,
        sub_indication,
        qualification: Qualification::NotDetermined,
        produced_by,
        time,
        errors: causes.errors(),
        warnings: causes.warnings(),
    }
}

impl StampReport {
    /// The moment that it proves, if it counts.
    pub(crate) fn proof(&self) -> Option<i64> {
        self.time.filter(|_| self.indication == Indication::TotalPassed)
    }
}

/// Checks what the bytes tell; gives the unit's certificate.
fn check_token(
    token: &Token,
    digest: &dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>,
    (pool, trust): (&Pool, &Trust<'_>),
    causes: &mut Causes,
) -> Option<Certificate> {
    let report = token.check(digest, &pool.certificates, trust.algorithms);
    causes.extend(report.faults.into_iter().map(Cause::Token));
    let signer = report.signer?;
    causes.extend(signer.findings.into_iter().map(Cause::Signature));
    signer.certificate
}

fn check_unit(
    token: &Token,
    unit: &Certificate,
    moments: Moments,
    (pool, trust): (&Pool, &Trust<'_>),
    causes: &mut Causes,
) {
    let stated = token.info.at;
    if stated > moments.now.saturating_add(MOST_AHEAD) {
        causes.add(Cause::StampInFuture);
    }
    let signed = token.signed.signers.first();
    let algorithm = signed.and_then(cms::SignerInfo::algorithm);
    let weak = algorithm.and_then(|algorithm| {
        algorithm::check_signature(trust.rules, algorithm, unit, moments.held)
    });
    causes.extend(weak);
    let imprint = token.info.imprint.digest_algorithm();
    causes.extend(
        imprint.and_then(|imprint| algorithm::check_digest(trust.rules, imprint, moments.held)),
    );
    if !may_state(unit, stated) {
        causes.add(Cause::StampOutOfBounds);
    }
    let mut pool = pool.clone();
    pool.add_signed(&token.signed);
    let path = chain::check(unit, Holder::Unit(stated), moments, &pool, trust);
    causes.extend(path.causes.all());
}

/// Whether the unit's certificate, and its key's period of use, held at the moment stated.
fn may_state(unit: &Certificate, stated: i64) -> bool {
    let used = unit.extensions().key_use.is_none_or(|period| {
        period.from.is_none_or(|from| from <= stated) && period.to.is_none_or(|to| stated <= to)
    });
    used && unit.is_valid_at(stated)
}
