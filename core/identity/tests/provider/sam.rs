//! A stand-in for `sam`: real signatures under one key, its rules left out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use activation_contract::{
    Answer, Device, DeviceChange, DeviceStatement, EnrolAnswer, Outcome, Proof, Statement, typ,
};
use base::{Bytes, Clock, Digest, Id, PersonId};
use jose::jws;
use keys::Signer;
use links::{Asked, Doors, Link, Party, Place, SystemsOnly};
use sam_contract::{
    Activate, Answered, Challenge, Challenged, Enrol, FreezeByCode, Frozen, Keys, KeysOf,
    SamRefusal,
};
use serde::Serialize;
use trial::FixedClock;

use crate::handset::Sealed;
use crate::world::{Anyone, party};

/// How the stand-in of `sam` behaves.
#[derive(Debug)]
pub(crate) struct Sam {
    pub(crate) key: Signer<Anyone>,
    pub(crate) clock: FixedClock,
    /// What it states instead of the truth.
    pub(crate) twist: Mutex<Twist>,
    /// How often it acted; the same sealed bytes act once.
    pub(crate) outcomes: Mutex<BTreeMap<String, String>>,
    pub(crate) freezes: Mutex<Vec<PersonId>>,
    pub(crate) freeze_code: Mutex<Option<(PersonId, Digest)>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Twist {
    pub(crate) client: Option<String>,
    pub(crate) person: Option<PersonId>,
    pub(crate) number: Option<u8>,
    pub(crate) level: Option<String>,
    pub(crate) life_min: Option<u64>,
    pub(crate) silent: bool,
}

impl Sam {
    fn said<T: Serialize>(&self, typ: &str, what: &T) -> String {
        let header = self.key.token_header(typ).unwrap();
        self.key.sign_token(jws::prepare_claims(&header, what).unwrap()).unwrap()
    }

    pub(crate) fn enrolled(
        &self,
        person: PersonId,
        device: Id<Device>,
        key: &Signer<Anyone>,
        bound: bool,
    ) -> String {
        let answer = EnrolAnswer {
            offer: "offer".to_owned(),
            device,
            person,
            thumbprint: Digest([0; 32]),
            device_key: Bytes(key.public_key().spki().to_vec()),
            bound,
            from: None,
            label: "Telefons".to_owned(),
            proof: Proof::Demo,
        };
        self.said(typ::ANSWER, &answer)
    }

    fn activate(&self, sealed: &str) -> Result<String, SamRefusal> {
        let twist = self.twist.lock().unwrap().clone();
        if twist.silent {
            return Err(SamRefusal::Busy);
        }
        let mut outcomes = self.outcomes.lock().unwrap();
        if let Some(before) = outcomes.get(sealed) {
            return Ok(before.clone());
        }
        let read: Sealed = serde_json::from_str(sealed).map_err(|_| SamRefusal::Unreadable)?;
        let outcome = match read.pin.as_str() {
            "1234" => Outcome::Done {
                signatures: Vec::new(),
                credential: None,
                statement: Some(match read.change {
                    Some(change) => self.device_statement(&read, change),
                    None => self.statement(&read, &twist),
                }),
            },
            _ if read.freeze => {
                self.freezes.lock().unwrap().push(read.person);
                Outcome::Done { signatures: Vec::new(), credential: None, statement: None }
            }
            _ => Outcome::WrongPin { left: 2 },
        };
        let at = self.clock.now();
        let answer = Answer { device: read.device, request: read.request, at, outcome };
        let answer = self.said(typ::ANSWER, &answer);
        outcomes.insert(sealed.to_owned(), answer.clone());
        Ok(answer)
    }

    fn device_statement(&self, read: &Sealed, change: DeviceChange) -> String {
        let (person, by, time) = (read.person, read.device, self.clock.now());
        let id = read.request.to_string();
        self.said(typ::DEVICE, &DeviceStatement { id, person, by, change, time })
    }

    fn statement(&self, read: &Sealed, twist: &Twist) -> String {
        let now = self.clock.now();
        let life = std::time::Duration::from_mins(twist.life_min.unwrap_or(30));
        self.said(
            typ::STATEMENT,
            &Statement {
                person: twist.person.unwrap_or(read.person),
                client: twist.client.clone().unwrap_or(read.client.clone()),
                request: read.request,
                chosen_number: twist.number.or(read.chosen),
                level: twist.level.clone().unwrap_or(country::DEMO_ACR.to_owned()),
                time: now,
                until: now.plus(life),
                device: read.device,
            },
        )
    }
}

pub(crate) fn sam_link(sam: &Arc<Sam>, from: &Party, clock: &Arc<dyn Clock>) -> Link {
    let own = || Arc::clone(sam);
    let (a, b, c, d) = (own(), own(), own(), own());
    let doors = Doors::new(
        party("lvrtc/sam"),
        Arc::clone(clock),
        Arc::new(SystemsOnly(vec![from.clone()])),
    )
    .taking(sam_contract::TABLE)
    .answer(move |_: Asked, ask: Challenge| {
        let until = a.clock.now();
        let challenge = format!("challenge of {} for {:?}", ask.device, ask.op);
        std::future::ready(Ok(Challenged { challenge, until }))
    })
    .answer(move |_: Asked, activate: Activate| {
        std::future::ready(b.activate(&activate.sealed).map(|answer| Answered { answer }))
    })
    .answer(move |_: Asked, enrol: Enrol| {
        let answer = match serde_json::from_str::<EnrolAnswer>(&enrol.sealed) {
            Ok(answer) => c.said(typ::ANSWER, &answer),
            Err(_) => c.said(typ::ANSWER, &enrol.sealed),
        };
        std::future::ready(Ok(Answered { answer }))
    })
    .answer(move |_: Asked, freeze: FreezeByCode| {
        let fits = *d.freeze_code.lock().unwrap() == Some((freeze.person, freeze.code));
        d.freezes.lock().unwrap().push(freeze.person);
        std::future::ready(Ok(Frozen { frozen: fits, statement: None }))
    })
    .answer(move |_: Asked, _: KeysOf| {
        std::future::ready(Ok(Keys { keys: "keys under the root key".to_owned() }))
    });
    let place = Place::new();
    place.open(Arc::new(doors));
    place.link(from.clone(), Arc::clone(clock))
}
