//! The world outside: a real time-stamp unit, a real responder, the root's list; each can fail.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base::{Bytes, Clock, hex};
use keys::trial::{Hierarchy, organisation, signer};
use keys::{Algorithm, SystemChance};
use links::Pending;
use ocsp::{Responder, StatusAnswers};
use pki_contract::Status;
use pki_contract::feed::{Entry, Feed};
use signing::{Fetch, Outside, Unfetched};
use store::Mark;
use trial::FixedClock;
use tsu::{Stamping, TimeStamps, Unit};
use x509::crl::{self, List};
use x509::{Certificate, Kind, SignatureAlgorithm};

pub(crate) const TSA: &str = "http://localhost:8080/tsa";

/// What is broken at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) tsa: bool,
    pub(crate) ocsp: bool,
    pub(crate) list: bool,
    /// The responder hears nothing new.
    pub(crate) stale: bool,
    /// The unit's answers are changed on the way.
    pub(crate) twisted: bool,
    /// Nobody answers and nobody refuses.
    pub(crate) silent: bool,
    /// Somebody in between answers with what was answered first.
    pub(crate) replayed: bool,
}

pub(crate) struct World {
    clock: FixedClock,
    unit: Unit,
    responder: Responder,
    issuing: Certificate,
    list: Vec<u8>,
    serials: Vec<String>,
    number: Mutex<u64>,
    first: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) broken: Mutex<Broken>,
    pub(crate) stamps: AtomicUsize,
    pub(crate) asks: AtomicUsize,
}

impl World {
    pub(crate) fn new(
        clock: &FixedClock,
        hierarchy: &Hierarchy,
        (signers, folder): (&[&Certificate], &Path),
    ) -> Arc<Self> {
        let key = signer::<TimeStamps>(Algorithm::P256);
        let spki = key.public_key().spki().to_vec();
        let stamps = hierarchy.issue(Kind::TimeStampUnit, &organisation("Trial unit"), &spki);
        let mut serials: Vec<_> = signers.iter().map(|own| hex(own.serial())).collect();
        serials.push(hex(stamps.serial()));
        let unit = Unit::open(Stamping {
            clock: Arc::new(clock.clone()),
            chance: &SystemChance::new(),
            signer: key,
            certificate: stamps,
            policy: "1.3.6.1.4.1.32473.1".parse().unwrap(),
            mark: &folder.join("tsu-mark"),
        });
        let world = Self {
            clock: clock.clone(),
            unit: unit.unwrap(),
            responder: responder(clock, hierarchy, folder),
            issuing: hierarchy.issuing.clone(),
            list: list(clock, hierarchy),
            serials,
            number: Mutex::default(),
            first: Mutex::default(),
            broken: Mutex::default(),
            stamps: AtomicUsize::new(0),
            asks: AtomicUsize::new(0),
        };
        world.tell(None);
        Arc::new(world)
    }

    pub(crate) fn breaks(&self, broken: Broken) {
        *self.broken.lock().unwrap() = broken;
    }

    /// Tells the responder everything as of now; one serial may be revoked.
    pub(crate) fn tell(&self, revoked: Option<&str>) {
        let mut number = self.number.lock().unwrap();
        *number += 1;
        let since = self.clock.now();
        let status = |serial: &String| match revoked {
            Some(bad) if bad == serial => {
                Status::Revoked { since, reason: pki_contract::Reason::KeyCompromise }
            }
            _ => Status::Good,
        };
        let entry = |serial: &String| Entry { serial: serial.clone(), status: status(serial) };
        let feed = Feed {
            from: 0,
            to: *number,
            issuer: Bytes(self.issuing.der().to_vec()),
            entries: self.serials.iter().map(entry).collect(),
            at: since,
        };
        self.responder.learn(&feed).unwrap();
    }

    fn answer(&self, fetch: &Fetch) -> Result<Vec<u8>, Unfetched> {
        let broken = *self.broken.lock().unwrap();
        let body = fetch.body.as_ref().map(|(_, body)| body.as_slice());
        match (fetch.url.as_str(), body) {
            (TSA, Some(_)) if broken.tsa => Err(Unfetched::Status(503)),
            (TSA, Some(body)) => {
                self.stamps.fetch_add(1, Ordering::SeqCst);
                let mut answer = self.unit.answer(body);
                if broken.twisted {
                    let end = answer.len() - 5;
                    answer[end] ^= 1;
                }
                Ok(answer)
            }
            ("http://localhost:8080/pki/ocsp", Some(_)) if broken.ocsp => Err(Unfetched::Unreached),
            ("http://localhost:8080/pki/ocsp", Some(body)) => {
                self.asks.fetch_add(1, Ordering::SeqCst);
                if !broken.stale {
                    self.tick();
                }
                Ok(self.responder.answer(body))
            }
            ("http://localhost:8080/pki/root.crl", None) if broken.list => {
                Err(Unfetched::Status(404))
            }
            ("http://localhost:8080/pki/root.crl", None) => Ok(self.list.clone()),
            (other, _) => panic!("nobody lives at {other}"),
        }
    }

    /// Nothing has changed, as of now.
    fn tick(&self) {
        let number = *self.number.lock().unwrap();
        let issuer = Bytes(self.issuing.der().to_vec());
        let at = self.clock.now();
        let feed = Feed { from: number, to: number, issuer, entries: Vec::new(), at };
        self.responder.learn(&feed).unwrap();
    }
}

impl Outside for World {
    fn fetch(&self, fetch: Fetch) -> Pending<'_, Result<Vec<u8>, Unfetched>> {
        if self.broken.lock().unwrap().silent {
            return Box::pin(std::future::pending());
        }
        Box::pin(async move {
            let answer = self.answer(&fetch)?;
            let mut first = self.first.lock().unwrap();
            let first = first.entry(fetch.url).or_insert_with(|| answer.clone());
            let replayed = self.broken.lock().unwrap().replayed;
            Ok(if replayed { first.clone() } else { answer })
        })
    }
}

fn responder(clock: &FixedClock, hierarchy: &Hierarchy, folder: &Path) -> Responder {
    let key = signer::<StatusAnswers>(Algorithm::P256);
    let spki = key.public_key().spki().to_vec();
    let own = hierarchy.issue(Kind::OcspResponder, &organisation("Trial responder"), &spki);
    let mark = Mark::open(&folder.join("ocsp-mark")).unwrap();
    Responder::new(Arc::new(clock.clone()), key, own, hierarchy.issuing.clone(), mark).unwrap()
}

fn list(clock: &FixedClock, hierarchy: &Hierarchy) -> Vec<u8> {
    let now = clock.now().seconds();
    let list = List {
        number: 1,
        this_update: now - 86_400,
        next_update: now + 90 * 86_400,
        revoked: &[],
        expired_since: None,
    };
    let prepared = crl::prepare(&list, &hierarchy.root, SignatureAlgorithm::EcdsaSha256).unwrap();
    prepared.finish(&hierarchy.sign_as_root(prepared.bytes()))
}
