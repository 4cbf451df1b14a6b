//! What the phone decides: which browsers are remembered, and freezing.

use base::Time;
use maud::{Markup, html};
use ui::text::{app, security};
use ui::{Icon, Item, Stand, Weight, act, btn, code, fact, facts, link_btn, list};

use super::{Hold, paths};

/// A browser that this phone remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RememberedBrowser {
    /// An opaque id.
    pub id: String,
    /// As it calls itself.
    pub name: String,
    /// Its last login.
    pub used: Time,
}

/// What the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The user number.
    pub user_number: String,
    /// The digits of the device key's thumbprint.
    pub thumbprint: String,
    /// A browser of which the second login was seen and that could be remembered: id and name.
    pub could_remember: Option<(String, String)>,
    /// The remembered ones.
    pub browsers: Vec<RememberedBrowser>,
}

/// The screen: POST `remember` with `browser`, or `forget=<id>`.
#[must_use]
pub fn settings(hold: &Hold, view: &Settings) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::SETTINGS);
    let content = html! {
        div.phone-body {
            h1 { (heading) }
            (facts(Stand::Below, &[
                fact(voice.say(ui::text::login::USER_NUMBER), code(&view.user_number)),
                fact(voice.say(security::THUMBPRINT), code(&view.thumbprint)),
            ]))
            section.stack aria-labelledby="phones" {
                h2 id="phones" { (voice.say(app::MY_PHONES)) }
                p { a href=(paths::vouch(hold.held())) { (voice.say(app::VOUCH)) } }
                p { a href=(paths::pins(hold.held())) { (voice.say(app::FORGOT)) } }
            }
            section.stack aria-labelledby="browsers" {
                h2 id="browsers" { (voice.say(security::BROWSERS)) }
                p.meta { (voice.say(security::BROWSERS_HOW)) }
                (remember(hold, view))
                (browsers(hold, view))
            }
        }
        div.phone-act {
            (link_btn(Weight::Danger, &paths::freeze(hold.held()), &voice.say(app::FREEZE)))
            (hold.back())
        }
    };
    hold.screen(&heading, &content)
}

fn remember(hold: &Hold, view: &Settings) -> Markup {
    let voice = hold.voice;
    html! {
        @if let Some((id, name)) = &view.could_remember {
            form.stack method="post" action=(paths::settings(hold.held())) {
                (ui::carried("browser", id))
                p { (voice.say(app::remember(name.as_str()))) }
                p.meta { (voice.say(app::REMEMBER_HINT)) }
                (btn("remember", &voice.say(app::SAVE)))
            }
        }
    }
}

fn browsers(hold: &Hold, view: &Settings) -> Markup {
    let voice = hold.voice;
    let items: Vec<Item> = view
        .browsers
        .iter()
        .map(|browser| {
            let label = voice.say(security::FORGET);
            Item {
                icon: Some(Icon::Computer),
                name: browser.name.clone(),
                href: None,
                meta: html! { (voice.say(security::used(voice.moment(browser.used)))) },
                end: act(
                    &paths::settings(hold.held()),
                    ui::btn_quiet("forget", &label).value(&browser.id),
                ),
            }
        })
        .collect();
    html! {
        @if items.is_empty() { p { (voice.say(security::NO_BROWSERS)) } } @else { (list(&items)) }
    }
}
