//! The process dies between every two steps of a login, and answers are lost (PROTOCOLS §4).

use std::time::Duration;

use activation_contract::Pending;

use crate::world::{Browser, Twist, World, redeem};

/// A login by QR, with a new process after each step whose number is in `dies`.
async fn survives(dies: &[u8]) {
    let mut world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    world = died(world, dies, 1).await;
    let characters = browser.characters(&world, &login).await;
    world = died(world, dies, 2).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    world = died(world, dies, 3).await;
    anna.approve(&world, &pending, None).await;
    world = died(world, dies, 4).await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    let code = back.query()["code"].clone();
    world = died(world, dies, 5).await;
    let tokens = redeem(&world, &code).await;
    assert_eq!(tokens.status, 200, "{dies:?}: {}", tokens.text());
    let access = tokens.json()["access_token"].as_str().unwrap().to_owned();
    world = died(world, dies, 6).await;
    assert_eq!(world.get_with_bearer("/userinfo", &access).await.status, 200);
    assert_eq!(redeem(&world, &code).await.status, 400, "{dies:?}: once");
}

async fn died(world: World, dies: &[u8], step: u8) -> World {
    if dies.contains(&step) { world.restarted().await } else { world }
}

#[tokio::test]
async fn a_login_survives_a_crash_after_any_step() {
    for step in 1..=6 {
        survives(&[step]).await;
    }
    survives(&[1, 2, 3, 4, 5, 6]).await;
}

#[tokio::test]
async fn the_answer_to_a_claim_is_lost_and_the_phone_finds_it_by_looking() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    anna.claim(&world, &characters).await;
    let world = world.restarted().await;
    let pending = anna.poll(&world).await.pending.remove(0);
    assert!(pending.challenge.is_some());
    anna.approve(&world, &pending, None).await;
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(back.query().contains_key("code"));
}

#[tokio::test]
async fn sam_acted_and_we_died_before_its_answer_came_the_same_bytes_bring_it_again() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    let sealed = anna.sealed(&pending, None, "1234");
    *world.sam.twist.lock().unwrap() = Twist { silent: true, ..Twist::default() };
    assert_eq!(anna.activate(&world, &sealed).await.status, 503);
    *world.sam.twist.lock().unwrap() = Twist::default();
    let world = world.restarted().await;
    let first = anna.activate(&world, &sealed).await.json();
    assert_eq!(anna.activate(&world, &sealed).await.json(), first, "the same answer");
    assert_eq!(world.sam.outcomes.lock().unwrap().len(), 1, "sam acted once");
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(back.query().contains_key("code"));
}

#[tokio::test]
async fn the_redirect_is_lost_and_the_button_brings_another_code_in_place_of_the_first() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    anna.approve(&world, &pending, None).await;
    let first = browser.post(&world, &login, &[("check", "1")]).await.query()["code"].clone();
    let world = world.restarted().await;
    let second = browser.post(&world, &login, &[("check", "1")]).await.query()["code"].clone();
    assert_ne!(first, second);
    assert_eq!(redeem(&world, &first).await.status, 400, "only one is good");
    assert_eq!(redeem(&world, &second).await.status, 200);
    world.clock.pass(Duration::from_secs(61));
    let late = browser.post(&world, &login, &[("check", "1")]).await;
    assert_eq!(late.status, 404, "after a minute the login is over");
}

#[tokio::test]
async fn without_a_record_nobody_is_logged_in() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    let login = browser.begin(&world, &[]).await;
    let characters = browser.characters(&world, &login).await;
    let pending: Pending = anna.claim(&world, &characters).await.of();
    anna.approve(&world, &pending, None).await;
    world.failing.store(true, std::sync::atomic::Ordering::SeqCst);
    let refused = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(refused.status >= 500, "{}", refused.status);
    assert!(refused.text().contains("<h1>"), "the person reads a page");
    assert!(!browser.cookies.contains_key("id"));
    world.failing.store(false, std::sync::atomic::Ordering::SeqCst);
    let back = browser.post(&world, &login, &[("check", "1")]).await;
    assert!(back.query().contains_key("code"));
}
