//! What a look shows of a person's rows: pure.

use std::collections::BTreeSet;

use audit::Sight;
use base::{Date, PersonId};
use persons_contract::{CodeReason, Fact, Group, Kind, Person, Relation, Value};

use crate::ledger::{Ledger, end, holds};
use crate::row::{FactRow, Related};

/// What is asked of a view.
#[derive(Clone, Debug)]
pub(crate) struct Lens {
    /// Groups asked for and permitted.
    pub(crate) groups: BTreeSet<Group>,
    /// The day.
    pub(crate) on: Date,
    /// Facts of other days too.
    pub(crate) history: bool,
    /// What is from before an adoption too.
    pub(crate) adoption: bool,
    /// The highest protection of whoever may be shown.
    pub(crate) protection: i64,
}

/// An answer and whom it shows: the person, and everyone named in it.
pub(crate) struct View {
    pub(crate) person: Person,
    pub(crate) sights: Vec<Sight>,
}

impl Lens {
    /// The view of `own`, a person's rows, and `named`, where others name them as a parent.
    pub(crate) fn view(
        &self,
        (id, revision): (PersonId, i64),
        own: Vec<Related>,
        named: Vec<Related>,
    ) -> View {
        let mut others = BTreeSet::new();
        let mut facts = Vec::new();
        for related in self.visible(own) {
            let other = related.row.value.as_ref().and_then(Value::other);
            self.take(related, other, &mut others, &mut facts);
        }
        for Related { row, other } in named {
            let child = row.person;
            let value = Some(Value::Parent { person: child, relation: Relation::Child });
            let seen = Related { row: FactRow { value, ..row }, other };
            self.take(seen, Some(child), &mut others, &mut facts);
        }
        let sight = |person, revision, groups| Sight { person, revision, groups };
        let asked = self.groups.iter().map(|group| group.name().to_owned()).collect();
        let family =
            |(other, revision)| sight(other, revision, vec![Group::Family.name().to_owned()]);
        let sights = std::iter::once(sight(id, revision, asked));
        let sights = sights.chain(others.into_iter().map(family)).collect();
        View { person: Person { id, revision, on: self.on, facts }, sights }
    }

    /// Shows a fact whose group was asked for, unless it names somebody who may not be shown.
    fn take(
        &self,
        related: Related,
        other: Option<PersonId>,
        others: &mut BTreeSet<(PersonId, i64)>,
        facts: &mut Vec<Fact>,
    ) {
        let Related { row, other: known } = related;
        let asked = Group::of(row.kind).is_some_and(|group| self.groups.contains(&group));
        if !asked || !(self.history || holds(&row, self.on)) {
            return;
        }
        if let Some(other) = other {
            match known {
                Some((protection, revision)) if protection <= self.protection => {
                    others.insert((other, revision));
                }
                _ => return,
            }
        }
        facts.extend(row.shown());
    }

    /// The assertions that stand and are not from before an adoption.
    fn visible(&self, own: Vec<Related>) -> Vec<Related> {
        let (rows, known): (Vec<_>, Vec<_>) =
            own.into_iter().map(|related| (related.row, related.other)).unzip();
        let ledger = Ledger::new(rows.clone());
        let standing: BTreeSet<_> = ledger.standing().map(|row| row.fact).collect();
        let adopted = if self.adoption { None } else { adopted(ledger.standing()) };
        let shows = |row: &FactRow| {
            standing.contains(&row.fact) && !adopted.is_some_and(|day| before(row, day))
        };
        let related = rows.into_iter().zip(known).filter(|(row, _)| shows(row));
        related.map(|(row, other)| Related { row, other }).collect()
    }
}

/// The day of the last adoption.
fn adopted<'a>(standing: impl Iterator<Item = &'a FactRow>) -> Option<Date> {
    let days = standing.filter_map(|row| match row.value {
        Some(Value::Code { reason: CodeReason::Adoption, .. }) => {
            row.from.map(base::PartialDate::first_day)
        }
        _ => None,
    });
    days.max()
}

/// Whether a fact would tell who somebody was before `adoption` (R3).
fn before(row: &FactRow, adoption: Date) -> bool {
    matches!(row.kind, Kind::Code | Kind::Name | Kind::Parent | Kind::Custody | Kind::Address)
        && end(row.to) <= adoption
}
