//! Rules of law as dated data (R55).

use crate::Date;

/// A rule with its source, in force on `[applies_from, applies_to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<T> {
    /// Its name in this house: stable, for logs and documents.
    pub id: &'static str,
    /// The act and clause it comes from.
    pub source: &'static str,
    /// The first day on which it holds.
    pub applies_from: Date,
    /// The first day on which it holds no more.
    pub applies_to: Option<Date>,
    /// What it says.
    pub says: T,
}

impl<T> Rule<T> {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.applies_from <= day && self.applies_to.is_none_or(|end| day < end)
    }

    /// The last of `rules` that holds on `day`.
    #[must_use]
    pub fn on(day: Date, rules: &[Self]) -> Option<&Self> {
        rules.iter().rev().find(|rule| rule.holds_on(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_holds_from_its_first_day_until_the_day_before_its_end() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let rule = |from, to: Option<&str>, says| Rule {
            id: "key-size",
            source: "test",
            applies_from: day(from),
            applies_to: to.map(day),
            says,
        };
        let rules = [rule("2020-01-01", Some("2027-01-01"), 2048), rule("2027-01-01", None, 3072)];
        assert_eq!(Rule::on(day("2026-12-31"), &rules).unwrap().says, 2048);
        assert_eq!(Rule::on(day("2027-01-01"), &rules).unwrap().says, 3072);
        assert!(Rule::on(day("2019-12-31"), &rules).is_none());
    }
}
