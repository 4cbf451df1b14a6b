//! The role over links.

use std::sync::Arc;

use activation_contract::Op;
use base::Clock;
use links::{Call, CallFault, OnBehalf, Place};
use sam_contract::{
    Activate, Challenge, ChangeKeyStatus, DevicesOf, KeysOf, SamRefusal, TakeOffer, read_keys,
};
use store::trial::Trial;

use super::phone::Phone;
use super::world::{World, anna};
use crate::SCHEMA;

#[test]
fn each_neighbour_may_call_its_own_operations_and_no_others() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let doors = world.sam.doors();
        assert_eq!(doors.gaps(), Vec::<&str>::new());
        let (place, clock) = (Place::new(), Arc::new(world.clock.clone()));
        let clock: Arc<dyn Clock> = clock;
        place.open(Arc::new(doors));
        let job = || OnBehalf::System { job: "test".to_owned() };
        let link = |name: &str| place.link(name.parse().unwrap(), Arc::clone(&clock));
        let identity = link("lvrtc/identity");
        let keys = identity.call(Call::new(KeysOf {}, job(), "keys")).await.unwrap();
        read_keys(&keys.keys, &world.root, world.now()).unwrap();
        let offer = TakeOffer { offer: String::new() };
        let refused = identity.call(Call::new(offer.clone(), job(), "offer")).await;
        assert!(matches!(refused, Err(CallFault::Problem(_))), "{refused:?}");
        let desk = link("lvrtc/desk");
        let refused = desk.call(Call::new(offer, job(), "offer")).await;
        assert_eq!(refused, Err(CallFault::Refused(SamRefusal::Proof)));
        let activate = Activate { sealed: String::new() };
        let refused = desk.call(Call::new(activate.clone(), job(), "act")).await;
        assert!(matches!(refused, Err(CallFault::Problem(_))), "{refused:?}");
        let refused = identity.call(Call::new(activate, job(), "act")).await;
        assert_eq!(refused, Err(CallFault::Refused(SamRefusal::Unreadable)));
        let device = Phone::new(&world.keys).device;
        let challenge = Challenge { device, op: Op::Login };
        assert!(identity.call(Call::new(challenge, job(), "act")).await.is_ok());
        let nobody = link("lvrtc/portal").call(Call::new(KeysOf {}, job(), "keys")).await;
        assert!(matches!(nobody, Err(CallFault::Problem(_))), "{nobody:?}");
        let status = ChangeKeyStatus {
            issuer: base::Digest([1; 32]),
            serial: "1".to_owned(),
            change: pki_contract::ChangeOfStatus::Suspend,
            proof: String::new(),
            destroy: false,
        };
        let refused = link("lvrtc/pki").call(Call::new(status, job(), "status")).await;
        assert_eq!(refused, Err(CallFault::Refused(SamRefusal::Proof)));
        let devices = identity.call(Call::new(DevicesOf { person: anna() }, job(), "means")).await;
        assert_eq!(devices.unwrap().devices, []);
    });
}

#[test]
fn the_statements_of_the_loop_prepare_on_each_engine() {
    // All others are used by a test that runs on both.
    store::trial::prepared_on_each_engine(
        &[SCHEMA],
        &[
            "SELECT challenge FROM sam_activation WHERE state = $1 OR state = $2
         ORDER BY challenge",
            "UPDATE sam_ending SET archived = 1 WHERE number = $1",
        ],
    );
}
