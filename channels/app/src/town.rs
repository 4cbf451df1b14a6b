//! For tests: a server with a `sam` of its own, of real keys, that checks what a phone sends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use activation_contract::app::{
    self, Activate, Answered, Challenged, Enrol, KeysOfSam, Nothing, Polled, Spoken,
};
use activation_contract::{
    Answer, Device, EnrolAnswer, Enrolment, Instruction, Invitation, Op, Outcome, Pending, Pin,
    Proof, Refusal, Request, SamKeys, Word, WordKind, typ,
};
use base::{Bytes, Clock, Digest, Id, Later, Time};
use jose::jwe::Jwe;
use jose::jwk::{Jwk, Key};
use jose::jws::{Accept, Algorithm, Jws, prepare_claims};
use keys::trial::{keeper, signer};
use keys::{AesGcm, AgreementKey, Signer, Suite, allowed};
use serde::Serialize;
use serde::de::DeserializeOwned;
use trial::FixedClock;

use crate::sam::digest;
use crate::server::{Ask, Reply, Server, Unreached};

pub(crate) enum Root {}
pub(crate) enum Answers {}
pub(crate) enum Sealed {}

impl keys::Purpose for Root {
    const NAME: &'static str = "town.root";
}
impl keys::Purpose for Answers {
    const NAME: &'static str = "town.answers";
}
impl keys::Purpose for Sealed {
    const NAME: &'static str = "town.sealed";
}

/// A clock that comes at once to where somebody waits for.
#[derive(Clone, Debug)]
pub(crate) struct Hasty(pub(crate) FixedClock);

impl Clock for Hasty {
    fn now(&self) -> Time {
        self.0.now()
    }

    fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }

    fn until(&self, at: Time) -> Later {
        self.0.pass(at.since(self.0.now()));
        Box::pin(std::future::ready(()))
    }
}

/// What the server does to what passes through it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trouble {
    /// How many activations get no answer, though `sam` does them.
    pub(crate) lost: u32,
    /// How many times `sam` says that it is being carried out.
    pub(crate) carried_out: u32,
    /// Answers are those of an earlier instruction.
    pub(crate) replay: Option<String>,
    /// What is done to each answer on its way.
    pub(crate) tamper: Option<fn(Answer) -> Answer>,
    /// Answers are signed by another key.
    pub(crate) forged: bool,
    /// The challenges that `sam` takes for old.
    pub(crate) old: BTreeSet<String>,
    /// Where the phone's browser is sent.
    pub(crate) return_to: Option<String>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) devices: BTreeMap<Id<Device>, Enrolment>,
    pub(crate) pending: Vec<Pending>,
    pub(crate) right_number: u8,
    pub(crate) said: Vec<WordKind>,
    pub(crate) instructions: Vec<Instruction>,
    pub(crate) answers: Vec<String>,
    pub(crate) outcomes: BTreeMap<String, (Digest, Outcome)>,
    pub(crate) own: Vec<Op>,
    pub(crate) trouble: Trouble,
    challenges: u32,
}

/// The server.
pub(crate) struct Town {
    pub(crate) state: Mutex<State>,
    pub(crate) clock: Hasty,
    root: Signer<Root>,
    answers: Signer<Answers>,
    forger: Signer<Answers>,
    sealed: AgreementKey<Sealed>,
    pub(crate) until: Mutex<Time>,
}

impl Town {
    pub(crate) fn new(clock: &Hasty) -> Self {
        Self {
            state: Mutex::default(),
            clock: clock.clone(),
            root: signer(keys::Algorithm::P256),
            answers: signer(keys::Algorithm::P256),
            forger: signer(keys::Algorithm::P256),
            sealed: keeper("town").make(keys::Algorithm::EcdhP256).unwrap().0,
            until: Mutex::new(Time::from_seconds(4_000_000_000)),
        }
    }

    pub(crate) fn invitation(&self) -> Invitation {
        Invitation {
            code: Bytes(vec![5; 16]),
            sam: self.root.public_key().sha256(),
            server: "http://id.localhost:8080".to_owned(),
        }
    }

    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap())
    }

    /// Lets `request` wait, with a challenge where there is nothing to choose.
    pub(crate) fn ask_of_phone(&self, request: &Request, choices: &[u8]) {
        let challenge = choices.is_empty().then(|| self.challenge());
        let request = Bytes(serde_json::to_vec_pretty(request).unwrap());
        let pending = Pending { request, choices: choices.to_vec(), challenge };
        self.with(|state| state.pending.push(pending));
    }

    fn challenge(&self) -> String {
        self.with(|state| {
            state.challenges += 1;
            format!("challenge-{}", state.challenges)
        })
    }

    fn keys(&self) -> String {
        let keys = SamKeys {
            root: Bytes(self.root.public_key().spki().to_vec()),
            encryption: Bytes(self.sealed.public_key().spki().to_vec()),
            answers: Bytes(self.answers.public_key().spki().to_vec()),
            until: *self.until.lock().unwrap(),
        };
        token(&self.root, typ::SAM_KEYS, &keys)
    }

    fn open(&self, sealed: &str) -> String {
        let jwe = Jwe::parse(sealed, typ::SEALED).unwrap();
        let plain = jwe.decrypt(&self.sealed, &AesGcm).unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    }

    fn enrol(&self, sealed: &str) -> String {
        let outer = self.open(sealed);
        let payload =
            |token: &str| Jws::parse(token, Accept::only(typ::ENROLMENT, &[Algorithm::Es256]));
        let text = |token: &str| {
            let part = token.split('.').nth(1).unwrap();
            String::from_utf8(jose::unbase64url(part).unwrap()).unwrap()
        };
        let (middle, inner) = (text(&outer), text(&text(&outer)));
        let enrolment: Enrolment = serde_json::from_str(&text(&inner)).unwrap();
        for (token, key) in [
            (&outer, &enrolment.device_key),
            (&middle, &enrolment.pin2_key),
            (&inner, &enrolment.pin1_key),
        ] {
            payload(token).unwrap().verify(&jwk(&key.0), allowed(Suite::House)).unwrap();
        }
        let answer = EnrolAnswer {
            offer: "offer".to_owned(),
            device: enrolment.device,
            person: Id::from_bytes([3; 16]),
            thumbprint: enrolment.thumbprint(),
            device_key: enrolment.device_key.clone(),
            bound: false,
            from: None,
            label: enrolment.label.clone(),
            proof: Proof::Demo,
        };
        self.with(|state| state.devices.insert(enrolment.device, enrolment));
        let forged = self.with(|state| state.trouble.forged);
        token(if forged { &self.forger } else { &self.answers }, typ::ANSWER, &answer)
    }

    fn hear(&self, body: &[u8]) -> WordKind {
        let Spoken { word } = serde_json::from_slice(body).unwrap();
        let jws = Jws::parse(&word, Accept::only(typ::WORD, &[Algorithm::Es256])).unwrap();
        let word: Word = jws.unverified_claims().unwrap();
        let key = self.with(|state| state.devices[&word.device].device_key.clone());
        jws.verify(&jwk(&key.0), allowed(Suite::House)).unwrap();
        assert_eq!(word.at, self.clock.now());
        self.with(|state| state.said.push(word.says.clone()));
        word.says
    }

    fn activate(&self, sealed: &str) -> Option<String> {
        let outer = self.open(sealed);
        let accept = Accept::only(typ::ACTIVATION, &[Algorithm::Es256]);
        let outer = Jws::parse(&outer, accept).unwrap();
        let device: Id<Device> = outer.header().kid.clone().unwrap().parse().unwrap();
        let enrolment = self.with(|state| state.devices[&device].clone());
        let verified = outer.verify(&jwk(&enrolment.device_key.0), allowed(Suite::House)).unwrap();
        let inner = String::from_utf8(verified.payload.clone()).unwrap();
        let inner =
            Jws::parse(&inner, Accept::only(typ::INSTRUCTION, &[Algorithm::Es256])).unwrap();
        let instruction: Instruction = inner.unverified_claims().unwrap();
        let key = match instruction.op.pin() {
            Some(Pin::Pin1) => &enrolment.pin1_key,
            Some(Pin::Pin2) => &enrolment.pin2_key,
            None => &enrolment.device_key,
        };
        let right = inner.verify(&jwk(&key.0), allowed(Suite::House)).is_ok();
        let outcome = self.outcome(&instruction, &digest(&verified.payload), right);
        let answer = Answer { device, request: instruction.request, at: self.clock.now(), outcome };
        self.with(|state| state.instructions.push(instruction));
        Some(self.answered(answer))
    }

    fn outcome(&self, instruction: &Instruction, inner: &Digest, right: bool) -> Outcome {
        self.with(|state| {
            let challenge = &instruction.challenge;
            if state.trouble.old.contains(challenge) {
                return Outcome::Refused { why: Refusal::ChallengeOld };
            }
            if let Some((spent_by, outcome)) = state.outcomes.get(challenge) {
                return if spent_by == inner {
                    outcome.clone()
                } else {
                    Outcome::Refused { why: Refusal::ChallengeSpent }
                };
            }
            let done = Outcome::Done { signatures: Vec::new(), credential: None, statement: None };
            let outcome = if right { done } else { Outcome::WrongPin { left: 2 } };
            state.outcomes.insert(challenge.clone(), (*inner, outcome.clone()));
            outcome
        })
    }

    fn answered(&self, answer: Answer) -> String {
        let trouble = self.with(|state| state.trouble.clone());
        let mut answer = trouble.tamper.map_or(answer.clone(), |tamper| tamper(answer));
        if trouble.carried_out > 0 {
            self.with(|state| state.trouble.carried_out -= 1);
            answer.outcome = Outcome::BeingCarriedOut;
        }
        let key = if trouble.forged { &self.forger } else { &self.answers };
        let fresh = token(key, typ::ANSWER, &answer);
        self.with(|state| state.answers.push(fresh.clone()));
        trouble.replay.unwrap_or(fresh)
    }

    fn route(&self, ask: &Ask) -> Result<Reply, Unreached> {
        let body = ask.body.as_deref().unwrap_or_default();
        let path = ask.path.split('?').next().unwrap();
        match path {
            app::SAM_KEYS => Ok(said(&KeysOfSam { keys: self.keys() })),
            app::ENROL => {
                let Enrol { sealed } = serde_json::from_slice(body).unwrap();
                Ok(said(&Answered { answer: self.enrol(&sealed), return_to: None }))
            }
            app::ACTIVATE => {
                let Activate { sealed, own } = serde_json::from_slice(body).unwrap();
                let answer = self.activate(&sealed).unwrap();
                self.with(|state| {
                    state.own.extend(own);
                    if state.trouble.lost > 0 {
                        state.trouble.lost -= 1;
                        return Err(Unreached);
                    }
                    let return_to = state.trouble.return_to.clone();
                    Ok(said(&Answered { answer, return_to }))
                })
            }
            _ => Ok(self.word(body)),
        }
    }

    fn word(&self, body: &[u8]) -> Reply {
        match self.hear(body) {
            WordKind::Poll => said(&Polled {
                pending: self.with(|state| state.pending.clone()),
                notices: Vec::new(),
                browsers: Vec::new(),
                user_number: "41702265".to_owned(),
                frozen: false,
            }),
            WordKind::Claim { code } if code == "BCDF2345" => {
                let mut pending = self.with(|state| state.pending[0].clone());
                pending.challenge = Some(self.challenge());
                said(&pending)
            }
            WordKind::Choose { number, .. } if number == self.with(|state| state.right_number) => {
                let challenge = Some(self.challenge());
                let mut pending = self.with(|state| state.pending[0].clone());
                (pending.choices, pending.challenge) = (Vec::new(), challenge);
                self.with(|state| state.pending[0] = pending.clone());
                said(&pending)
            }
            WordKind::Claim { .. } => refused(404, "not-found"),
            WordKind::Choose { .. } => refused(409, "wrong-number"),
            WordKind::Refuse { .. } | WordKind::Browser { .. } => said(&Nothing {}),
            WordKind::Challenge { .. } => said(&Challenged { challenge: self.challenge() }),
        }
    }
}

impl Server for Town {
    async fn ask(&self, ask: Ask) -> Result<Reply, Unreached> {
        assert_eq!(ask.server, "http://id.localhost:8080");
        self.route(&ask)
    }
}

fn said<T: Serialize>(what: &T) -> Reply {
    Reply { status: 200, body: serde_json::to_vec(what).unwrap() }
}

fn refused(status: u16, kind: &str) -> Reply {
    let body = format!(r#"{{"type":"urn:sakta:problem:{kind}","title":"No.","status":{status}}}"#);
    Reply { status, body: body.into_bytes() }
}

fn token<K: keys::Purpose, T: Serialize>(key: &Signer<K>, typ: &str, claims: &T) -> String {
    let header = key.token_header(typ).unwrap();
    key.sign_token(prepare_claims(&header, claims).unwrap()).unwrap()
}

fn jwk(spki: &[u8]) -> Jwk {
    Jwk::from(Key::from_spki(spki).unwrap())
}

/// The JSON of what was kept, changed.
pub(crate) fn changed<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    change: impl FnOnce(&mut T),
) -> Vec<u8> {
    let mut form = serde_json::from_slice(bytes).unwrap();
    change(&mut form);
    serde_json::to_vec(&form).unwrap()
}
