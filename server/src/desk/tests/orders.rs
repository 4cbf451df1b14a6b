//! What an officer sees of a person's phones, and orders.

use activation_contract::{Outcome, Refusal};
use app::{Enrolling, Phone};
use base::Locale;

use super::*;

/// A browser that has unlocked the desk.
struct Officer<'a> {
    world: &'a World,
    lock: Lock,
    key: String,
}

impl<'a> Officer<'a> {
    fn at(world: &'a World) -> Self {
        let (lock, key) = world.lock();
        Self { world, lock, key }
    }

    fn to(&self, request: http::request::Builder, body: &str) -> Request<Body> {
        request
            .header(header::HOST, "desk.localhost:4000")
            .header(header::COOKIE, format!("desk={}", self.key))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.to_owned()))
            .unwrap()
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let (status, page) = self.world.asked(&self.lock, self.to(Request::get(path), "")).await;
        if status == 200 {
            assert_eq!(ui::blemishes(&page), Vec::<String>::new(), "{path}");
        }
        (status, page)
    }

    async fn post(&self, path: &str, body: &str) -> u16 {
        self.world.asked(&self.lock, self.to(Request::post(path), body)).await.0
    }
}

/// A phone that the desk has bound, and what it told `sam`.
async fn bound(world: &World, chance: &SystemChance) -> (Enrolling, Phone) {
    let sheet = world.desk.offer(anna()).await.unwrap();
    let invitation = Invitation::parse(&sheet.invitation).unwrap();
    let talk = talk(world, chance);
    let met = talk.meet(&invitation, &pins(), "Anna's phone").await.unwrap();
    let told = talk.enrol(&met).await.unwrap();
    world.desk.bind(&sheet.offer, &told.digits()).await.unwrap();
    let phone = talk.enrol(&met).await.unwrap();
    (met, phone)
}

#[tokio::test]
async fn an_officer_sees_ends_freezes_and_unfreezes() {
    let (world, chance) = (world("orders").await, SystemChance::new());
    let ((_, mut phone), (_, lost)) = (bound(&world, &chance).await, bound(&world, &chance).await);
    let officer = Officer::at(&world);
    let own = format!("/people/{}", anna());
    let (status, page) = officer.get(&own).await;
    assert!(status == 200 && page.contains("Anna&#39;s phone") || page.contains("Anna's phone"));
    let end = format!("{own}/end/{}", lost.device());
    assert!(page.contains(&format!("href=\"{end}\"")), "{page}");
    assert!(officer.get(&end).await.1.contains("name=\"end\""));
    assert_eq!(officer.post(&end, "end=1").await, 303);
    assert_eq!(officer.get(&end).await.0, 404, "it has ended");
    assert!(!officer.get(&own).await.1.contains(&end));

    assert_eq!(officer.post(&own, "freeze=1").await, 303);
    let (_, frozen) = officer.get(&own).await;
    assert!(frozen.contains("name=\"unfreeze\"") && !frozen.contains("name=\"freeze\""));
    let talk = talk(&world, &chance);
    let fresh = talk.new_pins(&phone, None, &pins()).await.unwrap();
    let keys = fresh.keys().unwrap();
    let mut other = lost;
    let pin2 = app::PinCode::new(activation_contract::Pin::Pin2, "528137").unwrap();
    let consent = app::Consent { pin: &pin2, language: Locale::En };
    let shut = talk.vouch(&mut other, &keys, consent).await.unwrap().approved.outcome;
    assert_eq!(shut, Outcome::Refused { why: Refusal::DeviceNotActive });
    assert_eq!(officer.post(&own, "unfreeze=1").await, 303);
    assert!(officer.get(&own).await.1.contains("name=\"freeze\""));
    let frozen = talk.freeze(&mut phone, Locale::En).await.unwrap();
    assert!(matches!(frozen.outcome, Outcome::Done { .. }), "it acts again: {frozen:?}");
}

#[tokio::test]
async fn orders_are_for_people_of_the_desk_and_say_one_thing() {
    let (world, chance) = (world("order-faults").await, SystemChance::new());
    let (_, phone) = bound(&world, &chance).await;
    let officer = Officer::at(&world);
    let own = format!("/people/{}", anna());
    for path in [
        "/people/x".to_owned(),
        format!("/people/{}", "0c".repeat(16)),
        format!("/people/{}/end/{}", "0c".repeat(16), phone.device()),
        format!("{own}/end/x"),
    ] {
        assert!([400, 404].contains(&officer.get(&path).await.0), "{path}");
        assert!([400, 404, 422].contains(&officer.post(&path, "end=1&freeze=1").await), "{path}");
    }
    assert_eq!(officer.get(&format!("{own}/end/{}", "0d".repeat(16))).await.0, 404);
    for body in ["", "x=1", "freeze=1&unfreeze=1"] {
        assert!((400..500).contains(&officer.post(&own, body).await), "{body}");
    }
    let (lock, _) = world.lock();
    let stranger = officer.to(Request::get(&own), "");
    assert_eq!(world.asked(&lock, stranger).await.0, 404, "another day's key");
    let means = world.desk.means(anna()).await.unwrap();
    assert!(!means.frozen && means.devices.iter().all(|one| one.ended.is_none()));
}

#[tokio::test]
async fn the_officer_sees_whether_it_is_a_new_phone_or_new_pins_of_a_known_one() {
    let (world, chance) = (world("kinds").await, SystemChance::new());
    let (_, phone) = bound(&world, &chance).await;
    let officer = Officer::at(&world);
    let talk = talk(&world, &chance);
    let say = |key| ui::Voice::new(Locale::Lv).say(key);
    let (bind, pins_bind) = (say(ui::text::desk::BIND), say(ui::text::desk::BIND_PINS));
    let pins_set = say(ui::text::desk::PINS_SET);

    let sheet = world.desk.offer(anna()).await.unwrap();
    let path = format!("/offers/{}", sheet.offer);
    let invitation = Invitation::parse(&sheet.invitation).unwrap();
    let fresh = talk.new_pins(&phone, Some(&invitation), &pins()).await.unwrap();
    let told = talk.enrol(&fresh).await.unwrap();
    let (_, page) = officer.get(&path).await;
    assert!(page.contains(&pins_bind) && !page.contains(&bind), "{page}");
    assert_eq!(officer.post(&path, &format!("digits={}&bind=1", told.digits())).await, 303);
    let (_, done) = officer.get(&path).await;
    assert!(done.contains(&pins_set), "{done}");

    let sheet = world.desk.offer(anna()).await.unwrap();
    let path = format!("/offers/{}", sheet.offer);
    let invitation = Invitation::parse(&sheet.invitation).unwrap();
    let met = talk.meet(&invitation, &pins(), "New phone").await.unwrap();
    let told = talk.enrol(&met).await.unwrap();
    let (_, page) = officer.get(&path).await;
    assert!(page.contains(&bind) && !page.contains(&pins_bind), "{page}");
    assert_eq!(officer.post(&path, &format!("digits={}&bind=1", told.digits())).await, 303);
    let (_, done) = officer.get(&path).await;
    assert!(!done.contains(&pins_set), "{done}");
}
