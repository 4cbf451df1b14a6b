//! What phones say, and what becomes of requests: choosing, refusing, browsers, notices.

use std::time::Duration;

use activation_contract::{Op, Pending, Verdict, WordKind, app};
use serde_json::json;

use crate::world::{Browser, Phone, World, number_of, post_json, request_of};

/// Two logins, then the person remembers the browser on the phone.
pub(crate) async fn remember(world: &World, phone: &Phone, browser: &mut Browser) {
    for _ in 0..2 {
        browser.login(world, phone, &[("prompt", "login")]).await;
    }
    let known = phone.poll(world).await.browsers;
    let last = known.first().expect("a browser to remember").clone();
    let says = WordKind::Browser { browser: last.id, remember: true };
    assert_eq!(phone.say(world, app::BROWSER, says).await.status, 200);
}

/// Begins a login by user number; gives the path of its page and the number shown.
pub(crate) async fn by_number(world: &World, browser: &mut Browser, number: &str) -> (String, u8) {
    let login = browser.begin(world, &[("prompt", "login")]).await;
    let led = browser.post(world, &login, &[("go-on", "1"), ("user-number", number)]).await;
    assert_eq!(led.status, 303, "{}", led.text());
    let page = browser.get(world, &login).await.text();
    (login, number_of(&page))
}

#[tokio::test]
async fn a_browser_is_offered_from_its_second_login_on_and_off_by_default() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    browser.login(&world, &anna, &[]).await;
    assert!(anna.poll(&world).await.browsers.is_empty());
    browser.login(&world, &anna, &[("prompt", "login")]).await;
    let known = anna.poll(&world).await.browsers;
    assert_eq!(
        (known.len(), known[0].remembered, known[0].label.as_str()),
        (1, false, "Chrome, Linux")
    );
    let id = known[0].id.clone();
    let says = |remember| WordKind::Browser { browser: id.clone(), remember };
    let stranger = world.phone(2).await;
    assert_eq!(stranger.say(&world, app::BROWSER, says(true)).await.status, 404);
    assert_eq!(anna.say(&world, app::BROWSER, says(true)).await.status, 200);
    assert!(anna.poll(&world).await.browsers[0].remembered);
    assert_eq!(anna.say(&world, app::BROWSER, says(false)).await.status, 200);
    assert!(anna.poll(&world).await.browsers.is_empty());
}

#[tokio::test]
async fn a_qr_session_a_new_phone_and_a_browser_are_told() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let told: Vec<String> =
        anna.poll(&world).await.notices.into_iter().map(|notice| notice.kind).collect();
    for kind in ["login-by-qr", "device-enrolled", "browser-remembered"] {
        assert!(told.contains(&kind.to_owned()), "{kind} in {told:?}");
    }
}

#[tokio::test]
async fn a_wrong_number_refuses_and_two_refusals_forget_the_browser() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    for _ in 0..2 {
        let (login, shown) = by_number(&world, &mut browser, &anna.number).await;
        let pending = anna.poll(&world).await.pending.remove(0);
        let wrong = *pending.choices.iter().find(|choice| **choice != shown).unwrap();
        let got = anna.choose(&world, &pending, wrong).await;
        assert_eq!(
            (got.status, &got.json()["type"]),
            (409, &"urn:sakta:problem:wrong-number".into())
        );
        let right = anna.choose(&world, &pending, shown).await;
        assert_eq!(right.status, 409, "refused is refused");
        let page = browser.get(&world, &login).await.text();
        assert!(page.contains("name=\"again\""), "the page offers another try");
    }
    assert!(anna.poll(&world).await.browsers.is_empty());
    let (_, _) = by_number(&world, &mut browser, &anna.number).await;
    assert!(anna.poll(&world).await.pending.is_empty(), "nothing reaches the phone any more");
}

#[tokio::test]
async fn a_refusal_is_shown_and_can_be_reported_afterwards() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    let request = request_of(&pending).id;
    let says = |verdict| WordKind::Refuse { request: request.clone(), verdict };
    assert_eq!(anna.say(&world, app::REFUSE, says(Verdict::NotNow)).await.status, 200);
    let state = browser.get(&world, &format!("{login}/state")).await.json();
    assert_eq!(state["state"], "over");
    assert_eq!(anna.say(&world, app::REFUSE, says(Verdict::NotMine)).await.status, 200);
    assert_eq!(anna.say(&world, app::REFUSE, says(Verdict::NotMine)).await.status, 409);
    let sealed = anna.sealed(&pending, None, "1234");
    assert_ne!(anna.activate(&world, &sealed).await.json()["answer"], json!(null));
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(back.location().starts_with("/login/"), "a refused request logs nobody in");
}

#[tokio::test]
async fn a_word_is_of_a_known_phone_of_now_and_heard_once() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let now = base::Clock::now(&world.clock);
    let send =
        async |word: String| post_json(&world, "/app/poll?wait=0", &json!({ "word": word })).await;
    let word = anna.word(now, WordKind::Poll);
    assert_eq!(send(word.clone()).await.status, 200);
    assert_eq!(send(word.clone()).await.status, 401, "heard before");
    let minutes = |n: u64| Duration::from_secs(60 * n + 1);
    assert_eq!(send(anna.word(now.plus(minutes(2)), WordKind::Poll)).await.status, 401);
    assert_eq!(send(anna.word(now.minus(minutes(2)), WordKind::Poll)).await.status, 401);
    let (head, _) = word.rsplit_once('.').unwrap();
    assert_eq!(send(format!("{head}.{}", jose::base64url(&[7; 64]))).await.status, 401);
    let forged = Phone { key: keys::trial::signer(keys::Algorithm::P256), ..world.phone(3).await };
    assert_eq!(send(forged.word(now, WordKind::Poll)).await.status, 401, "another key");
    for garbage in ["", "x", "a.b.c"] {
        assert_eq!(send(garbage.to_owned()).await.status, 401);
    }
    let elsewhere = anna.word(now, WordKind::Claim { code: "x".to_owned() });
    assert_eq!(send(elsewhere).await.status, 401, "another word at this address");
}

#[tokio::test]
async fn a_poll_waits_until_something_comes() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let now = base::Clock::now(&world.clock);
    let word = anna.word(now, WordKind::Poll);
    let asks = async {
        tokio::task::yield_now().await;
        by_number(&world, &mut browser, &anna.number).await
    };
    let body = json!({ "word": word });
    let (polled, _) = tokio::join!(post_json(&world, app::POLL, &body), asks);
    assert_eq!(polled.of::<app::Polled>().pending.len(), 1);
}

#[tokio::test]
async fn a_poll_ends_after_25_seconds_with_nothing() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let now = base::Clock::now(&world.clock);
    let body = json!({ "word": anna.word(now, WordKind::Poll) });
    let store = world.trial.as_ref().unwrap().store.clone();
    let count = || {
        store.read("test.heard", |tx| {
            tx.first::<(i64,)>("SELECT COUNT(*) FROM identity_spent", store::values![])
        })
    };
    let before = count().await.unwrap();
    let passes = async {
        loop {
            if count().await.unwrap() != before {
                world.clock.pass(Duration::from_secs(1));
            }
        }
    };
    let polled = tokio::select! {
        polled = post_json(&world, app::POLL, &body) => polled,
        never = passes => never,
    };
    assert!(polled.of::<app::Polled>().pending.is_empty());
}

#[tokio::test]
async fn a_challenge_is_had_for_an_own_act_and_freezing_ends_everything() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let tokens = browser.tokens(&world, &anna, &[]).await;
    let access = tokens["access_token"].as_str().unwrap();
    let login = browser.begin(&world, &[("prompt", "login")]).await;
    let characters = browser.characters(&world, &login).await;
    let says = WordKind::Challenge { op: Op::Freeze };
    let challenged: app::Challenged = anna.say(&world, app::CHALLENGE, says).await.of();
    assert!(challenged.challenge.contains("Freeze"));
    assert_eq!(anna.freeze(&world).await.status, 200);
    assert_eq!(world.get_with_bearer("/userinfo", access).await.status, 401);
    let again = browser.get(&world, &crate::world::authorize(&[("prompt", "none")])).await;
    assert_eq!(again.query()["error"], "login_required");
    assert_eq!(anna.claim(&world, &characters).await.status, 403);
    assert!(anna.poll(&world).await.frozen);
    let unfreeze = identity_contract::Frozen { person: anna.person, frozen: false };
    assert!(world.as_system("lvrtc/pki", unfreeze.clone()).await.is_err(), "officers only");
    world.as_system("lvrtc/desk", unfreeze).await.unwrap();
    assert_eq!(anna.claim(&world, &characters).await.status, 200);
}

#[tokio::test]
async fn sams_keys_and_enrolments_pass_through() {
    let world = World::new().await;
    let keys = http::Request::get(app::SAM_KEYS).body(axum::body::Body::empty()).unwrap();
    assert_eq!(world.send(keys).await.of::<app::KeysOfSam>().keys, "keys under the root key");
    let got = post_json(&world, app::ENROL, &json!({ "sealed": "x.y" })).await;
    assert_eq!(got.of::<app::Answered>().answer.split('.').count(), 3);
    assert_eq!(post_json(&world, app::ENROL, &json!({ "sealed": 1 })).await.status, 400);
}
