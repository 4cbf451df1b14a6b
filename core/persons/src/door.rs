//! The register's operations at its doors.

use std::future::Future;

use base::Id;
use links::{Asked, Doors, Operation};
use persons_contract::{
    AnnulDeath, ConfirmDeath, EnterPerson, FindPerson, GrantHandle, HandleKeys, OwnEntry,
    OwnLookProof, OwnLooks, RecordFacts, ReportDeath, SearchPersons, TABLE,
};

use crate::asking::Asking;
use crate::persons::Persons;

impl Persons {
    /// `doors`, answering every operation of the contract.
    ///
    /// Which permission covers a call is asked here, where a refusal leaves a record: the
    /// verifier may let every permission number pass.
    #[must_use]
    pub fn answering(&self, doors: Doors) -> Doors {
        let doors = doors.taking(TABLE);
        let doors = self.answer(doors, |persons, asking, ask: FindPerson| async move {
            persons.find(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: SearchPersons| async move {
            persons.search(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: OwnEntry| async move {
            persons.own_entry(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: OwnLooks| async move {
            persons.own_looks(&asking, &ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: OwnLookProof| async move {
            persons.own_look_proof(&asking, &ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: EnterPerson| async move {
            persons.enter(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: RecordFacts| async move {
            persons.record(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: ReportDeath| async move {
            persons.report_death(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: ConfirmDeath| async move {
            persons.confirm_death(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: AnnulDeath| async move {
            persons.annul_death(&asking, ask).await
        });
        let doors = self.answer(doors, |persons, asking, ask: GrantHandle| async move {
            persons.grant_handle(&asking, ask).await
        });
        self.answer(doors, |persons, _, ask: HandleKeys| async move { persons.handle_key(&ask) })
    }

    /// `doors`, answering `O` with a register of its own and who asks.
    fn answer<O, F, A>(&self, doors: Doors, function: F) -> Doors
    where
        O: Operation,
        F: Fn(Self, Asking, O) -> A + Send + Sync + 'static,
        A: Future<Output = Result<O::Answer, O::Refusal>> + Send + 'static,
    {
        let persons = self.clone();
        doors.answer(move |asked: Asked, ask: O| {
            let asking = persons.asking(&asked);
            function(persons.clone(), asking, ask)
        })
    }

    fn asking(&self, asked: &Asked) -> Asking {
        let request = Id::<()>::random(self.chance.as_ref()).to_string();
        Asking::over(asked, None, request, self.clock.now())
    }
}
