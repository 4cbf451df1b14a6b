//! Two new PINs, typed twice: of a phone that is bound, or that gets new ones.

use maud::{Markup, html};
use ui::text::{app, login};
use ui::{Field, FieldError, Holds, Tone, btn, error_at, error_summary, note};

use super::{Hold, paths};

/// Who says that it is the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Another bound phone of the person.
    Phone,
    /// An official, who shows a code.
    Desk,
}

/// New PINs for a phone that is bound, or for a new one that another phone will approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPins {
    /// Whether the phone is bound already: then its PIN is forgotten.
    pub forgotten: bool,
    /// Who approves.
    pub by: By,
    /// The text of the official's QR, as it was pasted or scanned.
    pub offer: String,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
}

/// The screen: POST `pin1`, `pin1-again`, `pin2`, `pin2-again`, at the desk `offer`; `go-on`.
/// PINs never come back.
#[must_use]
pub fn new_pins(hold: &Hold, view: &NewPins) -> Markup {
    let (voice, held) = (hold.voice, hold.held());
    let (heading, lede) = if view.forgotten {
        (voice.say(app::FORGOT_HEADING), voice.say(app::FORGOT_LEDE))
    } else {
        (voice.say(app::NEW_HEADING), voice.say(app::NEW_LEDE))
    };
    let (here, (elsewhere, other)) = match (view.forgotten, view.by) {
        (false, _) => (paths::new(held), (paths::enrol(held), app::DESK_WAY)),
        (true, By::Phone) => (paths::pins(held), (paths::pins_desk(held), app::FORGOT_DESK_WAY)),
        (true, By::Desk) => (paths::pins_desk(held), (paths::pins(held), app::FORGOT_OTHER_WAY)),
    };
    let content = html! {
        form method="post" action={ (here) "#errors" } {
            div.phone-body {
                (error_summary(voice, &view.errors))
                div.stack { h1 { (heading) } p { (lede) } }
                @if view.forgotten && view.by == By::Phone {
                    (note(Tone::Info, &voice.say(app::FORGOT_ALONE),
                        voice.say(app::FORGOT_ALONE_BODY)))
                }
                @if view.by == By::Desk { (offer(hold, &view.offer, &view.errors)) }
                (pin_fields(hold, &view.errors))
                p { a href=(elsewhere) { (voice.say(other)) } }
            }
            div.phone-act { (btn("go-on", &voice.say(login::GO_ON)).wide()) }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}

/// The field for the text of the official's QR.
pub(super) fn offer(hold: &Hold, typed: &str, errors: &[FieldError]) -> Markup {
    let voice = hold.voice;
    html! {
        (Field::new("offer", &voice.say(app::OFFER), Holds::Lines)
            .hint(&voice.say(app::OFFER_HINT)).error(error_at(errors, "offer")).value(typed))
    }
}

/// The four fields, and what PINs are.
pub(super) fn pin_fields(hold: &Hold, errors: &[FieldError]) -> Markup {
    let voice = hold.voice;
    let pins = [
        ("pin1", app::PIN1_NEW, Some(app::PIN1_RULE)),
        ("pin1-again", app::PIN1_AGAIN, None),
        ("pin2", app::PIN2_NEW, Some(app::PIN2_RULE)),
        ("pin2-again", app::PIN2_AGAIN, None),
    ];
    html! {
        @for (name, label, rule) in pins {
            @let (label, rule) = (voice.say(label), rule.map(|rule| voice.say(rule)));
            @let field = Field::new(name, &label, Holds::Pin(8)).error(error_at(errors, name));
            @if let Some(rule) = &rule { (field.hint(rule)) } @else { (field) }
        }
        p.meta { (voice.say(app::PINS_MEAN)) }
    }
}
