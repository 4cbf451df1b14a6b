//! Who asks, for whom, for what: what a link says and a call carries.

use audit::{Actor, ActorKind, Class, Disclosure, Look};
use base::{ActingFor, Date, Owner, PersonId, Time};
use links::{Asked, Kind, Proved};
use store::idempotency::Key;

use crate::permission::Permission;

/// The circumstances of one call. `system` and `owner` come from the link, the rest from the call,
/// its proofs checked by the door.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The calling system: `owner/part`.
    pub system: String,
    /// Whose system it is.
    pub owner: Owner,
    /// On whose behalf.
    pub on_behalf: OnBehalf,
    /// For whom that one acts.
    pub acting_for: ActingFor,
    /// What for.
    pub purpose: String,
    /// The case it belongs to.
    pub case: Option<String>,
    /// By what way: `api`, `portal`, `desk`.
    pub channel: String,
    /// The request's id, by which support finds it.
    pub request: String,
    /// The key under which a write is done once; looks are made again.
    pub key: Option<Key>,
}

/// On whose behalf a system calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnBehalf {
    /// A person who is logged in; the evidence was checked.
    Person(PersonId),
    /// An officer whose signature over this call was checked.
    Officer {
        /// Who, to whoever may unseal it: never a code or a name.
        pseudonym: String,
        /// The signature, for those who act on the event and check it themselves.
        approval: Option<String>,
    },
    /// A permission of the system's, by number.
    Permission(String),
    /// A job of the system's own.
    System(String),
}

impl OnBehalf {
    /// Its kind.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Person(_) => Kind::Person,
            Self::Officer { .. } => Kind::Officer,
            Self::Permission(_) => Kind::Permission,
            Self::System(_) => Kind::System,
        }
    }

    /// Whether `operation` takes its kind: the door has asked already, and a caller in this
    /// process has not.
    pub(crate) fn taken(&self, operation: &str) -> bool {
        let row = persons_contract::TABLE.0.iter().find(|(name, _)| *name == operation);
        row.is_some_and(|(_, kinds)| kinds.contains(&self.kind()))
    }
}

impl Asking {
    /// What a door proved. `approval`: the officer's signature, which the door has checked.
    #[must_use]
    pub fn over(asked: &Asked, approval: Option<String>, request: String, now: Time) -> Self {
        let key = asked.key.as_deref();
        let key = key.map(|key| Key::new(&asked.scope(), key.as_bytes(), &asked.payload, now));
        let on_behalf = match &asked.behalf {
            Proved::Person(proof) => OnBehalf::Person(proof.person),
            Proved::Officer(pseudonym) => {
                OnBehalf::Officer { pseudonym: pseudonym.clone(), approval }
            }
            Proved::Permission(number) => OnBehalf::Permission(number.clone()),
            Proved::System(job) => OnBehalf::System(job.clone()),
        };
        Self {
            system: asked.from.to_string(),
            owner: asked.from.owner.clone(),
            on_behalf,
            acting_for: asked.acting_for.clone(),
            purpose: asked.purpose.clone(),
            case: None,
            channel: "link".to_owned(),
            request,
            key,
        }
    }

    /// The officer's approval, where there is one.
    pub(crate) fn approval(&self) -> Option<String> {
        match &self.on_behalf {
            OnBehalf::Officer { approval, .. } => approval.clone(),
            _ => None,
        }
    }

    /// What its records will say (R39); `class` is the country pack's.
    pub(crate) fn look(
        &self,
        operation: &str,
        class: &'static str,
        permission: Option<&Permission>,
        today: Date,
    ) -> Look {
        let basis = permission.map_or("GDPR Art. 15", |permission| &permission.legal_basis);
        let organisation = permission.map_or(self.owner.name(), |own| &own.organisation);
        let months = country::retention(class, today).map_or(120, |rule| rule.says.months);
        Look {
            system: self.system.clone(),
            operation: operation.to_owned(),
            actor: self.actor(),
            organisation: organisation.to_owned(),
            acting_for: self.acting_for.clone(),
            purpose: self.purpose.clone(),
            legal_basis: basis.to_owned(),
            permission: permission.map(|permission| permission.number.clone()),
            case: self.case.clone(),
            channel: self.channel.clone(),
            request: self.request.clone(),
            terms: None,
            extra: None,
            class: Class { name: class.to_owned(), months },
            disclosure: Disclosure::Visible,
        }
    }

    fn actor(&self) -> Actor {
        let (kind, pseudonym) = match &self.on_behalf {
            OnBehalf::Person(person) => (ActorKind::Person, person.to_string()),
            OnBehalf::Officer { pseudonym, .. } => (ActorKind::Official, pseudonym.clone()),
            OnBehalf::Permission(_) => (ActorKind::System, self.system.clone()),
            OnBehalf::System(job) => (ActorKind::System, job.clone()),
        };
        Actor { kind, pseudonym }
    }
}
