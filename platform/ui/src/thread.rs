//! Time is a thread: what happened and what will. And where a person stands in a task.

use maud::{Markup, PreEscaped, html};

/// What a knot of the thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knot {
    /// A person's will: a star.
    Will,
    /// A proven time: a clock.
    Time,
    /// Something happened: a dot.
    Event,
    /// Something is wrong: an octagon.
    Wrong,
    /// Still to come: dashed.
    Next,
}

impl Knot {
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Will => Some("is-sign"),
            Self::Wrong => Some("is-bad"),
            Self::Next => Some("is-next"),
            Self::Time | Self::Event => None,
        }
    }

    fn shapes(self) -> &'static str {
        match self {
            Self::Will => {
                concat!(
                    r#"<path class="solid" d="M24 1l6.74 6.74h9.52v9.52L47 24l-6.74"#,
                    r#" 6.74v9.52h-9.52L24 47l-6.74-6.74H7.74v-9.52L1 24l6.74-6.74V7.74h9.52zM24"#,
                    r#" 13a11 11 0 1 0 0 22a11 11 0 1 0 0-22z" fill-rule="evenodd"/>"#
                )
            }
            Self::Time => r#"<circle cx="24" cy="24" r="15"/><path d="M24 15v9l6 4"/>"#,
            Self::Event => r#"<circle class="solid" cx="24" cy="24" r="9"/>"#,
            Self::Wrong => {
                r#"<path d="M15 4h18l11 11v18L33 44H15L4 33V15zM17 17l14 14M31 17 17 31"/>"#
            }
            Self::Next => r#"<circle cx="24" cy="24" r="15"/>"#,
        }
    }
}

/// One event of a thread.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it is.
    pub knot: Knot,
    /// In a few words.
    pub name: String,
    /// When, by whom, what it means.
    pub meta: Markup,
}

impl Event {
    /// An event.
    #[must_use]
    pub fn new(knot: Knot, name: impl Into<String>, meta: impl maud::Render) -> Self {
        Self { knot, name: name.into(), meta: html! { (meta) } }
    }
}

/// What happened and what will, oldest first.
#[must_use]
pub fn thread(events: &[Event]) -> Markup {
    html! {
        ol.thread {
            @for event in events {
                li class=[event.knot.class()] {
                    svg.knot viewBox="0 0 48 48" aria-hidden="true" {
                        (PreEscaped(event.knot.shapes()))
                    }
                    div {
                        p.thread-name { (event.name) }
                        @if !event.meta.0.is_empty() { div.meta { (event.meta) } }
                    }
                }
            }
        }
    }
}

/// What to do, in order; without a place in it.
#[must_use]
pub fn todo_steps(steps: &[String]) -> Markup {
    html! { ol.steps { @for step in steps { li { span { (step) } } } } }
}

/// Where a person stands in a task: steps before `here` (from 0) are done; `done` is what readers
/// hear of them.
#[must_use]
pub fn steps(all: &[String], here: usize, done: &str) -> Markup {
    html! {
        ol.steps {
            @for (place, step) in all.iter().enumerate() {
                li class=[(place < here).then_some("is-done")]
                    aria-current=[(place == here).then_some("step")] {
                    span {
                        (step)
                        @if place < here { span.unseen { " (" (done) ")" } }
                    }
                }
            }
        }
    }
}
