//! The modules of the OpenID Foundation's basic and config certification plans, by their names.
//! Spec: OpenID Connect Core 1.0; the suite's plans `oidcc-basic` and `oidcc-config`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{
    Browser, ISSUER, REDIRECT, VERIFIER, World, authorize, encoded, id_token, keyed_token, redeem,
    request,
};

fn get(path: &str) -> http::Request<axum::body::Body> {
    http::Request::get(path).body(axum::body::Body::empty()).unwrap()
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let world = World::new().await;
    let found = world.send(get("/.well-known/openid-configuration")).await;
    assert_eq!(found.headers["content-type"], "application/json");
    let found = found.json();
    assert_eq!(found["issuer"], ISSUER);
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "pushed_authorization_request_endpoint",
        "device_authorization_endpoint",
        "end_session_endpoint",
    ] {
        let address = found[name].as_str().unwrap();
        let path = address.strip_prefix(ISSUER).unwrap();
        assert_ne!(world.send(get(path)).await.status, 404, "{name}");
    }
    for (name, value) in [
        ("response_types_supported", "code"),
        ("subject_types_supported", "pairwise"),
        ("id_token_signing_alg_values_supported", "ES256"),
        ("code_challenge_methods_supported", "S256"),
        ("scopes_supported", "openid"),
        ("acr_values_supported", country::DEMO_ACR),
    ] {
        assert!(found[name].as_array().unwrap().contains(&value.into()), "{name}");
    }
    assert_eq!(found["authorization_response_iss_parameter_supported"], true);
    let set = world.send(get("/jwks")).await.json();
    let key = &set["keys"][0];
    assert_eq!(
        (&key["kty"], &key["use"], &key["alg"]),
        (&"EC".into(), &"sig".into(), &"ES256".into())
    );
    assert!(key.get("d").is_none());
}

#[tokio::test]
async fn oidcc_server_and_oidcc_idtoken_signature() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let tokens = browser.tokens(&world, &anna, &[]).await;
    let claims = id_token(&world, tokens["id_token"].as_str().unwrap()).await;
    for name in ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash"] {
        assert!(claims.get(name).is_some(), "{name}");
    }
    let digest = keys::sha256(tokens["access_token"].as_str().unwrap().as_bytes());
    assert_eq!(claims["at_hash"], jose::base64url(&digest[..16]));
}

#[tokio::test]
async fn oidcc_response_type_missing_and_of_another_kind() {
    let world = World::new().await;
    let mut browser = Browser::new();
    for (asked, error) in [
        ("", "invalid_request"),
        ("token", "unsupported_response_type"),
        ("code id_token", "unsupported_response_type"),
    ] {
        let got = browser.get(&world, &authorize(&[("response_type", asked)])).await;
        let query = got.query();
        assert_eq!((query["error"].as_str(), query["state"].as_str()), (error, "s-1"));
    }
}

#[tokio::test]
async fn oidcc_userinfo_get_and_oidcc_userinfo_post_header_and_oidcc_userinfo_post_body() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let tokens = browser.tokens(&world, &anna, &[]).await;
    let access = tokens["access_token"].as_str().unwrap();
    let sub = id_token(&world, tokens["id_token"].as_str().unwrap()).await["sub"].clone();
    assert_eq!(world.get_with_bearer("/userinfo", access).await.json()["sub"], sub);
    let header =
        http::Request::post("/userinfo").header("authorization", format!("bearer {access}"));
    let header = header.body(axum::body::Body::empty()).unwrap();
    assert_eq!(world.send(header).await.json()["sub"], sub);
    let body = world.post("/userinfo", None, &[("access_token", access)]).await;
    assert_eq!(body.json()["sub"], sub);
    let in_query = world.send(get(&format!("/userinfo?access_token={access}"))).await;
    assert_eq!(in_query.status, 401, "never in an address");
    for token in ["", "x", "a b"] {
        let got = world.get_with_bearer("/userinfo", token).await;
        assert_eq!(got.status, 401);
        assert!(got.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    }
    world.clock.pass(Duration::from_mins(10));
    assert_eq!(world.get_with_bearer("/userinfo", access).await.status, 401, "it has ended");
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let tokens = browser.tokens(&world, &anna, &[("nonce", "")]).await;
    let claims = id_token(&world, tokens["id_token"].as_str().unwrap()).await;
    assert!(claims.get("nonce").is_none());
}

#[tokio::test]
async fn oidcc_scope_profile_email_address_phone_and_all() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    for (scope, there, missing) in [
        ("openid", vec![], vec!["name", "address"]),
        ("openid profile", vec!["name", "given_name", "family_name", "birthdate"], vec!["address"]),
        ("openid address", vec!["address"], vec!["name"]),
        ("openid email", vec![], vec!["email"]),
        ("openid phone", vec![], vec!["phone_number"]),
        ("openid profile email address phone", vec!["name", "address"], vec!["serial_number"]),
        ("openid personal_code unknown", vec![], vec!["serial_number"]),
    ] {
        let mut browser = Browser::new();
        let tokens = browser.tokens(&world, &anna, &[("scope", scope)]).await;
        let access = tokens["access_token"].as_str().unwrap();
        let info = world.get_with_bearer("/userinfo", access).await.json();
        assert!(there.iter().all(|name| info.get(*name).is_some()), "{scope}: {info}");
        assert!(missing.iter().all(|name| info.get(*name).is_none()), "{scope}: {info}");
    }
    let mut browser = Browser::new();
    let got = browser.get(&world, &authorize(&[("scope", "profile")])).await;
    assert_eq!(got.query()["error"], "invalid_scope");
}

#[tokio::test]
async fn oidcc_display_login_hint_ui_locales_claims_locales_acr_values_and_unknown_parameters() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    for more in [
        ("display", "page"),
        ("display", "popup"),
        ("login_hint", "anna@example.com"),
        ("ui_locales", "de en"),
        ("claims_locales", "en"),
        ("acr_values", "urn:example:1 urn:example:2"),
        ("extra", "foobar"),
    ] {
        let mut browser = Browser::new();
        assert_eq!(
            redeem(&world, &browser.login(&world, &anna, &[more]).await.query()["code"])
                .await
                .status,
            200
        );
    }
    let mut browser = Browser::new();
    let led = browser.get(&world, &authorize(&[("ui_locales", "de en lv")])).await.location();
    let page = browser.get(&world, &led).await.text();
    assert!(page.contains("<html lang=\"en\">"), "{led}");
}

#[tokio::test]
async fn oidcc_prompt_login_asks_again_and_max_age_1_too() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let first = browser.tokens(&world, &anna, &[]).await;
    world.clock.pass(Duration::from_secs(2));
    for more in
        [("prompt", "login"), ("prompt", "consent"), ("prompt", "select_account"), ("max_age", "1")]
    {
        let got = browser.get(&world, &authorize(&[more])).await;
        assert!(got.location().starts_with("/login/"), "{more:?}");
    }
    let again = browser.tokens(&world, &anna, &[("prompt", "login")]).await;
    let at = async |tokens: &Value| {
        id_token(&world, tokens["id_token"].as_str().unwrap()).await["auth_time"].as_i64()
    };
    assert!(at(&again).await > at(&first).await);
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in_and_logged_in_and_max_age_10000() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let got = browser.get(&world, &authorize(&[("prompt", "none")])).await;
    assert_eq!(got.query()["error"], "login_required");
    let first = browser.tokens(&world, &anna, &[]).await;
    let claims =
        async |tokens: &Value| id_token(&world, tokens["id_token"].as_str().unwrap()).await;
    let first = claims(&first).await;
    for more in [("prompt", "none"), ("max_age", "10000")] {
        world.clock.pass(Duration::from_secs(3));
        let code = browser.get(&world, &authorize(&[more])).await.query()["code"].clone();
        let again = claims(&redeem(&world, &code).await.json()).await;
        assert_eq!((&again["sub"], &again["auth_time"]), (&first["sub"], &first["auth_time"]));
    }
    for more in [[("prompt", "none login")], [("prompt", "whatever")], [("max_age", "-1")]] {
        let got = browser.get(&world, &authorize(&more)).await;
        assert_eq!(got.query()["error"], "invalid_request", "{more:?}");
    }
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let world = World::new().await;
    let (anna, bruno, mut browser) = (world.phone(1).await, world.phone(2).await, Browser::new());
    let tokens = browser.tokens(&world, &anna, &[]).await;
    let hint = tokens["id_token"].as_str().unwrap().to_owned();
    world.clock.pass(Duration::from_mins(6));
    let own = [("prompt", "none"), ("id_token_hint", hint.as_str())];
    assert!(
        browser.get(&world, &authorize(&own)).await.query().contains_key("code"),
        "it has ended"
    );
    let mut other = Browser::new();
    other.login(&world, &bruno, &[]).await;
    assert_eq!(other.get(&world, &authorize(&own)).await.query()["error"], "login_required");
    let asked = [("id_token_hint", hint.as_str()), ("prompt", "login")];
    let back = other.login(&world, &bruno, &asked).await;
    assert_eq!(back.query()["error"], "login_required", "another person signed in");
    let forged = [("id_token_hint", "a.b.c")];
    assert_eq!(other.get(&world, &authorize(&forged)).await.query()["error"], "invalid_request");
}

#[tokio::test]
async fn oidcc_claims_essential_and_levels_that_are_conditions() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let wanted = r#"{"userinfo":{"name":{"essential":true}},"id_token":{"given_name":null}}"#;
    let tokens = browser.tokens(&world, &anna, &[("scope", "openid"), ("claims", wanted)]).await;
    let access = tokens["access_token"].as_str().unwrap();
    let info = world.get_with_bearer("/userinfo", access).await.json();
    assert_eq!(info["name"], "Anna Paraudziņa");
    assert!(info.get("birthdate").is_none());
    let claims = id_token(&world, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["given_name"], "Anna");
    let high = json!({"id_token": {"acr": {"essential": true, "value": "urn:high"}}}).to_string();
    let got = browser.get(&world, &authorize(&[("claims", &high)])).await;
    assert_eq!(got.query()["error"], "unmet_authentication_requirements");
    let got = browser.get(&world, &authorize(&[("claims", "{")])).await;
    assert_eq!(got.query()["error"], "invalid_request");
}

#[tokio::test]
async fn oidcc_codereuse_and_oidcc_codereuse_30seconds() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    for seconds in [0, 30, 120] {
        let mut browser = Browser::new();
        let code = browser.login(&world, &anna, &[]).await.query()["code"].clone();
        assert_eq!(redeem(&world, &code).await.status, 200);
        world.clock.pass(Duration::from_secs(seconds));
        assert_eq!(redeem(&world, &code).await.json()["error"], "invalid_grant");
    }
    let mut browser = Browser::new();
    let code = browser.login(&world, &anna, &[]).await.query()["code"].clone();
    world.clock.pass(Duration::from_secs(60));
    assert_eq!(redeem(&world, &code).await.json()["error"], "invalid_grant", "a minute old");
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let world = World::new().await;
    let mut browser = Browser::new();
    let got = browser.get(&world, &authorize(&[("redirect_uri", "https://other.example/")])).await;
    assert_eq!(got.status, 400);
    let got = browser
        .get(&world, &authorize(&[("redirect_uri", "http://localhost:1234/callback")]))
        .await;
    assert_eq!(got.status, 303);
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let world = World::new().await;
    let mut browser = Browser::new();
    let post = http::Request::post("/authorize")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let got = browser.go(&world, post, encoded(&request(&[]))).await;
    assert_eq!(got.status, 303, "{}", got.text());
}

#[tokio::test]
async fn oidcc_server_client_secret_post_and_wrong_proofs_of_the_client() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let code = browser.login(&world, &anna, &[]).await.query()["code"].clone();
    let form = |secret| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", "rp"),
            ("client_secret", secret),
        ]
    };
    let wrong = world.post("/token", None, &form("wrong")).await;
    assert_eq!((wrong.status, &wrong.json()["error"]), (401, &"invalid_client".into()));
    let basic = world.post("/token", Some("rp:wrong"), &form("")[..4]).await;
    assert_eq!(basic.status, 401);
    assert!(basic.headers["www-authenticate"].to_str().unwrap().starts_with("Basic"));
    assert_eq!(
        world.post("/token", Some("closed:s3cret-of-128-bits"), &form("")[..4]).await.status,
        401
    );
    let twice =
        world.post("/token", Some("rp:s3cret-of-128-bits"), &form("s3cret-of-128-bits")).await;
    assert_eq!(twice.json()["error"], "invalid_request");
    assert_eq!(world.post("/token", None, &form("s3cret-of-128-bits")).await.status, 200);
}

#[tokio::test]
async fn private_key_jwt_is_for_us_of_now_and_used_once() {
    let world = World::new().await;
    let now = base::Clock::now(&world.clock).seconds();
    let push = async |claims: Value| {
        let assertion = keyed_token("JWT", &claims);
        let mut form = request(&[("client_id", "keyed")]);
        form.extend([
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion.as_str()),
        ]);
        world.post("/par", None, &form).await.status
    };
    let good = |jti: &str| {
        let mut claims = json!({"iss": "keyed", "sub": "keyed", "aud": ISSUER, "jti": jti});
        (claims["iat"], claims["exp"]) = (now.into(), (now + 60).into());
        claims
    };
    assert_eq!(push(good("1")).await, 201);
    assert_eq!(push(good("1")).await, 401, "used once");
    for (name, value) in [
        ("aud", json!("https://other.example")),
        ("aud", json!([ISSUER, "https://other.example"])),
        ("sub", json!("rp")),
        ("iss", json!("rp")),
        ("exp", json!(now - 60)),
        ("exp", json!(now + 3600)),
        ("jti", Value::Null),
    ] {
        let mut claims = good("2");
        claims[name] = value;
        assert_eq!(push(claims).await, 401, "{name}");
    }
}

#[tokio::test]
async fn oidcc_request_objects_unsigned_and_by_reference_are_answered_as_unsupported() {
    let world = World::new().await;
    let mut browser = Browser::new();
    let parts = [json!({"alg": "none"}), json!({"scope": "openid", "redirect_uri": REDIRECT})];
    let [head, body] = parts.map(|part| jose::base64url(part.to_string().as_bytes()));
    let unsigned = format!("{head}.{body}.");
    for client in ["rp", "keyed"] {
        let got =
            browser.get(&world, &authorize(&[("client_id", client), ("request", &unsigned)])).await;
        assert_eq!(got.query()["error"], "request_not_supported", "{client}");
    }
    let by_reference = [("request_uri", "https://rp.example/request.jwt")];
    let got = browser.get(&world, &authorize(&by_reference)).await;
    assert_eq!(got.query()["error"], "request_uri_not_supported");
}

#[tokio::test]
async fn a_signed_request_object_stands_in_place_of_what_is_beside_it() {
    let world = World::new().await;
    let mut browser = Browser::new();
    let now = base::Clock::now(&world.clock).seconds();
    let mut object = json!({"iss": "keyed", "aud": ISSUER, "iat": now, "exp": now + 60});
    for (name, value) in request(&[("client_id", "keyed"), ("state", "inside"), ("prompt", "none")])
    {
        object[name] = json!(value);
    }
    let send = async |browser: &mut Browser, object: &Value| {
        let token = keyed_token("oauth-authz-req+jwt", object);
        let more = [("client_id", "keyed"), ("request", token.as_str()), ("state", "outside")];
        browser.get(&world, &authorize(&more)).await
    };
    let query = send(&mut browser, &object).await.query();
    assert_eq!((query["state"].as_str(), query["error"].as_str()), ("inside", "login_required"));
    for (name, value) in [
        ("aud", json!("https://other.example")),
        ("iss", json!("rp")),
        ("client_id", json!("rp")),
        ("exp", json!(now - 120)),
        ("request_uri", json!("urn:x")),
        ("response_type", json!("token")),
    ] {
        let mut changed = object.clone();
        changed[name] = value;
        let query = send(&mut browser, &changed).await.query();
        assert_eq!(query["error"], "invalid_request_object", "{name}");
    }
}

#[tokio::test]
async fn oidcc_refresh_token_none_is_given_and_the_grant_is_unsupported() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let tokens = browser.tokens(&world, &anna, &[("scope", "openid offline_access")]).await;
    assert!(tokens.get("refresh_token").is_none());
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let got = world.post("/token", Some("rp:s3cret-of-128-bits"), &form).await;
    assert_eq!(got.json()["error"], "unsupported_grant_type");
    let got = world.post("/token", Some("rp:s3cret-of-128-bits"), &[]).await;
    assert_eq!(got.json()["error"], "invalid_request");
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds_and_a_client_that_cannot_does_without() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let none = [("client_id", "plain"), ("code_challenge", ""), ("code_challenge_method", "")];
    let code = browser.login(&world, &anna, &none).await.query()["code"].clone();
    let form =
        [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", REDIRECT)];
    assert_eq!(world.post("/token", Some("plain:s3cret-of-128-bits"), &form).await.status, 200);
}

#[tokio::test]
async fn a_subject_is_the_sectors_own_and_an_older_one_is_carried_over() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let sub = async |browser: &mut Browser, client: &str| {
        let more = [("client_id", client), ("prompt", "login")];
        let code = browser.login(&world, &anna, &more).await.query()["code"].clone();
        let secret = format!("{client}:s3cret-of-128-bits");
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", client),
        ];
        let basic = (client != "public").then_some(secret.as_str());
        let got = world.post("/token", basic, &form).await.json();
        id_token(&world, got["id_token"].as_str().unwrap()).await["sub"].clone()
    };
    let own = sub(&mut browser, "rp").await;
    assert_eq!(own, sub(&mut browser, "plain").await, "the same sector");
    assert_ne!(own, sub(&mut browser, "public").await, "another sector");
    assert!(world.identity.carry_subject("rp", anna.person, "legacy-7").await.unwrap());
    assert!(!world.identity.carry_subject("rp", anna.person, "legacy-8").await.unwrap());
    assert_eq!(sub(&mut browser, "rp").await, "legacy-7");
}

#[tokio::test]
async fn a_pushed_request_is_its_clients_for_a_minute_until_its_login_is_complete() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let push = async |more: &[(&str, &str)]| {
        world.post("/par", Some("rp:s3cret-of-128-bits"), &request(more)).await
    };
    let pushed = push(&[]).await;
    assert_eq!((pushed.status, &pushed.json()["expires_in"]), (201, &60.into()));
    let uri = pushed.json()["request_uri"].as_str().unwrap().to_owned();
    let at = |client: &str| {
        format!("/authorize?{}", encoded(&[("client_id", client), ("request_uri", &uri)]))
    };
    assert_eq!(browser.get(&world, &at("plain")).await.status, 400, "another client");
    assert_eq!(browser.get(&world, &at("rp")).await.status, 303);
    let login = browser.get(&world, &at("rp")).await.location();
    let login = login.split('?').next().unwrap().to_owned();
    let characters = browser.characters(&world, &login).await;
    let pending = anna.claim(&world, &characters).await.of();
    anna.approve(&world, &pending, None).await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert_eq!(redeem(&world, &back.query()["code"]).await.status, 200);
    assert_eq!(browser.get(&world, &at("rp")).await.status, 400, "it is used");
    let late = push(&[]).await.json()["request_uri"].as_str().unwrap().to_owned();
    world.clock.pass(Duration::from_secs(60));
    let late = format!("/authorize?{}", encoded(&[("client_id", "rp"), ("request_uri", &late)]));
    assert_eq!(browser.get(&world, &late).await.status, 400);
    for (more, error) in [
        (("redirect_uri", "https://evil.example"), "invalid_request"),
        (("request_uri", "urn:x"), "invalid_request"),
        (("response_type", ""), "invalid_request"),
        (("scope", "profile"), "invalid_scope"),
    ] {
        assert_eq!(push(&[more]).await.json()["error"], error, "{more:?}");
    }
    assert_eq!(world.post("/par", None, &request(&[])).await.status, 401);
}
