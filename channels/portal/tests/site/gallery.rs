//! The pages as they are sent, written down to be looked at.

use std::path::PathBuf;

use signing_contract::SessionState;

use crate::browser::Browser;
use crate::signing::REPORT;
use crate::world::{ANNA, World};

struct Gallery(PathBuf);

impl Gallery {
    fn new() -> Self {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/site"));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn put(&self, name: &str, page: String) {
        std::fs::write(self.0.join(format!("{name}.html")), page).unwrap();
    }

    async fn lay(&self, browser: &mut Browser, name: &str, path: &str) {
        for language in ["lv", "en"] {
            let page = browser.get(&format!("{path}?lang={language}")).await;
            self.put(&format!("{name}-{language}"), page.body);
        }
    }
}

#[tokio::test]
async fn write_the_pages() {
    let (world, gallery) = (World::new(), Gallery::new());
    world.neighbours.certify();
    gallery.lay(&mut world.browser(), "front", "/").await;
    let mut browser = world.signed_in(ANNA).await;
    browser.upload("/sign", "document", ("Nomas līgums.pdf", b"%PDF-1.7")).await;
    browser.post("/sign/d0", "sign=1").await;
    browser.post("/security/revoke", "revoke=1").await;
    let ending = "/security/phones/07070707070707070707070707070707/end";
    browser.post(ending, "end=1").await;
    for (name, path) in [
        ("home", "/home"),
        ("data", "/data"),
        ("looks", "/data/looks"),
        ("security", "/security"),
        ("end-phone", ending),
        ("end-phone-wait", "/security/phones/wait"),
        ("obtain", "/security/certificate"),
        ("revoke", "/security/revoke"),
        ("revoke-wait", "/security/revoke/wait"),
        ("documents", "/documents"),
        ("sign", "/sign"),
        ("see", "/sign/d0"),
        ("wait", "/sign/s0/wait"),
        ("check", "/check"),
        ("freeze", "/freeze"),
        ("missing", "/nothing"),
    ] {
        gallery.lay(&mut browser, name, path).await;
    }
    world.neighbours.told().report = REPORT.to_owned();
    let verdict = browser.upload("/check", "file", ("a.pdf", b"%PDF-1.7")).await;
    gallery.put("verdict-en", verdict.body);
    let wrong = browser.upload("/sign", "document", ("a.pdf", b"PK")).await;
    gallery.put("wrong-file-en", wrong.body);
    let signed = world.signed();
    world.ends(signed);
    gallery.lay(&mut browser, "done", "/sign/s0/wait").await;
    world.ends(SessionState::NotSigned { why: "frozen".to_owned() });
    gallery.lay(&mut browser, "stopped", "/sign/s0/wait").await;
}
