//! The design system of all pages: assets, texts, components, and the frame around a page.
//!
//! Everything here is a pure function: data in, [`maud::Markup`] out. No page needs script; none
//! has inline style or script, so that a strict Content-Security-Policy fits. Classes name what a
//! thing is; their looks are in `assets/sakta.css`, every colour and size in `assets/tokens.css`.
//!
//! A page: a [`Frame`] and the components below. A new text: a line in `texts/lv` and `texts/en`,
//! then [`text`] has a constant or a function for it.

mod asset;
mod button;
mod day;
mod facts;
mod figure;
mod form;
mod frame;
mod gallery;
mod icon;
mod list;
pub mod login;
mod note;
mod qualification;
mod show;
mod tag;
pub mod text;
mod thread;
mod tidy;
mod verdict;
mod voice;

pub use asset::{Asset, VERSION, asset, asset_names};
pub use button::{
    Button, Weight, act, btn, btn_bind, btn_danger, btn_quiet, btn_second, download, link_btn,
};
pub use day::Case;
pub use facts::{Stand, Table, code, digest, fact, facts};
pub use form::{
    Choice, Field, FieldError, Holds, carried, check, choices, error_at, error_summary, numbers,
};
pub use frame::{Frame, Place, SignedIn, in_language};
pub use gallery::{Sample, gallery};
pub use icon::{Icon, mark};
pub use list::{Item, crumbs, list, sheet};
pub use note::{Tone, empty, more, more_sheet, note, note_with};
pub use qualification::{Level, Qualified, Stamp};
pub use show::{asker, document_frame, match_number, phone, qr, seal, spelled};
pub use tag::Tag;
pub use thread::{Event, Knot, steps, thread, todo_steps};
pub use tidy::blemishes;
pub use verdict::{Ended, verdict};
pub use voice::Voice;
