//! The platform and what it needs.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use ades::{Certificate, Trust};
use audit::Log;
use base::{Chance, Clock, Id, Locale};
use links::{Doors, Link, Party, Verifier};
use signing_contract::TABLE;
use store::{Schema, Store};
use tokio::sync::Semaphore;
use x509::Algorithms;

use crate::activation::Activated;
use crate::api::Bearers;
use crate::fetch::Outside;

/// The tables `signing_*`. The store also needs the log's and those of jobs.
pub const SCHEMA: Schema = Schema { system: "signing", steps: &[include_str!("schema.sql")] };

/// How many documents may lie in memory at once.
const HEAVY: usize = 2;

/// What the platform is made of.
pub struct SigningParts {
    /// Who it is.
    pub party: Party,
    /// Its store, opened with [`SCHEMA`] and those of log and jobs.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// The store's log.
    pub log: Log,
    /// To the identity platform: the phone.
    pub identity: Link,
    /// To the core trust platform: whose certificates.
    pub pki: Link,
    /// Checks on whose behalf it is called.
    pub verifier: Arc<dyn Verifier>,
    /// The world: time-stamps, status, lists.
    pub outside: Arc<dyn Outside>,
    /// Checks access tokens of the HTTP interface.
    pub bearers: Arc<dyn Bearers>,
    /// What its checks trust.
    pub trust: TrustedBy,
    /// Where time-stamps are had.
    pub time_stamps: String,
    /// The profile of certificates that sign: `person-signature`.
    pub profile: String,
    /// As whom the phone is asked.
    pub client: Client,
    /// The portal's origin: it alone may frame a document.
    pub portal: String,
    /// The largest document in bytes; never over 63 MiB, which leaves what reads PDFs room.
    pub document_max: u64,
}

/// A registered client, as phones show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its registered id.
    pub id: String,
    /// Its registered name, per language.
    pub name: Vec<(Locale, String)>,
}

/// The anchors and algorithms of a deployment.
#[derive(Clone, Debug)]
pub struct TrustedBy {
    /// Certificates trusted as they are.
    pub anchors: Vec<Certificate>,
    /// Further authorities whose certificates may be needed to build a path.
    pub authorities: Vec<Certificate>,
    /// Signature algorithms that can be verified at all.
    pub algorithms: Algorithms<'static>,
}

impl TrustedBy {
    pub(crate) fn trust(&self) -> Trust<'_> {
        let rules = ades::TS_119_312_V2_1_1;
        Trust { anchors: &self.anchors, algorithms: self.algorithms, rules }
    }
}

/// The signing platform.
pub struct Signing {
    pub(crate) parts: SigningParts,
    /// Which activations are being carried on in this process.
    carried: Mutex<BTreeSet<Id<Activated>>>,
    heavy: Semaphore,
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signing({})", self.parts.party)
    }
}

impl Signing {
    /// The platform of these parts.
    #[must_use]
    pub fn new(parts: SigningParts) -> Arc<Self> {
        let (carried, heavy) = (Mutex::default(), Semaphore::new(HEAVY));
        Arc::new(Self { parts, carried, heavy })
    }

    /// Every operation of the contract.
    #[must_use]
    pub fn doors(self: &Arc<Self>) -> Doors {
        let SigningParts { party, clock, verifier, .. } = &self.parts;
        let doors = Doors::new(party.clone(), Arc::clone(clock), Arc::clone(verifier));
        self.answering(doors.taking(TABLE))
    }

    /// Carries on what nobody asks for, and sweeps away what is past its time, until `stop`.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let jobs = store::jobs::run(self.parts.store.clone(), self.works(), stop);
        tokio::select! {
            () = jobs => {}
            () = self.sweep() => {}
        }
    }

    /// A seat for work that holds a document in memory.
    pub(crate) async fn seat(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.heavy.acquire().await.ok()
    }

    /// Takes an activation to carry on; none while another task of this process has it.
    pub(crate) fn taken(self: &Arc<Self>, id: Id<Activated>) -> Option<Taken> {
        let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
        carried.insert(id).then(|| Taken { signing: Arc::clone(self), id })
    }
}

/// An activation that one task carries on; given back when dropped.
pub(crate) struct Taken {
    signing: Arc<Signing>,
    id: Id<Activated>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut carried = self.signing.carried.lock().unwrap_or_else(PoisonError::into_inner);
        carried.remove(&self.id);
    }
}
