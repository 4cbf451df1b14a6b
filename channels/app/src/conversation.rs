//! Whole conversations of a phone with a little town.

use std::time::Duration;

use activation_contract::{
    Item, Op, Outcome, Pin, Refusal, Request, RequestKind, ToBeSigned, Verdict, WordKind,
};
use base::{Bytes, Clock, Digest, Locale};
use trial::{CountedChance, FixedClock};

use crate::phone::{KeptError, Lock, Phone, Stage};
use crate::pin::{Cost, PinCode, Pins};
use crate::sam::{SamError, digest};
use crate::shown::ShownError;
use crate::talk::{Approved, Talk, TalkError};
use crate::town::{Hasty, Town, changed};
use crate::{Consent, OwnAct};

type Tamper = fn(&mut crate::town::Trouble);

struct Scene {
    clock: Hasty,
    chance: CountedChance,
    town: Town,
}

impl Scene {
    fn new() -> Self {
        let clock = Hasty(FixedClock::at("2026-11-25T10:00:00Z"));
        Self { town: Town::new(&clock), chance: CountedChance::seeded(7), clock }
    }

    fn talk(&self) -> Talk<'_, Town> {
        let (server, clock, chance) = (&self.town, &self.clock, &self.chance);
        Talk { server, clock, chance, cost: Cost::Trial }
    }

    async fn bound(&self) -> Phone {
        let enrolling =
            self.talk().meet(&self.town.invitation(), &pins(), "Mans tālrunis").await.unwrap();
        let mut phone = self.talk().enrol(&enrolling).await.unwrap();
        let found = self.talk().poll(&phone, false).await.unwrap();
        assert!(phone.note(&found) && !phone.note(&found));
        phone
    }

    fn request(&self, id: &str, kind: RequestKind) -> Request {
        Request {
            id: id.to_owned(),
            client: "university".to_owned(),
            client_name: vec![(Locale::Lv, "Izdomātā augstskola".to_owned())],
            purpose: vec![(Locale::Lv, "Pieslēgties".to_owned())],
            kind,
            place: "Chrome, Linux".to_owned(),
            at: self.clock.now(),
            until: self.clock.now().plus(Duration::from_secs(300)),
        }
    }

    fn login(&self, choices: &[u8]) {
        let kind = RequestKind::Login { claims: vec!["name".into()], level: "demo".into() };
        self.town.ask_of_phone(&self.request("r1", kind), choices);
    }

    fn signature(&self) {
        let item = Item {
            label: "P-118.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 219_136,
            document_digest: Digest([0x9f; 32]),
            dtbs: Some(ToBeSigned { alg: "sha-256".to_owned(), digest: Bytes(vec![7; 32]) }),
        };
        let kind = RequestKind::Act { op: Op::Sign, credential: None, items: vec![item] };
        self.town.ask_of_phone(&self.request("r2", kind), &[]);
    }
}

fn pins() -> Pins {
    Pins::new("9351", "417026").unwrap()
}

fn pin(which: Pin, digits: &str) -> PinCode {
    PinCode::new(which, digits).unwrap()
}

fn yes(pin: &PinCode) -> Consent<'_> {
    Consent { pin, language: Locale::Lv }
}

fn is_done(approved: &Approved) -> bool {
    matches!(approved.outcome, Outcome::Done { .. })
}

#[tokio::test]
async fn a_phone_is_bound_when_sam_has_its_keys_and_the_web_hears_it() {
    let scene = Scene::new();
    let enrolling =
        scene.talk().meet(&scene.town.invitation(), &pins(), "Mans tālrunis").await.unwrap();
    assert_eq!(enrolling.phone.stage(), Stage::Made);
    let mut phone = scene.talk().enrol(&enrolling).await.unwrap();
    let again = scene.talk().enrol(&enrolling).await.unwrap();
    assert_eq!((phone.stage(), phone.device()), (Stage::Answered, again.device()));
    let told = scene.town.with(|state| state.devices[&phone.device()].clone());
    assert_eq!(told.thumbprint(), phone.thumbprint());
    assert_eq!((told.label.as_str(), phone.digits().len()), ("Mans tālrunis", 8));
    let found = scene.talk().poll(&phone, true).await.unwrap();
    phone.note(&found);
    assert_eq!((phone.stage(), found.user_number.as_str()), (Stage::Bound, "41702265"));
}

#[tokio::test]
async fn keys_of_another_sam_or_past_their_end_are_not_believed() {
    let scene = Scene::new();
    let mut invitation = scene.town.invitation();
    invitation.sam = Digest([1; 32]);
    let met = scene.talk().meet(&invitation, &pins(), "").await.unwrap_err();
    assert_eq!(met, TalkError::Sam(SamError::Root));
    "http://id.example".clone_into(&mut invitation.server);
    let met = scene.talk().meet(&invitation, &pins(), "").await.unwrap_err();
    assert_eq!(met, TalkError::Address);
    *scene.town.until.lock().unwrap() = scene.clock.now();
    let met = scene.talk().meet(&scene.town.invitation(), &pins(), "").await.unwrap_err();
    assert_eq!(met, TalkError::Sam(SamError::Ended));
}

#[tokio::test]
async fn an_enrolment_that_another_answers_is_none() {
    let scene = Scene::new();
    scene.town.with(|state| state.trouble.forged = true);
    let enrolling = scene.talk().meet(&scene.town.invitation(), &pins(), "").await.unwrap();
    let heard = scene.talk().enrol(&enrolling).await.unwrap_err();
    assert_eq!(heard, TalkError::Sam(SamError::Answer));
}

#[tokio::test]
async fn a_login_of_a_new_browser_is_claimed_and_approved_with_pin1() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    let wrong = scene.talk().claim(&mut phone, "BCDF2346").await.unwrap_err();
    assert!(matches!(wrong, TalkError::Refused { status: 404, .. }));
    assert_eq!(scene.talk().claim(&mut phone, "BCDF").await, Err(TalkError::Code));
    let waiting =
        scene.talk().claim(&mut phone, "http://id.localhost:8080/a/bcdf2345").await.unwrap();
    let pin1 = pin(Pin::Pin1, "9351");
    let outcome = scene.talk().approve(&mut phone, &waiting, yes(&pin1)).await.unwrap();
    assert!(is_done(&outcome));
    let (bytes, told) = scene.town.with(|state| {
        (state.pending[0].request.0.clone(), state.instructions.last().unwrap().clone())
    });
    assert_eq!(told.request, digest(&bytes), "exactly the bytes that came");
    assert_eq!(
        (told.op, told.client.as_str(), told.purpose.as_str(), told.count, told.language),
        (Op::Login, "university", "Pieslēgties", 0, Locale::Lv)
    );
    assert_eq!(told.chosen_number, None);
}

#[tokio::test]
async fn the_way_back_is_an_address_of_the_own_server_or_none() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    let pin1 = pin(Pin::Pin1, "9351");
    for (said, taken) in [
        ("http://id.localhost:8080/return/r1?secret=x", true),
        ("http://id.localhost:80801/return", false),
        ("http://id.localhost:8080@evil.example/", false),
        ("https://evil.example/", false),
    ] {
        scene.town.with(|state| state.trouble.return_to = Some(said.to_owned()));
        let waiting = scene.talk().claim(&mut phone, "BCDF2345").await.unwrap();
        let approved = scene.talk().approve(&mut phone, &waiting, yes(&pin1)).await.unwrap();
        assert_eq!(approved.return_to.is_some(), taken, "{said}");
    }
}

#[tokio::test]
async fn of_three_numbers_the_right_one_is_chosen_before_the_pin() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[12, 47, 83]);
    scene.town.with(|state| state.right_number = 47);
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let (waiting, pin1) = (&found.waiting[0], pin(Pin::Pin1, "9351"));
    let early = scene.talk().approve(&mut phone, waiting, yes(&pin1)).await.unwrap_err();
    assert_eq!(early, TalkError::Choose);
    let other = scene.talk().choose(&mut phone, waiting, 46).await.unwrap_err();
    assert_eq!(other, TalkError::Number);
    let wrong = scene.talk().choose(&mut phone, waiting, 12).await.unwrap_err();
    assert!(
        matches!(wrong, TalkError::Refused { status: 409, ref kind, .. } if kind == "wrong-number")
    );
    scene.talk().choose(&mut phone, waiting, 47).await.unwrap();

    // The phone is put away and taken up again in between.
    let lock = Lock::new([9; 32]);
    let mut phone = Phone::parse(&phone.kept(&lock, &scene.chance).unwrap(), &lock).unwrap();
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let outcome = scene.talk().approve(&mut phone, &found.waiting[0], yes(&pin1)).await.unwrap();
    assert!(is_done(&outcome));
    let told = scene.town.with(|state| state.instructions.last().unwrap().clone());
    assert_eq!(told.chosen_number, Some(47));
    assert_eq!(phone.chosen("r1"), None, "forgotten when it is done");
}

#[tokio::test]
async fn a_signature_takes_pin2_and_says_what_was_shown() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.signature();
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let waiting = &found.waiting[0];
    let other = pin(Pin::Pin1, "417026");
    let refused = scene.talk().approve(&mut phone, waiting, yes(&other)).await.unwrap_err();
    assert_eq!(refused, TalkError::Pin);
    let pin2 = pin(Pin::Pin2, "417026");
    assert!(is_done(&scene.talk().approve(&mut phone, waiting, yes(&pin2)).await.unwrap()));
    let told = scene.town.with(|state| state.instructions.last().unwrap().clone());
    assert_eq!((told.op, told.count), (Op::Sign, 1));
    assert_eq!(told.items, waiting.shown.items());
    assert!(told.app_version.starts_with("sakta-app "));
}

#[tokio::test]
async fn after_a_wrong_pin_the_next_try_has_a_challenge_of_its_own() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let (waiting, wrong) = (&found.waiting[0], pin(Pin::Pin1, "9352"));
    let first = scene.talk().approve(&mut phone, waiting, yes(&wrong)).await.unwrap();
    assert_eq!(first.outcome, Outcome::WrongPin { left: 2 });
    let right = pin(Pin::Pin1, "9351");
    assert!(is_done(&scene.talk().approve(&mut phone, waiting, yes(&right)).await.unwrap()));
    let challenges = scene
        .town
        .with(|state| state.instructions.iter().map(|i| i.challenge.clone()).collect::<Vec<_>>());
    assert_eq!(challenges, ["challenge-1", "challenge-2"]);
}

#[tokio::test]
async fn an_old_challenge_is_replaced_once() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    scene.town.with(|state| state.trouble.old.insert("challenge-1".to_owned()));
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let pin1 = pin(Pin::Pin1, "9351");
    let first = &found.waiting[0];
    assert!(is_done(&scene.talk().approve(&mut phone, first, yes(&pin1)).await.unwrap()));
    scene.town.with(|state| {
        state.trouble.old = (1..9).map(|number| format!("challenge-{number}")).collect();
    });
    let outcome = scene.talk().approve(&mut phone, first, yes(&pin1)).await.unwrap();
    assert_eq!(outcome.outcome, Outcome::Refused { why: Refusal::ChallengeOld });
}

#[tokio::test]
async fn lost_answers_and_acts_under_way_are_asked_for_with_the_same_bytes() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.signature();
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let pin2 = pin(Pin::Pin2, "417026");
    scene.town.with(|state| (state.trouble.lost, state.trouble.carried_out) = (1, 1));
    let waiting = &found.waiting[0];
    assert!(is_done(&scene.talk().approve(&mut phone, waiting, yes(&pin2)).await.unwrap()));
    let outcomes = scene.town.with(|state| (state.outcomes.len(), state.instructions.len()));
    assert_eq!(outcomes, (1, 2), "one act, told twice");

    scene.town.with(|state| state.trouble.lost = 9);
    let lost = scene.talk().approve(&mut phone, waiting, yes(&pin2)).await.unwrap_err();
    assert!(matches!(lost, TalkError::Unreached(_)));
    scene.town.with(|state| (state.trouble.lost, state.trouble.carried_out) = (0, 9));
    let outcome = scene.talk().approve(&mut phone, waiting, yes(&pin2)).await.unwrap();
    assert_eq!(outcome.outcome, Outcome::BeingCarriedOut);
}

#[tokio::test]
async fn an_answer_that_is_forged_for_another_or_old_is_not_believed() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let (waiting, pin1) = (&found.waiting[0], pin(Pin::Pin1, "9351"));
    let wrong = pin(Pin::Pin1, "9352");
    scene.talk().approve(&mut phone, waiting, yes(&wrong)).await.unwrap();
    let old = scene.town.with(|state| state.answers[0].clone());
    let hides_a_wrong_pin = old.clone();
    let tampers: [(&str, SamError, Tamper); 5] = [
        ("forged", SamError::Answer, |t| t.forged = true),
        ("other device", SamError::Other, |t| {
            t.tamper = Some(|mut answer| {
                answer.device = base::Id::from_bytes([0; 16]);
                answer
            });
        }),
        ("other request", SamError::Other, |t| {
            t.tamper = Some(|mut answer| {
                answer.request = Digest([0; 32]);
                answer
            });
        }),
        ("older", SamError::Replayed, |t| {
            t.tamper = Some(|mut answer| {
                answer.at = answer.at.minus(Duration::from_secs(1));
                answer
            });
        }),
        ("no token", SamError::Answer, |t| t.replay = Some("a.b.c".to_owned())),
    ];
    for (name, why, tamper) in tampers {
        scene.town.with(|state| tamper(&mut state.trouble));
        let heard = scene.talk().approve(&mut phone, waiting, yes(&pin1)).await.unwrap_err();
        assert_eq!(heard, TalkError::Sam(why), "{name}");
        scene.town.with(|state| state.trouble = Default::default());
    }
    scene.town.with(|state| state.trouble.replay = Some(hides_a_wrong_pin));
    let heard = scene.talk().approve(&mut phone, waiting, yes(&pin1)).await.unwrap_err();
    assert_eq!(heard, TalkError::Sam(SamError::Replayed));
}

#[tokio::test]
async fn a_late_request_and_one_that_cannot_be_shown_are_not_approved() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    scene.town.with(|state| {
        let mut odd = state.pending[0].clone();
        odd.request = Bytes(changed::<serde_json::Value>(&odd.request.0, |request| {
            request["fee"] = "100 EUR".into();
        }));
        state.pending.push(odd);
    });
    let found = scene.talk().poll(&phone, false).await.unwrap();
    assert_eq!((found.waiting.len(), &found.unshown[..]), (1, &[ShownError::Unknown][..]));
    scene.clock.0.pass(Duration::from_secs(300));
    let pin1 = pin(Pin::Pin1, "9351");
    let late = scene.talk().approve(&mut phone, &found.waiting[0], yes(&pin1)).await.unwrap_err();
    assert_eq!(late, TalkError::Late);
    assert!(scene.town.with(|state| state.instructions.is_empty()));
}

#[tokio::test]
async fn refusing_reporting_and_remembering_are_words_of_the_device() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.talk().refuse(&mut phone, "r1", Verdict::NotMine).await.unwrap();
    scene.talk().browser(&mut phone, "b1", true).await.unwrap();
    let said = scene.town.with(|state| state.said.split_off(1));
    assert_eq!(
        said,
        [
            WordKind::Refuse { request: "r1".to_owned(), verdict: Verdict::NotMine },
            WordKind::Browser { browser: "b1".to_owned(), remember: true },
        ]
    );
}

#[tokio::test]
async fn freezing_takes_no_pin_and_other_own_acts_take_pin2() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    assert!(is_done(&scene.talk().freeze(&mut phone, Locale::Lv).await.unwrap()));
    let item = Item {
        label: base::hex(&[1; 32]),
        media_type: String::new(),
        size: 0,
        document_digest: Digest([2; 32]),
        dtbs: None,
    };
    let act = OwnAct { op: Op::EnrolDevice, credential: None, items: vec![item] };
    let pin2 = pin(Pin::Pin2, "417026");
    assert!(is_done(&scene.talk().act(&mut phone, &act, yes(&pin2)).await.unwrap()));
    let pin1 = pin(Pin::Pin1, "9351");
    for (op, pin) in [(Op::EnrolDevice, &pin1), (Op::Sign, &pin2), (Op::Login, &pin1)] {
        let act = OwnAct { op, ..act.clone() };
        let refused = scene.talk().act(&mut phone, &act, yes(pin)).await.unwrap_err();
        assert_eq!(refused, TalkError::Pin);
    }
    scene.town.with(|state| {
        assert_eq!(state.own, [Op::Freeze, Op::EnrolDevice]);
        assert_ne!(state.instructions[0].request, state.instructions[1].request);
    });
}

#[tokio::test]
async fn an_unbound_phone_approves_nothing() {
    let scene = Scene::new();
    let enrolling = scene.talk().meet(&scene.town.invitation(), &pins(), "").await.unwrap();
    let mut phone = enrolling.phone.clone();
    let frozen = scene.talk().freeze(&mut phone, Locale::Lv).await.unwrap_err();
    assert_eq!(frozen, TalkError::NotBound);
}

#[tokio::test]
async fn ended_keys_of_sam_are_asked_for_anew() {
    let scene = Scene::new();
    *scene.town.until.lock().unwrap() = scene.clock.now().plus(Duration::from_secs(60));
    let mut phone = scene.bound().await;
    scene.clock.0.pass(Duration::from_secs(60));
    let ended = scene.talk().freeze(&mut phone, Locale::Lv).await.unwrap_err();
    assert_eq!(ended, TalkError::Sam(SamError::Ended));
    *scene.town.until.lock().unwrap() = scene.clock.now().plus(Duration::from_secs(60));
    assert!(is_done(&scene.talk().freeze(&mut phone, Locale::Lv).await.unwrap()));
}

#[tokio::test]
async fn what_is_kept_holds_no_pin_and_any_change_to_it_is_noticed() {
    let scene = Scene::new();
    let mut phone = scene.bound().await;
    scene.login(&[]);
    let found = scene.talk().poll(&phone, false).await.unwrap();
    let pin1 = pin(Pin::Pin1, "9351");
    scene.talk().approve(&mut phone, &found.waiting[0], yes(&pin1)).await.unwrap();
    let lock = Lock::new([9; 32]);
    let kept = phone.kept(&lock, &scene.chance).unwrap();
    let text = String::from_utf8(kept.clone()).unwrap();
    assert!(!text.contains("9351\"") && !text.contains("417026"));
    let read = Phone::parse(&kept, &lock).unwrap();
    assert_eq!((read.device(), read.digits()), (phone.device(), phone.digits()));
    assert_eq!((read.person(), read.stage()), (phone.person(), Stage::Bound));

    let other = Phone::parse(&kept, &Lock::new([8; 32])).unwrap_err();
    assert_eq!(other, KeptError::Locked);
    for path in ["device", "cost", "server", "root", "label", "thumbprint"] {
        let with = match path {
            "device" => "00".repeat(16),
            "root" | "thumbprint" => "00".repeat(32),
            "cost" => "2026-11".to_owned(),
            _ => "http://other.localhost".to_owned(),
        };
        let wrong = changed::<serde_json::Value>(&kept, |form| form["fixed"][path] = with.into());
        assert_eq!(Phone::parse(&wrong, &lock).unwrap_err(), KeptError::Locked, "{path}");
    }
    let newer = changed::<serde_json::Value>(&kept, |form| form["v"] = 2.into());
    assert_eq!(Phone::parse(&newer, &lock).unwrap_err(), KeptError::Newer);
    let odd = changed::<serde_json::Value>(&kept, |form| form["x"] = 2.into());
    assert_eq!(Phone::parse(&odd, &lock).unwrap_err(), KeptError::Damaged);
    for length in [0, 1, kept.len() / 2, kept.len() - 1] {
        assert_eq!(Phone::parse(&kept[..length], &lock).unwrap_err(), KeptError::Damaged);
    }
    let sam = Scene::new();
    let stranger = sam.bound().await.kept(&lock, &scene.chance).unwrap();
    let keys: serde_json::Value = serde_json::from_slice(&stranger).unwrap();
    let wrong = changed::<serde_json::Value>(&kept, |form| {
        form["sam_keys"] = keys["sam_keys"].clone();
    });
    assert_eq!(Phone::parse(&wrong, &lock).unwrap_err(), KeptError::Sam(SamError::Root));
}
