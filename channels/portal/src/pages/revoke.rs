//! Revoking the certificate: a page that asks, a page that says what holds now.

use base::Time;
use maud::{Markup, html};
use ui::login::Pending;
use ui::text::{Key, frame, login, portal, revoke as words, security};
use ui::{
    Case, Event, Knot, Stand, Tag, Tone, Voice, Weight, btn, btn_danger, btn_quiet, code, crumbs,
    fact, facts, link_btn, note, thread,
};

use super::{Menu, Seat};
use crate::paths;

/// The certificate for signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its serial number, in groups of hexadecimal digits.
    pub serial: String,
    /// The phone that signs with it.
    pub phone: String,
    /// Until when it is valid.
    pub until: Time,
    /// Its state: valid, suspended, revoked, not valid.
    pub state: Tag,
}

/// How far a revocation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The certificate.
    pub certificate: Certificate,
    /// Since when it is revoked, once both that must act have answered; until then it is being
    /// carried out.
    pub since: Option<Time>,
}

/// Asks. The demand itself is approved on the phone with PIN2.
#[must_use]
pub fn revoke(seat: &Seat, certificate: &Certificate) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::HEADING);
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME)),
            (paths::SECURITY, voice.say(portal::MENU_SECURITY))], &voice.say(words::SHORT)))
        form.sheet.stack.narrow method="post" action=(paths::REVOKE) {
            h1 { (heading) }
            p { (voice.say(words::MEANS)) }
            (facts(Stand::Below, &[
                fact(voice.say(security::SERIAL), code(&certificate.serial)),
                fact(voice.say(words::PHONE), certificate.phone.as_str()),
                fact(voice.say(security::VALID_UNTIL), valid_until(voice, certificate)),
            ]))
            p.meta { (voice.say(words::ON_PHONE)) }
            p.row.main-act {
                (btn_danger("revoke", &voice.say(words::YES)))
                (link_btn(Weight::Quiet, paths::SECURITY, &voice.say(words::NO)))
            }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}

/// The day until which a certificate is valid.
pub(super) fn valid_until(voice: Voice, certificate: &Certificate) -> String {
    voice.day(voice.date_of(certificate.until), Case::Until)
}

/// How far the demand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokePending {
    /// The phone has not answered, refused, or was late.
    Phone(Pending),
    /// The phone's means did not act: frozen, blocked.
    Stopped,
}

/// Waits for the phone until `until`.
#[must_use]
pub fn revoke_wait(
    seat: &Seat,
    certificate: &Certificate,
    pending: RevokePending,
    until: Time,
) -> Markup {
    let voice = seat.voice;
    let waits = matches!(pending, RevokePending::Phone(pending) if !pending.over());
    let heading = voice.say(if waits { words::WAIT_HEADING } else { words::NOT });
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME)),
            (paths::SECURITY, voice.say(portal::MENU_SECURITY))], &voice.say(words::SHORT)))
        div.sheet.stack.narrow {
            h1 { (heading) }
            @match pending {
                RevokePending::Stopped => {
                    (note(Tone::Bad, &voice.say(words::STOPPED), voice.say(words::STOPPED_BODY)))
                    p.main-act {
                        (link_btn(Weight::Main, paths::SECURITY, &voice.say(words::BACK)))
                    }
                }
                RevokePending::Phone(pending) if pending.over() => {
                    div role="status" {
                        (note(Tone::Warn, &pending.say(voice), voice.say(words::NOT_BODY)))
                    }
                    (buttons(voice, "again", login::AGAIN, None))
                }
                RevokePending::Phone(pending) => {
                    p { (voice.say(words::WAIT_BODY)) }
                    (facts(Stand::Below, &[
                        fact(voice.say(security::SERIAL), code(&certificate.serial)),
                    ]))
                    p role="status" { (pending.say(voice)) }
                    p.meta { (voice.say(login::until(voice.hour(until)))) }
                    (buttons(voice, "check", login::APPROVED, Some(paths::REVOKE_STATE)))
                }
            }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}

fn buttons(voice: Voice, name: &str, label: Key, poll: Option<&str>) -> Markup {
    html! {
        form.row.main-act method="post" action=(paths::REVOKE_WAIT) data-poll=[poll] {
            (btn(name, &voice.say(label)))
            (btn_quiet("cancel", &voice.say(login::CANCEL)))
        }
    }
}

/// Says what holds now.
#[must_use]
pub fn revoked(seat: &Seat, view: &Revoked) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(if view.since.is_some() { words::DONE } else { words::RUNNING });
    let last = match view.since {
        Some(at) => Event::new(Knot::Event, voice.say(words::CARRIED_OUT), voice.exact(at)),
        None => Event::new(Knot::Next, voice.say(words::CARRIED_OUT), voice.say(words::STILL)),
    };
    let content = html! {
        div.head { h1 { (heading) } }
        div.stack-l.narrow {
            @if view.since.is_some() {
                (note(Tone::Ok, &voice.say(words::DONE_TITLE), voice.say(words::DONE_BODY)))
            } @else {
                div role="status" {
                    (note(Tone::Warn, &voice.say(words::RUNNING_TITLE),
                        voice.say(words::RUNNING_BODY)))
                }
            }
            section.sheet aria-labelledby="story" {
                div.sheet-head { h2 id="story" { (voice.say(words::STORY)) } }
                (thread(&[Event::new(Knot::Will, voice.say(words::ACCEPTED), ""), last]))
            }
            p { (voice.say(words::NEXT)) }
            p { (link_btn(Weight::Main, paths::SECURITY, &voice.say(words::BACK))) }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}
