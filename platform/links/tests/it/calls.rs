//! Calls within one process.

use std::sync::Arc;
use std::time::Duration;

use crate::texts::{Hidden, Known, Measure, MeasureRefusal, Wait, doors, party};
use base::{Clock, Failure, Time};
use jose::jws::prepare_claims;
use keys::{Algorithm, Keeper, Kek, Purpose, Signer, SystemChance};
use links::{Call, CallFault, Link, OFFICER_TYP, OfficerCall, OnBehalf, Place};
use trial::FixedClock;

fn clock() -> FixedClock {
    FixedClock::at("2026-11-25T12:00:00Z")
}

fn link_from(from: &str, clock: &FixedClock, known: Known) -> Link {
    let place = Place::new();
    place.open(Arc::new(doors(clock, known)));
    place.link(party(from), Arc::new(clock.clone()))
}

fn nobody() -> Known {
    Known { officer: None, until: Time::EPOCH }
}

fn permission(number: &str) -> OnBehalf {
    OnBehalf::Permission { number: number.to_owned() }
}

fn text(text: &str) -> Measure {
    Measure { text: text.to_owned() }
}

fn kind<T: std::fmt::Debug>(answer: Result<T, CallFault<MeasureRefusal>>) -> String {
    match answer.unwrap_err() {
        CallFault::Problem(problem) => problem.kind.replace("urn:sakta:problem:", ""),
        other => other.kind().to_owned(),
    }
}

#[tokio::test]
async fn a_call_is_answered_and_the_callee_knows_who_called_and_for_whom() {
    let link = link_from("bank/core", &clock(), nobody());
    let answer = link.call(Call::new(text("words"), permission("LV-1"), "credit")).await.unwrap();
    assert_eq!(answer.length, 5);
    assert_eq!(answer.from, party("bank/core"));
    assert_eq!(answer.scope, "bank/core permission:LV-1 texts/measure");
}

#[tokio::test]
async fn a_refusal_comes_back_as_the_operations_own() {
    let link = link_from("bank/core", &clock(), nobody());
    let refused = link.call(Call::new(text("long words"), permission("LV-1"), "credit")).await;
    assert_eq!(refused, Err(CallFault::Refused(MeasureRefusal::TooLong { most: 9 })));
}

#[tokio::test]
async fn only_the_party_that_has_the_permission_may_use_it() {
    let link = link_from("shop/core", &clock(), nobody());
    let call = |number| link.call(Call::new(text("words"), permission(number), "credit"));
    assert_eq!(kind(call("LV-1").await), "call-proof");
    let link = link_from("bank/core", &clock(), nobody());
    let refused = link.call(Call::new(text("words"), permission("LV-2"), "credit")).await;
    assert_eq!(kind(refused), "call-proof");
}

#[tokio::test]
async fn evidence_is_taken_from_its_client_until_it_ends() {
    let (clock, evidence) = (clock(), OnBehalf::Person { evidence: "anna".to_owned() });
    let known = || Known { officer: None, until: clock.now().plus(Duration::from_secs(60)) };
    let call = || Call::new(text("words"), evidence.clone(), "own");
    let other = link_from("owner/other", &clock, known());
    assert_eq!(kind(other.call(call()).await), "call-proof");
    let portal = link_from("owner/portal", &clock, known());
    let answer = portal.call(call()).await.unwrap();
    assert_eq!(answer.on_behalf, evidence, "for a call further on");
    let scope = answer.scope;
    assert_eq!(scope, format!("owner/portal person:{} texts/measure", "07".repeat(16)));
    clock.pass(Duration::from_secs(60));
    assert_eq!(kind(portal.call(call()).await), "call-proof");
}

#[derive(Debug)]
enum Desk {}
impl Purpose for Desk {
    const NAME: &'static str = "test.desk";
}

fn desk_key() -> Signer<Desk> {
    let kek = Kek::from_bytes(&[1; 32]).unwrap();
    let keeper = Keeper::new("desk", "owner/desk", kek, Arc::new(SystemChance::new()));
    keeper.make(Algorithm::P256).unwrap().0
}

fn proof(key: &Signer<Desk>, claims: &OfficerCall) -> OnBehalf {
    let header = key.token_header(OFFICER_TYP).unwrap();
    let proof = key.sign_token(prepare_claims(&header, claims).unwrap()).unwrap();
    OnBehalf::Officer { proof }
}

#[tokio::test]
async fn an_officers_proof_holds_for_one_call_and_five_minutes() {
    let (clock, key) = (clock(), desk_key());
    let known = Known { officer: key.public_key().jwk(), until: Time::EPOCH };
    let link = link_from("owner/desk", &clock, known);
    let call = |words, on_behalf| link.call(Call::new(text(words), on_behalf, "case 7"));
    let claims = OfficerCall::of(party("owner/texts"), &text("words"), clock.now()).unwrap();
    let good = proof(&key, &claims);
    let scope = call("words", good.clone()).await.unwrap().scope;
    assert_eq!(scope, "owner/desk officer:officer-1 texts/measure");
    assert_eq!(kind(call("other", good.clone()).await), "call-proof");
    let elsewhere = OfficerCall { callee: party("owner/other"), ..claims.clone() };
    let another = OfficerCall { operation: "texts/wait".to_owned(), ..claims.clone() };
    let longer = OfficerCall { exp: claims.exp + 1, ..claims.clone() };
    let later = OfficerCall { iat: claims.iat + 31, exp: claims.exp, ..claims.clone() };
    for forged in [elsewhere, another, longer, later] {
        assert_eq!(kind(call("words", proof(&key, &forged)).await), "call-proof", "{forged:?}");
    }
    assert_eq!(kind(call("words", proof(&desk_key(), &claims)).await), "call-proof");
    clock.pass(Duration::from_secs(300));
    assert_eq!(kind(call("words", good).await), "call-proof");
}

#[tokio::test]
async fn an_operation_takes_only_the_kinds_in_its_table() {
    let link = link_from("owner/other", &clock(), nobody());
    assert_eq!(doors(&clock(), nobody()).gaps(), ["texts/hidden"]);
    let system = OnBehalf::System { job: "nightly".to_owned() };
    let refused = link.call(Call::new(text("words"), system.clone(), "own")).await;
    assert_eq!(kind(refused), "call-proof-kind");
    assert_eq!(kind(link.call(Call::new(Hidden {}, system, "own")).await), "call-proof-kind");
}

#[tokio::test]
async fn a_call_that_is_not_done_in_time_is_late() {
    let clock = clock();
    let link = link_from("owner/other", &clock, nobody());
    let system = OnBehalf::System { job: "nightly".to_owned() };
    let past = Call::new(Wait {}, system.clone(), "own").before(clock.now());
    assert_eq!(link.call(past).await, Err(CallFault::Late));
    let waiting = link.call(Call::new(Wait {}, system, "own"));
    let passing = async {
        tokio::task::yield_now().await;
        clock.pass(Duration::from_secs(10));
    };
    assert_eq!(tokio::join!(waiting, passing).0, Err(CallFault::Late));
}

#[tokio::test]
async fn a_full_house_is_busy_and_a_proof_that_cannot_be_checked_too() {
    let clock = clock();
    let place = Place::new();
    place.open(Arc::new(doors(&clock, nobody()).seats(0)));
    let link = place.link(party("bank/core"), Arc::new(clock.clone()));
    let busy = link.call(Call::new(text("words"), permission("LV-1"), "credit")).await;
    assert_eq!(kind(busy), "call-busy");
    let link = link_from("owner/other", &clock, nobody());
    let later = OnBehalf::System { job: "later".to_owned() };
    assert_eq!(kind(link.call(Call::new(Wait {}, later, "own")).await), "call-busy");
}

#[tokio::test]
async fn a_function_that_panics_is_our_fault_and_the_door_goes_on() {
    let link = link_from("bank/core", &clock(), nobody());
    let call = |words| link.call(Call::new(text(words), permission("LV-1"), "credit"));
    assert_eq!(kind(call("panic").await), "call-broken");
    assert!(call("words").await.is_ok());
}

#[tokio::test]
async fn where_nobody_stands_nobody_is_reached() {
    let clock = clock();
    let link = Place::new().link(party("bank/core"), Arc::new(clock));
    let call = Call::new(text("words"), permission("LV-1"), "credit");
    assert_eq!(link.call(call).await, Err(CallFault::Unreached));
}
