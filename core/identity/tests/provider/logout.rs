//! Signing out: the modules of the suite's RP-initiated logout plan, by their names.

use crate::world::{Browser, World, authorize, encoded};

const OUT: &str = "http://localhost:9000/out";

async fn signed_in(world: &World) -> (Browser, String, String) {
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let tokens = browser.tokens(world, &anna, &[]).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (browser, text("id_token"), text("access_token"))
}

fn logout(pairs: &[(&str, &str)]) -> String {
    format!("/logout?{}", encoded(pairs))
}

async fn in_session(world: &World, browser: &mut Browser) -> bool {
    let got = browser.get(world, &authorize(&[("prompt", "none")])).await;
    got.query().contains_key("code")
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_ends_session_and_tokens_and_leads_back() {
    let world = World::new().await;
    let (mut browser, hint, access) = signed_in(&world).await;
    let to =
        [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", OUT), ("state", "x y")];
    let got = browser.get(&world, &logout(&to)).await;
    assert_eq!(got.location(), format!("{OUT}?state=x+y"));
    assert!(!in_session(&world, &mut browser).await);
    assert_eq!(world.get_with_bearer("/userinfo", &access).await.status, 401);
}

#[tokio::test]
async fn no_state_no_post_logout_redirect_uri_and_no_session() {
    let world = World::new().await;
    let (mut browser, hint, _) = signed_in(&world).await;
    let to = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", OUT)];
    assert_eq!(browser.get(&world, &logout(&to)).await.location(), OUT);
    let page = browser.get(&world, &logout(&to[..1])).await;
    assert_eq!(page.status, 200, "nobody is signed in any more, and the page says so");
}

#[tokio::test]
async fn bad_post_logout_redirect_uri_query_added_modified_and_bad_hints_are_refused() {
    let world = World::new().await;
    let (mut browser, hint, _) = signed_in(&world).await;
    let (head, signature) = hint.rsplit_once('.').unwrap();
    let modified = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for pairs in [
        [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "https://evil.example")],
        [
            ("id_token_hint", hint.as_str()),
            ("post_logout_redirect_uri", "http://localhost/out?x=1"),
        ],
        [("id_token_hint", modified.as_str()), ("post_logout_redirect_uri", OUT)],
        [("id_token_hint", "nonsense"), ("post_logout_redirect_uri", OUT)],
        [("client_id", "public"), ("id_token_hint", hint.as_str())],
        [("post_logout_redirect_uri", OUT), ("state", "x")],
    ] {
        let got = browser.get(&world, &logout(&pairs)).await;
        assert_eq!(got.status, 400, "{pairs:?}");
        assert!(got.headers.get("location").is_none());
    }
    assert!(in_session(&world, &mut browser).await, "nobody was signed out");
}

#[tokio::test]
async fn no_id_token_hint_no_params_and_only_state_ask_the_person() {
    let world = World::new().await;
    let (mut browser, _, _) = signed_in(&world).await;
    for pairs in
        [vec![], vec![("state", "x")], vec![("client_id", "rp"), ("post_logout_redirect_uri", OUT)]]
    {
        let page = browser.get(&world, &logout(&pairs)).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("name=\"sign-out\""), "{pairs:?}");
    }
    assert!(in_session(&world, &mut browser).await);
    let cross = http::Request::post("/logout")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(browser.go(&world, cross, "sign-out=1".to_owned()).await.status, 403);
    browser.post(&world, "/logout", &[("stay", "1")]).await;
    assert!(in_session(&world, &mut browser).await);
    let form = [("sign-out", "1"), ("client_id", "rp"), ("post_logout_redirect_uri", OUT)];
    assert_eq!(browser.post(&world, "/logout", &form).await.location(), OUT);
    assert!(!in_session(&world, &mut browser).await);
}

#[tokio::test]
async fn a_system_of_the_house_signs_its_own_session_out_without_asking() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let portal = "http://portal.localhost:8080/signed-in";
    let more = [("client_id", "portal"), ("redirect_uri", portal)];
    let to = [("client_id", "portal"), ("post_logout_redirect_uri", OUT), ("ui_locales", "en")];
    browser.login(&world, &anna, &[]).await;
    let page = browser.get(&world, &logout(&to)).await.text();
    assert!(page.contains("name=\"sign-out\"") && page.contains("lang=\"en\""));
    browser.login(&world, &anna, &more).await;
    assert_eq!(browser.get(&world, &logout(&to)).await.location(), OUT);
    assert!(!in_session(&world, &mut browser).await);
}
