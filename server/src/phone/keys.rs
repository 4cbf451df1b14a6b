//! New keys that somebody has to approve: a new phone that another phone of the person vouches
//! for, and new PINs of a bound one, which another phone or an official approves.

use activation_contract::Invitation;
use app::screens::{
    self, By, Enrolling as Compared, Fault, Keys, KeysStand, NewPins, Outcome, paths,
};
use app::{Enrolling, KeysError, Stage, TalkError};
use axum::response::{IntoResponse, Redirect, Response};
use web::{Failed, Form, Refused};

use super::enrol::{by_offer, typed_pins};
use super::folder::FolderError;
use super::report;
use super::visit::{Sent, Visit};

/// What the form is for, and what was typed into it.
#[derive(Clone, Copy, Debug)]
struct Asked<'a> {
    forgotten: bool,
    by: By,
    offer: &'a str,
}

/// A new phone.
const NEW: Asked<'static> = Asked { forgotten: false, by: By::Phone, offer: "" };

/// Asks for the PINs of a new phone.
pub(super) async fn new_form(visit: Visit) -> Result<Response, Failed> {
    if let Some(elsewhere) = elsewhere(&visit, false)? {
        return Ok(elsewhere);
    }
    visit.phones.service().ok_or(Refused::NotFound)?;
    Ok(asked(&visit, NEW, Vec::new()))
}

/// POST `go-on` makes the keys of a new phone.
pub(super) async fn new_sent(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    if let Some(elsewhere) = elsewhere(&visit, false)? {
        return Ok(elsewhere);
    }
    let service = visit.phones.service().ok_or(Refused::NotFound)?;
    let pins = match typed_pins(&sent) {
        Ok(pins) => pins,
        Err(faults) => return Ok(asked(&visit, NEW, faults)),
    };
    let label = visit.set.folder.name(&visit.hold.name);
    let made = visit.phones.talk().present(&service, &pins, &label).await;
    begun(&visit, made, NEW).await
}

/// Asks for new PINs, which another phone approves.
pub(super) async fn pins_form(visit: Visit) -> Result<Response, Failed> {
    pins_asked(&visit, By::Phone)
}

/// POST `go-on` makes the keys of new PINs, which another phone approves.
pub(super) async fn pins_sent(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    pins_made(&visit, By::Phone, &sent).await
}

/// Asks for new PINs, which an official approves.
pub(super) async fn desk_form(visit: Visit) -> Result<Response, Failed> {
    pins_asked(&visit, By::Desk)
}

/// POST `go-on` makes the keys of new PINs, which an official approves.
pub(super) async fn desk_sent(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    pins_made(&visit, By::Desk, &sent).await
}

/// What waits for an approval.
pub(super) async fn shown(visit: Visit) -> Result<Response, Failed> {
    let Some(enrolling) = visit.set.folder.enrolling()? else {
        return Ok(Redirect::to(&paths::phone(&visit.set.id)).into_response());
    };
    Ok(screen(&visit, &enrolling, KeysStand::Shown))
}

/// POST `check` asks whether it is approved; POST `stop` throws it away.
pub(super) async fn sent(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    if sent.contains_key("stop") {
        let _gate = visit.phones.hand(&visit.set).await;
        let renewal = visit.set.folder.enrolling()?.is_some_and(|old| old.is_renewal());
        visit.set.folder.forget_enrolling()?;
        let id = &visit.set.id;
        let to = if renewal { paths::pins(id) } else { paths::new(id) };
        return Ok(Redirect::to(&to).into_response());
    }
    checked(&visit).await
}

/// Where somebody goes who has a phone already, or none, or keys that wait.
fn elsewhere(visit: &Visit, bound: bool) -> Result<Option<Response>, FolderError> {
    let id = &visit.set.id;
    let phone = visit.set.folder.phone()?.filter(|phone| phone.stage() != Stage::Made);
    let to = if visit.set.folder.enrolling()?.is_some() {
        paths::keys(id)
    } else if phone.is_some() != bound {
        paths::phone(id)
    } else {
        return Ok(None);
    };
    Ok(Some(Redirect::to(&to).into_response()))
}

fn pins_asked(visit: &Visit, by: By) -> Result<Response, Failed> {
    if let Some(elsewhere) = elsewhere(visit, true)? {
        return Ok(elsewhere);
    }
    Ok(asked(visit, Asked { forgotten: true, by, offer: "" }, Vec::new()))
}

async fn pins_made(visit: &Visit, by: By, sent: &Sent) -> Result<Response, Failed> {
    if let Some(elsewhere) = elsewhere(visit, true)? {
        return Ok(elsewhere);
    }
    let typed = sent.get("offer").map(|offer| offer.trim()).unwrap_or_default();
    let form = Asked { forgotten: true, by, offer: typed };
    let (invitation, pins) = match (by, typed_pins(sent)) {
        (By::Phone, Ok(pins)) => (None, pins),
        (By::Desk, Ok(pins)) => match Invitation::parse(typed) {
            Some(invitation) => (Some(invitation), pins),
            None => return Ok(asked(visit, form, vec![Fault::Offer])),
        },
        (By::Phone, Err(faults)) => return Ok(asked(visit, form, faults)),
        (By::Desk, Err(faults)) => {
            let offer = Invitation::parse(typed).is_none().then_some(Fault::Offer);
            return Ok(asked(visit, form, offer.into_iter().chain(faults).collect()));
        }
    };
    let phone = visit.set.folder.phone()?.ok_or(FolderError::Empty)?;
    let made = visit.phones.talk().new_pins(&phone, invitation.as_ref(), &pins).await;
    begun(visit, made, form).await
}

/// Keeps the new keys; those for an official's offer go to `sam` at once.
async fn begun(
    visit: &Visit,
    made: Result<Enrolling, TalkError>,
    form: Asked<'_>,
) -> Result<Response, Failed> {
    let spent = |visit: &Visit| asked(visit, form, vec![Fault::OfferSpent]);
    let mut enrolling = match made {
        Ok(enrolling) => enrolling,
        Err(TalkError::Keys(KeysError::Service)) => return Ok(spent(visit)),
        Err(why) => return Ok(outcome(visit, &report::failed(&why))),
    };
    let _gate = visit.phones.hand(&visit.set).await;
    visit.phones.keep_enrolling(&visit.set, &enrolling)?;
    if form.by == By::Desk {
        match visit.phones.talk().enrol(&enrolling).await {
            Ok(phone) => {
                enrolling.phone = phone;
                visit.phones.keep_enrolling(&visit.set, &enrolling)?;
            }
            Err(why) if by_offer(&why) => {
                visit.set.folder.forget_enrolling()?;
                return Ok(spent(visit));
            }
            // Whether it arrived is not known: checking sends it again.
            Err(why) => tracing::info!(%why, "new PINs are not told yet"),
        }
    }
    Ok(Redirect::to(&paths::keys(&visit.set.id)).into_response())
}

/// Brings the keys to `sam`: it takes them once somebody has approved them.
async fn checked(visit: &Visit) -> Result<Response, Failed> {
    let _gate = visit.phones.hand(&visit.set).await;
    let _held = visit.set.folder.hold(visit.phones.world.clock.as_ref()).await?;
    let Some(mut enrolling) = visit.set.folder.enrolling()? else {
        return Ok(Redirect::to(&paths::phone(&visit.set.id)).into_response());
    };
    match visit.phones.talk().enrol(&enrolling).await {
        Ok(phone) if phone.stage() == Stage::Bound => {
            visit.phones.keep(&visit.set, &phone)?;
            visit.set.folder.forget_enrolling()?;
            visit.set.forget_found();
            Ok(if enrolling.is_renewal() {
                outcome(visit, &Outcome::PinsSet)
            } else {
                Redirect::to(&paths::enrol(&visit.set.id)).into_response()
            })
        }
        Ok(phone) => {
            enrolling.phone = phone;
            visit.phones.keep_enrolling(&visit.set, &enrolling)?;
            Ok(screen(visit, &enrolling, KeysStand::Waits))
        }
        Err(TalkError::Refused { status: 404, .. }) if enrolling.keys().is_some() => {
            Ok(screen(visit, &enrolling, KeysStand::Waits))
        }
        Err(why) if by_offer(&why) => Ok(screen(visit, &enrolling, KeysStand::Void)),
        Err(why) => Ok(outcome(visit, &report::failed(&why))),
    }
}

/// The screen of keys that wait: for another phone, or for the official who compares digits.
fn screen(visit: &Visit, enrolling: &Enrolling, stand: KeysStand) -> Response {
    let digits = enrolling.phone.digits();
    let text = enrolling.keys().and_then(|keys| keys.written().ok());
    if text.is_none() && stand != KeysStand::Void {
        let here = paths::keys(&visit.set.id);
        let view = Compared { here, thumbprint: digits, bound: false };
        return visit.page(screens::enrolling(&visit.hold, &view));
    }
    let stand = match (stand, enrolling.phone.from()) {
        (KeysStand::Shown | KeysStand::Waits, Some(from)) => KeysStand::From(from),
        (stand, _) => stand,
    };
    let view = Keys { text: text.unwrap_or_default(), digits, stand };
    visit.page(screens::keys(&visit.hold, &view))
}

fn asked(visit: &Visit, form: Asked<'_>, faults: Vec<Fault>) -> Response {
    let errors = faults.into_iter().map(|fault| fault.at_field(visit.hold.voice)).collect();
    let Asked { forgotten, by, offer } = form;
    let view = NewPins { forgotten, by, offer: offer.to_owned(), errors };
    visit.page(screens::new_pins(&visit.hold, &view))
}

fn outcome(visit: &Visit, view: &Outcome) -> Response {
    visit.page(screens::outcome(&visit.hold, view))
}
