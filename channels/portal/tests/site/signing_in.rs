//! Signing in and out.

use std::time::Duration;

use crate::world::{ANNA, JANIS, World, query};

/// Where the identity platform ends its own session too.
fn signed_out() -> String {
    "http://id.localhost/logout?client_id=portal&post_logout_redirect_uri=\
     http%3A%2F%2Fportal.localhost%2F&ui_locales=lv"
        .to_owned()
}

#[tokio::test]
async fn a_person_signs_in_and_comes_back_to_the_page_that_asked() {
    let world = World::new();
    let mut browser = world.browser();
    let sent = browser.get("/data/looks").await;
    assert_eq!((sent.status, sent.location().as_str()), (303, "/sign-in?to=%2Fdata%2Flooks"));
    let begun = browser.get(&sent.location()).await;
    assert!(begun.location().starts_with("http://id.localhost/authorize?response_type=code"));
    assert_eq!(
        query(&begun.location(), "redirect_uri"),
        "http%3A%2F%2Fportal.localhost%2Fcallback"
    );
    assert_eq!(query(&begun.location(), "ui_locales"), "lv");
    world.neighbours.challenge(&query(&begun.location(), "code_challenge"));
    let state = query(&begun.location(), "state");
    let back = format!("/callback?code=code-anna&state={state}&iss=http://id.localhost");
    let done = browser.get(&back).await;
    assert_eq!((done.status, done.location().as_str()), (303, "/data/looks"));
    assert_eq!(done.header("cache-control"), "no-store");
    assert!(browser.get("/home").await.says("Labdien, Anna!"));
}

#[tokio::test]
async fn a_code_that_another_browser_brings_signs_nobody_in() {
    let world = World::new();
    let begun = world.browser().get("/sign-in").await;
    world.neighbours.challenge(&query(&begun.location(), "code_challenge"));
    let state = query(&begun.location(), "state");
    let back = format!("/callback?code=code-anna&state={state}&iss=http://id.localhost");
    let mut victim = world.browser();
    victim.get("/sign-in").await;
    let refused = victim.get(&back).await;
    assert_eq!(refused.status, 403);
    assert!(refused.says("Šī lapa bija novecojusi"), "{}", refused.body);
    assert_eq!(victim.get("/home").await.status, 303);
}

#[tokio::test]
async fn another_issuer_an_old_state_and_a_wrong_code_sign_nobody_in() {
    let world = World::new();
    let mut browser = world.browser();
    let begun = browser.get("/sign-in").await;
    world.neighbours.challenge(&query(&begun.location(), "code_challenge"));
    let state = query(&begun.location(), "state");
    for (code, issuer) in [
        ("code-anna", "http://evil.example"),
        ("code-anna", ""),
        ("code-wrong", "http://id.localhost"),
    ] {
        let back = format!("/callback?code={code}&state={state}&iss={issuer}");
        assert_eq!(browser.get(&back).await.status, 403, "{code} {issuer}");
    }
    world.trial.clock.pass(Duration::from_mins(31));
    let back = format!("/callback?code=code-anna&state={state}&iss=http://id.localhost");
    assert_eq!(browser.get(&back).await.status, 403);
    assert_eq!(browser.get("/callback").await.status, 403);
}

#[tokio::test]
async fn whoever_changes_their_mind_is_led_to_the_front_page() {
    let world = World::new();
    let mut browser = world.browser();
    let state = query(&browser.get("/sign-in").await.location(), "state");
    let back = format!("/callback?error=access_denied&state={state}&iss=http://id.localhost");
    let done = browser.get(&back).await;
    assert_eq!((done.status, done.location().as_str()), (303, "/"));
}

#[tokio::test]
async fn the_session_rotates_and_a_planted_one_is_nobodys() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let first = browser.cookie("portal").unwrap();
    let begun = browser.get("/sign-in").await;
    world.neighbours.challenge(&query(&begun.location(), "code_challenge"));
    let state = query(&begun.location(), "state");
    browser.get(&format!("/callback?code=code-janis&state={state}&iss=http://id.localhost")).await;
    assert_ne!(browser.cookie("portal").unwrap(), first);
    assert!(browser.get("/home").await.says("Labdien, Jānis!"));
    browser.put("portal", &first);
    assert_eq!(browser.get("/home").await.status, 303);
}

#[tokio::test]
async fn a_session_ends_with_its_evidence_and_leads_back() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    world.trial.clock.pass(Duration::from_mins(10));
    let sent = browser.post("/sign/d0", "sign=1").await;
    assert_eq!((sent.status, sent.location().as_str()), (303, "/sign-in?to=%2Fsign%2Fd0"));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_nothing_else() {
    let world = World::new();
    let mut other = world.signed_in(JANIS).await;
    let mut browser = world.signed_in(ANNA).await;
    let kept = browser.cookie("portal").unwrap();
    let done = browser.post("/sign-out", "sign-out=1").await;
    assert_eq!((done.status, done.location()), (303, signed_out()));
    assert_eq!(browser.cookie("portal"), None);
    browser.put("portal", &kept);
    assert_eq!(browser.get("/home").await.status, 303);
    assert_eq!(other.get("/home").await.status, 200);
    assert_eq!(world.browser().post("/sign-out", "sign-out=1").await.status, 303);
}

#[tokio::test]
async fn a_session_by_qr_says_whose_it_is_and_can_be_given_back() {
    let world = World::new();
    world.neighbours.told().by_qr = true;
    let mut browser = world.signed_in(ANNA).await;
    let home = browser.get("/home").await;
    assert!(home.says("Anna Parauga") && home.says("Tas neesmu es"), "{}", home.body);
    let done = browser.post("/not-me", "not-me=1").await;
    assert_eq!(done.location(), signed_out());
    assert_eq!(world.neighbours.told().notified, ["session-not-theirs"]);
    assert_eq!(browser.get("/home").await.status, 303);
}
