//! Ending a phone that is lost: approved on another phone of the person with PIN2. The web alone
//! can end none; what `sam` then states is carried out by the identity platform (PROTOCOLS §3).

use activation_contract::{Device, Item, Op, Outcome, Request, RequestKind};
use axum::response::Response;
use base::{Digest, Id};
use identity_contract::{AskState, AskedOf, MeansOf};
use serde::Deserialize;
use ui::login::Pending;
use ui::text::security as words;
use web::{Failed, Form, Path, Refused};

use crate::act;
use crate::pages::{self, EndPending, EndPhone};
use crate::paths;
use crate::portal::{EndingPhone, PortalSession};
use crate::reader::{SignedIn, leading, page};

/// What calls about it are for.
const PURPOSE: &str = "end-phone";

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
    act::ask(&person, &request, PURPOSE).await?;
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
    let standing = standing(&person, &ending).await?;
    let waits = matches!(standing, Standing::Waits(EndPending::Phone(Pending::OnPhone)));
    Ok(act::state(waits))
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
    let item = Item {
        label: device.to_string(),
        media_type: String::new(),
        size: 0,
        document_digest: Digest([0; 32]),
        dtbs: None,
    };
    let kind = RequestKind::Act { op: Op::EndDevice, credential: None, items: vec![item] };
    let request = act::request(person, words::END_SHORT, kind);
    let ending = EndingPhone { request: request.id.clone(), until: request.until, device, name };
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
