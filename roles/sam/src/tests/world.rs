//! A `sam` with its officers and neighbours.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use activation_contract::{
    Answer, Binding, EnrolAnswer, Instruction, KeyStatement, Offer, Op, Outcome, Proof, SamKeys,
    typ,
};
use base::{Bytes, Chance, Clock, Digest, Id, PersonId, Time};
use jose::jwk::Jwk;
use jose::jws::{self, Accept, Jws};
use keys::trial::{Hierarchy, keeper, person, signer};
use keys::{Purpose, Signer, Suite, allowed, sha256};
use sam_contract::{Certify, read_keys};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::trial::{Folder, Trial};
use store::{Mark, Store};
use trial::{CountedChance, FixedClock};
use x509::{Certificate, Kind};

use super::phone::{PINS, Phone, plain, with};
use crate::{Archive, Callers, Officer, OfficerRole, Sam, SamParts, SigningDevice, found};

#[derive(Debug)]
pub(crate) enum Desk {}
impl Purpose for Desk {
    const NAME: &'static str = "test.desk";
}

/// An archive in memory that can be made to fail.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    entries: Mutex<Vec<(u64, Vec<u8>)>>,
    pub(crate) away: AtomicBool,
}

impl Memory {
    fn there(&self) -> std::io::Result<()> {
        let away = self.away.load(Ordering::SeqCst);
        if away { Err(std::io::Error::other("away")) } else { Ok(()) }
    }

    pub(crate) fn count(&self) -> usize {
        self.entries.lock().unwrap().len()
    }
}

impl Archive for Memory {
    fn put(&self, number: u64, entry: &[u8]) -> std::io::Result<()> {
        self.there()?;
        let mut entries = self.entries.lock().unwrap();
        entries.retain(|(own, _)| *own != number);
        entries.push((number, entry.to_vec()));
        Ok(())
    }

    fn all(&self) -> std::io::Result<Vec<(u64, Vec<u8>)>> {
        self.there()?;
        Ok(self.entries.lock().unwrap().clone())
    }
}

pub(crate) struct World {
    pub(crate) clock: FixedClock,
    pub(crate) chance: CountedChance,
    pub(crate) store: Store,
    pub(crate) archive: Arc<Memory>,
    pub(crate) folder: Arc<Folder>,
    pub(crate) officer: Signer<Desk>,
    pub(crate) hierarchy: Hierarchy,
    pub(crate) root: Digest,
    pub(crate) devices: Vec<Arc<dyn SigningDevice>>,
    pub(crate) sam: Arc<Sam>,
    pub(crate) answers: Jwk,
    pub(crate) keys: SamKeys,
    _trial: Option<Trial>,
}

/// What [`World::parts`] needs.
struct Ground<'a> {
    store: &'a Store,
    archive: &'a Arc<Memory>,
    folder: &'a Folder,
    hierarchy: &'a Hierarchy,
    devices: &'a [Arc<dyn SigningDevice>],
}

fn parts(ground: &Ground<'_>) -> SamParts {
    let party = |name: &str| name.parse().unwrap();
    SamParts {
        store: ground.store.clone(),
        keeper: keeper("sam"),
        archive: Arc::<Memory>::clone(ground.archive),
        mark: Mark::open(&ground.folder.path().join("mark")).unwrap(),
        role: "sam/1".to_owned(),
        party: party("lvrtc/sam"),
        callers: Callers {
            web: vec![party("lvrtc/identity")],
            desk: vec![party("lvrtc/desk")],
            pki: vec![party("lvrtc/pki")],
        },
        issuers: vec![ground.hierarchy.issuing.clone()],
        devices: ground.devices.to_vec(),
        waiting: Duration::from_mins(10),
    }
}

impl World {
    pub(crate) async fn new(trial: Trial) -> Self {
        Self::with(trial, Vec::new()).await
    }

    pub(crate) async fn with(trial: Trial, devices: Vec<Arc<dyn SigningDevice>>) -> Self {
        let (store, clock) = (trial.store.clone(), trial.clock.clone());
        let chance = trial.chance.clone();
        let mut world = Self::on(store, clock, chance, devices).await;
        world._trial = Some(trial);
        world
    }

    pub(crate) async fn on(
        store: Store,
        clock: FixedClock,
        chance: CountedChance,
        devices: Vec<Arc<dyn SigningDevice>>,
    ) -> Self {
        let hierarchy = Hierarchy::new(clock.now());
        let officer: Signer<Desk> = signer(keys::Algorithm::P256);
        let until = clock.now().plus(Duration::from_hours(24 * 365));
        let seats = [OfficerRole::Registration, OfficerRole::Revocation].map(|role| Officer {
            id: "officer-1".to_owned(),
            key: officer.public_key().jwk().unwrap(),
            role,
            until,
        });
        let founded = found(&store, &keeper("sam"), &seats).await.unwrap();
        let (archive, folder) = (Arc::default(), Arc::new(Folder::new().unwrap()));
        let ground = Ground {
            store: &store,
            archive: &archive,
            folder: &folder,
            hierarchy: &hierarchy,
            devices: &devices,
        };
        let sam = Sam::open(parts(&ground)).await.unwrap();
        let keys = read_keys(sam.keys(), &founded.root, clock.now()).unwrap();
        let answers = sam.answer_key().jwk().unwrap();
        let (root, _trial) = (founded.root, None);
        Self {
            clock,
            chance,
            store,
            archive,
            folder,
            officer,
            hierarchy,
            root,
            devices,
            sam,
            answers,
            keys,
            _trial,
        }
    }

    /// The same after a restart; on another store, where one is given.
    pub(crate) async fn restarted(&mut self, store: Option<Store>) {
        if let Some(store) = store {
            self.store = store;
        }
        let ground = Ground {
            store: &self.store,
            archive: &self.archive,
            folder: &self.folder,
            hierarchy: &self.hierarchy,
            devices: &self.devices,
        };
        self.sam = Sam::open(parts(&ground)).await.unwrap();
    }

    pub(crate) fn said<T: Serialize>(&self, typ: &str, claims: &T) -> String {
        said(&self.officer, typ, claims)
    }

    pub(crate) fn read<T: DeserializeOwned>(&self, typ: &str, token: &str) -> T {
        let read = Jws::parse(token, Accept::only(typ, &[jws::Algorithm::Es256])).unwrap();
        read.verify(&self.answers, allowed(Suite::House)).unwrap().claims().unwrap()
    }

    pub(crate) fn offer(&self, id: &str, person: PersonId, code: [u8; 16]) -> Offer {
        Offer {
            id: id.to_owned(),
            role: "sam/1".to_owned(),
            person,
            means: "eparaksts-mobile".to_owned(),
            proof: Proof::Demo,
            code: Digest(sha256(&code)),
            freeze_code: Digest(sha256(b"123456789012")),
            until: self.clock.now().plus(Duration::from_hours(1)),
        }
    }

    pub(crate) fn binding(&self, offer: &str, thumbprint: Digest) -> String {
        let use_before = self.clock.now().plus(Duration::from_mins(5));
        let role = "sam/1".to_owned();
        let binding = Binding { offer: offer.to_owned(), role, thumbprint, use_before };
        self.said(typ::BINDING, &binding)
    }

    /// A phone that an officer has bound to a person.
    pub(crate) async fn phone(&self, person: PersonId) -> Phone {
        let mut phone = Phone::new(&self.keys);
        phone.person = person;
        self.bound(&phone, PINS).await;
        phone
    }

    pub(crate) async fn bound(&self, phone: &Phone, pins: [&str; 2]) -> EnrolAnswer {
        let chance: &dyn Chance = &self.chance;
        let (code, id) = (chance.bytes(), base::hex(&chance.bytes::<8>()));
        let offer = self.said(typ::OFFER, &self.offer(&id, phone.person, code));
        self.sam.offer(&offer).await.unwrap();
        let answer = self.sam.enrol(&phone.enrol(code, pins)).await.unwrap();
        let answer: EnrolAnswer = self.read(typ::ANSWER, &answer);
        let bound = self.sam.bind(&self.binding(&id, answer.thumbprint)).await.unwrap();
        self.read(typ::ANSWER, &bound)
    }

    pub(crate) fn told(&self, phone: &Phone, op: Op) -> Instruction {
        phone.instruction(op, self.sam.challenge(phone.device, op).unwrap().0)
    }

    pub(crate) async fn sent(&self, sealed: &str) -> Outcome {
        let answer = self.sam.activate(sealed).await.unwrap();
        self.read::<Answer>(typ::ANSWER, &answer).outcome
    }

    /// What comes of an instruction under the right PIN.
    pub(crate) async fn does(&self, phone: &Phone, told: &Instruction) -> Outcome {
        self.sent(&phone.sealed(told)).await
    }

    /// What comes of a login under a PIN.
    pub(crate) async fn login(&self, phone: &Phone, digits: &str) -> Outcome {
        let told = self.told(phone, Op::Login);
        self.sent(&phone.seal(&phone.words(&told, digits))).await
    }

    /// A key for an approval, not certified.
    pub(crate) async fn key(&self, phone: &Phone, approval: &str, kind: &str) -> KeyStatement {
        let item = activation_contract::Item {
            media_type: kind.to_owned(),
            ..plain(approval, b"approval")
        };
        let told = with(self.told(phone, Op::MakeKey), vec![item]);
        match self.does(phone, &told).await {
            Outcome::Done { statement: Some(statement), .. } => self.read(typ::KEY, &statement),
            other => panic!("{other:?}"),
        }
    }

    /// A key that signs, and its certificate.
    pub(crate) async fn certified(
        &self,
        phone: &Phone,
        approval: &str,
        kind: &str,
    ) -> (KeyStatement, Certificate) {
        let key = self.key(phone, approval, kind).await;
        let subject = person("Anna", "Paraudziņa", "PNOXX-1");
        let certificate = self.hierarchy.issue(Kind::PersonSign, &subject, &key.key.0);
        let chain = vec![Bytes(certificate.der().to_vec())];
        let given = Certify { credential: key.credential, chain };
        self.sam.certified(given).await.unwrap();
        (key, certificate)
    }

    pub(crate) fn pass(&self, span: Duration) {
        self.clock.pass(span);
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }
}

pub(crate) fn said<T: Serialize>(signer: &Signer<Desk>, typ: &str, claims: &T) -> String {
    let header = signer.token_header(typ).unwrap();
    signer.sign_token(jws::prepare_claims(&header, claims).unwrap()).unwrap()
}

pub(crate) fn anna() -> PersonId {
    Id::from_bytes([0xa; 16])
}

pub(crate) fn bert() -> PersonId {
    Id::from_bytes([0xb; 16])
}
