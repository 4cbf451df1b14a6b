//! An entry being filled, fact by fact.

use base::{Date, Identifier, PartialDate, PersonId};
use persons_contract::{
    Assertion, CodeReason, Confidence, Life, NameForm, Relation, Sex, Source, Value,
};

/// A person for the register: the id and the facts, in the order in which they came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The id.
    pub person: PersonId,
    /// The alias, for the cast only.
    pub alias: Option<&'static str>,
    /// The facts; the writer is whoever imports them.
    pub facts: Vec<Assertion>,
}

impl Newcomer {
    pub(crate) fn new(person: PersonId) -> Self {
        Self { person, alias: None, facts: Vec::new() }
    }

    /// Adds a fact on `[from, to)`.
    pub(crate) fn fact(mut self, value: Value, from: Option<Date>, to: Option<Date>) -> Self {
        self.facts.push(Assertion {
            value,
            from: from.map(PartialDate::Day),
            to: to.map(PartialDate::Day),
            basis: "synthetic population".to_owned(),
            source: Source {
                kind: "synthetic".to_owned(),
                number: None,
                date: from.map(PartialDate::Day),
                issuer: "simulation".to_owned(),
            },
            confidence: Confidence::Imported,
            disputed: false,
            supersedes: None,
        });
        self
    }

    /// Adds a fact that holds always.
    pub(crate) fn always(self, value: Value) -> Self {
        self.fact(value, None, None)
    }

    pub(crate) fn born(self, date: PartialDate, sex: Sex, country: &str) -> Self {
        let place = (country == country::COUNTRY).then(|| "Paraugpilsēta".to_owned());
        self.always(Value::Birth { date, place, country: Some(country.to_owned()) })
            .always(Value::Sex { sex })
    }

    pub(crate) fn named(
        self,
        name: (NameForm, &str, &str),
        from: Option<Date>,
        to: Option<Date>,
    ) -> Self {
        let (form, given, surname) = name;
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        self.fact(Value::Name { form, given: words(given), surname: words(surname) }, from, to)
    }

    pub(crate) fn coded(
        self,
        code: Identifier,
        reason: CodeReason,
        from: Date,
        to: Option<Date>,
    ) -> Self {
        self.fact(Value::Code { code, reason }, Some(from), to)
    }

    pub(crate) fn child_of(self, parents: &[PersonId], born: Date) -> Self {
        let relation = Relation::Parent;
        parents.iter().fold(self, |child, parent| {
            child.fact(Value::Parent { person: *parent, relation }, Some(born), None)
        })
    }

    pub(crate) fn status(self, status: country::LegalStatus, ground: Option<&str>) -> Self {
        let (status, ground) = (status.name().to_owned(), ground.map(str::to_owned));
        self.always(Value::Status { status, ground })
    }

    pub(crate) fn citizen_of(self, country: &str) -> Self {
        self.always(Value::Citizenship { country: country.to_owned() })
    }

    pub(crate) fn died(self, on: Date, act: String) -> Self {
        let (state, date) = (Life::Confirmed, PartialDate::Day(on));
        self.fact(Value::Death { state, date, act: Some(act) }, Some(on), None)
    }
}
