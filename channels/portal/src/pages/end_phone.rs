//! Ending a phone: a page that asks, one that waits for another phone, one that says what holds.

use base::Time;
use maud::{Markup, html};
use ui::login::Pending;
use ui::text::{Key, frame, login, portal, security as words};
use ui::{
    Stand, Tone, Voice, Weight, btn, btn_danger, btn_quiet, code, crumbs, fact, facts, link_btn,
    note,
};

use super::{Menu, Seat};
use crate::paths;

/// A phone that may be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndPhone {
    /// What it calls itself.
    pub name: String,
    /// Its opaque id, which the other phone shows too.
    pub id: String,
    /// Whether the person has no other.
    pub only: bool,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndPending {
    /// No phone has answered, one refused, or all were late.
    Phone(Pending),
    /// The phone's means did not act: frozen, blocked.
    Stopped,
}

/// Asks. The act itself is approved on a phone with PIN2.
#[must_use]
pub fn end_phone(seat: &Seat, phone: &EndPhone) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::END_HEADING);
    let content = html! {
        (way(voice))
        form.sheet.stack.narrow method="post" action=(paths::end_phone(&phone.id)) {
            h1 { (heading) }
            p { strong { (phone.name) } }
            p { (voice.say(words::END_MEANS)) }
            @if phone.only {
                (note(Tone::Warn, &voice.say(words::END_ONLY), html! {
                    (voice.say(words::END_ONLY_BODY)) " "
                    a href=(paths::FREEZE) { (voice.say(portal::FOOT_FREEZE)) }
                }))
            } @else {
                p.meta { (voice.say(words::END_ON_PHONE)) }
            }
            p.row.main-act {
                (btn_danger("end", &voice.say(words::END_YES)))
                (link_btn(Weight::Quiet, paths::SECURITY, &voice.say(words::END_NO)))
            }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}

/// Waits for a phone until `until`.
#[must_use]
pub fn end_wait(seat: &Seat, phone: &EndPhone, pending: EndPending, until: Time) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::END_WAIT_HEADING);
    let content = html! {
        (way(voice))
        div.sheet.stack.narrow {
            h1 { (heading) }
            @match pending {
                EndPending::Stopped => {
                    (note(Tone::Bad, &voice.say(words::END_STOPPED),
                        voice.say(words::END_STOPPED_BODY)))
                    p.main-act {
                        (link_btn(Weight::Main, paths::SECURITY, &voice.say(words::END_BACK)))
                    }
                }
                EndPending::Phone(pending @ (Pending::Refused | Pending::Late)) => {
                    div role="status" {
                        (note(Tone::Warn, &pending.say(voice), voice.say(words::END_NOT)))
                    }
                    (buttons(voice, "again", login::AGAIN, None))
                }
                EndPending::Phone(pending) => {
                    p { (voice.say(words::END_WAIT_BODY)) }
                    (facts(Stand::Below, &[
                        fact(voice.say(words::PHONES), phone.name.as_str()),
                        fact(voice.say(words::END_ID), code(&grouped(&phone.id))),
                    ]))
                    p role="status" { (pending.say(voice)) }
                    p.meta { (voice.say(login::until(voice.hour(until)))) }
                    (buttons(voice, "check", login::CHECK_NOW, Some(paths::END_STATE)))
                }
            }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}

/// Says what holds now.
#[must_use]
pub fn ended(seat: &Seat, name: &str) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::END_DONE);
    let content = html! {
        (way(voice))
        div.stack-l.narrow {
            div.head { h1 { (heading) } p.lede { (name) } }
            (note(Tone::Ok, &voice.say(words::END_DONE_TITLE), voice.say(words::END_DONE_BODY)))
            p { (link_btn(Weight::Main, paths::SECURITY, &voice.say(words::END_BACK))) }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}

/// An id as the phone writes it: eight digits, and again.
pub(super) fn grouped(id: &str) -> String {
    let digits: Vec<char> = id.chars().collect();
    digits.chunks(8).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

fn way(voice: Voice) -> Markup {
    let above = [
        (paths::HOME, voice.say(portal::MENU_HOME)),
        (paths::SECURITY, voice.say(portal::MENU_SECURITY)),
    ];
    crumbs(&voice.say(frame::WHERE), &above, &voice.say(words::END_SHORT))
}

fn buttons(voice: Voice, name: &str, label: Key, poll: Option<&str>) -> Markup {
    html! {
        form.row.main-act method="post" action=(paths::END_WAIT) data-poll=[poll] {
            (btn(name, &voice.say(label)))
            (btn_quiet("cancel", &voice.say(login::CANCEL)))
        }
    }
}
