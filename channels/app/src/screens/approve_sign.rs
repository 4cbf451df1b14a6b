//! Approving a signature: name, size and control code of what is signed; then PIN2.
//!
//! Spec: PROTOCOLS §3. The control code is computed here, by the page and by the command line; it
//! tells requests apart and does not stop a forger.

use base::Time;
use maud::{Markup, html};
use ui::text::{app, login, sign};
use ui::{
    Button, FieldError, Icon, Stand, Tag, Tone, Weight, asker, btn_bind, digest, error_summary,
    fact, facts, more, note, spelled,
};

use super::approve_login::pin;
use super::{Hold, paths};

/// One thing to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignItem {
    /// Its name, or what it is.
    pub label: String,
    /// Its size in bytes; nothing for an instruction.
    pub size: Option<u64>,
    /// SHA-256 of the document.
    pub digest: Vec<u8>,
}

/// A signature, or an act of the holder, to approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApproveSign {
    /// The request's opaque id.
    pub request: String,
    /// Whether it is an act of the holder (revoke, another phone) and no signature.
    pub act: bool,
    /// Who asks: the registered name.
    pub client: String,
    /// Whether the name stands in the register of those who may ask.
    pub verified: bool,
    /// What for.
    pub purpose: String,
    /// Whether it ends this very phone.
    pub ends_this: bool,
    /// What is signed.
    pub items: Vec<SignItem>,
    /// The four digits.
    pub control_code: String,
    /// Until when it can be answered.
    pub until: Time,
    /// How many tries are left, if `sam` has said so.
    pub tries: Option<u64>,
    /// What is to be mended: a wrong PIN.
    pub errors: Vec<FieldError>,
}

/// The screen: POST `pin`, `approve`, or `refuse`.
#[must_use]
pub fn approve_sign(hold: &Hold, view: &ApproveSign) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(if view.act { app::ACT_HEADING } else { app::SIGN_HEADING });
    let (approve, refuse) = if view.act {
        (app::APPROVE, voice.say(app::REFUSE_ACT))
    } else {
        (app::SIGN, voice.say(app::REFUSE_SIGN))
    };
    let content = html! {
        form method="post" action={ (paths::request(hold.held(), &view.request)) "#errors" } {
            div.phone-body {
                (error_summary(voice, &view.errors))
                div.stack { h1 { (heading) } (who(hold, view)) }
                (items(hold, view))
                @if !view.act { (control_code(hold, view)) }
                @if view.ends_this {
                    (note(Tone::Bad, &voice.say(app::END_OWN_TITLE), voice.say(app::END_OWN_BODY)))
                }
                (pin(hold, "PIN2", view.tries, &view.errors))
            }
            div.phone-act {
                (btn_bind("approve", &voice.say(approve)).with_mark().wide())
                (Button::new(Weight::Danger, "refuse", &refuse).unchecked().wide())
                p.meta { (voice.say(app::until(voice.hour(view.until)))) }
            }
        }
    };
    hold.screen_with(&heading, &view.errors, &content)
}

fn control_code(hold: &Hold, view: &ApproveSign) -> Markup {
    let voice = hold.voice;
    html! {
        div.match { (spelled(&voice.say(sign::CODE), &[&view.control_code])) }
        (note(Tone::Info, &voice.say(app::COMPARE_CODE), voice.say(app::COMPARE_CODE_BODY)))
    }
}

fn who(hold: &Hold, view: &ApproveSign) -> Markup {
    let voice = hold.voice;
    let known = if view.verified {
        Tag::Verified.show(voice)
    } else {
        html! {}
    };
    html! {
        (asker(Icon::Building, &view.client, known))
        (facts(Stand::Below, &[fact(voice.say(login::PURPOSE), view.purpose.as_str())]))
    }
}

fn items(hold: &Hold, view: &ApproveSign) -> Markup {
    let voice = hold.voice;
    let count = u64::try_from(view.items.len()).unwrap_or(u64::MAX);
    html! {
        section.stack aria-labelledby="what" {
            h2 id="what" {
                @if view.act { (voice.say(app::ACT_WHAT)) } @else { (voice.say(app::items(count))) }
            }
            ol.list {
                @for item in &view.items {
                    li { div {
                        strong { (item.label) }
                        @if let Some(size) = item.size { p.meta { (voice.size(size)) } }
                    } }
                }
            }
            (more(&voice.say(ui::text::check::TECHNICAL), html! {
                @for item in &view.items { p.meta { "SHA-256 " (digest(&item.digest)) } }
            }))
        }
    }
}
