//! Death in two steps, and its annulment (R34).

use audit::{Look, Sight};
use base::{PartialDate, PersonId};
use persons_contract::{
    AnnulDeath, Assertion, Confidence, ConfirmDeath, DeathRefusal, EventKind, FactId, Kind, Life,
    LifeAnswer, RecordRefusal, ReportDeath, Source, Value,
};
use store::idempotency::Key;
use store::{Tx, values};

use crate::asking::Asking;
use crate::failed::{Failed, once, outcome};
use crate::ledger::Ledger;
use crate::persons::Persons;
use crate::record::{Plan, Writing};
use crate::row::{self, FactRow};
use crate::value;

/// What happens to a life in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeInput {
    /// A death is reported.
    Report,
    /// A reported death is confirmed.
    Confirm,
    /// A reported or confirmed death was none.
    Annul,
}

/// The step is not possible from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not possible where the life stands")]
pub struct StepError;

/// The whole law of a life in the register.
///
/// # Errors
/// [`StepError`]
pub fn step(life: Life, input: LifeInput) -> Result<Life, StepError> {
    match (life, input) {
        (Life::Alive, LifeInput::Report) => Ok(Life::Reported),
        (Life::Reported, LifeInput::Confirm) => Ok(Life::Confirmed),
        (Life::Reported | Life::Confirmed, LifeInput::Annul) => Ok(Life::Alive),
        _ => Err(StepError),
    }
}

/// A step to be taken, everything drawn.
struct Taking {
    input: LifeInput,
    plan: Plan,
    fact: FactId,
    date: Option<PartialDate>,
    act: Option<String>,
    basis: String,
    source: Source,
    key: Option<Key>,
}

impl Persons {
    /// Reports a death: receivers freeze.
    ///
    /// # Errors
    /// [`DeathRefusal`].
    pub async fn report_death(
        &self,
        asking: &Asking,
        ask: ReportDeath,
    ) -> Result<LifeAnswer, DeathRefusal> {
        let ReportDeath { person, date, basis, source } = ask;
        let what = (LifeInput::Report, Some(date), None);
        self.life(asking, "persons/report-death", person, what, (basis, source)).await
    }

    /// Confirms a reported death by its act: receivers revoke.
    ///
    /// # Errors
    /// [`DeathRefusal`].
    pub async fn confirm_death(
        &self,
        asking: &Asking,
        ask: ConfirmDeath,
    ) -> Result<LifeAnswer, DeathRefusal> {
        let ConfirmDeath { person, date, act, basis, source } = ask;
        let what = (LifeInput::Confirm, Some(date), Some(act));
        self.life(asking, "persons/confirm-death", person, what, (basis, source)).await
    }

    /// Takes a death back: receivers begin new issuance.
    ///
    /// # Errors
    /// [`DeathRefusal`].
    pub async fn annul_death(
        &self,
        asking: &Asking,
        ask: AnnulDeath,
    ) -> Result<LifeAnswer, DeathRefusal> {
        let AnnulDeath { person, basis, source } = ask;
        let what = (LifeInput::Annul, None, None);
        self.life(asking, "persons/annul-death", person, what, (basis, source)).await
    }

    async fn life(
        &self,
        asking: &Asking,
        operation: &'static str,
        person: PersonId,
        what: (LifeInput, Option<PartialDate>, Option<String>),
        (basis, source): (String, Source),
    ) -> Result<LifeAnswer, DeathRefusal> {
        let taken = async {
            let writer = self
                .writer(asking, operation)
                .await
                .map_err(|failed| failed.with(DeathRefusal::Record))?;
            let (look, writer) = writer;
            let ((input, date, act), fact) = (what, FactId::random(self.chance.as_ref()));
            let plan = self.plan(person, writer, asking, 1);
            let key = asking.key.clone();
            let taking = Taking { input, plan, fact, date, act, basis, source, key };
            self.take(look, taking).await
        };
        taken.await.map_err(Failed::refusal)
    }

    async fn take(&self, look: Look, taking: Taking) -> Result<LifeAnswer, Failed<DeathRefusal>> {
        let refused = |refusal| Failed::Refused(DeathRefusal::Record(refusal));
        let competent = country::competent(&taking.plan.writer, "death", self.today());
        let person = taking.plan.person;
        let known = self.revision(person).await?;
        let refusal = match known {
            _ if !competent => Some(RecordRefusal::NotCompetent(Kind::Death)),
            _ if !taking.fits() => Some(RecordRefusal::Value(Kind::Death)),
            None => Some(RecordRefusal::NotFound),
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            self.log.refused(&look).await?;
            return Err(refused(refusal));
        }
        let groups = vec!["life".to_owned()];
        let sight = Sight { person, revision: known.unwrap_or(0) + 1, groups };
        let sights = [sight];
        let done = self.log.act("persons.life", &look, &sights, move |tx| {
            once(tx, taking.key.as_ref(), |tx| taking.write(tx))
        });
        outcome(done.await)
    }
}

impl Taking {
    fn fits(&self) -> bool {
        let act = self.act.as_deref().is_none_or(|act| value::text(act) && act.len() <= 64);
        act && value::text(&self.basis) && value::source(&self.source)
    }

    fn write(&self, tx: &mut Tx) -> Result<LifeAnswer, Failed<DeathRefusal>> {
        let person = self.plan.person;
        let revision: Option<(i64,)> = tx.first(
            "UPDATE persons_person SET revision = revision + 1 WHERE person = $1
             RETURNING revision",
            values![person],
        )?;
        let (revision,) =
            revision.ok_or(Failed::Refused(DeathRefusal::Record(RecordRefusal::NotFound)))?;
        let rows = row::facts(tx, person)?.into_iter().map(|related| related.row).collect();
        let mut writing = Writing::new(&self.plan, Ledger::new(rows));
        let (life, standing) = standing(&writing.ledger);
        let next = step(life, self.input);
        let life = next.map_err(|StepError| Failed::Refused(DeathRefusal::Step))?;
        match standing {
            Some(old) if self.input == LifeInput::Annul => self.annul(tx, &mut writing, old)?,
            old => self.assert(tx, &mut writing, life, old)?,
        }
        writing.tell(match self.input {
            LifeInput::Report => EventKind::DeathReported,
            LifeInput::Confirm => EventKind::DeathConfirmed,
            LifeInput::Annul => EventKind::DeathAnnulled,
        });
        writing.finish(tx, revision)?;
        Ok(LifeAnswer { revision, life, fact: self.fact })
    }

    /// Whoever may confirm does so beside what another reported: the one kind of fact where a
    /// writer's row stands in place of another's, because the law makes it the same fact's step.
    fn assert(
        &self,
        tx: &mut Tx,
        writing: &mut Writing<'_>,
        state: Life,
        old: Option<FactId>,
    ) -> Result<(), Failed<DeathRefusal>> {
        let date = self.date.unwrap_or(PartialDate::Day(country::date(self.plan.at)));
        let assertion = Assertion {
            value: Value::Death { state, date, act: self.act.clone() },
            from: Some(date),
            to: None,
            basis: self.basis.clone(),
            source: self.source.clone(),
            confidence: Confidence::Verified,
            disputed: false,
            supersedes: old,
        };
        let of = (self.plan.person, self.fact);
        let row = FactRow::asserted(of, assertion, &self.plan.writer, self.plan.at);
        tx.append(&[row.row()?])?;
        writing.ledger.put(row);
        Ok(())
    }

    fn annul(
        &self,
        tx: &mut Tx,
        writing: &mut Writing<'_>,
        old: FactId,
    ) -> Result<(), Failed<DeathRefusal>> {
        let row = writing.retraction(self.fact, old, &self.basis, &self.source);
        let row = row.map_err(|failed| failed.with(DeathRefusal::Record))?;
        writing.taken_back(tx, &row)?;
        writing.ledger.put(row);
        Ok(())
    }
}

/// Where the life stands, and the fact that says so.
fn standing(ledger: &Ledger) -> (Life, Option<FactId>) {
    let deaths = ledger.standing().filter_map(|row| match row.value {
        Some(Value::Death { state, .. }) => Some((state, Some(row.fact))),
        _ => None,
    });
    deaths.max().unwrap_or((Life::Alive, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_goes_one_step_at_a_time_and_comes_back_only_by_annulment() {
        use LifeInput::{Annul, Confirm, Report};
        let table = [
            (Life::Alive, [Ok(Life::Reported), Err(StepError), Err(StepError)]),
            (Life::Reported, [Err(StepError), Ok(Life::Confirmed), Ok(Life::Alive)]),
            (Life::Confirmed, [Err(StepError), Err(StepError), Ok(Life::Alive)]),
        ];
        for (life, outcomes) in table {
            assert_eq!([Report, Confirm, Annul].map(|input| step(life, input)), outcomes);
        }
    }
}
