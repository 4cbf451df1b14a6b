//! What other processes of the house call.

use std::sync::Arc;

use links::{Asked, Doors, Party, SystemsOnly};
use pki_contract::{
    ChangeOfficers, ChangeStatus, CurrentList, EnterStanding, Issue, IssueInfrastructure,
    SIGNER_TABLE,
};

use crate::CaSigner;

impl CaSigner {
    /// Its doors as `callee`, for these `callers` only: what they bring decides, not who they are.
    /// A standing approval alone is for the one system that it names.
    #[must_use]
    pub fn doors(self: &Arc<Self>, callee: Party, callers: Vec<Party>) -> Doors {
        let clock = Arc::clone(&self.clock);
        let own = || Arc::clone(self);
        let (issues, machines, changes) = (own(), own(), own());
        let (lists, stands, officers) = (own(), own(), own());
        Doors::new(callee, clock, Arc::new(SystemsOnly(callers)))
            .taking(SIGNER_TABLE)
            .answer(move |_: Asked, issue: Issue| {
                let own = Arc::clone(&issues);
                async move { own.issue(issue).await }
            })
            .answer(move |asked: Asked, issue: IssueInfrastructure| {
                let own = Arc::clone(&machines);
                async move { own.issue_infrastructure(&asked.from, issue).await }
            })
            .answer(move |_: Asked, change: ChangeStatus| {
                let own = Arc::clone(&changes);
                async move { own.change_status(change).await }
            })
            .answer(move |_: Asked, wanted: CurrentList| {
                let own = Arc::clone(&lists);
                async move { own.current_list(wanted).await }
            })
            .answer(move |_: Asked, enter: EnterStanding| {
                let own = Arc::clone(&stands);
                async move { own.enter_standing(enter).await }
            })
            .answer(move |_: Asked, change: ChangeOfficers| {
                let own = Arc::clone(&officers);
                async move { own.change_officers(change).await }
            })
    }
}
