//! Permissions: a local table until the catalogue (VIRSIS) stands.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use base::Date;
use persons_contract::Group;
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::asking::{Asking, OnBehalf};

/// What a system may ask, for what, and of whose data which groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Its number: decimal digits, as the exchange platform writes them.
    pub number: String,
    /// The system that may use it.
    pub system: String,
    /// The institution that answers for it.
    pub organisation: String,
    /// Operations by name: `persons/find`. No blanks inside, as in all lists here.
    pub operations: BTreeSet<String>,
    /// Purposes.
    pub purposes: BTreeSet<String>,
    /// Data groups.
    pub groups: BTreeSet<Group>,
    /// As which kind of writer the system writes; none: it does not.
    pub writer: Option<String>,
    /// What it may see that others may not.
    pub beyond: BTreeSet<Beyond>,
    /// The act and clause.
    pub legal_basis: String,
    /// The first day.
    pub valid_from: Date,
    /// The first day on which it holds no more.
    pub valid_to: Option<Date>,
}

/// What only few may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beyond {
    /// A person by a code or name from before an adoption (R3).
    Adoption,
    /// Protected persons (R36).
    Protected,
}

impl Beyond {
    const ALL: [(Self, &'static str); 2] =
        [(Self::Adoption, "adoption"), (Self::Protected, "protected")];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(beyond, _)| *beyond == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(beyond, _)| *beyond)
    }
}

impl Permission {
    /// Whether it covers `asking` for `operation` on `day`, groups aside.
    pub(crate) fn covers(&self, asking: &Asking, operation: &str, day: Date) -> bool {
        self.system == asking.system
            && self.operations.contains(operation)
            && self.purposes.contains(&asking.purpose)
            && self.valid_from <= day
            && self.valid_to.is_none_or(|end| day < end)
    }

    /// Keeps it; what stands under its number stays as it is.
    pub(crate) fn grant(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let texts = values![
            &self.number,
            &self.system,
            &self.organisation,
            words(&self.operations),
            words(&self.purposes),
            words(self.groups.iter().map(|group| group.name())),
            self.writer.as_ref(),
            words(self.beyond.iter().map(|beyond| beyond.name())),
            &self.legal_basis,
            self.valid_from.to_string(),
            self.valid_to.map(|day| day.to_string()),
        ];
        let new = tx.update(
            "INSERT INTO persons_permission (number, system, organisation, operations, purposes,
                 data_groups, writer, beyond, legal_basis, valid_from, valid_to)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
            texts,
        )?;
        Ok(new == 1)
    }

    /// Ends it on `day`.
    pub(crate) fn end(tx: &mut Tx, number: &str, day: Date) -> Result<bool, StoreError> {
        let ended = tx.update(
            "UPDATE persons_permission SET valid_to = $2
             WHERE number = $1 AND (valid_to IS NULL OR valid_to > $2)",
            values![number, day.to_string()],
        )?;
        Ok(ended == 1)
    }

    /// The one that covers `asking`: by its number, for an officer by the system.
    pub(crate) fn of(
        tx: &mut Tx,
        asking: &Asking,
        operation: &str,
        day: Date,
    ) -> Result<Option<Self>, StoreError> {
        const BY_SYSTEM: &str = "SELECT number, system, organisation, operations, purposes,
            data_groups, writer, beyond, legal_basis, valid_from, valid_to
            FROM persons_permission WHERE system = $1 ORDER BY number";
        let held: Vec<Self> = tx.all(BY_SYSTEM, values![&asking.system])?;
        let named = |permission: &Self| match &asking.on_behalf {
            OnBehalf::Permission(number) => permission.number == *number,
            OnBehalf::Officer { .. } => true,
            OnBehalf::Person(_) | OnBehalf::System(_) => false,
        };
        let mut fitting = held.into_iter().filter(named);
        Ok(fitting.find(|permission| permission.covers(asking, operation, day)))
    }
}

impl FromRow for Permission {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.next()?,
            system: row.next()?,
            organisation: row.next()?,
            operations: list(&row.next::<String>()?, |word| Some(word.to_owned()))?,
            purposes: list(&row.next::<String>()?, |word| Some(word.to_owned()))?,
            groups: list(&row.next::<String>()?, Group::named)?,
            writer: row.next()?,
            beyond: list(&row.next::<String>()?, Beyond::named)?,
            legal_basis: row.next()?,
            valid_from: read(&row.next::<String>()?)?,
            valid_to: row.next::<Option<String>>()?.map(|day| read(&day)).transpose()?,
        })
    }
}

/// A value of a column in its text form.
pub(crate) fn read<T: FromStr>(text: &str) -> Result<T, StoreError> {
    let name = std::any::type_name::<T>();
    text.parse().map_err(|_| StoreError::Column(format!("no {name}")))
}

fn words(list: impl IntoIterator<Item = impl fmt::Display>) -> String {
    list.into_iter().map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}

fn list<T: Ord>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<BTreeSet<T>, StoreError> {
    let words = text.split(' ').filter(|word| !word.is_empty()).map(read);
    words.collect::<Option<_>>().ok_or_else(|| StoreError::Column("an unknown word".to_owned()))
}
