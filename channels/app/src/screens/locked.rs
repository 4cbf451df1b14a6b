//! A phone that this browser has not unlocked.

use maud::{Markup, html};
use ui::text::app;
use ui::{Tone, btn, note};

use super::{Hold, paths};

/// The screen: POST `unlock`; `then` is where it goes on, a path of this phone.
#[must_use]
pub fn locked(hold: &Hold, then: &str) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::LOCKED);
    let content = html! {
        form method="post" action=(paths::unlock(hold.held())) {
            div.phone-body {
                h1 { (heading) }
                (note(Tone::Info, &hold.name, voice.say(app::LOCKED_BODY)))
                (ui::carried("then", then))
            }
            div.phone-act { (btn("unlock", &voice.say(app::UNLOCK)).wide()) }
        }
    };
    hold.screen(&heading, &content)
}
