//! Pages for what went wrong: whose turn it is, in a sentence, and one way on.

use maud::{Markup, html};
use ui::text::{check, portal, sign, trouble as words};
use ui::{Stand, Tone, Weight, code, fact, facts, link_btn, more, note};

use super::{Menu, Seat};
use crate::paths;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such page, or it is not this person's: 404.
    NotFound,
    /// Not allowed in this session: 403.
    Forbidden,
    /// A request of another page or of an old one: 403.
    Stale,
    /// Too much to do for the moment: 503.
    Busy,
    /// A register or a signing part did not answer: 502, 503.
    Elsewhere,
    /// Our own fault: 500.
    Ours,
    /// The session has ended: sign in again.
    SessionEnded,
    /// Too many requests from one place: 429.
    TooMany,
    /// The file is larger than what is taken: 413.
    TooLarge,
    /// No certificate or phone to sign with: 409.
    NoMeans,
}

impl Trouble {
    /// The HTTP status that goes with the page.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden | Self::Stale => 403,
            Self::Busy => 503,
            Self::Elsewhere => 502,
            Self::Ours => 500,
            Self::SessionEnded => 401,
            Self::TooMany => 429,
            Self::TooLarge => 413,
            Self::NoMeans => 409,
        }
    }

    fn words(self) -> (ui::text::Key, ui::text::Key) {
        match self {
            Self::NotFound => (words::NOT_FOUND, words::NOT_FOUND_BODY),
            Self::Forbidden => (words::FORBIDDEN, words::FORBIDDEN_BODY),
            Self::Stale => (words::STALE, words::STALE_BODY),
            Self::Busy => (words::BUSY, words::BUSY_BODY),
            Self::Elsewhere => (words::ELSEWHERE, words::ELSEWHERE_BODY),
            Self::Ours => (words::OURS, words::OURS_BODY),
            Self::SessionEnded => (words::SESSION_ENDED, words::SESSION_ENDED_BODY),
            Self::TooMany => (words::TOO_MANY, words::TOO_MANY_BODY),
            Self::TooLarge => (words::TOO_LARGE, words::TOO_LARGE_BODY),
            Self::NoMeans => (sign::NO_MEANS, sign::NO_MEANS_BODY),
        }
    }
}

/// The page: `request` is the id by which support finds it.
#[must_use]
pub fn trouble(seat: &Seat, what: Trouble, request: Option<&str>) -> Markup {
    let voice = seat.voice;
    let (heading, body) = what.words();
    let heading = voice.say(heading);
    let (href, label) = match (what, seat.person.is_some()) {
        (Trouble::SessionEnded, _) => (paths::SIGN_IN, portal::SIGN_IN),
        (Trouble::NoMeans, true) => (paths::SECURITY, portal::MENU_SECURITY),
        (_, true) => (paths::HOME, portal::GO_HOME),
        (_, false) => (paths::FRONT, portal::GO_FRONT),
    };
    let tone = if what == Trouble::SessionEnded { Tone::Info } else { Tone::Warn };
    let content = html! {
        div.stack-l.narrow {
            div.head { h1 { (heading) } }
            (note(tone, &voice.say(words::NOW), voice.say(body)))
            p { (link_btn(Weight::Main, href, &voice.say(label))) }
            @if let Some(request) = request {
                (more(&voice.say(check::TECHNICAL), facts(Stand::Beside, &[
                    fact("HTTP", what.status().to_string()),
                    fact(voice.say(words::REQUEST), code(request)),
                ])))
            }
        }
    };
    seat.page(Menu::None, &heading, &content)
}
