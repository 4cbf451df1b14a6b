//! What proves for whom a call is made, as every part of the web process checks it.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;

use activation_contract::{Statement, typ};
use jose::jwk::Jwk;
use jose::jws::{Accept, Jws};
use keys::{Suite, allowed};
use links::{Officer, Party, Pending, PersonProof, ProofError, Verifier};

/// The rules of one callee.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// The key under which `sam` states logins; none where `sam` does not run.
    pub(crate) sam: Option<Jwk>,
    /// Who may bring the statement of a login for another client: the identity platform for its
    /// clients, the signing platform for the portal.
    pub(crate) forwarders: Vec<Party>,
    /// Officers by the thumbprint of their key.
    pub(crate) officers: Arc<BTreeMap<String, Officer>>,
    /// Who may call for itself.
    pub(crate) systems: Vec<Party>,
}

impl Evidence {
    /// Takes these systems for themselves, permissions for the callee to judge, and no person's
    /// or officer's proof.
    pub(crate) fn of_systems(systems: Vec<Party>) -> Self {
        Self { sam: None, forwarders: Vec::new(), officers: Arc::default(), systems }
    }

    /// The person of a statement that `sam` made for whoever calls. Spec: PROTOCOLS §1, §4.
    fn stated(&self, from: &Party, evidence: &str) -> Option<PersonProof> {
        let token =
            Jws::parse(evidence, Accept::only(typ::STATEMENT, &[jose::jws::Algorithm::Es256]))
                .ok()?;
        let verified = token.verify(self.sam.as_ref()?, allowed(Suite::House)).ok()?;
        let statement: Statement = verified.claims().ok()?;
        let own = statement.client == from.part() || self.forwarders.contains(from);
        own.then_some(PersonProof {
            person: statement.person,
            level: statement.level,
            until: statement.until,
        })
    }
}

impl Verifier for Evidence {
    fn person<'a>(
        &'a self,
        from: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        Box::pin(ready(self.stated(from, evidence).ok_or(ProofError::Refused)))
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
