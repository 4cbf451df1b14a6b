//! Who asks, and what the records of it say.

use audit::{Actor, ActorKind, Class, Disclosure, Look, Sight};
use base::{Id, PersonId};
use links::{Asked, Proved};
use pki_contract::{Application, PkiRefusal, Subject};

use crate::pki::Pki;

/// What a certificate says of a person.
pub(crate) const GROUPS: [&str; 2] = ["names", "codes"];

impl Pki {
    /// What the records of a call say (R39).
    pub(crate) fn look(&self, asked: &Asked, class: &'static str) -> Look {
        let today = country::date(self.clock.now());
        let (kind, pseudonym) = match &asked.behalf {
            Proved::Person(proof) => (ActorKind::Person, proof.person.to_string()),
            Proved::Officer(id) => (ActorKind::Official, id.clone()),
            Proved::Permission(number) => (ActorKind::System, number.clone()),
            Proved::System(job) => (ActorKind::System, job.clone()),
        };
        let months = country::retention(class, today).map_or(120, |rule| rule.says.months);
        Look {
            system: asked.from.to_string(),
            operation: asked.operation.to_owned(),
            actor: Actor { kind, pseudonym },
            organisation: self.owner.name().to_owned(),
            acting_for: asked.acting_for.clone(),
            purpose: asked.purpose.clone(),
            legal_basis: "Regulation (EU) 910/2014 Art. 24".to_owned(),
            permission: None,
            case: None,
            channel: "link".to_owned(),
            request: Id::<()>::random(self.chance.as_ref()).to_string(),
            terms: None,
            extra: None,
            class: Class { name: class.to_owned(), months },
            disclosure: Disclosure::Visible,
        }
    }
}

/// A person shown, as of the register's `version`.
pub(crate) fn sight(person: PersonId, version: u64) -> Sight {
    let revision = i64::try_from(version).unwrap_or(i64::MAX);
    Sight { person, revision, groups: GROUPS.map(ToOwned::to_owned).to_vec() }
}

/// Whom an application shows.
pub(crate) fn shown(application: &Application) -> Option<Sight> {
    match &application.apply.subject {
        Subject::Person { person, register_version, .. } => Some(sight(*person, *register_version)),
        Subject::Machine { .. } => None,
    }
}

/// A person may ask about themselves, officers and systems about anybody.
pub(crate) fn may_see(asked: &Asked, person: PersonId) -> Result<(), PkiRefusal> {
    match &asked.behalf {
        Proved::Person(proof) if proof.person != person => Err(PkiRefusal::Unknown),
        _ => Ok(()),
    }
}
