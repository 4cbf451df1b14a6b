//! From an application to a certificate, with whatever goes wrong between.

use base::PersonId;
use keys::Algorithm;
use keys::trial::signer;
use links::{CallFault, OnBehalf};
use pki_contract::{
    ApplicationState, ApplicationsOf, Apply, ApproveApplication, CertificateBySerial,
    CertificatesOf, PendingApplications, PkiRefusal, RefuseApplication, SignerRefusal, Subject,
    SubjectKey,
};
use store::trial::trial_on_each_engine;
use store::values;

use super::world::{Any, SCHEMAS, World, anna, apply, own_key};

/// Register version, application, hash of the profile, terms, approval.
type Versions = (i64, String, Vec<u8>, Vec<u8>, String);

fn refused<T: std::fmt::Debug>(done: Result<T, CallFault<PkiRefusal>>) -> PkiRefusal {
    match done {
        Err(CallFault::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn approve(application: &str, approval: String) -> ApproveApplication {
    ApproveApplication { application: application.to_owned(), approval, key: None }
}

#[test]
fn an_application_becomes_a_certificate_that_points_to_what_it_was_made_from() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let applied = world.by_person(anna(), apply(own_key())).await.unwrap();
        assert_eq!(applied.state, ApplicationState::Waiting);
        let waiting = world.by_officer(PendingApplications {}).await.unwrap().applications;
        assert_eq!(waiting, std::slice::from_ref(&applied));
        let ask = approve(&applied.id, world.approved(&applied));
        let done = world.by_officer(ask.clone()).await.unwrap();
        let ApplicationState::Issued { serial } = done.application.state.clone() else {
            panic!("{done:?}");
        };
        let certificate = done.certificate.clone().unwrap();
        assert_eq!(world.by_officer(ask).await.unwrap(), done, "the same approval again");
        assert!(world.by_officer(PendingApplications {}).await.unwrap().applications.is_empty());
        let own = world.by_person(anna(), CertificatesOf { person: anna() }).await.unwrap();
        assert_eq!((own.len(), &own[0].certificate), (1, &certificate));
        let shown = world.by_officer(CertificateBySerial { serial: serial.clone() }).await;
        assert_eq!(shown.unwrap(), own[0]);
        let row: Vec<Versions> = world
            .trial
            .store
            .read::<_, store::StoreError>("trial.r9", |tx| {
                tx.all(
                    "SELECT register_version, application, profile_hash, terms, approval
                     FROM pki_certificate",
                    values![],
                )
            })
            .await
            .unwrap();
        let approval = format!("approval of {}", applied.id);
        let (hash, terms) = (world.profile.0.to_vec(), vec![1; 32]);
        assert_eq!(row, [(7, applied.id, hash, terms, approval)]);
    });
}

#[test]
fn nobody_applies_or_looks_for_another() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let stranger = PersonId::from_bytes([0xbb; 16]);
        let other = world.by_person(stranger, apply(own_key())).await;
        assert_eq!(refused(other), PkiRefusal::Profile);
        let of = CertificatesOf { person: anna() };
        assert_eq!(refused(world.by_person(stranger, of).await), PkiRefusal::Unknown);
        let of = ApplicationsOf { person: anna() };
        assert_eq!(refused(world.by_person(stranger, of).await), PkiRefusal::Unknown);
        let person = OnBehalf::Person { evidence: anna().to_string() };
        let pending = world.by(person, PendingApplications {}).await;
        assert!(matches!(pending, Err(CallFault::Problem(_))), "{pending:?}");
    });
}

#[test]
fn what_cannot_be_applied_for_is_refused_at_once() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let good = apply(own_key());
        let (SubjectKey::Own { spki, .. }, SubjectKey::Own { proof, .. }) = (own_key(), own_key())
        else {
            panic!()
        };
        let others = SubjectKey::Own { spki: spki.clone(), proof };
        let none = SubjectKey::Own { spki: vec![1].into(), proof: vec![1].into() };
        let machine = Subject::Machine {
            name: "x".to_owned(),
            organisation: "x".to_owned(),
            identifier: "NTRXX-1".to_owned(),
            country: "XX".to_owned(),
            alternative: Vec::new(),
        };
        for (ask, why) in [
            (Apply { profile: "king".to_owned(), ..good.clone() }, PkiRefusal::Profile),
            (Apply { subject: machine, ..good.clone() }, PkiRefusal::Profile),
            (Apply { key: others, ..good.clone() }, PkiRefusal::Key),
            (Apply { key: none, ..good.clone() }, PkiRefusal::Key),
        ] {
            assert_eq!(refused(world.by_officer(ask).await), why);
        }
        assert!(world.by_officer(good).await.is_ok());
    });
}

#[test]
fn an_approval_of_something_else_moves_nothing() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let one = world.by_officer(apply(own_key())).await.unwrap();
        let two = world.by_officer(apply(own_key())).await.unwrap();
        for text in [world.approved(&two), String::new(), "a.b.c".to_owned()] {
            let done = world.by_officer(approve(&one.id, text)).await;
            assert_eq!(refused(done), PkiRefusal::Approval);
        }
        // A true approval that no officer brings.
        let text = world.approved(&one);
        let done = world.by_person(anna(), approve(&one.id, text.clone())).await;
        assert_eq!(refused(done), PkiRefusal::Approval);
        let unknown = world.by_officer(approve("none", text.clone())).await;
        assert_eq!(refused(unknown), PkiRefusal::Unknown);
        // What the signer refuses waits for another approval.
        world.set(|all| all.signer = Some(SignerRefusal::Approval));
        let done = world.by_officer(approve(&one.id, text.clone())).await;
        assert_eq!(refused(done), PkiRefusal::Approval);
        let waiting = world.by_officer(PendingApplications {}).await.unwrap();
        assert_eq!(waiting.applications.len(), 2);
        world.set(|all| all.signer = None);
        assert!(world.by_officer(approve(&one.id, text)).await.is_ok());
    });
}

#[test]
fn a_silent_signer_is_asked_again_by_the_job_even_after_a_crash() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let applied = world.by_officer(apply(own_key())).await.unwrap();
        world.set(|all| all.signer = Some(SignerRefusal::Store));
        let ask = approve(&applied.id, world.approved(&applied));
        assert_eq!(refused(world.by_officer(ask).await), PkiRefusal::Unreachable);
        let world = world.crashed().await;
        world.set(|all| all.signer = None);
        let row = world.pki.application(&applied.id).await.unwrap();
        let issued = world.pki.issue(row).await.unwrap();
        assert!(matches!(issued.application.state, ApplicationState::Issued { .. }));
        let jobs: Vec<(String,)> = world
            .trial
            .store
            .read::<_, store::StoreError>("trial.jobs", |tx| {
                tx.all("SELECT name FROM store_job", values![])
            })
            .await
            .unwrap();
        assert_eq!(jobs, [("pki.issue".to_owned(),)]);
    });
}

#[test]
fn a_key_that_sam_makes_completes_what_an_officer_approved() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let applied = world.by_person(anna(), apply(SubjectKey::Remote)).await.unwrap();
        let key = signer::<Any>(Algorithm::P256);
        let approval = world.approved(&applied);
        let complete = ApproveApplication {
            key: Some(world.stated(&applied, &key)),
            ..approve(&applied.id, approval.clone())
        };
        let early = world.by_person(anna(), complete.clone()).await;
        assert_eq!(refused(early), PkiRefusal::Approval, "nobody approved it yet");
        let done = world.by_officer(approve(&applied.id, approval.clone())).await.unwrap();
        let waits = ApplicationState::WaitingForKey { approval };
        assert_eq!((done.application.state, done.certificate), (waits, None));
        let stranger = PersonId::from_bytes([0xbb; 16]);
        let others = world.by_person(stranger, complete.clone()).await;
        assert_eq!(refused(others), PkiRefusal::Unknown);
        let other_key = signer::<Any>(Algorithm::P256);
        let (statement, _) = world.stated(&applied, &key);
        let (_, spki) = world.stated(&applied, &other_key);
        let mixed = ApproveApplication { key: Some((statement, spki)), ..complete.clone() };
        assert_eq!(refused(world.by_person(anna(), mixed).await), PkiRefusal::Key);
        world.set(|all| all.sam_silent = true);
        let done = world.by_person(anna(), complete.clone()).await.unwrap();
        assert!(done.certificate.is_some());
        assert_eq!(world.neighbours.lock().unwrap().certified, 0);
        let ApplicationState::Issued { serial } = done.application.state.clone() else { panic!() };
        assert!(world.pki.certify(&serial).await.is_err());
        world.set(|all| all.sam_silent = false);
        world.pki.certify(&serial).await.unwrap();
        assert_eq!(world.by_person(anna(), complete).await.unwrap(), done);
        let own = world.by_person(anna(), CertificatesOf { person: anna() }).await.unwrap();
        assert_eq!(own[0].credential.as_deref(), Some(&*"05".repeat(16)));
    });
}

#[test]
fn an_officer_refuses_with_a_reason_for_the_applicant() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let applied = world.by_person(anna(), apply(own_key())).await.unwrap();
        let refuse =
            |why: &str| RefuseApplication { application: applied.id.clone(), why: why.to_owned() };
        assert_eq!(refused(world.by_officer(refuse("")).await), PkiRefusal::Unknown);
        let why = "The photograph does not fit.";
        let done = world.by_officer(refuse(why)).await.unwrap();
        assert_eq!(done.state, ApplicationState::Refused { why: why.to_owned() });
        assert_eq!(world.by_officer(refuse(why)).await.unwrap(), done);
        let text = world.approved(&applied);
        let late = world.by_officer(approve(&applied.id, text)).await;
        assert_eq!(refused(late), PkiRefusal::Approval);
        let own = world.by_person(anna(), ApplicationsOf { person: anna() }).await.unwrap();
        assert_eq!(own.applications, [done]);
    });
}
