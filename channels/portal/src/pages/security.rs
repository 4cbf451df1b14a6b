//! The person's phones, remembered browsers and certificate.

use base::Time;
use maud::{Markup, html};
use ui::text::{frame, portal, security as words};
use ui::{
    Icon, Item, Stand, Tag, Voice, Weight, act, btn_quiet, code, crumbs, fact, facts, link_btn,
    list, more, sheet,
};

use super::revoke::{Certificate, valid_until};
use super::{Menu, Seat};
use crate::paths;

/// A phone bound to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Its opaque id.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The digits of its thumbprint, as desk and phone showed them, where they are known.
    pub thumbprint: Option<String>,
    /// Since when it is bound.
    pub since: Time,
    /// Its last use.
    pub used: Option<Time>,
    /// Its state.
    pub state: Tag,
}

/// A browser that the person's phone remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    /// An opaque id.
    pub id: String,
    /// As it calls itself: "Firefox on Windows".
    pub name: String,
    /// Its last login.
    pub used: Time,
    /// Whether it is the one that shows this page.
    pub here: bool,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Security {
    /// The phones.
    pub phones: Vec<Phone>,
    /// The remembered browsers.
    pub browsers: Vec<Browser>,
    /// Sessions that are open beside this one.
    pub other_sessions: u64,
    /// The certificate for signing, if there is one.
    pub certificate: Option<Certificate>,
    /// Whether the trust platform could be asked for it.
    pub certificate_known: bool,
    /// The list of virtual phones, in a demonstration.
    pub virtual_phones: Option<String>,
}

/// The page.
#[must_use]
pub fn security(seat: &Seat, view: &Security) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(portal::MENU_SECURITY);
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME))], &heading))
        div.head { h1 { (heading) } p.lede { (voice.say(words::LEDE)) } }
        div.cols.cols-main {
            div.stack-l {
                (sheet("phones", &voice.say(words::PHONES), &Markup::default(),
                    &phones(voice, view)))
                (sheet("help", &voice.say(words::HELP), &Markup::default(), &help(voice, view)))
                (sheet("browsers", &voice.say(words::BROWSERS), &Markup::default(),
                    &browsers(voice, view)))
            }
            div.stack-l { (certificate(voice, view)) (sessions(voice, view)) (freeze_all(voice)) }
        }
    };
    seat.page(Menu::Security, &heading, &content)
}

fn phones(voice: Voice, view: &Security) -> Markup {
    let items: Vec<Item> = view
        .phones
        .iter()
        .map(|phone| Item {
            icon: Some(Icon::Phone),
            name: phone.name.clone(),
            href: None,
            meta: html! {
                (voice.say(words::bound_since(voice.moment(phone.since))))
                @if let Some(used) = phone.used { " " (voice.say(words::used(voice.moment(used)))) }
                @if let Some(digits) = &phone.thumbprint {
                    " " (voice.say(words::THUMBPRINT)) " " (code(digits))
                }
                @if phone.state == Tag::Running {
                    " " a href=(paths::end_phone(&phone.id)) {
                        (voice.say(words::END)) span.unseen { " " (phone.name) }
                    }
                }
            },
            end: phone.state.show(voice),
        })
        .collect();
    html! {
        @if items.is_empty() { p { (voice.say(words::NO_PHONES)) } } @else { (list(&items)) }
        p.sheet-foot.meta { (voice.say(words::PHONES_HOW)) }
    }
}

/// What to do when a phone is new, lost, or a PIN forgotten.
fn help(voice: Voice, view: &Security) -> Markup {
    let freeze = html! {
        p { a href=(paths::FREEZE) { (voice.say(portal::FOOT_FREEZE)) } }
    };
    let phones = html! {
        @if let Some(phones) = &view.virtual_phones {
            p { a href=(phones) { (voice.say(words::HELP_PHONES)) } }
        }
    };
    let answers = [
        (
            words::HELP_NEW,
            vec![words::HELP_NEW_BODY, words::HELP_NEW_WAIT, words::HELP_NEW_ONLY],
            &phones,
        ),
        (words::HELP_LOST, vec![words::HELP_LOST_BODY, words::HELP_LOST_ONLY], &freeze),
        (words::HELP_FORGOT, vec![words::HELP_FORGOT_BODY, words::HELP_FORGOT_ONLY], &phones),
    ];
    html! {
        @for (question, said, way) in answers {
            (more(&voice.say(question), html! {
                div.stack {
                    @for words in said { p { (voice.say(words)) } }
                    (way)
                }
            }))
        }
    }
}

fn browsers(voice: Voice, view: &Security) -> Markup {
    let items: Vec<Item> = view
        .browsers
        .iter()
        .map(|browser| Item {
            icon: Some(Icon::Computer),
            name: browser.name.clone(),
            href: None,
            meta: html! {
                (voice.say(words::used(voice.moment(browser.used))))
                @if browser.here { " " (Tag::OfThis.show(voice)) }
            },
            end: forget(voice, browser),
        })
        .collect();
    html! {
        p.meta { (voice.say(words::BROWSERS_HOW)) }
        @if items.is_empty() { p.sheet-foot { (voice.say(words::NO_BROWSERS)) } }
        @else { div.sheet-foot { (list(&items)) } }
    }
}

fn forget(voice: Voice, browser: &Browser) -> Markup {
    let label = voice.say(words::FORGET);
    html! {
        form method="post" action=(paths::SECURITY) {
            button.btn.btn-quiet name="forget" value=(browser.id) {
                (label) span.unseen { " " (browser.name) }
            }
        }
    }
}

fn certificate(voice: Voice, view: &Security) -> Markup {
    let body = html! {
        @if let Some(one) = &view.certificate {
            div.stack {
                (facts(Stand::Below, &[
                    fact(voice.say(words::SERIAL), code(&one.serial)),
                    fact(voice.say(words::VALID_UNTIL), valid_until(voice, one)),
                    fact(voice.say(words::STATE), one.state.show(voice)),
                ]))
                @if one.state == Tag::Valid {
                    p { (link_btn(Weight::Second, paths::REVOKE, &voice.say(words::REVOKE))) }
                } @else {
                    p { a href=(paths::CERTIFICATE) { (voice.say(words::APPLY)) } }
                }
            }
        } @else if view.certificate_known {
            div.stack {
                p { (voice.say(words::NO_CERTIFICATE)) }
                p { a href=(paths::CERTIFICATE) { (voice.say(words::APPLY)) } }
            }
        }
        @else { p { (voice.say(words::CERTIFICATE_UNREADABLE)) } }
    };
    sheet("certificate", &voice.say(words::CERTIFICATE), &Markup::default(), &body)
}

fn sessions(voice: Voice, view: &Security) -> Markup {
    let body = html! {
        p { (voice.say(words::sessions(view.other_sessions))) }
        @if view.other_sessions > 0 {
            (act(paths::SECURITY, btn_quiet("end", &voice.say(words::END_OTHERS)).value("others")))
        }
    };
    sheet("sessions", &voice.say(words::SESSIONS_HEADING), &Markup::default(), &body)
}

fn freeze_all(voice: Voice) -> Markup {
    let body = html! {
        p { (voice.say(words::FREEZE_ABOUT)) }
        p.sheet-foot { a href=(paths::FREEZE) { (voice.say(portal::FOOT_FREEZE)) } }
    };
    sheet("freeze", &voice.say(words::FREEZE), &Markup::default(), &body)
}
