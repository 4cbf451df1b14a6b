//! What the register holds about the person.

use base::PartialDate;
use maud::{Markup, html};
use ui::text::frame;
use ui::text::{looks, portal};
use ui::{Case, Stand, Tone, Voice, Weight, code, crumbs, fact, facts, link_btn, note, sheet};

use super::nothing::nothing;
use super::{Menu, Seat};
use crate::paths;

/// One fact as the register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFact {
    /// Its kind, in words of the page's language: "Given name".
    pub label: String,
    /// Its value, as the register spells it.
    pub value: String,
    /// Whether the value is spelled: a code, a number.
    pub spelled: bool,
    /// Since when it holds.
    pub since: Option<PartialDate>,
    /// Who wrote it, if that is known.
    pub source: Option<String>,
    /// Whether it is disputed.
    pub disputed: bool,
}

/// Facts that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataGroup {
    /// Their name, in words of the page's language: "Name and code".
    pub name: String,
    /// The facts, in order.
    pub facts: Vec<RegisterFact>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyData {
    /// The groups, in order; none when the register holds nothing.
    pub groups: Vec<DataGroup>,
}

/// The page with the register's entry.
#[must_use]
pub fn my_data(seat: &Seat, view: &MyData) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(portal::DATA_HEADING);
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME))], &heading))
        div.head {
            h1 { (heading) }
            p.lede { (voice.say(portal::DATA_LEDE)) }
        }
        div.cols.cols-main {
            div.stack-l { (groups(voice, view)) }
            div.stack-l {
                (note(Tone::Info, &voice.say(portal::DATA_LOGGED),
                    voice.say(portal::DATA_LOGGED_BODY)))
                p { (link_btn(Weight::Second, paths::LOOKS, &voice.say(looks::TITLE))) }
                section.sheet.stack aria-labelledby="wrong" {
                    h2 id="wrong" { (voice.say(portal::DATA_WRONG)) }
                    p { (voice.say(portal::DATA_WRONG_BODY)) }
                }
            }
        }
    };
    seat.page(Menu::Data, &heading, &content)
}

fn groups(voice: Voice, view: &MyData) -> Markup {
    html! {
        @for (place, group) in view.groups.iter().enumerate() {
            @let rows: Vec<_> = group.facts.iter().map(|one| row(voice, one)).collect();
            (sheet(&format!("group{place}"), &group.name, &Markup::default(),
                &facts(Stand::Wide, &rows)))
        }
        @if view.groups.is_empty() {
            (nothing(&voice.say(portal::DATA_NONE), &voice.say(portal::DATA_NONE_BODY), paths::HOME,
                &voice.say(portal::GO_HOME)))
        }
    }
}

fn row(voice: Voice, one: &RegisterFact) -> (String, Markup) {
    let value = html! {
        @if one.spelled { (code(&one.value)) } @else { (one.value) }
        @if let Some(meta) = about(voice, one) { p.meta.label { (meta) } }
    };
    fact(one.label.as_str(), value)
}

fn about(voice: Voice, one: &RegisterFact) -> Option<String> {
    let since =
        one.since.map(|date| voice.say(portal::since(voice.partial_day(date, Case::Since))));
    let disputed = one.disputed.then(|| voice.say(portal::DISPUTED));
    let parts: Vec<String> = [since, one.source.clone(), disputed].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
