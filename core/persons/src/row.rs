//! The row of a fact: personal data, private to this crate.

use base::{PartialDate, PersonId, Time};
use persons_contract::{Assertion, Confidence, Fact, FactId, Kind, Value};
use store::{Columns, FromRow, Insert, Row, StoreError, Tx, values};

use crate::permission::read;

/// A fact asserted, or taken back.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FactRow {
    pub(crate) person: PersonId,
    pub(crate) fact: FactId,
    pub(crate) kind: Kind,
    /// None: a retraction.
    pub(crate) value: Option<Value>,
    pub(crate) from: Option<PartialDate>,
    pub(crate) to: Option<PartialDate>,
    pub(crate) writer: String,
    pub(crate) basis: String,
    pub(crate) source: persons_contract::Source,
    pub(crate) confidence: Confidence,
    pub(crate) disputed: bool,
    pub(crate) supersedes: Option<FactId>,
    pub(crate) recorded_at: Time,
}

/// A fact with what is known of the other person it names, or whose it is.
pub(crate) struct Related {
    pub(crate) row: FactRow,
    /// Protection and revision of that person; none where nobody is named.
    pub(crate) other: Option<(i64, i64)>,
}

const INTO: Insert = Insert {
    table: "persons_fact",
    columns: &[
        "person",
        "fact",
        "act",
        "kind",
        "value",
        "other",
        "valid_from",
        "valid_to",
        "writer",
        "basis",
        "source",
        "confidence",
        "disputed",
        "supersedes",
        "recorded_at",
    ],
};

/// The columns in the order of [`FactRow`]'s reader.
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT f.person, f.fact, f.kind, f.value, f.valid_from, f.valid_to, f.writer,
             f.basis, f.source, f.confidence, f.disputed, f.supersedes, f.recorded_at, ",
            $rest
        )
    };
}

/// A person's facts, oldest first.
const FACTS: &str = columns!(
    "o.protection, o.revision FROM persons_fact f
     LEFT JOIN persons_person o ON o.person = f.other
     WHERE f.person = $1 ORDER BY f.recorded_at, f.fact"
);

/// The facts by which others name a person as their parent, and nobody has ended or taken back:
/// an ended one is an adoption's and shows nothing any more (R3).
const NAMED: &str = columns!(
    "o.protection, o.revision FROM persons_fact f
     JOIN persons_person o ON o.person = f.person
     WHERE f.other = $1 AND f.kind = 'parent' AND f.act = 'assert' AND f.valid_to IS NULL
     AND NOT EXISTS (SELECT 1 FROM persons_fact s WHERE s.supersedes = f.fact)
     ORDER BY f.recorded_at, f.fact"
);

/// The facts of everybody who bears a name and may be known of, by person.
const OF_NAME: &str = columns!(
    "p.protection, p.revision FROM persons_fact f
     JOIN persons_person p ON p.person = f.person
     WHERE p.protection <= $4 AND f.person IN (
         SELECT DISTINCT n.person FROM persons_name n
         WHERE n.fold = $1 AND n.version = $2 ORDER BY n.person LIMIT $3)
     ORDER BY f.person, f.recorded_at, f.fact"
);

impl FactRow {
    /// The row of an assertion.
    pub(crate) fn asserted(
        (person, fact): (PersonId, FactId),
        assertion: Assertion,
        writer: &str,
        at: Time,
    ) -> Self {
        Self {
            person,
            fact,
            kind: assertion.value.kind(),
            value: Some(assertion.value),
            from: assertion.from,
            to: assertion.to,
            writer: writer.to_owned(),
            basis: assertion.basis,
            source: assertion.source,
            confidence: assertion.confidence,
            disputed: assertion.disputed,
            supersedes: assertion.supersedes,
            recorded_at: at,
        }
    }

    /// As it is appended.
    pub(crate) fn row(&self) -> Result<Row, StoreError> {
        let value = self.value.as_ref().map(json).transpose()?;
        let confidence = json(&self.confidence)?;
        let other = self.value.as_ref().and_then(Value::other);
        Ok(INTO.row(values![
            self.person,
            self.fact,
            if self.value.is_some() { "assert" } else { "retract" },
            self.kind.name(),
            value.unwrap_or_default(),
            other,
            self.from.map(|day| day.to_string()),
            self.to.map(|day| day.to_string()),
            &self.writer,
            &self.basis,
            json(&self.source)?,
            confidence,
            self.disputed,
            self.supersedes,
            self.recorded_at,
        ]))
    }

    /// As a look shows it.
    pub(crate) fn shown(self) -> Option<Fact> {
        Some(Fact {
            id: self.fact,
            value: self.value?,
            from: self.from,
            to: self.to,
            writer: self.writer,
            basis: self.basis,
            source: self.source,
            confidence: self.confidence,
            disputed: self.disputed,
            recorded_at: self.recorded_at,
        })
    }
}

/// All that stands or stood of a person, oldest first.
pub(crate) fn facts(tx: &mut Tx, person: PersonId) -> Result<Vec<Related>, StoreError> {
    tx.all(FACTS, values![person])
}

/// Where others name them as a parent.
pub(crate) fn named(tx: &mut Tx, person: PersonId) -> Result<Vec<Related>, StoreError> {
    tx.all(NAMED, values![person])
}

/// Facts of the persons of a fold whose protection is at most `protection`.
pub(crate) fn of_name(
    tx: &mut Tx,
    fold: &str,
    most: i64,
    protection: i64,
) -> Result<Vec<Related>, StoreError> {
    tx.all(OF_NAME, values![fold, country::FOLD_VERSION, most, protection])
}

/// Text in which a value is stored.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Column("not JSON".to_owned()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    // The library's words may quote the value.
    serde_json::from_str(text).map_err(|_| StoreError::Column("not the JSON of a fact".to_owned()))
}

impl FromRow for Related {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let (person, fact) = (row.next()?, row.next()?);
        let kind: String = row.next()?;
        let value: String = row.next()?;
        let day = |text: Option<String>| text.map(|text| read(&text)).transpose();
        let fact = FactRow {
            person,
            fact,
            kind: Kind::named(&kind).ok_or(StoreError::Column("an unknown kind".to_owned()))?,
            value: if value.is_empty() { None } else { Some(from_json(&value)?) },
            from: day(row.next()?)?,
            to: day(row.next()?)?,
            writer: row.next()?,
            basis: row.next()?,
            source: from_json(&row.next::<String>()?)?,
            confidence: from_json(&row.next::<String>()?)?,
            disputed: row.next()?,
            supersedes: row.next()?,
            recorded_at: row.next()?,
        };
        let (protection, revision): (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
        Ok(Self { row: fact, other: protection.zip(revision) })
    }
}
