//! Why a signature does not pass, in a sentence that a person understands.

use ades::{Reason, SubIndication as Sub};
use ui::text::{Key, cli};

/// The sentence for a sub-indication, told apart by the decisive reason where that says more.
pub(crate) fn sentence(sub: Sub, errors: &[Reason]) -> Key {
    let changed = errors.iter().any(|reason| reason.code == "CHANGED");
    match sub {
        Sub::FormatFailure if changed => cli::WHY_CHANGED,
        Sub::FormatFailure => cli::WHY_FORM,
        Sub::HashFailure => cli::WHY_DOCUMENT,
        Sub::SigCryptoFailure => cli::WHY_VALUE,
        Sub::SignedDataNotFound => cli::WHY_ABSENT,
        Sub::SigConstraintsFailure => cli::WHY_STAMP,
        Sub::NoSigningCertificateFound => cli::WHY_SIGNER,
        Sub::NoCertificateChainFound => cli::WHY_UNKNOWN,
        Sub::CertificateChainGeneralFailure => cli::WHY_CHAIN,
        Sub::ChainConstraintsFailure => cli::WHY_PURPOSE,
        Sub::NotYetValid => cli::WHY_EARLY,
        Sub::OutOfBoundsNoPoe => cli::WHY_LATE,
        Sub::RevokedNoPoe => cli::WHY_REVOKED,
        Sub::RevokedCaNoPoe => cli::WHY_ISSUER_REVOKED,
        Sub::TryLater => cli::WHY_STATUS,
        Sub::CryptoConstraintsFailure | Sub::CryptoConstraintsFailureNoPoe => cli::WHY_WEAK,
        Sub::TimestampOrderFailure => cli::WHY_ORDER,
    }
}
