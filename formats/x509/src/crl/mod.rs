//! Certificate revocation lists: prepared, read, verified. Spec: RFC 5280 §5.

mod list;
mod prepare;
mod reason;

pub use list::{Crl, CrlError, CrlVerifyError, MAX_CRL};
pub use prepare::{CrlPrepareError, List, prepare};
pub use reason::Reason;

/// One certificate that is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number: DER content of the integer.
    pub serial: Vec<u8>,
    /// Since when, seconds since 1970.
    pub at: i64,
    /// Why; `None` when it is not said.
    pub reason: Option<Reason>,
    /// Since when the key is thought to be untrustworthy, seconds since 1970.
    pub invalid_since: Option<i64>,
}
