//! A log in a store of its own, with keys in memory.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::soft::{SoftHandles, SoftSigner, SoftWrap};
use audit::{Actor, ActorKind, Class, Disclosure, Log, Look, Parts, Sequencer, Sight};
use base::{ActingFor, PersonId};
use store::trial::Trial;
use trial::FixedClock;

pub(crate) const ANNA: PersonId = PersonId::from_bytes([0xa; 16]);
pub(crate) const BERTA: PersonId = PersonId::from_bytes([0xb; 16]);

pub(crate) struct World {
    pub(crate) log: Log,
    pub(crate) sequencer: Sequencer,
    pub(crate) handles: Arc<SoftHandles>,
    pub(crate) clock: FixedClock,
    _trial: Trial,
}

/// Runs a test over a log of its own on each engine there is.
pub(crate) fn in_each_world<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    store::trial::trial_on_each_engine(&[audit::SCHEMA], |trial| async {
        test(World::on(trial).await).await;
    });
}

impl World {
    async fn on(trial: Trial) -> Self {
        let handles = Arc::new(SoftHandles::new(2026));
        let parts = Parts {
            owner: "pmlp".parse().unwrap(),
            part: "persons".to_owned(),
            store: trial.store.clone(),
            wrap: Arc::new(SoftWrap),
            handles: handles.clone(),
            day: base::Time::utc_date,
        };
        let log = Log::open(parts).await.unwrap();
        let sequencer = Sequencer::new(log.clone(), Arc::new(SoftSigner::seeded(1)), None);
        Self { log, sequencer, handles, clock: trial.clock.clone(), _trial: trial }
    }
}

/// Has an `async move` block take the world whole, its store's place with it.
impl Drop for World {
    fn drop(&mut self) {}
}

pub(crate) fn look() -> Look {
    Look {
        system: "pki".to_owned(),
        operation: "persons/find".to_owned(),
        actor: Actor { kind: ActorKind::Official, pseudonym: "officer 7".to_owned() },
        organisation: "Example municipality".to_owned(),
        acting_for: ActingFor::Own,
        purpose: "issuing a certificate".to_owned(),
        legal_basis: "test".to_owned(),
        permission: Some("P-1".to_owned()),
        case: None,
        channel: "api".to_owned(),
        request: "r-1".to_owned(),
        terms: Some("what was typed".to_owned()),
        extra: None,
        class: Class { name: "person.look".to_owned(), months: 24 },
        disclosure: Disclosure::Visible,
    }
}

pub(crate) fn sight(person: PersonId) -> Sight {
    Sight { person, revision: 3, groups: vec!["name".to_owned(), "address".to_owned()] }
}

/// Every file under a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
