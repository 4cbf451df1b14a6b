//! The phone's pages: who may come where, and the pages that bind nothing.

use std::sync::Arc;

use activation_contract::{Op, app as wire};
use app::screens::{
    self, Asks, Hold, Outcome, Pending, PendingRequest, Phones as Listed, RememberedBrowser,
    Settings, VirtualPhone, paths,
};
use app::{Found, TalkError, Waiting};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::Locale;
use http::header;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ui::Voice;
use ui::text::app as words;
use web::{Access, Failed, Form, Frontage, Hosts, Language, Path, Query, Refused, Routes};

use super::handset::Phones;
use super::report;
use super::visit::{Sent, Visit, named, page_in};
use super::{answer, enrol, keys, vouch};

/// The pages at `authority`; any other host is 421.
pub(super) fn at(authority: &str, phones: Arc<Phones>) -> Router {
    let frontage = Frontage { body_max: 64 * 1024, ..Frontage::default() };
    let frontage = Frontage { patience: std::time::Duration::from_secs(150), ..frontage };
    Hosts::new().with(authority, frontage.before(routes().with_state(phones))).into_router()
}

/// Every page and who may come to it: `Bearer` is a browser that has unlocked the phone.
fn routes() -> Routes<Arc<Phones>> {
    Routes::new()
        .get("/", Access::Anybody, list)
        .post("/", Access::Anybody, add)
        .get("/enrol", Access::Anybody, list)
        .get("/a/{code}", Access::Anybody, link)
        .get(web::PAGE_FILES, Access::Anybody, web::page_file)
        .post("/{phone}/unlock", Access::Anybody, unlock)
        .get("/{phone}", Access::Bearer, pending)
        .post("/{phone}", Access::Bearer, look)
        .get("/{phone}/state", Access::Bearer, state)
        .get("/{phone}/enrol", Access::Bearer, enrol::form)
        .post("/{phone}/enrol", Access::Bearer, enrol::sent)
        .get("/{phone}/new", Access::Bearer, keys::new_form)
        .post("/{phone}/new", Access::Bearer, keys::new_sent)
        .get("/{phone}/pins", Access::Bearer, keys::pins_form)
        .post("/{phone}/pins", Access::Bearer, keys::pins_sent)
        .get("/{phone}/pins/desk", Access::Bearer, keys::desk_form)
        .post("/{phone}/pins/desk", Access::Bearer, keys::desk_sent)
        .get("/{phone}/keys", Access::Bearer, keys::shown)
        .post("/{phone}/keys", Access::Bearer, keys::sent)
        .get("/{phone}/vouch", Access::Bearer, vouch::form)
        .post("/{phone}/vouch", Access::Bearer, vouch::sent)
        .get("/{phone}/requests/{request}", Access::Bearer, answer::shown)
        .post("/{phone}/requests/{request}", Access::Bearer, answer::sent)
        .post("/{phone}/requests/{request}/report", Access::Bearer, answer::reported)
        .get("/{phone}/settings", Access::Bearer, settings)
        .post("/{phone}/settings", Access::Bearer, set)
        .get("/{phone}/help", Access::Bearer, help)
        .get("/{phone}/freeze", Access::Bearer, freeze)
        .post("/{phone}/freeze", Access::Bearer, frozen)
}

/// What an address from elsewhere brings along: an invitation or a request's eight characters.
fn carries(sent: &Sent) -> String {
    let part = |name: &str| {
        let value = sent.get(name).filter(|value| value.len() <= 2048)?;
        Some(format!("?{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
    };
    part("offer").or_else(|| part("code")).unwrap_or_default()
}

async fn list(
    State(phones): State<Arc<Phones>>,
    Language(locale): Language,
    Query(sent): Query<Sent>,
) -> Result<Response, Failed> {
    let carries = carries(&sent);
    let here = Some(format!("/{carries}"));
    let voice = Voice::new(locale);
    let name = voice.say(words::SYSTEM);
    let hold = Hold { voice, here, phone: None, name, demo: true };
    let mut listed = Vec::new();
    for set in phones.all()? {
        let bound = set.folder.phone().ok().flatten().is_some();
        let name = set.folder.name(&hold.name);
        listed.push(VirtualPhone { id: set.id.clone(), name, bound, waiting: set.waiting() });
    }
    Ok(page_in(locale, screens::phones(&hold, &Listed { phones: listed, carries })))
}

async fn add(
    State(phones): State<Arc<Phones>>,
    Language(locale): Language,
    Query(sent): Query<Sent>,
) -> Result<Response, Failed> {
    let number = phones.all()?.len() + 1;
    let name = format!("{} {number}", Voice::new(locale).say(words::SYSTEM));
    let set = phones.add(&name)?;
    let to = format!("{}{}", paths::enrol(&set.id), carries(&sent));
    Ok((phones.unlocked(&set), Redirect::to(&to)).into_response())
}

async fn link(Path(code): Path<String>) -> Result<Redirect, Failed> {
    let code = wire::code_of(&code).ok_or(Refused::NotFound)?;
    Ok(Redirect::to(&format!("/?code={code}")))
}

async fn unlock(State(phones): State<Arc<Phones>>, request: Request) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let set = named(&mut parts, &phones).await?;
    let request = Request::from_parts(parts, body);
    let sent = <Form<Sent> as axum::extract::FromRequest<_>>::from_request(request, &phones).await;
    let Form(sent) = sent.map_err(IntoResponse::into_response)?;
    let own = paths::phone(&set.id);
    let within = |then: &String| {
        let rest = then.strip_prefix(&own);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let to = sent.get("then").filter(|then| within(then)).unwrap_or(&own);
    Ok((phones.unlocked(&set), Redirect::to(to)).into_response())
}

async fn pending(visit: Visit, Query(sent): Query<Sent>) -> Result<Response, Failed> {
    if sent.contains_key("offer") {
        let to = format!("{}{}", paths::enrol(&visit.set.id), carries(&sent));
        return Ok(Redirect::to(&to).into_response());
    }
    let typed = sent.get("code").cloned().unwrap_or_default();
    first(&visit, typed, Vec::new()).await
}

/// The first screen, or the way to bind a phone that nobody has.
async fn first(
    visit: &Visit,
    typed: String,
    errors: Vec<ui::FieldError>,
) -> Result<Response, Failed> {
    let bound = visit.set.folder.phone()?.filter(|phone| phone.person().is_some());
    let Some(phone) = bound else {
        return Ok(Redirect::to(&paths::enrol(&visit.set.id)).into_response());
    };
    let Some(found) = visit.phones.found(&visit.set).await else {
        return Ok(match (phone.stage(), visit.set.trouble()) {
            (app::Stage::Bound, None) => bare(visit, phone.label(), typed, errors),
            (app::Stage::Bound, Some(why)) => visit.page(screens::outcome(&visit.hold, &why)),
            _ => Redirect::to(&paths::enrol(&visit.set.id)).into_response(),
        });
    };
    if found.frozen {
        return Ok(visit.page(screens::outcome(&visit.hold, &Outcome::Frozen)));
    }
    let answered = visit.phones.hand(&visit.set).await.answered.clone();
    let waits = found.waiting.iter().filter(|waiting| !answered.contains_key(waiting.id()));
    let view = Pending {
        person: phone.label().to_owned(),
        user_number: spaced(&found.user_number),
        requests: waits.map(|waiting| listed(waiting, visit.locale)).collect(),
        unshown: !found.unshown.is_empty(),
        alarm: alarm(&found.notices, visit.phones.world.clock.now()),
        told: found.notices.iter().take(10).map(told).collect(),
        typed,
        errors,
    };
    Ok(visit.page(screens::pending(&visit.hold, &view)))
}

/// The first screen while the server has not answered.
fn bare(visit: &Visit, label: &str, typed: String, errors: Vec<ui::FieldError>) -> Response {
    let (person, user_number) = (label.to_owned(), "…".to_owned());
    let (requests, told, unshown, alarm) = (Vec::new(), Vec::new(), false, None);
    let view = Pending { person, user_number, requests, unshown, alarm, told, typed, errors };
    visit.page(screens::pending(&visit.hold, &view))
}

/// What is being done to the person's phones and has not come to its end: a phone that is being
/// bound, or gets new PINs. After two days it has, or never will.
fn alarm(notices: &[wire::Notice], now: base::Time) -> Option<String> {
    let about = ["device-offered", "pins-offered", "device-enrolled", "pins-set", "frozen"];
    let last = notices.iter().find(|notice| about.contains(&notice.kind.as_str()))?;
    let open = last.kind.ends_with("-offered") && now.since(last.at) < ALARM;
    open.then(|| last.kind.clone())
}

/// How long something is warned of: the waiting time, and how long the approval then holds.
const ALARM: std::time::Duration = std::time::Duration::from_hours(48);

fn told(notice: &wire::Notice) -> (String, String, base::Time) {
    (notice.kind.clone(), notice.reference.clone(), notice.at)
}

fn listed(waiting: &Waiting, locale: Locale) -> PendingRequest {
    PendingRequest {
        id: waiting.id().to_owned(),
        asks: match waiting.shown.op() {
            Op::Login => Asks::Login,
            Op::Sign => Asks::Signature,
            _ => Asks::Act,
        },
        client: waiting.shown.client_name(locale).to_owned(),
        until: waiting.shown.request().until,
    }
}

/// Eight digits as they are read out: `4170 2265`.
pub(super) fn spaced(digits: &str) -> String {
    digits.split_at_checked(4).map_or(digits.to_owned(), |(a, b)| format!("{a} {b}"))
}

async fn look(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    if !sent.contains_key("claim") {
        return Ok(Redirect::to(&paths::phone(&visit.set.id)).into_response());
    }
    let typed = sent.get("code").cloned().unwrap_or_default();
    let mut using = visit.phones.using(&visit.set).await?;
    match visit.phones.talk().claim(&mut using.phone, &typed).await {
        Ok(waiting) => {
            let to = paths::request(&visit.set.id, waiting.id());
            using.hand.taken.insert(waiting.id().to_owned(), waiting);
            Ok(Redirect::to(&to).into_response())
        }
        Err(TalkError::Code | TalkError::Refused { status: 404, .. }) => {
            drop(using);
            first(&visit, typed, vec![screens::Fault::Code.at_field(visit.hold.voice)]).await
        }
        Err(why) => Ok(visit.page(screens::outcome(&visit.hold, &report::failed(&why)))),
    }
}

/// Whether a waiting page should look again.
async fn state(visit: Visit) -> Response {
    let found = visit.phones.found(&visit.set).await.unwrap_or_default();
    let answered = visit.phones.hand(&visit.set).await.answered.clone();
    let waits = found.waiting.iter().any(|waiting| !answered.contains_key(waiting.id()));
    let state = if waits || found.frozen { "asked" } else { "waiting" };
    let state = serde_json::json!({ "state": state });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(state)).into_response()
}

async fn settings(visit: Visit) -> Result<Response, Failed> {
    let Some(phone) = visit.set.folder.phone()? else {
        return Ok(Redirect::to(&paths::enrol(&visit.set.id)).into_response());
    };
    let found: Found = visit.phones.found(&visit.set).await.unwrap_or_default();
    let (remembered, others): (Vec<_>, Vec<_>) =
        found.browsers.into_iter().partition(|browser| browser.remembered);
    let view = Settings {
        user_number: spaced(&found.user_number),
        thumbprint: spaced(&phone.digits()),
        could_remember: others.into_iter().next().map(|browser| (browser.id, browser.label)),
        browsers: remembered
            .into_iter()
            .map(|browser| RememberedBrowser {
                id: browser.id,
                name: browser.label,
                used: browser.used,
            })
            .collect(),
    };
    Ok(visit.page(screens::settings(&visit.hold, &view)))
}

async fn set(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    let forgotten = sent.get("forget").map(|browser| (browser, false));
    let remembered = sent.get("browser").filter(|_| sent.contains_key("remember"));
    let wanted = forgotten.or(remembered.map(|browser| (browser, true)));
    let (browser, remember) = wanted.ok_or(Refused::Parameters)?;
    let mut using = visit.phones.using(&visit.set).await?;
    let done = visit.phones.talk().browser(&mut using.phone, browser, remember).await;
    drop(using);
    match done {
        Ok(()) => {
            visit.set.forget_found();
            Ok(Redirect::to(&paths::settings(&visit.set.id)).into_response())
        }
        Err(why) => Ok(visit.page(screens::outcome(&visit.hold, &report::failed(&why)))),
    }
}

async fn help(visit: Visit) -> Response {
    visit.page(screens::help(&visit.hold))
}

async fn freeze(visit: Visit) -> Response {
    visit.page(screens::freeze(&visit.hold))
}

async fn frozen(visit: Visit) -> Result<Response, Failed> {
    let mut using = visit.phones.using(&visit.set).await?;
    let done = visit.phones.talk().freeze(&mut using.phone, visit.locale).await;
    visit.phones.keep(&visit.set, &using.phone)?;
    drop(using);
    visit.set.forget_found();
    let view = match done {
        Ok(approved) => report::ended(&approved, Op::Freeze),
        Err(why) => report::failed(&why),
    };
    Ok(visit.page(screens::outcome(&visit.hold, &view)))
}
