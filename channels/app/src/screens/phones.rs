//! The virtual phones of a demonstration.

use maud::{Markup, html};
use ui::text::app;
use ui::{Icon, Item, Tag, act, btn_second, empty, list};

use super::{Hold, paths};

/// One virtual phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualPhone {
    /// Its opaque name in addresses.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is bound to a person.
    pub bound: bool,
    /// How many requests wait on it.
    pub waiting: u64,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phones {
    /// The phones.
    pub phones: Vec<VirtualPhone>,
    /// What is to be taken by the phone that is chosen: a query, with its `?`; else empty.
    pub carries: String,
}

/// The list of phones; a button adds one.
#[must_use]
pub fn phones(hold: &Hold, view: &Phones) -> Markup {
    let voice = hold.voice;
    let heading = voice.say(app::PHONES);
    let items: Vec<Item> = view
        .phones
        .iter()
        .map(|phone| Item {
            icon: Some(Icon::Phone),
            name: phone.name.clone(),
            href: Some(format!("{}{}", paths::phone(&phone.id), view.carries)),
            meta: html! {
                (voice.say(if phone.bound { app::BOUND } else { app::NOT_BOUND }))
                @if phone.waiting > 0 { " " (voice.say(app::waiting(phone.waiting))) }
            },
            end: if phone.waiting > 0 { Tag::WaitsForYou.show(voice) } else { Markup::default() },
        })
        .collect();
    let add = act(paths::PHONES, btn_second("add", &voice.say(app::ADD_PHONE)));
    let lede = if view.carries.is_empty() { app::PHONES_LEDE } else { app::CHOOSE_PHONE };
    let content = html! {
        div.stack-l.narrow {
            div.head { h1 { (heading) } p.lede {
                (voice.say(lede))
            } }
            @if items.is_empty() {
                (empty(Icon::Phone, &voice.say(app::NO_PHONES), &voice.say(app::NO_PHONES_BODY),
                    add))
            } @else {
                div.sheet { (list(&items)) }
                (add)
            }
        }
    };
    hold.page(&heading, &content)
}
