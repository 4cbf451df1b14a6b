//! Dates and moments in words, on the country's clock.
//!
//! Spec: R27: inside UTC microseconds, on pages local time with its offset said where it is proof.

use base::{Date, Locale, PartialDate, Time};
use jiff::ZonedDateTime;
use jiff::tz::TimeZone;

const ZONE: &str = "Europe/Riga";

/// Latvian months without their ending: `maij-s`, `maij-ā`, `maij-am`.
const LATVIAN: [&str; 12] = [
    "janvār", "februār", "mart", "aprīl", "maij", "jūnij", "jūlij", "august", "septembr", "oktobr",
    "novembr", "decembr",
];

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The case that a Latvian sentence wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The date itself: `12. maijs`.
    Plain,
    /// On the date: `12. maijā`.
    On,
    /// Until the date: `12. maijam`.
    Until,
    /// Since the date: `12. maija`.
    Since,
}

pub(crate) fn local(at: Time) -> ZonedDateTime {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    at.timestamp().to_zoned_datetime(zone)
}

pub(crate) fn day(date: Date, case: Case, locale: Locale) -> String {
    let (year, day) = (date.year(), date.day());
    match locale {
        Locale::En => format!("{day} {} {year}", english(date.month())),
        Locale::Lv => format!("{year}. gada {day}. {}", latvian(date.month(), case)),
    }
}

/// For lists: `12.05.2026.`; in English as in sentences.
pub(crate) fn short(date: Date, locale: Locale) -> String {
    match locale {
        Locale::En => day(date, Case::Plain, locale),
        Locale::Lv => format!("{:02}.{:02}.{}.", date.day(), date.month(), date.year()),
    }
}

pub(crate) fn partial(date: PartialDate, case: Case, locale: Locale) -> String {
    match (date, locale) {
        (PartialDate::Day(date), _) => day(date, case, locale),
        (PartialDate::Month(year, month), Locale::En) => format!("{} {year}", english(month)),
        (PartialDate::Month(year, month), Locale::Lv) => {
            format!("{year}. gada {}", latvian(month, case))
        }
        (PartialDate::Year(year), Locale::En) => year.to_string(),
        (PartialDate::Year(year), Locale::Lv) => {
            let ending = match case {
                Case::Plain => "s",
                Case::On => "ā",
                Case::Until => "am",
                Case::Since => "a",
            };
            format!("{year}. gad{ending}")
        }
    }
}

/// The hour alone: `14.37`, `14:37`.
pub(crate) fn clock(at: &ZonedDateTime, locale: Locale) -> String {
    let mark = if locale == Locale::En { ':' } else { '.' };
    format!("{}{mark}{:02}", at.hour(), at.minute())
}

/// The hour as a sentence says it: `plkst. 14.37`, `14:37`.
pub(crate) fn hour(at: &ZonedDateTime, locale: Locale) -> String {
    match locale {
        Locale::En => clock(at, locale),
        Locale::Lv => format!("plkst.\u{a0}{}", clock(at, locale)),
    }
}

pub(crate) fn moment(at: &ZonedDateTime, locale: Locale) -> String {
    let date = day(at.date(), Case::On, locale);
    match locale {
        Locale::En => format!("{date}, {}", hour(at, locale)),
        Locale::Lv => format!("{date} {}", hour(at, locale)),
    }
}

/// For lists: `12.05.2026. plkst. 14.41`; in English as in sentences.
pub(crate) fn short_moment(at: &ZonedDateTime, locale: Locale) -> String {
    match locale {
        Locale::En => moment(at, locale),
        Locale::Lv => format!("{} {}", short(at.date(), locale), hour(at, locale)),
    }
}

/// With seconds and offset: `… plkst. 14.41.07 (Rīgas laiks, UTC+3)`.
pub(crate) fn exact(at: &ZonedDateTime, locale: Locale) -> String {
    let hours = at.offset().seconds() / 3600;
    let (mark, place) = match locale {
        Locale::En => (':', "Riga time"),
        Locale::Lv => ('.', "Rīgas laiks"),
    };
    format!("{}{mark}{:02} ({place}, UTC{hours:+})", moment(at, locale), at.second())
}

fn latvian(month: i8, case: Case) -> String {
    let stem = named(&LATVIAN, month);
    // Seven end in -is (aprīlis), five in -s (maijs).
    let soft = matches!(month, 1 | 2 | 4 | 9 | 10 | 11 | 12);
    let ending = match (case, soft) {
        (Case::Plain, true) => "is",
        (Case::Plain, false) => "s",
        (Case::On, true) => "ī",
        (Case::On, false) => "ā",
        (Case::Until, true) => "im",
        (Case::Until, false) => "am",
        // Of the soft ones only aprīlis changes what stands before the ending otherwise.
        (Case::Since, _) => "a",
    };
    let stem = if (case, month) == (Case::Since, 4) { "aprīļ" } else { stem };
    format!("{stem}{ending}")
}

fn english(month: i8) -> &'static str {
    named(&ENGLISH, month)
}

fn named(names: &[&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ZonedDateTime {
        local(text.parse().unwrap())
    }

    #[test]
    fn moments_are_said_on_the_clock_of_the_country() {
        let summer = at("2026-05-12T11:41:07Z");
        assert_eq!(moment(&summer, Locale::Lv), "2026. gada 12. maijā plkst.\u{a0}14.41");
        assert_eq!(moment(&summer, Locale::En), "12 May 2026, 14:41");
        assert_eq!(short_moment(&summer, Locale::Lv), "12.05.2026. plkst.\u{a0}14.41");
        assert_eq!(short_moment(&summer, Locale::En), "12 May 2026, 14:41");
        assert_eq!(exact(&summer, Locale::En), "12 May 2026, 14:41:07 (Riga time, UTC+3)");
        let winter = at("2026-01-31T22:05:00Z");
        assert_eq!(
            exact(&winter, Locale::Lv),
            "2026. gada 1. februārī plkst.\u{a0}0.05.00 (Rīgas laiks, UTC+2)"
        );
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart_by_its_offset() {
        let first = at("2026-10-25T00:30:00Z");
        let second = at("2026-10-25T01:30:00Z");
        assert_eq!(moment(&first, Locale::En), moment(&second, Locale::En));
        assert_ne!(exact(&first, Locale::En), exact(&second, Locale::En));
    }

    #[test]
    fn latvian_months_have_their_cases() {
        let said = |text: &str, case| day(text.parse().unwrap(), case, Locale::Lv);
        assert_eq!(said("2026-05-11", Case::Plain), "2026. gada 11. maijs");
        assert_eq!(said("2026-06-15", Case::Until), "2026. gada 15. jūnijam");
        assert_eq!(said("2026-04-28", Case::On), "2026. gada 28. aprīlī");
        assert_eq!(said("2026-12-01", Case::Until), "2026. gada 1. decembrim");
        assert_eq!(said("2026-03-09", Case::On), "2026. gada 9. martā");
        for (date, since) in [("2026-01-02", "2. janvāra"), ("2026-04-28", "28. aprīļa")] {
            assert_eq!(said(date, Case::Since), format!("2026. gada {since}"));
        }
    }

    #[test]
    fn a_partial_date_says_only_what_is_known() {
        let said = |text: &str, locale| partial(text.parse().unwrap(), Case::Plain, locale);
        assert_eq!(said("1970", Locale::Lv), "1970. gads");
        assert_eq!(said("1970-05", Locale::Lv), "1970. gada maijs");
        assert_eq!(said("1970-05", Locale::En), "May 1970");
        assert_eq!(short("2026-05-12".parse().unwrap(), Locale::Lv), "12.05.2026.");
        let since = |text: &str| partial(text.parse().unwrap(), Case::Since, Locale::Lv);
        assert_eq!(since("1970"), "1970. gada");
        assert_eq!(since("1970-05"), "1970. gada maija");
        assert_eq!(since("1990-08-02"), "1990. gada 2. augusta");
    }
}
