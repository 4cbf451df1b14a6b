//! Freeze everything, by user number and the code of the enrolment sheet: no login needed.
//!
//! Spec: PROTOCOLS §4.

use maud::{Markup, html};
use ui::text::{freeze as words, login, portal};
use ui::{
    Field, FieldError, Holds, Tone, Voice, Weight, btn_danger, error_at, error_summary, link_btn,
    note,
};

use super::{Menu, Seat};
use crate::paths;

/// What was typed and what is to be mended. The code never comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freeze {
    /// The user number as typed.
    pub typed: String,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
}

/// The error at a code that is not twelve digits; any twelve digits are taken.
#[must_use]
pub fn code_wrong(voice: Voice) -> FieldError {
    FieldError { field: "code", words: voice.say(words::CODE_WRONG) }
}

/// Asks for number and code: POST `user-number`, `code`, `freeze`.
#[must_use]
pub fn freeze(seat: &Seat, view: &Freeze) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::HEADING);
    let content = html! {
        div.stack-l.narrow {
            (error_summary(voice, &view.errors))
            div.head { h1 { (heading) } p.lede { (voice.say(words::LEDE)) } }
            form.sheet.stack method="post" action={ (paths::FREEZE) "#errors" } {
                (Field::new("user-number", &voice.say(login::USER_NUMBER), Holds::Code)
                    .hint(&voice.say(login::USER_NUMBER_HINT))
                    .error(error_at(&view.errors, "user-number")).value(&view.typed))
                (Field::new("code", &voice.say(words::CODE), Holds::Code)
                    .hint(&voice.say(words::CODE_HINT)).error(error_at(&view.errors, "code")))
                p.meta { (voice.say(words::MEANS)) }
                p.row.main-act {
                    (btn_danger("freeze", &voice.say(words::YES)))
                    (link_btn(Weight::Quiet, paths::FRONT, &voice.say(words::NO)))
                }
            }
            p { (voice.say(words::OTHER_WAYS)) }
        }
    };
    let mut frame = seat.frame(Menu::None, &heading);
    frame.errors = !view.errors.is_empty();
    frame.page(&content)
}

/// Says that this place has asked too often, and what is quicker than to wait.
#[must_use]
pub fn freeze_later(seat: &Seat) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::LATER);
    let content = html! {
        div.stack-l.narrow {
            div.head { h1 { (heading) } }
            (note(Tone::Warn, &voice.say(words::LATER_TITLE), voice.say(words::LATER_BODY)))
            p { (voice.say(words::OTHER_WAYS)) }
            p { (link_btn(Weight::Main, paths::FREEZE, &voice.say(words::LATER_AGAIN))) }
        }
    };
    seat.page(Menu::None, &heading, &content)
}

/// Says what holds now; the same words whether the number and code were anybody's or not.
#[must_use]
pub fn frozen(seat: &Seat) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::DONE);
    let content = html! {
        div.stack-l.narrow {
            div.head { h1 { (heading) } }
            (note(Tone::Info, &voice.say(words::DONE_TITLE), voice.say(words::DONE_BODY)))
            p { (voice.say(words::UNFREEZE)) }
            p { (link_btn(Weight::Main, paths::FRONT, &voice.say(portal::GO_FRONT))) }
        }
    };
    seat.page(Menu::None, &heading, &content)
}
