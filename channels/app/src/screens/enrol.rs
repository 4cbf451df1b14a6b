//! Binding a phone to a person: the desk's QR, two PINs, eight digits to compare.
//!
//! Spec: PROTOCOLS §3, enrolment. PIN1 has 4–8 digits, PIN2 6–8.

use maud::{Markup, html};
use ui::text::{app, login};
use ui::{FieldError, Tone, btn, btn_second, error_summary, note, spelled, todo_steps};

use super::pins::{offer, pin_fields};
use super::{Hold, paths};

/// Asks for the desk's code and the PINs. PINs never come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrol {
    /// The text of the QR as it was pasted or scanned.
    pub offer: String,
    /// Whether another phone of the person can approve this one instead.
    pub other_way: bool,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
}

/// Waits for the officer to compare the digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolling {
    /// Where it is asked again: [`paths::enrol`], or [`paths::keys`] for new PINs.
    pub here: String,
    /// The eight digits of the thumbprint.
    pub thumbprint: String,
    /// Whether the officer has confirmed.
    pub bound: bool,
}

/// The screen that asks: POST `offer`, `pin1`, `pin1-again`, `pin2`, `pin2-again`, `enrol`.
#[must_use]
pub fn enrol(hold: &Hold, view: &Enrol) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::ENROL_HEADING);
    let content = html! {
        form method="post" action={ (paths::enrol(hold.held())) "#errors" } {
            div.phone-body {
                (error_summary(voice, &view.errors))
                div.stack { h1 { (heading) } p { (voice.say(app::ENROL_LEDE)) } }
                (offer(hold, &view.offer, &view.errors))
                (pin_fields(hold, &view.errors))
                @if view.other_way {
                    p { a href=(paths::new(hold.held())) { (voice.say(app::OTHER_WAY)) } }
                }
            }
            div.phone-act { (btn("enrol", &voice.say(login::GO_ON)).wide()) }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}

/// The screen with the digits: POST `check`.
#[must_use]
pub fn enrolling(hold: &Hold, view: &Enrolling) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(if view.bound { app::ENROLLED } else { app::COMPARE });
    let (first, rest) = view.thumbprint.split_at_checked(4).unwrap_or((&view.thumbprint, ""));
    let steps = [app::COMPARE_STEP, app::OFFICER_STEP, app::CHECK_STEP];
    let content = html! {
        form method="post" action=(view.here) {
            div.phone-body {
                h1 { (heading) }
                @if view.bound {
                    (note(Tone::Ok, &voice.say(app::ENROLLED_TITLE), voice.say(app::ENROLLED_BODY)))
                } @else {
                    div.match { (spelled(&voice.say(app::THUMBPRINT), &[first, rest])) }
                    (todo_steps(&steps.map(|step| voice.say(step))))
                    (note(Tone::Warn, &voice.say(app::DIFFERENT), voice.say(app::DIFFERENT_BODY)))
                }
            }
            div.phone-act {
                @if view.bound { (hold.back()) }
                @else { (btn_second("check", &voice.say(login::CHECK_NOW)).wide()) }
            }
        }
    };
    hold.screen(&heading, &content)
}
