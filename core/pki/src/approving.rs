//! From an officer's approval to a certificate: carried to the signer, which alone decides.

use std::time::Duration;

use activation_contract::{Credential, KeyStatement};
use base::{Bytes, Digest, Id, Time};
use jose::jws::{Accept, Algorithm, Jws};
use links::{Asked, Call, CallFault, OnBehalf, Proved};
use pki_contract::approval::{ApprovedKey, ISSUE, IssueApproval};
use pki_contract::{
    ApproveApplication, Approved, Issue, Issued, PkiRefusal, SignerRefusal, Subject, SubjectKey,
};
use sam_contract::Certify;
use serde::de::DeserializeOwned;
use store::jobs::{self, Job};
use store::{StoreError, Tx};
use x509::Certificate;

use crate::application::{self, Row, State};
use crate::applying::{job, subject_sight};
use crate::asking::may_see;
use crate::certificate::{self, Made};
use crate::failed::Failed;
use crate::pki::{Pki, sha256};
use crate::work::{CERTIFY, ISSUE as ISSUE_JOB};

/// When a job looks whether the call that it stands behind has done its work.
const BEHIND: Duration = Duration::from_secs(15);

impl Pki {
    pub(crate) async fn approve(
        &self,
        asked: Asked,
        approve: ApproveApplication,
    ) -> Result<Approved, Failed> {
        let row = self.application(&approve.application).await?;
        if let Subject::Person { person, .. } = &row.apply.subject {
            may_see(&asked, *person)?;
        }
        match row.state {
            State::Issued => return self.answered(row).await,
            State::Refused => return Err(PkiRefusal::Approval.into()),
            State::Waiting | State::WaitingForKey | State::Issuing => {}
        }
        let approval = fitting(&row, &approve.approval)?;
        let officer = matches!(asked.behalf, Proved::Officer(_));
        // Who is no officer only completes what one approved.
        if !officer && (row.approval != approve.approval || approve.key.is_none()) {
            return Err(PkiRefusal::Approval.into());
        }
        let next = prepared(row, &approve, &approval)?;
        let row = self.kept(&asked, next).await?;
        if row.state == State::WaitingForKey {
            return Ok(Approved { application: row.shown(), certificate: None });
        }
        self.issue(row).await
    }

    /// Keeps the approval before it is carried, with a job that carries it again.
    async fn kept(&self, asked: &Asked, next: Row) -> Result<Row, Failed> {
        let (look, now) = (self.look(asked, "certificate"), self.clock.now());
        let sights: Vec<_> = subject_sight(&next.apply.subject).into_iter().collect();
        let id = next.id.clone();
        self.log.act("pki.approve", &look, &sights, move |tx| keep(tx, &next, now)).await?;
        self.application(&id).await
    }

    /// Asks the signer; what it refuses waits for another approval.
    pub(crate) async fn issue(&self, row: Row) -> Result<Approved, Failed> {
        let issue = issue_of(&row)?;
        let call = Call::new(issue, OnBehalf::System { job: "issue".to_owned() }, "issue");
        match self.signer.call(call).await {
            Ok(issued) => self.issued(row, issued).await,
            Err(CallFault::Refused(SignerRefusal::BeingCarriedOut | SignerRefusal::Store)) => {
                Err(PkiRefusal::Unreachable.into())
            }
            Err(CallFault::Refused(refusal)) => {
                self.back(row).await?;
                Err(refused(refusal).into())
            }
            Err(_) => Err(PkiRefusal::Unreachable.into()),
        }
    }

    async fn back(&self, row: Row) -> Result<(), Failed> {
        let state = if row.is_remote() { State::WaitingForKey } else { State::Waiting };
        // An approval for a key that sam makes stays: its statement was what did not hold.
        let approval = if row.is_remote() { row.approval.clone() } else { String::new() };
        let next = Row { state, approval, statement: String::new(), ..row };
        let changed =
            self.store.write::<_, StoreError>("pki.back", move |tx| application::change(tx, &next));
        changed.await?;
        Ok(())
    }

    /// Stores the certificate with what it was made from, and tells `sam` where it holds the key.
    async fn issued(&self, row: Row, issued: Issued) -> Result<Approved, Failed> {
        let approval: IssueApproval = unverified(&row.approval, ISSUE)?;
        let made = made(&row, approval, &issued)?;
        let (credential, now) = (made.credential, self.clock.now());
        let (id, serial) = (row.id.clone(), issued.serial.clone());
        self.store
            .write::<_, StoreError>("pki.issued", move |tx| store_made(tx, &made, &row, now))
            .await?;
        if credential.is_some() {
            // Else the job does.
            if let Err(why) = self.certify(&serial).await {
                tracing::info!(why, "sam does not know of a certificate yet");
            }
        }
        let row = self.application(&id).await?;
        Ok(Approved { application: row.shown(), certificate: Some(issued.certificate) })
    }

    /// Tells `sam` of the certificate of its key: from then on the key signs.
    pub(crate) async fn certify(&self, serial: &str) -> Result<(), String> {
        let row = self.certificate(serial).await.map_err(|why| why.to_string())?;
        let Some(credential) = row.credential else { return Ok(()) };
        let sam = self.sam.as_ref().ok_or("sam does not run")?;
        let chain = std::iter::once(Bytes(row.certificate)).chain(row.chain).collect();
        let job = OnBehalf::System { job: "certify".to_owned() };
        let told = sam.call(Call::new(Certify { credential, chain }, job, "certificate"));
        told.await.map(drop).map_err(|fault| fault.to_string())
    }

    async fn answered(&self, row: Row) -> Result<Approved, Failed> {
        let certificate = self.certificate(&row.serial).await?;
        let certificate = Some(Bytes(certificate.certificate));
        Ok(Approved { application: row.shown(), certificate })
    }
}

/// What an approval says, its signature not looked at: that is the signer's matter.
fn unverified<T: DeserializeOwned>(text: &str, typ: &str) -> Result<T, PkiRefusal> {
    let read = Jws::parse(text, Accept::only(typ, &[Algorithm::Es256]));
    let read = read.map_err(|_| PkiRefusal::Approval)?;
    read.unverified_claims().map_err(|_| PkiRefusal::Approval)
}

/// The approval, if it is of this application: its profile, its subject, its key.
fn fitting(row: &Row, text: &str) -> Result<IssueApproval, PkiRefusal> {
    let approval: IssueApproval = unverified(text, ISSUE)?;
    let key = match (&row.apply.key, &row.apply.subject, &approval.key) {
        (SubjectKey::Own { spki, .. }, _, ApprovedKey::Spki { digest }) => {
            Digest(sha256(&spki.0)) == *digest
        }
        (
            SubjectKey::Remote,
            Subject::Person { person, .. },
            ApprovedKey::Remote { person: approved },
        ) => person == approved,
        _ => false,
    };
    let same = approval.profile == row.profile && approval.subject == row.apply.subject;
    if same && key { Ok(approval) } else { Err(PkiRefusal::Approval) }
}

/// The row with its approval, and with the key where there is one.
fn prepared(
    row: Row,
    approve: &ApproveApplication,
    approval: &IssueApproval,
) -> Result<Row, PkiRefusal> {
    let approved = approve.approval.clone();
    let issuing = Row { state: State::Issuing, approval: approved, ..row };
    match (&issuing.apply.key, &approve.key) {
        (SubjectKey::Own { spki, .. }, None) => {
            let spki = Some(spki.0.clone());
            Ok(Row { spki, ..issuing })
        }
        (SubjectKey::Remote, None) => Ok(Row { state: State::WaitingForKey, ..issuing }),
        (SubjectKey::Remote, Some((statement, spki))) => {
            let stated: KeyStatement = unverified(statement, activation_contract::typ::KEY)?;
            let same = stated.approval == approval.id;
            let same = same && stated.spki == Digest(sha256(&spki.0));
            let (statement, spki) = (statement.clone(), Some(spki.0.clone()));
            same.then_some(Row { statement, spki, ..issuing }).ok_or(PkiRefusal::Key)
        }
        (SubjectKey::Own { .. }, Some(_)) => Err(PkiRefusal::Key),
    }
}

fn keep(tx: &mut Tx, next: &Row, now: Time) -> Result<(), Failed> {
    // Somebody else's change came between: read and decided anew by asking again.
    if !application::change(tx, next)? {
        return Err(PkiRefusal::Busy.into());
    }
    if next.state == State::Issuing {
        let (id, name) = (job(ISSUE_JOB, &next.id), ISSUE_JOB.to_owned());
        let payload = next.id.clone().into_bytes();
        jobs::add(tx, &Job { id, name, payload, due: now.plus(BEHIND) })?;
    }
    Ok(())
}

fn issue_of(row: &Row) -> Result<Issue, PkiRefusal> {
    let spki = Bytes(row.spki.clone().ok_or(PkiRefusal::Key)?);
    let approval = row.approval.clone();
    let (proof, statement) = match &row.apply.key {
        SubjectKey::Own { proof, .. } => (Some(proof.clone()), None),
        SubjectKey::Remote => (None, Some(row.statement.clone())),
    };
    Ok(Issue { approval, spki, proof, statement })
}

/// What a certificate was made from (R9).
fn made(row: &Row, approval: IssueApproval, issued: &Issued) -> Result<Made, Failed> {
    let certificate = Certificate::parse(&issued.certificate.0).map_err(|_| PkiRefusal::Broken)?;
    let stated = |text: &str| unverified::<KeyStatement>(text, activation_contract::typ::KEY);
    let credential: Option<Id<Credential>> = match row.statement.as_str() {
        "" => None,
        statement => Some(stated(statement)?.credential),
    };
    let (person, register_version) = match &row.apply.subject {
        Subject::Person { person, register_version, .. } => (Some(*person), *register_version),
        Subject::Machine { .. } => (None, 0),
    };
    let header = Jws::parse(&row.approval, Accept::only(ISSUE, &[Algorithm::Es256]));
    let officer = header.ok().and_then(|read| read.header().kid.clone());
    Ok(Made {
        serial: issued.serial.clone(),
        issuer: issued.issuer,
        spki: Digest(certificate.spki_digest()),
        person,
        register_version,
        application: row.id.clone(),
        profile: row.apply.profile.clone(),
        profile_hash: row.profile,
        terms: row.apply.terms,
        officer: officer.unwrap_or_default(),
        approval: approval.id,
        credential,
        certificate: issued.certificate.0.clone(),
        chain: issued.chain.clone(),
        valid_from: approval.valid_from,
        valid_until: approval.valid_until,
    })
}

fn store_made(tx: &mut Tx, made: &Made, row: &Row, now: Time) -> Result<(), StoreError> {
    certificate::enter(tx, made, now)?;
    let serial = made.serial.clone();
    application::change(tx, &Row { state: State::Issued, serial, ..row.clone() })?;
    if made.credential.is_some() {
        let (id, name) = (job(CERTIFY, &made.serial), CERTIFY.to_owned());
        let payload = made.serial.clone().into_bytes();
        jobs::add(tx, &Job { id, name, payload, due: now.plus(Duration::from_secs(2)) })?;
    }
    Ok(())
}

fn refused(refusal: SignerRefusal) -> PkiRefusal {
    match refusal {
        SignerRefusal::Approval | SignerRefusal::Spent => PkiRefusal::Approval,
        SignerRefusal::Key => PkiRefusal::Key,
        SignerRefusal::KnownKey => PkiRefusal::KnownKey,
        SignerRefusal::Lint => PkiRefusal::Profile,
        SignerRefusal::Unknown => PkiRefusal::Unknown,
        SignerRefusal::Status => PkiRefusal::Status,
        SignerRefusal::BeingCarriedOut | SignerRefusal::Store => PkiRefusal::Unreachable,
    }
}
