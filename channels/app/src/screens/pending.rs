//! The first screen: who the phone belongs to, what waits, and the field for a code.

use base::Time;
use maud::{Markup, html};
use ui::text::{Key, app, login};
use ui::{
    Field, FieldError, Holds, Icon, Item, Tone, Voice, btn, btn_second, code, error_at,
    error_summary, list, more, note,
};

use super::{Hold, paths};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// To sign in.
    Login,
    /// To sign.
    Signature,
    /// To do something with the person's own means: revoke, another phone.
    Act,
}

/// A request that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRequest {
    /// Its opaque id.
    pub id: String,
    /// What it asks for.
    pub asks: Asks,
    /// Who asks: the registered name.
    pub client: String,
    /// Until when it can be answered.
    pub until: Time,
}

/// What the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Whose phone it is.
    pub person: String,
    /// The user number, for remembered browsers.
    pub user_number: String,
    /// What waits, oldest first.
    pub requests: Vec<PendingRequest>,
    /// Whether something waits that cannot be shown.
    pub unshown: bool,
    /// What is being done to the person's phones and can still be stopped: the kind of event.
    pub alarm: Option<String>,
    /// What happened lately, the newest first: the kind of event, what it is about, when.
    pub told: Vec<(String, String, Time)>,
    /// The eight characters or the QR's text as typed.
    pub typed: String,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
}

/// The screen: POST `code`, `claim`, or `look`.
#[must_use]
pub fn pending(hold: &Hold, view: &Pending) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::PENDING_HEADING);
    let content = html! {
        div.phone-body {
            (error_summary(voice, &view.errors))
            div.stack {
                h1 { (heading) }
                p.phone-name { strong { (view.person) } }
                p.meta { (voice.say(login::USER_NUMBER)) ": " (code(&view.user_number)) }
            }
            (alarm(hold, view))
            section.stack aria-labelledby="waits" {
                h2 id="waits" { (voice.say(app::WAITS)) }
                @if view.unshown {
                    (note(Tone::Warn, &voice.say(app::UNSHOWN), voice.say(app::UNSHOWN_BODY)))
                }
                @if view.requests.is_empty() { p { (voice.say(app::NOTHING_WAITS)) } }
                @else { (list(&items(hold, voice, view))) }
                form method="post" action=(paths::phone(hold.held()))
                    data-poll=[view.requests.is_empty().then(|| paths::state(hold.held()))] {
                    (btn_second("look", &voice.say(login::CHECK_NOW)).wide())
                }
            }
            form.stack method="post" action={ (paths::phone(hold.held())) "#errors" } {
                (Field::new("code", &voice.say(app::CODE), Holds::Spelled)
                    .hint(&voice.say(app::CODE_HINT))
                    .error(error_at(&view.errors, "code")).value(&view.typed))
                (btn("claim", &voice.say(app::CLAIM)).wide())
            }
            (told(voice, view))
        }
        div.phone-act {
            p { a href=(paths::settings(hold.held())) { (voice.say(app::SETTINGS)) } }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}

/// A phone that is being bound, or gets new PINs: whoever did not want it can stop it.
fn alarm(hold: &Hold, view: &Pending) -> Markup {
    let voice = hold.voice;
    let title = match view.alarm.as_deref() {
        Some("device-offered") => app::ALARM_DEVICE,
        Some("pins-offered") => app::ALARM_PINS,
        _ => return Markup::default(),
    };
    let body = html! {
        (voice.say(app::ALARM_BODY)) " "
        a href=(paths::freeze(hold.held())) { (voice.say(app::FREEZE)) }
    };
    note(Tone::Warn, &voice.say(title), body)
}

/// What happened lately, folded away.
fn told(voice: Voice, view: &Pending) -> Markup {
    if view.told.is_empty() {
        return Markup::default();
    }
    more(
        &voice.say(app::TOLD),
        html! {
            ul.list {
                @for (kind, about, at) in &view.told {
                    li { div {
                        strong { (voice.say(event(kind))) }
                        p.meta {
                            @if !about.is_empty() { (about) ". " }
                            (voice.moment(*at))
                        }
                    } }
                }
            }
        },
    )
}

fn event(kind: &str) -> Key {
    match kind {
        "login-by-qr" => app::TOLD_LOGIN_BY_QR,
        "browser-remembered" => app::TOLD_BROWSER_REMEMBERED,
        "browser-forgotten" => app::TOLD_BROWSER_FORGOTTEN,
        "device-enrolled" => app::TOLD_DEVICE_ENROLLED,
        "device-offered" => app::TOLD_DEVICE_OFFERED,
        "pins-offered" => app::TOLD_PINS_OFFERED,
        "pins-set" => app::TOLD_PINS_SET,
        "device-ended" => app::TOLD_DEVICE_ENDED,
        "unfrozen" => app::TOLD_UNFROZEN,
        "frozen" => app::TOLD_FROZEN,
        "reported" => app::TOLD_REPORTED,
        _ => app::TOLD_OTHER,
    }
}

fn items(hold: &Hold, voice: Voice, view: &Pending) -> Vec<Item> {
    view.requests
        .iter()
        .map(|request| {
            let (name, icon) = match request.asks {
                Asks::Login => (app::ASKS_LOGIN, Icon::Key),
                Asks::Signature => (app::ASKS_SIGNATURE, Icon::Document),
                Asks::Act => (app::ASKS_ACT, Icon::Phone),
            };
            Item {
                icon: Some(icon),
                name: voice.say(name),
                href: Some(paths::request(hold.held(), &request.id)),
                meta: html! {
                    (request.client) ". " (voice.say(login::until(voice.hour(request.until))))
                },
                end: Markup::default(),
            }
        })
        .collect()
}
