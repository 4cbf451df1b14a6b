//! Somebody is entered into the register and comes to the counter: the desk of an installation
//! without a cast looks her up by her code.

use activation_contract::Invitation;

use crate::asked::{Caller, call};
use crate::house::{House, Web};

/// A code that can be nobody's.
const CODE: &str = "329900-00152";

const JSON: &str = "application/json";

const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) async fn somebody_comes(house: &House) {
    let address = std::fs::read_to_string(house.file("sakta-data/desk/address")).unwrap();
    let (_, key) = address.trim().split_once("key=").unwrap();
    let desk = house.desk(key);
    let nobody = desk.post("desk.", "/people", (FORM, "code=329900-00152&find=1")).await;
    assert!(nobody.status == 404 && nobody.text().contains(CODE), "{}", nobody.text());
    entered(house).await;
    let found = desk.post("desk.", "/people", (FORM, "code=329900-00152&find=1")).await;
    assert_eq!(found.status, 303, "{}", found.text());
    let person = desk.get("desk.", found.to()).await;
    assert!(person.status == 200 && person.text().contains("Zane Kalna"), "{}", person.text());
    let (_, id) = found.to().rsplit_once('/').unwrap();
    let offered = desk.post("desk.", "/offers", (FORM, &format!("person={id}&enrol=1"))).await;
    assert_eq!(offered.status, 303, "{}", offered.text());
    assert!(desk.get("desk.", offered.to()).await.text().contains("Zane Kalna"));
    enrolled(house, &desk, id).await;
    let locked = house.desk("guess").post("desk.", "/people", (FORM, "code=1")).await;
    assert!(locked.status >= 400 && !locked.text().contains("Zane"), "{}", locked.status);
}

/// Her phone takes the offer; the officer compares the digits and binds it.
async fn enrolled(house: &House, desk: &Web, person: &str) {
    let offer = format!(r#"{{"person": "{person}"}}"#);
    let offer = desk.post("desk.", "/api/offers", (JSON, &offer)).await.json();
    let invitation = offer["invitation"].as_str().unwrap();
    let server = Invitation::parse(invitation).unwrap().server;
    assert_eq!(server, format!("http://id.{}", house.base()));
    house.write("pins", "2580\n147258\n", 0o600);
    let took = house.phone(&["enrol", invitation, "--label", "Zane"]);
    assert!(took.done, "{took:?}");
    let path = format!("/api/offers/{}", offer["offer"].as_str().unwrap());
    let digits = desk.get("desk.", &path).await.json()["digits"].clone();
    let bind = format!(r#"{{"digits": {digits}}}"#);
    let bound = desk.post("desk.", &format!("{path}/bind"), (JSON, &bind)).await;
    assert_eq!(bound.json()["user_number"].as_str().map(str::len), Some(8), "{}", bound.text());
}

/// The writer of the register enters her.
async fn entered(house: &House) {
    let fact = |value: &str| {
        format!(
            r#"{{"value": {value}, "basis": "a test", "confidence": "verified",
                "source": {{"kind": "birth-act", "number": null, "date": null, "issuer": "x"}}}}"#
        )
    };
    let name = r#"{"kind": "name", "form": "national", "given": ["Zane"], "surname": ["Kalna"]}"#;
    let code = format!(r#"{{"kind": "code", "code": "PNOLV-{CODE}", "reason": "first"}}"#);
    let facts = [name, &code].map(fact).join(",");
    let enter = format!(
        r#"{{"operation": {{"facts": [{facts}]}},
            "on_behalf": {{"kind": "permission", "number": "8"}},
            "purpose": "population", "key": "zane"}}"#
    );
    let caller = Caller::bank(house);
    let entered = call(&house.door("persons"), &caller, "persons/enter", &enter).await.unwrap();
    assert!(entered.starts_with("HTTP/1.1 200"), "{entered}");
}
