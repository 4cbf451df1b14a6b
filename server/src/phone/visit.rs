//! Who visits a phone's pages: only a browser that has unlocked the phone.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use app::screens::{self, Hold, paths};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use base::{Bytes, Locale};
use http::request::Parts;
use ui::Voice;
use ui::text::app as words;
use web::{Cookies, Failed, Language, Refused, SetCookie, private_page};

use super::handset::{Handset, Phones};

/// A browser at a phone's page.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) phones: Arc<Phones>,
    pub(super) set: Arc<Handset>,
    pub(super) hold: Hold,
    pub(super) locale: Locale,
}

/// What a form sent: each name once.
pub(super) type Sent = BTreeMap<String, String>;

/// How long a language is remembered, in seconds.
const LANGUAGE_S: u64 = 31_536_000;

impl Visit {
    /// A page of this phone.
    pub(super) fn page(&self, page: maud::Markup) -> Response {
        page_in(self.locale, page)
    }
}

/// A page in a language, which the browser then keeps.
pub(super) fn page_in(locale: Locale, page: maud::Markup) -> Response {
    let kept = SetCookie::new("lang", locale.tag().to_owned(), false).lasting(LANGUAGE_S);
    (kept, private_page(page)).into_response()
}

impl FromRequestParts<Arc<Phones>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, phones: &Arc<Phones>) -> Result<Self, Response> {
        let Ok(Language(locale)) = Language::from_request_parts(parts, phones).await;
        let set = named(parts, phones).await?;
        let here = here(parts, &set);
        let hold = held(&set, locale, here.clone());
        if phones.is_open(&set, Cookies::of(&parts.headers)) {
            Ok(Self { phones: Arc::clone(phones), set, hold, locale })
        } else {
            Err(page_in(locale, screens::locked(&hold, &here.unwrap_or_default())))
        }
    }
}

/// Where the page that is answered can be asked for again.
fn here(parts: &Parts, set: &Handset) -> Option<String> {
    if parts.uri.path().ends_with("/report") {
        return Some(paths::phone(&set.id));
    }
    parts.uri.path_and_query().map(ToString::to_string)
}

/// The phone that the path names.
pub(super) async fn named(
    parts: &mut Parts,
    phones: &Arc<Phones>,
) -> Result<Arc<Handset>, Response> {
    let lost = || Failed::from(Refused::NotFound).into_response();
    let path = RawPathParams::from_request_parts(parts, phones).await.map_err(|_| lost())?;
    let id = path.iter().find_map(|(name, value)| (name == "phone").then_some(value));
    id.and_then(|id| phones.handset(id)).ok_or_else(lost)
}

/// How a phone is held.
pub(super) fn held(set: &Handset, locale: Locale, here: Option<String>) -> Hold {
    let voice = Voice::new(locale);
    let name = set.folder.name(&voice.say(words::SYSTEM));
    Hold { voice, here, phone: Some(set.id.clone()), name, demo: true }
}

impl Phones {
    /// Opens a phone to a browser.
    pub(super) fn unlocked(&self, set: &Handset) -> SetCookie {
        let secret: [u8; 32] = self.world.chance.bytes();
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert(keys::sha256(&secret), set.id.clone());
        SetCookie::new(&cookie(set), Bytes(secret.to_vec()).to_string(), false)
    }

    /// Whether a browser has unlocked a phone.
    fn is_open(&self, set: &Handset, cookies: Cookies<'_>) -> bool {
        let secret = cookies.value(&cookie(set)).and_then(|value| value.parse::<Bytes>().ok());
        let Some(secret) = secret else { return false };
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.get(&keys::sha256(&secret.0)).is_some_and(|id| *id == set.id)
    }
}

fn cookie(set: &Handset) -> String {
    format!("phone-{}", set.id)
}
