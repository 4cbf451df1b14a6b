//! Everything that can be wrong or odd, with what it means for the verdict.

use std::fmt;

use cms::Finding;
use cms::timestamp::TokenFault;

use crate::report::{Indication, Reason, SubIndication};

/// Something wrong or odd about a signature or a time-stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The SignedData or token cannot be read.
    Unreadable(cms::ReadError),
    /// There must be exactly one signer.
    Signers(usize),
    /// The coverage lies or leaves holes.
    Coverage(String),
    /// The document was changed afterwards in a way that is not permitted.
    Changed(String),
    /// The document was changed afterwards as permitted.
    ChangedAsPermitted(String),
    /// Found in the SignedData.
    Signature(Finding),
    /// Signed attributes of a PDF signature must bind the certificate.
    NotBound,
    /// Found in the token.
    Token(TokenFault),
    /// No path to an anchor.
    NoPath,
    /// The path breaks a rule.
    Path(String),
    /// The key may not be used for this.
    KeyUsage,
    /// At the proven time the certificate was not yet valid.
    NotYetValid,
    /// The certificate is out of its validity.
    OutOfBounds,
    /// The signing certificate was revoked at this moment.
    Revoked(i64),
    /// A certificate above was revoked at this moment.
    AuthorityRevoked(i64),
    /// Revoked later, which does not touch the signature.
    RevokedLater(i64),
    /// There is no revocation data for the certificate with this subject.
    StatusMissing(String),
    /// There is revocation data, but from before the proven time or out of date.
    StatusTooOld(String),
    /// The algorithm is not accepted at the proven time.
    Algorithm(String),
    /// A time-stamp does not count, but another does, or its authority is unknown.
    StampIgnored(String),
    /// A time-stamp does not count, and no other does.
    NoStampCounts(String),
    /// The moment of a token lies outside what its key may sign.
    StampOutOfBounds,
    /// The moment of a token lies after that of the check.
    StampInFuture,
    /// A later time-stamp states an earlier moment.
    StampOrder,
}

impl Cause {
    /// What it means for the verdict; nothing for a warning.
    #[must_use]
    pub fn verdict(&self) -> Option<(Indication, SubIndication)> {
        use Indication::{Indeterminate, TotalFailed};
        use SubIndication as Sub;
        Some(match self {
            Self::ChangedAsPermitted(_) | Self::RevokedLater(_) | Self::StampIgnored(_) => {
                return None;
            }
            Self::Signature(finding) => return verdict_of(finding),
            Self::Unreadable(_)
            | Self::Signers(_)
            | Self::Coverage(_)
            | Self::Changed(_)
            | Self::NotBound
            | Self::Token(TokenFault::Signers | TokenFault::NotBound) => {
                (TotalFailed, Sub::FormatFailure)
            }
            Self::Token(TokenFault::Imprint | TokenFault::Nonce) => (TotalFailed, Sub::HashFailure),
            Self::Token(TokenFault::Usage | TokenFault::Policy) | Self::KeyUsage => {
                (Indeterminate, Sub::ChainConstraintsFailure)
            }
            Self::Token(TokenFault::Algorithm) => (Indeterminate, Sub::CryptoConstraintsFailure),
            Self::NoPath => (Indeterminate, Sub::NoCertificateChainFound),
            Self::Path(_) => (Indeterminate, Sub::CertificateChainGeneralFailure),
            Self::NotYetValid => (TotalFailed, Sub::NotYetValid),
            Self::OutOfBounds | Self::StampOutOfBounds => (Indeterminate, Sub::OutOfBoundsNoPoe),
            Self::Revoked(_) => (Indeterminate, Sub::RevokedNoPoe),
            Self::AuthorityRevoked(_) => (Indeterminate, Sub::RevokedCaNoPoe),
            Self::StatusMissing(_) | Self::StatusTooOld(_) => (Indeterminate, Sub::TryLater),
            Self::Algorithm(_) => (Indeterminate, Sub::CryptoConstraintsFailureNoPoe),
            Self::StampOrder | Self::StampInFuture => (Indeterminate, Sub::TimestampOrderFailure),
            Self::NoStampCounts(_) => (Indeterminate, Sub::SigConstraintsFailure),
        })
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "UNREADABLE",
            Self::Signers(_) => "SIGNERS",
            Self::Coverage(_) => "COVERAGE",
            Self::Changed(_) => "CHANGED",
            Self::ChangedAsPermitted(_) => "CHANGED_AS_PERMITTED",
            Self::Signature(finding) => code_of(finding),
            Self::NotBound => "CERTIFICATE_NOT_BOUND",
            Self::Token(TokenFault::Signers) => "TOKEN_SIGNERS",
            Self::Token(TokenFault::Imprint) => "TOKEN_IMPRINT",
            Self::Token(TokenFault::Algorithm) => "TOKEN_ALGORITHM",
            Self::Token(TokenFault::Usage) => "TOKEN_USAGE",
            Self::Token(TokenFault::NotBound) => "TOKEN_NOT_BOUND",
            Self::Token(TokenFault::Nonce) => "TOKEN_NONCE",
            Self::Token(TokenFault::Policy) => "TOKEN_POLICY",
            Self::NoPath => "NO_PATH",
            Self::Path(_) => "PATH",
            Self::KeyUsage => "KEY_USAGE",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::OutOfBounds => "OUT_OF_BOUNDS",
            Self::Revoked(_) => "REVOKED",
            Self::AuthorityRevoked(_) => "AUTHORITY_REVOKED",
            Self::RevokedLater(_) => "REVOKED_LATER",
            Self::StatusMissing(_) => "STATUS_MISSING",
            Self::StatusTooOld(_) => "STATUS_TOO_OLD",
            Self::Algorithm(_) => "ALGORITHM",
            Self::StampIgnored(_) => "STAMP_IGNORED",
            Self::NoStampCounts(_) => "NO_STAMP_COUNTS",
            Self::StampOutOfBounds => "STAMP_OUT_OF_BOUNDS",
            Self::StampInFuture => "STAMP_IN_FUTURE",
            Self::StampOrder => "STAMP_ORDER",
        }
    }
}

fn verdict_of(finding: &Finding) -> Option<(Indication, SubIndication)> {
    use Indication::{Indeterminate, TotalFailed};
    use SubIndication as Sub;
    if !finding.is_error() {
        return None;
    }
    Some(match finding {
        Finding::DigestDiffers => (TotalFailed, Sub::HashFailure),
        Finding::SignatureInvalid => (TotalFailed, Sub::SigCryptoFailure),
        Finding::ContentMissing => (Indeterminate, Sub::SignedDataNotFound),
        Finding::SigningCertificateNotFound => (Indeterminate, Sub::NoSigningCertificateFound),
        Finding::DigestAlgorithmUnknown(_) | Finding::SignatureAlgorithmNotAccepted => {
            (Indeterminate, Sub::CryptoConstraintsFailure)
        }
        _ => (TotalFailed, Sub::FormatFailure),
    })
}

fn code_of(finding: &Finding) -> &'static str {
    match finding {
        Finding::ContentMissing => "CONTENT_MISSING",
        Finding::ContentEnclosed => "CONTENT_ENCLOSED",
        Finding::NoSignedAttributes => "NO_SIGNED_ATTRIBUTES",
        Finding::AttributeMissing(_) => "ATTRIBUTE_MISSING",
        Finding::AttributeRepeated(_) => "ATTRIBUTE_REPEATED",
        Finding::AttributeMalformed(_) => "ATTRIBUTE_MALFORMED",
        Finding::ContentTypeDiffers => "CONTENT_TYPE_DIFFERS",
        Finding::DigestDiffers => "DIGEST_DIFFERS",
        Finding::DigestAlgorithmUnknown(_) => "DIGEST_ALGORITHM_UNKNOWN",
        Finding::SignatureAlgorithmNotAccepted => "SIGNATURE_ALGORITHM_NOT_ACCEPTED",
        Finding::AlgorithmsDisagree => "ALGORITHMS_DISAGREE",
        Finding::SigningCertificateNotFound => "CERTIFICATE_NOT_FOUND",
        Finding::SignatureInvalid => "SIGNATURE_INVALID",
        Finding::SigningCertificateNotBound => "CERTIFICATE_NOT_BOUND",
        Finding::SigningCertificateBoundBySha1 => "CERTIFICATE_BOUND_BY_SHA1",
        Finding::IssuerSerialDiffers => "ISSUER_SERIAL_DIFFERS",
        Finding::WasBer => "WAS_BER",
        Finding::AttributesUnsorted => "ATTRIBUTES_UNSORTED",
        Finding::DigestAlgorithmNotListed => "DIGEST_ALGORITHM_NOT_LISTED",
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Unreadable(error) => return error.fmt(f),
            Self::Signers(count) => return write!(f, "{count} signers instead of one"),
            Self::Coverage(what) => return write!(f, "what is covered is not clear: {what}"),
            Self::Changed(what) => return write!(f, "changed after signing: {what}"),
            Self::ChangedAsPermitted(what) => {
                return write!(f, "changed after signing as permitted: {what}");
            }
            Self::Signature(finding) => return finding.fmt(f),
            Self::Token(fault) => return fault.fmt(f),
            Self::Path(why) => return write!(f, "the certificate path breaks a rule: {why}"),
            Self::StatusMissing(of) => return write!(f, "no revocation data for {of}"),
            Self::StatusTooOld(of) => return write!(f, "revocation data too old for {of}"),
            Self::Algorithm(which) => return write!(f, "not accepted at that time: {which}"),
            Self::StampIgnored(id) | Self::NoStampCounts(id) => {
                return write!(f, "time-stamp {id} does not count");
            }
            Self::NotBound => "no signed attribute names the signing certificate",
            Self::NoPath => "no certificate path to a trusted certificate",
            Self::KeyUsage => "the certificate is not for signing documents",
            Self::NotYetValid => "the certificate was not yet valid",
            Self::OutOfBounds => "the certificate is not valid and no time-stamp proves more",
            Self::Revoked(_) => "the signing certificate is revoked",
            Self::AuthorityRevoked(_) => "a certificate above the signer's is revoked",
            Self::RevokedLater(_) => "the certificate was revoked after the signature",
            Self::StampOutOfBounds => "the moment stated is outside the life of the unit's key",
            Self::StampInFuture => "the moment stated lies in the future",
            Self::StampOrder => "a later time-stamp states an earlier moment",
        };
        f.write_str(text)
    }
}

/// The causes found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Causes(Vec<Cause>);

impl Causes {
    pub(crate) fn add(&mut self, cause: Cause) {
        if !self.0.contains(&cause) {
            self.0.push(cause);
        }
    }

    pub(crate) fn all(self) -> Vec<Cause> {
        self.0
    }

    pub(crate) fn extend(&mut self, causes: impl IntoIterator<Item = Cause>) {
        causes.into_iter().for_each(|cause| self.add(cause));
    }

    /// The decisive cause: the first that fails totally, else the first that leaves doubt.
    fn decisive(&self) -> Option<&Cause> {
        let mut doubts = self.0.iter().filter(|cause| cause.verdict().is_some());
        let failed = self.0.iter().find(|cause| {
            cause.verdict().is_some_and(|(indication, _)| indication == Indication::TotalFailed)
        });
        failed.or_else(|| doubts.next())
    }

    pub(crate) fn indication(&self) -> (Indication, Option<SubIndication>) {
        match self.decisive().and_then(Cause::verdict) {
            Some((indication, sub)) => (indication, Some(sub)),
            None => (Indication::TotalPassed, None),
        }
    }

    pub(crate) fn errors(&self) -> Vec<Reason> {
        let decisive = self.decisive();
        let others =
            self.0.iter().filter(|cause| cause.verdict().is_some() && Some(*cause) != decisive);
        decisive.into_iter().chain(others).map(Reason::from).collect()
    }

    pub(crate) fn warnings(&self) -> Vec<Reason> {
        self.0.iter().filter(|cause| cause.verdict().is_none()).map(Reason::from).collect()
    }
}
