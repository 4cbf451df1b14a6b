//! What other systems ask over links.

use std::time::Duration;

use activation_contract::{Op, Outcome, Request, RequestKind, Statement, typ};
use base::{Bytes, Clock, Digest, Id, Locale, PersonId};
use identity_contract::{
    Ask, AskState, AskedOf, Delivery, EndMeans, ForgetBrowser, FreezeByCode, IdentityRefusal,
    MeansOf, Notify, RegisterMeans, SessionsSince,
};
use keys::sha256;
use links::{Call, CallFault, OnBehalf, Operation};

use crate::phones::remember;
use crate::world::{Browser, Phone, World, authorize};

/// A statement of `sam` for a client.
fn evidence(world: &World, person: PersonId, client: &str) -> String {
    let now = world.clock.now();
    let said = Statement {
        person,
        client: client.to_owned(),
        request: Digest([1; 32]),
        chosen_number: None,
        level: country::DEMO_ACR.to_owned(),
        time: now,
        until: now.plus(Duration::from_mins(30)),
        device: Id::from_bytes([2; 16]),
    };
    let header = world.sam.key.token_header(typ::STATEMENT).unwrap();
    let token = jose::jws::prepare_claims(&header, &said).unwrap();
    world.sam.key.sign_token(token).unwrap()
}

async fn for_person<O: Operation>(
    world: &World,
    from: &str,
    (person, client): (PersonId, &str),
    operation: O,
) -> Result<O::Answer, CallFault<O::Refusal>> {
    let behalf = OnBehalf::Person { evidence: evidence(world, person, client) };
    world.link(from).call(Call::new(operation, behalf, "test")).await
}

fn act(world: &World, id: &str) -> (Vec<u8>, Request) {
    let now = world.clock.now();
    let request = Request {
        id: id.to_owned(),
        client: "portal".to_owned(),
        client_name: vec![(Locale::Lv, "Portāls".to_owned())],
        purpose: vec![(Locale::Lv, "Parakstīt".to_owned())],
        kind: RequestKind::Act { op: Op::Sign, credential: None, items: Vec::new() },
        place: "–".to_owned(),
        at: now,
        until: now.plus(Duration::from_mins(5)),
    };
    (serde_json::to_vec(&request).unwrap(), request)
}

fn ask(person: PersonId, bytes: &[u8]) -> Ask {
    Ask { person, request: Bytes(bytes.to_vec()) }
}

#[tokio::test]
async fn every_operation_stands_in_the_table_and_is_answered() {
    let world = World::new().await;
    assert_eq!(world.identity.doors().gaps(), Vec::<&str>::new());
}

#[tokio::test]
async fn an_act_is_asked_of_the_phone_and_its_outcome_fetched() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let own = (anna.person, "portal");
    let (bytes, request) = act(&world, "0123456789abcdef0123");
    let asked = for_person(&world, "lvrtc/signing", own, ask(anna.person, &bytes)).await.unwrap();
    assert_eq!(asked.request, request.id);
    let again = for_person(&world, "lvrtc/signing", own, ask(anna.person, &bytes)).await.unwrap();
    assert_eq!(again, asked, "the same again is the same");
    let of = || AskedOf { request: request.id.clone() };
    assert_eq!(for_person(&world, "lvrtc/signing", own, of()).await.unwrap(), AskState::Waiting);
    let pending = anna.poll(&world).await.pending.remove(0);
    assert_eq!(pending.request.0, bytes, "the very bytes");
    assert!(pending.challenge.as_deref().unwrap().contains("Sign"));
    anna.approve(&world, &pending, None).await;
    let state = for_person(&world, "lvrtc/signing", own, of()).await.unwrap();
    assert!(matches!(state, AskState::Answered { outcome: Outcome::Done { .. }, .. }), "{state:?}");
    assert!(anna.poll(&world).await.pending.is_empty());
    let stranger = world.phone(2).await;
    let other = for_person(&world, "lvrtc/signing", (stranger.person, "portal"), of()).await;
    assert_eq!(other, Err(CallFault::Refused(IdentityRefusal::Unknown)));
}

#[tokio::test]
async fn what_may_not_be_asked_is_refused() {
    let world = World::new().await;
    let (anna, stranger) = (world.phone(1).await, PersonId::from_bytes([7; 16]));
    let own = (anna.person, "portal");
    let (bytes, request) = act(&world, "0123456789abcdef0123");
    let refused = |refusal| Err(CallFault::Refused(refusal));
    let about_another = for_person(&world, "lvrtc/signing", own, ask(stranger, &bytes)).await;
    assert_eq!(about_another, refused(IdentityRefusal::Unknown));
    let no_phone =
        for_person(&world, "lvrtc/signing", (stranger, "portal"), ask(stranger, &bytes)).await;
    assert_eq!(no_phone, refused(IdentityRefusal::NoDevice));
    let outsider = for_person(&world, "lvrtc/pki", own, ask(anna.person, &bytes)).await;
    assert!(matches!(outsider, Err(CallFault::Problem(_))), "it forwards for no client");
    let other_client =
        for_person(&world, "lvrtc/portal", (anna.person, "rp"), ask(anna.person, &bytes)).await;
    assert!(matches!(other_client, Err(CallFault::Problem(_))));
    let later = |minutes| world.clock.now().plus(Duration::from_mins(minutes));
    let login = RequestKind::Login { claims: Vec::new(), level: String::new() };
    for bad in [
        Request { until: later(60), ..request.clone() },
        Request { until: world.clock.now(), ..request.clone() },
        Request { id: "short".to_owned(), ..request.clone() },
        Request { kind: login, ..request.clone() },
    ] {
        let bytes = serde_json::to_vec(&bad).unwrap();
        let got = for_person(&world, "lvrtc/signing", own, ask(anna.person, &bytes)).await;
        assert_eq!(got, refused(IdentityRefusal::Unknown));
    }
    let garbage = for_person(&world, "lvrtc/signing", own, ask(anna.person, b"{}")).await;
    assert_eq!(garbage, refused(IdentityRefusal::Unknown));
    for number in 0..5 {
        let (bytes, _) = act(&world, &format!("0123456789abcdef{number}"));
        for_person(&world, "lvrtc/signing", own, ask(anna.person, &bytes)).await.unwrap();
    }
    let (bytes, _) = act(&world, "0123456789abcdefx");
    let many = for_person(&world, "lvrtc/signing", own, ask(anna.person, &bytes)).await;
    assert_eq!(many, refused(IdentityRefusal::Waiting));
}

#[tokio::test]
async fn a_late_act_is_expired_and_its_answer_comes_too_late() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let own = (anna.person, "portal");
    let (bytes, request) = act(&world, "0123456789abcdef0123");
    for_person(&world, "lvrtc/signing", own, ask(anna.person, &bytes)).await.unwrap();
    let pending = anna.poll(&world).await.pending.remove(0);
    world.clock.pass(Duration::from_mins(5));
    let of = AskedOf { request: request.id };
    let state = for_person(&world, "lvrtc/signing", own, of.clone()).await.unwrap();
    assert_eq!(state, AskState::Expired);
    anna.approve(&world, &pending, None).await;
    assert_eq!(for_person(&world, "lvrtc/signing", own, of).await.unwrap(), AskState::Expired);
}

#[tokio::test]
async fn means_are_registered_by_the_desk_with_sams_word_and_ended() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let key = keys::trial::signer(keys::Algorithm::P256);
    let device = Id::from_bytes([8; 16]);
    let unbound = world.sam.enrolled(anna.person, device, &key, false);
    let register = |answer: &str| RegisterMeans { answer: answer.to_owned() };
    let refused = Err(CallFault::Refused(IdentityRefusal::Evidence));
    assert_eq!(world.as_system("lvrtc/desk", register(&unbound)).await, refused);
    assert_eq!(world.as_system("lvrtc/desk", register("a.b.c")).await, refused);
    let bound = world.sam.enrolled(anna.person, device, &key, true);
    assert!(world.as_system("lvrtc/pki", register(&bound)).await.is_err(), "not a desk");
    let second = world.as_system("lvrtc/desk", register(&bound)).await.unwrap();
    assert_eq!(second.user_number, anna.number, "one number per person");
    let own = (anna.person, "portal");
    let of = || MeansOf { person: anna.person };
    let means = for_person(&world, "lvrtc/portal", own, of()).await.unwrap();
    assert_eq!((means.devices.len(), means.user_number.as_str()), (2, anna.number.as_str()));
    let end = EndMeans { person: anna.person, device };
    world.as_system("lvrtc/sam", end).await.unwrap();
    let means = for_person(&world, "lvrtc/portal", own, of()).await.unwrap();
    assert_eq!(means.devices.iter().filter(|device| device.ended.is_some()).count(), 1);
    let ended = Phone { device, key, ..world.phone(3).await };
    let poll = ended.say(&world, "/app/poll?wait=0", activation_contract::WordKind::Poll).await;
    assert_eq!(poll.status, 401, "an ended phone is not heard");
    let stranger = MeansOf { person: PersonId::from_bytes([7; 16]) };
    assert!(for_person(&world, "lvrtc/portal", own, stranger).await.is_err());
}

#[tokio::test]
async fn a_browser_is_listed_and_forgotten_by_its_person_only() {
    let world = World::new().await;
    let (anna, bruno, mut browser) = (world.phone(1).await, world.phone(2).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let own = (anna.person, "portal");
    let of = || MeansOf { person: anna.person };
    let known = for_person(&world, "lvrtc/portal", own, of()).await.unwrap().browsers;
    assert_eq!(known.len(), 1);
    let forget = |person| ForgetBrowser { person, browser: known[0].id.clone() };
    let other = (bruno.person, "portal");
    assert!(for_person(&world, "lvrtc/portal", other, forget(bruno.person)).await.is_err());
    for_person(&world, "lvrtc/portal", own, forget(anna.person)).await.unwrap();
    let known = for_person(&world, "lvrtc/portal", own, of()).await.unwrap().browsers;
    assert!(known.is_empty());
}

#[tokio::test]
async fn a_freeze_code_freezes_or_not_with_the_same_answer() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    browser.login(&world, &anna, &[]).await;
    let code = "123456789012";
    *world.sam.freeze_code.lock().unwrap() = Some((anna.person, Digest(sha256(code.as_bytes()))));
    let freeze = |number: &str, code: &str| FreezeByCode {
        user_number: number.to_owned(),
        code: code.to_owned(),
    };
    for wrong in [freeze(&anna.number, "000000000000"), freeze("00000000", code)] {
        world.as_system("lvrtc/portal", wrong).await.unwrap();
    }
    assert_eq!(world.sam.freezes.lock().unwrap().len(), 2, "sam is asked either way");
    let silent = authorize(&[("prompt", "none")]);
    assert!(browser.get(&world, &silent).await.query().contains_key("code"));
    assert!(world.as_system("lvrtc/pki", freeze(&anna.number, code)).await.is_err());
    let (own, since) = ((anna.person, "portal"), SessionsSince { person: anna.person });
    let before = for_person(&world, "lvrtc/portal", own, since.clone()).await.unwrap();
    assert!(before < world.clock.now(), "sessions stand");
    world.as_system("lvrtc/portal", freeze(&anna.number, code)).await.unwrap();
    assert_eq!(browser.get(&world, &silent).await.query()["error"], "login_required");
    let after = for_person(&world, "lvrtc/portal", own, since).await.unwrap();
    assert_eq!(after, world.clock.now(), "those of other systems have ended, too");
    let mut often = 0;
    for _ in 0..700 {
        let got = world.as_system("lvrtc/portal", freeze("00000000", code)).await;
        often += usize::from(got == Err(CallFault::Refused(IdentityRefusal::Often)));
    }
    assert!(often > 90, "one rate for all");
}

#[tokio::test]
async fn a_notice_reaches_the_phone_and_says_where_there_is_none() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let notify = |person, kind: &str| Notify {
        person,
        kind: kind.to_owned(),
        reference: "certificate".to_owned(),
    };
    let told = world.as_system("lvrtc/pki", notify(anna.person, "certificate-revoked")).await;
    assert_eq!(told, Ok(Delivery::Waiting));
    let told = anna.poll(&world).await.notices;
    assert!(told.iter().any(|notice| notice.kind == "certificate-revoked"));
    let nobody = PersonId::from_bytes([7; 16]);
    let told = world.as_system("lvrtc/pki", notify(nobody, "certificate-revoked")).await;
    assert_eq!(told, Ok(Delivery::NoChannel));
    assert!(world.as_system("lvrtc/pki", notify(anna.person, "Has Words")).await.is_err());
    assert!(world.as_system("lvrtc/desk", notify(anna.person, "x")).await.is_err());
}
