//! Lost phone, new phone, forgotten PIN: what to do. And freezing everything from this phone.

use maud::{Markup, html};
use ui::text::{app, freeze as words};
use ui::{Button, Tone, Weight, link_btn, more, note};

use super::{Hold, paths};

/// What to do when something is lost.
#[must_use]
pub fn help(hold: &Hold) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::HELP);
    let held = hold.held();
    let answers = [
        (app::LOST, app::LOST_BODY, None),
        (app::NEW_PHONE, app::NEW_PHONE_BODY, Some((paths::vouch(held), app::VOUCH))),
        (app::FORGOT, app::FORGOT_BODY, Some((paths::pins(held), app::FORGOT_HEADING))),
        (app::STRANGE, app::STRANGE_BODY, None),
    ];
    let content = html! {
        div.phone-body {
            h1 { (heading) }
            div.stack {
                @for (question, answer, way) in answers {
                    (more(&voice.say(question), html! {
                        p { (voice.say(answer)) }
                        @if let Some((href, words)) = way {
                            p { a href=(href) { (voice.say(words)) } }
                        }
                    }))
                }
            }
        }
        div.phone-act {
            (link_btn(Weight::Danger, &paths::freeze(hold.held()), &voice.say(app::FREEZE)))
            (hold.back())
        }
    };
    hold.screen(&heading, &content)
}

/// Asks before everything is frozen; no PIN. POST `freeze`.
#[must_use]
pub fn freeze(hold: &Hold) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::FREEZE_HEADING);
    let yes = voice.say(words::YES);
    let content = html! {
        form method="post" action=(paths::freeze(hold.held())) {
            div.phone-body {
                h1 { (heading) }
                (note(Tone::Warn, &voice.say(app::FREEZE_NO_PIN), voice.say(words::MEANS)))
            }
            div.phone-act {
                (Button::new(Weight::Danger, "freeze", &yes).wide())
                (link_btn(Weight::Quiet, &paths::phone(hold.held()), &voice.say(words::NO)))
            }
        }
    };
    hold.screen(&heading, &content)
}
