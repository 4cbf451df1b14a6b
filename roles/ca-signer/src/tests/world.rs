//! A small trust service: a root, an issuing authority, two officers and `sam`'s answer key.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use activation_contract::{Certified, HolderStatement, KeyStatement, Will};
use base::{Bytes, Clock, Digest, Id, PersonId, Time};
use jose::jws;
use keys::trial::{keeper, organisation, signer};
use keys::{Algorithm, Purpose, SealKey, Signer};
use pki_contract::approval::{self, ApprovedKey, IssueApproval, StandingApproval, StatusApproval};
use pki_contract::profile::ProfileData;
use pki_contract::{ChangeOfStatus, ChangeStatus, Issue, Issued, Subject};
use serde::Serialize;
use store::trial::{Folder, Trial};
use x509::{Attribute, Certificate, Issuer, Kind, Places, Policy, Profile, Request};

use crate::{
    Authorities, CaSigner, Endings, Foundation, Grant, NewAuthority, NewProfile, Officer, Parts,
    Role, found,
};

pub(super) const ROLE: &str = "ca-signer/1";

#[derive(Debug)]
pub(super) enum Any {}

impl Purpose for Any {
    const NAME: &'static str = "trial.any";
}

/// What a crash does not change.
pub(super) struct House {
    pub(super) officers: [Signer<Any>; 3],
    pub(super) sam: Signer<Any>,
    pub(super) issuing: Certificate,
    pub(super) root: Certificate,
    pub(super) profiles: [ProfileData; 2],
    pub(super) person: PersonId,
    pub(super) archive: Folder,
    pub(super) foundation: Foundation,
    keeper: keys::Keeper,
    endings: keys::WrappedKey,
}

pub(super) struct World {
    pub(super) trial: Trial,
    pub(super) signer: Arc<CaSigner>,
    pub(super) house: House,
}

const DAY: i64 = 86_400;

fn authority(
    kind: Kind,
    name: &str,
    spki: &[u8],
    (issuer, key): (Issuer<'_>, &Signer<Any>),
    from: i64,
) -> Certificate {
    let policy = Policy::new("2.25.1".parse().unwrap(), None);
    let policies = if kind == Kind::Root { vec![] } else { vec![policy] };
    let profile = Profile::new(kind, name, &policies, &Places::default());
    let serial = if kind == Kind::Root { [1; 16] } else { [2; 16] };
    let subject: Vec<Attribute> = organisation(name);
    let request = Request {
        subject: &subject,
        spki,
        serial: &x509::serial(serial),
        not_before: from,
        not_after: from + 3000 * DAY,
        names: &[],
    };
    let tbs = x509::prepare(&profile, &request, issuer, key.certificate_algorithm()).unwrap();
    Certificate::parse(&tbs.finish(&key.sign(tbs.bytes()).unwrap())).unwrap()
}

fn officer(number: usize, key: &Signer<Any>, roles: &[Role], until: Time) -> Officer {
    let grant = |role: &Role| Grant { role: *role, until };
    Officer {
        name: format!("officer-{number}"),
        holder: format!("holder-{}", number.min(2)),
        spki: key.public_key().spki().to_vec(),
        grants: roles.iter().map(grant).collect(),
    }
}

impl World {
    pub(super) async fn new(trial: Trial) -> Self {
        let now = trial.clock.now();
        let (keeper, root_key) = (keeper("ca-signer"), signer::<Any>(Algorithm::P384));
        let (issuing_key, wrapped) = keeper.make::<Signer<Authorities>>(Algorithm::P256).unwrap();
        let from = now.seconds() - 100 * DAY;
        let spki = root_key.public_key().spki();
        let root = authority(Kind::Root, "root", spki, (Issuer::Itself, &root_key), from);
        let spki = issuing_key.public_key().spki();
        let above = (Issuer::Authority(&root), &root_key);
        let issuing = authority(Kind::Issuing, "issuing", spki, above, from);
        let officers = [(); 3].map(|()| signer::<Any>(Algorithm::P256));
        let sam = signer::<Any>(Algorithm::P256);
        let policy = Policy::new("2.25.1".parse().unwrap(), None);
        let places = Places { crl: vec!["http://localhost/i.crl".into()], ..Places::default() };
        let profiles = [
            Profile::new(Kind::PersonSign, "person-signature", &[policy], &places),
            Profile::new(Kind::OcspResponder, "ocsp-responder", &[], &places),
        ];
        let profiles = profiles.map(|profile| ProfileData::of(&profile));
        let (_, endings) = keeper.make::<SealKey<Endings>>(Algorithm::Aes256Gcm).unwrap();
        let archive = Folder::new().unwrap();
        let roles = [Role::SecurityOfficer, Role::RegistrationOfficer, Role::RevocationOfficer];
        let until = now.plus(Duration::from_hours(24 * 365));
        // The third has another key of the second's holder.
        let entered =
            officers.iter().zip(1..).map(|(key, number)| officer(number, key, &roles, until));
        let (parent, issuer) = (Digest(root.spki_digest()), Digest(issuing.spki_digest()));
        let new = |certificate: &Certificate, key| {
            let certificate = certificate.clone();
            NewAuthority { certificate, parent, key, list: None }
        };
        let foundation = Foundation {
            officers: entered.collect(),
            sam: vec![sam.public_key().spki().to_vec()],
            authorities: vec![new(&root, None), new(&issuing, Some(wrapped))],
            profiles: profiles.each_ref().map(|d| NewProfile { data: d.clone(), issuer }).into(),
            imported: Vec::new(),
        };
        found(&trial.store, foundation.clone(), now).await.unwrap();
        let person = PersonId::from_bytes([7; 16]);
        let house = House {
            officers,
            sam,
            issuing,
            root,
            profiles,
            person,
            archive,
            foundation,
            keeper,
            endings,
        };
        let signer = house.open(&trial).await;
        Self { trial, signer, house }
    }

    /// As after a crash: the process begins anew over the same store.
    pub(super) async fn crashed(self) -> Self {
        let Self { trial, signer, house } = self;
        drop(signer);
        let trial = trial.reopened(&[crate::SCHEMA]).unwrap();
        let signer = house.open(&trial).await;
        Self { trial, signer, house }
    }

    pub(super) fn now(&self) -> Time {
        self.trial.clock.now()
    }

    /// An officer's approval of a signature certificate for `key`.
    pub(super) fn approval(&self, id: &str, key: ApprovedKey) -> IssueApproval {
        let now = self.now().floor();
        IssueApproval {
            id: id.to_owned(),
            role: ROLE.to_owned(),
            use_before: now.plus(Duration::from_hours(1)),
            profile: self.house.profiles[0].hash().unwrap(),
            subject: self.house.subject(),
            valid_from: now,
            valid_until: now.plus(Duration::from_hours(24 * 365)),
            key,
        }
    }

    /// What is asked with for a key that its holder has.
    pub(super) fn own_key(&self, id: &str, key: &Signer<Any>) -> Issue {
        let digest = key.public_key().sha256();
        let approval = self.approval(id, ApprovedKey::Spki { digest });
        Issue {
            approval: token(&self.house.officers[0], approval::ISSUE, &approval),
            spki: Bytes(key.public_key().spki().to_vec()),
            proof: Some(possession(key)),
            statement: None,
        }
    }

    /// What is asked with for a key that `sam` made.
    pub(super) fn remote_key(&self, id: &str, key: &Signer<Any>) -> Issue {
        let person = self.house.person;
        let approval = self.approval(id, ApprovedKey::Remote { person });
        let stated = KeyStatement {
            approval: id.to_owned(),
            person,
            credential: Id::from_bytes([3; 16]),
            spki: key.public_key().sha256(),
            key: Bytes(key.public_key().spki().to_vec()),
        };
        Issue {
            approval: token(&self.house.officers[0], approval::ISSUE, &approval),
            spki: Bytes(key.public_key().spki().to_vec()),
            proof: None,
            statement: Some(token(&self.house.sam, activation_contract::typ::KEY, &stated)),
        }
    }

    /// A certificate for a new key.
    pub(super) async fn issued(&self, id: &str) -> Issued {
        let key = signer::<Any>(Algorithm::P256);
        self.signer.issue(self.own_key(id, &key)).await.unwrap()
    }

    /// An officer's change of a status.
    pub(super) fn change(&self, id: &str, issued: &Issued, change: ChangeOfStatus) -> ChangeStatus {
        let approval = StatusApproval {
            id: id.to_owned(),
            roles: vec![ROLE.to_owned(), "sam/1".to_owned()],
            use_before: self.now().plus(Duration::from_hours(1)),
            issuer: issued.issuer,
            serial: issued.serial.clone(),
            change,
        };
        let proof = token(&self.house.officers[0], approval::STATUS, &approval);
        ChangeStatus { issuer: issued.issuer, serial: issued.serial.clone(), change, proof }
    }

    /// The holder's own.
    pub(super) fn will(&self, id: &str, issued: &Issued, change: ChangeOfStatus) -> ChangeStatus {
        let will = match change {
            ChangeOfStatus::Revoke { .. } => Will::Revoke,
            _ => Will::Suspend,
        };
        let (issuer, serial) = (issued.issuer, issued.serial.clone());
        let statement = HolderStatement {
            id: id.to_owned(),
            person: self.house.person,
            will,
            certificates: vec![Certified { issuer, serial: serial.clone() }],
            time: self.now(),
        };
        let proof = token(&self.house.sam, activation_contract::typ::HOLDER, &statement);
        ChangeStatus { issuer, serial, change, proof }
    }

    pub(super) fn standing(&self, id: &str, count: u32) -> StandingApproval {
        StandingApproval {
            id: id.to_owned(),
            role: ROLE.to_owned(),
            profile: self.house.profiles[1].hash().unwrap(),
            party: "trial/ocsp".to_owned(),
            subject: machine(),
            count,
            days: 30,
            until: self.now().plus(Duration::from_hours(24 * 365)),
        }
    }
}

impl House {
    pub(super) async fn open(&self, trial: &Trial) -> Arc<CaSigner> {
        let parts = self.parts(trial, self.archive.path().join("endings"));
        Arc::new(CaSigner::open(parts).await.unwrap())
    }

    pub(super) fn parts(&self, trial: &Trial, archive: PathBuf) -> Parts {
        Parts {
            role: ROLE.to_owned(),
            store: trial.store.clone(),
            clock: Arc::new(trial.clock.clone()),
            chance: Arc::new(trial.chance.clone()),
            keeper: self.keeper.clone(),
            endings: self.keeper.open(&self.endings).unwrap(),
            archive,
        }
    }

    pub(super) fn subject(&self) -> Subject {
        Subject::Person {
            person: self.person,
            register_version: 4,
            identifier: "PNOXX-329912-00014".to_owned(),
            given_names: "Anna".to_owned(),
            surname: "Paraudziņa".to_owned(),
            country: "XX".to_owned(),
        }
    }
}

pub(super) fn machine() -> Subject {
    Subject::Machine {
        name: "OCSP 1".to_owned(),
        organisation: "Trial".to_owned(),
        identifier: "NTRXX-00000000".to_owned(),
        country: "XX".to_owned(),
        alternative: Vec::new(),
    }
}

/// The proof that whoever asks has the key.
pub(super) fn possession(key: &Signer<Any>) -> Bytes {
    let message = [b"sakta proof 1", key.public_key().sha256().as_ref()].concat();
    Bytes(key.sign(&message).unwrap())
}

pub(super) fn token<T: Serialize>(key: &Signer<Any>, typ: &str, claims: &T) -> String {
    let header = key.token_header(typ).unwrap();
    key.sign_token(jws::prepare_claims(&header, claims).unwrap()).unwrap()
}
