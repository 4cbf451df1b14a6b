//! A phone approves another, or its new PINs, with a real `sam` and the real app; the web between
//! them is honest, or not.

use std::sync::Mutex;

use activation_contract::{Item, Op, Pin, Refusal};
use app::{
    Approved, Consent, Enrolling, KeysError, OwnAct, Phone, PinCode, SamError, Service, TalkError,
    Vouched,
};
use base::{Failure, Locale};
use trial::FixedClock;

use super::*;

/// How long an approved phone waits here.
const WAITING: Duration = Duration::from_hours(24);

/// The web between phones and `sam`: it answers refusals as the identity platform does.
struct Web {
    world: World,
    clock: FixedClock,
    chance: SystemChance,
    /// What it puts in the place of what it carries.
    lies: Mutex<Lies>,
}

#[derive(Default)]
struct Lies {
    /// The keys of another `sam`.
    sam_keys: Option<String>,
    /// Another phone's sealed keys.
    enrolment: Option<String>,
    /// What was carried of each kind.
    carried: Vec<(String, Vec<u8>)>,
}

impl Server for Web {
    async fn ask(&self, mut ask: Ask) -> Result<Reply, Unreached> {
        if let Some(body) = &ask.body {
            self.lies.lock().unwrap().carried.push((ask.path.clone(), body.clone()));
        }
        if ask.path == web::SAM_KEYS
            && let Some(keys) = self.lies.lock().unwrap().sam_keys.clone()
        {
            return reply(&web::KeysOfSam { keys });
        }
        if ask.path == web::ENROL {
            let lie = self.lies.lock().unwrap().enrolment.clone();
            let web::Enrol { sealed } = read(&ask.body.take().unwrap())?;
            let call = Call::new(Enrol { sealed: lie.unwrap_or(sealed) }, job(), "enrolment");
            return match self.world.identity.call(call).await {
                Ok(said) => reply(&web::Answered { answer: said.answer, return_to: None }),
                Err(CallFault::Refused(why)) => Ok(problem(&why)),
                Err(_) => Err(Unreached),
            };
        }
        self.world.ask(ask).await
    }
}

fn problem(why: &SamRefusal) -> Reply {
    let base::Fault::Caller(status) = why.fault() else { panic!("{why:?}") };
    let body =
        format!(r#"{{"type":"urn:sakta:problem:{}","title":"No.","status":{status}}}"#, why.kind());
    Reply { status, body: body.into_bytes() }
}

impl Web {
    async fn new(name: &str) -> Self {
        let clock = FixedClock::at("2026-11-25T10:00:00Z");
        let world = world_at(&format!("vouching-{name}"), Arc::new(clock.clone()), WAITING).await;
        Self { world, clock, chance: SystemChance::new(), lies: Mutex::default() }
    }

    fn talk(&self) -> Talk<'_, Self> {
        Talk { server: self, clock: &self.clock, chance: &self.chance, cost: Cost::NOW }
    }

    /// A phone that the desk has bound to a person.
    async fn bound(&self, person: PersonId) -> Phone {
        let sheet = self.world.desk.offer(person).await.unwrap();
        let invitation = Invitation::parse(&sheet.invitation).unwrap();
        let met = self.talk().meet(&invitation, &pins(), "Old phone").await.unwrap();
        let told = self.talk().enrol(&met).await.unwrap();
        self.world.desk.bind(&sheet.offer, &told.digits()).await.unwrap();
        self.talk().enrol(&met).await.unwrap()
    }

    fn service(&self, like: &Phone) -> Service {
        Service { server: like.server().to_owned(), sam: like.root() }
    }

    /// A new phone, of the service of another.
    async fn fresh(&self, like: &Phone) -> Enrolling {
        self.talk().present(&self.service(like), &pins(), "New phone").await.unwrap()
    }

    /// `old` reads what the other phone shows, and says yes with PIN2.
    async fn vouches(&self, old: &mut Phone, other: &Enrolling, digits: &str) -> Vouched {
        let text = other.keys().unwrap().written().unwrap();
        let keys = old.reads(&text).unwrap();
        assert_eq!(shown_digits(&keys.thumbprint), other.phone.digits(), "as both screens show");
        let pin2 = PinCode::new(Pin::Pin2, digits).unwrap();
        self.talk().vouch(old, &keys, yes(&pin2)).await.unwrap()
    }

    /// What comes of ending another device: whether a PIN2 acts.
    async fn ends(&self, phone: &mut Phone, other: &Phone, digits: &str) -> Outcome {
        let item = Item {
            label: other.device().to_string(),
            media_type: String::new(),
            size: 0,
            document_digest: Digest([0; 32]),
            dtbs: None,
        };
        let act = OwnAct { op: Op::EndDevice, credential: None, items: vec![item] };
        let pin2 = PinCode::new(Pin::Pin2, digits).unwrap();
        self.talk().act(phone, &act, yes(&pin2)).await.unwrap().outcome
    }

    async fn refusal(&self, enrolling: &Enrolling) -> u16 {
        match self.talk().enrol(enrolling).await.unwrap_err() {
            TalkError::Refused { status, .. } => status,
            other => panic!("{other:?}"),
        }
    }

    fn carried(&self, path: &str) -> Vec<Vec<u8>> {
        let lies = self.lies.lock().unwrap();
        let of = lies.carried.iter().filter(|(to, _)| to == path);
        of.map(|(_, body)| body.clone()).collect()
    }
}

fn yes(pin: &PinCode) -> Consent<'_> {
    Consent { pin, language: Locale::Lv }
}

fn bert() -> PersonId {
    base::Id::from_bytes([0xb; 16])
}

fn new_pins() -> Pins {
    Pins::new("8642", "975310").unwrap()
}

fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { .. })
}

#[tokio::test]
async fn a_new_phone_is_approved_waits_a_day_and_then_acts_for_the_person() {
    let web = Web::new("new").await;
    let mut old = web.bound(anna()).await;
    let new = web.fresh(&old).await;
    assert_eq!(web.refusal(&new).await, 404, "nobody has approved it");
    let vouched = web.vouches(&mut old, &new, "528137").await;
    let from = web.clock.now().plus(WAITING);
    assert_eq!(vouched.from, Some(from));
    let waits = web.talk().enrol(&new).await.unwrap();
    assert_eq!((waits.stage(), waits.from()), (Stage::Answered, Some(from)));
    web.clock.pass(WAITING);
    let mut phone = web.talk().enrol(&new).await.unwrap();
    assert_eq!((phone.stage(), phone.from(), phone.person()), (Stage::Bound, None, Some(anna())));
    // The old one is lost: the new one ends it.
    assert!(is_done(&web.ends(&mut phone, &old, "528137").await));
    let late = web.fresh(&phone).await;
    let gone = web.vouches(&mut old, &late, "528137").await;
    let ended = Outcome::Refused { why: Refusal::DeviceNotActive };
    assert_eq!((gone.approved.outcome, gone.from), (ended, None));
}

#[tokio::test]
async fn forgotten_pins_are_set_by_another_phone_of_the_same_person() {
    let web = Web::new("pins").await;
    let (mut helper, mut phone) = (web.bound(anna()).await, web.bound(anna()).await);
    let fresh = web.talk().new_pins(&phone, None, &new_pins()).await.unwrap();
    assert!(is_done(&web.vouches(&mut helper, &fresh, "528137").await.approved.outcome));
    web.clock.pass(WAITING);
    let mut renewed = web.talk().enrol(&fresh).await.unwrap();
    assert_eq!((renewed.stage(), renewed.device()), (Stage::Bound, phone.device()));
    let old_pin = web.ends(&mut phone, &helper, "528137").await;
    assert_eq!(old_pin, Outcome::WrongPin { left: 2 }, "the old PIN2 is worth nothing");
    assert!(is_done(&web.ends(&mut renewed, &helper, "975310").await));
}

#[tokio::test]
async fn forgotten_pins_of_an_only_phone_are_set_at_the_desk() {
    let web = Web::new("desk").await;
    let mut phone = web.bound(anna()).await;
    let sheet = web.world.desk.offer(anna()).await.unwrap();
    let invitation = Invitation::parse(&sheet.invitation).unwrap();
    let fresh = web.talk().new_pins(&phone, Some(&invitation), &new_pins()).await.unwrap();
    let told = web.talk().enrol(&fresh).await.unwrap();
    assert_eq!(told.stage(), Stage::Answered);
    let early = web.ends(&mut phone, &told, "528137").await;
    assert!(is_done(&early), "until the official confirms, the old PINs hold: {early:?}");
    let bound = web.world.desk.bind(&sheet.offer, &told.digits()).await;
    assert!(bound.is_err(), "the phone has just ended itself");

    let mut phone = web.bound(anna()).await;
    let sheet = web.world.desk.offer(anna()).await.unwrap();
    let invitation = Invitation::parse(&sheet.invitation).unwrap();
    let fresh = web.talk().new_pins(&phone, Some(&invitation), &new_pins()).await.unwrap();
    let digits = web.talk().enrol(&fresh).await.unwrap().digits();
    web.world.desk.bind(&sheet.offer, &digits).await.unwrap();
    let mut renewed = web.talk().enrol(&fresh).await.unwrap();
    assert_eq!(renewed.stage(), Stage::Bound);
    let other = web.bound(anna()).await;
    let old_pin = web.ends(&mut phone, &other, "528137").await;
    assert_eq!(old_pin, Outcome::WrongPin { left: 2 });
    assert!(is_done(&web.ends(&mut renewed, &other, "975310").await));
}

#[tokio::test]
async fn a_phone_of_somebody_else_gets_neither_keys_nor_pins() {
    let web = Web::new("foreign").await;
    let (mut old, theirs) = (web.bound(anna()).await, web.bound(bert()).await);
    let fresh = web.talk().new_pins(&theirs, None, &new_pins()).await.unwrap();
    let vouched = web.vouches(&mut old, &fresh, "528137").await;
    let unfit = Outcome::Refused { why: Refusal::Unfit };
    assert_eq!((vouched.approved.outcome, vouched.from), (unfit, None));
    web.clock.pass(WAITING);
    assert_eq!(web.refusal(&fresh).await, 404, "nothing stands");
    let invitation = web.world.desk.offer(anna()).await.unwrap().invitation;
    let invitation = Invitation::parse(&invitation).unwrap();
    let fresh = web.talk().new_pins(&theirs, Some(&invitation), &new_pins()).await.unwrap();
    let heard = web.talk().enrol(&fresh).await.unwrap_err();
    assert_eq!(heard, TalkError::Sam(SamError::Other), "that offer is Anna's");
}

#[tokio::test]
async fn a_wrong_pin2_and_a_freeze_approve_nothing() {
    let web = Web::new("frozen").await;
    let mut old = web.bound(anna()).await;
    let new = web.fresh(&old).await;
    let wrong = web.vouches(&mut old, &new, "000000").await;
    assert_eq!((wrong.approved.outcome, wrong.from), (Outcome::WrongPin { left: 2 }, None));
    assert!(is_done(&web.vouches(&mut old, &new, "528137").await.approved.outcome));
    let frozen: Approved = web.talk().freeze(&mut old, Locale::Lv).await.unwrap();
    assert!(is_done(&frozen.outcome));
    web.clock.pass(WAITING);
    assert_eq!(web.refusal(&new).await, 409, "what was approved before ends with the freeze");
    let other = web.fresh(&old).await;
    let shut = web.vouches(&mut old, &other, "528137").await;
    assert_eq!(shut.approved.outcome, Outcome::Refused { why: Refusal::Frozen });
    assert_eq!(web.refusal(&other).await, 404);
}

#[tokio::test]
async fn a_thumbprint_that_was_changed_on_the_way_shows_other_digits_and_takes_no_phone() {
    let web = Web::new("changed").await;
    let mut old = web.bound(anna()).await;
    let (new, attacker) = (web.fresh(&old).await, web.fresh(&old).await);
    // Somebody puts another phone's keys behind the code of the new one.
    let mut keys = new.keys().unwrap();
    keys.thumbprint = attacker.keys().unwrap().thumbprint;
    assert_ne!(shown_digits(&keys.thumbprint), new.phone.digits(), "what the person compares");
    let pin2 = PinCode::new(Pin::Pin2, "528137").unwrap();
    web.talk().vouch(&mut old, &keys, yes(&pin2)).await.unwrap();
    web.clock.pass(WAITING);
    for phone in [&new, &attacker] {
        assert_eq!(web.refusal(phone).await, 404, "code and keys are not of one phone");
    }
}

#[tokio::test]
async fn what_was_sent_before_brings_the_same_again_and_no_second_phone() {
    let web = Web::new("replay").await;
    let mut old = web.bound(anna()).await;
    let new = web.fresh(&old).await;
    web.vouches(&mut old, &new, "528137").await;
    web.clock.pass(WAITING);
    web.talk().enrol(&new).await.unwrap();
    for (path, sent) in [web::ENROL, web::ACTIVATE]
        .into_iter()
        .flat_map(|path| web.carried(path).into_iter().map(move |body| (path, body)))
        .collect::<Vec<_>>()
    {
        let ask = Ask { server: old.server().to_owned(), path: path.to_owned(), body: Some(sent) };
        assert_eq!(web.ask(ask).await.unwrap().status, 200, "the same is answered with the same");
    }
    let devices = sam_contract::DevicesOf { person: anna() };
    let devices = web.world.identity.call(Call::new(devices, job(), "means")).await.unwrap();
    assert_eq!(devices.devices.len(), 2);
    let again = web.vouches(&mut old, &new, "528137").await;
    let from = again.from.unwrap();
    assert!(from <= web.clock.now(), "the offer of the first time, not another: {from:?}");
}

#[tokio::test]
async fn a_web_that_puts_other_keys_in_between_binds_nobody() {
    let (web, other) = (Web::new("between").await, Web::new("false").await);
    let mut old = web.bound(anna()).await;
    // It says that another sam is the right one: the app knows the right one's root.
    let theirs = other.world.carried(KeysOf {}).await.unwrap().keys;
    web.lies.lock().unwrap().sam_keys = Some(theirs.clone());
    let service = web.service(&old);
    let met = web.talk().present(&service, &pins(), "New phone").await.unwrap_err();
    assert_eq!(met, TalkError::Sam(SamError::Root));
    // An app that was built for that other sam says so, and the old phone does not vouch for it.
    let false_service = other.service(&other.bound(anna()).await);
    let misled = web.talk().present(&false_service, &pins(), "New phone").await.unwrap();
    let text = misled.keys().unwrap().written().unwrap();
    assert_eq!(old.reads(&text), Err(KeysError::Service));
    web.lies.lock().unwrap().sam_keys = None;

    // It keeps back the approved phone's keys and brings another's.
    let (new, attacker) = (web.fresh(&old).await, web.fresh(&old).await);
    web.vouches(&mut old, &new, "528137").await;
    web.clock.pass(WAITING);
    let _ = web.talk().enrol(&attacker).await;
    let web::Enrol { sealed } = read(&web.carried(web::ENROL).pop().unwrap()).unwrap();
    web.lies.lock().unwrap().enrolment = Some(sealed);
    assert_eq!(web.refusal(&new).await, 404);
    web.lies.lock().unwrap().enrolment = None;
    // The attacker has an approval of their own person's: its answer is not this phone's.
    let mut bert = web.bound(bert()).await;
    web.vouches(&mut bert, &attacker, "528137").await;
    web.clock.pass(WAITING);
    let _ = web.talk().enrol(&attacker).await;
    let web::Enrol { sealed } = read(&web.carried(web::ENROL).pop().unwrap()).unwrap();
    web.lies.lock().unwrap().enrolment = Some(sealed);
    let heard = web.talk().enrol(&new).await.unwrap_err();
    assert_eq!(heard, TalkError::Sam(SamError::Other));
    let devices = sam_contract::DevicesOf { person: anna() };
    let devices = web.world.identity.call(Call::new(devices, job(), "means")).await.unwrap();
    assert_eq!(devices.devices.len(), 1, "nobody was bound to Anna");
}
