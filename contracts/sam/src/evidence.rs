//! How a callee checks a person's evidence: `sam`'s statement of a login (PROTOCOLS §1, §4).

use std::collections::BTreeMap;

use activation_contract::{SamKeys, Statement, typ};
use jose::jwk::{Jwk, Key};
use jose::jws::{Accept, Algorithm, Jws};
use links::{Party, PersonProof, ProofError, house};

/// What a callee believes persons' evidence by.
///
/// The door compares [`PersonProof::until`] with the clock; [`Evidence::person`] is what a
/// `links::Verifier` answers.
#[derive(Clone, Debug)]
pub struct Evidence {
    answers: Jwk,
    clients: BTreeMap<Party, Vec<String>>,
}

impl Evidence {
    /// By `sam`'s answer key; each party brings statements only for the clients named beside it:
    /// its own, or those that it forwards.
    ///
    /// # Errors
    /// [`ProofError::Refused`] for keys of another form.
    pub fn new(keys: &SamKeys, clients: BTreeMap<Party, Vec<String>>) -> Result<Self, ProofError> {
        let answers = Key::from_spki(&keys.answers.0).map_err(|_| ProofError::Refused)?;
        Ok(Self { answers: Jwk::from(answers), clients })
    }

    /// What `evidence` that `from` brings shows.
    ///
    /// # Errors
    /// [`ProofError::Refused`]
    pub fn person(&self, from: &Party, evidence: &str) -> Result<PersonProof, ProofError> {
        let read = statement(evidence, &self.answers).ok_or(ProofError::Refused)?;
        let clients = self.clients.get(from).ok_or(ProofError::Refused)?;
        if !clients.contains(&read.client) {
            return Err(ProofError::Refused);
        }
        Ok(PersonProof { person: read.person, level: read.level, until: read.until })
    }
}

/// The statement in a compact token under `sam`'s answer key; none when it is no such thing.
#[must_use]
pub fn statement(token: &str, answers: &Jwk) -> Option<Statement> {
    let read = Jws::parse(token, Accept::only(typ::STATEMENT, &[Algorithm::Es256])).ok()?;
    read.verify(answers, house()).ok()?.claims().ok()
}
