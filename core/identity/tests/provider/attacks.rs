//! What an attacker tries, by name.

use std::time::Duration;

use activation_contract::{Pending, WordKind, app};
use identity_contract::Exchange;

use crate::phones::{by_number, remember};
use crate::world::{
    Browser, ISSUER, REDIRECT, Twist, VERIFIER, World, authorize, redeem, request_of,
};

#[tokio::test]
async fn session_fixation_the_session_is_drawn_at_the_login() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    browser.cookies.insert("id".to_owned(), "a".repeat(43));
    browser.login(&world, &anna, &[]).await;
    let first = browser.cookies["id"].clone();
    assert_ne!(first, "a".repeat(43), "a planted session is not taken up");
    browser.login(&world, &anna, &[("prompt", "login")]).await;
    assert_ne!(browser.cookies["id"], first, "it rotates at each login");
    let mut old = Browser::new();
    old.cookies.insert("id".to_owned(), first);
    let silent = old.get(&world, &authorize(&[("prompt", "none")])).await;
    assert_eq!(silent.query()["error"], "login_required", "the old token is dead");
}

#[tokio::test]
async fn login_csrf_another_browser_cannot_end_a_login() {
    let world = World::new().await;
    let (mallory, mut own, mut anna) = (world.phone(9).await, Browser::new(), Browser::new());
    let login = own.begin(&world, &[]).await;
    let characters = own.characters(&world, &login).await;
    let pending: Pending = mallory.claim(&world, &characters).await.of();
    mallory.approve(&world, &pending, None).await;
    assert_eq!(anna.get(&world, &login).await.status, 404);
    assert_eq!(anna.post(&world, &login, &[("check", "1")]).await.status, 404);
    let cross = http::Request::post(login.as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(own.go(&world, cross, "check=1".to_owned()).await.status, 403);
    let back = own.post(&world, &login, &[("check", "1")]).await;
    assert!(back.query().contains_key("code"));
}

#[tokio::test]
async fn state_confusion_two_logins_of_two_browsers_stay_apart() {
    let world = World::new().await;
    let (anna, bruno) = (world.phone(1).await, world.phone(2).await);
    let (mut one, mut two) = (Browser::new(), Browser::new());
    let first = one.begin(&world, &[("state", "one")]).await;
    let second = two.begin(&world, &[("state", "two")]).await;
    let (a, b) = (one.characters(&world, &first).await, two.characters(&world, &second).await);
    let asked: Pending = anna.claim(&world, &a).await.of();
    let other: Pending = bruno.claim(&world, &b).await.of();
    assert_eq!(bruno.claim(&world, &a).await.status, 404, "claimed by one only");
    anna.approve(&world, &asked, None).await;
    assert_eq!(one.post(&world, &second, &[("check", "1")]).await.status, 404);
    let waits = two.post(&world, &second, &[("check", "1")]).await;
    assert!(waits.location().starts_with("/login/"));
    bruno.approve(&world, &other, None).await;
    let (back, there) = (
        one.post(&world, &first, &[("check", "1")]).await.query(),
        two.post(&world, &second, &[("check", "1")]).await.query(),
    );
    assert_eq!((back["state"].as_str(), there["state"].as_str()), ("one", "two"));
    assert_ne!(back["code"], there["code"]);
}

#[tokio::test]
async fn enumeration_a_number_of_nobody_looks_like_one_of_somebody() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let stranger = world.phone(2).await;
    let page = async |number: &str| {
        let mut own = browser.clone();
        let login = own.begin(&world, &[("prompt", "login")]).await;
        let led = own.post(&world, &login, &[("go-on", "1"), ("user-number", number)]).await;
        assert_eq!(led.status, 303);
        let text = own.get(&world, &login).await.text();
        own.post(&world, &login, &[("cancel", "1")]).await;
        let number = format!("{:02}", crate::world::number_of(&text));
        text.replace(&login, "LOGIN").replace(&format!("<span>{number}<"), "<span>NN<")
    };
    let known = page(&anna.number).await;
    let missing = page("00000000").await;
    assert_eq!(known, missing, "nobody has this number");
    assert_eq!(known, page(&stranger.number).await, "this browser does not remember them");
    assert!(stranger.poll(&world).await.pending.is_empty(), "nothing reaches a stranger's phone");
    let mut new = Browser::new();
    let (_, _) = by_number(&world, &mut new, &anna.number).await;
    assert!(anna.poll(&world).await.pending.is_empty(), "nor one from a browser not remembered");
}

#[tokio::test]
async fn code_replay_the_second_use_ends_what_the_first_was_given() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let code = browser.login(&world, &anna, &[]).await.query()["code"].clone();
    let tokens = redeem(&world, &code).await.json();
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.get_with_bearer("/userinfo", access).await.status, 200);
    world.clock.pass(Duration::from_secs(30));
    let again = redeem(&world, &code).await;
    assert_eq!((again.status, &again.json()["error"]), (400, &"invalid_grant".into()));
    assert_eq!(world.get_with_bearer("/userinfo", access).await.status, 401);
}

#[tokio::test]
async fn code_race_of_many_at_once_one_gets_tokens() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let code = browser.login(&world, &anna, &[]).await.query()["code"].clone();
    let mut good = 0;
    for got in futures(&world, &code).await {
        good += usize::from(got == 200);
    }
    assert_eq!(good, 1);
}

/// Eight redemptions at the same time.
async fn futures(world: &World, code: &str) -> Vec<u16> {
    let one = || async { redeem(world, code).await.status };
    let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
    let (e, f, g, h) = tokio::join!(one(), one(), one(), one());
    vec![a, b, c, d, e, f, g, h]
}

#[tokio::test]
async fn a_code_of_another_client_address_or_verifier_is_burned() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let good = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let other = "x".repeat(43);
    let bad = [
        ("rp:s3cret-of-128-bits", ("code_verifier", other.as_str())),
        ("rp:s3cret-of-128-bits", ("redirect_uri", "http://127.0.0.1:4712/callback")),
        ("plain:s3cret-of-128-bits", ("code_verifier", VERIFIER)),
    ];
    for (client, (name, value)) in bad {
        let mut browser = Browser::new();
        let code = browser.login(&world, &anna, &[]).await.query()["code"].clone();
        let mut form: Vec<(&str, &str)> = good.to_vec();
        form.retain(|(own, _)| *own != name);
        form.extend([(name, value), ("code", code.as_str())]);
        let got = world.post("/token", Some(client), &form).await;
        assert_eq!((got.status, &got.json()["error"]), (400, &"invalid_grant".into()), "{name}");
        assert_eq!(redeem(&world, &code).await.status, 400, "{name}: burned");
    }
}

#[tokio::test]
async fn pkce_downgrade_is_refused_at_both_ends() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    for more in [
        [("code_challenge", ""), ("code_challenge_method", "")],
        [("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        [("code_challenge", VERIFIER), ("code_challenge_method", "")],
        [("code_challenge", "short"), ("code_challenge_method", "S256")],
    ] {
        let got = browser.get(&world, &authorize(&more)).await;
        assert_eq!(got.query()["error"], "invalid_request", "{more:?}");
    }
    let without = [("client_id", "plain"), ("code_challenge", ""), ("code_challenge_method", "")];
    let code = browser.login(&world, &anna, &without).await.query()["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let got = world.post("/token", Some("plain:s3cret-of-128-bits"), &form).await;
    assert_eq!(got.json()["error"], "invalid_grant", "a verifier that nobody promised");
}

#[tokio::test]
async fn redirect_uri_tricks_are_shown_to_the_person_and_never_redirected() {
    let world = World::new().await;
    let mut browser = Browser::new();
    for address in [
        "",
        "https://evil.example/callback",
        "https://rp.example/callback/../x",
        "https://rp.example/callback%2f",
        "https://rp.example@evil.example/callback",
        "https://rp.example/callback#fragment",
        "https://rp.example:444/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://localhost:1/callback?x=1",
        "http://[::1]/callback",
        "javascript:alert(1)",
    ] {
        let got = browser.get(&world, &authorize(&[("redirect_uri", address)])).await;
        assert_eq!(got.status, 400, "{address}");
        assert!(got.headers.get("location").is_none(), "{address}");
        assert!(!got.text().contains("evil"), "nothing of it is shown");
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", authorize(&[]));
    assert_eq!(browser.get(&world, &twice).await.status, 400);
    for client in ["nobody", "closed", ""] {
        let got = browser.get(&world, &authorize(&[("client_id", client)])).await;
        assert_eq!(got.status, 400, "{client}");
    }
}

#[tokio::test]
async fn mix_up_every_answer_names_its_issuer() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let error = browser.get(&world, &authorize(&[("prompt", "none")])).await.query();
    assert_eq!((error["iss"].as_str(), error["error"].as_str()), (ISSUER, "login_required"));
    assert_eq!(browser.login(&world, &anna, &[]).await.query()["iss"], ISSUER);
    let login = browser.begin(&world, &[("prompt", "login")]).await;
    let gave_up = browser.post(&world, &login, &[("cancel", "1")]).await.query();
    let said = (gave_up["iss"].as_str(), gave_up["error"].as_str(), gave_up["state"].as_str());
    assert_eq!(said, (ISSUER, "access_denied", "s-1"));
}

#[tokio::test]
async fn number_guessing_one_guess_and_the_request_is_over() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let (login, shown) = by_number(&world, &mut browser, &anna.number).await;
    let pending = anna.poll(&world).await.pending.remove(0);
    // A PIN before the choice, whatever number it carries, ends nothing.
    for guess in [None, Some(shown)] {
        anna.activate(&world, &anna.sealed(&pending, guess, "1234")).await;
        let waits = browser.post(&world, &login, &[("check", "1")]).await;
        assert!(waits.location().starts_with("/login/"));
    }
    let wrong = *pending.choices.iter().find(|choice| **choice != shown).unwrap();
    assert_eq!(anna.choose(&world, &pending, wrong).await.status, 409);
    for guess in &pending.choices {
        assert_eq!(anna.choose(&world, &pending, *guess).await.status, 409);
    }
    assert_eq!(anna.choose(&world, &pending, 100).await.status, 409);
}

#[tokio::test]
async fn push_bombing_one_request_per_browser_and_then_none() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let (_, _) = by_number(&world, &mut browser, &anna.number).await;
    for _ in 0..3 {
        let login = browser.begin(&world, &[("prompt", "login")]).await;
        let form = [("go-on", "1"), ("user-number", anna.number.as_str())];
        let got = browser.post(&world, &login, &form).await;
        assert_eq!(got.status, 200, "the page says that one waits already");
        assert!(got.text().contains("class=\"errors\""));
    }
    assert_eq!(anna.poll(&world).await.pending.len(), 1);
    world.clock.pass(Duration::from_mins(6));
    let (_, _) = by_number(&world, &mut browser, &anna.number).await;
    assert_eq!(anna.poll(&world).await.pending.len(), 1);
    for _ in 0..12 {
        world.clock.pass(Duration::from_micros(1));
        let login = browser.begin(&world, &[("prompt", "login")]).await;
        browser.post(&world, &login, &[("go-on", "1"), ("user-number", "00000000")]).await;
    }
    let login = browser.begin(&world, &[("prompt", "login")]).await;
    let got = browser.post(&world, &login, &[("go-on", "1"), ("user-number", "00000000")]).await;
    assert!(got.text().contains("class=\"errors\""), "too often from one browser");
}

#[tokio::test]
async fn lock_out_a_stranger_with_the_number_stops_nobody() {
    let world = World::new().await;
    let (anna, mut browser, mut mallory) = (world.phone(1).await, Browser::new(), Browser::new());
    remember(&world, &anna, &mut browser).await;
    for _ in 0..8 {
        let login = mallory.begin(&world, &[]).await;
        let form = [("go-on", "1"), ("user-number", anna.number.as_str())];
        mallory.post(&world, &login, &form).await;
    }
    let code = identity_contract::FreezeByCode {
        user_number: anna.number.clone(),
        code: "000000000000".to_owned(),
    };
    for _ in 0..5 {
        world.as_system("lvrtc/portal", code.clone()).await.unwrap();
    }
    let (login, shown) = by_number(&world, &mut browser, &anna.number).await;
    let pending = anna.poll(&world).await.pending.remove(0);
    let chosen: Pending = anna.choose(&world, &pending, shown).await.of();
    anna.approve(&world, &chosen, Some(shown)).await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(back.query().contains_key("code"));
}

#[tokio::test]
async fn unclaimed_requests_of_one_place_are_bounded() {
    let world = World::new().await;
    let mut browser = Browser::new();
    let mut begun = 0;
    for _ in 0..200 {
        begun += usize::from(browser.get(&world, &authorize(&[])).await.status == 303);
    }
    assert!((1..=60).contains(&begun), "{begun}");
    assert_eq!(browser.get(&world, &authorize(&[])).await.status, 429);
    world.clock.pass(Duration::from_mins(2));
    assert_eq!(browser.get(&world, &authorize(&[])).await.status, 303);
}

#[tokio::test]
async fn characters_are_claimed_within_a_minute_by_one_phone_and_not_guessed() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    world.clock.pass(Duration::from_secs(60));
    assert_eq!(anna.claim(&world, &characters).await.status, 404);
    let renewed = browser.characters(&world, &login).await;
    assert_ne!(renewed, characters);
    assert_eq!(anna.claim(&world, &renewed).await.status, 200);
    assert_eq!(anna.claim(&world, &renewed).await.status, 404);
    let mut refused = 0;
    for _ in 0..40 {
        let says = WordKind::Claim { code: "BCDFGHJK".to_owned() };
        refused += usize::from(anna.say(&world, app::CLAIM, says).await.status == 429);
    }
    assert!(refused > 10, "guessing is slow");
}

#[tokio::test]
async fn a_statement_of_something_else_logs_nobody_in() {
    let twists = [
        Twist { client: Some("public".to_owned()), ..Twist::default() },
        Twist { person: Some(base::PersonId::from_bytes([9; 16])), ..Twist::default() },
        Twist { number: Some(7), ..Twist::default() },
        Twist { level: Some("http://eidas.europa.eu/LoA/high".to_owned()), ..Twist::default() },
        Twist { level: Some("urn:sakta:acr:lv:kvalificets".to_owned()), ..Twist::default() },
        Twist { life_min: Some(31), ..Twist::default() },
    ];
    for twist in twists {
        let world = World::new().await;
        let (anna, mut browser) = (world.phone(1).await, Browser::new());
        *world.sam.twist.lock().unwrap() = twist.clone();
        let login = browser.begin(&world, &[]).await;
        let characters = browser.characters(&world, &login).await;
        let pending: Pending = anna.claim(&world, &characters).await.of();
        let got = anna.activate(&world, &anna.sealed(&pending, None, "1234")).await;
        assert_eq!(got.status, 409, "{twist:?}");
        let back = browser.post(&world, &login, &[("check", "1")]).await;
        assert!(back.location().starts_with("/login/"), "{twist:?}");
    }
}

#[tokio::test]
async fn another_phone_cannot_answer_what_one_has_claimed() {
    let world = World::new().await;
    let (anna, mallory, mut browser) = (world.phone(1).await, world.phone(9).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    mallory.approve(&world, &pending, None).await;
    let waits = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(waits.location().starts_with("/login/"));
    let request = request_of(&pending).id;
    let says = WordKind::Refuse { request, verdict: activation_contract::Verdict::NotNow };
    assert_eq!(mallory.say(&world, app::REFUSE, says).await.status, 404);
}

#[tokio::test]
async fn a_code_is_exchanged_only_by_the_system_it_was_made_for() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let portal = "http://portal.localhost:8080/signed-in";
    let more = [("client_id", "portal"), ("redirect_uri", portal)];
    let exchange = |code: &str| Exchange {
        code: code.to_owned(),
        redirect_uri: portal.to_owned(),
        code_verifier: VERIFIER.to_owned(),
    };
    let code = browser.login(&world, &anna, &more).await.query()["code"].clone();
    assert!(world.as_system("lvrtc/signing", exchange(&code)).await.is_err(), "not its code");
    let evidence = world.as_system("lvrtc/portal", exchange(&code)).await.unwrap();
    assert_eq!((evidence.person, evidence.name.as_str()), (anna.person, "Anna Paraudziņa"));
    assert!(evidence.by_qr);
    assert!(world.as_system("lvrtc/portal", exchange(&code)).await.is_err(), "once");
    let other = browser.login(&world, &anna, &[("prompt", "login")]).await.query()["code"].clone();
    let stolen = Exchange { redirect_uri: REDIRECT.to_owned(), ..exchange(&other) };
    assert!(world.as_system("lvrtc/portal", stolen).await.is_err(), "another client's code");
}
