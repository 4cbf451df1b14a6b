#![cfg(test)]
//! Whoever takes the web process holds its stores, its key-encryption keys and its transport
//! certificates. What they try with them here must fail (PROTOCOLS §2).
//!
//! One demo of the built binary is attacked; at the end Anna still logs in with her phone.

#[path = "web_process_taken/attacks.rs"]
mod attacks;
#[path = "web_process_taken/forged.rs"]
mod forged;
#[path = "web_process_taken/house.rs"]
mod house;
#[path = "web_process_taken/phone.rs"]
mod phone;

use house::House;

/// Why an attack did not fail as it should.
type Check = Result<(), String>;

/// Runs one attack; what came of it goes to `found` when it did not fail.
macro_rules! fails {
    ($found:ident, $sentence:literal, $attack:expr) => {
        match $attack.await {
            Ok(()) => eprintln!("held: {}", $sentence),
            Err(why) => $found.push(format!("{}: {why}", $sentence)),
        }
    };
}

#[tokio::test]
async fn web_process_taken() {
    let house = House::started().await;
    let mut found: Vec<String> = Vec::new();
    devices(&house, &mut found).await;
    certificates(&house, &mut found).await;
    statuses(&house, &mut found).await;
    time_and_status(&house, &mut found).await;
    persons(&house, &mut found).await;
    assert!(found.is_empty(), "{found:#?}");
}

async fn devices(house: &House, found: &mut Vec<String>) {
    fails!(found, "no part of the web brings an officer's word to sam", attacks::offer(house));
    fails!(
        found,
        "an officer whom sam does not know offers and binds nothing, even from the desk",
        attacks::offer_from_the_desk(house)
    );
    fails!(found, "a phone enrols under no code that nobody offered", attacks::enrol(house));
}

async fn certificates(house: &House, found: &mut Vec<String>) {
    fails!(found, "an approval that an officer did not sign issues nothing", attacks::issue(house));
    fails!(
        found,
        "a spent approval issues nothing for another key, person or statement",
        attacks::issue_again(house)
    );
    fails!(
        found,
        "a standing approval that is none, or of another subject, issues nothing",
        attacks::machine_by_guess(house)
    );
    fails!(
        found,
        "the standing approvals of responder and time-stamp unit issue nothing to the web",
        attacks::machine_by_right_words(house)
    );
    fails!(
        found,
        "two officers whom nobody entered change neither officers nor standing approvals",
        attacks::officers(house)
    );
}

async fn statuses(house: &House, found: &mut Vec<String>) {
    fails!(
        found,
        "no forged approval or will suspends, resumes or revokes a certificate",
        attacks::status(house)
    );
    fails!(found, "no forged proof blocks or destroys a key", attacks::key_status(house));
    fails!(
        found,
        "what officers and sam signed for something else changes no status",
        attacks::status_by_other_words(house)
    );
}

async fn time_and_status(house: &House, found: &mut Vec<String>) {
    fails!(found, "the time-stamp unit has no door for calls", attacks::stamp(house));
    fails!(
        found,
        "the responder hears nothing from the web: no certificate becomes good by it",
        attacks::feed(house)
    );
}

async fn persons(house: &House, found: &mut Vec<String>) {
    fails!(
        found,
        "nothing in the web's folder holds a PIN, a freeze code, its digest or a phone's lock",
        std::future::ready(attacks::secrets(house))
    );
    fails!(
        found,
        "a login that the phone approved is answered the same again, never anew",
        phone::replay(house)
    );
    fails!(
        found,
        "an instruction under keys of one's own signs, freezes and ends nothing",
        phone::made_up(house)
    );
    fails!(found, "a stranger's garbage, sent 100 times, changes nothing", phone::garbage(house));
    fails!(
        found,
        "a message under a wrong PIN, sent 100 times, costs one attempt",
        phone::wrong_pin(house)
    );
    fails!(
        found,
        "no guess of a freeze code and no order of an unknown officer locks her out",
        attacks::lock_out(house)
    );
    fails!(
        found,
        "after all this she still logs in, by the one phone she has",
        phone::still(house)
    );
}
