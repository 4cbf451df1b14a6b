//! Stand-ins of the systems that the portal asks: they check evidence and keep what they are
//! told, as the contracts say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use activation_contract::Outcome;
use base::{Bytes, Clock, Digest, PersonId, Time};
use identity_contract::{
    Ask, AskState, AskedOf, BrowsersAndDevices, Evidence, Exchange, ForgetBrowser, FreezeByCode,
    IdentityRefusal, MeansOf, Notify, SessionsSince,
};
use links::{Asked, Doors, Party, Pending, PersonProof, ProofError, Proved, Verifier};
use persons_contract::{
    Confidence, FactId, FindRefusal, LookCheckpoint, LookProof, LookResult, LookRow, LookSaid,
    LooksAnswer, LooksRefusal, NameForm, OwnEntry, OwnLookProof, OwnLooks, Person, Source, Value,
};
use pki_contract::{
    Application, ApplicationState, ApplicationsOf, Apply, ApproveApplication, Approved,
    CertificateRow, CertificatesOf, Demand, DemandState, PkiRefusal, Reason, Status, Subject,
};
use sha2::{Digest as _, Sha256};
use signing_contract::{
    BeginDocument, BeginSigning, Check, Checked, Document, DocumentKind, Documents, DocumentsOf,
    FileAddress, FileAt, FinishDocument, History, PutChunk, Session, SessionOf, SessionState,
    Shown, Signing, SigningOutcome, SigningRefusal, Signings,
};
use trial::FixedClock;

use crate::world::{ANNA, JANIS};

pub(crate) struct Neighbours {
    clock: Arc<FixedClock>,
    told: Mutex<Told>,
}

/// What they were told, and what they hold.
#[derive(Default)]
pub(crate) struct Told {
    challenge: String,
    pub(crate) by_qr: bool,
    pub(crate) frozen: Vec<(String, String)>,
    pub(crate) forgotten: Vec<String>,
    pub(crate) notified: Vec<String>,
    pub(crate) documents: Vec<(Option<PersonId>, Document, Vec<u8>)>,
    pub(crate) sessions: BTreeMap<String, (PersonId, Session)>,
    pub(crate) report: String,
    /// What the phone was asked, and what became of it.
    pub(crate) asked: Vec<activation_contract::Request>,
    pub(crate) answer: Option<AskState>,
    pub(crate) certificates: Vec<CertificateRow>,
    pub(crate) demands: Vec<Demand>,
    pub(crate) applications: Vec<Application>,
    /// Applications that were completed: approval and key.
    pub(crate) completed: Vec<ApproveApplication>,
    pub(crate) silent: bool,
    /// Sessions that began before have ended.
    pub(crate) sessions_since: Option<Time>,
}

struct Evidences(Arc<FixedClock>);

impl Verifier for Evidences {
    fn person<'a>(
        &'a self,
        from: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        let known = [ANNA, JANIS].into_iter().find(|(code, _)| evidence == format!("{code}.jws"));
        let until = self.0.now().plus(Duration::from_mins(10));
        let proof = known
            .filter(|_| from.to_string() == "lvrtc/portal")
            .map(|(_, person)| PersonProof { person, level: "demo".to_owned(), until });
        Box::pin(std::future::ready(proof.ok_or(ProofError::Refused)))
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

impl Neighbours {
    pub(crate) fn at(clock: Arc<FixedClock>) -> Arc<Self> {
        Arc::new(Self { clock, told: Mutex::default() })
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap()
    }

    /// The challenge of the login that comes back next.
    pub(crate) fn challenge(&self, challenge: &str) {
        challenge.clone_into(&mut self.told().challenge);
    }

    pub(crate) fn doors(self: &Arc<Self>, name: &str) -> Option<Doors> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let verifier = Arc::new(Evidences(Arc::clone(&self.clock)));
        let doors = Doors::new(name.parse().unwrap(), clock, verifier);
        match name {
            "pmlp/persons" => Some(self.persons(doors)),
            "lvrtc/identity" => Some(self.identity(doors)),
            "lvrtc/signing" => Some(self.signing(doors)),
            "lvrtc/pki" => Some(self.pki(doors)),
            _ => None,
        }
    }

    fn identity(self: &Arc<Self>, doors: Doors) -> Doors {
        let all: Vec<Arc<Self>> = (0..8).map(|_| self.clone()).collect();
        let [a, b, c, d, e, f, g, h] = all.try_into().ok().unwrap();
        doors
            .taking(identity_contract::TABLE)
            .answer(move |_, ask: Exchange| {
                let answer = a.exchanged(&ask);
                async move { answer }
            })
            .answer(move |asked: Asked, of: SessionsSince| {
                assert_eq!(person(&asked), Some(of.person));
                let since = h.told().sessions_since.unwrap_or(Time::from_seconds(0));
                async move { Ok::<_, IdentityRefusal>(since) }
            })
            .answer(move |asked: Asked, ask: MeansOf| {
                let answer = b.means(&asked, &ask);
                async move { answer }
            })
            .answer(move |_, ask: ForgetBrowser| {
                c.told().forgotten.push(ask.browser);
                async move { Ok::<_, IdentityRefusal>(()) }
            })
            .answer(move |_, ask: FreezeByCode| {
                d.told().frozen.push((ask.user_number, ask.code));
                async move { Ok::<_, IdentityRefusal>(()) }
            })
            .answer(move |_, ask: Notify| {
                e.told().notified.push(ask.kind);
                async move { Ok(identity_contract::Delivery::Waiting) }
            })
            .answer(move |asked: Asked, ask: Ask| {
                assert_eq!(person(&asked), Some(ask.person));
                let request: activation_contract::Request =
                    serde_json::from_slice(&ask.request.0).unwrap();
                let (id, until) = (request.id.clone(), request.until);
                f.told().asked.push(request);
                let answer = identity_contract::Asked { request: id, until };
                async move { Ok::<_, IdentityRefusal>(answer) }
            })
            .answer(move |_, _: AskedOf| {
                let answer = g.told().answer.clone().unwrap_or(AskState::Waiting);
                async move { Ok::<_, IdentityRefusal>(answer) }
            })
    }

    fn pki(self: &Arc<Self>, doors: Doors) -> Doors {
        let (a, b) = (self.clone(), self.clone());
        let (c, d, e) = (self.clone(), self.clone(), self.clone());
        doors
            .taking(pki_contract::TABLE)
            .answer(move |asked: Asked, apply: Apply| {
                let Subject::Person { person: named, .. } = &apply.subject else { panic!() };
                assert_eq!(person(&asked), Some(*named), "each for themselves");
                let mut told = c.told();
                let application = Application {
                    id: format!("{:032x}", told.applications.len() + 1),
                    apply,
                    profile: Digest([4; 32]),
                    at: c.clock.now(),
                    state: ApplicationState::Waiting,
                };
                told.applications.insert(0, application.clone());
                async move { Ok::<_, PkiRefusal>(application) }
            })
            .answer(move |asked: Asked, of: ApplicationsOf| {
                assert_eq!(person(&asked), Some(of.person));
                let all = d.told().applications.clone();
                let own = if of.person == ANNA.1 { all } else { Vec::new() };
                async move { Ok::<_, PkiRefusal>(pki_contract::Pending { applications: own }) }
            })
            .answer(move |_, complete: ApproveApplication| {
                e.certify();
                let mut told = e.told();
                let serial = told.certificates[0].serial.clone();
                told.applications[0].state = ApplicationState::Issued { serial };
                told.completed.push(complete);
                let application = told.applications[0].clone();
                async move { Ok::<_, PkiRefusal>(Approved { application, certificate: None }) }
            })
            .answer(move |asked: Asked, of: CertificatesOf| {
                assert_eq!(person(&asked), Some(of.person));
                let all = a.told().certificates.clone();
                let own = if of.person == ANNA.1 { all } else { Vec::new() };
                async move { Ok::<_, PkiRefusal>(own) }
            })
            .answer(move |_, demand: Demand| {
                b.revoke(&demand.serial);
                b.told().demands.push(demand);
                async move { Ok::<_, PkiRefusal>(DemandState::Done) }
            })
    }

    /// Once: the same demand again changes nothing.
    fn revoke(&self, serial: &str) {
        let since = self.clock.now();
        let mut told = self.told();
        let good = told.certificates.iter_mut().filter(|row| row.status == Status::Good);
        for row in good.filter(|row| row.serial == serial) {
            row.status = Status::Revoked { since, reason: Reason::Unspecified };
        }
    }

    /// Anna has a certificate.
    pub(crate) fn certify(&self) {
        let now = self.clock.now();
        self.told().certificates.push(CertificateRow {
            certificate: Bytes(vec![0x30, 0]),
            chain: Vec::new(),
            serial: "4f2a910c".to_owned(),
            issuer: Digest([3; 32]),
            profile: "person".to_owned(),
            credential: Some("05".repeat(16)),
            valid_from: now,
            valid_until: now.plus(Duration::from_hours(24)),
            status: Status::Good,
            demanded: None,
        });
    }

    fn exchanged(&self, ask: &Exchange) -> Result<Evidence, IdentityRefusal> {
        let told = self.told();
        let challenge = Bytes(Sha256::digest(ask.code_verifier.as_bytes()).to_vec()).to_string();
        let fits =
            challenge == told.challenge && ask.redirect_uri == "http://portal.localhost/callback";
        let known = [(ANNA, "Anna Parauga"), (JANIS, "Jānis Piemērs")];
        let known = known.into_iter().find(|((code, _), _)| *code == ask.code);
        let ((code, person), name) = known.filter(|_| fits).ok_or(IdentityRefusal::Evidence)?;
        Ok(Evidence {
            person,
            name: name.to_owned(),
            statement: format!("{code}.jws"),
            until: self.clock.now().plus(Duration::from_mins(10)),
            by_qr: told.by_qr,
            acr: "urn:sakta:acr:demo".to_owned(),
        })
    }

    fn means(&self, asked: &Asked, ask: &MeansOf) -> Result<BrowsersAndDevices, IdentityRefusal> {
        if person(asked) != Some(ask.person) {
            return Err(IdentityRefusal::Unknown);
        }
        Ok(BrowsersAndDevices {
            devices: vec![identity_contract::Means {
                device: base::Id::from_bytes([7; 16]),
                label: "Annas tālrunis".to_owned(),
                proof: serde_json::from_str("\"demo\"").unwrap(),
                since: self.clock.now(),
                ended: None,
            }],
            browsers: vec![identity_contract::Browser {
                id: "b1".to_owned(),
                label: "Firefox, Linux".to_owned(),
                used: self.clock.now(),
            }],
            user_number: "41702265".to_owned(),
            frozen: false,
        })
    }

    fn persons(self: &Arc<Self>, doors: Doors) -> Doors {
        let (a, b) = (self.clone(), self.clone());
        doors
            .taking(persons_contract::TABLE)
            .answer(move |asked: Asked, _: OwnEntry| {
                let silent = a.told().silent;
                async move {
                    let id = person(&asked).ok_or(FindRefusal::NotPermitted)?;
                    if silent { Err(FindRefusal::Unavailable) } else { Ok(entry(id)) }
                }
            })
            .answer(move |asked: Asked, ask: OwnLooks| {
                let answer = b.looks(&asked, &ask);
                async move { answer }
            })
            .answer(move |asked: Asked, ask: OwnLookProof| async move {
                let anna = person(&asked) == Some(ANNA.1) && ask.position == 18_202;
                let text = "c2sp.org/tlog-proof@v1\n".to_owned();
                if anna { Ok(LookProof { text }) } else { Err(LooksRefusal::NotFound) }
            })
    }

    fn looks(&self, asked: &Asked, ask: &OwnLooks) -> Result<LooksAnswer, LooksRefusal> {
        let (at, log) = (self.clock.now(), "pmlp/persons".to_owned());
        if self.told().silent {
            return Err(LooksRefusal::Unavailable);
        }
        let anna = person(asked) == Some(ANNA.1);
        let rows = [(18_203, true), (18_202, false)].into_iter().filter(|_| anna);
        let row = |(position, own)| LookRow {
            day: ask.to,
            position,
            class: "look".to_owned(),
            said: Some(LookSaid {
                at,
                system: "vdaa/office".to_owned(),
                operation: "persons/find".to_owned(),
                institution: if own { "pmlp" } else { "Paraugpilsētas dome" }.to_owned(),
                own,
                purpose: if own { "own-data" } else { "service" }.to_owned(),
                legal_basis: "Paraugu likums, 5. pants".to_owned(),
                case: None,
                groups: vec!["names".to_owned(), "address".to_owned()],
                result: LookResult::Returned,
            }),
            checkpoint: LookCheckpoint { size: 61_377, root: Digest([0xb7; 32]), at },
        };
        Ok(LooksAnswer { log, recorded_until: at, rows: rows.map(row).collect(), cut: false })
    }

    fn signing(self: &Arc<Self>, doors: Doors) -> Doors {
        let all: Vec<Arc<Self>> = (0..9).map(|_| self.clone()).collect();
        let [a, b, c, d, e, f, g, h, i] = all.try_into().ok().unwrap();
        doors
            .taking(signing_contract::TABLE)
            .answer(move |asked: Asked, ask: BeginDocument| {
                let answer = a.begin(&asked, ask);
                async move { answer }
            })
            .answer(move |asked: Asked, ask: PutChunk| {
                let answer = b.put(&asked, &ask);
                async move { answer }
            })
            .answer(move |asked: Asked, ask: FinishDocument| {
                let answer = c.finish(&asked, &ask);
                async move { answer }
            })
            .answer(move |asked: Asked, _: DocumentsOf| {
                let told = d.told();
                let own = told.documents.iter().filter(|one| one.0 == person(&asked));
                let documents = own.map(|(_, document, _)| document.clone()).collect();
                async move { Ok::<_, SigningRefusal>(Documents { documents }) }
            })
            .answer(move |asked: Asked, ask: FileAddress| {
                let found = e.document(&asked, &ask.document);
                let until = e.clock.now();
                let path = format!("/{}", "ab".repeat(16));
                async move { found.map(|_| FileAt { path, until }) }
            })
            .answer(move |asked: Asked, ask: BeginSigning| {
                let answer = f.sign(&asked, &ask);
                async move { answer }
            })
            .answer(move |asked: Asked, ask: SessionOf| {
                let told = g.told();
                let found = told.sessions.get(&ask.session);
                let found = found.filter(|(whose, _)| Some(*whose) == person(&asked));
                let answer = found.map(|(_, session)| session.clone());
                async move { answer.ok_or(SigningRefusal::Unknown) }
            })
            .answer(move |asked: Asked, ask: Check| {
                let (found, report) = (h.document(&asked, &ask.document), h.told().report.clone());
                async move { found.map(|document| Checked { document, report }) }
            })
            .answer(move |asked: Asked, _: History| {
                let signings = i.history(&asked);
                async move { Ok::<_, SigningRefusal>(Signings { signings }) }
            })
    }

    fn history(&self, asked: &Asked) -> Vec<Signing> {
        let told = self.told();
        let own = told.sessions.values().filter(|(whose, _)| Some(*whose) == person(asked));
        let one = |session: &Session| Signing {
            id: session.id.clone(),
            at: session.document.at,
            client: "portal".to_owned(),
            place: String::new(),
            serial: String::new(),
            control_code: session.control_code,
            count: 1,
            shown: vec![Shown {
                label: session.document.name.clone(),
                media_type: String::new(),
                size: session.document.size,
                digest: session.document.digest,
            }],
            outcome: match &session.state {
                SessionState::Signed { signed } => {
                    SigningOutcome::Signed { document: signed.id.clone() }
                }
                _ => SigningOutcome::Open,
            },
        };
        own.map(|(_, session)| one(session)).collect()
    }

    fn begin(&self, asked: &Asked, ask: BeginDocument) -> Result<String, SigningRefusal> {
        let mut told = self.told();
        let id = format!("d{}", told.documents.len());
        let document = Document {
            id: id.clone(),
            name: ask.name,
            media_type: ask.media_type,
            size: 0,
            digest: Digest([0; 32]),
            kind: ask.kind,
            at: self.clock.now(),
        };
        told.documents.push((person(asked), document, Vec::new()));
        Ok(id)
    }

    fn put(&self, asked: &Asked, ask: &PutChunk) -> Result<(), SigningRefusal> {
        assert!(ask.bytes.0.len() <= signing_contract::CHUNK_BYTES_MAX);
        let mut told = self.told();
        let own = told.documents.iter_mut();
        let mut own = own.filter(|one| one.0 == person(asked) && one.1.id == ask.document);
        let (_, _, bytes) = own.next().ok_or(SigningRefusal::Unknown)?;
        let so_far = u32::try_from(bytes.len() / signing_contract::CHUNK_BYTES_MAX).unwrap();
        assert_eq!(ask.number, so_far, "chunks come in order");
        bytes.extend_from_slice(&ask.bytes.0);
        Ok(())
    }

    fn finish(&self, asked: &Asked, ask: &FinishDocument) -> Result<Document, SigningRefusal> {
        let mut told = self.told();
        let own = told.documents.iter_mut();
        let mut own = own.filter(|one| one.0 == person(asked) && one.1.id == ask.document);
        let (_, document, bytes) = own.next().ok_or(SigningRefusal::Unknown)?;
        if u64::try_from(bytes.len()).unwrap() != ask.size {
            return Err(SigningRefusal::Chunks);
        }
        let to_sign = document.kind == DocumentKind::ToSign;
        if to_sign && !bytes.starts_with(b"%PDF-") {
            return Err(SigningRefusal::Document { kind: "not-pdf".to_owned() });
        }
        document.size = ask.size;
        document.digest = Digest(Sha256::digest(&*bytes).into());
        Ok(document.clone())
    }

    fn document(&self, asked: &Asked, id: &str) -> Result<Document, SigningRefusal> {
        let told = self.told();
        let mut own = told.documents.iter().filter(|one| one.0 == person(asked) && one.1.id == id);
        own.next().map(|(_, document, _)| document.clone()).ok_or(SigningRefusal::Unknown)
    }

    fn sign(&self, asked: &Asked, ask: &BeginSigning) -> Result<Session, SigningRefusal> {
        let document = self.document(asked, &ask.document)?;
        let mut told = self.told();
        let session = Session {
            id: format!("s{}", told.sessions.len()),
            document,
            control_code: 471,
            until: self.clock.now().plus(Duration::from_mins(5)),
            state: SessionState::WaitingForPhone,
        };
        let whose = person(asked).ok_or(SigningRefusal::Evidence)?;
        told.sessions.insert(session.id.clone(), (whose, session.clone()));
        Ok(session)
    }
}

fn person(asked: &Asked) -> Option<PersonId> {
    match &asked.behalf {
        Proved::Person(proof) => Some(proof.person),
        _ => None,
    }
}

fn entry(id: PersonId) -> Person {
    let (given, surname) = if id == ANNA.1 { ("Anna", "Parauga") } else { ("Jānis", "Piemērs") };
    let fact = |number: u8, value| persons_contract::Fact {
        id: FactId::from_bytes([number; 16]),
        value,
        from: "1990-05".parse().ok(),
        to: None,
        writer: "pmlp".to_owned(),
        basis: "test".to_owned(),
        source: Source {
            kind: "act".to_owned(),
            number: None,
            date: None,
            issuer: "simulation".to_owned(),
        },
        confidence: Confidence::Verified,
        disputed: false,
        recorded_at: base::Time::EPOCH,
    };
    let name = Value::Name {
        form: NameForm::National,
        given: vec![given.to_owned()],
        surname: vec![surname.to_owned()],
    };
    let birth = Value::Birth {
        date: "1990-05-12".parse().unwrap(),
        place: Some("Paraugpilsēta".to_owned()),
        country: Some("LV".to_owned()),
    };
    let status = Value::Status { status: "citizen".to_owned(), ground: None };
    let code = if id == ANNA.1 { "PNOLV-329900-00145" } else { "PNOLV-329912-00014" };
    let reason = persons_contract::CodeReason::First;
    let code = Value::Code { code: code.parse().unwrap(), reason };
    let facts = vec![fact(1, name), fact(2, birth), fact(3, status), fact(4, code)];
    Person { id, revision: 1, on: "2026-05-12".parse().unwrap(), facts }
}

/// A phone has answered, and `sam` so.
pub(crate) fn answered(outcome: Outcome) -> AskState {
    AskState::Answered { outcome, answer: "answer.of.sam".to_owned() }
}

/// `sam` has done it and states so.
pub(crate) fn done() -> AskState {
    let statement = Some("statement.of.sam".to_owned());
    answered(Outcome::Done { signatures: Vec::new(), credential: None, statement })
}
