//! The officer's key and the way to the trust platform.

use std::sync::Arc;
use std::time::Duration;

use base::{Chance, Clock, Digest, Id};
use jose::jws;
use keys::Signer;
use links::{Call, CallFault, Link, OFFICER_TYP, OfficerCall, OnBehalf, Operation, Party, Remote};
use pki_contract::approval::{ApprovedKey, IssueApproval, StatusApproval};
use pki_contract::profile::ProfileData;
use pki_contract::{Application, CertificateRow, ChangeOfStatus, PkiRefusal, Subject, SubjectKey};
use serde::Serialize;

use super::ApproveError;
use crate::World;
use crate::place::Data;
use crate::setup::{Installation, OFFICERS, OfficerKeys, officer_key};
use crate::transport::{self, Address};

/// The roles that take approvals of status.
const ROLES: [&str; 2] = ["ca-signer/1", "sam/1"];

/// The role that takes approvals of certificates.
const SIGNER: &str = "ca-signer/1";

/// An officer's key at work.
pub(crate) struct Hand {
    link: Link,
    pki: Party,
    key: Signer<OfficerKeys>,
    profiles: Vec<ProfileData>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Hand {
    /// That of the officer of this number.
    ///
    /// # Errors
    /// [`ApproveError`].
    pub(crate) fn of(
        data: &Data,
        installation: &Installation,
        (officer, pki): (u8, Option<Address>),
        world: &World,
    ) -> Result<Self, ApproveError> {
        let number = usize::from(officer).checked_sub(1);
        let name = number.and_then(|number| OFFICERS.get(number)).ok_or(ApproveError::Officer)?;
        let home = data.home(name)?;
        let party = |part: &str| installation.parties.get(part).cloned();
        let own = party("officers").ok_or(ApproveError::Officer)?;
        let (clock, chance) = (Arc::clone(&world.clock), Arc::clone(&world.chance));
        let key = officer_key(&home, &own, &chance)?;
        let tls = transport::tls(data, &home, &own, (&clock, &chance))?;
        let at = pki.or_else(|| address(data)).ok_or(ApproveError::Address)?;
        let pki = party("pki").ok_or(ApproveError::Address)?;
        let link = Remote::new(at.host(), at.port(), pki.clone(), tls).link(Arc::clone(&clock));
        let profiles = installation.profiles.clone();
        Ok(Self { link, pki, key, profiles, clock, chance })
    }

    /// Calls as the officer: the proof covers these very bytes.
    ///
    /// # Errors
    /// [`ApproveError`].
    pub(crate) async fn call<O: Operation<Refusal = PkiRefusal>>(
        &self,
        operation: O,
        purpose: &str,
    ) -> Result<O::Answer, ApproveError> {
        let call = OfficerCall::of(self.pki.clone(), &operation, self.clock.now());
        let proof = self.sign(OFFICER_TYP, &call.map_err(|_| ApproveError::Sign)?)?;
        let call = Call::new(operation, OnBehalf::Officer { proof }, purpose);
        self.link.call(call).await.map_err(|fault: CallFault<PkiRefusal>| fault.into())
    }

    /// Signs `claims` as a token of type `typ`.
    ///
    /// # Errors
    /// [`ApproveError::Sign`].
    pub(crate) fn sign<T: Serialize>(&self, typ: &str, claims: &T) -> Result<String, ApproveError> {
        let header = self.key.token_header(typ).map_err(|_| ApproveError::Sign)?;
        let token = jws::prepare_claims(&header, claims).map_err(|_| ApproveError::Sign)?;
        self.key.sign_token(token).map_err(|_| ApproveError::Sign)
    }

    /// The approval of an application. Its profile must be this installation's own of that name.
    ///
    /// # Errors
    /// [`ApproveError::Profile`].
    pub(crate) fn issue_approval(
        &self,
        application: &Application,
        days: u32,
        (at_once, later): (Duration, Duration),
    ) -> Result<IssueApproval, ApproveError> {
        let name = &application.apply.profile;
        let own = self.profiles.iter().find(|profile| profile.name == *name);
        let hash = own.and_then(|profile| profile.hash().ok());
        let profile = hash.filter(|hash| *hash == application.profile);
        let profile = profile.ok_or_else(|| ApproveError::Profile(name.clone()))?;
        let now = self.clock.now().floor();
        let (key, wait) = match (&application.apply.key, &application.apply.subject) {
            (SubjectKey::Own { spki, .. }, _) => {
                (ApprovedKey::Spki { digest: Digest(keys::sha256(&spki.0)) }, at_once)
            }
            (SubjectKey::Remote, Subject::Person { person, .. }) => {
                (ApprovedKey::Remote { person: *person }, later)
            }
            (SubjectKey::Remote, Subject::Machine { .. }) => {
                return Err(ApproveError::Profile(name.clone()));
            }
        };
        let life = Duration::from_hours(24).saturating_mul(days);
        Ok(IssueApproval {
            id: self.id(),
            role: SIGNER.to_owned(),
            use_before: now.plus(wait),
            profile,
            subject: application.apply.subject.clone(),
            valid_from: now,
            valid_until: now.plus(life).minus(Duration::from_secs(1)),
            key,
        })
    }

    /// The approval of a change of status.
    pub(crate) fn status_approval(
        &self,
        row: &CertificateRow,
        change: ChangeOfStatus,
        wait: Duration,
    ) -> StatusApproval {
        StatusApproval {
            id: self.id(),
            roles: ROLES.map(ToOwned::to_owned).to_vec(),
            use_before: self.clock.now().plus(wait),
            issuer: row.issuer,
            serial: row.serial.clone(),
            change,
        }
    }

    fn id(&self) -> String {
        Id::<()>::random(self.chance.as_ref()).to_string()
    }
}

/// Where the trust platform's doors are, as the demo wrote it down.
fn address(data: &Data) -> Option<Address> {
    let text = std::fs::read(data.path().join("demo.json")).ok()?;
    let demo: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let addresses = demo.get("addresses")?;
    let address = addresses.get("pkiTls").or_else(|| addresses.get("tls"))?.as_str()?;
    address.trim_end_matches('/').strip_prefix("https://")?.parse().ok()
}
