//! From a document to PAdES-B-LT, and every way in which it does not come to that.

use std::time::Duration;

use activation_contract::{Op, Outcome, Refusal, RequestKind, control_code};
use ades::Indication;
use base::{Bytes, Clock};
use identity_contract::{AskState, IdentityRefusal};
use keys::Algorithm;
use pki_contract::Status;
use signing_contract::{
    BeginSigning, DocumentKind, History, SessionOf, SessionState, SigningOutcome, SigningRefusal,
};

use crate::outside::Broken;
use crate::paper::blank;
use crate::world::{World, in_a_world, in_a_world_of, refusal};

#[test]
fn a_document_is_signed_at_b_lt_by_one_approval_on_the_phone() {
    in_a_world(|world| async move {
        let original = blank(600_000);
        let session = world.begun(&original).await;
        assert_eq!(session.state, SessionState::WaitingForPhone);
        let request = world.neighbours.shown(&session.id);
        assert_eq!(
            (request.client.as_str(), request.place.as_str()),
            ("signing", "Firefox, Linux")
        );
        let RequestKind::Act { op: Op::Sign, items, .. } = &request.kind else { panic!() };
        assert_eq!(items.len(), 1);
        assert_eq!((items[0].label.as_str(), items[0].size), ("līgums.pdf", session.document.size));
        assert_eq!(items[0].document_digest, session.document.digest);
        let dtbs = items[0].dtbs.as_ref().unwrap();
        assert_eq!(session.control_code, control_code([dtbs.digest.0.as_slice()]));

        assert_eq!(world.now(&session.id).await.state, SessionState::WaitingForPhone);
        world.neighbours.approves(&session.id);
        let done = world.now(&session.id).await;
        let SessionState::Signed { signed } = done.state else { panic!("{:?}", done.state) };
        assert_eq!(
            (signed.kind, signed.name.as_str()),
            (DocumentKind::Signed, "līgums-signed.pdf")
        );
        let file = world.read(&signed.id).await;
        assert_eq!(file.len(), usize::try_from(signed.size).unwrap());
        assert!(file.starts_with(&original), "the original stays as it was");
        let report = world.checked(&file);
        assert_eq!(report.signatures[0].indication, Indication::TotalPassed, "{report:#?}");
        assert_eq!(report.signatures[0].format, "PAdES-BASELINE-LT");
        assert_eq!(
            world.count("SELECT COUNT(*) FROM signing_activation WHERE evidence IS NOT NULL").await,
            0
        );
    });
}

#[test]
fn keys_of_p384_and_rsa_sign_too() {
    for algorithm in [Algorithm::P384, Algorithm::Rsa3072] {
        in_a_world_of(algorithm, |world| async move {
            let file = world.signed(&blank(0)).await;
            let report = world.checked(&file);
            assert_eq!(report.worst(), Some(Indication::TotalPassed), "{report:#?}");
        });
    }
}

#[test]
fn a_signed_document_is_signed_once_more() {
    in_a_world(|world| async move {
        let once = world.signed(&blank(0)).await;
        let twice = world.signed(&once).await;
        let report = world.checked(&twice);
        assert_eq!(report.signatures.len(), 2);
        assert_eq!(report.worst(), Some(Indication::TotalPassed), "{report:#?}");
    });
}

#[test]
fn without_time_stamp_or_status_it_is_not_called_signed_and_goes_on_when_they_come() {
    for broken in [
        Broken { tsa: true, ..Broken::default() },
        Broken { twisted: true, ..Broken::default() },
        Broken { ocsp: true, ..Broken::default() },
        Broken { list: true, ..Broken::default() },
    ] {
        in_a_world(|world| async move {
            let session = world.begun(&blank(0)).await;
            world.neighbours.approves(&session.id);
            world.outside.breaks(broken);
            let waiting = ticking(&world, world.now(&session.id)).await;
            assert_eq!(waiting.state, SessionState::Completing, "{broken:?}");
            assert_eq!(
                world.count("SELECT COUNT(*) FROM signing_document WHERE kind = 'signed'").await,
                0
            );
            world.outside.breaks(Broken::default());
            let state = world.now(&session.id).await.state;
            assert!(matches!(state, SessionState::Signed { .. }), "{broken:?} {state:?}");
        });
    }
}

/// Runs `work` while the clock goes on, ten times as fast.
async fn ticking<T>(world: &World, work: impl Future<Output = T>) -> T {
    let clock = world.trial.clock.clone();
    let tick = async {
        loop {
            let pause = || std::thread::park_timeout(Duration::from_millis(5));
            tokio::task::spawn_blocking(pause).await.unwrap();
            clock.pass(Duration::from_millis(50));
        }
    };
    tokio::select! {
        done = work => done,
        () = tick => unreachable!(),
    }
}

#[test]
fn an_answer_older_than_the_time_stamp_is_asked_for_again() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.approves(&session.id);
        // The responder's last tick lies before the moment stamped.
        world.trial.clock.pass(Duration::from_secs(2));
        world.outside.breaks(Broken { stale: true, ..Broken::default() });
        let waiting = ticking(&world, world.now(&session.id)).await;
        assert_eq!(waiting.state, SessionState::Completing);
        let asks = world.outside.asks.load(std::sync::atomic::Ordering::SeqCst);
        assert!((2..=16).contains(&asks), "asked again, and not without end: {asks}");
        world.outside.breaks(Broken::default());
        let state = world.now(&session.id).await.state;
        assert!(matches!(state, SessionState::Signed { .. }), "{state:?}");
    });
}

#[test]
fn an_older_answer_played_again_is_not_taken() {
    in_a_world(|world| async move {
        world.signed(&blank(0)).await;
        let session = world.begun(&blank(10)).await;
        world.neighbours.approves(&session.id);
        world.outside.breaks(Broken { replayed: true, ..Broken::default() });
        assert_eq!(world.now(&session.id).await.state, SessionState::Completing);
        let tokens = "SELECT COUNT(*) FROM signing_item WHERE token IS NOT NULL";
        assert_eq!(world.count(tokens).await, 1, "of the first session");
        world.outside.breaks(Broken::default());
        let state = world.now(&session.id).await.state;
        assert!(matches!(state, SessionState::Signed { .. }), "{state:?}");
    });
}

#[test]
fn a_session_whose_time_is_over_ends_and_late_evidence_is_refused() {
    in_a_world(|mut world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.forgets();
        world.trial.clock.pass(Duration::from_mins(6));
        assert_eq!(world.now(&session.id).await.state, SessionState::Expired);
        world.trial.clock.pass(Duration::from_mins(30));
        let late = world.call("anna", SessionOf { session: session.id.clone() }).await;
        let Err(links::CallFault::Problem(problem)) = late else { panic!("{late:?}") };
        assert_eq!(problem.kind, "urn:sakta:problem:call-proof");
        world.until = world.trial.clock.now().plus(Duration::from_mins(30));
        world.restart().await;
        assert_eq!(world.now(&session.id).await.state, SessionState::Expired);
    });
}

#[test]
fn an_answer_that_came_when_the_evidence_had_ended_is_fetched_with_new_evidence() {
    in_a_world(|mut world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.approves(&session.id);
        *world.neighbours.refuses.lock().unwrap() = Some(IdentityRefusal::Evidence);
        world.trial.clock.pass(Duration::from_mins(6));
        assert_eq!(world.now(&session.id).await.state, SessionState::WaitingForPhone);
        *world.neighbours.refuses.lock().unwrap() = None;
        world.restart().await;
        let of = SessionOf { session: session.id.clone() };
        let state = world.call("anna again", of).await.unwrap().state;
        assert!(matches!(state, SessionState::Signed { .. }), "{state:?}");
    });
}

#[test]
fn the_phone_is_asked_for_no_longer_than_the_evidence_holds() {
    in_a_world(|world| async move {
        let document = world.brought("anna", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let begin = || BeginSigning { document: document.id.clone(), place: "x".to_owned() };
        world.trial.clock.pass(Duration::from_mins(28));
        let session = world.call("anna", begin()).await.unwrap();
        let request = world.neighbours.shown(&session.id);
        assert_eq!(request.until, world.until.minus(Duration::from_secs(30)));
        world.trial.clock.pass(Duration::from_secs(70));
        assert_eq!(refusal(world.call("anna", begin()).await), SigningRefusal::Evidence);
    });
}

#[test]
fn whoever_never_answers_is_not_waited_for() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.approves(&session.id);
        world.outside.breaks(Broken { silent: true, ..Broken::default() });
        let waiting = ticking(&world, world.now(&session.id)).await;
        assert_eq!(waiting.state, SessionState::Completing);
    });
}

#[test]
fn a_job_goes_on_when_nobody_asks() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.approves(&session.id);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(std::sync::Arc::clone(&world.signing).run(async {
            let _ = stopped.await;
        }));
        let done = async {
            while world
                .count(
                    "SELECT COUNT(*) FROM signing_document WHERE kind = 'signed' AND finished = 1",
                )
                .await
                == 0
            {
                tokio::task::yield_now().await;
            }
        };
        ticking(&world, done).await;
        stop.send(()).unwrap();
        ticking(&world, running).await.unwrap();
        let state = world.now(&session.id).await.state;
        assert!(matches!(state, SessionState::Signed { .. }), "{state:?}");
    });
}

#[test]
fn a_refusal_and_silence_end_a_session() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.says(&session.id, AskState::Refused { reported: false });
        assert_eq!(world.now(&session.id).await.state, SessionState::Refused);
        world.neighbours.approves(&session.id);
        assert_eq!(world.now(&session.id).await.state, SessionState::Refused, "for good");
        let session = world.begun(&blank(0)).await;
        world.neighbours.says(&session.id, AskState::Expired);
        assert_eq!(world.now(&session.id).await.state, SessionState::Expired);
    });
}

#[test]
fn what_sam_refuses_is_told_by_a_stable_word_and_a_wrong_pin_waits() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.outcome(&session.id, Outcome::WrongPin { left: 2 });
        assert_eq!(world.now(&session.id).await.state, SessionState::WaitingForPhone);
        world.neighbours.outcome(&session.id, Outcome::Blocked);
        let blocked = SessionState::NotSigned { why: "blocked".to_owned() };
        assert_eq!(world.now(&session.id).await.state, blocked);
        let session = world.begun(&blank(0)).await;
        world.neighbours.refuses_as(&session.id, Refusal::CredentialNotActive);
        let inactive = SessionState::NotSigned { why: "credential-not-active".to_owned() };
        assert_eq!(world.now(&session.id).await.state, inactive);
    });
}

#[test]
fn a_signature_that_does_not_verify_is_never_used() {
    in_a_world(|world| async move {
        let other = world.begun(&blank(10)).await;
        let session = world.begun(&blank(0)).await;
        let wrong = SessionState::NotSigned { why: "signature-wrong".to_owned() };
        // Another document's signature, put in its place.
        let signatures = world.neighbours.signatures(&other.id);
        let done = |signatures| Outcome::Done { signatures, credential: None, statement: None };
        world.neighbours.outcome(&session.id, done(signatures));
        assert_eq!(world.now(&session.id).await.state, wrong);
        for signatures in [vec![], vec![Bytes(vec![0x30, 0])]] {
            let session = world.begun(&blank(0)).await;
            world.neighbours.outcome(&session.id, done(signatures));
            assert_eq!(world.now(&session.id).await.state, wrong);
        }
        assert_eq!(world.outside.stamps.load(std::sync::atomic::Ordering::SeqCst), 0);
    });
}

#[test]
fn a_certificate_revoked_meanwhile_is_not_made_into_a_signature() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        world.neighbours.approves(&session.id);
        world.outside.tell(Some(&base::hex(world.neighbours.certificate.serial())));
        let revoked = SessionState::NotSigned { why: "certificate-not-active".to_owned() };
        assert_eq!(world.now(&session.id).await.state, revoked);
    });
}

#[test]
fn who_has_no_good_certificate_or_no_phone_hears_it_at_once() {
    in_a_world(|world| async move {
        let document = world.brought("anna", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let begin = || BeginSigning { document: document.id.clone(), place: "x".to_owned() };
        *world.neighbours.refuses.lock().unwrap() = Some(IdentityRefusal::NoDevice);
        assert_eq!(refusal(world.call("anna", begin()).await), SigningRefusal::Phone);
        *world.neighbours.refuses.lock().unwrap() = None;
        let since = world.trial.clock.now();
        world.neighbours.rows.lock().unwrap()[0].status = Status::Suspended { since };
        assert_eq!(refusal(world.call("anna", begin()).await), SigningRefusal::NoCertificate);
        let berta = world.brought("berta", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let begin = BeginSigning { document: berta.id, place: "x".to_owned() };
        assert_eq!(refusal(world.call("berta", begin).await), SigningRefusal::NoCertificate);
        assert_eq!(world.neighbours.requests(), 0);
    });
}

#[test]
fn a_session_and_its_documents_are_their_owners_alone() {
    in_a_world(|world| async move {
        let session = world.begun(&blank(0)).await;
        let of = SessionOf { session: session.id.clone() };
        assert_eq!(refusal(world.call("berta", of).await), SigningRefusal::Unknown);
        let place = "x".to_owned();
        let begin = BeginSigning { document: session.document.id.clone(), place };
        assert_eq!(refusal(world.call("berta", begin).await), SigningRefusal::Unknown);
        let nobody = world.call("anna", SessionOf { session: "ff".repeat(16) }).await;
        assert_eq!(refusal(nobody), SigningRefusal::Unknown);
    });
}

#[test]
fn nobody_signs_for_another_yet() {
    in_a_world(|world| async move {
        let document = world.brought("anna", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let operation = BeginSigning { document: document.id, place: "x".to_owned() };
        let on_behalf = links::OnBehalf::Person { evidence: "anna".to_owned() };
        let another = base::ActingFor::Another {
            principal: crate::neighbours::BERTA,
            basis: base::Basis::Custody,
            scope: "all".to_owned(),
            until: world.until,
        };
        let call = links::Call::new(operation, on_behalf, "sign").acting_for(another);
        assert_eq!(refusal(world.portal.call(call).await), SigningRefusal::Evidence);
    });
}

#[test]
fn one_key_begins_one_session_and_asks_the_phone_once() {
    in_a_world(|world| async move {
        let document = world.brought("anna", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let begin = |place: &str| {
            let operation = BeginSigning { document: document.id.clone(), place: place.to_owned() };
            let on_behalf = links::OnBehalf::Person { evidence: "anna".to_owned() };
            world.portal.call(links::Call::new(operation, on_behalf, "sign").once("key-1"))
        };
        let first = begin("here").await.unwrap();
        world.trial.clock.pass(Duration::from_secs(1));
        assert_eq!(begin("here").await.unwrap(), first);
        assert_eq!(world.neighbours.requests(), 1);
        let reused = SigningRefusal::Document { kind: "key-reused".to_owned() };
        assert_eq!(refusal(begin("there").await), reused);
    });
}

#[test]
fn the_history_says_what_was_shown_and_what_came_of_it() {
    in_a_world(|world| async move {
        world.signed(&blank(0)).await;
        world.trial.clock.pass(Duration::from_secs(1));
        let session = world.begun(&blank(10)).await;
        world.neighbours.says(&session.id, AskState::Refused { reported: true });
        world.now(&session.id).await;
        let before = world.count("SELECT COUNT(*) FROM audit_pending").await;
        let history = world.call("anna", History { before: None }).await.unwrap();
        let [newest, first] = history.signings.as_slice() else { panic!("{history:?}") };
        assert_eq!(newest.outcome, SigningOutcome::Refused);
        assert!(matches!(first.outcome, SigningOutcome::Signed { .. }));
        assert_eq!(newest.control_code, session.control_code);
        assert_eq!(newest.shown[0].digest, session.document.digest);
        let records = world.count("SELECT COUNT(*) FROM audit_pending").await - before;
        assert_eq!(records, 2, "the look, and whom it shows");
        let older = History { before: Some(newest.id.clone()) };
        assert_eq!(world.call("anna", older).await.unwrap().signings, std::slice::from_ref(first));
        let berta = world.call("berta", History { before: None }).await.unwrap();
        assert_eq!(berta.signings, []);
    });
}
