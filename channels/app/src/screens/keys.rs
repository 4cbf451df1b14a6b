//! What a phone shows that another phone is to approve: the QR, the same as text, eight digits.

use base::Time;
use maud::{Markup, html};
use ui::text::{app, login};
use ui::{Tone, btn_quiet, btn_second, code, more, note, qr, spelled, todo_steps};

use super::{Hold, paths};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysStand {
    /// It is being shown; nobody was asked yet.
    Shown,
    /// The other phone has not approved it.
    Waits,
    /// The other phone has approved it; it holds from then on.
    From(Time),
    /// The approval is worth nothing any more.
    Void,
}

/// What the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The text of the QR.
    pub text: String,
    /// The eight digits of the thumbprint.
    pub digits: String,
    /// How far it is.
    pub stand: KeysStand,
}

/// The screen: POST `check`, or `stop` to begin anew.
#[must_use]
pub fn keys(hold: &Hold, view: &Keys) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(match view.stand {
        KeysStand::Shown | KeysStand::Waits => app::KEYS_HEADING,
        KeysStand::From(_) => app::KEYS_APPROVED,
        KeysStand::Void => app::KEYS_VOID,
    });
    let content = html! {
        form method="post" action=(paths::keys(hold.held())) {
            div.phone-body {
                h1 { (heading) }
                @match view.stand {
                    KeysStand::Shown => { (shown(hold, view)) }
                    KeysStand::Waits => {
                        p role="status" { strong { (voice.say(app::KEYS_WAITS)) } }
                        (shown(hold, view))
                    }
                    KeysStand::From(time) => {
                        div role="status" {
                            (note(Tone::Ok, &voice.say(app::from(voice.moment(time))),
                                voice.say(app::KEYS_APPROVED_BODY)))
                        }
                    }
                    KeysStand::Void => {
                        (note(Tone::Bad, &voice.say(app::NOW), voice.say(app::KEYS_VOID_BODY)))
                    }
                }
            }
            div.phone-act {
                @if view.stand != KeysStand::Void {
                    (btn_second("check", &voice.say(login::CHECK_NOW)).wide())
                }
                (btn_quiet("stop", &voice.say(app::KEYS_STOP)).wide())
            }
        }
    };
    hold.screen(&heading, &content)
}

fn shown(hold: &Hold, view: &Keys) -> Markup {
    let voice = hold.voice;
    let (first, rest) = view.digits.split_at_checked(4).unwrap_or((&view.digits, ""));
    let steps = [app::KEYS_OPEN_STEP, app::KEYS_SCAN_STEP, app::KEYS_APPROVE_STEP];
    html! {
        div.match {
            (qr(&view.text, &voice.say(app::KEYS_QR)))
            (spelled(&voice.say(app::THUMBPRINT), &[first, rest]))
        }
        (more(&voice.say(app::KEYS_TEXT), html! { p { (code(&view.text)) } }))
        (todo_steps(&steps.map(|step| voice.say(step))))
    }
}
