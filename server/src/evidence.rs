//! What proves for whom a call is made, as every part of the web process checks it.

use std::collections::BTreeMap;
use std::future::ready;

use links::{Officer, Party, Pending, PersonProof, ProofError, Verifier};

/// The rules of one callee.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// How persons' statements are checked; none where `sam` does not run.
    pub(crate) persons: Option<sam_contract::Evidence>,
    /// Officers by the thumbprint of their key.
    pub(crate) officers: BTreeMap<String, Officer>,
    /// Who may call for itself.
    pub(crate) systems: Vec<Party>,
}

impl Verifier for Evidence {
    fn person<'a>(
        &'a self,
        from: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        let persons = self.persons.as_ref().ok_or(ProofError::Refused);
        Box::pin(ready(persons.and_then(|persons| persons.person(from, evidence))))
    }

    fn officer<'a>(&'a self, kid: &'a str) -> Pending<'a, Result<Officer, ProofError>> {
        Box::pin(ready(self.officers.get(kid).cloned().ok_or(ProofError::Refused)))
    }

    /// The callee looks the number up itself, so that a refusal leaves a record.
    fn permission<'a>(
        &'a self,
        _: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        Box::pin(ready(Ok(())))
    }

    fn system<'a>(
        &'a self,
        from: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        let known = self.systems.contains(from);
        Box::pin(ready(known.then_some(()).ok_or(ProofError::Refused)))
    }
}
