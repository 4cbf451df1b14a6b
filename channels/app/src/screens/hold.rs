//! Which phone is held, and in which language.

use maud::{Markup, html};
use ui::text::app;
use ui::{FieldError, Frame, Place, Voice, phone};

use super::paths;

/// Which phone is held, and in which language.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The language.
    pub voice: Voice,
    /// Path and query of this screen, for the language switch.
    pub here: Option<String>,
    /// The phone's opaque name in addresses; nothing on the list of phones.
    pub phone: Option<String>,
    /// What the phone is called.
    pub name: String,
    /// Whether this is a demonstration.
    pub demo: bool,
}

impl Hold {
    /// A whole screen within the phone's frame.
    #[must_use]
    pub fn screen(&self, title: &str, content: &Markup) -> Markup {
        self.frame(title, &[]).page(&phone(&self.name, content))
    }

    /// A screen with errors to mend above its heading.
    #[must_use]
    pub fn screen_with(&self, title: &str, errors: &[FieldError], content: &Markup) -> Markup {
        self.frame(title, errors).page(&phone(&self.name, content))
    }

    /// A page without the phone's frame.
    #[must_use]
    pub fn page(&self, title: &str, content: &Markup) -> Markup {
        let mut frame = self.frame(title, &[]);
        frame.phone = false;
        frame.page(content)
    }

    /// The opaque name, or nothing where no phone is held.
    #[must_use]
    pub fn held(&self) -> &str {
        self.phone.as_deref().unwrap_or_default()
    }

    fn frame(&self, title: &str, errors: &[FieldError]) -> Frame {
        let voice = self.voice;
        let mut frame = Frame::new(voice, voice.say(app::SYSTEM), title);
        frame.here.clone_from(&self.here);
        frame.demo = self.demo;
        frame.phone = true;
        frame.errors = !errors.is_empty();
        frame.foot = vec![place(paths::PHONES.to_owned(), voice.say(app::PHONES))];
        if let Some(held) = &self.phone {
            frame.home = paths::phone(held);
            frame.foot.push(place(paths::help(held), voice.say(app::HELP)));
        }
        frame
    }

    /// A link back to the phone's first screen.
    #[must_use]
    pub fn back(&self) -> Markup {
        html! { p { a href=(paths::phone(self.held())) { (self.voice.say(app::BACK)) } } }
    }
}

fn place(href: String, name: String) -> Place {
    Place { href, name, here: false }
}
