//! Death in two steps, and its annulment.

use base::PersonId;
use persons_contract::{
    AnnulDeath, ConfirmDeath, DeathRefusal, FindRefusal, Group, Kind, Life, RecordRefusal,
    ReportDeath,
};
use simulation::Role;

use crate::world::{World, code_of, find, in_a_world, member, officer, official, source, writing};

fn report(person: PersonId) -> ReportDeath {
    let date = "2026-05".parse().unwrap();
    ReportDeath { person, date, basis: "test s.1".to_owned(), source: source() }
}

fn confirm(person: PersonId, act: &str) -> ConfirmDeath {
    let (act, date) = (act.to_owned(), "2026-05-10".parse().unwrap());
    ConfirmDeath { person, date, act, basis: "test s.1".to_owned(), source: source() }
}

fn annul(person: PersonId) -> AnnulDeath {
    AnnulDeath { person, basis: "test s.1".to_owned(), source: source() }
}

async fn life(world: &World) -> Life {
    let ask = find(&code_of(Role::Adult), &[Group::Life]);
    world.persons.find(&official(), ask).await.unwrap().life()
}

#[test]
fn a_death_is_reported_confirmed_and_annulled_and_each_is_told_with_its_approval() {
    in_a_world(|world| async move {
        let anna = member(Role::Adult).person;
        let (desk, registrar) = (writing("pmlp/desk", "200"), officer("vdaa/registry"));
        let reported = world.persons.report_death(&desk, report(anna)).await.unwrap();
        assert_eq!((reported.life, life(&world).await), (Life::Reported, Life::Reported));
        world.trial.clock.pass(std::time::Duration::from_secs(1));
        let confirmed =
            world.persons.confirm_death(&registrar, confirm(anna, "A-1")).await.unwrap();
        assert_eq!((confirmed.life, life(&world).await), (Life::Confirmed, Life::Confirmed));
        assert_eq!(confirmed.revision, reported.revision + 1);
        world.trial.clock.pass(std::time::Duration::from_secs(1));
        let annulled = world.persons.annul_death(&registrar, annul(anna)).await.unwrap();
        assert_eq!((annulled.life, life(&world).await), (Life::Alive, Life::Alive));
        let told = world.told("pki").await;
        let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
        let expected =
            ["persons.death-reported", "persons.death-confirmed", "persons.death-annulled"];
        assert_eq!(names, expected);
        assert!(told[1].1.contains(r#""approval":"header.payload.sig""#), "{}", told[1].1);
        assert!(!told[0].1.contains("approval"));
        assert_eq!(world.told("identity").await.len(), 3);
        let again = world.persons.report_death(&desk, report(anna)).await.unwrap();
        assert_eq!(again.life, Life::Reported, "the entry is restored whole");
    });
}

#[test]
fn a_step_out_of_order_changes_nothing_and_tells_nobody() {
    in_a_world(|world| async move {
        let (anna, registrar) = (member(Role::Adult).person, officer("vdaa/registry"));
        let step = Err(DeathRefusal::Step);
        assert_eq!(world.persons.confirm_death(&registrar, confirm(anna, "A-1")).await, step);
        assert_eq!(world.persons.annul_death(&registrar, annul(anna)).await, step);
        let dead = member(Role::Deceased).person;
        assert_eq!(world.persons.report_death(&registrar, report(dead)).await, step);
        assert!(world.told("pki").await.is_empty());
        assert_eq!(life(&world).await, Life::Alive);
    });
}

#[test]
fn only_a_registrars_signature_confirms_or_annuls() {
    in_a_world(|world| async move {
        let (anna, desk) = (member(Role::Adult).person, writing("pmlp/desk", "200"));
        world.persons.report_death(&desk, report(anna)).await.unwrap();
        let refused = Err(DeathRefusal::Record(RecordRefusal::NotPermitted));
        assert_eq!(world.persons.confirm_death(&desk, confirm(anna, "A-1")).await, refused);
        assert_eq!(world.persons.annul_death(&desk, annul(anna)).await, refused);
        let elsewhere = officer("vdaa/office");
        assert_eq!(world.persons.confirm_death(&elsewhere, confirm(anna, "A-1")).await, refused);
        let notary = writing("vdaa/notaries", "202");
        let refused = Err(DeathRefusal::Record(RecordRefusal::NotCompetent(Kind::Death)));
        assert_eq!(world.persons.report_death(&notary, report(anna)).await, refused);
    });
}

#[test]
fn bad_input_is_refused() {
    in_a_world(|world| async move {
        let (anna, registrar) = (member(Role::Adult).person, officer("vdaa/registry"));
        let stranger = PersonId::from_bytes([9; 16]);
        let refused = world.persons.report_death(&registrar, report(stranger)).await;
        assert_eq!(refused, Err(DeathRefusal::Record(RecordRefusal::NotFound)));
        let value = Err(DeathRefusal::Record(RecordRefusal::Value(Kind::Death)));
        for act in ["", " ", &"x".repeat(65), "a\nb"] {
            let refused = world.persons.confirm_death(&registrar, confirm(anna, act)).await;
            assert_eq!(refused, value, "{act:?}");
        }
        assert_eq!(life(&world).await, Life::Alive);
        let ask = find(&code_of(Role::Adult), &[Group::Life]);
        let refused = world.persons.find(&officer("vdaa/other"), ask).await;
        assert_eq!(refused, Err(FindRefusal::NotPermitted));
    });
}
