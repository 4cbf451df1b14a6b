//! The process ends between any two steps: nothing is signed twice, nothing is lost.

use std::sync::atomic::Ordering;

use signing_contract::{Document, SessionState};
use store::trial::run;

use crate::outside::Broken;
use crate::paper::blank;
use crate::world::{World, in_a_world};

const BACK: [&str; 5] = [
    r#"UPDATE signing_activation SET evidence = 'anna', life = '{"life":"prepared"}'
       WHERE id = $1"#,
    r#"UPDATE signing_activation SET evidence = 'anna', life = '{"life":"asked"}'
       WHERE id = $1"#,
    r#"UPDATE signing_activation SET life = '{"life":"activated"}' WHERE id = $1"#,
    r#"UPDATE signing_activation SET life = '{"life":"stamped","at":"2026-05-12T10:00:00Z"}'
       WHERE id = $1"#,
    r#"UPDATE signing_activation SET life = '{"life":"evidenced"}' WHERE id = $1"#,
];

async fn signed(world: &World, id: &str) -> Document {
    match world.now(id).await.state {
        SessionState::Signed { signed } => signed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_step_done_but_not_noted_is_done_again_to_the_same_end() {
    for back in BACK {
        in_a_world(|mut world| async move {
            let session = world.begun(&blank(300_000)).await;
            world.neighbours.approves(&session.id);
            let first = signed(&world, &session.id).await;
            let bytes = world.read(&first.id).await;
            world.meddle(back, &session.id).await;
            world.restart().await;
            let again = signed(&world, &session.id).await;
            assert_eq!(again.id, first.id, "{back}");
            assert_eq!(world.neighbours.requests(), 1, "{back}");
            assert_eq!(world.outside.stamps.load(Ordering::SeqCst), 1, "{back}");
            assert_eq!(
                world.count("SELECT COUNT(*) FROM signing_document WHERE kind = 'signed'").await,
                1
            );
            assert_eq!(world.read(&again.id).await, bytes, "{back}");
        });
    }
}

#[test]
fn a_process_that_ends_before_a_step_leaves_it_to_the_next() {
    in_a_world(|mut world| async move {
        let session = world.begun(&blank(0)).await;
        world.restart().await;
        assert_eq!(world.now(&session.id).await.state, SessionState::WaitingForPhone);
        world.neighbours.approves(&session.id);
        world.outside.breaks(Broken { tsa: true, ..Broken::default() });
        assert_eq!(world.now(&session.id).await.state, SessionState::Completing);
        world.restart().await;
        // What was activated does not ask the phone again.
        world.neighbours.outcome(&session.id, activation_contract::Outcome::Blocked);
        world.outside.breaks(Broken { list: true, ..Broken::default() });
        assert_eq!(world.now(&session.id).await.state, SessionState::Completing);
        world.restart().await;
        world.outside.breaks(Broken::default());
        signed(&world, &session.id).await;
        assert_eq!(world.outside.stamps.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn an_identity_platform_that_is_away_is_asked_when_it_is_back() {
    in_a_world(|mut world| async move {
        *world.neighbours.refuses.lock().unwrap() = Some(identity_contract::IdentityRefusal::Busy);
        let session = world.begun(&blank(0)).await;
        assert_eq!(world.neighbours.requests(), 0);
        world.restart().await;
        *world.neighbours.refuses.lock().unwrap() = None;
        assert_eq!(world.now(&session.id).await.state, SessionState::WaitingForPhone);
        world.neighbours.approves(&session.id);
        signed(&world, &session.id).await;
    });
}

#[test]
fn a_document_altered_in_the_store_is_not_put_together() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(300_000)).await;
        world.neighbours.approves(&session.id);
        let altered = "UPDATE signing_chunk SET bytes = (SELECT bytes FROM signing_chunk other
             WHERE other.document = $1 AND other.number = 0) WHERE document = $1 AND number = 1";
        world.meddle(altered, &session.document.id).await;
        let state = world.now(&session.id).await.state;
        assert_eq!(state, SessionState::NotSigned { why: "document-altered".to_owned() });
    });
}

#[test]
fn two_who_ask_at_once_sign_once() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.approves(&session.id);
        let (a, b) = tokio::join!(world.now(&session.id), world.now(&session.id));
        for state in [a.state, b.state] {
            assert!(!matches!(state, SessionState::NotSigned { .. }), "{state:?}");
        }
        signed(&world, &session.id).await;
        assert_eq!(world.outside.stamps.load(Ordering::SeqCst), 1);
    });
}

/// A hundred times a process is killed at a moment of chance, and another goes on.
#[test]
fn of_a_hundred_killed_anywhere_none_is_lost_and_none_signed_twice() {
    let trial = store::trial::Trial::on_sqlite(&[signing::SCHEMA, audit::SCHEMA]).unwrap();
    let mut world = run(World::new(std::sync::Arc::new(trial), keys::Algorithm::P256));
    let chance: &dyn base::Chance = &trial::CountedChance::seeded(7);
    let mut killed = 0;
    for _ in 0..100 {
        let session = run(world.begun(&blank(0)));
        world.neighbours.approves(&session.id);
        let polls = u16::from_be_bytes(chance.bytes()) % 3000;
        killed += usize::from(run(cut_off(world.now(&session.id), polls)).is_none());
        run(world.restart());
        let first = run(signed(&world, &session.id));
        assert_eq!(run(signed(&world, &session.id)), first);
    }
    assert!(killed > 50, "only {killed} were killed");
    assert_eq!(world.neighbours.requests(), 100);
    let signed = "SELECT COUNT(*) FROM signing_document WHERE kind = 'signed'";
    assert_eq!(run(world.count(signed)), 100);
}

/// What comes of `work` within so many polls.
async fn cut_off<T>(work: impl Future<Output = T>, polls: u16) -> Option<T> {
    let end = async {
        for _ in 0..polls {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        done = work => Some(done),
        () = end => None,
    }
}
