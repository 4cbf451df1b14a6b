//! Ending a phone that is lost: approved on another phone of the person with PIN2. The web alone
//! can end none; what `sam` then states is carried out by the identity platform (PROTOCOLS §3).

use std::time::Duration;

use activation_contract::{Device, Item, Op, Outcome, Request, RequestKind};
use axum::Json;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Bytes, Digest, Id, Locale};
use http::header;
use identity_contract::{Ask, AskState, AskedOf, MeansOf};
use serde::Deserialize;
use ui::Voice;
use ui::login::Pending;
use ui::text::{portal as portal_words, security as words};
use web::{Failed, Form, Path, Refused};

use crate::browser::browser;
use crate::pages::{self, EndPending, EndPhone};
use crate::paths;
use crate::portal::{EndingPhone, PortalSession};
use crate::reader::{SignedIn, page};

/// What calls about it are for.
const PURPOSE: &str = "end-phone";

/// How long a phone can answer.
const LIFE: Duration = Duration::from_mins(5);

/// How far it is.
enum Standing {
    Waits(EndPending),
    Done,
}

/// Which button was pressed.
#[derive(Deserialize)]
pub(crate) struct Pressed {
    check: Option<String>,
    again: Option<String>,
}

/// Asks whether to end it.
pub(crate) async fn show(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let (_, view) = own(&person, &id).await?;
    Ok(page(pages::end_phone(&person.seat(), &view)))
}

/// Asks the phones.
pub(crate) async fn ask(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let (device, view) = own(&person, &id).await?;
    let (request, ending) = asked(&person, device, view.name);
    let request = serde_json::to_vec(&request).map_err(|_| Refused::Parameters)?;
    let ask = Ask { person: person.session.person, request: Bytes(request) };
    person.call(&person.portal().links.identity, ask, PURPOSE).await?;
    let body = PortalSession { ending: Some(ending), ..person.session.body.clone() };
    person.portal().sessions.change(&person.session, &body).await?;
    Ok(leading(paths::END_WAIT))
}

/// Waits for a phone, or says what holds.
pub(crate) async fn wait(person: SignedIn) -> Result<Response, Failed> {
    let Some(ending) = person.session.body.ending.clone() else {
        return Ok(leading(paths::SECURITY));
    };
    let seat = person.seat();
    Ok(page(match standing(&person, &ending).await? {
        Standing::Waits(pending) => {
            let (name, id) = (ending.name, ending.device.to_string());
            let view = EndPhone { name, id, only: false };
            pages::end_wait(&seat, &view, pending, ending.until)
        }
        Standing::Done => pages::ended(&seat, &ending.name),
    }))
}

/// Asks where it stands, asks anew, or leaves it.
pub(crate) async fn go_on(person: SignedIn, Form(pressed): Form<Pressed>) -> Response {
    match (&person.session.body.ending, pressed) {
        (Some(_), Pressed { check: Some(_), .. }) => leading(paths::END_WAIT),
        (Some(ending), Pressed { again: Some(_), .. }) => {
            leading(&paths::end_phone(&ending.device.to_string()))
        }
        _ => leading(paths::SECURITY),
    }
}

/// Where it stands, for the script.
pub(crate) async fn state(person: SignedIn) -> Result<Response, Failed> {
    let ending = person.session.body.ending.clone().ok_or(Refused::NotFound)?;
    let state = match standing(&person, &ending).await? {
        Standing::Waits(EndPending::Phone(Pending::OnPhone)) => "waiting",
        _ => "over",
    };
    let answer = Json(serde_json::json!({ "state": state }));
    Ok(([(header::CACHE_CONTROL, "no-store")], answer).into_response())
}

/// A phone of the person's own that has not ended.
async fn own(person: &SignedIn, id: &str) -> Result<(Id<Device>, EndPhone), Failed> {
    let device: Id<Device> = id.parse().map_err(|_| Refused::NotFound)?;
    let of = MeansOf { person: person.session.person };
    let means = person.call(&person.portal().links.identity, of, PURPOSE).await?;
    let live = means.devices.iter().filter(|one| one.ended.is_none());
    let only = live.clone().count() == 1;
    let found = live.into_iter().find(|one| one.device == device).ok_or(Refused::NotFound)?;
    Ok((device, EndPhone { name: found.label.clone(), id: device.to_string(), only }))
}

fn asked(person: &SignedIn, device: Id<Device>, name: String) -> (Request, EndingPhone) {
    let portal = person.portal();
    let item = Item {
        label: device.to_string(),
        media_type: String::new(),
        size: 0,
        document_digest: Digest([0; 32]),
        dtbs: None,
    };
    let say = |key: ui::text::Key| {
        Locale::ALL.into_iter().map(|locale| (locale, Voice::new(locale).say(key))).collect()
    };
    let id = Id::<EndingPhone>::random(portal.chance.as_ref()).to_string();
    let at = portal.clock.now();
    let request = Request {
        id: id.clone(),
        client: portal.addresses.client.clone(),
        client_name: say(portal_words::SYSTEM),
        purpose: say(words::END_SHORT),
        kind: RequestKind::Act { op: Op::EndDevice, credential: None, items: vec![item] },
        place: browser(&person.reader.headers).unwrap_or_default(),
        at,
        until: at.plus(LIFE),
    };
    let ending = EndingPhone { request: id, until: request.until, device, name };
    (request, ending)
}

async fn standing(person: &SignedIn, ending: &EndingPhone) -> Result<Standing, Failed> {
    let of = AskedOf { request: ending.request.clone() };
    let answer = person.call(&person.portal().links.identity, of, PURPOSE).await?;
    Ok(Standing::Waits(match answer {
        AskState::Answered { outcome: Outcome::Done { .. }, .. } => return Ok(Standing::Done),
        AskState::Waiting | AskState::Answered { outcome: Outcome::BeingCarriedOut, .. } => {
            EndPending::Phone(Pending::OnPhone)
        }
        AskState::Answered { .. } => EndPending::Stopped,
        AskState::Refused { .. } => EndPending::Phone(Pending::Refused),
        AskState::Expired => EndPending::Phone(Pending::Late),
    }))
}

fn leading(to: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(to)).into_response()
}
