//! The platform on a store of its own, with a register and a `sam` that stand in for the real
//! ones behind the real contracts; browsers and phones that speak to it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use activation_contract::{Device, SamKeys};
use audit::handle::{self, Epoch, Grant, HandleKey, Handles, HandlesFailed, Realm};
use audit::soft::{SoftHandles, SoftWrap};
use axum::Router;
use base::{Bytes, Clock, Id, PersonId};
use http_body_util::BodyExt;
use identity::{Callers, Identity, Parts};
use jose::jws;
use keys::{Algorithm, Purpose, Signer};
use links::{Call, Link, OnBehalf, Party, Place};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::trial::Trial;
use tower::ServiceExt;
use trial::{CountedChance, FixedClock};

pub(crate) use crate::browser::{Browser, characters, number_of};
use crate::clients::clients;
pub(crate) use crate::clients::keyed_token;
pub(crate) use crate::handset::{Phone, claims_of, post_json, request_of};
use crate::register::persons_link;
use crate::sam::sam_link;
pub(crate) use crate::sam::{Sam, Twist};

pub(crate) const ISSUER: &str = "http://id.localhost:8080";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:4711/callback";

/// The key of anybody in the tests.
#[derive(Debug)]
pub(crate) enum Anyone {}

impl Purpose for Anyone {
    const NAME: &'static str = "test.anyone";
}

pub(crate) struct World {
    pub(crate) identity: Arc<Identity>,
    pub(crate) router: Router,
    pub(crate) clock: FixedClock,
    pub(crate) sam: Arc<Sam>,
    pub(crate) looks: Arc<Mutex<Vec<(String, String)>>>,
    pub(crate) place: Place,
    pub(crate) trial: Option<Trial>,
    /// Whether no handle is to be had.
    pub(crate) failing: Arc<AtomicBool>,
}

pub(crate) fn party(name: &str) -> Party {
    name.parse().unwrap()
}

fn schemas() -> [store::Schema; 3] {
    [identity::SCHEMA, audit::SCHEMA, web::SESSION_SCHEMA]
}

/// One RSA key for all tests: it takes its time.
fn handles() -> Arc<SoftHandles> {
    static HANDLES: std::sync::OnceLock<Arc<SoftHandles>> = std::sync::OnceLock::new();
    Arc::clone(HANDLES.get_or_init(|| Arc::new(SoftHandles::new(2026))))
}

/// Handles that a test can withhold.
struct Failing {
    handles: Arc<SoftHandles>,
    failing: Arc<AtomicBool>,
}

impl Handles for Failing {
    fn key(&self, epoch: Epoch) -> handle::Answer<'_, Result<HandleKey, HandlesFailed>> {
        self.handles.key(epoch)
    }

    fn grant(
        &self,
        person: PersonId,
        realm: &Realm,
    ) -> handle::Answer<'_, Result<Grant, HandlesFailed>> {
        if self.failing.load(Ordering::SeqCst) {
            let failed = HandlesFailed("withheld".to_owned());
            return Box::pin(std::future::ready(Err(failed)));
        }
        self.handles.grant(person, realm)
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Trial::on_sqlite(&schemas()).unwrap(), None).await
    }

    /// On the runner's PostgreSQL; nothing where there is none, which is said.
    pub(crate) async fn on_postgres() -> Option<Self> {
        match Trial::on_postgres(&schemas()).unwrap() {
            Some(trial) => Some(Self::on(trial, None).await),
            None => {
                eprintln!("SKIPPED on PostgreSQL: {} is not set", store::trial::SERVER);
                None
            }
        }
    }

    /// The same store in a new process.
    pub(crate) async fn restarted(mut self) -> Self {
        let (trial, sam) = (self.trial.take().unwrap(), Arc::clone(&self.sam));
        drop(self);
        Self::on(trial.reopened(&schemas()).unwrap(), Some(sam)).await
    }

    async fn on(trial: Trial, sam: Option<Arc<Sam>>) -> Self {
        let clock = trial.clock.clone();
        let dynamic: Arc<dyn Clock> = Arc::new(clock.clone());
        let sam = sam.unwrap_or_else(|| {
            Arc::new(Sam {
                key: keys::trial::signer(Algorithm::P256),
                clock: clock.clone(),
                twist: Mutex::default(),
                outcomes: Mutex::default(),
                freezes: Mutex::default(),
                freeze_code: Mutex::default(),
            })
        });
        let looks = Arc::new(Mutex::new(Vec::new()));
        let own = party("lvrtc/identity");
        let failing = Arc::new(AtomicBool::new(false));
        let handles = Arc::new(Failing { handles: handles(), failing: Arc::clone(&failing) });
        let log = audit::Log::open(audit::Parts {
            owner: "lvrtc".parse().unwrap(),
            part: "identity".to_owned(),
            store: trial.store.clone(),
            wrap: Arc::new(SoftWrap),
            handles,
            day: country::date,
        });
        let spki = Bytes(sam.key.public_key().spki().to_vec());
        let statements = BTreeMap::from([
            (party("lvrtc/portal"), vec!["portal".to_owned()]),
            (party("lvrtc/signing"), vec!["portal".to_owned(), "cli".to_owned()]),
        ]);
        let parts = Parts {
            party: own.clone(),
            store: trial.store.clone(),
            log: log.await.unwrap(),
            keeper: keys::trial::keeper("identity"),
            sam: sam_link(&sam, &own, &dynamic),
            sam_keys: SamKeys {
                root: spki.clone(),
                encryption: spki.clone(),
                answers: spki,
                until: clock.now().plus(std::time::Duration::from_hours(24 * 365)),
            },
            persons: persons_link(&looks, &own, &dynamic),
            issuer: ISSUER.to_owned(),
            secure: false,
            callers: Callers {
                statements,
                portals: vec![party("lvrtc/portal"), party("lvrtc/signing")],
                desks: vec![party("lvrtc/desk"), party("lvrtc/sam")],
                tellers: vec![party("lvrtc/pki")],
            },
        };
        let identity = Identity::new(parts).await.unwrap();
        for client in clients() {
            identity.register_client(&client).await.unwrap();
        }
        let frontage = web::Frontage { same_site_forms: false, ..web::Frontage::default() };
        let router = frontage.before(Identity::routes().with_state(Arc::clone(&identity)));
        let place = Place::new();
        place.open(Arc::new(identity.doors()));
        Self { identity, router, clock, sam, looks, place, trial: Some(trial), failing }
    }

    pub(crate) fn link(&self, from: &str) -> Link {
        self.place.link(party(from), Arc::new(self.clock.clone()))
    }

    pub(crate) async fn as_system<O: links::Operation>(
        &self,
        from: &str,
        operation: O,
    ) -> Result<O::Answer, links::CallFault<O::Refusal>> {
        let behalf = OnBehalf::System { job: "test".to_owned() };
        self.link(from).call(Call::new(operation, behalf, "test")).await
    }

    /// A person with a phone.
    pub(crate) async fn phone(&self, seed: u64) -> Phone {
        let chance: &dyn base::Chance = &CountedChance::seeded(seed);
        let person = PersonId::random(chance);
        self.phone_of(person, Id::random(chance)).await
    }

    pub(crate) async fn phone_of(&self, person: PersonId, device: Id<Device>) -> Phone {
        let key: Signer<Anyone> = keys::trial::signer(Algorithm::P256);
        let answer = self.sam.enrolled(person, device, &key, true);
        let register = identity_contract::RegisterMeans { answer };
        let registered = self.as_system("lvrtc/desk", register).await.unwrap();
        Phone { person, device, key, number: registered.user_number }
    }

    pub(crate) async fn send(&self, request: http::Request<axum::body::Body>) -> Got {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Got { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// A client's form to the protocol, without a browser.
    pub(crate) async fn post(&self, path: &str, basic: Option<&str>, form: &[(&str, &str)]) -> Got {
        let request = http::Request::post(path)
            .header("host", "id.localhost:8080")
            .header("content-type", "application/x-www-form-urlencoded");
        let request = match basic {
            Some(pair) => request.header("authorization", format!("Basic {}", base64(pair))),
            None => request,
        };
        self.send(request.body(encoded(form).into()).unwrap()).await
    }

    pub(crate) async fn get_with_bearer(&self, path: &str, token: &str) -> Got {
        let request = http::Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(axum::body::Body::empty()).unwrap()).await
    }

    /// How many records the log of the platform has.
    pub(crate) async fn records(&self) -> i64 {
        let store = self.trial.as_ref().unwrap().store.clone();
        let count = store.read("test.records", |tx| {
            tx.first::<(i64,)>("SELECT COUNT(*) FROM audit_pending", store::values![])
        });
        count.await.map(|found: Option<(i64,)>| found.unwrap().0).unwrap_or_default()
    }
}

pub(crate) fn encoded(form: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(form);
    text.finish()
}

pub(crate) fn base64(text: &str) -> String {
    let url = jose::base64url(text.as_bytes()).replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - url.len() % 4) % 4);
    format!("{url}{padding}")
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn of<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn location(&self) -> String {
        let to = self.headers.get("location");
        to.unwrap_or_else(|| panic!("no redirect: {} {}", self.status, self.text()))
            .to_str()
            .unwrap()
            .to_owned()
    }

    /// The parameters that a redirect carries to the client.
    pub(crate) fn query(&self) -> BTreeMap<String, String> {
        query_of(&self.location())
    }
}

pub(crate) fn query_of(address: &str) -> BTreeMap<String, String> {
    url::Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request of the usual client; `more` replaces and adds, empty removes.
pub(crate) fn authorize(more: &[(&str, &str)]) -> String {
    format!("/authorize?{}", encoded(&request(more)))
}

pub(crate) fn request<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = BTreeMap::from([
        ("client_id", "rp"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "s-1"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    pairs.extend(more.iter().copied());
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

pub(crate) async fn redeem(world: &World, code: &str) -> Got {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    world.post("/token", Some("rp:s3cret-of-128-bits"), &form).await
}

/// The claims of a token, its signature checked against the published set.
pub(crate) async fn id_token(world: &World, token: &str) -> Value {
    let set =
        world.send(http::Request::get("/jwks").body(axum::body::Body::empty()).unwrap()).await;
    let set = jose::jwk::JwkSet::parse(&set.body).unwrap();
    let accept = jws::Accept::only("JWT", &[jws::Algorithm::Es256]);
    let read = jws::Jws::parse(token, accept).unwrap();
    let key = set.find(read.header().kid.as_deref().unwrap()).unwrap();
    read.verify(key, keys::allowed(keys::Suite::House)).unwrap().claims().unwrap()
}
