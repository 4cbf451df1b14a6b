//! The verdict first: one sentence, and the mark whole, broken or unfinished.

use maud::{Markup, PreEscaped, html};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// All is sound.
    Sound,
    /// Something could not be determined.
    Open,
    /// Something is wrong.
    Broken,
}

impl Ended {
    fn class(self) -> &'static str {
        match self {
            Self::Sound => "verdict",
            Self::Open => "verdict verdict-open",
            Self::Broken => "verdict verdict-bad",
        }
    }

    fn shapes(self) -> &'static str {
        match self {
            Self::Sound => {
                concat!(
                    r#"<path fill-rule="evenodd" d="M24 1l6.74 6.74h9.52v9.52L47 24l-6.74"#,
                    r#" 6.74v9.52h-9.52L24 47l-6.74-6.74H7.74v-9.52L1 24l6.74-6.74V7.74h9.52zM24"#,
                    r#" 11.5a12.5 12.5 0 1 0 0 25a12.5 12.5 0 1 0 0-25z"/><path fill="none""#,
                    r#" stroke="currentColor" stroke-width="3.6" stroke-linecap="round""#,
                    r#" stroke-linejoin="round" d="m18 24.5 4.5 4.5 8-9"/>"#
                )
            }
            Self::Open => {
                concat!(
                    r#"<path fill="none" stroke="currentColor" stroke-width="3.6""#,
                    r#" stroke-linejoin="round" stroke-dasharray="5 4" d="M24 3l6 6h9v9l6 6-6"#,
                    r#" 6v9h-9l-6 6-6-6H9v-9l-6-6 6-6V9h9z"/><path fill="none""#,
                    r#" stroke="currentColor" stroke-width="3.6" stroke-linecap="round""#,
                    r#" stroke-linejoin="round" d="M19.5 19.5a4.6 4.6 0 1 1 6.6 4.1c-1.4.7-2.1"#,
                    r#" 1.5-2.1 3.1M24 32.5v.1"/>"#
                )
            }
            Self::Broken => {
                concat!(
                    r#"<path d="M24 1l-6.74 6.74H7.74v9.52L1 24l6.74 6.74v9.52h9.52L24"#,
                    r#" 47l6.74-6.74h9.52v-9.52L47 24H36.5A12.5 12.5 0 1 1 24 11.5z"/><path"#,
                    r#" fill="none" stroke="currentColor" stroke-width="3.6""#,
                    r#" stroke-linecap="round" d="M31 5 43 17M43 5 31 17"/>"#
                )
            }
        }
    }
}

/// The verdict of a check, with the page's heading in it.
#[must_use]
pub fn verdict(ended: Ended, label: &str, heading: &str, body: impl maud::Render) -> Markup {
    html! {
        section class=(ended.class()) aria-label=(label) {
            svg.verdict-mark viewBox="0 0 48 48" aria-hidden="true" fill="currentColor" {
                (PreEscaped(ended.shapes()))
            }
            div { h1 { (heading) } (body) }
        }
    }
}
