//! The phone's pages through their router, and its folder, without a server to talk to.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use base::{Chance, hex};
use http::{Request, StatusCode, header};
use tower::ServiceExt;

use super::folder::{Folder, FolderError};
use super::handset::Phones;
use super::pages;
use crate::World;
use crate::clock::SystemClock;
use crate::outside::Outside;

const AUTHORITY: &str = "phone.localhost:4000";

struct Home {
    path: PathBuf,
    world: World,
    router: Router,
}

impl Home {
    fn new() -> Self {
        let chance: Arc<dyn Chance> = Arc::new(keys::SystemChance::new());
        let name = format!("sakta-phones-{}", hex(&chance.bytes::<8>()));
        let path = std::env::temp_dir().join(name);
        let world = World { clock: Arc::new(SystemClock::new()), chance };
        let phones = Phones::open(&path, world.clone(), Outside::new().unwrap()).unwrap();
        let router = pages::at(AUTHORITY, Arc::new(phones));
        Self { path, world, router }
    }

    async fn asked(&self, request: http::request::Builder, body: &str) -> Answer {
        let form = "application/x-www-form-urlencoded";
        let request = request.header(header::CONTENT_TYPE, form);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let head = |name| {
            let values = answer.headers().get_all(name).iter();
            values.map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (status, cookies) = (answer.status(), head(header::SET_COOKIE));
        let location = head(header::LOCATION).pop().unwrap_or_default();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        Answer { status, cookies, location, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.asked(to("GET", path).header(header::COOKIE, cookie), "").await
    }

    async fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        self.asked(to("POST", path).header(header::COOKIE, cookie), body).await
    }

    /// A new phone: its name in addresses and the cookie that opens it.
    async fn added(&self) -> (String, String) {
        let added = self.post("/", "", "add=1").await;
        assert_eq!(added.status, StatusCode::SEE_OTHER);
        let id = added.location.split('/').nth(1).unwrap().to_owned();
        let cookie = added.cookies.iter().find(|line| line.starts_with("phone-")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite"), "{cookie}");
        (id, cookie.split(';').next().unwrap().to_owned())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

struct Answer {
    status: StatusCode,
    cookies: Vec<String>,
    location: String,
    text: String,
}

fn to(method: &str, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, AUTHORITY)
}

#[tokio::test]
async fn any_other_host_is_misdirected() {
    let home = Home::new();
    for host in ["127.0.0.1:4000", "localhost:4000", "phone.localhost", "desk.localhost:4000"] {
        let request = Request::builder().uri("/").header(header::HOST, host);
        let answer = home.asked(request, "").await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    assert_eq!(home.get("/", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_phone_shows_and_does_nothing_for_a_browser_that_has_not_unlocked_it() {
    let home = Home::new();
    let ((id, cookie), (_, other)) = (home.added().await, home.added().await);
    assert!(home.get(&format!("/{id}/help"), &cookie).await.text.contains("freeze"));
    let others = ["/new", "/pins", "/pins/desk", "/keys", "/vouch"];
    let shown = ["", "/state", "/enrol", "/requests/r1", "/settings", "/help", "/freeze"];
    for path in shown.into_iter().chain(others) {
        for cookie in ["", other.as_str(), &format!("phone-{id}=AAAA")] {
            let path = format!("/{id}{path}");
            let answer = home.get(&path, cookie).await;
            assert!(answer.text.contains(r#"name="unlock""#), "{path}");
        }
    }
    let sent = ["", "/enrol", "/requests/r1", "/requests/r1/report", "/settings", "/freeze"];
    for path in sent.into_iter().chain(others) {
        let answer = home.post(&format!("/{id}{path}"), &other, "freeze=1&pin=2580").await;
        assert!(answer.text.contains(r#"name="unlock""#), "{path}");
    }
    for path in ["/none", "/..%2fx", "/UPPER", "/none/freeze"] {
        assert_eq!(home.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn unlocking_stays_within_the_phone() {
    let home = Home::new();
    let (id, _) = home.added().await;
    let own = format!("/{id}");
    for (then, goes) in [
        (format!("/{id}/settings"), format!("/{id}/settings")),
        (format!("/{id}?code=BCDF2345"), format!("/{id}?code=BCDF2345")),
        ("//evil.example".to_owned(), own.clone()),
        (format!("/{id}.evil.example"), own.clone()),
        (String::new(), own.clone()),
    ] {
        let body = format!("unlock=1&then={}", then.replace('?', "%3F").replace('=', "%3D"));
        let answer = home.post(&format!("/{id}/unlock"), "", &body).await;
        assert_eq!((answer.status, &answer.location), (StatusCode::SEE_OTHER, &goes), "{then}");
        let opens = answer.cookies.iter().find(|line| line.starts_with("phone-")).unwrap();
        let cookie = opens.split(';').next().unwrap();
        let page = home.get(&format!("/{id}/help"), cookie).await.text;
        assert!(!page.contains(r#"name="unlock""#));
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let home = Home::new();
    let (id, cookie) = home.added().await;
    for path in ["/".to_owned(), format!("/{id}/unlock"), format!("/{id}/freeze")] {
        let request = to("POST", &path).header(header::COOKIE, &cookie);
        let request = request
            .header(header::ORIGIN, "http://evil.localhost:8080")
            .header("sec-fetch-site", "cross-site");
        assert_eq!(home.asked(request, "freeze=1").await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn an_enrolment_says_everything_that_is_wrong_and_keeps_no_pin() {
    let home = Home::new();
    let (id, cookie) = home.added().await;
    let path = format!("/{id}/enrol");
    for (body, fields) in [
        ("", vec!["offer", "pin1"]),
        (
            "offer=sakta-enrol:x&pin1=1234&pin1-again=1235&pin2=1&pin2-again=1",
            vec!["offer", "pin1", "pin1-again"],
        ),
        ("offer=x&pin1=9351&pin1-again=9351&pin2=935174&pin2-again=9", vec!["pin2", "pin2-again"]),
    ] {
        let page = home.post(&path, &cookie, &format!("enrol=1&{body}")).await;
        assert_eq!(page.status, StatusCode::OK);
        for field in fields {
            assert!(page.text.contains(&format!("href=\"#{field}\"")), "{body}: {field}");
        }
        assert!(!page.text.contains("935174") && !page.text.contains("1235"), "{body}");
    }
}

#[tokio::test]
async fn a_new_phone_offers_the_other_way_only_where_its_app_knows_the_service() {
    let home = Home::new();
    let (id, cookie) = home.added().await;
    let (enrol, new) = (format!("/{id}/enrol"), format!("/{id}/new"));
    let link = format!("href=\"{new}\"");
    assert!(!home.get(&enrol, &cookie).await.text.contains(&link));
    assert_eq!(home.get(&new, &cookie).await.status, StatusCode::NOT_FOUND);
    let service = format!(r#"{{"server":"http://id.localhost:1","sam":"{}"}}"#, "07".repeat(32));
    std::fs::write(home.path.join("service.json"), service).unwrap();
    assert!(home.get(&enrol, &cookie).await.text.contains(&link));
    let wrong = "go-on=1&pin1=1234&pin1-again=1235&pin2=935174&pin2-again=935174";
    let page = home.post(&new, &cookie, wrong).await;
    for field in ["pin1", "pin1-again"] {
        assert!(page.text.contains(&format!("href=\"#{field}\"")), "{field}");
    }
    assert!(!page.text.contains("935174"));
    let right = "go-on=1&pin1=9351&pin1-again=9351&pin2=417026&pin2-again=417026";
    let unreached = home.post(&new, &cookie, right).await;
    assert_eq!(unreached.status, StatusCode::OK);
    assert!(!home.path.join(&id).join("keys.json").exists(), "nothing is kept of what failed");
    for path in ["/pins", "/pins/desk", "/keys", "/vouch"] {
        let led = home.get(&format!("/{id}{path}"), &cookie).await;
        assert_eq!(led.location, format!("/{id}"), "{path}: there is no phone yet");
    }
    let vouch = home.post(&format!("/{id}/vouch"), &cookie, "keys=x&approve=1&pin=417026").await;
    assert_eq!(vouch.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_an_address_brings_along_reaches_the_phone_that_is_chosen() {
    let home = Home::new();
    let (id, cookie) = home.added().await;
    let offer = "sakta-enrol:eyJ9";
    let list = home.get("/enrol?offer=sakta-enrol%3AeyJ9", "").await.text;
    let link = format!("/{id}?offer=sakta%2Denrol%3AeyJ9");
    assert!(list.contains(&link), "{list}");
    let goes = home.get(&link, &cookie).await.location;
    assert!(home.get(&goes, &cookie).await.text.contains(offer));
    assert_eq!(home.get("/a/bcdf2345", "").await.location, "/?code=BCDF2345");
    assert_eq!(home.get("/a/nothing", "").await.status, StatusCode::NOT_FOUND);
    assert!(home.get("/?code=BCDF2345", "").await.text.contains("?code=BCDF2345"));
}

#[tokio::test]
async fn a_damaged_phone_is_told_and_not_used() {
    let home = Home::new();
    let (id, cookie) = home.added().await;
    std::fs::write(home.path.join(&id).join("phone.json"), b"{\"v\":1").unwrap();
    std::fs::write(home.path.join(&id).join("lock"), [7; 32]).unwrap();
    let answer = home.get(&format!("/{id}"), &cookie).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(home.get("/", "").await.status, StatusCode::OK, "the others are still listed");
}

#[tokio::test]
async fn a_phone_is_used_by_one_at_a_time() {
    let home = Home::new();
    let (folder, clock) = (Folder::made(&home.path.join("a")).unwrap(), &home.world.clock);
    assert!(matches!(folder.phone(), Ok(None)));
    let held = folder.hold(clock.as_ref()).await.unwrap();
    let waits = folder.clone();
    let other = clock.clone();
    let next = tokio::spawn(async move { waits.hold(other.as_ref()).await.map(|_| ()) });
    drop(held);
    assert!(next.await.unwrap().is_ok());
    std::fs::write(home.path.join("a").join("phone.json"), b"{}").unwrap();
    assert!(matches!(folder.phone(), Err(FolderError::Lock)));
}
