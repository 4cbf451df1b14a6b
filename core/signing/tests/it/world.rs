//! The platform among its neighbours, on each engine.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use ades::{Evidence, Trust};
use audit::soft::{SoftHandles, SoftWrap};
use audit::{Log, Parts};
use base::{Bytes, Clock, Locale, Time};
use keys::trial::{Hierarchy, person, signer};
use keys::{Algorithm, Suite, allowed};
use links::{Call, CallFault, Link, OnBehalf, Operation, Pending, Place};
use signing::{BearerError, Bearers, Client, Holder, Signing, SigningParts, TrustedBy};
use signing_contract::{
    BeginDocument, BeginSigning, CHUNK_BYTES_MAX, Document, DocumentKind, FinishDocument, PutChunk,
    ReadChunk, Session, SessionOf, SigningRefusal,
};
use store::trial::{Folder, Trial, trial_on_each_engine};
use store::{Tx, values};
use x509::{Algorithms, Certificate, Kind};

use crate::neighbours::{ANNA, Known, Neighbours, Signs, party};
use crate::outside::{self, TSA};

pub(crate) struct World {
    pub(crate) trial: Arc<Trial>,
    pub(crate) signing: Arc<Signing>,
    pub(crate) portal: Link,
    pub(crate) neighbours: Arc<Neighbours>,
    pub(crate) outside: Arc<outside::World>,
    pub(crate) root: Certificate,
    pub(crate) folder: Arc<Folder>,
    pub(crate) until: Time,
}

/// RSA keys of the log take their time: one for all tests.
fn handles() -> Arc<SoftHandles> {
    static HANDLES: OnceLock<Arc<SoftHandles>> = OnceLock::new();
    Arc::clone(HANDLES.get_or_init(|| Arc::new(SoftHandles::new(2026))))
}

/// Runs `test` in a new world on each engine.
pub(crate) fn in_a_world<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    in_a_world_of(Algorithm::P256, test);
}

/// The same where Anna's key is of this algorithm.
pub(crate) fn in_a_world_of<F: Future<Output = ()>>(
    algorithm: Algorithm,
    test: impl Fn(World) -> F,
) {
    trial_on_each_engine(&[signing::SCHEMA, audit::SCHEMA], |trial| async {
        test(World::new(Arc::new(trial), algorithm).await).await;
    });
}

impl World {
    pub(crate) async fn new(trial: Arc<Trial>, algorithm: Algorithm) -> Self {
        let folder = Arc::new(Folder::new().unwrap());
        let hierarchy = Hierarchy::new(trial.clock.now());
        let key = signer::<Signs>(algorithm);
        let anna = person("Anna", "Paraudziņa", "PNOXX-1");
        let anna = hierarchy.issue(Kind::PersonSign, &anna, key.public_key().spki());
        let outside = outside::World::new(&trial.clock, &hierarchy, (&[&anna], folder.path()));
        let now = trial.clock.now();
        let neighbours = Neighbours::new(key, anna, &hierarchy.issuing, now);
        let until = now.plus(std::time::Duration::from_mins(30));
        let root = hierarchy.root.clone();
        let made = made(&trial, (&neighbours, &outside, &root), until).await;
        let portal = portal(&made, &trial);
        Self { trial, signing: made, portal, neighbours, outside, root, folder, until }
    }

    /// The process ends; another begins on the same store.
    pub(crate) async fn restart(&mut self) {
        let neighbours = (&self.neighbours, &self.outside, &self.root);
        self.signing = made(&self.trial, neighbours, self.until).await;
        self.portal = portal(&self.signing, &self.trial);
    }

    pub(crate) async fn call<O: Operation>(
        &self,
        who: &str,
        operation: O,
    ) -> Result<O::Answer, CallFault<O::Refusal>> {
        let on_behalf = OnBehalf::Person { evidence: who.to_owned() };
        self.portal.call(Call::new(operation, on_behalf, "sign")).await
    }

    /// Brings a document in chunks.
    pub(crate) async fn brought(
        &self,
        who: &str,
        (bytes, kind): (&[u8], DocumentKind),
    ) -> Result<Document, CallFault<SigningRefusal>> {
        let begin = BeginDocument {
            name: "līgums.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            kind,
        };
        let document = self.call(who, begin).await?;
        for (number, chunk) in (0..).zip(bytes.chunks(CHUNK_BYTES_MAX)) {
            let bytes = Bytes(chunk.to_vec());
            self.call(who, PutChunk { document: document.clone(), number, bytes }).await?;
        }
        let size = u64::try_from(bytes.len()).unwrap();
        self.call(who, FinishDocument { document, size }).await
    }

    pub(crate) async fn begun(&self, bytes: &[u8]) -> Session {
        self.begun_of(self.brought("anna", (bytes, DocumentKind::ToSign)).await.unwrap()).await
    }

    async fn begun_of(&self, document: Document) -> Session {
        let place = "Firefox, Linux".to_owned();
        self.call("anna", BeginSigning { document: document.id, place }).await.unwrap()
    }

    pub(crate) async fn now(&self, session: &str) -> Session {
        self.call("anna", SessionOf { session: session.to_owned() }).await.unwrap()
    }

    pub(crate) async fn read(&self, document: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for number in 0.. {
            let document = document.to_owned();
            let chunk = self.call("anna", ReadChunk { document, number }).await.unwrap();
            if chunk.bytes.0.is_empty() {
                break;
            }
            bytes.extend(chunk.bytes.0);
        }
        bytes
    }

    /// Signs a document from beginning to end.
    pub(crate) async fn signed(&self, bytes: &[u8]) -> Vec<u8> {
        let document = self.brought("anna", (bytes, DocumentKind::ToSign)).await.unwrap();
        self.signed_of(document).await
    }

    pub(crate) async fn signed_of(&self, document: Document) -> Vec<u8> {
        let session = self.begun_of(document).await;
        self.neighbours.approves(&session.id);
        let session = self.now(&session.id).await;
        let signing_contract::SessionState::Signed { signed } = session.state else {
            panic!("{:?}", session.state);
        };
        self.read(&signed.id).await
    }

    /// What our own check says of a file now.
    pub(crate) fn checked(&self, file: &[u8]) -> ades::Report {
        let anchors = [self.root.clone()];
        let algorithms = Algorithms(allowed(Suite::Known));
        let trust = Trust { anchors: &anchors, algorithms, rules: ades::TS_119_312_V2_1_1 };
        let now = self.trial.clock.now().seconds();
        ades::check_pdf(file, &Evidence::default(), &trust, now).unwrap()
    }

    /// Changes something behind the platform's back.
    pub(crate) async fn meddle(&self, sql: &'static str, id: &str) {
        let id: base::Id<()> = id.parse().unwrap();
        let write = move |tx: &mut Tx| tx.update(sql, values![id]);
        let changed = self.trial.store.write("test.meddle", write).await.unwrap();
        assert!(changed > 0, "{sql}");
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let read = move |tx: &mut Tx| tx.first::<(i64,)>(sql, values![]);
        self.trial.store.read("test.count", read).await.unwrap().unwrap().0
    }
}

/// Why a call was refused.
pub(crate) fn refusal<T: std::fmt::Debug>(
    answer: Result<T, CallFault<SigningRefusal>>,
) -> SigningRefusal {
    match answer {
        Err(CallFault::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn portal(signing: &Arc<Signing>, trial: &Trial) -> Link {
    let doors = signing.doors();
    assert_eq!(doors.gaps(), Vec::<&str>::new());
    let place = Place::new();
    place.open(Arc::new(doors));
    place.link(party("lvrtc/portal"), Arc::new(trial.clock.clone()))
}

async fn made(
    trial: &Trial,
    (neighbours, outside, root): (&Arc<Neighbours>, &Arc<outside::World>, &Certificate),
    until: Time,
) -> Arc<Signing> {
    let clock = Arc::new(trial.clock.clone());
    let log = Log::open(Parts {
        owner: "lvrtc".parse().unwrap(),
        part: "signing".to_owned(),
        store: trial.store.clone(),
        wrap: Arc::new(SoftWrap),
        handles: handles(),
        day: country_day,
    });
    let link = || neighbours.place(&trial.clock).link(party("lvrtc/signing"), clock.clone());
    Signing::new(SigningParts {
        party: party("lvrtc/signing"),
        store: trial.store.clone(),
        clock: clock.clone(),
        chance: Arc::new(trial.chance.clone()),
        log: log.await.unwrap(),
        identity: link(),
        pki: link(),
        verifier: Arc::new(Known(until)),
        outside: outside.clone(),
        bearers: Arc::new(Tokens),
        trust: TrustedBy {
            anchors: vec![root.clone()],
            authorities: Vec::new(),
            algorithms: Algorithms(allowed(Suite::Known)),
        },
        time_stamps: TSA.to_owned(),
        profile: "person-signature".to_owned(),
        client: client("signing"),
        portal: "http://portal.localhost:8080".to_owned(),
        document_max: 4 << 20,
    })
}

fn country_day(at: Time) -> base::Date {
    at.utc_date()
}

pub(crate) fn client(id: &str) -> Client {
    Client { id: id.to_owned(), name: vec![(Locale::En, "The platform".to_owned())] }
}

/// Takes one token of Anna's.
struct Tokens;

impl Bearers for Tokens {
    fn holder<'a>(&'a self, token: &'a str) -> Pending<'a, Result<Holder, BearerError>> {
        let (person, evidence) = match token {
            "anna-token" => (ANNA, "anna".to_owned()),
            "berta-token" => (crate::neighbours::BERTA, "berta".to_owned()),
            _ => return Box::pin(std::future::ready(Err(BearerError::Refused))),
        };
        let client = Client { id: "cli".to_owned(), name: Vec::new() };
        let holder = Holder { person, client, evidence };
        Box::pin(std::future::ready(Ok(holder)))
    }
}
