//! Signing a document, and checking one.

use signing_contract::{CHUNK_BYTES_MAX, Document, DocumentKind, SessionState};

use crate::world::{ANNA, World};

pub(crate) const REPORT: &str = r#"{"file":"a.pdf","signatures":[{"id":"S1","format":"PAdES-BASELINE-LT",
    "indication":"TOTAL-PASSED","subIndication":null,"qualification":"not determined",
    "authority":"not determined","signedBy":"ANNA PARAUGA","claimedSigningTime":null,
    "bestSignatureTime":"2026-05-12T09:59:58Z","coverage":{"whole":true,"scopes":[]},
    "errors":[],"warnings":[]}],"timestamps":[],"error":null}"#;

impl World {
    /// What the phone and the signing platform made of a session.
    pub(crate) fn ends(&self, state: SessionState) {
        self.neighbours.told().sessions.get_mut("s0").unwrap().1.state = state;
    }

    pub(crate) fn signed(&self) -> SessionState {
        let mut told = self.neighbours.told();
        let (owner, mut signed, bytes): (_, Document, _) = told.documents[0].clone();
        (signed.id, signed.kind) = ("d9".to_owned(), DocumentKind::Signed);
        told.documents.push((owner, signed.clone(), bytes));
        SessionState::Signed { signed }
    }
}

#[tokio::test]
async fn a_document_is_brought_in_chunks_shown_signed_and_handed_out() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let mut file = b"%PDF-1.7 ".to_vec();
    file.resize(2 * CHUNK_BYTES_MAX + 7, b'x');
    let taken = browser.upload("/sign", "document", ("C:\\Nomas līgums.pdf", &file)).await;
    assert_eq!((taken.status, taken.location().as_str()), (303, "/sign/d0"));
    assert_eq!(world.neighbours.told().documents[0].2, file);
    let see = browser.get("/sign/d0").await;
    let frame = format!("http://files.localhost/{}", "ab".repeat(16));
    for words in ["Nomas līgums.pdf", frame.as_str(), "Demonstrācijas paraksts", "Anna Parauga"] {
        assert!(see.says(words), "{words}");
    }
    assert_eq!(browser.post("/sign/d0", "sign=1").await.location(), "/sign/s0/wait");
    let wait = browser.get("/sign/s0/wait").await;
    assert!(wait.says("0471") && wait.says("data-poll=\"/sign/s0/state\""), "{}", wait.body);
    assert!(browser.get("/documents").await.says("gaida Jūs"));
    assert!(browser.get("/sign/s0/state").await.says("\"waiting\""));
    world.ends(SessionState::Completing);
    assert!(browser.get("/sign/s0/state").await.says("\"waiting\""));
    assert!(browser.get("/sign/s0/wait").await.says("Vēl nepieciešami pierādījumi"));
    let signed = world.signed();
    world.ends(signed);
    world.neighbours.told().report = REPORT.to_owned();
    assert!(browser.get("/sign/s0/state").await.says("\"over\""));
    assert_eq!(browser.post("/sign/s0/wait", "check=1").await.location(), "/sign/s0/wait");
    let done = browser.get("/sign/s0/wait").await;
    for words in ["Dokuments ir parakstīts", "/documents/d9/file", "Testa laika atzīme", "12.59.58"]
    {
        assert!(done.says(words), "{words}: {}", done.body);
    }
    assert_eq!(browser.get("/documents/d9/file").await.location(), format!("{frame}?download=1"));
    let documents = browser.get("/documents").await;
    assert!(documents.says("Nomas līgums.pdf") && documents.says("parakstīts"));
    assert!(!documents.says("gaida Jūs"), "what is signed waits no more");
}

#[tokio::test]
async fn what_is_not_signed_says_why_and_offers_to_begin_again() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    browser.upload("/sign", "document", ("a.pdf", b"%PDF-1.7")).await;
    browser.post("/sign/d0", "sign=1").await;
    for (state, words) in [
        (SessionState::Refused, "Tālrunī izvēlēts"),
        (SessionState::Expired, "Laiks ir beidzies"),
        (SessionState::NotSigned { why: "frozen".to_owned() }, "nevar parakstīt"),
    ] {
        world.ends(state.clone());
        let page = browser.get("/sign/s0/wait").await;
        assert!(page.says("nav parakstīts") && page.says(words), "{state:?}");
    }
    assert_eq!(browser.post("/sign/s0/wait", "again=1").await.location(), "/sign/s1/wait");
    assert_eq!(browser.post("/sign/s1/wait", "cancel=1").await.location(), "/documents");
    assert_eq!(browser.post("/sign/d0", "refuse=1").await.location(), "/documents");
}

#[tokio::test]
async fn a_file_that_cannot_be_signed_says_why_at_its_field() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let none = browser.upload("/sign", "document", ("", b"")).await;
    assert!(none.says("Izvēlieties datni") && none.says("Kļūda:"), "{}", none.body);
    let empty = browser.upload("/sign", "document", ("a.pdf", b"")).await;
    assert!(empty.says("Izvēlieties datni"));
    let other = browser.upload("/sign", "document", ("a.pdf", b"PK")).await;
    assert!(other.says("Datne nav PDF"), "{}", other.body);
    let elsewhere = browser.upload("/sign", "other", ("a.pdf", b"%PDF-1.7")).await;
    assert!(elsewhere.says("Izvēlieties datni"));
    assert_eq!(browser.post("/sign", "document=x").await.status, 400);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_and_never_kept_whole() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let mut file = b"%PDF-1.7 ".to_vec();
    file.resize(64 * 1024 * 1024 + 1, b'x');
    let large = browser.upload("/sign", "document", ("a.pdf", &file)).await;
    assert!(large.says("Datne ir par lielu"), "{}", large.status);
    file.resize(66 * 1024 * 1024, b'x');
    let larger = browser.upload("/check", "file", ("a.pdf", &file)).await;
    assert!(larger.says("Datne ir par lielu"), "{}", larger.status);
    let form = format!("user-number={}", "1".repeat(2 * 1024 * 1024));
    assert_eq!(browser.post("/freeze", &form).await.status, 413);
}

#[tokio::test]
async fn anybody_checks_a_file_and_reads_the_verdict_first() {
    let world = World::new();
    let mut browser = world.browser();
    assert!(browser.get("/check").await.says("Pārbaudīt parakstu"));
    world.neighbours.told().report = REPORT.to_owned();
    let good = browser.upload("/check", "file", ("a.pdf", b"%PDF-1.7")).await;
    for words in ["Paraksts ir derīgs, dokuments nav mainīts", "ANNA PARAUGA", "Nav noskaidrots"]
    {
        assert!(good.says(words), "{words}");
    }
    let changed = REPORT
        .replace("TOTAL-PASSED", "TOTAL-FAILED")
        .replace("\"subIndication\":null", "\"subIndication\":\"HASH_FAILURE\"")
        .replace("\"errors\":[]", r#""errors":[{"code":"DIGEST_DIFFERS","text":"words"}]"#);
    world.neighbours.told().report = changed;
    let bad = browser.upload("/check", "file", ("a.pdf", b"%PDF-1.7")).await;
    assert!(bad.says("Dokuments pēc parakstīšanas ir mainīts"), "{}", bad.body);
    assert!(bad.says("HASH_FAILURE") && bad.says("Nepaļaujieties uz šo datni"));
    world.neighbours.told().report = r#"{"signatures":[]}"#.to_owned();
    let none = browser.upload("/check", "file", ("a.pdf", b"%PDF-1.7")).await;
    assert!(none.says("Datnē paraksta nav"));
    for (code, words) in [
        ("encrypted", "PDF ir aizsargāts ar paroli vai pret izmaiņām"),
        ("too-complex", "PDF ir uzbūvēts pārāk sarežģīti"),
        ("damaged-object", "PDF ir bojāts"),
    ] {
        world.neighbours.told().report =
            format!(r#"{{"signatures":[],"error":{{"code":"{code}","text":"words"}}}}"#);
        let refused = browser.upload("/check", "file", ("a.pdf", b"%PDF-1.7")).await;
        assert!(refused.says(words), "{code}: {}", refused.body);
    }
}
