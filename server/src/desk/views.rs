//! The desk's pages.

use base::Locale;
use maud::{Markup, html};
use sam_contract::{DeviceRow, Devices};
use ui::text::{Key, desk, login};
use ui::{
    Field, Frame, Holds, Icon, Item, Stand, Tag, Tone, Voice, Weight, act, btn, btn_bind,
    btn_danger, btn_second, carried, code, fact, facts, link_btn, list, more, note, qr,
    sheet as sheet_of, spelled, todo_steps,
};

use super::find::Front;
use super::{Arrived, Sheet, Visitor};

/// What every page needs.
#[derive(Clone, Debug)]
pub(super) struct Hold {
    voice: Voice,
    here: String,
}

/// How an offer stands.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) sheet: Sheet,
    pub(super) name: String,
    /// The phone that answered.
    pub(super) phone: Option<Arrived>,
}

impl Hold {
    pub(super) fn new(locale: Locale, here: &str) -> Self {
        Self { voice: Voice::new(locale), here: here.to_owned() }
    }

    fn page(&self, title: &str, content: &Markup) -> Markup {
        let mut frame = Frame::new(self.voice, self.voice.say(desk::SYSTEM), title);
        frame.here = Some(self.here.clone());
        frame.page(content)
    }
}

/// The page without the key.
pub(super) fn locked(hold: &Hold) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(desk::LOCKED);
    let content = html! {
        div.stack {
            h1 { (heading) }
            (note(Tone::Info, &voice.say(desk::LOCKED_TITLE), voice.say(desk::LOCKED_BODY)))
        }
    };
    hold.page(&heading, &content)
}

/// Who has come.
pub(super) fn front(hold: &Hold, front: &Front<'_>) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(desk::HEADING);
    let items: Vec<Item> = front
        .people
        .iter()
        .map(|one| Item {
            icon: None,
            name: one.name.clone(),
            href: Some(format!("/people/{}", one.person)),
            meta: Markup::default(),
            end: Markup::default(),
        })
        .collect();
    let content = html! {
        div.stack-l.narrow {
            div.stack {
                h1 { (heading) }
                p { (voice.say(desk::LEDE)) }
            }
            @if front.finds { (finding(hold, front.nobodys.as_deref())) }
            @if !items.is_empty() {
                (sheet_of("people", &voice.say(desk::PEOPLE), &Markup::default(), &list(&items)))
            }
        }
    };
    hold.page(&heading, &content)
}

/// Asks for a personal code.
fn finding(hold: &Hold, nobodys: Option<&str>) -> Markup {
    let voice = hold.voice;
    let wrong = nobodys.map(|_| voice.say(desk::NOBODY));
    html! {
        form.sheet.stack method="post" action="/people" {
            (Field::new("code", &voice.say(desk::CODE), Holds::Code)
                .hint(&voice.say(desk::CODE_HINT)).error(wrong.as_deref())
                .value(nobodys.unwrap_or_default()))
            p.row.main-act { (btn("find", &voice.say(desk::FIND))) }
        }
    }
}

/// A person: their phones, one more, and everything together.
pub(super) fn person(hold: &Hold, visitor: &Visitor, means: &Devices) -> Markup {
    let voice = hold.voice;
    let content = html! {
        div.stack-l.narrow {
            h1 { (visitor.name) }
            (sheet_of("phones", &voice.say(desk::PHONES), &Markup::default(),
                &phones(hold, means)))
            form method="post" action="/offers" {
                (carried("person", &visitor.person.to_string()))
                (btn("enrol", &voice.say(desk::ENROL)))
            }
            (sheet_of("means", &voice.say(desk::MEANS), &Markup::default(),
                &everything(hold, means.frozen)))
            p { a href="/" { (voice.say(desk::NEXT)) } }
        }
    };
    hold.page(&visitor.name, &content)
}

fn phones(hold: &Hold, means: &Devices) -> Markup {
    let voice = hold.voice;
    let state = |one: &DeviceRow| match one.ended {
        Some(_) => Tag::Revoked,
        None if means.frozen => Tag::Frozen,
        None => Tag::Running,
    };
    let items: Vec<Item> = means
        .devices
        .iter()
        .map(|one| Item {
            icon: Some(Icon::Phone),
            name: one.label.clone(),
            href: None,
            meta: html! {
                (voice.say(desk::since(voice.moment(one.since))))
                @if one.ended.is_none() {
                    " " a href={ (hold.here) "/end/" (one.device) } {
                        (voice.say(desk::END)) span.unseen { " " (one.label) }
                    }
                }
            },
            end: state(one).show(voice),
        })
        .collect();
    html! {
        @if items.is_empty() { p { (voice.say(desk::NO_PHONES)) } } @else { (list(&items)) }
    }
}

fn everything(hold: &Hold, frozen: bool) -> Markup {
    let voice = hold.voice;
    html! {
        div.stack {
            @if frozen {
                (note(Tone::Bad, &voice.say(desk::FROZEN), voice.say(desk::FROZEN_BODY)))
                p.meta { (voice.say(desk::UNFREEZE_BODY)) }
                (act(&hold.here, btn_second("unfreeze", &voice.say(desk::UNFREEZE))))
            } @else {
                p { (voice.say(desk::FREEZE_ABOUT)) }
                (act(&hold.here, btn_danger("freeze", &voice.say(desk::FREEZE))))
            }
        }
    }
}

/// Asks whether to end a phone.
pub(super) fn end(hold: &Hold, visitor: &Visitor, phone: &DeviceRow) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(desk::END_HEADING);
    let content = html! {
        form.sheet.stack.narrow method="post" action=(hold.here) {
            h1 { (heading) }
            (facts(Stand::Below, &[
                fact(voice.say(desk::PERSON), visitor.name.as_str()),
                fact(voice.say(desk::PHONE), phone.label.as_str()),
            ]))
            p { (voice.say(desk::END_MEANS)) }
            p.row.main-act {
                (btn_danger("end", &voice.say(desk::END_YES)))
                (link_btn(Weight::Quiet, &format!("/people/{}", visitor.person),
                    &voice.say(desk::END_NO)))
            }
        }
    };
    hold.page(&heading, &content)
}

/// One offer, from its QR to the sheet that the person takes home.
pub(super) fn standing(hold: &Hold, view: &Standing) -> Markup {
    let voice = hold.voice;
    match (&view.sheet.user_number, &view.phone) {
        (Some(number), phone) => {
            let renewed = phone.as_ref().is_some_and(|phone| phone.known.is_some());
            let (heading, body) = if renewed {
                (desk::PINS_SET, desk::PINS_SET_BODY)
            } else {
                (desk::BOUND, desk::BOUND_BODY)
            };
            let heading = voice.say(heading);
            hold.page(&heading, &sheet(hold, view, (&heading, body, number)))
        }
        (None, Some(phone)) => {
            let heading = voice.say(desk::COMPARE);
            hold.page(&heading, &compare(hold, view, (&heading, phone)))
        }
        (None, None) => {
            let heading = voice.say(desk::SHOW);
            hold.page(&heading, &invitation(hold, view, &heading))
        }
    }
}

fn invitation(hold: &Hold, view: &Standing, heading: &str) -> Markup {
    let (voice, sheet) = (hold.voice, &view.sheet);
    let steps = [desk::SCAN_STEP, desk::PIN_STEP, desk::DIGITS_STEP].map(|step| voice.say(step));
    html! {
        div.stack-l {
            div.stack {
                h1 { (heading) }
                p { (view.name) }
            }
            div.sheet.stack {
                (qr(&sheet.invitation, &voice.say(desk::QR)))
                p.meta { (voice.say(desk::until(voice.clock(sheet.until)))) }
                (more(&voice.say(desk::TEXT), html! { p { (code(&sheet.invitation)) } }))
            }
            (todo_steps(&steps))
            p.meta { (voice.say(desk::SHOW_PINS)) }
            p { (link_btn(Weight::Main, &hold.here, &voice.say(login::CHECK_NOW))) }
        }
    }
}

/// The digits: what binds is red.
fn compare(hold: &Hold, view: &Standing, (heading, phone): (&str, &Arrived)) -> Markup {
    let (voice, digits) = (hold.voice, phone.digits.as_str());
    let (first, rest) = digits.split_at_checked(4).unwrap_or((digits, ""));
    let (kind, bind) = match phone.known {
        Some(since) => {
            let since = voice.say(desk::since(voice.moment(since)));
            (voice.say(desk::kind_pins(since)), desk::BIND_PINS)
        }
        None => (voice.say(desk::KIND_NEW), desk::BIND),
    };
    html! {
        div.stack-l {
            h1 { (heading) }
            div.sheet.stack {
                (facts(Stand::Beside, &[
                    fact(voice.say(desk::PERSON), html! { (view.name) }),
                    fact(voice.say(desk::PHONE), phone.answer.label.as_str()),
                    fact(voice.say(desk::KIND), kind),
                ]))
                (spelled(&voice.say(desk::DIGITS), &[first, rest]))
            }
            (note(Tone::Warn, &voice.say(desk::DIFFERENT), voice.say(desk::DIFFERENT_BODY)))
            form method="post" action=(hold.here) {
                (carried("digits", digits))
                (btn_bind("bind", &voice.say(bind)))
            }
        }
    }
}

/// What the person takes home, and what the page says when it is printed.
fn sheet(hold: &Hold, view: &Standing, (heading, body, number): (&str, Key, &str)) -> Markup {
    let voice = hold.voice;
    let groups = |text: &str, by: usize| {
        let chars: Vec<char> = text.chars().collect();
        chars.chunks(by).map(String::from_iter).collect::<Vec<_>>().join("\u{a0}")
    };
    html! {
        div.stack-l {
            div.stack {
                h1 { (heading) }
                p { (voice.say(body)) }
            }
            section.sheet.stack aria-labelledby="sheet" {
                h2 id="sheet" { (voice.say(desk::SHEET)) }
                (facts(Stand::Wide, &[
                    fact(voice.say(desk::PERSON), html! { (view.name) }),
                    fact(voice.say(desk::USER_NUMBER), code(&groups(number, 4))),
                    fact(voice.say(desk::FREEZE_CODE), code(&groups(&view.sheet.freeze_code, 4))),
                ]))
                p.meta { (voice.say(desk::FREEZE_BODY)) }
            }
            p { a href="/" { (voice.say(desk::NEXT)) } }
        }
    }
}
