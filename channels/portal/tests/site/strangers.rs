//! Every route as nobody and as somebody else: the table of who may come is walked.

use http::Method;
use portal::Portal;
use signing_contract::{Document, DocumentKind};
use web::Access;

use crate::browser::{Answer, Browser};
use crate::world::{ANNA, JANIS, World};

async fn asked(browser: &mut Browser, method: &Method, path: &str) -> Answer {
    match *method {
        Method::POST => browser.post(path, "sign=1").await,
        _ => browser.get(path).await,
    }
}

#[tokio::test]
async fn nobody_is_sent_to_sign_in_from_every_page_of_a_person() {
    let world = World::new();
    let routes = Portal::routes();
    let own: Vec<_> =
        routes.table().iter().filter(|route| route.access == Access::Person).collect();
    assert!(own.len() >= 15);
    for route in own {
        let path = route.path.replace("{id}", "d0");
        let sent = asked(&mut world.browser(), &route.method, &path).await;
        assert_eq!(sent.status, 303, "{} {path}", route.method);
        assert!(sent.location().starts_with("/sign-in?to=%2F"), "{path}");
    }
}

#[tokio::test]
async fn what_is_another_persons_is_not_there() {
    let world = World::new();
    let mut anna = world.signed_in(ANNA).await;
    let taken = anna.upload("/sign", "document", ("a.pdf", b"%PDF-1.7")).await;
    assert_eq!(taken.location(), "/sign/d0");
    let waits = anna.post("/sign/d0", "sign=1").await;
    assert_eq!(waits.location(), "/sign/s0/wait");
    let mut janis = world.signed_in(JANIS).await;
    for (method, path) in [
        (Method::GET, "/sign/d0"),
        (Method::POST, "/sign/d0"),
        (Method::GET, "/sign/s0/wait"),
        (Method::GET, "/sign/s0/state"),
        (Method::GET, "/documents/d0/file"),
        (Method::GET, "/data/looks/2026-05-12.18202/proof"),
    ] {
        let theirs = asked(&mut anna, &method, path).await;
        assert!(theirs.status < 400, "{method} {path}: {}", theirs.status);
        let missing = asked(&mut janis, &method, path).await;
        assert_eq!(missing.status, 404, "{method} {path}");
        assert!(missing.says("Šādas lapas nav"), "{path}");
    }
    let again = janis.post("/sign/s0/wait", "again=1").await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn no_page_with_a_session_is_kept_and_none_names_anybody_in_its_address() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    for route in Portal::routes().table() {
        let pages = matches!(route.access, Access::Person | Access::Anybody);
        if route.method != Method::GET || !pages || route.path.contains('{') {
            continue;
        }
        let page = browser.get(route.path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{}", route.path);
        let title = page.body.split("<title>").nth(1).unwrap_or_default();
        let title = title.split("</title>").next().unwrap_or_default();
        assert!(!title.contains("Parauga"), "{title}");
        for address in page.body.split("href=\"").skip(1) {
            assert!(!address.split('"').next().unwrap().contains("Parauga"), "{}", route.path);
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    for path in ["/sign-out", "/not-me", "/security", "/sign/d0", "/freeze"] {
        let refused = browser.post_from(path, "end=others", "cross-site").await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.says("Šī lapa bija novecojusi"), "{path}");
    }
    assert_eq!(browser.get("/home").await.status, 200);
}

#[tokio::test]
async fn programs_get_problem_documents_and_browsers_pages() {
    let world = World::new();
    let problem = world.browser().program().get("/nothing").await;
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let page = world.browser().get("/nothing").await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-src 'self' http://files.localhost"), "{policy}");
    assert!(policy.contains("form-action 'self' http://id.localhost"), "{policy}");
}

#[tokio::test]
async fn a_document_to_check_is_nobodys() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    world.neighbours.told().report = r#"{"signatures":[]}"#.to_owned();
    browser.upload("/check", "file", ("a.pdf", b"%PDF-1.7")).await;
    let owner = world.neighbours.told().documents.first().map(|one| one.0);
    assert_eq!(owner, Some(None));
    let kind = |one: &Document| one.kind;
    let kinds: Vec<_> = world.neighbours.told().documents.iter().map(|one| kind(&one.1)).collect();
    assert_eq!(kinds, [DocumentKind::ToCheck]);
    assert!(!browser.get("/documents").await.says("a.pdf"));
}
