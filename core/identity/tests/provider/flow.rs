//! The first usable login: authorize, QR, phone, code, token, userinfo.

use activation_contract::Pending;

use crate::world::{Browser, ISSUER, World, claims_of, id_token, redeem, request_of};

#[tokio::test]
async fn anna_logs_in_by_qr_and_the_client_reads_her_claims() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let page = browser.get(&world, &login).await;
    assert_eq!(page.headers["cache-control"], "no-store");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("form-action 'self' http://127.0.0.1:4711"), "{policy}");
    let characters = crate::world::characters(&page.text());

    let pending: Pending = anna.claim(&world, &characters).await.of();
    let shown = request_of(&pending);
    assert_eq!((shown.client.as_str(), shown.place.as_str()), ("rp", "Chrome, Linux"));
    assert!(claims_of(&pending).contains("birthdate"));
    assert!(pending.challenge.is_some() && pending.choices.is_empty());
    let answered = anna.approve(&world, &pending, None).await;
    assert_eq!(answered.return_to, None);

    let before = world.records().await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert_eq!(back.status, 303);
    let query = back.query();
    assert_eq!((query["state"].as_str(), query["iss"].as_str()), ("s-1", ISSUER));
    assert_eq!(world.records().await - before, 2, "the request's record and hers");

    let tokens = redeem(&world, &query["code"]).await;
    assert_eq!(tokens.headers["cache-control"], "no-store");
    let tokens = tokens.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &600.into()));
    let claims = id_token(&world, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!((&claims["aud"], &claims["nonce"]), (&"rp".into(), &"n-1".into()));
    assert_eq!(claims["acr"], country::DEMO_ACR);
    assert!(!claims["sub"].as_str().unwrap().contains(&anna.person.to_string()));

    let info = world.get_with_bearer("/userinfo", tokens["access_token"].as_str().unwrap()).await;
    let info = info.json();
    assert_eq!(info["sub"], claims["sub"]);
    assert_eq!((&info["given_name"], &info["birthdate"]), (&"Anna".into(), &"1990-05-12".into()));
    assert!(info.get("serial_number").is_none() && info.get("address").is_none());
    let looks = world.looks.lock().unwrap().clone();
    assert_eq!(looks, [(anna.person.to_string(), "login".to_owned())]);
}

#[tokio::test]
async fn a_remembered_browser_takes_the_user_number_and_the_phone_the_right_code() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    crate::phones::remember(&world, &anna, &mut browser).await;
    let login = browser.begin(&world, &[("prompt", "login")]).await;
    let page = browser.get(&world, &login).await.text();
    assert!(page.contains("user-number"), "the number is asked for at once");
    let (first, rest) = anna.number.split_at(4);
    let number = format!(" {first} {rest}");
    let led = browser.post(&world, &login, &[("go-on", "1"), ("user-number", &number)]).await;
    assert_eq!(led.status, 303, "{}", led.text());
    let shown = crate::world::number_of(&browser.get(&world, &login).await.text());
    let pending = anna.poll(&world).await.pending.remove(0);
    assert!(pending.choices.contains(&shown) && pending.challenge.is_none());
    let chosen: Pending = anna.choose(&world, &pending, shown).await.of();
    anna.approve(&world, &chosen, Some(shown)).await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    let tokens = redeem(&world, &back.query()["code"]).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text());
}

#[tokio::test]
async fn the_phones_own_browser_goes_on_only_by_the_way_back() {
    let world = World::new().await;
    let (anna, mut browser, mut other) = (world.phone(1).await, Browser::new(), Browser::new());
    let login = browser.begin(&world, &[]).await;
    let page = browser.get(&world, &login).await.text();
    let (_, link) = page.split_once("class=\"btn btn-second btn-wide\" href=\"").unwrap();
    let link = link.split('"').next().unwrap();
    assert!(link.starts_with(ISSUER), "{link}");
    let pending: Pending = anna.claim(&world, link).await.of();
    let answered = anna.approve(&world, &pending, None).await;
    let waits = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(waits.location().starts_with("/login/"), "the button alone ends nothing");
    let way = answered.return_to.unwrap();
    let way = way.strip_prefix(ISSUER).unwrap();
    assert_eq!(other.get(&world, way).await.status, 404, "another browser");
    let (path, _) = way.split_once('?').unwrap();
    assert_eq!(browser.get(&world, &format!("{path}?secret=x")).await.status, 404);
    let back = browser.get(&world, way).await;
    assert_eq!(redeem(&world, &back.query()["code"]).await.status, 200);
}

#[tokio::test]
async fn another_answer_of_the_phone_changes_nothing() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    let wrong = anna.activate(&world, &anna.sealed(&pending, None, "0000")).await;
    assert_eq!(wrong.status, 200);
    assert!(browser.post(&world, &login, &[("check", "1")]).await.location().starts_with("/login"));
    anna.approve(&world, &pending, None).await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(back.query().contains_key("code"));
}

#[tokio::test]
async fn the_session_serves_the_same_client_and_no_other() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    browser.login(&world, &anna, &[]).await;
    let again = browser.get(&world, &crate::world::authorize(&[])).await;
    assert_eq!(redeem(&world, &again.query()["code"]).await.status, 200);
    let other = [("client_id", "public"), ("prompt", "none")];
    let other = browser.get(&world, &crate::world::authorize(&other)).await;
    assert_eq!(other.query()["error"], "login_required");
}

#[test]
fn the_same_on_postgresql() {
    store::trial::run(async {
        let Some(world) = World::on_postgres().await else { return };
        let (anna, mut browser) = (world.phone(1).await, Browser::new());
        crate::phones::remember(&world, &anna, &mut browser).await;
        let (login, shown) = crate::phones::by_number(&world, &mut browser, &anna.number).await;
        let pending = anna.poll(&world).await.pending.remove(0);
        let chosen: Pending = anna.choose(&world, &pending, shown).await.of();
        anna.approve(&world, &chosen, Some(shown)).await;
        let back = browser.post(&world, &login, &[("check", "1")]).await;
        let code = back.query()["code"].clone();
        let tokens = redeem(&world, &code).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(world.get_with_bearer("/userinfo", access).await.status, 200);
        assert_eq!(redeem(&world, &code).await.status, 400);
        assert_eq!(world.get_with_bearer("/userinfo", access).await.status, 401);
        assert_eq!(anna.freeze(&world).await.status, 200);
        world.clock.pass(std::time::Duration::from_hours(24 * 40));
        assert!(world.identity.sweep().await.unwrap() > 5);
    });
}
