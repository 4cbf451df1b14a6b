//! The check: signatures, their time-stamps, and what follows. Spec: EN 319 102-1 §5.5, §5.6.

use cms::timestamp::{Token, parse_token};
use cms::{Content, DigestAlgorithm, SignedData, SignerInfo, oid};
use x509::{Certificate, KeyUsage};

use crate::algorithm;
use crate::cause::{Cause, Causes};
use crate::chain::{self, Holder, Moments};
use crate::input::{Changes, Input, Kind, Signed, Trust};
use crate::report::{
    Authority, Coverage, Qualification, Report, SignatureReport, StampKind, StampReport,
    SubIndication,
};
use crate::stamp::{self, Stamp};
use crate::status::Pool;

/// The most time-stamps looked at inside one signature.
const MOST_STAMPS: usize = 16;

/// Checks every signature and document time-stamp for the moment `at` (seconds since 1970), with
/// the evidence given and nothing else.
///
/// A signature with a time-stamp that counts is judged at the moment that it proves; its
/// certificate's revocation data must then be newer than that moment. The same input gives the
/// same report.
#[must_use]
pub fn check(input: &Input<'_>, trust: &Trust<'_>, at: i64) -> Report {
    let pool = Pool::read(input.embedded, input.given);
    let context = Context { input, trust, pool, at };
    let stamps = context.document_stamps();
    let signatures = input.signatures.iter().filter(|signed| signed.kind != Kind::TimeStamp);
    let signatures = signatures.map(|signed| context.signature(signed, &stamps)).collect();
    let timestamps = stamps.into_iter().map(|(_, report)| report).collect();
    Report { validation_time: at, signatures, timestamps }
}

struct Context<'a> {
    input: &'a Input<'a>,
    trust: &'a Trust<'a>,
    pool: Pool,
    at: i64,
}

/// A document time-stamp's end and verdict.
type DocumentStamp = (u64, StampReport);

impl Context<'_> {
    /// Document time-stamps in the order given. The latest is judged for the moment of the check,
    /// each earlier one for the moment that a later one proves.
    fn document_stamps(&self) -> Vec<DocumentStamp> {
        let mut stamps: Vec<DocumentStamp> = Vec::new();
        let documents = self.input.signatures.iter().rev();
        for signed in documents.filter(|signed| signed.kind == Kind::TimeStamp) {
            let stamp = Stamp {
                id: signed.id.to_owned(),
                kind: StampKind::Document,
                token: Token::parse_padded(signed.cms),
                digest: signed.digest,
                causes: place(signed),
            };
            let moments = self.moments(proofs_over(signed.end, &stamps));
            let report = stamp::check(stamp, moments, &self.pool, self.trust);
            stamps.push((signed.end, report));
        }
        stamps.reverse();
        stamps
    }

    fn moments(&self, proofs: impl Iterator<Item = i64>) -> Moments {
        let proof = proofs.min();
        Moments { held: proof.unwrap_or(self.at), proven: proof.is_some(), now: self.at }
    }

    fn signature(&self, signed: &Signed<'_>, documents: &[DocumentStamp]) -> SignatureReport {
        let mut causes = place(signed);
        let mut found = Found::default();
        match cms::parse_padded(signed.cms) {
            Err(error) => causes.add(Cause::Unreadable(error)),
            Ok(data) => match data.signers.as_slice() {
                [signer] => found = self.signer(signed, (&data, signer), documents, &mut causes),
                several => causes.add(Cause::Signers(several.len())),
            },
        }
        let (indication, sub_indication) = causes.indication();
        let covering = documents.iter().filter(|(end, _)| *end > signed.end);
        let covering: Vec<_> = covering.map(|(_, report)| report.clone()).collect();
        SignatureReport {
            id: signed.id.to_owned(),
            format: format_of(signed.kind, &found, !covering.is_empty()),
            indication,
            sub_indication,
            qualification: Qualification::NotDetermined,
            authority: Authority::NotDetermined,
            signed_by: found.certificate.as_ref().map(chain::name_of),
            claimed_signing_time: signed.claimed_time.or(found.claimed_time),
            best_signature_time: found.proven,
            coverage: Coverage { whole: signed.whole, scopes: signed.scopes.to_vec() },
            errors: causes.errors(),
            warnings: causes.warnings(),
            timestamps: found.stamps.into_iter().chain(covering).collect(),
        }
    }

    fn signer(
        &self,
        signed: &Signed<'_>,
        (data, signer): (&SignedData, &SignerInfo),
        documents: &[DocumentStamp],
        causes: &mut Causes,
    ) -> Found {
        let mut pool = self.pool.clone();
        pool.add_signed(data);
        let content = Content::Detached(signed.digest);
        let report = data.check(signer, content, &pool.certificates, self.trust.algorithms);
        causes.extend(report.findings.into_iter().map(Cause::Signature));
        let stamps = self.signature_stamps(signed, signer, documents, &pool);
        let covering = documents.iter().filter(|(end, _)| *end > signed.end);
        let ignored = ignored(stamps.iter().chain(covering.map(|(_, report)| report)));
        causes.extend(disorder(signed.end, &stamps, documents));
        let inner = stamps.iter().filter_map(StampReport::proof);
        let moments = self.moments(inner.chain(proofs_over(signed.end, documents)));
        let mut found = Found {
            claimed_time: signer.claimed_time(),
            proven: moments.proven.then_some(moments.held),
            certificate: report.certificate,
            bound: signer.signed_value(oid::SIGNING_CERTIFICATE_V2).is_some()
                || signer.signed_value(oid::SIGNING_CERTIFICATE).is_some(),
            stamps,
            embedded: false,
        };
        if signed.kind == Kind::Pades && !found.bound {
            causes.add(Cause::NotBound);
        }
        causes.extend(self.certificate(signer, moments, &pool, &mut found));
        causes.extend(ignored);
        found
    }

    /// What the signing certificate and its path tell.
    fn certificate(
        &self,
        signer: &SignerInfo,
        moments: Moments,
        pool: &Pool,
        found: &mut Found,
    ) -> Vec<Cause> {
        let mut causes = Causes::default();
        let Some(certificate) = &found.certificate else { return Vec::new() };
        if let Some(algorithm) = signer.algorithm() {
            let held = moments.held;
            let rules = self.trust.rules;
            causes.extend(algorithm::check_signature(rules, algorithm, certificate, held));
        }
        if !may_sign(certificate) {
            causes.add(Cause::KeyUsage);
        }
        let path = chain::check(certificate, Holder::Signer, moments, pool, self.trust);
        found.embedded = path.embedded;
        causes.extend(path.causes.all());
        causes.all()
    }

    fn signature_stamps(
        &self,
        signed: &Signed<'_>,
        signer: &SignerInfo,
        documents: &[DocumentStamp],
        pool: &Pool,
    ) -> Vec<StampReport> {
        let value = signer.signature.as_slice();
        let moments = self.moments(proofs_over(signed.end, documents));
        let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(value));
        let tokens =
            signer.time_stamps().take(MOST_STAMPS).enumerate().map(|(place, token)| Stamp {
                id: format!("{}/timestamp-{}", signed.id, place + 1),
                kind: StampKind::Signature,
                token: parse_token(token),
                digest: &digest,
                causes: Causes::default(),
            });
        tokens.map(|stamp| stamp::check(stamp, moments, pool, self.trust)).collect()
    }
}

/// What was learnt of a signer.
#[derive(Default)]
struct Found {
    claimed_time: Option<i64>,
    proven: Option<i64>,
    certificate: Option<Certificate>,
    /// Whether a signed attribute names the certificate.
    bound: bool,
    stamps: Vec<StampReport>,
    /// Whether what the document embeds tells the status of the whole path.
    embedded: bool,
}

/// What is wrong or odd with a signature's place in the document.
fn place(signed: &Signed<'_>) -> Causes {
    let mut causes = Causes::default();
    causes.extend(signed.faults.iter().cloned().map(Cause::Coverage));
    match signed.changes {
        Changes::None => {}
        Changes::Permitted(what) => {
            causes.extend(what.iter().cloned().map(Cause::ChangedAsPermitted));
        }
        Changes::Forbidden(what) => causes.extend(what.iter().cloned().map(Cause::Changed)),
    }
    causes
}

/// The moments proven by document time-stamps that reach beyond `end`.
fn proofs_over(end: u64, stamps: &[DocumentStamp]) -> impl Iterator<Item = i64> {
    let later = stamps.iter().filter(move |(reach, _)| *reach > end);
    later.filter_map(|(_, report)| report.proof())
}

/// Time-stamps that do not count are a warning beside one that does. Where none counts, the
/// signature does not pass: it would claim less than it shows. The standard leaves this to the
/// validation policy; anybody can add a wrong time-stamp, so it is a doubt and not a failure. One
/// of an authority that the caller does not know says nothing, and is a warning.
fn ignored<'a>(stamps: impl Iterator<Item = &'a StampReport>) -> Vec<Cause> {
    let (counting, ignored): (Vec<_>, Vec<_>) = stamps.partition(|stamp| stamp.proof().is_some());
    let cause = |stamp: &StampReport| {
        let unknown = stamp.sub_indication == Some(SubIndication::NoCertificateChainFound);
        match counting.is_empty() && !unknown {
            true => Cause::NoStampCounts(stamp.id.clone()),
            false => Cause::StampIgnored(stamp.id.clone()),
        }
    };
    ignored.into_iter().map(cause).collect()
}

/// A document time-stamp made after the signature's own cannot state an earlier moment.
fn disorder(end: u64, stamps: &[StampReport], documents: &[DocumentStamp]) -> Option<Cause> {
    let inner = stamps.iter().filter_map(StampReport::proof).max()?;
    let outer = proofs_over(end, documents).min()?;
    (outer < inner).then_some(Cause::StampOrder)
}

fn may_sign(certificate: &Certificate) -> bool {
    certificate.extensions().key_usage.is_none_or(|usage| {
        usage.has(KeyUsage::NON_REPUDIATION) || usage.has(KeyUsage::DIGITAL_SIGNATURE)
    })
}

/// The level by what is there, whether it holds or not. Spec: EN 319 142-1 §6.
fn format_of(kind: Kind, found: &Found, is_stamped_over: bool) -> String {
    let family = match kind {
        Kind::Pades if found.bound => "PAdES-BASELINE",
        Kind::Pades => "PDF-NOT-ETSI",
        Kind::Pkcs7 => "PKCS7",
        Kind::TimeStamp => return "DOCUMENT-TIMESTAMP".to_owned(),
    };
    let level = match (found.stamps.is_empty() && !is_stamped_over, found.embedded) {
        (true, _) => "B",
        (false, false) => "T",
        (false, true) if is_stamped_over => "LTA",
        (false, true) => "LT",
    };
    format!("{family}-{level}")
}
