//! One thing to know now, nothing there yet, more on demand.

use maud::{Markup, html};

use crate::icon::Icon;

/// What kind of thing a note says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// It worked.
    Ok,
    /// Take care.
    Warn,
    /// It did not work.
    Bad,
}

/// One thing to know now. At most two on a page.
#[must_use]
pub fn note(tone: Tone, title: &str, body: impl maud::Render) -> Markup {
    note_with(tone, title, body, Markup::default())
}

/// One thing to know now, and what can be done about it at once.
#[must_use]
pub fn note_with(
    tone: Tone,
    title: &str,
    body: impl maud::Render,
    act: impl maud::Render,
) -> Markup {
    let (class, icon) = match tone {
        Tone::Info => ("note", Icon::Info),
        Tone::Ok => ("note note-ok", Icon::Ok),
        Tone::Warn => ("note note-warn", Icon::Warning),
        Tone::Bad => ("note note-bad", Icon::Stop),
    };
    html! {
        div class=(class) {
            (icon.draw())
            div { p.note-title { (title) } p { (body) } (act) }
        }
    }
}

/// Nothing there yet: why, and the next step.
#[must_use]
pub fn empty(icon: Icon, title: &str, why: &str, next: impl maud::Render) -> Markup {
    html! { div.empty { (icon.draw()) h2 { (title) } p { (why) } (next) } }
}

/// More on demand.
#[must_use]
pub fn more(summary: &str, body: impl maud::Render) -> Markup {
    html! { details { summary { (summary) } (body) } }
}

/// More on demand, as a sheet of its own.
#[must_use]
pub fn more_sheet(summary: &str, body: impl maud::Render) -> Markup {
    html! { details.sheet { summary { (summary) } (body) } }
}
