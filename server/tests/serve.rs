#![cfg(test)]
//! An installation as `docs/operations.md` tells an operator to make it: set up, its processes
//! started as services, asked over HTTP and mutual TLS, ended by SIGTERM. On SQLite, and on
//! PostgreSQL where `cargo xtask pg` says one is.

#[path = "serve/asked.rs"]
mod asked;
#[path = "serve/counter.rs"]
mod counter;
#[path = "serve/databases.rs"]
mod databases;
#[path = "serve/house.rs"]
mod house;
#[path = "serve/load.rs"]
mod load;

use asked::{Caller, call};
use databases::Databases;
use house::{House, Said};

/// The processes beside the web process, each needing only those before it.
const ROLES: [&str; 5] = ["ca-signer", "sam", "ocsp", "tsu", "desk"];

#[tokio::test]
async fn an_installation_is_made_runs_and_ends_on_sqlite() {
    walk(&mut House::new("sqlite")).await;
}

#[tokio::test]
async fn an_installation_is_made_runs_and_ends_on_postgresql() {
    let Some(databases) = Databases::new().await else { return };
    let mut house = databases.keeping(House::new("postgresql"));
    walk(&mut house).await;
    databases.keep_all(&house).await;
    databases.refused(&house);
    databases.drop().await;
}

async fn walk(house: &mut House) {
    before_the_setup(house);
    set_up(house);
    for role in ROLES {
        house.start(&["role", role]).await;
    }
    house.start(&["serve"]).await;
    healthy(house).await;
    pages(house).await;
    published(house).await;
    calls(house).await;
    counter::somebody_comes(house).await;
    load::sixteen(house, &find("7")).await;
    let doctor = house.run(&["doctor"]);
    assert!(doctor.done && !doctor.out.contains("nobody answers"), "{doctor:?}");
    // What is kept is found again.
    house.end("serve").await;
    house.start(&["serve"]).await;
    healthy(house).await;
    house.end("serve").await;
    for role in ROLES {
        house.end(role).await;
    }
}

/// A command that cannot do its work says why and fails.
fn before_the_setup(house: &House) {
    let failed = |words: &[&str], says: &str| {
        let Said { done, out, err } = house.run(words);
        assert!(!done && format!("{out}{err}").contains(says), "{words:?}: {out}{err}");
    };
    failed(&["serve"], "is not set up: run `sakta setup` first");
    failed(&["role", "sam"], "is not set up: run `sakta setup` first");
    failed(&["doctor"], "is not set up");
    assert!(!house.file("sakta-data").exists(), "nothing is made by asking");
    let usual = house.configuration();
    house.configure(&format!("listen_tsl = 1\n{usual}"));
    let nearest = "sakta.toml:1: unknown key `listen_tsl`; the nearest is `listen_tls`";
    for words in [&["serve"][..], &["role", "sam"], &["setup"], &["doctor"]] {
        failed(words, nearest);
    }
    house.configure(&usual);
}

fn set_up(house: &House) {
    let made = house.run(&["setup"]);
    assert!(made.done, "{made:?}");
    let again = house.run(&["setup"]);
    assert!(!again.done && again.err.contains("is set up already"), "{again:?}");
    let doctor = house.run(&["doctor"]);
    assert!(doctor.done, "{doctor:?}");
    assert!(doctor.out.contains("`sakta role sam` does not run there"), "{doctor:?}");
}

async fn healthy(house: &House) {
    for path in ["/healthz", "/readyz"] {
        assert_eq!(house.web().get("", path).await.status, 200, "{path}");
    }
    let figures = house.web().get("", "/metrics").await;
    for part in ["pmlp/persons", "lvrtc/pki", "lvrtc/identity", "lvrtc/signing"] {
        let figure = format!("sakta_store_calls_total{{part=\"{part}\"");
        assert!(figures.text().contains(&figure), "{part}: {}", figures.text());
    }
}

async fn pages(house: &House) {
    let front = house.web().get("", "/").await;
    assert_eq!(front.to(), format!("http://portal.{}/", house.base()));
    let portal = house.web().get("portal.", "/").await;
    assert!(portal.status == 200 && portal.text().contains("/sign-in"), "{}", portal.text());
    // The portal is a client that the identity platform knows: a login begins.
    let sign_in = house.web().get("portal.", "/sign-in").await;
    let issuer = format!("http://id.{}", house.base());
    let authorize = sign_in.to().strip_prefix(&issuer).expect("it leads to the issuer").to_owned();
    let begun = house.web().get("id.", &authorize).await;
    assert!(begun.to().starts_with("/login/"), "{begun:?}");
    let other =
        house.web().get("id.", &authorize.replace("client_id=portal", "client_id=nobody")).await;
    assert_eq!((other.status, other.to()), (400, ""), "{}", other.text());
    let discovery = house.web().get("id.", "/.well-known/openid-configuration").await;
    assert_eq!(discovery.json()["issuer"], issuer);
    assert_eq!(house.web().get("nowhere.", "/").await.status, 421);
}

/// What certificates name is answered where they say.
async fn published(house: &House) {
    for path in ["/pki/root.crt", "/pki/issuing.crt", "/pki/root.crl", "/pki/issuing.crl"] {
        assert_eq!(house.web().get("", path).await.status, 200, "{path}");
    }
    for (path, kind, answer) in [
        ("/pki/ocsp", "application/ocsp-request", "application/ocsp-response"),
        ("/pki/tsa", "application/timestamp-query", "application/timestamp-reply"),
    ] {
        let answered = house.web().post("", path, (kind, "no request")).await;
        assert_eq!((answered.status, answered.kind()), (200, answer), "{path}");
    }
}

async fn calls(house: &House) {
    let (known, stranger) = (Caller::bank(house), Caller::stranger(house));
    let door = house.door("persons");
    let refused = call(&door, &stranger, "persons/find", &find("7")).await;
    assert!(refused.is_err(), "{refused:?}");
    let permitted = call(&door, &known, "persons/find", &find("7")).await.unwrap();
    assert!(permitted.contains("\"refusal\":\"not-found\""), "{permitted}");
    let other = call(&door, &known, "persons/find", &find("8")).await.unwrap();
    assert!(other.contains("\"refusal\":\"not-permitted\""), "{other}");
}

/// A look at somebody whom nobody entered, under a permission of this number.
fn find(permission: &str) -> String {
    format!(
        r#"{{"operation": {{"code": "PNOLV-329900-00145", "groups": ["names"]}},
            "on_behalf": {{"kind": "permission", "number": "{permission}"}},
            "purpose": "customer-identification"}}"#
    )
}
