//! What the person signed.

use base::Time;
use maud::{Markup, html};
use ui::text::{documents as words, frame, portal};
use ui::{Icon, Item, Tag, Voice, Weight, crumbs, download, link_btn, list};

use super::nothing::nothing;
use super::{Menu, Seat};
use crate::paths;

/// A document of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDocument {
    /// An opaque id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was signed, by the time-stamp; nothing while it waits.
    pub signed: Option<Time>,
    /// Signed, waits for you, refused, draft.
    pub state: Tag,
    /// Whether the file can still be fetched here.
    pub kept: bool,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// The documents, newest first.
    pub documents: Vec<SignedDocument>,
    /// The page with older ones.
    pub older: Option<String>,
    /// For how many days files are kept.
    pub kept_days: u64,
}

/// The page.
#[must_use]
pub fn documents(seat: &Seat, view: &Documents) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(portal::MENU_DOCUMENTS);
    let items: Vec<Item> = view.documents.iter().map(|one| document_item(voice, one)).collect();
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME))], &heading))
        div.head {
            div.row.row-apart {
                div { h1 { (heading) } p.lede { (voice.say(words::LEDE)) } }
                (link_btn(Weight::Main, paths::SIGN, &voice.say(portal::SIGN_NEW)))
            }
        }
        @if items.is_empty() {
            (nothing(&voice.say(portal::NO_DOCUMENTS), &voice.say(words::NONE_BODY), paths::CHECK,
                &voice.say(portal::CHECK_SIGNATURE)))
        } @else {
            div.stack {
                div.sheet { (list(&items)) }
                @if let Some(older) = &view.older {
                    p { a href=(older) { (voice.say(words::OLDER)) } }
                }
                p.meta { (voice.say(words::kept(view.kept_days))) }
            }
        }
    };
    seat.page(Menu::Documents, &heading, &content)
}

/// A document as an item to open: a waiting one leads to its signing.
pub(super) fn document_item(voice: Voice, one: &SignedDocument) -> Item {
    let waits = matches!(one.state, Tag::WaitsForYou | Tag::Draft);
    let when = match one.signed {
        Some(at) => voice.say(words::signed_at(voice.short_moment(at))),
        None => voice.size(one.size),
    };
    Item {
        icon: Some(Icon::Document),
        name: one.name.clone(),
        href: waits.then(|| paths::signing(&one.id)),
        meta: html! { (when) },
        end: html! {
            (one.state.show(voice))
            @if one.state == Tag::Signed && one.kept {
                (download(&paths::signed_file(&one.id), &voice.say(words::DOWNLOAD)))
            }
        },
    }
}
