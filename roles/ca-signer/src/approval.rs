//! Reading what officers and `sam` signed.

use base::{Digest, Time};
use jose::jwk::{Jwk, Key};
use jose::jws::{Accept, Algorithm, Jws};
use keys::{Suite, allowed, sha256};
use pki_contract::SignerRefusal;
use serde::de::DeserializeOwned;
use store::{Store, StoreError, Tx, values};

use crate::failed::Failed;
use crate::officer;

/// Something signed, its signature checked by a key of this store.
#[derive(Clone, Debug)]
pub(crate) struct Signed<T> {
    /// What it says.
    pub(crate) claims: T,
    /// SHA-256 of the bytes that were signed: the same again is the same approval, by whatever
    /// signature.
    pub(crate) digest: Digest,
    /// Whose key, by its thumbprint.
    pub(crate) key: String,
    /// The whole, compact.
    pub(crate) text: String,
}

/// Whose keys to look among.
type Keys = fn(&mut Tx, &str) -> Result<Option<Vec<u8>>, StoreError>;

/// The type that `text` says it has; nothing of it is checked.
pub(crate) fn typ(text: &str) -> Option<String> {
    let (header, _) = text.split_once('.')?;
    let header: serde_json::Value = serde_json::from_slice(&jose::unbase64url(header)?).ok()?;
    header.get("typ")?.as_str().map(ToOwned::to_owned)
}

/// Reads an approval by an officer whose key stands here. Whether they may is asked where it is
/// spent.
pub(crate) async fn by_officer<T: DeserializeOwned>(
    store: &Store,
    text: &str,
    typ: &str,
) -> Result<Signed<T>, Failed> {
    read(store, text, typ, officer::key_of).await
}

/// Reads a statement by `sam`.
pub(crate) async fn by_sam<T: DeserializeOwned>(
    store: &Store,
    text: &str,
    typ: &str,
) -> Result<Signed<T>, Failed> {
    read(store, text, typ, officer::sam_key).await
}

async fn read<T: DeserializeOwned>(
    store: &Store,
    text: &str,
    typ: &str,
    keys: Keys,
) -> Result<Signed<T>, Failed> {
    const WRONG: SignerRefusal = SignerRefusal::Approval;
    let read = Jws::parse(text, Accept::only(typ, &[Algorithm::Es256])).map_err(|_| WRONG)?;
    let key = read.header().kid.clone().ok_or(WRONG)?;
    let kid = key.clone();
    let spki = store.read("ca_signer.key", move |tx| keys(tx, &kid)).await?.ok_or(WRONG)?;
    let public = Jwk::from(Key::from_spki(&spki).map_err(|_| WRONG)?);
    let verified = read.verify(&public, allowed(Suite::House)).map_err(|_| WRONG)?;
    let claims = verified.claims().map_err(|_| WRONG)?;
    let digest = Digest(sha256(&verified.payload));
    Ok(Signed { claims, digest, key, text: text.to_owned() })
}

/// How an approval that was spent ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    /// What was signed.
    pub(crate) digest: Digest,
    /// The serial number, or the status that it led to.
    pub(crate) outcome: String,
}

impl Spent {
    /// The outcome for the same approval again; another of the same id is refused.
    pub(crate) fn again(self, digest: Digest) -> Result<String, SignerRefusal> {
        if self.digest == digest { Ok(self.outcome) } else { Err(SignerRefusal::Spent) }
    }
}

/// The approval `id`, if it was spent.
pub(crate) fn spent(tx: &mut Tx, id: &str) -> Result<Option<Spent>, StoreError> {
    let found: Option<([u8; 32], String)> =
        tx.first("SELECT digest, outcome FROM ca_signer_approval WHERE id = $1", values![id])?;
    Ok(found.map(|(digest, outcome)| Spent { digest: Digest(digest), outcome }))
}

/// Spends an approval: by writing, so that of two at once one wins. False: it was spent before.
pub(crate) fn spend<T>(
    tx: &mut Tx,
    (id, outcome): (&str, &str),
    signed: &Signed<T>,
    now: Time,
) -> Result<bool, StoreError> {
    let new = tx.update(
        "INSERT INTO ca_signer_approval (id, digest, text, officer, outcome, spent_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        values![id, signed.digest.0, &signed.text, &signed.key, outcome, now],
    )?;
    Ok(new == 1)
}

/// An id is 1 to 64 printable ASCII characters.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}
