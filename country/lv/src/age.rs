//! Ages that the law asks for (R35), and how a partial birth date answers (R15).

use base::{Date, PartialDate, Rule};
use jiff::ToSpan;

use crate::day::day;

/// A question about an age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The years to have reached.
    pub years: i16,
    /// What one may from then on.
    pub allows: &'static str,
}

const fn rule(
    id: &'static str,
    source: &'static str,
    from: Date,
    years: i16,
    allows: &'static str,
) -> Rule<Threshold> {
    let says = Threshold { years, allows };
    Rule { id, source, applies_from: from, applies_to: None, says }
}

/// Every threshold. A source marked "to be read" was named from memory and not read.
pub const THRESHOLDS: [Rule<Threshold>; 5] = [
    rule("age.pupil", "school age; to be read", day(2020, 1, 1), 7, "the pupil's means"),
    rule(
        "age.online-consent",
        "Fizisko personu datu apstrādes likums s.33 (GDPR Art. 8); to be read",
        day(2018, 7, 5),
        13,
        "consent to an online service",
    ),
    rule(
        "age.certificates",
        "identity card: certificates are always included from 14",
        day(2023, 1, 1),
        14,
        "certificates on the identity card",
    ),
    rule(
        "age.card",
        "identity card obligatory from 15 since 01.01.2023",
        day(2023, 1, 1),
        15,
        "an identity card as a duty",
    ),
    rule("age.majority", "Civillikums s.219; to be read", day(1993, 1, 1), 18, "full capacity"),
];

/// The threshold `id` as the law stands on `on`.
#[must_use]
pub fn threshold(id: &str, on: Date) -> Option<&'static Rule<Threshold>> {
    THRESHOLDS.iter().find(|rule| rule.id == id && rule.holds_on(on))
}

/// Whether somebody born on `birth` has reached `years` years on `on`.
///
/// `None`: it cannot be determined. The rule for a partial date: *yes* when the latest day it can
/// mean has reached them, *no* when the earliest has not, and otherwise nothing is said (R15).
/// Born on 29 February, one reaches an age on 1 March of a year without that day.
#[must_use]
pub fn reached(birth: PartialDate, years: i16, on: Date) -> Option<bool> {
    let has = |born: Date| anniversary(born, years).map(|day| day <= on);
    match (has(birth.first_day())?, has(birth.last_day())?) {
        (first, last) if first == last => Some(first),
        _ => None,
    }
}

/// The first day on which `years` have passed; none beyond the calendar.
fn anniversary(born: Date, years: i16) -> Option<Date> {
    let year = born.year().checked_add(years)?;
    let month = Date::new(year, born.month(), 1).ok()?;
    month.checked_add(i32::from(born.day() - 1).days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn born(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_is_reached_on_the_birthday() {
        assert_eq!(reached(born("2008-11-25"), 18, on("2026-11-25")), Some(true));
        assert_eq!(reached(born("2008-11-26"), 18, on("2026-11-25")), Some(false));
        assert_eq!(reached(born("2008-02-29"), 18, on("2026-02-28")), Some(false));
        assert_eq!(reached(born("2008-02-29"), 18, on("2026-03-01")), Some(true));
        assert_eq!(reached(born("2008-02-29"), 20, on("2028-02-29")), Some(true));
    }

    #[test]
    fn a_partial_birth_date_answers_only_what_it_can() {
        assert_eq!(reached(born("2008"), 18, on("2025-12-31")), Some(false));
        assert_eq!(reached(born("2008"), 18, on("2026-06-01")), None);
        assert_eq!(reached(born("2008"), 18, on("2026-12-31")), Some(true));
        assert_eq!(reached(born("2008-06"), 18, on("2026-05-31")), Some(false));
        assert_eq!(reached(born("2008-06"), 18, on("2026-06-15")), None);
        assert_eq!(reached(born("2008-06"), 18, on("2026-07-01")), Some(true));
        assert_eq!(reached(born("9990"), 18, on("2026-07-01")), None);
    }

    #[test]
    fn thresholds_hold_on_the_days_that_matter() {
        for text in
            ["2026-12-24", "2027-01-01", "2027-08-19", "2028-01-01", "2029-01-01", "2035-01-01"]
        {
            assert_eq!(threshold("age.majority", on(text)).unwrap().says.years, 18);
            assert_eq!(threshold("age.card", on(text)).unwrap().says.years, 15);
        }
        assert!(threshold("age.card", on("2022-12-31")).is_none());
        assert!(threshold("age.nonsense", on("2026-12-31")).is_none());
    }
}
