//! New entries.

use audit::Sight;
use base::PersonId;
use persons_contract::{
    Assertion, CaseId, EnterPerson, Entered, FactId, Kind, RecordRefusal, Value,
};
use store::{Tx, values};

use crate::asking::Asking;
use crate::failed::{Failed, once, outcome};
use crate::ledger::Ledger;
use crate::persons::Persons;
use crate::record::{MOST, Plan, Writing};
use crate::value;

/// A new entry with everything drawn.
struct Entry {
    plan: Plan,
    owner: String,
    facts: Vec<(FactId, CaseId, Assertion)>,
}

impl Persons {
    /// Enters a person: with a name and a code or link at least.
    ///
    /// # Errors
    /// [`RecordRefusal`].
    pub async fn enter(&self, asking: &Asking, ask: EnterPerson) -> Result<Entered, RecordRefusal> {
        self.entered(asking, ask).await.map_err(Failed::refusal)
    }

    async fn entered(
        &self,
        asking: &Asking,
        ask: EnterPerson,
    ) -> Result<Entered, Failed<RecordRefusal>> {
        let (look, writer) = self.writer(asking, "persons/enter").await?;
        let facts = match self.entry(ask.facts, &writer) {
            Ok(facts) => facts,
            Err(refusal) => return self.refused(&look, refusal).await,
        };
        let person = PersonId::random(self.chance.as_ref());
        let identifier = facts.iter().find_map(|(_, _, assertion)| match &assertion.value {
            Value::Code { code, .. } => Some(code.clone()),
            Value::Link { identifier, .. } => Some(identifier.clone()),
            _ => None,
        });
        let Some(identifier) = identifier else {
            return self.refused(&look, RecordRefusal::Value(Kind::Code)).await;
        };
        let sights = [Sight { person, revision: 1, groups: vec!["facts".to_owned()] }];
        let plan = self.plan(person, writer, asking, 0);
        let entry = Entry { plan, owner: self.owner.name().to_owned(), facts };
        let _expected = self.handles.expecting(person, identifier);
        let key = asking.key.clone();
        let done = self.log.act("persons.enter", &look, &sights, move |tx| {
            once(tx, key.as_ref(), |tx| entry.write(tx))
        });
        outcome(done.await)
    }

    fn entry(
        &self,
        facts: Vec<Assertion>,
        writer: &str,
    ) -> Result<Vec<(FactId, CaseId, Assertion)>, RecordRefusal> {
        if facts.is_empty() || facts.len() > MOST {
            return Err(RecordRefusal::Count);
        }
        if !facts.iter().any(|assertion| assertion.value.kind() == Kind::Name) {
            return Err(RecordRefusal::Value(Kind::Name));
        }
        let (chance, today) = (self.chance.as_ref(), self.today());
        let one = |assertion: Assertion| {
            let kind = assertion.value.kind();
            let later = matches!(kind, Kind::Death | Kind::Protection);
            if later || !country::competent(writer, kind.name(), today) {
                return Err(RecordRefusal::NotCompetent(kind));
            }
            let assertion = value::checked(assertion)?;
            Ok((FactId::random(chance), CaseId::random(chance), assertion))
        };
        facts.into_iter().map(one).collect()
    }
}

impl Entry {
    fn write(&self, tx: &mut Tx) -> Result<Entered, Failed<RecordRefusal>> {
        let person = self.plan.person;
        tx.insert(
            "INSERT INTO persons_person (person, owner, revision, protection)
             VALUES ($1, $2, 1, 0)",
            values![person, &self.owner],
        )?;
        let mut writing = Writing::new(&self.plan, Ledger::new(Vec::new()));
        let mut facts = Vec::with_capacity(self.facts.len());
        for (fact, case, assertion) in &self.facts {
            facts.extend(writing.assert(tx, *fact, *case, assertion.clone())?);
        }
        writing.finish(tx, 1)?;
        Ok(Entered { person, facts })
    }
}
