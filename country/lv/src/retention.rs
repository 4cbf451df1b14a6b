//! How long records are kept, and from when it is counted (R43, R51).

use base::{Date, Rule};

use crate::day::day;

/// From what a retention is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The moment of the record.
    Record,
    /// The end of the certificate that it is evidence of.
    CertificateEnd,
    /// The end of the relation with the party.
    RelationEnd,
}

/// How long records of a class are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The class that a record carries.
    pub class: &'static str,
    /// Months of keeping.
    pub months: u16,
    /// From when they are counted.
    pub from: From,
}

const fn rule(
    source: &'static str,
    class: &'static str,
    months: u16,
    from: From,
) -> Rule<Retention> {
    let says = Retention { class, months, from };
    Rule { id: class, source, applies_from: day(2025, 1, 1), applies_to: None, says }
}

/// Every class. A source that names this house is a choice, not law.
pub const CLASSES: [Rule<Retention>; 6] = [
    rule("this house: as long as a person may ask who looked", "look", 60, From::Record),
    rule("CIR (EU) 2025/846 Art. 5(3): 6 to 12 months", "matching", 12, From::Record),
    rule("this house: a register's change is evidence", "change", 120, From::Record),
    rule("EN 319 411-1: at least 7 years", "certificate", 84, From::CertificateEnd),
    rule("this house: what was signed may be disputed long after", "signature", 120, From::Record),
    rule("CIR (EU) 2025/848 Art. 10: 10 years", "relying-party", 120, From::RelationEnd),
];

/// The retention of `class` on `on`.
#[must_use]
pub fn retention(class: &str, on: Date) -> Option<&'static Rule<Retention>> {
    CLASSES.iter().rev().find(|rule| rule.says.class == class && rule.holds_on(on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_one_retention() {
        for rule in &CLASSES {
            assert_eq!(retention(rule.says.class, day(2026, 12, 24)), Some(rule));
        }
        assert_eq!(retention("nonsense", day(2026, 12, 24)), None);
    }
}
