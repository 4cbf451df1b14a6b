//! Approving another phone: its code is read, then whose it is, eight digits, and PIN2.

use maud::{Markup, html};
use ui::text::{app, login};
use ui::{
    Button, Field, FieldError, Holds, Stand, Tone, Weight, btn, btn_bind, carried, error_at,
    error_summary, fact, facts, note, spelled,
};

use super::approve_login::pin;
use super::{Hold, paths};

/// Asks for the other phone's code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadKeys {
    /// The text as it was pasted or scanned.
    pub keys: String,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
}

/// Asks whether the phone that showed it is to be approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The text of its code.
    pub keys: String,
    /// Whether it is a known phone that gets new PINs; else a new one.
    pub pins: bool,
    /// What it calls itself.
    pub name: String,
    /// The person's user number, once the server has said it.
    pub user_number: String,
    /// The eight digits of its thumbprint.
    pub digits: String,
    /// How many tries are left, if `sam` has said so.
    pub tries: Option<u64>,
    /// What is to be mended: a wrong PIN.
    pub errors: Vec<FieldError>,
}

/// The screen that asks for the code: POST `keys`, `read`.
#[must_use]
pub fn read_keys(hold: &Hold, view: &ReadKeys) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::VOUCH);
    let content = html! {
        form method="post" action={ (paths::vouch(hold.held())) "#errors" } {
            div.phone-body {
                (error_summary(voice, &view.errors))
                div.stack { h1 { (heading) } p { (voice.say(app::VOUCH_LEDE)) } }
                (Field::new("keys", &voice.say(app::VOUCH_KEYS), Holds::Lines)
                    .hint(&voice.say(app::VOUCH_KEYS_HINT))
                    .error(error_at(&view.errors, "keys")).value(&view.keys))
            }
            div.phone-act {
                (btn("read", &voice.say(login::GO_ON)).wide())
                (hold.back())
            }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}

/// The screen that asks whether: POST `keys`, `pin`, `approve`, or `refuse`.
#[must_use]
pub fn vouch(hold: &Hold, view: &Vouch) -> Markup {
    let voice = hold.voice;
    let (heading, whose, may, yes) = if view.pins {
        (app::VOUCH_PINS_HEADING, app::VOUCH_WHOSE_PINS, app::VOUCH_MAY_PINS, app::VOUCH_PINS_YES)
    } else {
        (app::VOUCH_HEADING, app::VOUCH_WHOSE, app::VOUCH_MAY_NEW, app::VOUCH_YES)
    };
    let heading = voice.say(heading);
    let (first, rest) = view.digits.split_at_checked(4).unwrap_or((&view.digits, ""));
    let refuse = voice.say(app::REFUSE_ACT);
    let content = html! {
        form method="post" action={ (paths::vouch(hold.held())) "#errors" } {
            (carried("keys", &view.keys))
            div.phone-body {
                (error_summary(voice, &view.errors))
                h1 { (heading) }
                (facts(Stand::Below, &[
                    fact(voice.say(app::VOUCH_NAME), view.name.as_str()),
                    fact(voice.say(whose), voice.say(app::vouch_yours(view.user_number.as_str()))),
                    fact(voice.say(app::VOUCH_MAY), voice.say(may)),
                ]))
                div.match { (spelled(&voice.say(app::VOUCH_DIGITS), &[first, rest])) }
                (note(Tone::Warn, &voice.say(app::VOUCH_DIFFERENT),
                    voice.say(app::VOUCH_DIFFERENT_BODY)))
                (pin(hold, "PIN2", view.tries, &view.errors))
            }
            div.phone-act {
                (btn_bind("approve", &voice.say(yes)).with_mark().wide())
                (Button::new(Weight::Danger, "refuse", &refuse).unchecked().wide())
            }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}
