//! What a person presses. Red binds: [`bind`] at most once on a page, and only where the act binds.

use maud::{Markup, html};

use crate::icon::{Icon, mark};

/// How much a button weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Moves a task on; one per form.
    Main,
    /// Binds a person: sign, approve, share, register.
    Bind,
    /// Another way, a download.
    Second,
    /// Leaves without effect.
    Quiet,
    /// Loses something for good.
    Danger,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Main => "btn",
            Self::Bind => "btn btn-bind",
            Self::Second => "btn btn-second",
            Self::Quiet => "btn btn-quiet",
            Self::Danger => "btn btn-danger",
        }
    }
}

/// A button of a form: what it says and the name that tells the server which one was pressed.
#[derive(Clone, Copy, Debug)]
pub struct Button<'a> {
    weight: Weight,
    label: &'a str,
    name: &'a str,
    value: &'a str,
    seal: bool,
    wide: bool,
    unchecked: bool,
}

impl<'a> Button<'a> {
    /// A button that sends `name=1`.
    #[must_use]
    pub fn new(weight: Weight, name: &'a str, label: &'a str) -> Self {
        let (value, seal, wide, unchecked) = ("1", false, false, false);
        Self { weight, label, name, value, seal, wide, unchecked }
    }

    /// Another value than 1.
    #[must_use]
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// With the mark, when it signs.
    #[must_use]
    pub fn with_mark(mut self) -> Self {
        self.seal = true;
        self
    }

    /// As wide as its place.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Can be pressed with fields empty: refuse, cancel.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }
}

impl maud::Render for Button<'_> {
    fn render(&self) -> Markup {
        html! {
            button class={ (self.weight.class()) @if self.wide { " btn-wide" } }
                name=(self.name) value=(self.value) formnovalidate[self.unchecked] {
                @if self.seal { (mark()) }
                (self.label)
            }
        }
    }
}

/// `.btn`: moves a task on.
#[must_use]
pub fn btn<'a>(name: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Weight::Main, name, label)
}

/// `.btn-bind`: binds the person.
#[must_use]
pub fn btn_bind<'a>(name: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Weight::Bind, name, label)
}

/// `.btn-second`: another way.
#[must_use]
pub fn btn_second<'a>(name: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Weight::Second, name, label)
}

/// `.btn-quiet`: leaves without effect.
#[must_use]
pub fn btn_quiet<'a>(name: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Weight::Quiet, name, label).unchecked()
}

/// `.btn-danger`: loses something for good; on a confirmation page.
#[must_use]
pub fn btn_danger<'a>(name: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Weight::Danger, name, label).unchecked()
}

/// A link that looks like a button: a place where a task goes on.
#[must_use]
pub fn link_btn(weight: Weight, href: &str, label: &str) -> Markup {
    html! { a class=(weight.class()) href=(href) { (label) } }
}

/// A link to a file, with its sign.
#[must_use]
pub fn download(href: &str, label: &str) -> Markup {
    html! { a.btn.btn-second href=(href) { (Icon::Download.draw()) (label) } }
}

/// A form that does one thing when its button is pressed.
///
/// Everything that changes something is a POST (never a link).
#[must_use]
pub fn act(action: &str, button: Button<'_>) -> Markup {
    html! { form method="post" action=(action) { (button) } }
}
