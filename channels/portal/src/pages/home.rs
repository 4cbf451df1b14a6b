//! The first page after signing in.

use base::Time;
use maud::{Markup, html};
use ui::text::{looks, portal};
use ui::{
    Icon, Item, Tone, Voice, Weight, act, btn_danger, link_btn, list, note, note_with, sheet,
};

use super::documents::{SignedDocument, document_item};
use super::{Menu, Seat};
use crate::paths;

/// The login before this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// When.
    pub at: Time,
    /// The browser, as it calls itself: "Firefox on Windows".
    pub browser: String,
}

/// One of the last looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentLook {
    /// When.
    pub at: Time,
    /// Which institution.
    pub institution: String,
    /// What for.
    pub purpose: String,
}

/// What the first page shows.
#[derive(Clone, Debug)]
pub struct Home {
    /// The given name.
    pub given_name: String,
    /// The login before this one.
    pub previous: Option<Previous>,
    /// Whether a QR began this session: whose it is stands at the top, with "Not me".
    pub by_qr: bool,
    /// Whether this browser could be remembered, which the phone decides.
    pub could_be_remembered: bool,
    /// Documents that wait for a signature and the last signed ones; nothing: they could not be
    /// read.
    pub documents: Option<Vec<SignedDocument>>,
    /// How many looks of others the last thirty days saw; nothing: the log could not be read.
    pub looks_count: Option<u64>,
    /// The last looks of others.
    pub looks: Vec<RecentLook>,
}

/// The first page.
#[must_use]
pub fn home(seat: &Seat, view: &Home) -> Markup {
    let voice = seat.voice;
    let content = html! {
        (head(seat, view))
        div.stack-l {
            @if view.by_qr { (whose(seat)) }
            @if view.could_be_remembered {
                (note(Tone::Info, &voice.say(portal::REMEMBER), voice.say(portal::REMEMBER_BODY)))
            }
            div.cols.cols-main {
                div.stack-l { (documents(voice, view)) (last_looks(voice, view)) }
                (sheet("ways", &voice.say(portal::WAYS), &Markup::default(), &ways(voice)))
            }
        }
    };
    seat.page(Menu::Home, &voice.say(portal::MENU_HOME), &content)
}

fn head(seat: &Seat, view: &Home) -> Markup {
    let voice = seat.voice;
    html! {
        div.head {
            h1 { (voice.say(portal::hello(view.given_name.as_str()))) }
            @if let Some(before) = &view.previous {
                p.meta {
                    (voice.say(portal::previous(voice.moment(before.at), before.browser.as_str())))
                    " " a href=(paths::SECURITY) { (voice.say(portal::NOT_MINE)) }
                }
            }
        }
    }
}

fn whose(seat: &Seat) -> Markup {
    let voice = seat.voice;
    let name = seat.person.clone().unwrap_or_default();
    let not_me = act(paths::NOT_ME, btn_danger("not-me", &voice.say(portal::NOT_ME)));
    note_with(Tone::Warn, &voice.say(portal::whose(name)), voice.say(portal::WHOSE_BODY), not_me)
}

fn documents(voice: Voice, view: &Home) -> Markup {
    let all = html! { a href=(paths::DOCUMENTS) { (voice.say(portal::ALL_DOCUMENTS)) } };
    let items: Vec<Item> =
        view.documents.iter().flatten().map(|one| document_item(voice, one)).collect();
    let none = match view.documents {
        Some(_) => portal::NO_DOCUMENTS,
        None => portal::DOCUMENTS_UNREADABLE,
    };
    let body = html! {
        @if items.is_empty() { p.meta { (voice.say(none)) } }
        @else { (list(&items)) }
        p.sheet-foot.row {
            (link_btn(Weight::Main, paths::SIGN, &voice.say(portal::SIGN_NEW)))
            (link_btn(Weight::Quiet, paths::CHECK, &voice.say(portal::CHECK_SIGNATURE)))
        }
    };
    sheet("documents", &voice.say(portal::MENU_DOCUMENTS), &all, &body)
}

fn last_looks(voice: Voice, view: &Home) -> Markup {
    let all = html! { a href=(paths::LOOKS) { (voice.say(looks::WHOLE)) } };
    let rows: Vec<Item> = view
        .looks
        .iter()
        .map(|look| Item {
            name: look.institution.clone(),
            meta: html! { (look.purpose) },
            end: html! { span.meta.num { (voice.short_moment(look.at)) } },
            ..Item::default()
        })
        .collect();
    let body = html! {
        @if let Some(count) = view.looks_count {
            @if rows.is_empty() { p { (voice.say(looks::NONE_BY_OTHERS)) } }
            @else {
                p.meta { (voice.say(looks::last_month(count))) }
                div.sheet-foot { (list(&rows)) }
            }
        } @else { p { (voice.say(looks::UNREADABLE)) } }
    };
    sheet("looks", &voice.say(looks::TITLE), &all, &body)
}

fn ways(voice: Voice) -> Markup {
    let way = |href: &str, key, about, icon| Item {
        icon: Some(icon),
        name: voice.say(key),
        href: Some(href.to_owned()),
        meta: html! { (voice.say(about)) },
        end: Markup::default(),
    };
    let items = [
        way(paths::DATA, portal::MENU_DATA, portal::WAY_DATA, Icon::Card),
        way(paths::LOOKS, looks::TITLE, portal::WAY_LOOKS, Icon::Eye),
        way(paths::SECURITY, portal::MENU_SECURITY, portal::WAY_SECURITY, Icon::Phone),
    ];
    html! { (list(&items)) }
}
