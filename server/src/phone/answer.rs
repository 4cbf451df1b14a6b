//! Answering a request: the number, the PIN, or no.

use activation_contract::{Op, Outcome as Said, Pin, Verdict};
use app::screens::{self, ApproveLogin, ApproveSign, Fault, LoginStep, Outcome, SignItem, paths};
use app::{Consent, PinCode, TalkError, Waiting};
use axum::response::{IntoResponse, Redirect, Response};
use ui::text::{app as words, identity as gets};
use ui::{FieldError, Voice};
use web::{Failed, Form, Path};

use super::folder::FolderError;
use super::report;
use super::visit::{Sent, Visit};

/// A request, as it stands.
pub(super) async fn shown(
    visit: Visit,
    Path((_, request)): Path<(String, String)>,
) -> Result<Response, Failed> {
    match waiting(&visit, &request).await {
        Some(waiting) => Ok(asked(&visit, &waiting, None, Vec::new())),
        None => Ok(outcome(&visit, &Outcome::Late)),
    }
}

/// POST `choose` with `number`, `approve` with `pin`, or `refuse`.
pub(super) async fn sent(
    visit: Visit,
    Path((_, request)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    if sent.contains_key("refuse") {
        return Ok(refused(&visit, &request, Verdict::NotNow).await?);
    }
    let Some(waiting) = waiting(&visit, &request).await else {
        return Ok(outcome(&visit, &Outcome::Late));
    };
    if sent.contains_key("choose") {
        return Ok(chosen(&visit, &waiting, sent.get("number")).await?);
    }
    let pin = sent.get("pin").map(String::as_str).unwrap_or_default();
    Ok(approved(&visit, &waiting, pin).await?)
}

/// POST `report`: it was not mine.
pub(super) async fn reported(
    visit: Visit,
    Path((_, request)): Path<(String, String)>,
) -> Result<Response, Failed> {
    Ok(refused(&visit, &request, Verdict::NotMine).await?)
}

async fn refused(visit: &Visit, request: &str, verdict: Verdict) -> Result<Response, FolderError> {
    let mut using = visit.phones.using(&visit.set).await?;
    let done = visit.phones.talk().refuse(&mut using.phone, request, verdict).await;
    using.hand.taken.remove(request);
    let now = visit.phones.world.clock.now();
    using.hand.answered.insert(request.to_owned(), now);
    visit.phones.keep(&visit.set, &using.phone)?;
    Ok(match (done, verdict) {
        (Ok(()), Verdict::NotNow) => {
            outcome(visit, &Outcome::Refused { request: request.to_owned() })
        }
        (Ok(()), Verdict::NotMine) => outcome(visit, &Outcome::Reported),
        (Err(why), _) => outcome(visit, &report::failed(&why)),
    })
}

async fn chosen(
    visit: &Visit,
    waiting: &Waiting,
    number: Option<&String>,
) -> Result<Response, FolderError> {
    let Some(number) = number.and_then(|number| number.parse().ok()) else {
        let fault = Fault::Number.at_field(visit.hold.voice);
        return Ok(asked(visit, waiting, None, vec![fault]));
    };
    let mut using = visit.phones.using(&visit.set).await?;
    let request = waiting.id().to_owned();
    match visit.phones.talk().choose(&mut using.phone, waiting, number).await {
        Ok(next) => {
            visit.phones.keep(&visit.set, &using.phone)?;
            using.hand.taken.insert(request.clone(), next);
            Ok(Redirect::to(&paths::request(&visit.set.id, &request)).into_response())
        }
        Err(TalkError::Refused { kind, .. }) if kind == "wrong-number" => {
            let now = visit.phones.world.clock.now();
            using.hand.answered.insert(request.clone(), now);
            Ok(outcome(visit, &Outcome::WrongCode { request }))
        }
        Err(TalkError::Number) => {
            let fault = Fault::Number.at_field(visit.hold.voice);
            Ok(asked(visit, waiting, None, vec![fault]))
        }
        Err(why) => Ok(outcome(visit, &report::failed(&why))),
    }
}

async fn approved(visit: &Visit, waiting: &Waiting, typed: &str) -> Result<Response, FolderError> {
    let which = waiting.shown.op().pin().unwrap_or(Pin::Pin2);
    let fault = |fault: Fault| vec![fault.at_field(visit.hold.voice)];
    let Ok(pin) = PinCode::new(which, typed) else {
        let why = match which {
            _ if typed.is_empty() => Fault::PinMissing,
            _ => Fault::PinForm(which == Pin::Pin2),
        };
        return Ok(asked(visit, waiting, None, fault(why)));
    };
    let mut using = visit.phones.using(&visit.set).await?;
    let consent = Consent { pin: &pin, language: visit.locale };
    let done = visit.phones.talk().approve(&mut using.phone, waiting, consent).await;
    visit.phones.keep(&visit.set, &using.phone)?;
    let request = waiting.id().to_owned();
    let approved = match done {
        Ok(approved) => approved,
        Err(why) => return Ok(outcome(visit, &report::failed(&why))),
    };
    if let Said::WrongPin { left } = approved.outcome {
        let left = u64::from(left);
        using.hand.tries.insert(request, left);
        return Ok(asked(visit, waiting, Some(left), fault(Fault::PinWrong { left })));
    }
    if matches!(approved.outcome, Said::Done { .. }) {
        let now = visit.phones.world.clock.now();
        using.hand.answered.insert(request.clone(), now);
        using.hand.taken.remove(&request);
    }
    Ok(outcome(visit, &report::ended(&approved, waiting.shown.op())))
}

/// The request of this id: as it was taken here, else as the poll found it.
async fn waiting(visit: &Visit, request: &str) -> Option<Waiting> {
    let hand = visit.phones.hand(&visit.set).await;
    if hand.answered.contains_key(request) {
        return None;
    }
    let taken = hand.taken.get(request).cloned();
    drop(hand);
    if taken.is_some() {
        return taken;
    }
    let found = visit.phones.found(&visit.set).await?;
    found.waiting.into_iter().find(|waiting| waiting.id() == request)
}

fn outcome(visit: &Visit, view: &Outcome) -> Response {
    visit.page(screens::outcome(&visit.hold, view))
}

fn asked(
    visit: &Visit,
    waiting: &Waiting,
    tries: Option<u64>,
    errors: Vec<FieldError>,
) -> Response {
    let page = if waiting.shown.op() == Op::Login {
        let view = login(visit, waiting, tries, errors);
        screens::approve_login(&visit.hold, &view)
    } else {
        let view = act(visit, waiting, tries, errors);
        screens::approve_sign(&visit.hold, &view)
    };
    visit.page(page)
}

fn login(
    visit: &Visit,
    waiting: &Waiting,
    tries: Option<u64>,
    errors: Vec<FieldError>,
) -> ApproveLogin {
    let (shown, request) = (&waiting.shown, waiting.shown.request());
    let step = match waiting.choices.as_slice() {
        [a, b, c] => LoginStep::Codes([*a, *b, *c]),
        _ => LoginStep::Pin { tries },
    };
    ApproveLogin {
        request: request.id.clone(),
        client: shown.client_name(visit.locale).to_owned(),
        // The phone has only the server's word for the name.
        verified: false,
        purpose: shown.purpose(visit.locale).to_owned(),
        gets: claims(visit.hold.voice, shown.claims()),
        place: request.place.clone(),
        until: request.until,
        step,
        errors,
    }
}

fn act(
    visit: &Visit,
    waiting: &Waiting,
    tries: Option<u64>,
    errors: Vec<FieldError>,
) -> ApproveSign {
    let (shown, request) = (&waiting.shown, waiting.shown.request());
    let is_signature = shown.op() == Op::Sign;
    let ends = shown.op() == Op::EndDevice;
    let own = visit.set.folder.phone().ok().flatten().map(|phone| phone.device().to_string());
    let ends_this = ends && shown.items().iter().any(|item| Some(&item.label) == own.as_ref());
    let label = |item: &activation_contract::Item| match shown.op() {
        Op::EndDevice if ends_this => visit.hold.voice.say(words::END_OWN),
        Op::EndDevice => visit.hold.voice.say(words::end_other(grouped(&item.label))),
        Op::MakeKey => visit.hold.voice.say(words::make_key(grouped(&item.label))),
        _ => item.label.clone(),
    };
    let item = |item: &activation_contract::Item| SignItem {
        label: label(item),
        size: is_signature.then_some(item.size),
        digest: item.document_digest.0.to_vec(),
    };
    ApproveSign {
        request: request.id.clone(),
        act: !is_signature,
        client: shown.client_name(visit.locale).to_owned(),
        verified: false,
        purpose: shown.purpose(visit.locale).to_owned(),
        ends_this,
        items: shown.items().iter().map(item).collect(),
        control_code: format!("{:04}", shown.control_code()),
        until: request.until,
        tries,
        errors,
    }
}

/// An id as the portal writes it: eight digits, and again.
fn grouped(id: &str) -> String {
    let digits: Vec<char> = id.chars().collect();
    digits.chunks(8).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// What a client gets, in words; a claim without words of its own by its name.
fn claims(voice: Voice, claims: &[String]) -> String {
    let mut said: Vec<String> = Vec::new();
    for claim in claims {
        let words = match claim.as_str() {
            "sub" | "acr" | "auth_time" => continue,
            "name" | "given_name" | "family_name" => voice.say(gets::GETS_NAME),
            "birthdate" => voice.say(gets::GETS_BIRTH),
            "serial_number" => voice.say(gets::GETS_CODE),
            "address" => voice.say(gets::GETS_ADDRESS),
            other => other.to_owned(),
        };
        if !said.contains(&words) {
            said.push(words);
        }
    }
    let said = if said.is_empty() { voice.say(gets::GETS_NOTHING) } else { said.join(", ") };
    let mut letters = said.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
