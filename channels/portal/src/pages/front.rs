//! The front page: the twenty systems, each with its honest state.

use maud::{Markup, html};
use ui::text::{Key, portal, systems};
use ui::{Icon, Tag, Voice, Weight, link_btn, mark};

use super::{Menu, Seat};
use crate::paths;

/// One of the twenty systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Its number in the architecture, 1–20.
    pub number: u8,
    /// Whether it runs here.
    pub running: bool,
    /// Where it can be seen.
    pub href: Option<String>,
}

/// What the front page shows.
#[derive(Clone, Debug)]
pub struct Front {
    /// The twenty systems, in any order.
    pub systems: Vec<System>,
    /// The list of virtual phones, in a demonstration.
    pub phones: Option<String>,
}

type Layer = (Key, Key, &'static [(u8, Key, Key)]);

const LAYERS: [Layer; 3] = [
    (
        systems::CHANNELS,
        systems::CHANNELS_ABOUT,
        &[
            (1, systems::N1_NAME, systems::N1_ABOUT),
            (3, systems::N3_NAME, systems::N3_ABOUT),
            (4, systems::N4_NAME, systems::N4_ABOUT),
            (5, systems::N5_NAME, systems::N5_ABOUT),
            (6, systems::N6_NAME, systems::N6_ABOUT),
            (10, systems::N10_NAME, systems::N10_ABOUT),
            (11, systems::N11_NAME, systems::N11_ABOUT),
        ],
    ),
    (
        systems::INTEGRATION,
        systems::INTEGRATION_ABOUT,
        &[
            (13, systems::N13_NAME, systems::N13_ABOUT),
            (14, systems::N14_NAME, systems::N14_ABOUT),
            (16, systems::N16_NAME, systems::N16_ABOUT),
            (17, systems::N17_NAME, systems::N17_ABOUT),
            (18, systems::N18_NAME, systems::N18_ABOUT),
        ],
    ),
    (
        systems::CORE,
        systems::CORE_ABOUT,
        &[
            (2, systems::N2_NAME, systems::N2_ABOUT),
            (7, systems::N7_NAME, systems::N7_ABOUT),
            (8, systems::N8_NAME, systems::N8_ABOUT),
            (9, systems::N9_NAME, systems::N9_ABOUT),
            (12, systems::N12_NAME, systems::N12_ABOUT),
            (15, systems::N15_NAME, systems::N15_ABOUT),
            (19, systems::N19_NAME, systems::N19_ABOUT),
            (20, systems::N20_NAME, systems::N20_ABOUT),
        ],
    ),
];

/// The front page.
#[must_use]
pub fn front(seat: &Seat, view: &Front) -> Markup {
    let voice = seat.voice;
    let content = html! {
        div.stack-l {
            (hero(seat, view))
            (doors(voice))
            div {
                @for (place, layer) in LAYERS.iter().enumerate() {
                    (shelf(voice, view, place, layer))
                }
            }
        }
    };
    seat.page(Menu::None, &voice.say(systems::TITLE), &content)
}

fn hero(seat: &Seat, view: &Front) -> Markup {
    let voice = seat.voice;
    let (href, label) = match seat.person {
        Some(_) => (paths::HOME, portal::GO_HOME),
        None => (paths::SIGN_IN, portal::SIGN_IN),
    };
    html! {
        div.hero {
            div.stack {
                h1 { (voice.say(systems::HEADING)) }
                p.lede { (voice.say(systems::LEDE)) }
                p.row {
                    (link_btn(Weight::Main, href, &voice.say(label)))
                    @if let Some(phones) = &view.phones {
                        a.btn.btn-second href=(phones) {
                            (Icon::Phone.draw()) (voice.say(systems::OPEN_PHONES))
                        }
                    }
                }
            }
            (mark())
        }
    }
}

fn doors(voice: Voice) -> Markup {
    let doors = [
        (paths::SIGN, systems::DOOR_SIGN, systems::DOOR_SIGN_ABOUT),
        (paths::CHECK, systems::DOOR_CHECK, systems::DOOR_CHECK_ABOUT),
        (paths::LOOKS, systems::DOOR_LOOKS, systems::DOOR_LOOKS_ABOUT),
    ];
    html! {
        ul.cols.cols-three {
            @for (href, name, about) in doors {
                li.sheet {
                    h2.as-h3 { a href=(href) { (voice.say(name)) } }
                    p.meta { (voice.say(about)) }
                }
            }
        }
    }
}

fn shelf(voice: Voice, view: &Front, place: usize, layer: &Layer) -> Markup {
    let (name, about, all) = layer;
    html! {
        section.layer aria-labelledby={ "layer" (place) } {
            div.layer-head {
                (mark())
                h2 id={ "layer" (place) } { (voice.say(*name)) }
                p.meta { (voice.say(*about)) }
            }
            ul {
                @for (number, name, about) in *all {
                    li.system {
                        (system(voice, view, *number, *name))
                        p.meta { (voice.say(*about)) }
                    }
                }
            }
        }
    }
}

fn system(voice: Voice, view: &Front, number: u8, name: Key) -> Markup {
    let known = view.systems.iter().find(|system| system.number == number);
    let running = known.is_some_and(|system| system.running);
    let href = known.and_then(|system| system.href.as_deref()).filter(|_| running);
    html! {
        span.system-number { (number) }
        @if let Some(href) = href { a.system-name href=(href) { (voice.say(name)) } }
        @else { span.system-name { (voice.say(name)) } }
        (if running { Tag::Running } else { Tag::NotYet }.show(voice))
    }
}
