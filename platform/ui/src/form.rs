//! Fields, choices and their errors. All works without script; labels are always there.

use maud::{Markup, html};

use crate::icon::Icon;
use crate::text::form;
use crate::voice::Voice;

/// What a field holds, which decides keyboard, width and what the browser may remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Free words.
    Words,
    /// Several lines.
    Lines,
    /// A number or code, spelled.
    Code,
    /// Letters and digits, spelled: a code that a person types from another screen.
    Spelled,
    /// A PIN of at most so many digits: never shown, never kept, never given back.
    Pin(u8),
    /// A file of these media types or endings.
    File(&'static str),
}

/// One labelled field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    holds: Holds,
    hint: Option<&'a str>,
    error: Option<&'a str>,
    value: &'a str,
    remembered_as: &'a str,
    optional: bool,
}

impl<'a> Field<'a> {
    /// A required field; its name is its id too.
    #[must_use]
    pub fn new(name: &'a str, label: &'a str, holds: Holds) -> Self {
        let (hint, error, value, remembered_as) = (None, None, "", "off");
        Self { name, label, holds, hint, error, value, remembered_as, optional: false }
    }

    /// One line that says the form of the answer.
    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The error at the field; the same words stand in [`error_summary`].
    #[must_use]
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// What was typed before; a PIN never comes back.
    #[must_use]
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// The browser's word for what it may fill in (`autocomplete`).
    #[must_use]
    pub fn remembered_as(mut self, word: &'a str) -> Self {
        self.remembered_as = word;
        self
    }

    /// May stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = self.error.map(|_| format!("{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    fn around(&self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { span.hint id={ (self.name) "-hint" } { (hint) } }
            @if let Some(error) = self.error { (field_error(self.name, error)) }
        }
    }

    fn control(&self) -> Markup {
        let described = self.described();
        let invalid = self.error.map(|_| "true");
        let needed = !self.optional;
        let (class, kind, mode, most) = match self.holds {
            Holds::Pin(most) => ("input input-pin", "password", Some("numeric"), Some(most)),
            Holds::Code => ("input input-code", "text", Some("numeric"), None),
            Holds::Spelled => ("input input-code", "text", None, None),
            Holds::File(_) => ("", "file", None, None),
            Holds::Words | Holds::Lines => ("input", "text", None, None),
        };
        let accept = if let Holds::File(kinds) = self.holds { Some(kinds) } else { None };
        let value = match self.holds {
            Holds::Pin(_) | Holds::File(_) => None,
            _ => Some(self.value).filter(|value| !value.is_empty()),
        };
        let fill = accept.is_none().then_some(self.remembered_as);
        html! {
            @if self.holds == Holds::Lines {
                textarea.input id=(self.name) name=(self.name) rows="4" required[needed]
                    aria-invalid=[invalid] aria-describedby=[described] { (self.value) }
            } @else {
                input class=[Some(class).filter(|class| !class.is_empty())] id=(self.name)
                    name=(self.name) type=(kind) value=[value] inputmode=[mode] maxlength=[most]
                    accept=[accept] autocomplete=[fill]
                    spellcheck=[kind.eq("text").then_some("false")]
                    aria-invalid=[invalid] aria-describedby=[described] required[needed];
            }
        }
    }
}

impl maud::Render for Field<'_> {
    fn render(&self) -> Markup {
        html! {
            @if matches!(self.holds, Holds::File(_)) {
                div.drop {
                    label.legend for=(self.name) { (self.label) }
                    (self.around()) (self.control())
                }
            } @else {
                div.field {
                    label for=(self.name) { (self.label) }
                    (self.around()) (self.control())
                }
            }
        }
    }
}

fn field_error(name: &str, error: &str) -> Markup {
    html! {
        span.field-error id={ (name) "-error" } { (Icon::Stop.draw()) span { (error) } }
    }
}

/// One error of a form: the field it is at, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is its id.
    pub field: &'static str,
    /// What to do, in words of the page's language: "Enter your user number: 8 digits".
    pub words: String,
}

/// The error at a field, if it has one.
#[must_use]
pub fn error_at<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|error| error.field == field).map(|error| error.words.as_str())
}

/// What to mend, above the heading, in the order of the fields; nothing where nothing is wrong.
#[must_use]
pub fn error_summary(voice: Voice, errors: &[FieldError]) -> Markup {
    let count = u64::try_from(errors.len()).unwrap_or(u64::MAX);
    html! {
        @if !errors.is_empty() {
            div.errors id="errors" tabindex="-1" {
                div role="alert" {
                    h2 { (voice.say(form::mend(count))) }
                    ul {
                        @for error in errors {
                            li { a href={ "#" (error.field) } { (error.words) } }
                        }
                    }
                }
            }
        }
    }
}

/// One of a few: what is sent, what it is called, and a line beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value sent.
    pub value: String,
    /// Its name.
    pub name: String,
    /// One more line.
    pub hint: Option<String>,
}

/// Choose one of up to seven.
#[must_use]
pub fn choices(name: &str, legend: &str, all: &[Choice], chosen: Option<&str>) -> Markup {
    html! {
        fieldset {
            legend.legend { (legend) }
            div.choices {
                @for choice in all {
                    label.choice {
                        input type="radio" name=(name) value=(choice.value) required
                            checked[chosen == Some(choice.value.as_str())];
                        span {
                            span.choice-name { (choice.name) }
                            @if let Some(hint) = &choice.hint { span.hint { (hint) } }
                        }
                    }
                }
            }
        }
    }
}

/// Three codes of two digits, of which one stands on the other screen.
#[must_use]
pub fn numbers(name: &str, legend: &str, codes: [u8; 3]) -> Markup {
    html! {
        fieldset {
            legend.legend { (legend) }
            div.numbers {
                @for (place, code) in codes.into_iter().enumerate() {
                    label {
                        input type="radio" id=[(place == 0).then_some(name)] name=(name)
                            value=(format!("{code:02}")) required;
                        span { (format!("{code:02}")) }
                    }
                }
            }
        }
    }
}

/// Yes or not.
#[must_use]
pub fn check(name: &str, label: &str, hint: Option<&str>, checked: bool) -> Markup {
    html! {
        label.check {
            input type="checkbox" name=(name) value="1" checked[checked];
            span { (label) }
            @if let Some(hint) = hint { span.hint { (hint) } }
        }
    }
}

/// A value that goes with the form unseen. Never a secret, never personal data (R46).
#[must_use]
pub fn carried(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}
