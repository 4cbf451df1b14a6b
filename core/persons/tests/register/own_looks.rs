//! What a person reads of the log, and what nobody else does.

use std::sync::Arc;

use audit::soft::SoftSigner;
use audit::{Proof, Round, Sequencer};
use persons::OnBehalf;
use persons_contract::{
    Group, LookResult, LookRow, LooksRefusal, OwnEntry, OwnLookProof, OwnLooks,
};
use simulation::Role;

use crate::world::{COUNTRY, World, asking, code_of, find, in_a_world, member, official};

const TODAY: OwnLooks = OwnLooks { from: COUNTRY.today, to: COUNTRY.today };

fn sequencer(world: &World) -> Sequencer {
    Sequencer::new(world.persons.log.clone(), Arc::new(SoftSigner::seeded(1)), None)
}

async fn drained(sequencer: &Sequencer) {
    while sequencer.round().await.unwrap() != Round::Idle {}
}

fn told(rows: &[LookRow]) -> Vec<(&str, bool, LookResult)> {
    let said = rows.iter().map(|row| row.said.as_ref().unwrap());
    said.map(|said| (said.operation.as_str(), said.own, said.result)).collect()
}

#[test]
fn a_person_reads_who_looked_the_newest_first_each_with_its_proof() {
    in_a_world(|world| async move {
        let (sequencer, adult) = (sequencer(&world), member(Role::Adult));
        drained(&sequencer).await;
        let own = asking(OnBehalf::Person(adult.person));
        let before = world.persons.own_looks(&own, &TODAY).await.unwrap().rows.len();
        let ask = find(&code_of(Role::Adult), &[Group::Names]);
        world.persons.find(&official(), ask).await.unwrap();
        world.persons.own_entry(&own, OwnEntry::default()).await.unwrap();
        drained(&sequencer).await;
        let answer = world.persons.own_looks(&own, &TODAY).await.unwrap();
        assert_eq!((answer.log.as_str(), answer.cut), ("pmlp/persons", false));
        assert_eq!(answer.rows.len(), before + 2);
        let newest = told(&answer.rows[..2]);
        let expected = [("persons/own-entry", true), ("persons/find", false)];
        assert_eq!(newest, expected.map(|(name, own)| (name, own, LookResult::Returned)));
        let said = answer.rows[1].said.as_ref().unwrap();
        assert_eq!(
            (said.institution.as_str(), said.purpose.as_str()),
            ("Paraugu pārvalde", "service")
        );
        assert_eq!(said.groups, ["names"]);
        for LookRow { day, position, checkpoint, .. } in answer.rows {
            let ask = OwnLookProof { day, position };
            let proof = world.persons.own_look_proof(&own, &ask).await.unwrap();
            let (leaf, signed) =
                Proof::parse(&proof.text).unwrap().checked(&sequencer.key()).unwrap();
            assert_eq!((leaf.day, signed.head.root), (day, checkpoint.root.0));
        }
    });
}

#[test]
fn what_is_not_sequenced_yet_ends_the_time_up_to_which_all_is_there() {
    in_a_world(|world| async move {
        let sequencer = sequencer(&world);
        drained(&sequencer).await;
        let own = asking(OnBehalf::Person(member(Role::Adult).person));
        let look = world.persons.clock.now();
        world.persons.own_entry(&own, OwnEntry::default()).await.unwrap();
        world.trial.clock.pass(std::time::Duration::from_secs(30));
        let answer = world.persons.own_looks(&own, &TODAY).await.unwrap();
        assert_eq!(answer.recorded_until, look);
        drained(&sequencer).await;
        let answer = world.persons.own_looks(&own, &TODAY).await.unwrap();
        assert_eq!(answer.recorded_until, world.persons.clock.now());
    });
}

#[test]
fn nobody_reads_what_is_recorded_about_another() {
    in_a_world(|world| async move {
        let sequencer = sequencer(&world);
        let own = asking(OnBehalf::Person(member(Role::Adult).person));
        world.persons.own_entry(&own, OwnEntry::default()).await.unwrap();
        drained(&sequencer).await;
        let row = world.persons.own_looks(&own, &TODAY).await.unwrap().rows.remove(0);
        let ask = OwnLookProof { day: row.day, position: row.position };
        let other = asking(OnBehalf::Person(member(Role::NonCitizen).person));
        let refused = world.persons.own_look_proof(&other, &ask).await;
        assert_eq!(refused, Err(LooksRefusal::NotFound));
        let rows = world.persons.own_looks(&other, &TODAY).await.unwrap().rows;
        assert!(rows.iter().all(|other| other.position != row.position));
        for asking in [official(), asking(OnBehalf::System("import".to_owned()))] {
            let refused = world.persons.own_looks(&asking, &TODAY).await;
            assert_eq!(refused, Err(LooksRefusal::NotPermitted));
        }
    });
}

#[test]
fn days_in_no_order_or_too_many_are_refused() {
    in_a_world(|world| async move {
        let own = asking(OnBehalf::Person(member(Role::Adult).person));
        for (from, to) in [("2026-05-12", "2026-05-11"), ("2025-01-01", "2026-05-12")] {
            let ask = OwnLooks { from: from.parse().unwrap(), to: to.parse().unwrap() };
            let refused = world.persons.own_looks(&own, &ask).await;
            assert_eq!(refused, Err(LooksRefusal::Days));
        }
    });
}
