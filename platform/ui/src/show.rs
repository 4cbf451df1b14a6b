//! What is shown to be compared or carried over: a number to match, a code to type, a QR, the
//! asker, a document.

use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::icon::{Icon, mark};

/// The number that the other screen must show, while it is waited for: two digits, or four.
#[must_use]
pub fn match_number(label: &str, number: &str) -> Markup {
    html! {
        p.meta { (label) }
        p.match-number.is-long[number.len() > 2] {
            svg viewBox="0 0 48 48" aria-hidden="true" {
                circle cx="24" cy="24" r="22.3" {}
                circle.going cx="24" cy="24" r="22.3" {}
            }
            span { (number) }
        }
    }
}

/// A short code that a person reads or types, in groups.
#[must_use]
pub fn spelled(label: &str, groups: &[&str]) -> Markup {
    html! {
        p.meta { (label) }
        p.spelled.code { (groups.join("\u{a0}")) }
    }
}

/// A QR code with the words that say what it is; nothing where the text is too long for one.
///
/// Always black on white, with a quiet zone of four modules (ISO/IEC 18004), so that it reads in
/// the dark theme and in print too. Must never carry a personal code, name or PIN (R46).
#[must_use]
pub fn qr(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Markup::default();
    };
    let drawn = code
        .render::<svg::Color<'_>>()
        .quiet_zone(true)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    let picture = drawn.find("<svg").and_then(|start| drawn.get(start..)).unwrap_or_default();
    html! { div.qr role="img" aria-label=(label) { (PreEscaped(picture)) } }
}

/// Who asks: the registered name, and a line below it.
#[must_use]
pub fn asker(icon: Icon, name: &str, below: impl maud::Render) -> Markup {
    let below = html! { (below) };
    html! {
        div.asker {
            (icon.badge())
            span.asker-name { (name) }
            @if !below.0.is_empty() { span.meta { (below) } }
        }
    }
}

/// A document in a frame from the files host; a link belongs beside it for browsers without a
/// viewer.
#[must_use]
pub fn document_frame(source: &str, title: &str) -> Markup {
    html! { iframe.paper-frame src=(source) title=(title) {} }
}

/// The sign of a signature on a shown page.
#[must_use]
pub fn seal(above: &str, name: &str, below: &str) -> Markup {
    html! { p.seal { (mark()) span { (above) strong { (name) } (below) } } }
}

/// A phone's screen: the same page in a frame that disappears on a phone.
#[must_use]
pub fn phone(name: &str, body: impl maud::Render) -> Markup {
    html! {
        div.phone {
            p.phone-top { (mark()) span { (name) } }
            (body)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_is_a_drawing_without_style_or_script() {
        let drawn = qr("https://id.localhost/a/ABCD2345", "QR").into_string();
        assert!(drawn.contains("<svg") && drawn.contains("</svg>"), "{drawn}");
        for word in ["<?xml", "style=", "<script", "<style"] {
            assert!(!drawn.contains(word), "{word}");
        }
    }

    #[test]
    fn what_no_qr_can_hold_is_not_drawn() {
        assert_eq!(qr(&"x".repeat(4000), "QR").into_string(), "");
    }
}
