//! Who may write which facts into the register of natural persons (R33).

use base::{Date, Rule};

use crate::day::day;

/// A kind of writer and the kinds of facts it is competent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Competence {
    /// The stable name of the kind of writer.
    pub writer: &'static str,
    /// Its official name, in Latvian.
    pub official: &'static str,
    /// The kinds of facts, by their names in the persons contract.
    pub kinds: &'static [&'static str],
}

/// The law names the twelve; which kinds each writes was set down from memory of s.11 and s.12
/// and is to be read.
const LAW: &str = "Fizisko personu reģistra likums s.2(2)";

const fn writer(
    name: &'static str,
    official: &'static str,
    kinds: &'static [&'static str],
) -> Rule<Competence> {
    let says = Competence { writer: name, official, kinds };
    Rule { id: name, source: LAW, applies_from: day(2021, 6, 28), applies_to: None, says }
}

/// The twelve kinds of writer.
pub const COMPETENCES: [Rule<Competence>; 12] = [
    writer(
        "pmlp",
        "Pilsonības un migrācijas lietu pārvalde",
        &[
            "name",
            "code",
            "link",
            "birth",
            "sex",
            "status",
            "citizenship",
            "marital",
            "parent",
            "address",
            "custody",
            "capacity",
            "death",
            "protection",
        ],
    ),
    writer(
        "local-government",
        "pašvaldība",
        &["name", "birth", "sex", "marital", "parent", "address", "custody", "death"],
    ),
    writer(
        "mission",
        "diplomātiskā vai konsulārā pārstāvniecība",
        &["name", "birth", "sex", "status", "marital", "parent", "address", "death"],
    ),
    writer(
        "ministry-of-justice",
        "Tieslietu ministrija",
        &["name", "birth", "sex", "marital", "parent", "death"],
    ),
    writer("notary", "zvērināts notārs", &["marital", "capacity"]),
    writer("enterprise-register", "Uzņēmumu reģistrs", &["link", "citizenship"]),
    writer("revenue-service", "Valsts ieņēmumu dienests", &["link", "citizenship", "address"]),
    writer("court", "tiesa", &["parent", "custody", "capacity", "death", "protection"]),
    writer("border-guard", "Valsts robežsardze", &["link", "citizenship", "status"]),
    writer(
        "social-insurance",
        "Valsts sociālās apdrošināšanas aģentūra",
        &["link", "citizenship", "address"],
    ),
    writer("health-service", "Nacionālais veselības dienests", &["link", "citizenship", "death"]),
    writer("foreign-ministry", "Ārlietu ministrija", &["link", "status", "citizenship"]),
];

/// Whether `writer` may write a fact of `kind` on `on`.
#[must_use]
pub fn competent(writer: &str, kind: &str, on: Date) -> bool {
    let may =
        |rule: &Rule<Competence>| rule.says.writer == writer && rule.says.kinds.contains(&kind);
    COMPETENCES.iter().any(|rule| may(rule) && rule.holds_on(on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_what_is_a_table() {
        let on = day(2026, 12, 24);
        assert!(competent("ministry-of-justice", "death", on));
        assert!(!competent("notary", "death", on));
        assert!(!competent("nobody", "name", on));
        assert!(!competent("pmlp", "nonsense", on));
        assert!(!competent("pmlp", "name", day(2021, 6, 27)));
    }

    #[test]
    fn a_code_is_given_by_one_writer_only() {
        let givers = COMPETENCES.iter().filter(|rule| rule.says.kinds.contains(&"code"));
        assert_eq!(givers.map(|rule| rule.says.writer).collect::<Vec<_>>(), ["pmlp"]);
    }
}
