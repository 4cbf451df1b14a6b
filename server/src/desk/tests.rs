//! The desk with a real `sam` and the real app; the identity platform is a small stand-in.

use std::time::Duration;

use activation_contract::{Outcome, app as web};
use app::{Ask, Cost, Pins, Reply, Server, Stage, Talk, Unreached};
use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt;
use identity_contract::{EndMeans, Frozen, Registered};
use keys::SystemChance;
use links::{Asked, Doors, Party, Place, SystemsOnly};
use sam::{Callers, FolderArchive, Sam, SamParts};
use sam_contract::{Activate, Challenge, Enrol};
use serde::de::DeserializeOwned;
use store::Mark;
use tower::ServiceExt;

use super::*;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::place::Data;
use crate::setup::{self, Options};
use crate::transport::certificates;

mod orders;
mod vouching;

struct World {
    desk: Arc<Desk>,
    identity: Link,
    clock: Arc<dyn Clock>,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn world(name: &str) -> World {
    world_at(name, Arc::new(SystemClock::new()), Duration::ZERO).await
}

/// A world in which a phone that another one vouched for waits.
async fn world_at(name: &str, clock: Arc<dyn Clock>, waiting: Duration) -> World {
    let folder = std::env::temp_dir().join(format!("sakta-desk-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let data = Data::at(&folder).unwrap();
    let chance: Arc<dyn Chance> = Arc::new(SystemChance::new());
    let options = Options::of(Config::default());
    let made = setup::setup(&data, (&clock, &chance), &options).await.unwrap();
    let party = |part: &str| made.parties[part].clone();
    let home = data.home("sam").unwrap();
    let sam = Sam::open(SamParts {
        store: home.store("sam", &clock, &chance, &[sam::SCHEMA]).unwrap(),
        keeper: home.keeper(&party("sam").to_string(), Arc::clone(&chance)).unwrap(),
        archive: Arc::new(FolderArchive::new(home.file("archive"))),
        mark: Mark::open(&home.file("mark")).unwrap(),
        role: "sam/1".to_owned(),
        party: party("sam"),
        callers: Callers {
            web: vec![party("identity")],
            desk: vec![party("desk")],
            pki: vec![party("pki")],
        },
        issuers: certificates(&folder.join("issuing.pem")).unwrap(),
        devices: Vec::new(),
        waiting,
    });
    let place = Place::new();
    place.open(Arc::new(sam.await.unwrap().doors()));
    let other = Place::new();
    other.open(Arc::new(registry(party("identity"), party("desk"), &clock)));
    let home = data.home("desk").unwrap();
    let parts = DeskParts {
        key: crate::setup::officer_key(&home, &party("desk"), &chance).unwrap(),
        sam: place.link(party("desk"), Arc::clone(&clock)),
        root: made.sam,
        identity: other.link(party("desk"), Arc::clone(&clock)),
        role: "sam/1".to_owned(),
        server: "http://id.localhost:8080".to_owned(),
        people: vec![Visitor {
            alias: "anna".to_owned(),
            person: anna(),
            name: "Anna Parauga".to_owned(),
        }],
        register: None,
        clock: Arc::clone(&clock),
        chance,
    };
    let identity = place.link(party("identity"), Arc::clone(&clock));
    World { desk: Desk::new(parts), identity, clock, folder }
}

/// Stands in for the identity platform: everybody gets the same user number.
fn registry(callee: Party, desk: Party, clock: &Arc<dyn Clock>) -> Doors {
    Doors::new(callee, Arc::clone(clock), Arc::new(SystemsOnly(vec![desk])))
        .taking(identity_contract::TABLE)
        .answer(|_: Asked, _: RegisterMeans| {
            std::future::ready(Ok(Registered { user_number: "12345678".to_owned() }))
        })
        .answer(|_: Asked, _: EndMeans| std::future::ready(Ok(())))
        .answer(|_: Asked, _: Frozen| std::future::ready(Ok(())))
}

fn anna() -> PersonId {
    base::Id::from_bytes([0xa; 16])
}

/// Carries what the app posts to `sam`, as the identity platform does.
impl Server for World {
    async fn ask(&self, ask: Ask) -> Result<Reply, Unreached> {
        let body = ask.body.unwrap_or_default();
        match ask.path.as_str() {
            web::SAM_KEYS => {
                let keys = self.carried(KeysOf {}).await?.keys;
                reply(&web::KeysOfSam { keys })
            }
            web::ENROL => {
                let web::Enrol { sealed } = read(&body)?;
                let answer = self.carried(Enrol { sealed }).await?.answer;
                reply(&web::Answered { answer, return_to: None })
            }
            web::CHALLENGE => {
                let web::Spoken { word } = read(&body)?;
                let word = Jws::parse(&word, Accept::only(typ::WORD, &[jws::Algorithm::Es256]));
                let word: activation_contract::Word = word.unwrap().unverified_claims().unwrap();
                let activation_contract::WordKind::Challenge { op } = word.says else {
                    return Err(Unreached);
                };
                let asked = Challenge { device: word.device, op };
                let challenge = self.carried(asked).await?.challenge;
                reply(&web::Challenged { challenge })
            }
            web::ACTIVATE => {
                let web::Activate { sealed, .. } = read(&body)?;
                let answer = self.carried(Activate { sealed }).await?.answer;
                reply(&web::Answered { answer, return_to: None })
            }
            _ => Err(Unreached),
        }
    }
}

impl World {
    async fn carried<O>(&self, operation: O) -> Result<O::Answer, Unreached>
    where
        O: Operation<Refusal = SamRefusal>,
    {
        let call = Call::new(operation, job(), "activation");
        self.identity.call(call).await.map_err(|_| Unreached)
    }

    async fn asked(&self, lock: &Lock, request: Request<Body>) -> (u16, String) {
        let router = at("desk.localhost:4000", Arc::clone(&self.desk), lock.clone());
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    fn lock(&self) -> (Lock, String) {
        let (file, chance) = (self.folder.join("address"), SystemChance::new());
        let lock = Lock::make(&file, "http://desk.localhost:4000", &chance).unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        let key = text.trim().rsplit_once("key=").unwrap().1.to_owned();
        (lock, key)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreached> {
    serde_json::from_slice(body).map_err(|_| Unreached)
}

fn reply<T: Serialize>(value: &T) -> Result<Reply, Unreached> {
    Ok(Reply { status: 200, body: serde_json::to_vec(value).unwrap() })
}

fn talk<'a>(world: &'a World, chance: &'a SystemChance) -> Talk<'a, World> {
    Talk { server: world, clock: world.clock.as_ref(), chance, cost: Cost::NOW }
}

fn pins() -> Pins {
    Pins::new("4170", "528137").unwrap()
}

#[tokio::test]
async fn the_app_is_bound_by_the_desk_and_freezes_with_its_device_key() {
    let world = world("bind").await;
    let chance = SystemChance::new();
    let sheet = world.desk.offer(anna()).await.unwrap();
    assert_eq!(sheet.freeze_code.len(), 12);
    assert_eq!(world.desk.arrived(&sheet.offer).await.unwrap(), None);
    let talk = talk(&world, &chance);
    let invitation = Invitation::parse(&sheet.invitation).unwrap();
    let enrolling = talk.meet(&invitation, &pins(), "Anna's phone").await.unwrap();
    let mut phone = talk.enrol(&enrolling).await.unwrap();
    assert_eq!(phone.stage(), Stage::Answered);
    let wrong = world.desk.bind(&sheet.offer, "00000000").await;
    assert!(matches!(wrong, Err(DeskError::Digits)));
    for _ in 0..2 {
        let number = world.desk.bind(&sheet.offer, &phone.digits()).await.unwrap();
        assert_eq!(number, "12345678");
    }
    phone = talk.enrol(&enrolling).await.unwrap();
    assert_eq!((phone.stage(), phone.person()), (Stage::Bound, Some(anna())));
    let frozen = talk.freeze(&mut phone, base::Locale::En).await.unwrap();
    assert!(matches!(frozen.outcome, Outcome::Done { .. }), "{frozen:?}");
}

#[tokio::test]
async fn the_pages_open_with_the_key_of_the_run_only_and_on_their_host_only() {
    let world = world("pages").await;
    let (lock, key) = world.lock();
    let get = |path: &str, host: &str, key: &str| {
        Request::get(path)
            .header(header::HOST, host)
            .header(header::COOKIE, format!("desk={key}"))
            .body(Body::empty())
            .unwrap()
    };
    let own = "desk.localhost:4000";
    assert_eq!(world.asked(&lock, get("/", "localhost:4000", &key)).await.0, 421);
    assert_eq!(world.asked(&lock, get("/", "portal.localhost:8080", &key)).await.0, 421);
    let (status, page) = world.asked(&lock, get("/", own, "guess")).await;
    assert!(status == 403 && !page.contains("Anna"), "{page}");
    assert_eq!(world.asked(&lock, get("/open?key=guess", own, "")).await.0, 404);
    assert_eq!(world.asked(&lock, get(&format!("/open?key={key}"), own, "")).await.0, 303);
    let (status, page) = world.asked(&lock, get("/", own, &key)).await;
    assert!(status == 200 && page.contains("Anna Parauga"), "{page}");
    let form = |path: &str, body: &str| {
        Request::post(path)
            .header(header::HOST, own)
            .header(header::COOKIE, format!("desk={key}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    // As the button of the page sends it.
    let enrol = form("/offers", &format!("person={}&enrol=1", anna()));
    assert_eq!(world.asked(&lock, enrol).await.0, 303);
    let sheet = world.desk.offer(anna()).await.unwrap();
    let path = format!("/offers/{}", sheet.offer);
    let early = world.asked(&lock, form(&path, "digits=12345678&bind=1")).await;
    assert_eq!(early.0, 409);
    assert_eq!(world.asked(&lock, get(&path, own, "guess")).await.0, 404);
    let (status, page) = world.asked(&lock, get(&path, own, &key)).await;
    assert!(status == 200 && page.contains(&sheet.invitation), "{page}");
    assert!(!page.contains(&sheet.freeze_code), "only the sheet of a bound phone shows it");
    assert_eq!(ui::blemishes(&page), Vec::<String>::new());
}

#[tokio::test]
async fn programs_offer_compare_and_bind_with_the_key() {
    let world = world("api").await;
    let (lock, key) = world.lock();
    let post = |path: &str, body: &str, key: &str| {
        Request::post(path)
            .header(header::HOST, "desk.localhost:4000")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    let named = r#"{"person":"anna"}"#;
    assert_eq!(world.asked(&lock, post("/api/offers", named, "guess")).await.0, 404);
    let nobody = r#"{"person":"nobody"}"#;
    assert_eq!(world.asked(&lock, post("/api/offers", nobody, &key)).await.0, 404);
    let (status, sheet) = world.asked(&lock, post("/api/offers", named, &key)).await;
    assert_eq!(status, 200, "{sheet}");
    let sheet: serde_json::Value = serde_json::from_str(&sheet).unwrap();
    let path = format!("/api/offers/{}/bind", sheet["offer"].as_str().unwrap());
    let early = world.asked(&lock, post(&path, r#"{"digits":"12345678"}"#, &key)).await;
    assert_eq!(early.0, 409, "{early:?}");
    let invitation = Invitation::parse(sheet["invitation"].as_str().unwrap()).unwrap();
    let chance = SystemChance::new();
    let talk = talk(&world, &chance);
    let enrolling = talk.meet(&invitation, &pins(), "phone").await.unwrap();
    let phone = talk.enrol(&enrolling).await.unwrap();
    let digits = format!(r#"{{"digits":"{}"}}"#, phone.digits());
    let (status, bound) = world.asked(&lock, post(&path, &digits, &key)).await;
    assert_eq!((status, bound.as_str()), (200, r#"{"user_number":"12345678"}"#));
}
