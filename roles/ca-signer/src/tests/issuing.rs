//! The order of issuing, a crash between each two of its steps, and what is refused.

use keys::trial::signer;
use keys::{Algorithm, Signer, Suite, allowed};
use pki_contract::approval::{ApprovedKey, ISSUE, STATUS};
use pki_contract::{Issue, SignerRefusal, Subject};
use store::trial::{Trial, trial_on_each_engine};
use x509::Certificate;

use super::world::{Any, World, possession, token};
use crate::SCHEMA;
use crate::life::Issuing;

fn key() -> Signer<Any> {
    signer(Algorithm::P256)
}

/// Does the steps up to `steps`, crashes, and asks again: one certificate, of those very bytes.
async fn crash_after(trial: Trial, steps: u8) {
    let world = World::new(trial).await;
    let key = key();
    let issue = world.own_key("a1", &key);
    let (approval, public) = world.signer.checked(&issue).await.unwrap();
    let mut drawn = None;
    if steps >= 2 {
        let serial = world.signer.drawn(approval, public).await.unwrap();
        drawn = Some(world.signer.row(&serial).await.unwrap());
    }
    if steps >= 3 {
        let row = drawn.clone().unwrap();
        world.signer.lint(&row).await.unwrap();
        assert_eq!(world.signer.row(&row.serial).await.unwrap().state, Issuing::Linted);
    }
    let mut signed = None;
    if steps >= 5 {
        let row = world.signer.row(&drawn.clone().unwrap().serial).await.unwrap();
        world.signer.sign(&row).await.unwrap();
        signed = world.signer.row(&row.serial).await.unwrap().certificate;
    }
    if steps >= 6 {
        world.signer.issue(issue.clone()).await.unwrap();
    }
    let world = world.crashed().await;
    let issued = world.signer.issue(issue.clone()).await.unwrap();
    let certificate = Certificate::parse(&issued.certificate.0).unwrap();
    if let Some(row) = drawn {
        assert_eq!(certificate.tbs(), row.tbs, "the bytes drawn before are the ones signed");
    }
    if let Some(signed) = signed {
        assert_eq!(issued.certificate.0, signed, "only the stored signature leaves");
    }
    let again = world.signer.issue(issue).await.unwrap();
    assert_eq!(again, issued);
    let algorithms = x509::Algorithms(allowed(Suite::House));
    certificate.verify(world.house.issuing.spki(), algorithms).unwrap();
}

#[test]
fn a_crash_between_any_two_steps_leaves_one_certificate() {
    for steps in [1, 2, 3, 5, 6] {
        trial_on_each_engine(&[SCHEMA], move |trial| crash_after(trial, steps));
    }
}

#[test]
fn an_approval_is_spent_for_one_key() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (one, two) = (key(), key());
        let first = world.own_key("a1", &one);
        world.signer.issue(first.clone()).await.unwrap();
        let spki = two.public_key().spki().to_vec().into();
        let other = Issue { spki, proof: Some(possession(&two)), ..first };
        assert_eq!(world.signer.issue(other).await, Err(SignerRefusal::Spent));
        // The same id over another payload is another approval.
        let other = world.own_key("a1", &two);
        assert_eq!(world.signer.issue(other).await, Err(SignerRefusal::Spent));
        // A key has one certificate, ever (R10); what was refused spent nothing.
        let again = world.own_key("a2", &one);
        assert_eq!(world.signer.issue(again).await, Err(SignerRefusal::KnownKey));
        assert!(world.signer.issue(world.own_key("a2", &two)).await.is_ok());
    });
}

#[test]
fn the_same_approval_holds_after_its_end_and_signed_anew() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let key = key();
        let issue = world.own_key("a1", &key);
        let resigned = world.own_key("a1", &key);
        assert_ne!(issue.approval, resigned.approval, "ECDSA signs by chance");
        let issued = world.signer.issue(issue.clone()).await.unwrap();
        let late = world.own_key("late", &super::issuing::key());
        world.trial.clock.pass(std::time::Duration::from_hours(2));
        assert_eq!(world.signer.issue(resigned).await, Ok(issued));
        assert_eq!(world.signer.issue(late).await, Err(SignerRefusal::Approval));
    });
}

#[test]
fn what_is_no_approval_of_this_key_by_an_officer_spends_nothing() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let key = key();
        let good = world.own_key("a1", &key);
        let digest = key.public_key().sha256();
        let approval = |change: &dyn Fn(&mut pki_contract::approval::IssueApproval)| {
            let mut approval = world.approval("a1", ApprovedKey::Spki { digest });
            change(&mut approval);
            let approval = token(&world.house.officers[0], ISSUE, &approval);
            Issue { approval, ..good.clone() }
        };
        let stranger = world.approval("a1", ApprovedKey::Spki { digest });
        let by = |signer: &Signer<Any>, typ| Issue {
            approval: token(signer, typ, &stranger),
            ..good.clone()
        };
        let person = world.house.person;
        for (issue, why) in [
            (by(&super::issuing::key(), ISSUE), SignerRefusal::Approval),
            (by(&world.house.sam, ISSUE), SignerRefusal::Approval),
            (by(&world.house.officers[0], STATUS), SignerRefusal::Approval),
            (Issue { approval: String::new(), ..good.clone() }, SignerRefusal::Approval),
            (Issue { approval: "a.b.c".to_owned(), ..good.clone() }, SignerRefusal::Approval),
            (Issue { proof: None, ..good.clone() }, SignerRefusal::Key),
            (Issue { proof: Some(vec![0; 70].into()), ..good.clone() }, SignerRefusal::Key),
            (Issue { spki: vec![0x30, 0].into(), ..good.clone() }, SignerRefusal::Key),
            (approval(&|a| a.role = "ca-signer/2".to_owned()), SignerRefusal::Approval),
            (approval(&|a| a.id = String::new()), SignerRefusal::Approval),
            (approval(&|a| a.profile.0 = [0; 32]), SignerRefusal::Approval),
            (approval(&|a| a.use_before = world.now()), SignerRefusal::Approval),
            (approval(&|a| a.valid_from = base::Time::from_seconds(0)), SignerRefusal::Approval),
            (approval(&|a| a.valid_until = a.valid_from), SignerRefusal::Lint),
            (
                approval(&|a| {
                    a.valid_until = a.valid_from.plus(std::time::Duration::from_hours(24 * 3000));
                }),
                SignerRefusal::Lint,
            ),
            (approval(&|a| a.subject = super::world::machine()), SignerRefusal::Lint),
            (approval(&|a| surname(&mut a.subject, "")), SignerRefusal::Lint),
            (approval(&|a| surname(&mut a.subject, &"ā".repeat(80))), SignerRefusal::Lint),
            (approval(&|a| a.key = ApprovedKey::Remote { person }), SignerRefusal::Approval),
        ] {
            assert_eq!(world.signer.issue(issue).await, Err(why));
        }
        assert!(world.signer.issue(good).await.is_ok(), "nothing was spent");
    });
}

fn surname(subject: &mut Subject, name: &str) {
    if let Subject::Person { surname, .. } = subject {
        name.clone_into(surname);
    }
}

#[test]
fn an_officer_whose_grant_ended_approves_nothing() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        world.trial.clock.pass(std::time::Duration::from_hours(24 * 366));
        let issue = world.own_key("a1", &key());
        assert_eq!(world.signer.issue(issue).await, Err(SignerRefusal::Approval));
    });
}

#[test]
fn sams_statement_supplies_the_key_of_an_approved_person() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (key, other) = (key(), super::issuing::key());
        let good = world.remote_key("r1", &key);
        let wrong = |issue: Issue| async { world.signer.issue(issue).await };
        let statement = world.remote_key("r2", &key).statement;
        let other_spki = other.public_key().spki().to_vec().into();
        for issue in [
            Issue { statement: None, ..good.clone() },
            Issue { statement, ..good.clone() },
            Issue { spki: other_spki, ..good.clone() },
            Issue { statement: Some(good.approval.clone()), ..good.clone() },
        ] {
            assert_eq!(wrong(issue).await, Err(SignerRefusal::Approval));
        }
        let issued = world.signer.issue(good.clone()).await.unwrap();
        assert_eq!(world.signer.issue(good).await.unwrap(), issued);
        // One visit, one key: another statement for the same approval.
        let again = world.remote_key("r1", &other);
        assert_eq!(world.signer.issue(again).await, Err(SignerRefusal::Spent));
    });
}

#[test]
fn one_approval_asked_for_many_times_at_once_gives_one_certificate() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issue = world.own_key("a1", &key());
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (signer, issue) = (world.signer.clone(), issue.clone());
            asked.spawn(async move { signer.issue(issue).await.unwrap() });
        }
        let all = asked.join_all().await;
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
    });
}
