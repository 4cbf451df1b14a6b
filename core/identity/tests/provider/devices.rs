//! The device flow of the command line (RFC 8628).

use std::time::Duration;

use activation_contract::{Pending, Verdict, WordKind, app};
use identity_contract::EvidenceOf;
use serde_json::Value;

use crate::world::{Browser, Got, ISSUER, World, claims_of, request_of};

async fn begin(world: &World, scope: &str) -> Value {
    let form = [("client_id", "cli"), ("scope", scope)];
    let got = world.post("/device_authorization", None, &form).await;
    assert_eq!(got.status, 200, "{}", got.text());
    got.json()
}

async fn ask(world: &World, begun: &Value) -> Got {
    world.clock.pass(Duration::from_secs(1));
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", begun["device_code"].as_str().unwrap()),
        ("client_id", "cli"),
    ];
    world.post("/token", None, &form).await
}

#[tokio::test]
async fn the_command_line_logs_in_by_the_eight_characters() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let begun = begin(&world, "openid profile personal_code signing").await;
    assert_eq!(begun["expires_in"], 300);
    assert_eq!(ask(&world, &begun).await.json()["error"], "authorization_pending");
    let user_code = begun["user_code"].as_str().unwrap();
    assert_eq!(begun["verification_uri_complete"], format!("{ISSUER}/a/{user_code}"));
    let pending: Pending =
        anna.claim(&world, begun["verification_uri_complete"].as_str().unwrap()).await.of();
    assert_eq!(request_of(&pending).client, "cli");
    assert!(claims_of(&pending).contains("serial_number"));
    assert_eq!(ask(&world, &begun).await.json()["error"], "authorization_pending");
    anna.approve(&world, &pending, None).await;
    let records = world.records().await;
    let tokens = ask(&world, &begun).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    assert_eq!(world.records().await - records, 2);
    let access = tokens.json()["access_token"].as_str().unwrap().to_owned();
    let info = world.get_with_bearer("/userinfo", &access).await.json();
    assert_eq!(info["serial_number"], "PNOLV-329912-00014");
    assert_eq!(ask(&world, &begun).await.json()["error"], "invalid_grant", "once");
    let evidence = EvidenceOf { access_token: access };
    let evidence = world.as_system("lvrtc/signing", evidence).await.unwrap();
    assert_eq!((evidence.client.as_str(), evidence.evidence.person), ("cli", anna.person));
    assert!(evidence.scope.contains(&"signing".to_owned()) && evidence.client_name.len() == 2);
}

#[tokio::test]
async fn asking_too_often_slows_down_and_a_refusal_or_lateness_ends_it() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let begun = begin(&world, "openid").await;
    ask(&world, &begun).await;
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", begun["device_code"].as_str().unwrap()),
        ("client_id", "cli"),
    ];
    assert_eq!(world.post("/token", None, &form).await.json()["error"], "slow_down");
    let pending: Pending = anna.claim(&world, begun["user_code"].as_str().unwrap()).await.of();
    let request = request_of(&pending).id;
    let says = WordKind::Refuse { request, verdict: Verdict::NotNow };
    assert_eq!(anna.say(&world, app::REFUSE, says).await.status, 200);
    assert_eq!(ask(&world, &begun).await.json()["error"], "access_denied");
    let late = begin(&world, "openid").await;
    world.clock.pass(Duration::from_mins(5));
    assert_eq!(ask(&world, &late).await.json()["error"], "expired_token");
    assert_eq!(anna.claim(&world, late["user_code"].as_str().unwrap()).await.status, 404);
}

#[tokio::test]
async fn only_device_clients_have_the_flow_and_a_code_is_its_clients() {
    let world = World::new().await;
    let got = world.post("/device_authorization", None, &[("client_id", "public")]).await;
    assert_eq!(got.json()["error"], "unauthorized_client");
    let begun = begin(&world, "openid").await;
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", begun["device_code"].as_str().unwrap()),
    ];
    let got = world.post("/token", Some("rp:s3cret-of-128-bits"), &form).await;
    assert_eq!(got.json()["error"], "unauthorized_client");
    let unknown = [form[0], ("device_code", "x"), ("client_id", "cli")];
    assert_eq!(world.post("/token", None, &unknown).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn the_pages_say_what_to_do_with_the_characters_and_take_none() {
    let world = World::new().await;
    let mut browser = Browser::new();
    let page = browser.get(&world, "/device?lang=en").await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<input"), "nobody types a stranger's code into a page");
    let link = browser.get(&world, "/a/BCDFGHJK?lang=en").await;
    assert!(link.text().contains("BCDF\u{a0}GHJK"));
    assert_eq!(browser.get(&world, "/a/nonsense").await.status, 404);
}
