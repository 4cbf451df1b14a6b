//! Stopping between every two steps of the sequencer: no record lost, none twice, and what was
//! published before stays the beginning of what is published after.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base::PersonId;
use proptest::prelude::*;
use store::trial::{Folder, Trial, run, trial_on_each_engine};
use trial::FixedClock;

use crate::archive::{self, ArchiveError};
use crate::checkpoint::{CheckpointSigner, SignFailed};
use crate::log::{Log, Parts, Seen};
use crate::record::{Sight, tests::look};
use crate::sequencer::{Round, Sequencer, SequencerError};
use crate::soft::{SoftHandles, SoftSigner, SoftWrap};
use crate::{LogError, tree, verify};

const ANNA: PersonId = PersonId::from_bytes([0xa; 16]);

/// Where a sequencer is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    AfterReading,
    AfterLease,
    AfterSigning,
    AfterCommit,
    Never,
}

const STOPS: [Stop; 5] =
    [Stop::AfterReading, Stop::AfterLease, Stop::AfterSigning, Stop::AfterCommit, Stop::Never];

/// Making its RSA key takes longer than most of these tests.
static HANDLES: OnceLock<Arc<SoftHandles>> = OnceLock::new();

struct Case {
    log: Log,
    clock: FixedClock,
    signer: Arc<SoftSigner>,
    _trial: Trial,
}

impl Case {
    async fn new() -> Self {
        Self::on(Trial::on_sqlite(&[crate::SCHEMA]).unwrap()).await
    }

    async fn on(trial: Trial) -> Self {
        let parts = Parts {
            owner: "pmlp".parse().unwrap(),
            part: "persons".to_owned(),
            store: trial.store.clone(),
            wrap: Arc::new(SoftWrap),
            handles: HANDLES.get_or_init(|| Arc::new(SoftHandles::new(2026))).clone(),
            day: base::Time::utc_date,
        };
        let log = Log::open(parts).await.unwrap();
        let signer = Arc::new(SoftSigner::seeded(1));
        Self { log, clock: trial.clock.clone(), signer, _trial: trial }
    }

    fn sequencer(&self, archive: Option<&Path>) -> Sequencer {
        let archive = archive.map(Path::to_path_buf);
        Sequencer::new(self.log.clone(), self.signer.clone(), archive)
    }

    async fn looks(&self, count: usize) {
        for _ in 0..count {
            let sight = Sight { person: ANNA, revision: 1, groups: vec!["name".to_owned()] };
            let seen =
                move |_: &mut store::Tx| Ok::<_, LogError>(Seen::returned((), vec![sight.clone()]));
            self.log.seen("test.look", &look(), seen).await.unwrap();
        }
    }

    /// A sequencer that is stopped: what it held in memory is gone.
    async fn stopped(&self, stop: Stop, archive: &Path) {
        let sequencer = self.sequencer(None);
        let beginning = sequencer.beginning().await.unwrap();
        if stop == Stop::AfterReading || beginning.waiting.is_empty() {
            return;
        }
        let beginning = sequencer.leased(beginning).await.unwrap();
        let (Some(beginning), true) = (beginning, stop != Stop::AfterLease) else { return };
        let (step, _) = sequencer.step(beginning).unwrap();
        if stop == Stop::AfterSigning {
            return;
        }
        sequencer.commit(step).await.unwrap();
        if stop == Stop::Never {
            archive::bring_up(&self.log, archive, &sequencer.key()).await.unwrap();
        }
    }

    async fn sound(&self, archive: &Path, records: u64) {
        let figures = self.log.figures().await.unwrap();
        assert_eq!((figures.unsequenced, figures.entries), (0, records));
        let report = verify::directory(archive, &self.sequencer(None).key()).unwrap();
        assert!(report.sound(), "{:?}", report.problems);
        assert_eq!(report.checkpoint.unwrap().head.size, records);
        assert_eq!(report.checkpoints, figures.checkpoints);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn stopped_anywhere_any_number_of_times_the_log_goes_on(
        stops in prop::collection::vec((0_usize..40, prop::sample::select(&STOPS)), 1..8),
    ) {
        run(async {
            let (case, folder) = (Case::new().await, Folder::new().unwrap());
            let mut records = 2;
            for (looks, stop) in stops {
                case.looks(looks).await;
                records += 2 * u64::try_from(looks).unwrap();
                case.stopped(stop, folder.path()).await;
                case.clock.pass(Duration::from_secs(11));
            }
            case.looks(1).await;
            case.sequencer(Some(folder.path())).round().await.unwrap();
            case.sound(folder.path(), records).await;
        });
    }
}

#[test]
fn an_archive_stopped_at_any_file_is_as_before_and_goes_on() {
    run(async {
        let case = Case::new().await;
        for looks in [130, 3, 200] {
            case.looks(looks).await;
            case.sequencer(None).round().await.unwrap();
            case.clock.pass(Duration::from_secs(11));
        }
        let key = case.sequencer(None).key();
        let whole = Folder::new().unwrap();
        archive::bring_up(&case.log, whole.path(), &key).await.unwrap();
        for obstacle in files(whole.path()) {
            let folder = Folder::new().unwrap();
            // A folder where the file must come: writing it fails, as when stopped there.
            let place = folder.path().join(&obstacle);
            std::fs::create_dir_all(&place).unwrap();
            let stopped = archive::bring_up(&case.log, folder.path(), &key).await;
            assert!(matches!(stopped, Err(ArchiveError::File(_))), "{obstacle}");
            std::fs::remove_dir(&place).unwrap();
            archive::bring_up(&case.log, folder.path(), &key).await.unwrap();
            case.sound(folder.path(), 666).await;
        }
    });
}

#[test]
fn an_archive_that_grows_each_round_is_sound_after_each() {
    trial_on_each_engine(&[crate::SCHEMA], |trial| async {
        let (case, folder) = (Case::on(trial).await, Folder::new().unwrap());
        let sequencer = case.sequencer(Some(folder.path()));
        let mut records = 0;
        for looks in [1, 126, 1, 1, 127, 1, 128, 200] {
            case.looks(looks).await;
            records += 2 * u64::try_from(looks).unwrap();
            sequencer.round().await.unwrap();
            case.sound(folder.path(), records).await;
        }
    });
}

#[test]
fn a_partial_file_left_behind_is_checked_too() {
    run(async {
        let (case, folder) = (Case::new().await, Folder::new().unwrap());
        let sequencer = case.sequencer(Some(folder.path()));
        case.looks(5).await;
        sequencer.round().await.unwrap();
        let left: Vec<_> = files(folder.path()).into_iter().filter(|f| f.contains(".p/")).collect();
        assert_eq!(left.len(), 4);
        let read = |file: &String| std::fs::read(folder.path().join(file)).unwrap();
        let bytes: Vec<_> = left.iter().map(read).collect();
        case.looks(200).await;
        sequencer.round().await.unwrap();
        for (file, bytes) in left.iter().zip(bytes) {
            let place = folder.path().join(file);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, &bytes).unwrap();
            case.sound(folder.path(), 410).await;
            let mut changed = bytes.clone();
            changed[9] ^= 1;
            std::fs::write(&place, &changed).unwrap();
            let report = verify::directory(folder.path(), &sequencer.key()).unwrap();
            assert!(!report.sound(), "{file}");
            std::fs::write(&place, &bytes).unwrap();
        }
    });
}

#[test]
fn one_sequencer_at_a_time_and_the_overtaken_one_changes_nothing() {
    trial_on_each_engine(&[crate::SCHEMA], |trial| async {
        let (case, folder) = (Case::on(trial).await, Folder::new().unwrap());
        let (first, second) = (case.sequencer(None), case.sequencer(Some(folder.path())));
        case.looks(2).await;
        let beginning = first.beginning().await.unwrap();
        let beginning = first.leased(beginning).await.unwrap().unwrap();
        assert_eq!(second.round().await.unwrap(), Round::Elsewhere);
        let (step, _) = first.step(beginning).unwrap();
        case.clock.pass(Duration::from_secs(11));
        case.looks(1).await;
        let ordered = second.round().await.unwrap();
        assert_eq!(ordered, Round::Ordered { records: 6, late: 0 });
        let overtaken = first.commit(step).await;
        assert!(matches!(overtaken, Err(SequencerError::TakenOver)));
        case.sound(folder.path(), 6).await;
    });
}

#[test]
fn an_ending_is_acknowledged_once_it_lies_in_the_archive() {
    trial_on_each_engine(&[crate::SCHEMA], |trial| async {
        let (case, folder) = (Case::on(trial).await, Folder::new().unwrap());
        let sight = Sight { person: ANNA, revision: 1, groups: vec!["status".to_owned()] };
        let outcome = crate::record::Outcome::Returned;
        let prepared = case.log.prepare(&look(), outcome, &[sight]).await.unwrap();
        assert_eq!(case.log.archived(&prepared).await, Ok(false));
        let (log, records) = (case.log.clone(), prepared.clone());
        let write = move |tx: &mut store::Tx| log.record(tx, &records);
        case.log.store().write("test.ending", write).await.unwrap();
        assert_eq!(case.log.archived(&prepared).await, Ok(false));
        case.sequencer(None).round().await.unwrap();
        assert_eq!(case.log.archived(&prepared).await, Ok(false));
        case.clock.pass(Duration::from_secs(11));
        case.sequencer(Some(folder.path())).round().await.unwrap();
        assert_eq!(case.log.archived(&prepared).await, Ok(true));
    });
}

#[test]
fn a_store_that_was_put_back_is_refused_by_its_archive() {
    run(async {
        let folder = Folder::new().unwrap();
        let lost = Case::new().await;
        lost.looks(3).await;
        lost.sequencer(Some(folder.path())).round().await.unwrap();
        let restored = Case::new().await;
        restored.looks(1).await;
        let refused = restored.sequencer(Some(folder.path())).round().await;
        assert!(matches!(refused, Err(SequencerError::Archive(ArchiveError::Ahead(6)))));
    });
}

struct Moody(SoftSigner, AtomicBool);

impl CheckpointSigner for Moody {
    fn public_key(&self) -> [u8; 32] {
        self.0.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFailed> {
        let fails = self.1.swap(false, Ordering::SeqCst);
        if fails { Err(SignFailed("told to fail".to_owned())) } else { self.0.sign(message) }
    }
}

#[test]
fn a_key_that_does_not_sign_delays_and_loses_nothing() {
    run(async {
        let case = Case::new().await;
        case.looks(1).await;
        let moody = Moody(SoftSigner::seeded(1), AtomicBool::new(true));
        let sequencer = Sequencer::new(case.log.clone(), Arc::new(moody), None);
        assert!(matches!(sequencer.round().await, Err(SequencerError::Sign(_))));
        let ordered = sequencer.round().await.unwrap();
        assert_eq!(ordered, Round::Ordered { records: 2, late: 0 });
    });
}

#[test]
fn more_than_one_round_of_records_is_ordered_whole() {
    trial_on_each_engine(&[crate::SCHEMA], |trial| async {
        let (case, folder) = (Case::on(trial).await, Folder::new().unwrap());
        case.looks(600).await;
        let sequencer = case.sequencer(Some(folder.path()));
        let (first, second) = (sequencer.round().await, sequencer.round().await);
        assert_eq!(first.unwrap(), Round::Ordered { records: 1024, late: 0 });
        assert_eq!(second.unwrap(), Round::Ordered { records: 176, late: 0 });
        case.sound(folder.path(), 1200).await;
        let head = crate::checkpoint::unverified(&case.log.checkpoint().await.unwrap().unwrap());
        let proof = case.log.proof(700).await.unwrap();
        let leaf = tree::leaf_hash(&proof.leaf);
        let head = head.unwrap().head;
        assert!(tree::includes(&leaf, 700, head.size, &proof.path, &head.root));
    });
}

#[test]
fn run_orders_what_waits_before_it_stops() {
    run(async {
        let case = Case::new().await;
        let sequencer = case.sequencer(None);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(sequencer.run(async move {
            let _ = stopped.await;
        }));
        case.looks(1).await;
        stop.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(case.log.figures().await.unwrap().entries, 2);
        case.looks(1).await;
        let next = case.sequencer(None).round().await.unwrap();
        assert_eq!(next, Round::Ordered { records: 2, late: 0 }, "the lease was given back");
    });
}

fn files(folder: &Path) -> Vec<String> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    files.sort();
    files
}
