//! The authorities whose certificates and lists are signed here, and the profiles they issue by.

use std::collections::BTreeMap;

use base::{Bytes, Digest};
use keys::{Keeper, KeyError, Lint, Purpose, Signer, WrappedKey};
use pki_contract::profile::ProfileData;
use store::{StoreError, Tx, values};
use x509::{Certificate, Profile};

/// The purpose of authorities' keys.
#[derive(Debug)]
pub enum Authorities {}

impl Purpose for Authorities {
    const NAME: &'static str = "ca-signer.authority";
}

/// An authority.
#[derive(Debug)]
pub(crate) struct Authority {
    pub(crate) issuer: Digest,
    pub(crate) parent: Digest,
    pub(crate) certificate: Certificate,
    pub(crate) hand: Option<Hand>,
}

/// Its key, and the one of the same kind that signs for the lints.
#[derive(Debug)]
pub(crate) struct Hand {
    pub(crate) signer: Signer<Authorities>,
    pub(crate) throw_away: Signer<Lint>,
}

/// A profile and who issues by it.
#[derive(Debug)]
pub(crate) struct Issuing {
    pub(crate) profile: Profile,
    pub(crate) issuer: Digest,
}

/// All of them, as they were when the process began.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) authorities: BTreeMap<Digest, Authority>,
    pub(crate) profiles: BTreeMap<Digest, Issuing>,
}

/// Why the process cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An authority's key.
    #[error("the key of an authority")]
    Key(#[from] KeyError),
    /// What stands in the store is not what was put there.
    #[error("the store holds a damaged {0}")]
    Damaged(&'static str),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] crate::archive::ArchiveError),
}

/// An authority as it lies in the store.
type Row = ([u8; 32], [u8; 32], Vec<u8>, Option<Vec<u8>>);

/// A profile as it lies in the store.
type Data = ([u8; 32], [u8; 32], String);

pub(crate) fn rows(tx: &mut Tx) -> Result<(Vec<Row>, Vec<Data>), StoreError> {
    let authorities = tx.all(
        "SELECT issuer, parent, certificate, key FROM ca_signer_authority ORDER BY issuer",
        values![],
    )?;
    let profiles =
        tx.all("SELECT hash, issuer, data FROM ca_signer_profile ORDER BY hash", values![])?;
    Ok((authorities, profiles))
}

impl Book {
    pub(crate) fn open(
        (authorities, profiles): (Vec<Row>, Vec<Data>),
        keeper: &Keeper,
    ) -> Result<Self, OpenError> {
        let mut book = Self::default();
        for row in authorities {
            let authority = Authority::open(row, keeper)?;
            book.authorities.insert(authority.issuer, authority);
        }
        for (hash, issuer, data) in profiles {
            let data: Option<ProfileData> = serde_json::from_str(&data).ok();
            let profile = data.and_then(|data| data.profile().ok());
            let profile = profile.filter(|profile| profile.hash() == hash);
            let profile = profile.ok_or(OpenError::Damaged("profile"))?;
            book.profiles.insert(Digest(hash), Issuing { profile, issuer: Digest(issuer) });
        }
        Ok(book)
    }

    /// The certificates above one that `issuer` issued, the issuing one first, without the root.
    pub(crate) fn chain(&self, issuer: &Digest) -> Vec<Bytes> {
        let mut chain = Vec::new();
        let mut next = self.authorities.get(issuer);
        while let Some(authority) = next.filter(|own| own.parent != own.issuer) {
            chain.push(Bytes(authority.certificate.der().to_vec()));
            // A chain longer than there are authorities would be a circle.
            let more = chain.len() <= self.authorities.len();
            next = self.authorities.get(&authority.parent).filter(|_| more);
        }
        chain
    }
}

impl Authority {
    fn open((issuer, parent, der, key): Row, keeper: &Keeper) -> Result<Self, OpenError> {
        let certificate = Certificate::parse(&der);
        let certificate = certificate.map_err(|_| OpenError::Damaged("authority"))?;
        let hand = key.map(|key| Hand::open(&key, &certificate, keeper)).transpose()?;
        Ok(Self { issuer: Digest(issuer), parent: Digest(parent), certificate, hand })
    }
}

impl Hand {
    fn open(wrapped: &[u8], certificate: &Certificate, keeper: &Keeper) -> Result<Self, OpenError> {
        let wrapped = WrappedKey::parse(wrapped).map_err(|_| OpenError::Damaged("key"))?;
        let signer: Signer<Authorities> = keeper.open(&wrapped)?;
        if signer.public_key().spki() != certificate.spki() {
            return Err(OpenError::Damaged("key"));
        }
        let throw_away = signer.throw_away()?;
        Ok(Self { signer, throw_away })
    }
}
