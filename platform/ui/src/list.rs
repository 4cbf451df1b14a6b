//! Items to open, and sheets to lay them on.

use maud::{Markup, html};

use crate::icon::Icon;

/// One item: what it is, where it leads, what is said about it, and what can be done.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Its sign.
    pub icon: Option<Icon>,
    /// Its name.
    pub name: String,
    /// The place its name leads to.
    pub href: Option<String>,
    /// One more line.
    pub meta: Markup,
    /// A state or a button at the end.
    pub end: Markup,
}

/// Items to open, in order.
#[must_use]
pub fn list(items: &[Item]) -> Markup {
    let signed = items.iter().any(|item| item.icon.is_some());
    html! {
        ul class=(if signed { "list list-icon" } else { "list" }) {
            @for item in items { li { (row(item)) } }
        }
    }
}

fn row(item: &Item) -> Markup {
    html! {
        @if let Some(icon) = item.icon { (icon.badge()) }
        div {
            @if let Some(href) = &item.href { a href=(href) { (item.name) } }
            @else { strong { (item.name) } }
            @if !item.meta.0.is_empty() { p.meta { (item.meta) } }
        }
        @if !item.end.0.is_empty() { div.list-end { (item.end) } }
    }
}

/// A sheet with its heading, named by it.
#[must_use]
pub fn sheet(id: &str, heading: &str, aside: &Markup, body: &Markup) -> Markup {
    html! {
        section.sheet aria-labelledby=(id) {
            div.sheet-head { h2 id=(id) { (heading) } (aside) }
            (body)
        }
    }
}

/// The way back: places above this page, then the page itself.
#[must_use]
pub fn crumbs(label: &str, above: &[(&str, String)], here: &str) -> Markup {
    html! {
        nav.crumbs aria-label=(label) {
            ol {
                @for (href, name) in above { li { a href=(href) { (name) } } }
                li aria-current="page" { (here) }
            }
        }
    }
}
