//! The platform and what it needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use audit::Log;
use base::{Chance, Clock, Owner};
use links::Link;
use pki_contract::SignedList;
use sha2::{Digest, Sha256};
use store::{Schema, Store};
use tokio::sync::Mutex;
use x509::Algorithms;

/// The tables `pki_*`.
pub const SCHEMA: Schema = Schema { system: "pki", steps: &[include_str!("schema.sql")] };

/// What the platform is made of.
#[derive(Debug)]
pub struct PkiParts {
    /// Whose it is.
    pub owner: Owner,
    /// Its store, opened with [`SCHEMA`] and the log's, filled by [`crate::found`].
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// The store's log.
    pub log: Log,
    /// By which an applicant's proof of possession is checked.
    pub algorithms: Algorithms<'static>,
    /// The way to the process that issues.
    pub signer: Link,
    /// The way to the process that holds persons' keys; none where it does not run: then what
    /// concerns such a key stays being carried out.
    pub sam: Option<Link>,
}

/// The platform at work.
#[derive(Debug)]
pub struct Pki {
    pub(crate) owner: Owner,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) log: Log,
    pub(crate) algorithms: Algorithms<'static>,
    pub(crate) signer: Link,
    pub(crate) sam: Option<Link>,
    /// Revocation lists by the name in their address, as they were last given.
    pub(crate) lists: Mutex<BTreeMap<String, (base::Time, SignedList)>>,
}

impl Pki {
    /// The platform of these parts.
    #[must_use]
    pub fn new(parts: PkiParts) -> Arc<Self> {
        let PkiParts { owner, store, clock, chance, log, algorithms, signer, sam } = parts;
        let lists = Mutex::default();
        Arc::new(Self { owner, store, clock, chance, log, algorithms, signer, sam, lists })
    }

    /// Carries out what was accepted, until `stop`.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let store = self.store.clone();
        store::jobs::run(store, crate::work::works(&self), stop).await;
    }
}

/// What names a key, an application, a demand.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
