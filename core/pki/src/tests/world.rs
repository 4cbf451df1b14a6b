//! A platform, an officer, and stand-ins for the signer and `sam` that can be silent or refuse.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use activation_contract::KeyStatement;
use audit::soft::{SoftHandles, SoftWrap};
use audit::{Log, Parts};
use base::{Bytes, Clock, Digest, Id, PersonId};
use jose::jws::{self, Accept, Algorithm as Alg, Jws};
use keys::trial::{Hierarchy, person, signer};
use keys::{Algorithm, Purpose, Signer};
use links::{
    Asked, Call, CallFault, Doors, Link, OFFICER_TYP, Officer, OfficerCall, OnBehalf, Operation,
    Party, Pending, PersonProof, Place, ProofError, Verifier,
};
use pki_contract::approval::{ApprovedKey, ISSUE, IssueApproval};
use pki_contract::profile::ProfileData;
use pki_contract::{
    Application, Apply, ChangeOfStatus, ChangeStatus, CurrentList, Issue, Issued, PkiRefusal,
    SIGNER_TABLE, SignedList, SignerRefusal, Status, StatusChanged, Subject, SubjectKey,
};
use sam_contract::{Certify, ChangeKeyStatus, CredentialState, KeyStatus, SamRefusal};
use serde::Serialize;
use store::trial::Trial;
use x509::{Kind, Places, Profile};

use crate::{Foundation, NewOfficer, Pki, PkiParts, Published, found, officers};

#[derive(Debug)]
pub(super) enum Any {}

impl Purpose for Any {
    const NAME: &'static str = "trial.any";
}

pub(super) const SCHEMAS: [store::Schema; 2] = [audit::SCHEMA, crate::SCHEMA];

/// What the stand-ins do and have done.
#[derive(Default)]
pub(super) struct Neighbours {
    /// What the signer refuses with.
    pub(super) signer: Option<SignerRefusal>,
    /// Whether `sam` is silent.
    pub(super) sam_silent: bool,
    pub(super) issued: BTreeMap<String, Issued>,
    pub(super) certified: u32,
    /// Changes that `sam` carried out, and whether it destroyed the key.
    pub(super) changed: Vec<(ChangeOfStatus, bool)>,
    pub(super) lists: u32,
}

pub(super) struct World {
    pub(super) trial: Trial,
    pub(super) pki: Arc<Pki>,
    pub(super) officer: Signer<Any>,
    pub(super) neighbours: Arc<Mutex<Neighbours>>,
    pub(super) profile: Digest,
    pub(super) hierarchy: Arc<Mutex<Hierarchy>>,
    doors: Place,
}

impl World {
    pub(super) async fn new(trial: Trial) -> Self {
        let officer = signer::<Any>(Algorithm::P256);
        let now = trial.clock.now();
        let hierarchy = Hierarchy::new(now);
        let profile = Profile::new(Kind::PersonSign, "person-signature", &[], &Places::default());
        let foundation = Foundation {
            officers: vec![NewOfficer {
                name: "officer-1".to_owned(),
                spki: officer.public_key().spki().to_vec(),
                until: now.plus(Duration::from_hours(24)),
            }],
            authorities: vec![Published {
                name: "issuing".to_owned(),
                certificate: hierarchy.issuing.clone(),
            }],
            profiles: vec![ProfileData::of(&profile)],
        };
        found(&trial.store, foundation).await.unwrap();
        let neighbours = Arc::new(Mutex::new(Neighbours::default()));
        let hierarchy = Arc::new(Mutex::new(hierarchy));
        let (pki, doors) = opened(&trial, &neighbours, &hierarchy).await;
        let profile = Digest(profile.hash());
        Self { trial, pki, officer, neighbours, profile, hierarchy, doors }
    }

    /// As after a crash.
    pub(super) async fn crashed(self) -> Self {
        let Self { trial, pki, officer, neighbours, profile, hierarchy, doors } = self;
        drop((pki, doors));
        let trial = trial.reopened(&SCHEMAS).unwrap();
        let (pki, doors) = opened(&trial, &neighbours, &hierarchy).await;
        Self { trial, pki, officer, neighbours, profile, hierarchy, doors }
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Neighbours)) {
        change(&mut self.neighbours.lock().unwrap());
    }

    fn link(&self) -> Link {
        let clock: Arc<dyn Clock> = Arc::new(self.trial.clock.clone());
        self.doors.link("lvrtc/portal".parse().unwrap(), clock)
    }

    pub(super) async fn by<O: Operation<Refusal = PkiRefusal>>(
        &self,
        behalf: OnBehalf,
        operation: O,
    ) -> Result<O::Answer, CallFault<PkiRefusal>> {
        self.link().call(Call::new(operation, behalf, "trial")).await
    }

    pub(super) async fn by_officer<O: Operation<Refusal = PkiRefusal>>(
        &self,
        operation: O,
    ) -> Result<O::Answer, CallFault<PkiRefusal>> {
        let callee: Party = "lvrtc/pki".parse().unwrap();
        let call = OfficerCall::of(callee, &operation, self.trial.clock.now()).unwrap();
        let proof = token(&self.officer, OFFICER_TYP, &call);
        self.by(OnBehalf::Officer { proof }, operation).await
    }

    pub(super) async fn by_person<O: Operation<Refusal = PkiRefusal>>(
        &self,
        person: PersonId,
        operation: O,
    ) -> Result<O::Answer, CallFault<PkiRefusal>> {
        self.by(OnBehalf::Person { evidence: person.to_string() }, operation).await
    }

    pub(super) fn approval(&self, application: &Application) -> IssueApproval {
        let key = match (&application.apply.key, &application.apply.subject) {
            (SubjectKey::Own { spki, .. }, _) => {
                ApprovedKey::Spki { digest: Digest(keys::sha256(&spki.0)) }
            }
            (_, Subject::Person { person, .. }) => ApprovedKey::Remote { person: *person },
            _ => panic!("a machine's remote key"),
        };
        let now = self.trial.clock.now();
        IssueApproval {
            id: format!("approval of {}", application.id),
            role: "ca-signer/1".to_owned(),
            use_before: now.plus(Duration::from_hours(1)),
            profile: self.profile,
            subject: application.apply.subject.clone(),
            valid_from: now,
            valid_until: now.plus(Duration::from_hours(24)),
            key,
        }
    }

    pub(super) fn approved(&self, application: &Application) -> String {
        token(&self.officer, ISSUE, &self.approval(application))
    }

    /// `sam`'s statement about `key` for an approval.
    pub(super) fn stated(&self, application: &Application, key: &Signer<Any>) -> (String, Bytes) {
        let spki = Bytes(key.public_key().spki().to_vec());
        let statement = KeyStatement {
            approval: self.approval(application).id,
            person: anna(),
            credential: Id::from_bytes([5; 16]),
            spki: key.public_key().sha256(),
            key: spki.clone(),
        };
        (token(key, activation_contract::typ::KEY, &statement), spki)
    }
}

pub(super) fn anna() -> PersonId {
    PersonId::from_bytes([0xaa; 16])
}

pub(super) fn subject() -> Subject {
    Subject::Person {
        person: anna(),
        register_version: 7,
        identifier: "PNOXX-329912-00014".to_owned(),
        given_names: "Anna".to_owned(),
        surname: "Paraudziņa".to_owned(),
        country: "XX".to_owned(),
    }
}

pub(super) fn apply(key: SubjectKey) -> Apply {
    let (profile, terms) = ("person-signature".to_owned(), Digest([1; 32]));
    Apply { profile, subject: subject(), key, terms }
}

/// A key of the applicant's own, with its proof.
pub(super) fn own_key() -> SubjectKey {
    let key = signer::<Any>(Algorithm::P256);
    let message = [b"sakta proof 1", key.public_key().sha256().as_ref()].concat();
    let proof = Bytes(key.sign(&message).unwrap());
    SubjectKey::Own { spki: Bytes(key.public_key().spki().to_vec()), proof }
}

pub(super) fn token<T: Serialize>(key: &Signer<Any>, typ: &str, claims: &T) -> String {
    let header = key.token_header(typ).unwrap();
    key.sign_token(jws::prepare_claims(&header, claims).unwrap()).unwrap()
}

type Shared = Arc<Mutex<Neighbours>>;

async fn opened(
    trial: &Trial,
    neighbours: &Shared,
    hierarchy: &Arc<Mutex<Hierarchy>>,
) -> (Arc<Pki>, Place) {
    let clock: Arc<dyn Clock> = Arc::new(trial.clock.clone());
    let log = Log::open(Parts {
        owner: "lvrtc".parse().unwrap(),
        part: "pki".to_owned(),
        store: trial.store.clone(),
        wrap: Arc::new(SoftWrap),
        handles: handles(),
        day: country::date,
    });
    let own = || -> Party { "lvrtc/pki".parse().unwrap() };
    let link = |doors: Doors| {
        let place = Place::new();
        place.open(Arc::new(doors));
        place.link(own(), Arc::new(trial.clock.clone()))
    };
    let pki = Pki::new(PkiParts {
        owner: "lvrtc".parse().unwrap(),
        store: trial.store.clone(),
        clock: clock.clone(),
        chance: Arc::new(trial.chance.clone()),
        log: log.await.unwrap(),
        algorithms: x509::Algorithms(keys::allowed(keys::Suite::House)),
        signer: link(signer_doors(neighbours, hierarchy, &clock)),
        sam: Some(link(sam_doors(neighbours, &clock))),
    });
    let officers = officers(&trial.store, trial.clock.now()).await.unwrap();
    let doors = Doors::new(own(), clock, Arc::new(Believing(officers)));
    let doors = pki.answering(doors);
    assert_eq!(doors.gaps(), Vec::<&str>::new());
    let place = Place::new();
    place.open(Arc::new(doors));
    (pki, place)
}

/// RSA keys take a second each: one for all tests.
fn handles() -> Arc<SoftHandles> {
    static HANDLES: Mutex<Option<Arc<SoftHandles>>> = Mutex::new(None);
    let mut made = HANDLES.lock().unwrap_or_else(PoisonError::into_inner);
    made.get_or_insert_with(|| Arc::new(SoftHandles::new(2026))).clone()
}

fn signer_doors(
    neighbours: &Shared,
    hierarchy: &Arc<Mutex<Hierarchy>>,
    clock: &Arc<dyn Clock>,
) -> Doors {
    let verifier = Arc::new(links::SystemsOnly(vec!["lvrtc/pki".parse().unwrap()]));
    let (issues, changes, lists) = (neighbours.clone(), neighbours.clone(), neighbours.clone());
    let (issuer, time) = (hierarchy.clone(), clock.clone());
    let until = clock.clone();
    Doors::new("lvrtc/ca-signer".parse().unwrap(), clock.clone(), verifier)
        .taking(SIGNER_TABLE)
        .answer(move |_: Asked, issue: Issue| {
            std::future::ready(issued(&mut issues.lock().unwrap(), &issuer, &issue))
        })
        .answer(move |_: Asked, change: ChangeStatus| {
            let done = match changes.lock().unwrap().signer {
                Some(refusal) => Err(refusal),
                None => Ok(StatusChanged { status: status(change.change, time.now()) }),
            };
            std::future::ready(done)
        })
        .answer(move |_: Asked, _: CurrentList| {
            let mut neighbours = lists.lock().unwrap();
            neighbours.lists += 1;
            let list = Bytes(neighbours.lists.to_be_bytes().to_vec());
            let until = until.now().plus(Duration::from_hours(24));
            let done = neighbours.signer.map_or(Ok(SignedList { list, until }), Err);
            std::future::ready(done)
        })
}

fn status(change: ChangeOfStatus, since: base::Time) -> Status {
    match change {
        ChangeOfStatus::Suspend => Status::Suspended { since },
        ChangeOfStatus::Resume => Status::Good,
        ChangeOfStatus::Revoke { reason } => Status::Revoked { since, reason },
    }
}

fn issued(
    neighbours: &mut Neighbours,
    hierarchy: &Mutex<Hierarchy>,
    issue: &Issue,
) -> Result<Issued, SignerRefusal> {
    if let Some(refusal) = neighbours.signer {
        return Err(refusal);
    }
    let read = Jws::parse(&issue.approval, Accept::only(ISSUE, &[Alg::Es256])).unwrap();
    let approval: IssueApproval = read.unverified_claims().unwrap();
    let made = || {
        let subject = person("Anna", "Paraudziņa", "PNOXX-329912-00014");
        let hierarchy = hierarchy.lock().unwrap();
        let certificate = hierarchy.issue(Kind::PersonSign, &subject, &issue.spki.0);
        let issuing = &hierarchy.issuing;
        Issued {
            serial: base::hex(certificate.serial()),
            certificate: Bytes(certificate.der().to_vec()),
            chain: vec![Bytes(issuing.der().to_vec())],
            issuer: Digest(issuing.spki_digest()),
        }
    };
    Ok(neighbours.issued.entry(approval.id).or_insert_with(made).clone())
}

fn sam_doors(neighbours: &Shared, clock: &Arc<dyn Clock>) -> Doors {
    let verifier = Arc::new(links::SystemsOnly(vec!["lvrtc/pki".parse().unwrap()]));
    let (certifies, changes) = (neighbours.clone(), neighbours.clone());
    Doors::new("lvrtc/sam".parse().unwrap(), clock.clone(), verifier)
        .taking(sam_contract::TABLE)
        .answer(move |_: Asked, _: Certify| {
            let mut neighbours = certifies.lock().unwrap();
            let done = if neighbours.sam_silent {
                Err(SamRefusal::Busy)
            } else {
                neighbours.certified += 1;
                Ok(KeyStatus { state: CredentialState::Active })
            };
            std::future::ready(done)
        })
        .answer(move |_: Asked, change: ChangeKeyStatus| {
            let mut neighbours = changes.lock().unwrap();
            let done = if neighbours.sam_silent {
                Err(SamRefusal::Busy)
            } else {
                neighbours.changed.push((change.change, change.destroy));
                Ok(KeyStatus { state: CredentialState::Suspended })
            };
            std::future::ready(done)
        })
}

/// Believes whatever person the evidence names, the officers of the table, and the signing part.
struct Believing(BTreeMap<String, Officer>);

impl Verifier for Believing {
    fn person<'a>(
        &'a self,
        _: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        let until = "2027-01-01T00:00:00Z".parse().unwrap();
        let proof =
            evidence.parse().map(|person| PersonProof { person, level: "trial".to_owned(), until });
        Box::pin(std::future::ready(proof.map_err(|_| ProofError::Refused)))
    }

    fn officer<'a>(&'a self, kid: &'a str) -> Pending<'a, Result<Officer, ProofError>> {
        Box::pin(std::future::ready(self.0.get(kid).cloned().ok_or(ProofError::Refused)))
    }

    fn system<'a>(
        &'a self,
        _: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
