//! Applying, and what officers and applicants see of it.

use audit::Seen;
use base::{Id, hex};
use links::{Asked, Proved};
use pki_contract::{
    Application, ApplicationsOf, Apply, Pending, PendingApplications, PkiRefusal,
    RefuseApplication, Subject, SubjectKey,
};
use store::{Tx, values};
use x509::{Algorithms, SignatureAlgorithm};

use crate::application::{self, Row, State};
use crate::asking::{may_see, shown};
use crate::failed::{Failed, unreadable};
use crate::pki::{Pki, sha256};

/// What a signature by a key over its own SPKI begins with.
const PROOF: &[u8] = b"sakta proof 1";

/// No reason is longer, in bytes.
const LONGEST_WHY: usize = 500;

impl Pki {
    pub(crate) async fn apply(&self, asked: Asked, apply: Apply) -> Result<Application, Failed> {
        let (applicant, person) = applicant(&asked, &apply)?;
        possessed(&apply.key, self.algorithms)?;
        // With a key of the caller's, the same call gives the same application.
        let id = match &asked.key {
            Some(key) => sha256(format!("{} {key}", asked.scope()).as_bytes()),
            None => self.chance.bytes(),
        };
        let id = hex(id.get(..16).unwrap_or_default());
        let body = serde_json::to_string(&apply).map_err(unreadable)?;
        let (look, now) = (self.look(&asked, "certificate"), self.clock.now());
        let sights: Vec<_> = subject_sight(&apply.subject).into_iter().collect();
        let row = self.log.act("pki.apply", &look, &sights, move |tx| {
            let profile = profile_of(tx, &apply)?;
            let who = (id.as_str(), person, applicant.as_str());
            application::enter(tx, who, (&body, profile), now)?;
            let row = application::of_id(tx, &id)?.ok_or(PkiRefusal::Unknown)?;
            // The key of another call may not be used for this one.
            if row.apply == apply { Ok(row) } else { Err(Failed::from(PkiRefusal::Key)) }
        });
        Ok(row.await?.shown())
    }

    pub(crate) async fn pending(
        &self,
        asked: Asked,
        _: PendingApplications,
    ) -> Result<Pending, Failed> {
        let look = self.look(&asked, "look");
        self.log
            .seen("pki.pending", &look, |tx| Ok::<_, Failed>(listed(application::waiting(tx)?)))
            .await
    }

    pub(crate) async fn applications_of(
        &self,
        asked: Asked,
        of: ApplicationsOf,
    ) -> Result<Pending, Failed> {
        may_see(&asked, of.person)?;
        let look = self.look(&asked, "look");
        self.log
            .seen("pki.applications_of", &look, move |tx| {
                Ok::<_, Failed>(listed(application::of_person(tx, of.person)?))
            })
            .await
    }

    pub(crate) async fn refuse(
        &self,
        asked: Asked,
        refuse: RefuseApplication,
    ) -> Result<Application, Failed> {
        if !(1..=LONGEST_WHY).contains(&refuse.why.len()) {
            return Err(PkiRefusal::Unknown.into());
        }
        let id = refuse.application.clone();
        let row = self.application(&id).await?;
        let sights: Vec<_> = subject_sight(&row.apply.subject).into_iter().collect();
        let look = self.look(&asked, "certificate");
        let refused = self.log.act("pki.refuse", &look, &sights, move |tx| {
            let row = application::of_id(tx, &id)?.ok_or(PkiRefusal::Unknown)?;
            if row.state == State::Refused && row.why == refuse.why {
                return Ok::<_, Failed>(row);
            }
            if !matches!(row.state, State::Waiting | State::WaitingForKey) {
                return Err(PkiRefusal::Approval.into());
            }
            let next = Row { state: State::Refused, why: refuse.why.clone(), ..row };
            application::change(tx, &next)?;
            Ok(next)
        });
        Ok(refused.await?.shown())
    }

    /// The row, for the platform's own work: it does not leave.
    pub(crate) async fn application(&self, id: &str) -> Result<Row, Failed> {
        let id = id.to_owned();
        let row = self.store.read("pki.application", move |tx| application::of_id(tx, &id));
        let row: Option<Row> = row.await.map_err(Failed::Store)?;
        Ok(row.ok_or(PkiRefusal::Unknown)?)
    }
}

/// Who applies, and whom the certificate is to name; a person applies for themselves.
fn applicant(asked: &Asked, apply: &Apply) -> Result<(String, Option<base::PersonId>), PkiRefusal> {
    let named = match &apply.subject {
        Subject::Person { person, .. } => Some(*person),
        Subject::Machine { .. } => None,
    };
    match &asked.behalf {
        Proved::Person(proof) if named == Some(proof.person) => {
            Ok((proof.person.to_string(), named))
        }
        Proved::Officer(id) => Ok((id.clone(), named)),
        _ => Err(PkiRefusal::Profile),
    }
}

/// The hash of the profile that is asked for, where it fits the subject.
fn profile_of(tx: &mut Tx, apply: &Apply) -> Result<base::Digest, Failed> {
    let found: Option<([u8; 32], String)> =
        tx.first("SELECT hash, data FROM pki_profile WHERE name = $1", values![&apply.profile])?;
    let (hash, data) = found.ok_or(PkiRefusal::Profile)?;
    let data: pki_contract::profile::ProfileData =
        serde_json::from_str(&data).map_err(unreadable)?;
    let natural = data.kind.starts_with("person-");
    let person = matches!(apply.subject, Subject::Person { .. });
    if natural == person { Ok(base::Digest(hash)) } else { Err(PkiRefusal::Profile.into()) }
}

/// The key's own signature; the signer checks it again.
fn possessed(key: &SubjectKey, algorithms: Algorithms<'_>) -> Result<(), PkiRefusal> {
    use SignatureAlgorithm::{EcdsaSha256, EcdsaSha384, Ed25519, RsaSha256};
    let SubjectKey::Own { spki, proof } = key else { return Ok(()) };
    let message = [PROOF, &sha256(&spki.0)].concat();
    let holds = [EcdsaSha256, EcdsaSha384, RsaSha256, Ed25519].into_iter().any(|algorithm| {
        algorithms.verify(&spki.0, &algorithm.identifier(), &message, &proof.0).is_ok()
    });
    if holds { Ok(()) } else { Err(PkiRefusal::Key) }
}

pub(crate) fn subject_sight(subject: &Subject) -> Option<audit::Sight> {
    match subject {
        Subject::Person { person, register_version, .. } => {
            Some(crate::asking::sight(*person, *register_version))
        }
        Subject::Machine { .. } => None,
    }
}

fn listed(rows: Vec<Row>) -> Seen<Pending> {
    let applications: Vec<Application> = rows.into_iter().map(Row::shown).collect();
    let mut sights: Vec<audit::Sight> = applications.iter().filter_map(shown).collect();
    sights.sort_by_key(|sight| sight.person);
    sights.dedup_by_key(|sight| sight.person);
    Seen::returned(Pending { applications }, sights)
}

/// The one job of this kind for this thing.
pub(crate) fn job(what: &str, id: &str) -> store::jobs::JobId {
    let digest = sha256(format!("{what} {id}").as_bytes());
    let bytes = digest.first_chunk().copied().unwrap_or_default();
    Id::from_bytes(bytes)
}
