//! A person's own pages, and those for everybody.

use std::time::Duration;

use crate::world::{ANNA, JANIS, World};

#[tokio::test]
async fn the_front_page_is_for_everybody_in_the_language_that_was_chosen() {
    let world = World::new();
    let mut browser = world.browser();
    let front = browser.get("/").await;
    assert!(front.says("Pieslēgties") && front.says("http://phone.localhost:8090/"));
    assert!(browser.get("/?lang=en").await.says("Sign in"));
    assert!(browser.get("/").await.says("Sign in"), "the choice is kept");
    let sheet = browser.get(&format!("/assets/{}/sakta.css", ui::VERSION)).await;
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(browser.get("/assets/nothing.css").await.status, 404);
}

#[tokio::test]
async fn my_data_show_the_entry_in_words() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let page = browser.get("/data").await;
    for words in [
        "Parauga",
        "Pilsonības un migrācijas lietu pārvalde",
        "pilsoņa statuss",
        "Dzimšanas datums",
    ] {
        assert!(page.says(words), "{words}");
    }
    assert!(!page.says("simulation"));
    assert!(browser.get("/data?lang=en").await.says("Date of birth"));
}

#[tokio::test]
async fn who_looked_is_shown_with_proofs_and_never_called_complete() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let page = browser.get("/data/looks").await;
    for words in ["Paraugpilsētas dome", "Iestādes pakalpojums", "Vārds, adreses", "To darījāt Jūs"]
    {
        assert!(page.says(words), "{words}");
    }
    assert!(page.says("/data/looks/2026-05-12.18202/proof"));
    assert!(page.says("Te ir visi ieraksti, kas veikti līdz šim brīdim"));
    assert!(page.says("/data/looks?until=2026-04-12"), "older entries");
    let proof = browser.get("/data/looks/2026-05-12.18202/proof").await;
    assert!(proof.body.starts_with("c2sp.org/tlog-proof"));
    let file = "attachment; filename=\"2026-05-12.18202.tlog-proof\"";
    assert_eq!(proof.header("content-disposition"), file);
    let older = browser.get("/data/looks?until=2026-04-12").await;
    assert!(older.says("/data/looks?until=2026-05-12"), "newer entries");
    assert_eq!(browser.get("/data/looks?until=nonsense").await.status, 200);
}

#[tokio::test]
async fn a_register_that_does_not_answer_takes_nothing_else_from_the_first_page() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    world.neighbours.told().silent = true;
    let home = browser.get("/home").await;
    assert_eq!(home.status, 200);
    assert!(home.says("Žurnālu tagad nevar nolasīt"), "{}", home.body);
    assert!(browser.get("/data/looks").await.says("Žurnālu tagad nevar nolasīt"));
    let data = browser.get("/data").await;
    assert_eq!((data.status, data.says("Šobrīd ir pārāk daudz darba")), (503, true));
}

#[tokio::test]
async fn evidence_that_is_not_taken_any_more_asks_to_sign_in_again() {
    let world = World::new();
    let browser = world.signed_in(ANNA).await;
    let (id, body) = (
        ANNA.1,
        portal::PortalSession {
            name: "Anna Parauga".to_owned(),
            statement: "withdrawn".to_owned(),
            by_qr: false,
            revoking: None,
            ending: None,
            making: None,
        },
    );
    let cookie = world.portal.sessions.begin(id, &body, None, None).await.unwrap();
    let line = cookie.header().unwrap().to_str().unwrap().to_owned();
    let token = line.split([';', '=']).nth(1).unwrap().to_owned();
    let mut other = world.browser();
    other.put("portal", &token);
    for path in ["/home", "/data", "/data/looks", "/security", "/documents"] {
        let page = other.get(path).await;
        assert_eq!((page.status, page.says("Sesija ir beigusies")), (401, true), "{path}");
    }
    drop(browser);
}

#[tokio::test]
async fn browsers_are_forgotten_and_other_sessions_ended() {
    let world = World::new();
    let mut browser = world.signed_in(ANNA).await;
    let mut second = world.signed_in(ANNA).await;
    let mut stranger = world.signed_in(JANIS).await;
    let page = browser.get("/security").await;
    assert!(page.says("Annas tālrunis") && page.says("Firefox, Linux"), "{}", page.body);
    assert!(page.says("Citur ir atvērta 1 sesija."));
    assert_eq!(browser.post("/security", "forget=b1").await.location(), "/security");
    assert_eq!(world.neighbours.told().forgotten, ["b1"]);
    assert_eq!(browser.post("/security", "end=others").await.location(), "/security");
    assert_eq!(second.get("/home").await.status, 303);
    assert_eq!(stranger.get("/home").await.status, 200);
    assert_eq!(browser.get("/home").await.status, 200);
}

#[tokio::test]
async fn freezing_answers_the_same_whoever_it_was() {
    let world = World::new();
    let mut browser = world.browser();
    let wrong = browser.post("/freeze", "user-number=4170+226&code=1234").await;
    assert!(wrong.says("Kļūda:") && wrong.says("4170 226"), "{}", wrong.body);
    assert!(!wrong.says("\"1234\""), "the code never comes back");
    let one = browser.post("/freeze", "user-number=4170+2265&code=1234+5678+9012").await;
    let two = browser.post("/freeze", "user-number=00000000&code=000000000000").await;
    assert_eq!((one.status, &one.body), (200, &two.body));
    let told = ("41702265".to_owned(), "123456789012".to_owned());
    assert_eq!(world.neighbours.told().frozen.first(), Some(&told));
}

#[tokio::test]
async fn one_place_cannot_keep_freezing_shut_for_the_others() {
    let world = World::new();
    let form = "user-number=41702265&code=123456789012";
    let mut guesser = world.browser().at("192.0.2.7:1");
    for _ in 0..5 {
        assert_eq!(guesser.post("/freeze", form).await.status, 200);
    }
    let late = guesser.post("/freeze", form).await;
    assert_eq!(late.status, 429);
    assert!(late.says("Nekas netika iesaldēts") && late.says("saistītā tālrunī"), "{}", late.body);
    assert_eq!(world.neighbours.told().frozen.len(), 5, "the sixth went no further");
    let mut other = world.browser().at("192.0.2.8:1");
    assert_eq!(other.post("/freeze", form).await.status, 200);
    world.trial.clock.pass(Duration::from_secs(30));
    assert_eq!(guesser.post("/freeze", form).await.status, 200);
}

#[tokio::test]
async fn a_freeze_ends_the_sessions_that_began_before_it() {
    let world = World::new();
    let mut thief = world.signed_in(ANNA).await;
    assert_eq!(thief.get("/data").await.status, 200);
    world.trial.clock.pass(Duration::from_secs(60));
    world.neighbours.told().sessions_since = Some(world.portal.clock.now());
    let ended = thief.get("/data").await;
    assert_eq!(ended.status, 401);
    assert!(ended.says("Sesija ir beigusies"), "{}", ended.body);
    assert_eq!(thief.get("/data").await.status, 303, "nobody is signed in");
    world.trial.clock.pass(Duration::from_secs(60));
    let mut anna = world.signed_in(ANNA).await;
    assert_eq!(anna.get("/data").await.status, 200, "after the end of the freeze");
}
