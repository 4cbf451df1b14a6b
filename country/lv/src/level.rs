//! Levels of electronic identification: the national ones beside the European (R17).

use base::{Date, Rule};

use crate::day::day;

/// A level of assurance. Spec: Regulation (EU) 910/2014 Art. 8(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loa {
    /// Low.
    Low,
    /// Substantial.
    Substantial,
    /// High.
    High,
}

/// What a level is called and at least means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// The value of `acr`.
    pub acr: &'static str,
    /// The official name, in Latvian; none for a level that no law names.
    pub official: Option<&'static str>,
    /// The least European level it stands for; none when it stands for none.
    pub at_least: Option<Loa>,
}

/// What `acr` says of a person whom the demo enrolled: a value of ours, of no European level.
pub const DEMO_ACR: &str = "urn:sakta:acr:demo";

/// Every level. A national one is never read as a European one by its name: only by its row.
pub const LEVELS: [Rule<Level>; 2] = [
    Rule {
        id: "level.demo",
        source: "this house: an enrolment of kind demo is no proof of identity",
        applies_from: day(2026, 1, 1),
        applies_to: None,
        says: Level { acr: DEMO_ACR, official: None, at_least: None },
    },
    Rule {
        id: "level.kvalificets",
        source: "MK 560 pt 7.1 in the draft 22-TA-3706; the final text was not read",
        applies_from: day(2026, 1, 1),
        applies_to: None,
        says: Level {
            acr: "urn:sakta:acr:lv:kvalificets",
            official: Some("kvalificēts elektroniskās identifikācijas līdzeklis"),
            at_least: Some(Loa::Substantial),
        },
    },
];

/// The level whose `acr` this is, on `on`; none is guessed.
#[must_use]
pub fn level(acr: &str, on: Date) -> Option<&'static Rule<Level>> {
    LEVELS.iter().rev().find(|rule| rule.says.acr == acr && rule.holds_on(on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_level_is_no_european_one() {
        let demo = level(DEMO_ACR, day(2026, 12, 24)).unwrap();
        assert_eq!((demo.says.at_least, demo.says.official), (None, None));
        assert!(!DEMO_ACR.contains("eidas"));
    }

    #[test]
    fn an_unknown_value_or_day_has_no_level() {
        assert_eq!(level("http://eidas.europa.eu/LoA/high", day(2026, 12, 24)), None);
        assert_eq!(level(DEMO_ACR, day(2025, 12, 31)), None);
    }
}
