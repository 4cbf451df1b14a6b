//! Obtaining a certificate: what others have not done yet is said to wait.

use std::time::Duration;

use activation_contract::{KeyStatement, Op, Outcome, Refusal, RequestKind};
use base::{Bytes, Clock, Digest, Id};
use identity_contract::AskState;
use pki_contract::approval::{ApprovedKey, IssueApproval};
use pki_contract::{ApplicationState, Subject, SubjectKey};
use serde::Serialize;

use crate::browser::Browser;
use crate::world::{ANNA, JANIS, World};

const PATH: &str = "/security/certificate";

/// A token of these claims; nobody here looks at signatures.
fn token<T: Serialize>(claims: &T) -> String {
    format!("e30.{}.e30", Bytes(serde_json::to_vec(claims).unwrap()))
}

fn approval(world: &World, life: Duration) -> String {
    let now = world.trial.clock.now();
    let subject = world.neighbours.told().applications[0].apply.subject.clone();
    token(&IssueApproval {
        id: "0a".repeat(16),
        role: "ca-signer/1".to_owned(),
        use_before: now.plus(life),
        profile: Digest([4; 32]),
        subject,
        valid_from: now,
        valid_until: now.plus(Duration::from_hours(24)),
        key: ApprovedKey::Remote { person: ANNA.1 },
    })
}

/// An officer approves the newest application.
fn approved(world: &World, life: Duration) {
    let approval = approval(world, life);
    world.neighbours.told().applications[0].state = ApplicationState::WaitingForKey { approval };
}

fn made(world: &World) -> AskState {
    let stated = token(&KeyStatement {
        approval: "0a".repeat(16),
        person: ANNA.1,
        credential: Id::from_bytes([5; 16]),
        spki: Digest([6; 32]),
        key: Bytes(vec![0x30, 1]),
    });
    assert!(world.neighbours.told().completed.is_empty());
    let outcome =
        Outcome::Done { signatures: Vec::new(), credential: None, statement: Some(stated) };
    AskState::Answered { outcome, answer: "answer.of.sam".to_owned() }
}

async fn applied(world: &World) -> Browser {
    let mut browser = world.signed_in(ANNA).await;
    assert_eq!(browser.post(PATH, "apply=1&terms=1").await.location(), PATH);
    browser
}

#[tokio::test]
async fn she_applies_waits_makes_the_key_and_has_the_certificate() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let security = browser.get("/security").await;
    assert!(security.says(&format!("href=\"{PATH}\"")), "{}", security.body);
    let form = browser.get(PATH).await;
    assert!(form.says("Pieteikties parakstīšanas sertifikātam") && form.says("juridiska spēka"));
    let unaccepted = browser.post(PATH, "apply=1").await;
    assert!(unaccepted.says("Piekrītiet noteikumiem"), "{}", unaccepted.body);
    assert!(world.neighbours.told().applications.is_empty());

    assert_eq!(browser.post(PATH, "apply=1&terms=1").await.location(), PATH);
    let apply = world.neighbours.told().applications[0].apply.clone();
    let Subject::Person { person, identifier, .. } = &apply.subject else { panic!() };
    assert_eq!((*person, &apply.key), (ANNA.1, &SubjectKey::Remote));
    assert!(identifier.starts_with("PNOLV-"), "{identifier}");
    let waits = browser.get(PATH).await;
    assert!(waits.says("Amatpersona vēl nav lēmusi"), "{}", waits.body);
    assert!(!waits.says("data-poll"), "each look is recorded: none is made unasked");
    for press in ["check=1", "make=1", "apply=1&terms=1"] {
        assert_eq!(browser.post(PATH, press).await.location(), PATH);
    }
    assert!(world.neighbours.told().asked.is_empty(), "nothing is asked of the phone yet");
    assert_eq!(world.neighbours.told().applications.len(), 1, "one application");

    approved(&world, Duration::from_mins(30));
    assert!(browser.get(PATH).await.says("Amatpersona pieteikumu ir apstiprinājusi"));
    assert_eq!(browser.post(PATH, "make=1").await.location(), PATH);
    let request = world.neighbours.told().asked.remove(0);
    let RequestKind::Act { op, credential, items } = request.kind else { panic!() };
    assert_eq!((op, credential, items[0].label.as_str()), (Op::MakeKey, None, &*"0a".repeat(16)));
    let phone = browser.get(PATH).await;
    assert!(phone.says("Izveidojiet atslēgu tālrunī") && phone.says("0a0a0a0a 0a0a0a0a"));
    assert!(browser.get("/security/certificate/state").await.says("waiting"));

    let answer = made(&world);
    world.neighbours.told().answer = Some(answer);
    assert!(browser.get("/security/certificate/state").await.says("over"));
    let have = browser.get(PATH).await;
    assert!(have.says("Jums ir parakstīšanas sertifikāts") && have.says("4F 2A 91 0C"));
    let completed = world.neighbours.told().completed.clone();
    assert_eq!(completed[0].key.as_ref().unwrap().1, Bytes(vec![0x30, 1]));
    assert!(browser.get("/security").await.says("4F 2A 91 0C"));
}

#[tokio::test]
async fn a_key_that_was_made_is_carried_on_though_the_browser_is_gone() {
    let world = World::new();
    let mut browser = applied(&world).await;
    approved(&world, Duration::from_mins(30));
    browser.post(PATH, "make=1").await;
    let answer = made(&world);
    world.neighbours.told().answer = Some(answer);
    for _ in 0..1000 {
        world.trial.clock.pass(Duration::from_millis(100));
        tokio::task::yield_now().await;
        if !world.neighbours.told().completed.is_empty() {
            return;
        }
    }
    panic!("nobody carried it on");
}

#[tokio::test]
async fn a_phone_that_refuses_is_late_or_blocked_makes_no_key_and_can_be_asked_again() {
    let world = World::new();
    let mut browser = applied(&world).await;
    approved(&world, Duration::from_mins(30));
    browser.post(PATH, "make=1").await;
    let answered = |outcome| AskState::Answered { outcome, answer: String::new() };
    for (answer, words) in [
        (AskState::Refused { reported: false }, "Atslēga nav izveidota."),
        (AskState::Expired, "Laiks ir beidzies"),
        (answered(Outcome::Blocked), "atslēgu tagad izveidot nevar"),
        (answered(Outcome::Refused { why: Refusal::Frozen }), "atslēgu tagad izveidot nevar"),
    ] {
        world.neighbours.told().answer = Some(answer);
        let page = browser.get(PATH).await;
        assert!(page.says(words) && page.says("name=\"make\""), "{words}: {}", page.body);
    }
    world.neighbours.told().answer = None;
    let before = world.neighbours.told().asked.len();
    browser.post(PATH, "make=1").await;
    assert_eq!(world.neighbours.told().asked.len(), before + 1);
    assert!(world.neighbours.told().completed.is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_with_its_reason_and_a_lapsed_approval_waits_again() {
    let world = World::new();
    let mut browser = applied(&world).await;
    approved(&world, Duration::ZERO);
    let lapsed = browser.get(PATH).await;
    assert!(lapsed.says("Apstiprinājuma laiks ir beidzies") && !lapsed.says("name=\"make\""));
    let why = "Vārds reģistrā ir mainīts.".to_owned();
    world.neighbours.told().applications[0].state = ApplicationState::Refused { why };
    let refused = browser.get(PATH).await;
    assert!(refused.says("Vārds reģistrā ir mainīts.") && refused.says("name=\"apply\""));
    browser.post(PATH, "apply=1&terms=1").await;
    assert_eq!(world.neighbours.told().applications.len(), 2);
}

#[tokio::test]
async fn whoever_has_a_certificate_applies_for_none_and_others_see_nothing_of_it() {
    let world = World::new();
    world.neighbours.certify();
    let mut anna = world.signed_in(ANNA).await;
    assert!(anna.get(PATH).await.says("Jums ir parakstīšanas sertifikāts"));
    anna.post(PATH, "apply=1&terms=1").await;
    assert!(world.neighbours.told().applications.is_empty());
    assert_eq!(anna.get("/security/certificate/state").await.status, 404);
    let mut janis = world.signed_in(JANIS).await;
    assert!(!janis.get(PATH).await.says("4F 2A 91 0C"));
}
