//! The log in a store: looks, acts, reading, shredding, export and offline checking.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod world;

use std::time::Duration;

use audit::handle::{Epoch, Grant, Realm};
use audit::soft::SoftHandles;
use audit::{
    Disclosure, Log, LogError, LogKey, Look, Outcome, Proof, ProofError, Round, Seen, Shown, verify,
};
use base::{ActingFor, Date, PersonId};
use store::Tx;
use store::trial::Folder;
use world::{ANNA, BERTA, World, in_each_world, look, sight};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

async fn look_at(world: &World, look: &Look, persons: &[PersonId]) -> Result<String, LogError> {
    let shown: Vec<_> = persons.iter().map(|person| sight(*person)).collect();
    let seen =
        move |_: &mut Tx| Ok::<_, LogError>(Seen::returned("the answer".to_owned(), shown.clone()));
    world.log.seen("test.look", look, seen).await
}

async fn shown_to(log: &Log, person: PersonId) -> Vec<Shown> {
    let handle = log.handle(person, Epoch(2026)).await.unwrap();
    log.shown(&handle, day("2026-05-01")..=day("2026-05-31")).await.unwrap()
}

#[test]
fn a_person_reads_who_looked_and_only_her_own() {
    in_each_world(|world| async move {
        look_at(&world, &look(), &[ANNA, BERTA]).await.unwrap();
        look_at(&world, &look(), &[BERTA]).await.unwrap();
        assert!(shown_to(&world.log, ANNA).await.is_empty(), "not sequenced yet");
        let ordered = world.sequencer.round().await.unwrap();
        assert_eq!(ordered, Round::Ordered { records: 5, late: 0 });
        assert_eq!(world.sequencer.round().await.unwrap(), Round::Idle);
        let hers = shown_to(&world.log, ANNA).await;
        assert_eq!(hers.len(), 1);
        let said = hers[0].said.as_ref().unwrap();
        assert_eq!(said.organisation, "Example municipality");
        assert_eq!(said.groups, ["name", "address"]);
        assert_eq!(said.outcome, Outcome::Returned);
        let text = hers[0].proof.text();
        assert_eq!(Proof::parse(&text).as_ref(), Ok(&hers[0].proof));
        let (leaf, checkpoint) = hers[0].proof.checked(&world.sequencer.key()).unwrap();
        assert_eq!((leaf.day, checkpoint.head.size), (day("2026-05-12"), 5));
        assert_eq!(shown_to(&world.log, BERTA).await.len(), 2);
    });
}

#[test]
fn a_changed_proof_proves_nothing() {
    in_each_world(|world| async move {
        look_at(&world, &look(), &[ANNA, BERTA]).await.unwrap();
        world.sequencer.round().await.unwrap();
        let key = world.sequencer.key();
        let proof = world.log.proof(1).await.unwrap();
        assert!(proof.checked(&key).is_ok());
        let mut leaf = proof.leaf.clone();
        leaf[40] ^= 1;
        let changed = Proof { leaf, ..proof.clone() };
        assert_eq!(changed.checked(&key), Err(ProofError::Path));
        let moved = Proof { position: 2, ..proof.clone() };
        assert_eq!(moved.checked(&key), Err(ProofError::Path));
        let other = LogKey { log: "vdaa/persons".to_owned(), ..key };
        assert!(proof.checked(&other).is_err());
        assert_eq!(world.log.proof(3).await, Err(LogError::Absent));
    });
}

#[test]
fn no_handle_no_look() {
    in_each_world(|world| async move {
        world.handles.fail(true);
        let refused = look_at(&world, &look(), &[ANNA]).await;
        assert!(matches!(refused, Err(LogError::Handles(_))));
        assert_eq!(world.log.figures().await.unwrap().unsequenced, 0);
        world.handles.fail(false);
        look_at(&world, &look(), &[ANNA]).await.unwrap();
        look_at(&world, &look(), &[ANNA]).await.unwrap();
        assert_eq!(world.handles.granted(), 1, "kept once fetched");
        world.log.code_changed(ANNA).await.unwrap();
        look_at(&world, &look(), &[ANNA]).await.unwrap();
        assert_eq!(world.handles.granted(), 2, "fetched again for the new code");
        world.sequencer.round().await.unwrap();
        let year = || day("2026-01-01")..=day("2026-12-31");
        assert_eq!(world.log.shown_to(ANNA, year()).await.unwrap().len(), 3);
        world.log.adopted(ANNA).await.unwrap();
        assert_eq!(world.log.shown_to(ANNA, year()).await, Ok(vec![]));
    });
}

#[test]
fn an_empty_and_a_refused_look_leave_one_record_each() {
    in_each_world(|world| async move {
        look_at(&world, &look(), &[]).await.unwrap();
        world.log.refused(&look()).await.unwrap();
        let refusal = |_: &mut Tx| Err::<Seen<()>, _>(LogError::Absent);
        let refused = world.log.seen("test.look", &look(), refusal).await;
        assert_eq!(refused, Err(LogError::Absent));
        world.sequencer.round().await.unwrap();
        let mut outcomes = Vec::new();
        for position in 0..3 {
            let unsealed = world.log.unsealed(position).await.unwrap();
            assert_eq!((unsealed.person, unsealed.details.count), (None, 0));
            assert_eq!(unsealed.details.look.terms.as_deref(), Some("what was typed"));
            outcomes.push(unsealed.details.outcome);
        }
        let count = |outcome| outcomes.iter().filter(|own| **own == outcome).count();
        assert_eq!((count(Outcome::Empty), count(Outcome::Refused)), (1, 2));
        assert_eq!(world.log.unsealed(3).await, Err(LogError::Absent));
    });
}

#[test]
fn an_act_and_its_records_stand_or_fall_together() {
    in_each_world(|world| async move {
        let act = |_: &mut Tx| Ok::<_, LogError>(7);
        let done = world.log.act("test.act", &look(), &[sight(ANNA)], act).await;
        assert_eq!(done, Ok(7));
        let refusal = |_: &mut Tx| Err::<i32, _>(LogError::Absent);
        let refused = world.log.act("test.act", &look(), &[sight(ANNA)], refusal).await;
        assert_eq!(refused, Err(LogError::Absent));
        let ordered = world.sequencer.round().await.unwrap();
        assert_eq!(ordered, Round::Ordered { records: 3, late: 0 });
        assert_eq!(shown_to(&world.log, ANNA).await.len(), 1);
    });
}

#[test]
fn a_person_is_introduced_before_the_register_knows_her() {
    in_each_world(|world| async move {
        let realm = Realm { owner: "pmlp".parse().unwrap(), epoch: Epoch(2026) };
        let code = SoftHandles::code(ANNA);
        let proof = world.handles.prove(&realm, &code);
        let wrong = Grant { code: SoftHandles::code(BERTA), proof: proof.clone() };
        let refused = world.log.introduce([(BERTA, wrong)].into(), Epoch(2026)).await;
        assert!(matches!(refused, Err(LogError::Handle(_))));
        world.handles.fail(true);
        let grant = Grant { code, proof };
        world.log.introduce([(ANNA, grant)].into(), Epoch(2026)).await.unwrap();
        let act = |_: &mut Tx| Ok::<_, LogError>(());
        world.log.act("test.birth", &look(), &[sight(ANNA)], act).await.unwrap();
        world.sequencer.round().await.unwrap();
        assert_eq!(shown_to(&world.log, ANNA).await.len(), 1);
    });
}

#[test]
fn a_record_prepared_before_yesterday_is_refused() {
    in_each_world(|world| async move {
        let outcome = Outcome::Returned;
        let prepared = world.log.prepare(&look(), outcome, &[sight(ANNA)]).await.unwrap();
        world.clock.pass(Duration::from_secs(48 * 3600));
        let log = world.log.clone();
        let write = move |tx: &mut Tx| log.record(tx, &prepared);
        let refused = world.log.store().write("test.late", write).await;
        assert_eq!(refused, Err(LogError::Stale));
    });
}

#[test]
fn a_delayed_look_is_found_only_once_it_is_opened() {
    in_each_world(|world| async move {
        let until = day("2026-08-01");
        let disclosure = Disclosure::Delayed { until, ground: "test".to_owned() };
        look_at(&world, &Look { disclosure, ..look() }, &[ANNA]).await.unwrap();
        world.sequencer.round().await.unwrap();
        assert!(shown_to(&world.log, ANNA).await.is_empty());
        let delayed = world.log.unsealed(0).await.unwrap();
        let position = u64::from(delayed.person.is_none());
        let about = world.log.unsealed(position).await.unwrap();
        let seal = about.details.seal.unwrap();
        let tag = audit::handle::tag(&seal, world.log.name(), about.leaf.day);
        assert_eq!(tag, about.leaf.tag, "the seal opens the tag");
        assert_eq!(world.log.disclose(1 - position).await, Err(LogError::Absent));
        world.log.disclose(position).await.unwrap();
        world.sequencer.round().await.unwrap();
        let hers = shown_to(&world.log, ANNA).await;
        assert_eq!(hers.len(), 1);
        assert_eq!(hers[0].said.as_ref().unwrap().opens, Some(position));
    });
}

#[test]
fn a_shredded_record_says_nothing_and_is_still_proved() {
    in_each_world(|world| async move {
        look_at(&world, &look(), &[ANNA, BERTA]).await.unwrap();
        world.sequencer.round().await.unwrap();
        assert_eq!(world.log.erase(ANNA, "another.class").await, Ok(0));
        assert_eq!(world.log.erase(ANNA, "person.look").await, Ok(1));
        let hers = shown_to(&world.log, ANNA).await;
        assert_eq!(hers[0].said, None);
        assert!(hers[0].proof.checked(&world.sequencer.key()).is_ok());
        assert!(shown_to(&world.log, BERTA).await[0].said.is_some());
        assert_eq!(world.log.shred_expired().await, Ok(0));
        world.clock.pass(Duration::from_secs(26 * 31 * 24 * 3600));
        assert_eq!(world.log.shred_expired().await, Ok(2));
        assert_eq!(shown_to(&world.log, BERTA).await[0].said, None);
        assert!(shown_to(&world.log, BERTA).await[0].proof.checked(&world.sequencer.key()).is_ok());
    });
}

#[test]
fn old_checkpoints_begin_the_new_ones() {
    in_each_world(|world| async move {
        let mut before = None;
        for round in 0_usize..5 {
            for _ in 0..=round * 40 {
                look_at(&world, &look(), &[]).await.unwrap();
            }
            world.sequencer.round().await.unwrap();
            let note = world.log.checkpoint().await.unwrap().unwrap();
            let new = audit::Checkpoint::verified(&note, &world.sequencer.key()).unwrap();
            if let Some(old) = before {
                let old: audit::Checkpoint = old;
                let (proof, _) = world.log.consistency(old.head.size).await.unwrap();
                assert!(audit::tree::extends(&old.head, &new.head, &proof));
            }
            before = Some(new);
        }
        assert_eq!(world.log.consistency(0).await, Err(LogError::Absent));
        assert_eq!(world.log.consistency(1000).await, Err(LogError::Absent));
    });
}

#[test]
fn every_changed_byte_of_an_export_is_noticed() {
    in_each_world(|world| async move {
        for _ in 0..3 {
            for _ in 0..50 {
                look_at(&world, &look(), &[ANNA]).await.unwrap();
            }
            world.sequencer.round().await.unwrap();
        }
        let (folder, key) = (Folder::new().unwrap(), world.sequencer.key());
        let folder = folder.path();
        assert_eq!(audit::archive::export(&world.log, folder, &key).await.unwrap(), 300);
        let report = verify::directory(folder, &key).unwrap();
        assert!(report.sound(), "{:?}", report.problems);
        assert_eq!((report.checkpoints, report.files), (3, 9));
        for file in world::files(folder) {
            let bytes = std::fs::read(&file).unwrap();
            let step = (bytes.len() / 40).max(1);
            for at in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << (at % 8);
                std::fs::write(&file, &changed).unwrap();
                let report = verify::directory(folder, &key).unwrap();
                assert!(!report.sound(), "{} byte {at}", file.display());
            }
            std::fs::write(&file, &bytes[1..]).unwrap();
            assert!(!verify::directory(folder, &key).unwrap().sound());
            std::fs::remove_file(&file).unwrap();
            assert!(!verify::directory(folder, &key).unwrap().sound());
            std::fs::write(&file, &bytes).unwrap();
        }
        std::fs::write(folder.join("tile/0/extra"), b"x").unwrap();
        assert!(!verify::directory(folder, &key).unwrap().sound());
        std::fs::remove_file(folder.join("tile/0/extra")).unwrap();
        assert!(verify::directory(folder, &key).unwrap().sound());
        let other = LogKey { log: "vdaa/persons".to_owned(), ..key };
        assert!(!verify::directory(folder, &other).unwrap().sound());
    });
}

#[test]
fn acting_for_another_is_told_to_the_person() {
    in_each_world(|world| async move {
        let acting_for = ActingFor::Another {
            principal: BERTA,
            basis: base::Basis::Custody,
            scope: "school".to_owned(),
            until: base::Time::from_seconds(1),
        };
        let look = Look { acting_for: acting_for.clone(), ..look() };
        look_at(&world, &look, &[BERTA]).await.unwrap();
        world.sequencer.round().await.unwrap();
        let hers = shown_to(&world.log, BERTA).await;
        assert_eq!(hers[0].said.as_ref().unwrap().acting_for, acting_for);
    });
}

#[test]
fn many_lookers_and_a_sequencer_stand_in_nobodys_way() {
    in_each_world(|world| async move {
        let lookers = (0_u8..16).map(|number| {
            let log = world.log.clone();
            tokio::spawn(async move {
                for round in 0_u8..25 {
                    let sights = vec![sight(PersonId::from_bytes([number * 4 + round % 4; 16]))];
                    let seen =
                        move |_: &mut Tx| Ok::<_, LogError>(Seen::returned((), sights.clone()));
                    log.seen("test.look", &look(), seen).await.unwrap();
                }
            })
        });
        let lookers: Vec<_> = lookers.collect();
        let mut ordered = 0;
        while ordered < 16 * 25 * 2 {
            match world.sequencer.round().await.unwrap() {
                Round::Ordered { records, .. } => ordered += records,
                Round::Idle | Round::Elsewhere => tokio::task::yield_now().await,
            }
        }
        for looker in lookers {
            looker.await.unwrap();
        }
        let statistics = world.log.store().statistics();
        let commits: u64 = statistics.values().map(|figures| figures.count).sum();
        let retries: u64 = statistics.values().map(|figures| figures.retries).sum();
        eprintln!("{retries} retries in {commits} commits");
        assert!(retries * 20 <= commits, "{retries} retries: {statistics:?}");
        let (folder, key) = (Folder::new().unwrap(), world.sequencer.key());
        audit::archive::export(&world.log, folder.path(), &key).await.unwrap();
        assert!(verify::directory(folder.path(), &key).unwrap().sound());
    });
}
