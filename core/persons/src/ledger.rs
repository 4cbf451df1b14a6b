//! What may be written beside what stands: pure.

use base::{Date, PartialDate};
use persons_contract::{FactId, Kind, RecordRefusal, Value};

use crate::row::FactRow;

/// The rows of one person, those of the present change included.
pub(crate) struct Ledger {
    rows: Vec<FactRow>,
}

/// What becomes of an assertion.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is written.
    Written,
    /// It stands against this fact of another writer: a case, and neither wins (R33).
    Case(FactId),
}

impl Ledger {
    pub(crate) fn new(rows: Vec<FactRow>) -> Self {
        Self { rows }
    }

    /// The assertions that stand: named in no later row's `supersedes`.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &FactRow> {
        let stands = |row: &&FactRow| !self.rows.iter().any(|by| by.supersedes == Some(row.fact));
        self.rows.iter().filter(|row| row.value.is_some()).filter(stands)
    }

    /// Whether there is or was anything of a kind, `except` aside.
    pub(crate) fn held(&self, kind: Kind, except: Option<FactId>) -> bool {
        self.rows.iter().any(|row| row.kind == kind && Some(row.fact) != except)
    }

    /// The standing assertion `fact`.
    pub(crate) fn stands(&self, fact: FactId) -> Result<&FactRow, RecordRefusal> {
        self.standing().find(|row| row.fact == fact).ok_or(RecordRefusal::NoFact)
    }

    /// Asserts, unless it is against what stands.
    ///
    /// # Errors
    /// [`RecordRefusal::NoFact`], [`RecordRefusal::Stands`].
    pub(crate) fn assert(&mut self, row: FactRow) -> Result<Verdict, RecordRefusal> {
        if let Some(old) = row.supersedes {
            let old = self.stands(old)?;
            if old.kind != row.kind {
                return Err(RecordRefusal::NoFact);
            }
            if old.writer != row.writer {
                return Ok(Verdict::Case(old.fact));
            }
        }
        if let Some(against) = self.standing().find(|standing| conflict(standing, &row)) {
            let own = against.writer == row.writer;
            let case = Verdict::Case(against.fact);
            return if own { Err(RecordRefusal::Stands(row.kind)) } else { Ok(case) };
        }
        self.rows.push(row);
        Ok(Verdict::Written)
    }

    /// Adds a row that other rules have allowed.
    pub(crate) fn put(&mut self, row: FactRow) {
        self.rows.push(row);
    }

    /// Takes back a standing assertion; only its own kind of writer may.
    ///
    /// # Errors
    /// [`RecordRefusal::NoFact`], [`RecordRefusal::NotCompetent`].
    pub(crate) fn retract(&mut self, row: FactRow) -> Result<(), RecordRefusal> {
        let fact = row.supersedes.ok_or(RecordRefusal::NoFact)?;
        let old = self.stands(fact)?;
        if old.writer != row.writer {
            return Err(RecordRefusal::NotCompetent(old.kind));
        }
        self.rows.push(row);
        Ok(())
    }
}

/// Whether two assertions cannot both hold: of one single kind, on a day in common.
fn conflict(standing: &FactRow, new: &FactRow) -> bool {
    let superseded = new.supersedes == Some(standing.fact);
    !superseded
        && standing.kind == new.kind
        && new.kind.is_single()
        && same_slot(standing.value.as_ref(), new.value.as_ref())
        && overlap(standing, new)
}

/// Of names one of each form is held at a time, of addresses one of each kind.
fn same_slot(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Name { form: a, .. }), Some(Value::Name { form: b, .. })) => a == b,
        (Some(Value::Address { of: a, .. }), Some(Value::Address { of: b, .. })) => a == b,
        _ => true,
    }
}

fn overlap(a: &FactRow, b: &FactRow) -> bool {
    first(a.from) < end(b.to) && first(b.from) < end(a.to)
}

/// The first day on which an interval may hold.
pub(crate) fn first(from: Option<PartialDate>) -> Date {
    from.map_or(Date::MIN, PartialDate::first_day)
}

/// The first day on which it surely holds no more, as early as it can be meant.
pub(crate) fn end(to: Option<PartialDate>) -> Date {
    to.map_or(Date::MAX, PartialDate::first_day)
}

/// Whether it holds on `day`.
pub(crate) fn holds(row: &FactRow, day: Date) -> bool {
    first(row.from) <= day && day < end(row.to)
}

/// The level of protection that stands.
pub(crate) fn protection<'a>(standing: impl Iterator<Item = &'a FactRow>) -> i64 {
    let levels = standing.filter(|row| row.to.is_none() && row.kind == Kind::Protection);
    let levels = levels.filter_map(|row| match row.value {
        Some(Value::Protection { level }) => Some(i64::from(level)),
        _ => None,
    });
    levels.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use base::{PersonId, Time};
    use persons_contract::{Confidence, NameForm, Source};

    use super::*;

    fn row(number: u8, writer: &str, surname: &str, span: (&str, Option<&str>)) -> FactRow {
        let given = vec!["Anna".to_owned()];
        let surname = vec![surname.to_owned()];
        FactRow {
            person: PersonId::from_bytes([1; 16]),
            fact: FactId::from_bytes([number; 16]),
            kind: Kind::Name,
            value: Some(Value::Name { form: NameForm::National, given, surname }),
            from: Some(span.0.parse().unwrap()),
            to: span.1.map(|to| to.parse().unwrap()),
            writer: writer.to_owned(),
            basis: "test".to_owned(),
            source: Source {
                kind: "act".to_owned(),
                number: None,
                date: None,
                issuer: "test".to_owned(),
            },
            confidence: Confidence::Verified,
            disputed: false,
            supersedes: None,
            recorded_at: Time::EPOCH,
        }
    }

    fn superseding(number: u8, writer: &str, old: u8) -> FactRow {
        let supersedes = Some(FactId::from_bytes([old; 16]));
        FactRow { supersedes, ..row(number, writer, "Liepa", ("1990", None)) }
    }

    #[test]
    fn intervals_that_meet_do_not_overlap() {
        let mut ledger = Ledger::new(vec![row(1, "pmlp", "Liepa", ("1990", Some("2020-05-01")))]);
        let next = row(2, "pmlp", "Kalna", ("2020-05-01", None));
        assert_eq!(ledger.assert(next), Ok(Verdict::Written));
        assert_eq!(ledger.standing().count(), 2);
    }

    #[test]
    fn two_writers_make_a_case_and_one_writer_a_refusal() {
        let mut ledger = Ledger::new(vec![row(1, "pmlp", "Liepa", ("1990", None))]);
        let other = ledger.assert(row(2, "mission", "Kalna", ("2020", None)));
        assert_eq!(other, Ok(Verdict::Case(FactId::from_bytes([1; 16]))));
        let own = ledger.assert(row(3, "pmlp", "Kalna", ("2020", None)));
        assert_eq!(own, Err(RecordRefusal::Stands(Kind::Name)));
        assert_eq!(ledger.standing().count(), 1, "nothing was overwritten");
    }

    #[test]
    fn a_writer_supersedes_its_own_fact_and_nobody_elses() {
        let mut ledger = Ledger::new(vec![row(1, "pmlp", "Liepa", ("1990", None))]);
        let case = Ok(Verdict::Case(FactId::from_bytes([1; 16])));
        assert_eq!(ledger.assert(superseding(2, "mission", 1)), case);
        assert_eq!(ledger.assert(superseding(3, "pmlp", 1)), Ok(Verdict::Written));
        assert_eq!(ledger.assert(superseding(4, "pmlp", 1)), Err(RecordRefusal::NoFact));
        let standing: Vec<_> = ledger.standing().map(|row| row.fact).collect();
        assert_eq!(standing, [FactId::from_bytes([3; 16])]);
    }

    #[test]
    fn what_is_taken_back_stands_no_more_and_is_taken_back_once() {
        let mut ledger = Ledger::new(vec![row(1, "pmlp", "Liepa", ("1990", None))]);
        let back = |number, writer| FactRow { value: None, ..superseding(number, writer, 1) };
        let other = ledger.retract(back(2, "mission"));
        assert_eq!(other, Err(RecordRefusal::NotCompetent(Kind::Name)));
        assert_eq!(ledger.retract(back(3, "pmlp")), Ok(()));
        assert_eq!(ledger.retract(back(4, "pmlp")), Err(RecordRefusal::NoFact));
        assert_eq!(ledger.standing().count(), 0);
    }
}
