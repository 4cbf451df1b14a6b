//! Binding a phone by pasting what the desk shows.

use activation_contract::{Invitation, Pin};
use app::screens::{self, Enrol, Enrolling as Compared, Fault, paths};
use app::{Enrolling, PinCode, PinError, Pins, SamError, Stage, TalkError};
use axum::response::{IntoResponse, Redirect, Response};
use web::{Failed, Form, Query};

use super::report;
use super::visit::{Sent, Visit};

/// The form, filled with what an address brought; the digits, once `sam` has the phone's keys.
/// Keys that another phone is to approve come first.
pub(super) async fn form(visit: Visit, Query(sent): Query<Sent>) -> Result<Response, Failed> {
    if visit.set.folder.enrolling()?.is_some_and(|keys| !keys.is_renewal()) {
        return Ok(Redirect::to(&paths::keys(&visit.set.id)).into_response());
    }
    let phone = visit.set.folder.phone()?.filter(|phone| phone.stage() != Stage::Made);
    let Some(phone) = phone else {
        let offer = sent.get("offer").cloned().unwrap_or_default();
        return Ok(asked(&visit, offer, Vec::new()));
    };
    let (thumbprint, bound) = (phone.digits(), phone.stage() == Stage::Bound);
    let here = paths::enrol(&visit.set.id);
    Ok(visit.page(screens::enrolling(&visit.hold, &Compared { here, thumbprint, bound })))
}

/// POST `enrol` makes the phone; POST `check` asks whether it is bound.
pub(super) async fn sent(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    if sent.contains_key("enrol") { enrolled(visit, &sent).await } else { checked(visit).await }
}

async fn enrolled(visit: Visit, sent: &Sent) -> Result<Response, Failed> {
    let known = visit.set.folder.phone()?;
    if known.is_some_and(|phone| phone.stage() != Stage::Made) {
        return Ok(Redirect::to(&paths::enrol(&visit.set.id)).into_response());
    }
    let offer = sent.get("offer").map(|offer| offer.trim().to_owned()).unwrap_or_default();
    let (invitation, pins) = match typed(&offer, sent) {
        Ok(read) => read,
        Err(faults) => return Ok(asked(&visit, offer, faults)),
    };
    let label = visit.set.folder.name(&visit.hold.name);
    let met = visit.phones.talk().meet(&invitation, &pins, &label).await;
    let done = match met {
        Ok(enrolling) => told(&visit, enrolling).await?,
        Err(why) => Err(why),
    };
    match done.map_err(|why| fault(&why).ok_or(why)) {
        Ok(()) => Ok(Redirect::to(&paths::enrol(&visit.set.id)).into_response()),
        Err(Ok(fault)) => Ok(asked(&visit, offer, vec![fault])),
        Err(Err(why)) => Ok(visit.page(screens::outcome(&visit.hold, &report::failed(&why)))),
    }
}

/// Keeps the new phone, then tells `sam`.
async fn told(
    visit: &Visit,
    enrolling: Enrolling,
) -> Result<Result<(), TalkError>, super::folder::FolderError> {
    let mut hand = visit.phones.hand(&visit.set).await;
    visit.phones.keep(&visit.set, &enrolling.phone)?;
    let told = visit.phones.talk().enrol(&enrolling).await;
    match told {
        Ok(phone) => {
            visit.phones.keep(&visit.set, &phone)?;
            hand.enrolling = None;
            Ok(Ok(()))
        }
        Err(why) => {
            hand.enrolling = matches!(why, TalkError::Unreached(_)).then_some(enrolling);
            Ok(Err(why))
        }
    }
}

/// The officer may have bound it; or `sam` has not heard of it yet.
async fn checked(visit: Visit) -> Result<Response, Failed> {
    let left = visit.phones.hand(&visit.set).await.enrolling.take();
    if let Some(enrolling) = left
        && let Err(why) = told(&visit, enrolling).await?
    {
        return Ok(visit.page(screens::outcome(&visit.hold, &report::failed(&why))));
    }
    if visit.phones.found(&visit.set).await.is_none() {
        tracing::debug!("the phone is not bound yet");
    }
    Ok(Redirect::to(&paths::enrol(&visit.set.id)).into_response())
}

fn typed(offer: &str, sent: &Sent) -> Result<(Invitation, Pins), Vec<Fault>> {
    let (invitation, pins) = (Invitation::parse(offer), typed_pins(sent));
    let mut faults = Vec::new();
    if invitation.is_none() {
        faults.push(Fault::Offer);
    }
    match (invitation, pins) {
        (Some(invitation), Ok(pins)) => Ok((invitation, pins)),
        (_, pins) => {
            faults.extend(pins.err().into_iter().flatten());
            Err(faults)
        }
    }
}

/// Two new PINs, each typed twice.
pub(super) fn typed_pins(sent: &Sent) -> Result<Pins, Vec<Fault>> {
    let said = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let mut faults = Vec::new();
    for (which, pin) in [(Pin::Pin1, "pin1"), (Pin::Pin2, "pin2")] {
        faults.extend(PinCode::fresh(which, said(pin)).err().map(pin_fault));
    }
    let pins = Pins::new(said("pin1"), said("pin2"));
    if pins == Err(PinError::Same) {
        faults.push(Fault::PinsSame);
    }
    for (pin, again, differs) in
        [("pin1", "pin1-again", Fault::Pin1Differs), ("pin2", "pin2-again", Fault::Pin2Differs)]
    {
        if said(pin).trim() != said(again).trim() {
            faults.push(differs);
        }
    }
    match pins {
        Ok(pins) if faults.is_empty() => Ok(pins),
        _ => Err(faults),
    }
}

fn pin_fault(why: PinError) -> Fault {
    match why {
        PinError::Form(Pin::Pin1) => Fault::Pin1,
        PinError::Form(Pin::Pin2) => Fault::Pin2,
        PinError::Weak(Pin::Pin1) => Fault::Pin1Weak,
        PinError::Weak(Pin::Pin2) => Fault::Pin2Weak,
        PinError::Same => Fault::PinsSame,
    }
}

/// What of a failure is the invitation's.
fn fault(why: &TalkError) -> Option<Fault> {
    match why {
        TalkError::Address => Some(Fault::Offer),
        TalkError::Sam(SamError::Root) => Some(Fault::OfferSpent),
        why if by_offer(why) => Some(Fault::OfferSpent),
        _ => None,
    }
}

/// Whether `sam` does not take the keys: the offer is spent, late, withdrawn or of other keys.
pub(super) fn by_offer(why: &TalkError) -> bool {
    matches!(why, TalkError::Refused { status: 403..=422, .. })
}

fn asked(visit: &Visit, offer: String, faults: Vec<Fault>) -> Response {
    let errors = faults.into_iter().map(|fault| fault.at_field(visit.hold.voice)).collect();
    let other_way = visit.phones.service().is_some();
    visit.page(screens::enrol(&visit.hold, &Enrol { offer, other_way, errors }))
}
