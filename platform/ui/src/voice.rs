//! What speaks on a page: one language, its texts, dates, numbers and sizes.

use base::{Date, Locale, PartialDate, Time};

use crate::day::{self, Case};
use crate::figure;
use crate::text::{self, Message};

/// A language with its texts, dates and numbers. Handed to every view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    locale: Locale,
}

impl Voice {
    /// The voice of a language.
    #[must_use]
    pub fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language.
    #[must_use]
    pub fn locale(self) -> Locale {
        self.locale
    }

    /// A text of the catalogue.
    #[must_use]
    pub fn say(self, what: impl Into<Message>) -> String {
        text::said(self.locale, &what.into())
    }

    /// A whole date in the case that the sentence wants: `2026. gada 12. maijs`, `12 May 2026`.
    #[must_use]
    pub fn day(self, date: Date, case: Case) -> String {
        day::day(date, case, self.locale)
    }

    /// A date in a list: `12.05.2026.`, `12 May 2026`.
    #[must_use]
    pub fn short_day(self, date: Date) -> String {
        day::short(date, self.locale)
    }

    /// A date of which a part may be unknown.
    #[must_use]
    pub fn partial_day(self, date: PartialDate, case: Case) -> String {
        day::partial(date, case, self.locale)
    }

    /// The date of a moment on the country's clock.
    #[must_use]
    pub fn date_of(self, at: Time) -> Date {
        day::local(at).date()
    }

    /// The bare hour, for lists: `14.37`, `14:37`.
    #[must_use]
    pub fn clock(self, at: Time) -> String {
        day::clock(&day::local(at), self.locale)
    }

    /// The hour in a sentence: `plkst. 14.37`, `14:37`.
    #[must_use]
    pub fn hour(self, at: Time) -> String {
        day::hour(&day::local(at), self.locale)
    }

    /// `2026. gada 12. maijā plkst. 14.41`, `12 May 2026, 14:41`.
    #[must_use]
    pub fn moment(self, at: Time) -> String {
        day::moment(&day::local(at), self.locale)
    }

    /// The same in a list: `12.05.2026. plkst. 14.41`, `12 May 2026, 14:41`.
    #[must_use]
    pub fn short_moment(self, at: Time) -> String {
        day::short_moment(&day::local(at), self.locale)
    }

    /// With seconds and offset, where a time is proof (R27).
    #[must_use]
    pub fn exact(self, at: Time) -> String {
        day::exact(&day::local(at), self.locale)
    }

    /// A number with its digits grouped.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        figure::grouped(number, self.locale)
    }

    /// A size in bytes, as a person says it: `214 KB`.
    #[must_use]
    pub fn size(self, bytes: u64) -> String {
        figure::size(bytes, self.locale)
    }
}
