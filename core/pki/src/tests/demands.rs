//! Demands: "done" only when all have answered, whatever crashes or is silent between.

use keys::Algorithm;
use keys::trial::signer;
use links::CallFault;
use persons_contract::{Event, EventKind};
use pki_contract::{
    ApplicationState, ApproveApplication, CertificateRow, CertificatesOf, ChangeOfStatus, Demand,
    DemandState, PkiRefusal, Reason, SignerRefusal, Status, SubjectKey,
};
use store::outbox::EventId;
use store::trial::trial_on_each_engine;
use store::values;

use super::world::{Any, SCHEMAS, World, anna, apply, own_key};

const REVOKE: ChangeOfStatus = ChangeOfStatus::Revoke { reason: Reason::KeyCompromise };

/// A certificate whose key `sam` holds.
async fn remote(world: &World) -> CertificateRow {
    let applied = world.by_person(anna(), apply(SubjectKey::Remote)).await.unwrap();
    let (application, approval) = (applied.id.clone(), world.approved(&applied));
    let key = Some(world.stated(&applied, &signer::<Any>(Algorithm::P256)));
    let ask = ApproveApplication { application, approval, key };
    let done = world.by_officer(ask).await.unwrap();
    assert!(matches!(done.application.state, ApplicationState::Issued { .. }));
    row(world).await
}

async fn row(world: &World) -> CertificateRow {
    let rows = world.by_person(anna(), CertificatesOf { person: anna() }).await.unwrap();
    rows.into_iter().next().unwrap()
}

fn demand(row: &CertificateRow, change: ChangeOfStatus, proof: &str) -> Demand {
    let (issuer, serial) = (row.issuer, row.serial.clone());
    Demand { issuer, serial, change, proof: proof.to_owned() }
}

/// The ids of all demands.
async fn ids(world: &World) -> Vec<[u8; 32]> {
    let rows: Vec<([u8; 32],)> = world
        .trial
        .store
        .read::<_, store::StoreError>("trial.ids", |tx| {
            tx.all("SELECT id FROM pki_demand ORDER BY demanded_at, id", values![])
        })
        .await
        .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

#[test]
fn revoked_is_said_when_both_have_answered_and_then_the_key_is_destroyed() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let certificate = remote(&world).await;
        world.set(|all| all.sam_silent = true);
        let ask = demand(&certificate, REVOKE, "proof 1");
        let carried = world.by_person(anna(), ask.clone()).await.unwrap();
        assert_eq!(carried, DemandState::BeingCarriedOut);
        let now = row(&world).await;
        assert_eq!(now.demanded, Some(REVOKE));
        assert!(matches!(now.status, Status::Revoked { .. }), "the signer did not wait");
        let world = world.crashed().await;
        let [id] = ids(&world).await[..] else { panic!() };
        assert!(world.pki.carry_on(id).await.is_err(), "tried again later");
        world.set(|all| all.sam_silent = false);
        world.pki.carry_on(id).await.unwrap();
        world.pki.carry_on(id).await.unwrap();
        let done = world.neighbours.lock().unwrap().changed.clone();
        assert_eq!(done, [(REVOKE, false), (REVOKE, true)]);
        assert_eq!(world.by_person(anna(), ask).await.unwrap(), DemandState::Done);
        assert_eq!(row(&world).await.demanded, None);
    });
}

#[test]
fn sam_acts_without_waiting_for_a_silent_signer() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let certificate = remote(&world).await;
        world.set(|all| all.signer = Some(SignerRefusal::BeingCarriedOut));
        let ask = demand(&certificate, ChangeOfStatus::Suspend, "proof 1");
        let carried = world.by_officer(ask.clone()).await.unwrap();
        assert_eq!(carried, DemandState::BeingCarriedOut);
        let suspended = [(ChangeOfStatus::Suspend, false)];
        assert_eq!(world.neighbours.lock().unwrap().changed, suspended);
        assert_eq!(row(&world).await.status, Status::Good, "not said before it is so");
        world.set(|all| all.signer = None);
        assert_eq!(world.by_officer(ask).await.unwrap(), DemandState::Done);
        assert_eq!(world.neighbours.lock().unwrap().changed, suspended, "asked once");
        let [id] = ids(&world).await[..] else { panic!() };
        world.pki.carry_on(id).await.unwrap();
        assert_eq!(world.neighbours.lock().unwrap().changed, suspended, "nothing is destroyed");
    });
}

#[test]
fn a_proof_that_the_signer_refuses_ends_its_demand_only() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        let applied = world.by_person(anna(), apply(own_key())).await.unwrap();
        let (application, approval) = (applied.id.clone(), world.approved(&applied));
        let ask = ApproveApplication { application, approval, key: None };
        world.by_officer(ask).await.unwrap();
        let certificate = row(&world).await;
        world.set(|all| all.signer = Some(SignerRefusal::Approval));
        let forged = demand(&certificate, REVOKE, "forged");
        for _ in 0..2 {
            let done = world.by_person(anna(), forged.clone()).await;
            assert_eq!(done, Err(CallFault::Refused(PkiRefusal::Approval)));
        }
        world.set(|all| all.signer = None);
        let done = world.by_person(anna(), forged).await;
        assert_eq!(done, Err(CallFault::Refused(PkiRefusal::Approval)), "for good");
        assert_eq!(row(&world).await.status, Status::Good);
        let unknown = Demand { serial: "41".repeat(16), ..demand(&certificate, REVOKE, "p") };
        let done = world.by_person(anna(), unknown).await;
        assert_eq!(done, Err(CallFault::Refused(PkiRefusal::Unknown)));
        let good = demand(&certificate, REVOKE, "good");
        assert_eq!(world.by_person(anna(), good).await, Ok(DemandState::Done));
        assert!(world.neighbours.lock().unwrap().changed.is_empty(), "sam holds no key of it");
    });
}

#[test]
fn a_death_acts_only_by_the_registrars_approval_and_once() {
    trial_on_each_engine(&SCHEMAS, |trial| async move {
        let world = World::new(trial).await;
        remote(&world).await;
        let event = |what, approval: Option<&str>| Event {
            person: anna(),
            revision: 8,
            what,
            approval: approval.map(ToOwned::to_owned),
        };
        let id = EventId::from_bytes([1; 16]);
        world.pki.told(id, event(EventKind::DeathReported, None)).await.unwrap();
        assert_eq!(row(&world).await.status, Status::Good, "the event alone moves nothing");
        let reported = event(EventKind::DeathReported, Some("approval 1"));
        for _ in 0..2 {
            let id = EventId::from_bytes([2; 16]);
            world.pki.told(id, reported.clone()).await.unwrap();
        }
        assert!(matches!(row(&world).await.status, Status::Suspended { .. }));
        assert_eq!(ids(&world).await.len(), 1);
        let confirmed = event(EventKind::DeathConfirmed, Some("approval 2"));
        world.pki.told(EventId::from_bytes([3; 16]), confirmed).await.unwrap();
        let reason = Reason::PrivilegeWithdrawn;
        let status = row(&world).await.status;
        assert!(matches!(status, Status::Revoked { reason: found, .. } if found == reason));
    });
}
