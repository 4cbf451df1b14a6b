//! Who reads the page, in which language, and where: what the frame of every page needs.

use maud::Markup;
use ui::text::portal;
use ui::{Frame, Place, SignedIn, Voice};

use crate::paths;

/// The places of the main menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// The first page.
    Home,
    /// What was signed, and signing.
    Documents,
    /// Check a signature.
    Check,
    /// The register's entry and who looked.
    Data,
    /// Phones, browsers, certificate.
    Security,
    /// None of them.
    None,
}

/// Who reads the page, in which language, and where.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The language.
    pub voice: Voice,
    /// Path and query of this page, for the language switch; nothing after a POST that cannot be
    /// shown again.
    pub here: Option<String>,
    /// The signed-in person's name.
    pub person: Option<String>,
    /// Whether this is a demonstration.
    pub demo: bool,
}

impl Seat {
    /// A whole page of the portal.
    #[must_use]
    pub fn page(&self, menu: Menu, title: &str, content: &Markup) -> Markup {
        self.frame(menu, title).page(content)
    }

    /// The frame of a page of the portal.
    #[must_use]
    pub fn frame(&self, menu: Menu, title: &str) -> Frame {
        let voice = self.voice;
        let mut frame = Frame::new(voice, voice.say(portal::SYSTEM), title);
        frame.here.clone_from(&self.here);
        frame.demo = self.demo;
        frame.foot = vec![
            place(paths::FRONT, voice.say(portal::FOOT_SYSTEMS)),
            place(paths::FREEZE, voice.say(portal::FOOT_FREEZE)),
            place(paths::ACCESSIBILITY, voice.say(portal::FOOT_ACCESSIBILITY)),
        ];
        if let Some(name) = &self.person {
            paths::HOME.clone_into(&mut frame.home);
            frame.menu = self.menu(menu);
            frame.person = Some(SignedIn {
                name: name.clone(),
                acting_for: None,
                sign_out: paths::SIGN_OUT.to_owned(),
            });
        }
        frame
    }

    fn menu(&self, here: Menu) -> Vec<Place> {
        [
            (Menu::Home, paths::HOME, portal::MENU_HOME),
            (Menu::Documents, paths::DOCUMENTS, portal::MENU_DOCUMENTS),
            (Menu::Check, paths::CHECK, portal::MENU_CHECK),
            (Menu::Data, paths::DATA, portal::MENU_DATA),
            (Menu::Security, paths::SECURITY, portal::MENU_SECURITY),
        ]
        .map(|(menu, href, name)| Place { here: menu == here, ..place(href, self.voice.say(name)) })
        .to_vec()
    }
}

fn place(href: &str, name: String) -> Place {
    Place { href: href.to_owned(), name, here: false }
}
