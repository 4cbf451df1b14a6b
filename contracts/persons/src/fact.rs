//! Facts of the register (PROTOCOLS §7, R2, R5, R11, R15, R16, R33, R34).

use base::{Id, Identifier, PartialDate, PersonId, Time};
use serde::{Deserialize, Serialize};

/// Marker of [`FactId`].
#[derive(Debug)]
pub enum FactMark {}

/// The id of one assertion or retraction.
pub type FactId = Id<FactMark>;

/// What a fact is about; its name is the one in competence tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An address.
    Address,
    /// Date and place of birth.
    Birth,
    /// A limit of legal capacity.
    Capacity,
    /// A citizenship.
    Citizenship,
    /// A personal code.
    Code,
    /// Custody of the person by another.
    Custody,
    /// A death, reported or confirmed.
    Death,
    /// A foreign means, passport or technical code.
    Link,
    /// Marital status and spouse.
    Marital,
    /// A name in one of its forms.
    Name,
    /// A parent of the person.
    Parent,
    /// A level of protection: no look shows it.
    Protection,
    /// Sex.
    Sex,
    /// Legal status.
    Status,
}

impl Kind {
    /// Every kind with its stable name.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Address, "address"),
        (Self::Birth, "birth"),
        (Self::Capacity, "capacity"),
        (Self::Citizenship, "citizenship"),
        (Self::Code, "code"),
        (Self::Custody, "custody"),
        (Self::Death, "death"),
        (Self::Link, "link"),
        (Self::Marital, "marital"),
        (Self::Name, "name"),
        (Self::Parent, "parent"),
        (Self::Protection, "protection"),
        (Self::Sex, "sex"),
        (Self::Status, "status"),
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// The kind of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(kind, _)| *kind)
    }

    /// Whether a person has at most one such value at a time, so that two overlapping ones are a
    /// conflict. (Of names: one of each form; of addresses: one of each kind.)
    #[must_use]
    pub fn is_single(self) -> bool {
        !matches!(self, Self::Link | Self::Citizenship | Self::Parent | Self::Custody)
    }
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Value {
    /// An address.
    Address {
        /// Which of the person's addresses.
        of: AddressKind,
        /// Street, house and flat, or farmstead, in one line.
        line: String,
        /// Town or parish.
        place: String,
        /// Postcode; none abroad where there is none.
        postcode: Option<String>,
        /// Two letters (ISO 3166-1).
        country: String,
    },
    /// Birth.
    Birth {
        /// The date, of which day or month may be unknown (R15).
        date: PartialDate,
        /// The place in the words of the record; none where unknown.
        place: Option<String>,
        /// Two letters (ISO 3166-1); none where unknown.
        country: Option<String>,
    },
    /// A limit of legal capacity, in the words of the decision.
    Capacity {
        /// The limit.
        limit: String,
    },
    /// A citizenship.
    Citizenship {
        /// Two letters (ISO 3166-1).
        country: String,
    },
    /// A personal code (R2).
    Code {
        /// Scheme, country and value.
        code: Identifier,
        /// Why it was given.
        reason: CodeReason,
    },
    /// Custody of this person by another.
    Custody {
        /// Who has it.
        holder: PersonId,
    },
    /// A death (R34).
    Death {
        /// Reported or confirmed.
        state: Life,
        /// When, as far as known.
        date: PartialDate,
        /// The number of the act that confirms it.
        act: Option<String>,
    },
    /// Another identifier of the same person (R5).
    Link {
        /// Scheme, country and value.
        identifier: Identifier,
        /// Who issued it.
        issuer: String,
        /// Its level of assurance in its issuer's words; none for a document.
        loa: Option<String>,
        /// What showed that it is this person's.
        evidence: String,
    },
    /// Marital status.
    Marital {
        /// The status's stable name: `single`, `married`, `divorced`, `widowed`, `partnership`.
        status: String,
        /// The other, where there is one in the register.
        spouse: Option<PersonId>,
    },
    /// A name (R11).
    Name {
        /// Which form of it.
        form: NameForm,
        /// Given names in order.
        given: Vec<String>,
        /// Parts of the surname in order.
        surname: Vec<String>,
    },
    /// A parent. In a look at the parent the same fact shows the child.
    Parent {
        /// The other person.
        person: PersonId,
        /// What the other is to the person looked at.
        relation: Relation,
    },
    /// Protection (R36): 0 none; 1 and more suppress the person in every look.
    Protection {
        /// The level.
        level: u8,
    },
    /// Sex.
    Sex {
        /// As registered.
        sex: Sex,
    },
    /// Legal status (R16).
    Status {
        /// Its stable name in the country pack.
        status: String,
        /// On what ground, for those that need one.
        ground: Option<String>,
    },
}

impl Value {
    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Address { .. } => Kind::Address,
            Self::Birth { .. } => Kind::Birth,
            Self::Capacity { .. } => Kind::Capacity,
            Self::Citizenship { .. } => Kind::Citizenship,
            Self::Code { .. } => Kind::Code,
            Self::Custody { .. } => Kind::Custody,
            Self::Death { .. } => Kind::Death,
            Self::Link { .. } => Kind::Link,
            Self::Marital { .. } => Kind::Marital,
            Self::Name { .. } => Kind::Name,
            Self::Parent { .. } => Kind::Parent,
            Self::Protection { .. } => Kind::Protection,
            Self::Sex { .. } => Kind::Sex,
            Self::Status { .. } => Kind::Status,
        }
    }

    /// The other person it names.
    #[must_use]
    pub fn other(&self) -> Option<PersonId> {
        match self {
            Self::Custody { holder } => Some(*holder),
            Self::Marital { spouse, .. } => *spouse,
            Self::Parent { person, .. } => Some(*person),
            _ => None,
        }
    }
}

/// Which form of a name (R11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameForm {
    /// As the national language writes it: the name on documents.
    National,
    /// The original form in Latin letters.
    Original,
    /// The original form in its own script.
    Native,
    /// The historical form of the family's name.
    Historical,
    /// At birth.
    Birth,
}

/// Why a code was given (R2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeReason {
    /// The first.
    First,
    /// On the person's wish.
    Voluntary,
    /// The birth date in the old one was wrong.
    BirthDateCorrection,
    /// Adoption: the old one finds nobody (R3).
    Adoption,
    /// Two entries of one person were joined.
    Merge,
}

/// Which of a person's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressKind {
    /// Declared by the person.
    Declared,
    /// Registered by an authority.
    Registered,
    /// Indicated for contact.
    Indicated,
    /// Additional.
    Additional,
    /// Abroad.
    Abroad,
}

/// What another is to the person looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// A parent: what is recorded.
    Parent,
    /// A child: the same fact seen from the other side, never recorded.
    Child,
}

/// Sex as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// How far a death is established (R34).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// No death is known.
    Alive,
    /// Reported: freezes.
    Reported,
    /// Confirmed by act number: revokes.
    Confirmed,
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Shown by a document that the writer checked.
    Verified,
    /// Declared by the person.
    Declared,
    /// Taken over from another register.
    Imported,
}

/// The document that a fact rests on; kept by the writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What it is: `birth-act`, `court-decision`.
    pub kind: String,
    /// Its number; none where it has none.
    pub number: Option<String>,
    /// Its date; none where it has none.
    pub date: Option<PartialDate>,
    /// Who issued it.
    pub issuer: String,
}

/// A fact as a look shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its id: what a later assertion supersedes and a retraction names.
    pub id: FactId,
    /// What it says.
    pub value: Value,
    /// The first day on which it holds; none: always.
    pub from: Option<PartialDate>,
    /// The first day on which it holds no more; none: it still does.
    pub to: Option<PartialDate>,
    /// The kind of writer.
    pub writer: String,
    /// The legal basis.
    pub basis: String,
    /// The document.
    pub source: Source,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether somebody says it is wrong.
    pub disputed: bool,
    /// When it was written down. Informs; the order of facts is the log's.
    pub recorded_at: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kinds_name_is_its_json() {
        for (kind, name) in Kind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{name}\""));
            assert_eq!(Kind::named(name), Some(kind));
        }
        assert_eq!(Kind::named("nonsense"), None);
    }

    #[test]
    fn a_value_carries_its_kind_and_reads_back() {
        let value = Value::Birth {
            date: "1970-05".parse().unwrap(),
            place: Some("Paraugpilsēta".into()),
            country: None,
        };
        let text = serde_json::to_string(&value).unwrap();
        assert!(text.starts_with(r#"{"kind":"birth","date":"1970-05""#), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn other_values_are_refused() {
        for text in [
            r#"{"kind":"nonsense"}"#,
            r#"{"kind":"birth","date":"1970-13"}"#,
            r#"{"kind":"sex","sex":"unknown"}"#,
            r#"{"kind":"code","code":"32991200014","reason":"first"}"#,
            r#"{"kind":"protection","level":300}"#,
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
    }
}
