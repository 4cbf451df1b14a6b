//! Revoking one's certificate: the phone's will alone decides.

use std::time::Duration;

use activation_contract::{Op, Outcome, Refusal, RequestKind};
use identity_contract::AskState;
use pki_contract::{ChangeOfStatus, Demand, Reason};

use crate::neighbours::{answered, done};
use crate::world::{ANNA, JANIS, World};

#[tokio::test]
async fn a_certificate_is_revoked_by_the_phone_and_never_without() {
    let world = World::new();
    world.neighbours.certify();
    let mut browser = world.signed_in(ANNA).await;
    assert!(browser.get("/security").await.says("4F 2A 91 0C"));
    assert!(browser.get("/security/revoke").await.says("Vai atsaukt parakstīšanas sertifikātu?"));
    let sent = browser.post("/security/revoke", "revoke=1").await;
    assert_eq!(sent.location(), "/security/revoke/wait");
    let request = world.neighbours.told().asked.remove(0);
    let RequestKind::Act { op, credential, items } = request.kind else { panic!() };
    assert_eq!((op, credential.unwrap().to_string()), (Op::Revoke, "05".repeat(16)));
    assert_eq!((items.len(), items[0].label.as_str()), (1, "4F 2A 91 0C"));
    assert_eq!(request.place, "Firefox, Linux");
    let wait = browser.get("/security/revoke/wait").await;
    assert!(wait.says("Apstipriniet atsaukšanu tālrunī") && wait.says("4F 2A 91 0C"));
    assert!(browser.get("/security/revoke/state").await.says("waiting"));
    assert!(world.neighbours.told().demands.is_empty());
    world.neighbours.told().answer = Some(done());
    assert!(browser.get("/security/revoke/state").await.says("over"));
    let check = browser.post("/security/revoke/wait", "check=1").await;
    assert_eq!(check.location(), "/security/revoke/wait");
    let revoked = browser.get("/security/revoke/wait").await;
    assert!(revoked.says("Sertifikāts ir atsaukts"), "{}", revoked.body);
    world.trial.clock.pass(Duration::from_secs(90));
    assert_eq!(browser.get("/security/revoke/wait").await.body, revoked.body, "the same moment");
    let Demand { serial, change, proof, .. } = world.neighbours.told().demands[0].clone();
    assert_eq!((serial.as_str(), proof.as_str()), ("4f2a910c", "statement.of.sam"));
    assert_eq!(change, ChangeOfStatus::Revoke { reason: Reason::Unspecified });
}

#[tokio::test]
async fn a_will_is_carried_out_though_the_browser_is_gone() {
    let world = World::new();
    world.neighbours.certify();
    let mut browser = world.signed_in(ANNA).await;
    browser.post("/security/revoke", "revoke=1").await;
    world.neighbours.told().answer = Some(done());
    for _ in 0..1000 {
        world.trial.clock.pass(Duration::from_millis(100));
        tokio::task::yield_now().await;
        if !world.neighbours.told().demands.is_empty() {
            return;
        }
    }
    panic!("nobody carried it out");
}

#[tokio::test]
async fn a_refusal_a_late_answer_and_a_blocked_phone_revoke_nothing() {
    let world = World::new();
    world.neighbours.certify();
    let mut browser = world.signed_in(ANNA).await;
    browser.post("/security/revoke", "revoke=1").await;
    for (answer, words) in [
        (AskState::Refused { reported: false }, "Sertifikāts nav atsaukts"),
        (AskState::Expired, "Laiks ir beidzies"),
        (answered(Outcome::Blocked), "atsaukt tagad nevar"),
        (answered(Outcome::Refused { why: Refusal::Frozen }), "atsaukt tagad nevar"),
    ] {
        world.neighbours.told().answer = Some(answer);
        assert!(browser.get("/security/revoke/wait").await.says(words), "{words}");
    }
    assert!(world.neighbours.told().demands.is_empty());
    let again = browser.post("/security/revoke/wait", "again=1").await;
    assert_eq!(again.location(), "/security/revoke");
    assert_eq!(browser.post("/security/revoke/wait", "cancel=1").await.location(), "/security");
}

#[tokio::test]
async fn whoever_has_no_certificate_finds_nothing_to_revoke() {
    let world = World::new();
    world.neighbours.certify();
    let mut browser = world.signed_in(JANIS).await;
    assert_eq!(browser.get("/security/revoke").await.status, 404);
    assert_eq!(browser.post("/security/revoke", "revoke=1").await.status, 404);
    assert_eq!(browser.get("/security/revoke/wait").await.location(), "/security");
    assert_eq!(browser.get("/security/revoke/state").await.status, 404);
}
