//! The one frame of all pages: band, header, menu, demo line, main, footer.

use base::Locale;
use maud::{DOCTYPE, Markup, html};

use crate::asset::VERSION;
use crate::button::btn_quiet;
use crate::icon::mark;
use crate::text::frame;
use crate::voice::Voice;

/// A place that a menu leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whether it is where the person is now.
    pub here: bool,
}

/// Who is signed in, and how to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Given name and family name. Never a code.
    pub name: String,
    /// For whom the person acts, in words; nothing means: in her own name.
    pub acting_for: Option<String>,
    /// The address that a POST signs out at.
    pub sign_out: String,
}

/// What is around a page's own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The page's language.
    pub voice: Voice,
    /// The page's title, without the product's name. Never holds personal data (R46).
    pub title: String,
    /// The service's name, under the brand.
    pub system: String,
    /// Where the brand leads.
    pub home: String,
    /// Path and query of this page, to which the language switch returns; nothing: no switch.
    pub here: Option<String>,
    /// The main menu.
    pub menu: Vec<Place>,
    /// The footer's links.
    pub foot: Vec<Place>,
    /// Who is signed in.
    pub person: Option<SignedIn>,
    /// Whether this is a demonstration; then a line under the header says so.
    pub demo: bool,
    /// Whether the page holds errors to mend; its title then begins with "Error:".
    pub errors: bool,
    /// Whether the page is a phone's screen.
    pub phone: bool,
    /// Where the assets are, without a slash at the end.
    pub assets: String,
}

impl Frame {
    /// A frame of a demonstration, with nobody signed in and no menu.
    #[must_use]
    pub fn new(voice: Voice, system: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            voice,
            title: title.into(),
            system: system.into(),
            home: "/".to_owned(),
            here: None,
            menu: Vec::new(),
            foot: Vec::new(),
            person: None,
            demo: true,
            errors: false,
            phone: false,
            assets: format!("/assets/{VERSION}"),
        }
    }

    /// The whole page around `content`, which holds the page's one `h1`.
    #[must_use]
    pub fn page(&self, content: &Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.voice.locale().tag()) {
                (self.head())
                body class=[self.phone.then_some("page-phone")] {
                    a.skip href="#main" { (self.voice.say(frame::SKIP)) }
                    (self.header())
                    main id="main" tabindex="-1" { div.wrap { (content) } }
                    (self.footer())
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let title = if self.errors {
            self.voice.say(frame::error_title(self.title.as_str()))
        } else {
            self.title.clone()
        };
        let at = |name: &str| format!("{}/{name}", self.assets);
        html! {
            head {
                meta charset="utf-8";
                title { (title) " – Sakta" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                link rel="icon" href=(at("img/sakta.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(at("tokens.css"));
                link rel="stylesheet" href=(at("sakta.css"));
                script src=(at("sakta.js")) defer {}
            }
        }
    }

    fn header(&self) -> Markup {
        html! {
            header.top {
                div.wrap.top-row {
                    a.brand href=(self.home) {
                        (mark())
                        span.brand-name { "Sakta" span.brand-service { (self.system) } }
                    }
                    (self.languages())
                    @if let Some(person) = &self.person { (self.who(person)) }
                }
                @if !self.menu.is_empty() {
                    nav.nav aria-label=(self.voice.say(frame::MENU)) {
                        div.wrap { (places(&self.menu)) }
                    }
                }
                @if self.demo { p.demo { span.wrap { (self.voice.say(frame::DEMO)) } } }
            }
        }
    }

    fn languages(&self) -> Markup {
        let ours = self.voice.locale();
        html! {
            @if let Some(here) = &self.here {
                nav.lang aria-label=(self.voice.say(frame::LANGUAGE)) {
                    @for locale in Locale::ALL {
                        @if locale == ours { span aria-current="true" { (own_name(locale)) } }
                        @else {
                            a href=(in_language(here, locale)) lang=(locale.tag())
                                hreflang=(locale.tag()) { (own_name(locale)) }
                        }
                    }
                }
            }
        }
    }

    fn who(&self, person: &SignedIn) -> Markup {
        let own = self.voice.say(frame::OWN_NAME);
        html! {
            div.who {
                p {
                    span.unseen { (self.voice.say(frame::YOU_ARE)) " " }
                    span.who-name { (person.name) }
                    span.who-role { (person.acting_for.as_deref().unwrap_or(&own)) }
                }
                form action=(person.sign_out) method="post" {
                    (btn_quiet("sign-out", &self.voice.say(frame::SIGN_OUT)))
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer.foot {
                div.wrap.foot-row {
                    p { (self.voice.say(frame::ABOUT)) }
                    @if !self.foot.is_empty() { (places(&self.foot)) }
                }
            }
        }
    }
}

fn places(all: &[Place]) -> Markup {
    html! {
        ul {
            @for place in all {
                @let here = place.here.then_some("page");
                li { a href=(place.href) aria-current=[here] { (place.name) } }
            }
        }
    }
}

fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::Lv => "Latviešu",
    }
}

/// The same address in another language: `lang` is set, all else of the query stays.
#[must_use]
pub fn in_language(here: &str, locale: Locale) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let mut parts: Vec<&str> =
        query.split('&').filter(|part| !part.is_empty() && !part.starts_with("lang=")).collect();
    let wanted = format!("lang={}", locale.tag());
    parts.push(&wanted);
    format!("{path}?{}", parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_switch_keeps_the_page() {
        assert_eq!(in_language("/data", Locale::En), "/data?lang=en");
        assert_eq!(in_language("/l?lang=lv&page=2", Locale::En), "/l?page=2&lang=en");
        assert_eq!(in_language("/l?", Locale::Lv), "/l?lang=lv");
    }

    #[test]
    fn what_a_frame_is_given_is_escaped() {
        let mut frame = Frame::new(Voice::default(), "<b>", "<script>alert(1)</script>");
        frame.here = Some("/\"><script>".to_owned());
        let page = frame.page(&html! { h1 { "x" } }).into_string();
        assert!(!page.contains("<script>"), "{page}");
    }
}
