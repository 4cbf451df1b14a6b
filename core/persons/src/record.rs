//! Writing facts: an entry's rows, indexes and events in one transaction with the record.

use audit::{Look, Sight};
use base::{Identifier, PersonId, Time};
use persons_contract::{
    Assertion, CaseId, Change, CodeReason, Event, EventKind, FactId, Kind, NameForm, RecordFacts,
    RecordRefusal, Recorded, Source, Value,
};
use store::{StoreError, Tx, outbox, values};

use crate::asking::Asking;
use crate::failed::{Failed, once, outcome};
use crate::ledger::{self, Ledger, Verdict};
use crate::permission::Permission;
use crate::persons::Persons;
use crate::row::{self, FactRow, json};
use crate::value;

/// The most changes of one call.
pub(crate) const MOST: usize = 50;

/// What is drawn before the transaction, which may run again.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) person: PersonId,
    pub(crate) writer: String,
    pub(crate) at: Time,
    pub(crate) approval: Option<String>,
    pub(crate) receivers: Vec<String>,
    /// One for each event and receiver there can be.
    pub(crate) events: Vec<outbox::EventId>,
}

/// One change with the ids drawn for it.
#[derive(Clone)]
enum Step {
    Assert { fact: FactId, case: CaseId, assertion: Box<Assertion> },
    Retract { fact: FactId, old: FactId, basis: String, source: Source },
}

/// The changes of one call, everything drawn.
struct Batch {
    plan: Plan,
    steps: Vec<Step>,
    /// The revision that the writer looked at.
    revision: i64,
}

impl Batch {
    fn write(&self, tx: &mut Tx) -> Result<Recorded, Failed<RecordRefusal>> {
        let person = self.plan.person;
        let revision = changed(tx, person, self.revision)?;
        let rows = row::facts(tx, person)?.into_iter().map(|related| related.row).collect();
        let mut writing = Writing::new(&self.plan, Ledger::new(rows));
        let facts = self.steps.iter().map(|step| writing.take(tx, step)).collect::<Result<_, _>>();
        let (facts, cases) = (facts?, writing.finish(tx, revision)?);
        Ok(Recorded { revision, facts, cases })
    }
}

impl Persons {
    /// Writes changes of one entry, all or none, each by a competent writer (R33).
    ///
    /// # Errors
    /// [`RecordRefusal`].
    pub async fn record(
        &self,
        asking: &Asking,
        ask: RecordFacts,
    ) -> Result<Recorded, RecordRefusal> {
        self.recorded(asking, ask).await.map_err(Failed::refusal)
    }

    async fn recorded(
        &self,
        asking: &Asking,
        ask: RecordFacts,
    ) -> Result<Recorded, Failed<RecordRefusal>> {
        let (look, writer) = self.writer(asking, "persons/record").await?;
        let RecordFacts { person, revision, changes } = ask;
        if changes.is_empty() || changes.len() > MOST {
            return self.refused(&look, RecordRefusal::Count).await;
        }
        let recodes = changes.iter().any(is_code);
        let steps: Result<Vec<_>, _> =
            changes.into_iter().map(|change| self.step(change, &writer)).collect();
        let steps = match steps {
            Ok(steps) => steps,
            Err(refusal) => return self.refused(&look, refusal).await,
        };
        if self.revision(person).await?.is_none() {
            return self.refused(&look, RecordRefusal::NotFound).await;
        }
        let groups = vec!["facts".to_owned()];
        let sights = [Sight { person, revision: revision + 1, groups }];
        let plan = self.plan(person, writer, asking, steps.len());
        let (key, batch) = (asking.key.clone(), Batch { plan, steps, revision });
        let done = self.log.act("persons.record", &look, &sights, move |tx| {
            once(tx, key.as_ref(), |tx| batch.write(tx))
        });
        let recorded = outcome(done.await)?;
        if recodes {
            self.log.code_changed(person).await?;
        }
        Ok(recorded)
    }

    /// A change with ids, its value in stored form, its writer competent.
    fn step(&self, change: Change, writer: &str) -> Result<Step, RecordRefusal> {
        let fact = FactId::random(self.chance.as_ref());
        match change {
            Change::Assert(assertion) => {
                let kind = assertion.value.kind();
                if kind == Kind::Death || !country::competent(writer, kind.name(), self.today()) {
                    return Err(RecordRefusal::NotCompetent(kind));
                }
                let assertion = Box::new(value::checked(assertion)?);
                Ok(Step::Assert { fact, case: CaseId::random(self.chance.as_ref()), assertion })
            }
            Change::Retract { fact: old, basis, source } => {
                let fits = value::text(&basis) && value::source(&source);
                let step = Step::Retract { fact, old, basis, source };
                fits.then_some(step).ok_or(RecordRefusal::NoFact)
            }
        }
    }

    /// The permission of a call that writes, and as which kind of writer it does.
    pub(crate) async fn writer(
        &self,
        asking: &Asking,
        operation: &'static str,
    ) -> Result<(Look, String), Failed<RecordRefusal>> {
        let permitted = self.permitted(asking, operation, "change").await;
        let (look, Permission { writer, .. }) =
            permitted.map_err(|failed| failed.with(RecordRefusal::from))?;
        match writer {
            Some(writer) => Ok((look, writer)),
            None => self.refused(&look, RecordRefusal::NotPermitted).await,
        }
    }

    pub(crate) async fn revision(&self, person: PersonId) -> Result<Option<i64>, StoreError> {
        let found = self.store.read("persons.revision", move |tx| {
            tx.first("SELECT revision FROM persons_person WHERE person = $1", values![person])
        });
        Ok(found.await?.map(|(revision,): (i64,)| revision))
    }

    pub(crate) fn plan(
        &self,
        person: PersonId,
        writer: String,
        asking: &Asking,
        changes: usize,
    ) -> Plan {
        let count = changes * self.receivers.len();
        let draw = |_| outbox::EventId::random(self.chance.as_ref());
        Plan {
            person,
            writer,
            at: self.clock.now(),
            approval: asking.approval(),
            receivers: self.receivers.clone(),
            events: (0..count).map(draw).collect(),
        }
    }
}

fn is_code(change: &Change) -> bool {
    matches!(
        change,
        Change::Assert(Assertion { value: Value::Code { .. } | Value::Link { .. }, .. })
    ) || matches!(change, Change::Retract { .. })
}

/// The next revision, if the entry is still where the writer looked at it.
fn changed(tx: &mut Tx, person: PersonId, seen: i64) -> Result<i64, Failed<RecordRefusal>> {
    let rows = tx.update(
        "UPDATE persons_person SET revision = revision + 1 WHERE person = $1 AND revision = $2",
        values![person, seen],
    )?;
    if rows == 1 { Ok(seen + 1) } else { Err(Failed::Refused(RecordRefusal::Changed)) }
}

/// Changes being written.
pub(crate) struct Writing<'a> {
    plan: &'a Plan,
    pub(crate) ledger: Ledger,
    events: Vec<EventKind>,
    cases: Vec<CaseId>,
}

impl<'a> Writing<'a> {
    pub(crate) fn new(plan: &'a Plan, ledger: Ledger) -> Self {
        Self { plan, ledger, events: Vec::new(), cases: Vec::new() }
    }

    fn take(&mut self, tx: &mut Tx, step: &Step) -> Result<Option<FactId>, Failed<RecordRefusal>> {
        match step {
            Step::Assert { fact, case, assertion } => {
                self.assert(tx, *fact, *case, assertion.as_ref().clone())
            }
            Step::Retract { fact, old, basis, source } => {
                let row = self.retraction(*fact, *old, basis, source)?;
                if row.kind == Kind::Death {
                    return Err(Failed::Refused(RecordRefusal::NotCompetent(Kind::Death)));
                }
                self.ledger.retract(row.clone()).map_err(Failed::Refused)?;
                self.taken_back(tx, &row)?;
                Ok(Some(*fact))
            }
        }
    }

    /// Asserts; or opens a case where another writer's fact stands against it.
    pub(crate) fn assert(
        &mut self,
        tx: &mut Tx,
        fact: FactId,
        case: CaseId,
        assertion: Assertion,
    ) -> Result<Option<FactId>, Failed<RecordRefusal>> {
        let Plan { person, writer, at, .. } = self.plan;
        self.known(tx, &assertion.value)?;
        let text = json(&assertion)?;
        let row = FactRow::asserted((*person, fact), assertion, writer, *at);
        let change = self.told(&row);
        match self.ledger.assert(row.clone()).map_err(Failed::Refused)? {
            Verdict::Written => {
                self.indexed(tx, &row)?;
                tx.append(&[row.row()?])?;
                self.events.extend(change);
                Ok(Some(fact))
            }
            Verdict::Case(against) => {
                tx.insert(
                    "INSERT INTO persons_case (case_id, person, against, assertion, writer,
                         opened_at, state) VALUES ($1, $2, $3, $4, $5, $6, 'open')",
                    values![case, *person, against, text, writer, *at],
                )?;
                self.cases.push(case);
                Ok(None)
            }
        }
    }

    /// A row that takes back `old`.
    pub(crate) fn retraction(
        &self,
        fact: FactId,
        old: FactId,
        basis: &str,
        source: &Source,
    ) -> Result<FactRow, Failed<RecordRefusal>> {
        let stands = self.ledger.stands(old).map_err(Failed::Refused)?.clone();
        Ok(FactRow {
            fact,
            value: None,
            writer: self.plan.writer.clone(),
            basis: basis.to_owned(),
            source: source.clone(),
            supersedes: Some(old),
            recorded_at: self.plan.at,
            ..stands
        })
    }

    /// Writes a retraction and what follows for searches.
    pub(crate) fn taken_back(&mut self, tx: &mut Tx, row: &FactRow) -> Result<(), StoreError> {
        let old = row.supersedes;
        tx.insert(
            "UPDATE persons_code SET found = 0, held = 0 WHERE fact = $1 AND kind = 'code'",
            values![old],
        )?;
        tx.insert("DELETE FROM persons_code WHERE fact = $1 AND kind = 'link'", values![old])?;
        self.unnamed(tx, old)?;
        tx.append(&[row.row()?])
    }

    /// Says an event that comes of this writing.
    pub(crate) fn tell(&mut self, event: EventKind) {
        self.events.push(event);
    }

    /// Protection and events; gives the cases that were opened.
    pub(crate) fn finish(self, tx: &mut Tx, revision: i64) -> Result<Vec<CaseId>, StoreError> {
        let person = self.plan.person;
        if self.ledger.held(Kind::Protection, None) {
            tx.insert(
                "UPDATE persons_person SET protection = $2 WHERE person = $1",
                values![person, ledger::protection(self.ledger.standing())],
            )?;
        }
        let approval = self.plan.approval.clone();
        let mut ids = self.plan.events.iter();
        for what in self.events {
            let name = what.topic().to_owned();
            let event = Event { person, revision, what, approval: approval.clone() };
            let body = json(&event)?.into_bytes();
            for (destination, id) in self.plan.receivers.iter().zip(&mut ids) {
                let (subject, at) = (person.bytes().to_vec(), self.plan.at);
                let (destination, body) = (destination.clone(), body.clone());
                let name = name.clone();
                outbox::put(tx, outbox::Message { id: *id, destination, name, subject, at, body })?;
            }
        }
        Ok(self.cases)
    }

    /// Whoever a value names must be in the register, and another.
    fn known(&self, tx: &mut Tx, value: &Value) -> Result<(), Failed<RecordRefusal>> {
        let Some(other) = value.other() else { return Ok(()) };
        let found: Option<(i64,)> =
            tx.first("SELECT revision FROM persons_person WHERE person = $1", values![other])?;
        if found.is_some() && other != self.plan.person {
            Ok(())
        } else {
            Err(Failed::Refused(RecordRefusal::Value(value.kind())))
        }
    }

    /// What others are told of this row.
    fn told(&self, row: &FactRow) -> Option<EventKind> {
        if row.to.is_some() {
            return None;
        }
        let before = |kind| self.ledger.standing().filter(move |old| old.kind == kind);
        match row.value.as_ref()? {
            Value::Code { code: new, reason } => {
                let codes = before(Kind::Code).filter_map(|old| match &old.value {
                    Some(Value::Code { code, .. }) if code != new => Some(code.clone()),
                    _ => None,
                });
                let old = codes.last()?;
                let old = (*reason != CodeReason::Adoption).then_some(old);
                Some(EventKind::CodeChanged { old, new: new.clone() })
            }
            name @ Value::Name { form: NameForm::National, .. } => {
                let national = |old: &&FactRow| {
                    matches!(old.value, Some(Value::Name { form: NameForm::National, .. }))
                        && old.value.as_ref() != Some(name)
                };
                before(Kind::Name).find(national).map(|_| EventKind::NameChanged)
            }
            _ => None,
        }
    }

    /// What searches find by this row.
    fn indexed(&self, tx: &mut Tx, row: &FactRow) -> Result<(), Failed<RecordRefusal>> {
        let person = self.plan.person;
        self.unnamed(tx, row.supersedes)?;
        match &row.value {
            // An adoption that is written down when it is already over would leave its former code
            // findable.
            Some(Value::Code { reason: CodeReason::Adoption, .. })
                if row.to.is_some() && row.supersedes.is_none() =>
            {
                Err(Failed::Refused(RecordRefusal::Value(Kind::Code)))
            }
            Some(Value::Code { code, reason }) => {
                self.earlier_codes(tx, row, code, *reason)?;
                coded(tx, row, &code.x509(), "code")
            }
            Some(Value::Link { identifier, .. }) => coded(tx, row, &identifier.x509(), "link"),
            Some(Value::Name { given, surname, .. }) => {
                let fold = country::fold(&[given.concat(), surname.concat()].concat());
                Ok(tx.insert(
                    "INSERT INTO persons_name (fold, version, person, fact)
                     VALUES ($1, $2, $3, $4)",
                    values![fold, country::FOLD_VERSION, person, row.fact],
                )?)
            }
            _ => Ok(()),
        }
    }

    /// Codes given before are held no more, and after an adoption find nobody (R3).
    ///
    /// Who has none is not looked up: the look would lock index pages that others insert into.
    fn earlier_codes(
        &self,
        tx: &mut Tx,
        row: &FactRow,
        code: &Identifier,
        reason: CodeReason,
    ) -> Result<(), StoreError> {
        if row.to.is_some() || !self.ledger.held(Kind::Code, Some(row.fact)) {
            return Ok(());
        }
        tx.insert(
            "UPDATE persons_code SET held = 0, found = CASE WHEN $3 = 1 THEN 0 ELSE found END
             WHERE person = $1 AND kind = 'code' AND code <> $2",
            values![row.person, code.x509(), reason == CodeReason::Adoption],
        )
    }

    fn unnamed(&self, tx: &mut Tx, old: Option<FactId>) -> Result<(), StoreError> {
        let Some(old) = old else { return Ok(()) };
        tx.insert(
            "DELETE FROM persons_name WHERE person = $1 AND fact = $2",
            values![self.plan.person, old],
        )
    }
}

/// Gives the code to the person: by writing, so that none is given twice (R2).
fn coded(
    tx: &mut Tx,
    row: &FactRow,
    code: &str,
    kind: &'static str,
) -> Result<(), Failed<RecordRefusal>> {
    let given = tx.update(
        "INSERT INTO persons_code (code, person, fact, kind, found, held)
         VALUES ($1, $2, $3, $4, 1, $5)
         ON CONFLICT (code) DO UPDATE SET fact = excluded.fact, held = excluded.held
         WHERE persons_code.person = excluded.person AND persons_code.kind = excluded.kind",
        values![code, row.person, row.fact, kind, row.to.is_none()],
    )?;
    if given == 1 { Ok(()) } else { Err(Failed::Refused(RecordRefusal::CodeTaken)) }
}
