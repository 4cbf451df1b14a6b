//! Keys and certificates of machines: asked of `ca-signer` under a standing approval when a process
//! starts, and anew, with another key (R10), when a third of the life is left.
//!
//! Key and certificate lie in one file, so that no crash can part them: first the key alone, then
//! both. The key's certificate asked for again is the same one.

use std::path::Path;

use base::{Bytes, Time};
use keys::{Algorithm, Keeper, KeyError, Purpose, SignError, Signer, WrappedKey};
use links::{Call, CallFault, Link, OnBehalf};
use pki_contract::{IssueInfrastructure, SignerRefusal};
use serde::{Deserialize, Serialize};
use x509::Certificate;

use crate::place::{Home, write_whole};
use crate::setup::Standing;
use crate::waiting::Silent;

/// What a signature by a key over its own SPKI begins with.
const PROOF: &[u8] = b"sakta proof 1";

/// What a machine needs to ask.
pub(crate) struct Asking<'a> {
    /// The process's folder.
    pub(crate) home: &'a Home,
    /// Who keeps the key.
    pub(crate) keeper: &'a Keeper,
    /// The way to `ca-signer`.
    pub(crate) signer: &'a Link,
    /// Under which approval.
    pub(crate) standing: &'a Standing,
}

/// A machine's key with its certificate.
#[derive(Debug)]
pub(crate) struct Obtained<K: Purpose> {
    /// The key.
    pub(crate) signer: Signer<K>,
    /// Its certificate.
    pub(crate) certificate: Certificate,
    /// Those above it, the issuing one first, without the root.
    pub(crate) chain: Vec<Certificate>,
}

/// Why a machine has no certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObtainError {
    /// Its file.
    #[error("{file}")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that holds something else.
    #[error("{0} is damaged")]
    Damaged(String),
    /// Its key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Its key does not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// `ca-signer` gives none.
    #[error("ca-signer gives no certificate: does `sakta role ca-signer` run where it is called?")]
    Signer(#[from] CallFault<SignerRefusal>),
}

impl Silent for ObtainError {
    fn is_silent(&self) -> bool {
        matches!(self, Self::Signer(fault) if fault.is_silent())
    }
}

/// The file: a key on its way to a certificate, or with it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    key: Bytes,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    chain: Vec<Bytes>,
}

/// The key and certificate `name` of a machine: those that lie in its folder, or new ones.
///
/// # Errors
/// [`ObtainError`]; while an old certificate is still valid, `ca-signer`'s silence is none.
pub(crate) async fn obtain<K: Purpose>(
    asking: &Asking<'_>,
    name: &str,
    now: Time,
) -> Result<Obtained<K>, ObtainError> {
    let own = asking.home.file(&format!("{name}.identity"));
    let current: Option<Obtained<K>> = read(&own, asking.keeper)?;
    match current {
        Some(current) if !current.is_nearly_over(now) => Ok(current),
        Some(current) => match renewed(asking, name, &own).await {
            Err(ObtainError::Signer(why)) if current.certificate.is_valid_at(now.seconds()) => {
                tracing::warn!(%why, name, "the certificate is not renewed yet");
                Ok(current)
            }
            outcome => outcome,
        },
        None => renewed(asking, name, &own).await,
    }
}

impl<K: Purpose> Obtained<K> {
    /// Whether less than a third is left of the certificate's life, or of the key's use.
    fn is_nearly_over(&self, now: Time) -> bool {
        let (from, to) = (self.certificate.not_before(), self.certificate.not_after());
        let key_use = self.certificate.extensions().key_use.as_ref();
        let to = key_use.and_then(|period| period.to).unwrap_or(to).min(to);
        to.saturating_sub(now.seconds()) < to.saturating_sub(from) / 3
    }
}

/// A new key, its certificate, and both in the place of the old ones.
async fn renewed<K: Purpose>(
    asking: &Asking<'_>,
    name: &str,
    own: &Path,
) -> Result<Obtained<K>, ObtainError> {
    let next = asking.home.file(&format!("{name}.identity-next"));
    let (signer, key) = next_key::<K>(asking, &next)?;
    let spki = signer.public_key().spki().to_vec();
    let message = [PROOF, signer.public_key().sha256().as_ref()].concat();
    let issue = IssueInfrastructure {
        standing: asking.standing.id.clone(),
        subject: asking.standing.subject.clone(),
        spki: Bytes(spki),
        proof: Bytes(signer.sign(&message)?),
    };
    let job = OnBehalf::System { job: "start".to_owned() };
    let issued = asking.signer.call(Call::new(issue, job, "own certificate")).await?;
    let chain = std::iter::once(issued.certificate).chain(issued.chain).collect();
    write(&next, &Kept { key, chain })?;
    let failed = |source| ObtainError::File { file: shown(own), source };
    std::fs::rename(&next, own).map_err(failed)?;
    read(own, asking.keeper)?.ok_or_else(|| ObtainError::Damaged(shown(own)))
}

/// The key that waits for its certificate, made when there is none.
fn next_key<K: Purpose>(
    asking: &Asking<'_>,
    next: &Path,
) -> Result<(Signer<K>, Bytes), ObtainError> {
    if let Some(kept) = kept(next)? {
        let key = WrappedKey::parse(&kept.key.0);
        let key = key.map_err(|_| ObtainError::Damaged(shown(next)))?;
        return Ok((asking.keeper.open(&key)?, kept.key));
    }
    let (signer, wrapped) = asking.keeper.make(Algorithm::P256)?;
    let key = Bytes(wrapped.to_bytes());
    write(next, &Kept { key: key.clone(), chain: Vec::new() })?;
    Ok((signer, key))
}

fn read<K: Purpose>(file: &Path, keeper: &Keeper) -> Result<Option<Obtained<K>>, ObtainError> {
    let Some(kept) = kept(file)? else { return Ok(None) };
    let damaged = || ObtainError::Damaged(shown(file));
    let wrapped = WrappedKey::parse(&kept.key.0).map_err(|_| damaged())?;
    let signer: Signer<K> = keeper.open(&wrapped)?;
    let mut chain = kept.chain.iter().map(|der| Certificate::parse(&der.0));
    let certificate = chain.next().ok_or_else(damaged)?.map_err(|_| damaged())?;
    let chain = chain.collect::<Result<_, _>>().map_err(|_| damaged())?;
    if certificate.spki() != signer.public_key().spki() {
        return Err(damaged());
    }
    Ok(Some(Obtained { signer, certificate, chain }))
}

fn kept(file: &Path) -> Result<Option<Kept>, ObtainError> {
    match std::fs::read(file) {
        Ok(bytes) => {
            let kept = serde_json::from_slice(&bytes);
            kept.map(Some).map_err(|_| ObtainError::Damaged(shown(file)))
        }
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ObtainError::File { file: shown(file), source }),
    }
}

fn write(file: &Path, kept: &Kept) -> Result<(), ObtainError> {
    let failed = |source| ObtainError::File { file: shown(file), source };
    let json = serde_json::to_vec(kept).map_err(std::io::Error::other).map_err(failed)?;
    write_whole(file, &json, true).map_err(failed)
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

#[cfg(test)]
#[path = "infrastructure/tests.rs"]
mod tests;
