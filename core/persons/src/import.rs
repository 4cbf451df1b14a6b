//! Taking over many people at once: the simulation's country, another register's content.

use audit::{LogError, Outcome};
use base::{Date, PersonId};
use persons_contract::{Assertion, CodeReason, FactId, RecordRefusal, Value};
use store::{Insert, Row, StoreError, values};

use crate::asking::Asking;
use crate::ledger::{end, first};
use crate::persons::Persons;
use crate::row::FactRow;
use crate::value;

/// A person to be taken over. Whoever else the facts name comes earlier, later in the same
/// import, or is there already.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The id.
    pub person: PersonId,
    /// The facts; of codes the one without an end is held now.
    pub facts: Vec<Assertion>,
}

/// Why nothing of a batch was taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A fact is not one.
    #[error("a fact is not one: {0}")]
    Fact(#[from] RecordRefusal),
    /// A person or code is there already, or the store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The import could not be recorded.
    #[error(transparent)]
    Log(#[from] LogError),
}

const PERSON: Insert =
    Insert { table: "persons_person", columns: &["person", "owner", "revision", "protection"] };

const CODE: Insert =
    Insert { table: "persons_code", columns: &["code", "person", "fact", "kind", "found", "held"] };

const NAME: Insert =
    Insert { table: "persons_name", columns: &["fold", "version", "person", "fact"] };

impl Persons {
    /// Takes over a batch of people in one transaction, with one record of the import: nobody
    /// looks at anybody by it. `writer` is the kind of writer that the facts will have.
    ///
    /// Some hundreds at a time: a batch is one commit.
    ///
    /// # Errors
    /// [`ImportError`]; nothing of the batch is kept then.
    pub async fn import(
        &self,
        asking: &Asking,
        writer: &str,
        people: Vec<Newcomer>,
    ) -> Result<(), ImportError> {
        let look = asking.look("persons/import", "change", None, self.today());
        let mut rows = Vec::with_capacity(people.len() * 16);
        for newcomer in people {
            self.rows(newcomer, writer, &mut rows)?;
        }
        let prepared = self.log.prepare(&look, Outcome::Returned, &[]).await?;
        let log = self.log.clone();
        let done = self.store.write("persons.import", move |tx| {
            tx.append(&rows)?;
            log.record(tx, &prepared)?;
            Ok::<_, ImportError>(())
        });
        done.await?;
        self.log.wake();
        Ok(())
    }

    fn rows(
        &self,
        newcomer: Newcomer,
        writer: &str,
        rows: &mut Vec<Row>,
    ) -> Result<(), ImportError> {
        let (person, at) = (newcomer.person, self.clock.now());
        let mut protection = 0_i64;
        let start = rows.len();
        let adopted = adoption(&newcomer.facts);
        for assertion in newcomer.facts {
            let assertion = value::checked(assertion)?;
            let fact = FactId::random(self.chance.as_ref());
            let held = assertion.to.is_none();
            match &assertion.value {
                Value::Code { code, .. } => {
                    let found = adopted.is_none_or(|day| end(assertion.to) > day);
                    rows.push(CODE.row(values![code.x509(), person, fact, "code", found, held]));
                }
                Value::Link { identifier, .. } => {
                    let code = identifier.x509();
                    rows.push(CODE.row(values![code, person, fact, "link", true, held]));
                }
                Value::Name { given, surname, .. } => {
                    let fold = country::fold(&[given.concat(), surname.concat()].concat());
                    rows.push(NAME.row(values![fold, country::FOLD_VERSION, person, fact]));
                }
                Value::Protection { level } => protection = protection.max((*level).into()),
                _ => {}
            }
            rows.push(FactRow::asserted((person, fact), assertion, writer, at).row()?);
        }
        rows.insert(start, PERSON.row(values![person, self.owner.name(), 1, protection]));
        Ok(())
    }
}

/// The day of the last adoption: codes that ended by then find nobody (R3).
fn adoption(facts: &[Assertion]) -> Option<Date> {
    let days = facts.iter().filter_map(|assertion| match assertion.value {
        Value::Code { reason: CodeReason::Adoption, .. } => Some(first(assertion.from)),
        _ => None,
    });
    days.max()
}
