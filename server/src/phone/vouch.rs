//! Approving another phone of the person with this one: its code is read, then PIN2.

use activation_contract::{NewKeys, Op, Outcome as Said, Pin, Refusal, shown_digits};
use app::screens::{self, Fault, Outcome, ReadKeys, Vouch, paths};
use app::{Consent, KeysError, PinCode, Stage};
use axum::response::{IntoResponse, Redirect, Response};
use web::{Failed, Form};

use super::folder::FolderError;
use super::pages::spaced;
use super::report;
use super::visit::{Sent, Visit};

/// Asks for the other phone's code.
pub(super) async fn form(visit: Visit) -> Result<Response, Failed> {
    Ok(match visit.set.folder.phone()?.filter(|phone| phone.stage() == Stage::Bound) {
        Some(_) => read(&visit, String::new(), None),
        None => Redirect::to(&paths::phone(&visit.set.id)).into_response(),
    })
}

/// POST `read` shows whose phone it is, `approve` with `pin` approves it, `refuse` leaves it.
pub(super) async fn sent(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Failed> {
    if sent.contains_key("refuse") {
        return Ok(Redirect::to(&paths::phone(&visit.set.id)).into_response());
    }
    let typed = sent.get("keys").map(|keys| keys.trim().to_owned()).unwrap_or_default();
    let phone = visit.set.folder.phone()?.ok_or(FolderError::Empty)?;
    let keys = match phone.reads(&typed) {
        Ok(keys) => keys,
        Err(why) => return Ok(read(&visit, typed, Some(fault(why)))),
    };
    if !sent.contains_key("approve") {
        return Ok(asked(&visit, &keys, typed, (None, None)).await);
    }
    let pin = sent.get("pin").map(String::as_str).unwrap_or_default();
    let Ok(pin2) = PinCode::new(Pin::Pin2, pin) else {
        let why = if pin.is_empty() { Fault::PinMissing } else { Fault::PinForm(true) };
        return Ok(asked(&visit, &keys, typed, (None, Some(why))).await);
    };
    Ok(vouched(&visit, &keys, typed, &pin2).await?)
}

async fn vouched(
    visit: &Visit,
    keys: &NewKeys,
    typed: String,
    pin2: &PinCode,
) -> Result<Response, FolderError> {
    let consent = Consent { pin: pin2, language: visit.locale };
    let mut using = visit.phones.using(&visit.set).await?;
    let done = visit.phones.talk().vouch(&mut using.phone, keys, consent).await;
    visit.phones.keep(&visit.set, &using.phone)?;
    drop(using);
    let vouched = match done {
        Ok(vouched) => vouched,
        Err(why) => return Ok(outcome(visit, &report::failed(&why))),
    };
    Ok(match (&vouched.approved.outcome, vouched.from) {
        (Said::Done { .. }, Some(from)) => outcome(visit, &Outcome::Vouched(from)),
        (Said::WrongPin { left }, _) => {
            let left = u64::from(*left);
            let wrong = (Some(left), Some(Fault::PinWrong { left }));
            asked(visit, keys, typed, wrong).await
        }
        (Said::Refused { why: Refusal::Unfit }, _) => outcome(visit, &Outcome::NotVouched),
        _ => outcome(visit, &report::ended(&vouched.approved, keys.op)),
    })
}

fn fault(why: KeysError) -> Fault {
    match why {
        KeysError::Form => Fault::Keys,
        KeysError::Service => Fault::KeysService,
        KeysError::Own => Fault::KeysOwn,
    }
}

fn read(visit: &Visit, keys: String, fault: Option<Fault>) -> Response {
    let errors = fault.into_iter().map(|fault| fault.at_field(visit.hold.voice)).collect();
    visit.page(screens::read_keys(&visit.hold, &ReadKeys { keys, errors }))
}

async fn asked(
    visit: &Visit,
    keys: &NewKeys,
    typed: String,
    (tries, fault): (Option<u64>, Option<Fault>),
) -> Response {
    let found = visit.phones.found(&visit.set).await.unwrap_or_default();
    let view = Vouch {
        keys: typed,
        pins: keys.op == Op::SetPin,
        name: keys.label.clone(),
        user_number: spaced(&found.user_number),
        digits: shown_digits(&keys.thumbprint),
        tries,
        errors: fault.into_iter().map(|fault| fault.at_field(visit.hold.voice)).collect(),
    };
    visit.page(screens::vouch(&visit.hold, &view))
}

fn outcome(visit: &Visit, view: &Outcome) -> Response {
    visit.page(screens::outcome(&visit.hold, view))
}
