//! The bytes of a revocation list before they are signed.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::crl::{Reason, Revoked};
use crate::extension::{AuthorityKey, Extension, list};
use crate::oid;
use crate::prepare::ToBeSigned;
use crate::time;
use crate::tlv;

/// What a revocation list is to say.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// Its number, above every earlier one of the issuer.
    pub number: u64,
    /// When its content was right, seconds since 1970.
    pub this_update: i64,
    /// When the next comes at the latest, seconds since 1970.
    pub next_update: i64,
    /// Who is revoked; each serial once.
    pub revoked: &'a [Revoked],
    /// Since when certificates stay on it after their end (`expiredCertsOnCRL`).
    pub expired_since: Option<i64>,
}

/// Why no list is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrlPrepareError {
    /// The issuer is not an authority that may sign lists and names its key.
    #[error("the issuer may not sign revocation lists")]
    Issuer,
    /// The next list would not come after this one.
    #[error("the next update must come after this one")]
    Updates,
    /// A serial number is empty or stands twice.
    #[error("a serial number is empty or stands twice")]
    Serial,
    /// A reason that only delta lists have, or a revocation after the list.
    #[error("an entry with a reason or a time that a full list may not have")]
    Entry,
}

/// Prepares a full list of the authority `issuer`: the exact bytes to sign. The entries are put in
/// the order of their serial numbers. [`ToBeSigned::finish`] makes the list.
///
/// # Errors
/// See [`CrlPrepareError`].
pub fn prepare(
    content: &List<'_>,
    issuer: &Certificate,
    algorithm: SignatureAlgorithm,
) -> Result<ToBeSigned, CrlPrepareError> {
    let usage = issuer.extensions().key_usage;
    let signs = usage.is_some_and(|usage| usage.has(crate::KeyUsage::CRL_SIGN));
    let key = issuer.extensions().subject_key.clone().filter(|_| signs && issuer.is_authority());
    let key = key.ok_or(CrlPrepareError::Issuer)?;
    if content.next_update <= content.this_update {
        return Err(CrlPrepareError::Updates);
    }
    let bytes = tlv::sequence(&[
        tlv::number(1),
        algorithm.identifier(),
        issuer.subject().der().to_vec(),
        time::encode(content.this_update),
        time::encode(content.next_update),
        entries(content)?,
        tlv::wrap(tlv::context(0), &[list(&extensions(content, key))]),
    ]);
    Ok(ToBeSigned::new(bytes, algorithm))
}

fn entries(content: &List<'_>) -> Result<Vec<u8>, CrlPrepareError> {
    let mut sorted: Vec<&Revoked> = content.revoked.iter().collect();
    sorted.sort_by(|one, other| one.serial.cmp(&other.serial));
    let twice =
        sorted.windows(2).any(|pair| matches!(pair, [one, other] if one.serial == other.serial));
    if twice || sorted.iter().any(|entry| entry.serial.is_empty()) {
        return Err(CrlPrepareError::Serial);
    }
    let wrong = |entry: &&Revoked| {
        entry.reason == Some(Reason::RemovedFromList) || entry.at > content.this_update
    };
    if sorted.iter().any(wrong) {
        return Err(CrlPrepareError::Entry);
    }
    // An empty list is left out. Spec: RFC 5280 §5.1.2.6.
    let entries: Vec<_> = sorted.into_iter().map(entry).collect();
    Ok(if entries.is_empty() { Vec::new() } else { tlv::sequence(&entries) })
}

fn entry(entry: &Revoked) -> Vec<u8> {
    let reason = entry.reason.filter(|reason| *reason != Reason::Unspecified);
    let reason = reason.map(|reason| Extension::new(oid::REASON_CODE, false, reason.der()));
    let since = entry.invalid_since.map(time::generalized);
    let since = since.map(|since| Extension::new(oid::INVALIDITY_DATE, false, since));
    let extensions: Vec<_> = reason.into_iter().chain(since).collect();
    let extensions = if extensions.is_empty() { Vec::new() } else { list(&extensions) };
    let serial = tlv::tlv(tlv::INTEGER, &entry.serial);
    tlv::sequence(&[serial, time::encode(entry.at), extensions])
}

fn extensions(content: &List<'_>, key: Vec<u8>) -> Vec<Extension> {
    let authority = AuthorityKey { key: Some(key), ..AuthorityKey::default() };
    let expired = content.expired_since.map(time::generalized);
    let expired = expired.map(|since| Extension::new(oid::EXPIRED_CERTS_ON_CRL, false, since));
    [
        Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, false, authority.der()),
        Extension::new(oid::CRL_NUMBER, false, tlv::number(content.number)),
    ]
    .into_iter()
    .chain(expired)
    .collect()
}
