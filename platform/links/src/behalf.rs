//! For whom a call is made, and what proves it.

use std::pin::Pin;

use base::{PersonId, Time};
use jose::jwk::Jwk;
use serde::{Deserialize, Serialize};

use crate::Party;

/// For whom a call is made, as its caller claims. Spec: PROTOCOLS §1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum OnBehalf {
    /// For a person who logged in.
    Person {
        /// A compact JWS: `sam`'s statement.
        evidence: String,
    },
    /// By an officer, with a key of a desk or command line.
    Officer {
        /// A compact JWS over an [`crate::OfficerCall`].
        proof: String,
    },
    /// Under a permission: only as strong as the link's key.
    Permission {
        /// Its number: 1 to 64 letters, digits or `-./`.
        number: String,
    },
    /// By a system for itself: only as strong as the link's key.
    System {
        /// Which job: 1 to 64 letters, digits or `-./`.
        job: String,
    },
}

/// The kinds of [`OnBehalf`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// [`OnBehalf::Person`]
    Person,
    /// [`OnBehalf::Officer`]
    Officer,
    /// [`OnBehalf::Permission`]
    Permission,
    /// [`OnBehalf::System`]
    System,
}

impl OnBehalf {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Person { .. } => Kind::Person,
            Self::Officer { .. } => Kind::Officer,
            Self::Permission { .. } => Kind::Permission,
            Self::System { .. } => Kind::System,
        }
    }
}

/// Which operation takes which kinds: one per contract, beside its operations.
///
/// ```
/// use links::{Kind, Table};
///
/// const TABLE: Table = Table(&[
///     ("persons/find", &[Kind::Officer, Kind::Permission]),
///     ("persons/own-entry", &[Kind::Person]),
/// ]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Table(pub &'static [(&'static str, &'static [Kind])]);

impl Table {
    pub(crate) fn kinds(self, operation: &str) -> Option<&'static [Kind]> {
        self.0.iter().find(|(name, _)| *name == operation).map(|(_, kinds)| *kinds)
    }
}

/// For whom a call is made, as the callee has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proved {
    /// For this person.
    Person(PersonProof),
    /// By the officer of this id, whose signature covers callee, operation and payload.
    Officer(String),
    /// Under the permission of this number, which the callee knows.
    Permission(String),
    /// By the calling system's job of this name.
    System(String),
}

impl Proved {
    /// What idempotency keys are scoped to; nothing in it holds a blank.
    pub(crate) fn scope(&self) -> String {
        match self {
            Self::Person(proof) => format!("person:{}", proof.person),
            Self::Officer(id) => format!("officer:{id}"),
            Self::Permission(number) => format!("permission:{number}"),
            Self::System(job) => format!("system:{job}"),
        }
    }
}

/// What a person's evidence shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonProof {
    /// Who.
    pub person: PersonId,
    /// The level of assurance reached.
    pub level: String,
    /// Until when the evidence may be used; later it is refused.
    pub until: Time,
}

/// An officer whom the callee knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// By what records name them.
    pub id: String,
    /// The key of their desk or command line.
    pub key: Jwk,
}

/// Why a proof is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It proves nothing, here or from there.
    #[error("the proof does not hold")]
    Refused,
    /// It cannot be checked at the moment.
    #[error("the proof cannot be checked at the moment")]
    Unavailable,
}

/// What a [`Verifier`] will answer.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How a callee checks proofs. It knows which systems may bring which, and states only the kinds
/// that it takes: every other is refused.
pub trait Verifier: Send + Sync + 'static {
    /// Checks a person's `evidence` that `from` brings: signature, and that its client is `from`
    /// or one for whom `from` may forward. [`PersonProof::until`] is compared by the door.
    fn person<'a>(
        &'a self,
        _from: &'a Party,
        _evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        refused()
    }

    /// The officer whose key is named `kid`, as of now. The door checks the signature.
    fn officer<'a>(&'a self, _kid: &'a str) -> Pending<'a, Result<Officer, ProofError>> {
        refused()
    }

    /// Whether `from` may call `operation` under the permission `number`.
    fn permission<'a>(
        &'a self,
        _from: &'a Party,
        _number: &'a str,
        _operation: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        refused()
    }

    /// Whether `from` may call `operation` for itself.
    fn system<'a>(
        &'a self,
        _from: &'a Party,
        _job: &'a str,
        _operation: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        refused()
    }
}

fn refused<'a, T: Send + 'a>() -> Pending<'a, Result<T, ProofError>> {
    Box::pin(std::future::ready(Err(ProofError::Refused)))
}

/// A verifier that takes these systems for themselves and refuses every other proof.
#[derive(Clone, Debug)]
pub struct SystemsOnly(pub Vec<Party>);

impl Verifier for SystemsOnly {
    fn system<'a>(
        &'a self,
        from: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        let known = if self.0.contains(from) { Ok(()) } else { Err(ProofError::Refused) };
        Box::pin(std::future::ready(known))
    }
}
