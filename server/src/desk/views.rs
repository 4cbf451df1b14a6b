//! The desk's pages.

use base::Locale;
use maud::{Markup, html};
use ui::text::{desk, login};
use ui::{
    Frame, Stand, Tone, Voice, Weight, btn_bind, btn_second, carried, code, fact, facts, link_btn,
    more, note, qr, spelled, todo_steps,
};

use super::{Sheet, Visitor};

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
    /// Digits and label of the phone that answered.
    pub(super) phone: Option<(String, String)>,
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

/// Whom to enrol.
pub(super) fn front(hold: &Hold, people: &[Visitor]) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(desk::HEADING);
    let content = html! {
        div.stack-l {
            div.stack {
                h1 { (heading) }
                p { (voice.say(desk::LEDE)) }
            }
            section.sheet.stack aria-labelledby="people" {
                h2 id="people" { (voice.say(desk::PEOPLE)) }
                @for one in people {
                    form method="post" action="/offers" {
                        (carried("person", &one.person.to_string()))
                        (btn_second("enrol", &voice.say(desk::enrol(one.name.as_str()))))
                    }
                }
            }
        }
    };
    hold.page(&heading, &content)
}

/// One offer, from its QR to the sheet that the person takes home.
pub(super) fn standing(hold: &Hold, view: &Standing) -> Markup {
    let voice = hold.voice;
    match (&view.sheet.user_number, &view.phone) {
        (Some(number), _) => {
            let heading = voice.say(desk::BOUND);
            hold.page(&heading, &sheet(hold, view, (&heading, number)))
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
            p { (link_btn(Weight::Main, &hold.here, &voice.say(login::CHECK_NOW))) }
        }
    }
}

/// The digits: what binds is red.
fn compare(
    hold: &Hold,
    view: &Standing,
    (heading, (digits, label)): (&str, &(String, String)),
) -> Markup {
    let voice = hold.voice;
    let (first, rest) = digits.split_at_checked(4).unwrap_or((digits, ""));
    html! {
        div.stack-l {
            h1 { (heading) }
            div.sheet.stack {
                (facts(Stand::Beside, &[
                    fact(voice.say(desk::PERSON), html! { (view.name) }),
                    fact(voice.say(desk::PHONE), html! { (label) }),
                ]))
                (spelled(&voice.say(desk::DIGITS), &[first, rest]))
            }
            (note(Tone::Warn, &voice.say(desk::DIFFERENT), voice.say(desk::DIFFERENT_BODY)))
            form method="post" action=(hold.here) {
                (carried("digits", digits))
                (btn_bind("bind", &voice.say(desk::BIND)))
            }
        }
    }
}

/// What the person takes home, and what the page says when it is printed.
fn sheet(hold: &Hold, view: &Standing, (heading, number): (&str, &str)) -> Markup {
    let voice = hold.voice;
    let groups = |text: &str, by: usize| {
        let chars: Vec<char> = text.chars().collect();
        chars.chunks(by).map(String::from_iter).collect::<Vec<_>>().join("\u{a0}")
    };
    html! {
        div.stack-l {
            div.stack {
                h1 { (heading) }
                p { (voice.say(desk::BOUND_BODY)) }
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
