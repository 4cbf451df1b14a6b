//! Approving a login: who asks, what for, what they get, from where; three codes; then PIN1.
//!
//! Spec: PROTOCOLS §4. Only the right code brings the PIN screen.

use base::Time;
use maud::{Markup, html};
use ui::text::{app, login};
use ui::{
    Button, Field, FieldError, Holds, Icon, Stand, Tag, Weight, asker, btn, btn_bind, error_at,
    error_summary, fact, facts, numbers,
};

use super::{Hold, paths};

/// Where an approval stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginStep {
    /// A code is to be chosen of three; a remembered browser shows one of them.
    Codes([u8; 3]),
    /// PIN1 is to be given: after the right code, or at once after a QR.
    Pin {
        /// How many tries are left, if `sam` has said so.
        tries: Option<u64>,
    },
}

/// A login to approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApproveLogin {
    /// The request's opaque id.
    pub request: String,
    /// Who asks: the registered name.
    pub client: String,
    /// Whether the name stands in the register of those who may ask.
    pub verified: bool,
    /// What for.
    pub purpose: String,
    /// What they get.
    pub gets: String,
    /// From where: place and browser, as far as known.
    pub place: String,
    /// Until when it can be answered.
    pub until: Time,
    /// Where it stands.
    pub step: LoginStep,
    /// What is to be mended: a wrong PIN.
    pub errors: Vec<FieldError>,
}

/// The screen: POST `number`, `choose`; then `pin`, `approve`; or `refuse`.
#[must_use]
pub fn approve_login(hold: &Hold, view: &ApproveLogin) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::LOGIN_HEADING);
    let refuse = voice.say(app::REFUSE);
    let content = html! {
        form method="post" action={ (paths::request(hold.held(), &view.request)) "#errors" } {
            div.phone-body {
                (error_summary(voice, &view.errors))
                div.stack { h1 { (heading) } (who(hold, view)) }
                (step(hold, view))
            }
            div.phone-act {
                @match view.step {
                    LoginStep::Codes(_) => (btn("choose", &voice.say(login::GO_ON)).wide()),
                    LoginStep::Pin { .. } => (btn_bind("approve", &voice.say(app::APPROVE)).wide()),
                }
                (Button::new(Weight::Danger, "refuse", &refuse).unchecked().wide())
                p.meta { (voice.say(app::until(voice.hour(view.until)))) }
            }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}

fn who(hold: &Hold, view: &ApproveLogin) -> Markup {
    let voice = hold.voice;
    let known = if view.verified {
        Tag::Verified.show(voice)
    } else {
        html! {}
    };
    html! {
        (asker(Icon::Building, &view.client, known))
        (facts(Stand::Below, &[
            fact(voice.say(login::PURPOSE), view.purpose.as_str()),
            fact(voice.say(app::GETS), view.gets.as_str()),
            fact(voice.say(app::PLACE), view.place.as_str()),
        ]))
    }
}

fn step(hold: &Hold, view: &ApproveLogin) -> Markup {
    let voice = hold.voice;
    match view.step {
        LoginStep::Codes(codes) => numbers("number", &voice.say(app::WHICH_CODE), codes),
        LoginStep::Pin { tries } => pin(hold, "PIN1", tries, &view.errors),
    }
}

/// The field for a PIN, with the tries left.
pub(super) fn pin(hold: &Hold, label: &str, tries: Option<u64>, errors: &[FieldError]) -> Markup {
    let hint = tries.map(|tries| hold.voice.say(app::tries(tries)));
    let field = Field::new("pin", label, Holds::Pin(8)).error(error_at(errors, "pin"));
    html! { @if let Some(hint) = &hint { (field.hint(hint)) } @else { (field) } }
}
