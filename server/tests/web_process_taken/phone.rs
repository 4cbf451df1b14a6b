//! Anna's phone, and whoever carries its words.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use activation_contract::app::{ACTIVATE, Activate as Carried};
use activation_contract::{Answer, Device, Instruction, Item, Op, Outcome, Pin, Refusal};
use activation_contract::{ToBeSigned, typ};
use app::{Ask, Consent, Cost, Lock, Phone, PinCode, Reply, Server, Talk, Unreached};
use axum::body::Body;
use base::{Bytes, Digest, Id, Locale, PersonId, hex};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jose::jws::{Accept, Algorithm, Jws};
use sam_contract::{Activate, Challenge, CredentialState, Devices, DevicesOf};

use crate::Check;
use crate::attacks::sam_keys;
use crate::forged;
use crate::house::{House, refused};

/// The web, as it carries a phone's words: it keeps what was sealed to `sam`.
struct Carrier {
    port: u16,
    client: Client<HttpConnector, Body>,
    kept: Mutex<Vec<String>>,
}

impl Carrier {
    fn new(house: &House) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { port: house.port("web"), client, kept: Mutex::default() }
    }

    async fn send(&self, path: &str, kind: &str, body: Option<Vec<u8>>) -> Option<Reply> {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            .header(header::HOST, format!("id.localhost:{}", self.port))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body.unwrap_or_default()))
            .ok()?;
        let answer = self.client.request(request).await.ok()?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.ok()?.to_bytes().to_vec();
        Some(Reply { status, body })
    }

    /// What was sealed last.
    fn last(&self) -> String {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).last().unwrap().clone()
    }
}

impl Server for Carrier {
    async fn ask(&self, ask: Ask) -> Result<Reply, Unreached> {
        if ask.path == ACTIVATE {
            let carried: Carried = serde_json::from_slice(ask.body.as_deref().unwrap()).unwrap();
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(carried.sealed);
        }
        self.send(&ask.path, "application/json", ask.body).await.ok_or(Unreached)
    }
}

fn anna(house: &House) -> Phone {
    let folder = house.anna()["phone"].as_str().unwrap().to_owned();
    let read = |name: &str| std::fs::read(Path::new(&folder).join(name)).unwrap();
    let lock = Lock::new(read("lock").try_into().unwrap());
    Phone::parse(&read("phone.json"), &lock).unwrap()
}

/// Anna takes a login of the command line on her phone, with `pin1`.
async fn login(house: &House, carrier: &Carrier, pin1: &str) -> Result<Outcome, String> {
    let form = b"client_id=sakta-cli&scope=openid".to_vec();
    let kind = "application/x-www-form-urlencoded";
    let begun = carrier.send("/device_authorization", kind, Some(form)).await;
    let begun = begun.ok_or("no login begins")?.body;
    let begun: serde_json::Value = serde_json::from_slice(&begun).map_err(|why| why.to_string())?;
    let code = begun["user_code"].as_str().ok_or(format!("no login begins: {begun}"))?;
    let (clock, chance) = (house.clock.as_ref(), house.chance.as_ref());
    let talk = Talk { server: carrier, clock, chance, cost: Cost::NOW };
    let mut phone = anna(house);
    let waiting = talk.claim(&mut phone, code).await.map_err(|why| why.to_string())?;
    let pin = PinCode::new(Pin::Pin1, pin1).unwrap();
    let consent = Consent { pin: &pin, language: Locale::En };
    let done = talk.approve(&mut phone, &waiting, consent).await;
    Ok(done.map_err(|why| why.to_string())?.outcome)
}

/// What `sam` says to sealed words that the web brings.
async fn told(house: &House, sealed: &str) -> Result<Outcome, String> {
    let answer = house.ask(("identity", "sam"), Activate { sealed: sealed.to_owned() }).await;
    let answer = answer.map_err(|why| format!("{why:?}"))?.answer;
    let read = Jws::parse(&answer, Accept::only(typ::ANSWER, &[Algorithm::Es256])).unwrap();
    Ok(read.unverified_claims::<Answer>().unwrap().outcome)
}

async fn means(house: &House) -> Devices {
    let person = anna(house).person().unwrap();
    house.ask(("identity", "sam"), DevicesOf { person }).await.unwrap()
}

fn is(what: &str, holds: bool) -> Check {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn right_pin(house: &House) -> String {
    house.anna()["pin1"].as_str().unwrap().to_owned()
}

pub(crate) async fn replay(house: &House) -> Check {
    let carrier = Carrier::new(house);
    let done = login(house, &carrier, &right_pin(house)).await?;
    is("the phone did not log in", matches!(done, Outcome::Done { .. }))?;
    let sealed = carrier.last();
    for _ in 0..3 {
        is("another statement was made", told(house, &sealed).await? == done)?;
    }
    Ok(())
}

async fn challenge(house: &House, device: Id<Device>, op: Op) -> String {
    house.ask(("identity", "sam"), Challenge { device, op }).await.unwrap().challenge
}

fn item(label: &str, digest: Digest, dtbs: Option<ToBeSigned>) -> Item {
    let (label, media_type) = (label.to_owned(), String::new());
    Item { label, media_type, size: 1, document_digest: digest, dtbs }
}

/// What an attacker would have each operation do.
fn wish(op: Op, means: &Devices, told: Instruction) -> Instruction {
    let key = &means.credentials[0];
    let certificate = Digest(keys::sha256(&key.certificate.as_ref().unwrap().0));
    let (credential, items) = match op {
        Op::Sign => {
            let dtbs = ToBeSigned { alg: "sha-256".to_owned(), digest: Bytes(vec![7; 32]) };
            (Some(key.credential), vec![item("contract.pdf", Digest([7; 32]), Some(dtbs))])
        }
        Op::Suspend | Op::Revoke => {
            (Some(key.credential), vec![item("certificate", certificate, None)])
        }
        Op::EnrolDevice | Op::SetPin => (None, vec![item(&hex(&[7; 32]), Digest([7; 32]), None)]),
        Op::EndDevice => (None, vec![item(&told.device.to_string(), Digest([7; 32]), None)]),
        Op::MakeKey => (None, vec![item("attack", Digest([7; 32]), None)]),
        Op::Login | Op::Freeze => (None, Vec::new()),
    };
    let count = u32::try_from(items.len()).unwrap();
    Instruction { credential, items, count, ..told }
}

const OPS: [Op; 9] = [
    Op::Login,
    Op::Sign,
    Op::MakeKey,
    Op::EnrolDevice,
    Op::SetPin,
    Op::EndDevice,
    Op::Suspend,
    Op::Revoke,
    Op::Freeze,
];

pub(crate) async fn made_up(house: &House) -> Check {
    let (sam, before) = (sam_keys(house).await, means(house).await);
    let (person, device): (PersonId, _) = (anna(house).person().unwrap(), anna(house).device());
    for op in OPS {
        let challenge = challenge(house, device, op).await;
        let wanted = wish(op, &before, forged::told((person, device), op, challenge));
        let outcome = told(house, &forged::instruction(house, &sam, &wanted)).await?;
        let refused = Outcome::Refused { why: Refusal::Unreadable };
        is(&format!("{op:?}: {outcome:?}"), outcome == refused)?;
    }
    is("something changed", means(house).await == before)
}

pub(crate) async fn garbage(house: &House) -> Check {
    let (sam, before) = (sam_keys(house).await, means(house).await);
    let (person, device) = (anna(house).person().unwrap(), anna(house).device());
    for _ in 0..50 {
        let words = hex(&house.chance.bytes::<40>());
        for sealed in [forged::sealed(house, &sam, &words), words.clone()] {
            let answer = house.ask(("identity", "sam"), Activate { sealed }).await;
            refused(answer, &["sealed-words-unreadable"])?;
        }
    }
    let challenge = challenge(house, device, Op::Login).await;
    for _ in 0..100 {
        let wanted = forged::told((person, device), Op::Login, challenge.clone());
        let outcome = told(house, &forged::instruction(house, &sam, &wanted)).await?;
        let refused = Outcome::Refused { why: Refusal::Unreadable };
        is(&format!("{outcome:?}"), outcome == refused)?;
    }
    is("something changed", means(house).await == before)?;
    let done = login(house, &Carrier::new(house), &right_pin(house)).await?;
    is("she was locked out", matches!(done, Outcome::Done { .. }))
}

pub(crate) async fn wrong_pin(house: &House) -> Check {
    let carrier = Carrier::new(house);
    let wrong = login(house, &carrier, "9173").await?;
    is(&format!("{wrong:?}"), wrong == Outcome::WrongPin { left: 2 })?;
    let sealed = carrier.last();
    for _ in 0..100 {
        let again = told(house, &sealed).await?;
        is(&format!("{again:?}"), again == wrong)?;
    }
    let next = login(house, &carrier, "9174").await?;
    is(&format!("the next wrong one: {next:?}"), next == Outcome::WrongPin { left: 1 })?;
    let done = login(house, &carrier, &right_pin(house)).await?;
    is(&format!("the right one: {done:?}"), matches!(done, Outcome::Done { .. }))
}

pub(crate) async fn still(house: &House) -> Check {
    let means = means(house).await;
    let devices = means.devices.iter().filter(|device| device.ended.is_none()).count();
    is("she has another phone", devices == 1)?;
    is("she is frozen", !means.frozen)?;
    let keys: Vec<_> = means.credentials.iter().map(|key| key.state).collect();
    is(&format!("her keys are {keys:?}"), keys == [CredentialState::Active])?;
    let done = login(house, &Carrier::new(house), &right_pin(house)).await?;
    is(&format!("{done:?}"), matches!(done, Outcome::Done { .. }))
}
