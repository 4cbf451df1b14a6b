//! An act of a person's own that their phones are asked for: the request, and whether one has
//! answered.

use std::time::Duration;

use activation_contract::{Request, RequestKind};
use axum::Json;
use axum::response::{IntoResponse, Response};
use base::{Bytes, Id, Locale};
use http::header;
use identity_contract::Ask;
use ui::Voice;
use ui::text::{Key, portal as words};
use web::{Failed, Refused};

use crate::browser::browser;
use crate::reader::SignedIn;

/// How long a phone can answer.
const LIFE: Duration = Duration::from_mins(5);

/// What the phones show: the act, and what for.
pub(crate) fn request(person: &SignedIn, purpose: Key, kind: RequestKind) -> Request {
    let portal = person.portal();
    let say =
        |key| Locale::ALL.into_iter().map(|locale| (locale, Voice::new(locale).say(key))).collect();
    let id = Id::<Request>::random(portal.chance.as_ref()).to_string();
    let at = portal.clock.now();
    Request {
        id,
        client: portal.addresses.client.clone(),
        client_name: say(words::SYSTEM),
        purpose: say(purpose),
        kind,
        place: browser(&person.reader.headers).unwrap_or_default(),
        at,
        until: at.plus(LIFE),
    }
}

/// Puts it before the person's phones; `purpose` is what the call is for.
pub(crate) async fn ask(person: &SignedIn, request: &Request, purpose: &str) -> Result<(), Failed> {
    let request = serde_json::to_vec(request).map_err(|_| Refused::Parameters)?;
    let ask = Ask { person: person.session.person, request: Bytes(request) };
    person.call(&person.portal().links.identity, ask, purpose).await?;
    Ok(())
}

/// Whether a phone still has to answer, for the script.
pub(crate) fn state(waits: bool) -> Response {
    let answer = Json(serde_json::json!({ "state": if waits { "waiting" } else { "over" } }));
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}
