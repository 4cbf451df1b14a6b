//! Ending a phone: another phone's will alone decides.

use activation_contract::{Op, Outcome, Refusal, RequestKind};
use identity_contract::AskState;

use crate::neighbours::{answered, done};
use crate::world::{ANNA, World};

fn path(byte: &str) -> String {
    format!("/security/phones/{}/end", byte.repeat(16))
}

#[tokio::test]
async fn the_page_says_what_to_do_and_asks_a_phone_to_end_another() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let page = browser.get("/security").await;
    assert!(page.says(&format!("href=\"{}\"", path("07"))), "{}", page.body);
    for words in ["Man ir jauns tālrunis", "Pazaudēju tālruni", "Aizmirsu PIN", "href=\"/freeze\""]
    {
        assert!(page.says(words), "{words}");
    }
    let asks = browser.get(&path("07")).await;
    assert!(asks.says("Vai beigt šī tālruņa darbību?") && asks.says("Annas tālrunis"));
    assert!(asks.says("Tas ir Jūsu vienīgais tālrunis"), "said before it is done");
    let sent = browser.post(&path("07"), "end=1").await;
    assert_eq!(sent.location(), "/security/phones/wait");
    let request = world.neighbours.told().asked.remove(0);
    let RequestKind::Act { op, credential, items } = request.kind else { panic!() };
    assert_eq!((op, credential, items.len()), (Op::EndDevice, None, 1));
    assert_eq!(items[0].label, "07".repeat(16));
    let wait = browser.get("/security/phones/wait").await;
    assert!(wait.says("07070707 07070707"), "the phone shows the same id");
    assert!(browser.get("/security/phones/state").await.says("waiting"));
    world.neighbours.told().answer = Some(done());
    assert!(browser.get("/security/phones/state").await.says("over"));
    let check = browser.post("/security/phones/wait", "check=1").await;
    assert_eq!(check.location(), "/security/phones/wait");
    assert!(browser.get("/security/phones/wait").await.says("Tālruņa darbība ir beigta"));
}

#[tokio::test]
async fn a_refusal_a_late_answer_and_a_frozen_phone_end_nothing() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    browser.post(&path("07"), "end=1").await;
    for (answer, words) in [
        (AskState::Refused { reported: false }, "Tālruņa darbība nav beigta."),
        (AskState::Expired, "Laiks ir beidzies"),
        (answered(Outcome::Blocked), "to tagad nevar"),
        (answered(Outcome::Refused { why: Refusal::Frozen }), "to tagad nevar"),
    ] {
        world.neighbours.told().answer = Some(answer);
        let page = browser.get("/security/phones/wait").await;
        assert!(page.says(words) && !page.says("Tālruņa darbība ir beigta"), "{words}");
    }
    let again = browser.post("/security/phones/wait", "again=1").await;
    assert_eq!(again.location(), path("07"));
    let cancel = browser.post("/security/phones/wait", "cancel=1").await;
    assert_eq!(cancel.location(), "/security");
}

#[tokio::test]
async fn a_phone_that_is_not_ones_own_is_not_found() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    for other in [path("08"), "/security/phones/x/end".to_owned()] {
        assert_eq!(browser.get(&other).await.status, 404);
        assert_eq!(browser.post(&other, "end=1").await.status, 404);
    }
    assert!(world.neighbours.told().asked.is_empty());
    assert_eq!(browser.get("/security/phones/wait").await.location(), "/security");
    assert_eq!(browser.get("/security/phones/state").await.status, 404);
}
