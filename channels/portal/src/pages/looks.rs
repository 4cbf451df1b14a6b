//! Who looked at the person's data: each entry of the log with its proof.
//!
//! Spec: R39–R42, PROTOCOLS §5. The institution is shown, never the official; the page never says
//! that the log is complete.

use base::{Date, Time};
use maud::{Markup, html};
use ui::text::{frame, looks as words, portal};
use ui::{
    Case, Stand, Tag, Tone, Voice, code, crumbs, digest, download, fact, facts, more, note, sheet,
};

use super::nothing::nothing;
use super::{Menu, Seat};
use crate::paths;

/// How a look ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookResult {
    /// They got what the groups say.
    Returned,
    /// They got yes or no.
    Answered,
    /// They were refused.
    Refused,
    /// They found nothing.
    Empty,
}

/// Where an entry stands in the log, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The log's name: `<owner>/<part>`.
    pub log: String,
    /// The entry's place in it, from 0.
    pub index: u64,
    /// The signed checkpoint's size.
    pub size: u64,
    /// The checkpoint's root.
    pub root: Vec<u8>,
    /// When the checkpoint was signed.
    pub at: Time,
}

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// An opaque id.
    pub id: String,
    /// When.
    pub at: Time,
    /// Which institution.
    pub institution: String,
    /// What for, in words of the page's language.
    pub purpose: String,
    /// On what ground in law.
    pub basis: Option<String>,
    /// Which data: groups, never values, in words of the page's language.
    pub groups: String,
    /// How it ended.
    pub result: LookResult,
    /// Whether it is the person's own doing: a login, a look at the own entry.
    pub own: bool,
    /// Whether it is not as one would expect.
    pub unusual: bool,
    /// The proof; nothing while no checkpoint covers the entry.
    pub proof: Option<Proof>,
}

/// The looks of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Whether it still takes entries.
    pub open: bool,
    /// Its looks, newest first.
    pub looks: Vec<Look>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Days that have looks, newest first.
    pub days: Vec<Day>,
    /// Up to when all recorded entries are here; nothing: the log could not be read.
    pub recorded_until: Option<Time>,
    /// The page with newer entries.
    pub newer: Option<String>,
    /// The page with older entries.
    pub older: Option<String>,
}

/// The page with the log.
#[must_use]
pub fn looks(seat: &Seat, view: &Looks) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::TITLE);
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME)),
            (paths::DATA, voice.say(portal::DATA_HEADING))], &heading))
        div.head { h1 { (heading) } p.lede { (voice.say(words::LEDE)) } }
        div.cols.cols-main {
            div.stack-l {
                @if view.recorded_until.is_none() { (unreadable(voice)) }
                (days(voice, view)) (pager(voice, view))
            }
            aside.stack-l { (all_here(voice, view)) (check_it(voice)) }
        }
    };
    seat.page(Menu::Data, &heading, &content)
}

fn days(voice: Voice, view: &Looks) -> Markup {
    html! {
        @for day in &view.days {
            @let aside = if day.open { Tag::DayOpen.show(voice) } else { Markup::default() };
            (sheet(&format!("day{}", day.date), &voice.day(day.date, Case::Plain), &aside, &html! {
                ol.log { @for look in &day.looks { li { (entry(voice, look)) } } }
            }))
        }
        @if view.days.is_empty() && view.recorded_until.is_some() {
            (nothing(&voice.say(words::NONE), &voice.say(words::NONE_BODY), paths::HOME,
                &voice.say(portal::GO_HOME)))
        }
    }
}

fn entry(voice: Voice, look: &Look) -> Markup {
    let told = match look.result {
        LookResult::Returned => None,
        LookResult::Answered => Some(words::ANSWERED),
        LookResult::Refused => Some(words::REFUSED),
        LookResult::Empty => Some(words::EMPTY),
    };
    html! {
        p.meta.num.log-time { (voice.clock(look.at)) }
        div {
            h3 { (look.institution) }
            p { (look.purpose) }
            @if look.own { p.meta { (voice.say(words::OWN)) } }
            @if look.unusual { p { (Tag::Unusual.show(voice)) } }
        }
        div {
            p { span.unseen { (voice.say(words::GROUPS)) ": " } (look.groups) }
            @if let Some(basis) = &look.basis { p.meta { (basis) } }
            @if let Some(told) = told { p.meta { (voice.say(told)) } }
        }
        (more(&voice.say(words::PROOF), proof(voice, look)))
    }
}

fn proof(voice: Voice, look: &Look) -> Markup {
    let Some(proof) = &look.proof else {
        return html! { p.meta { (voice.say(words::PROOF_LATER)) } };
    };
    let place =
        words::place_of(voice.number(proof.index.saturating_add(1)), voice.number(proof.size));
    html! {
        div.stack {
            (facts(Stand::Beside, &[
                fact(voice.say(words::RECORDED), voice.exact(look.at)),
                fact(voice.say(words::LOG), code(&proof.log)),
                fact(voice.say(words::PLACE), voice.say(place)),
                fact(voice.say(words::ROOT), digest(&proof.root)),
                fact(voice.say(words::CHECKPOINT), voice.exact(proof.at)),
            ]))
            p { (download(&paths::look_proof(&look.id), &voice.say(words::DOWNLOAD))) }
        }
    }
}

fn pager(voice: Voice, view: &Looks) -> Markup {
    html! {
        @if view.newer.is_some() || view.older.is_some() {
            nav.pager aria-label=(voice.say(words::PAGES)) {
                ul {
                    @if let Some(newer) = &view.newer {
                        li { a href=(newer) { (voice.say(words::NEWER)) } }
                    }
                    @if let Some(older) = &view.older {
                        li { a href=(older) { (voice.say(words::OLDER)) } }
                    }
                }
            }
        }
    }
}

fn all_here(voice: Voice, view: &Looks) -> Markup {
    html! {
        @if let Some(until) = view.recorded_until {
            section.sheet.stack aria-labelledby="all" {
                h2 id="all" { (voice.say(words::ALL)) }
                p { (voice.say(words::recorded_until(voice.moment(until)))) }
                p { (voice.say(words::DELAYED)) }
                p.meta { (voice.say(words::WHAT_PROOF_SHOWS)) }
            }
        }
    }
}

/// Nothing is said of entries that could not be asked for.
fn unreadable(voice: Voice) -> Markup {
    note(Tone::Bad, &voice.say(words::UNREADABLE), voice.say(words::UNREADABLE_BODY))
}

fn check_it(voice: Voice) -> Markup {
    more(
        &voice.say(words::HOW),
        html! {
            div.prose {
                p { (voice.say(words::HOW_BODY)) }
                p { (code("sakta audit verify x.tlog-proof --key x.key")) }
            }
        },
    )
}
