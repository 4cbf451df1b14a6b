//! Claims: which there are, which scope gives which, and their values from the register.

use std::collections::BTreeSet;

use base::Locale;
use persons_contract::{AddressKind, NameForm, Person, Value as Fact};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ui::Voice;
use ui::text::identity as words;

/// The longest `claims` parameter, in bytes.
const LONGEST: usize = 8 * 1024;

/// A scope with the claims it gives. Spec: OpenID Connect Core 1.0 §5.4; the last two are ours:
/// the claim is that of eParaksts, and `signing` lets a program ask the phone for signatures.
const SCOPES: [(&str, &[&str]); 7] = [
    ("openid", &[]),
    ("profile", &["name", "given_name", "family_name", "birthdate"]),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
    ("personal_code", &["serial_number"]),
    ("signing", &[]),
];

/// Single claims that a client asks for, and what it makes a condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// At the userinfo endpoint.
    #[serde(default)]
    pub(crate) userinfo: BTreeSet<String>,
    /// In the ID token.
    #[serde(default)]
    pub(crate) id_token: BTreeSet<String>,
    /// Levels of which one is a condition; empty: none is.
    #[serde(default)]
    pub(crate) acr: Vec<String>,
    /// The only subject that is a condition.
    #[serde(default)]
    pub(crate) sub: Option<String>,
}

/// The scopes that are known, in order.
pub(crate) fn scopes() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().map(|(name, _)| *name)
}

/// The claims that a scope may give.
pub(crate) fn claims() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().flat_map(|(_, claims)| *claims).copied()
}

/// The scope that gives a claim.
fn scope_of(claim: &str) -> Option<&'static str> {
    SCOPES.iter().find(|(_, claims)| claims.contains(&claim)).map(|(name, _)| *name)
}

impl Wanted {
    /// Reads the `claims` parameter; claims that no scope gives are left out.
    ///
    /// Spec: OpenID Connect Core 1.0 §5.5. None for what is no such object.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let whole: Map<String, Value> = serde_json::from_str(text).ok()?;
        let part = |name: &str| match whole.get(name) {
            None | Some(Value::Null) => Some(Map::new()),
            Some(Value::Object(part)) => Some(part.clone()),
            Some(_) => None,
        };
        let (userinfo, id_token) = (part("userinfo")?, part("id_token")?);
        let known = |part: &Map<String, Value>| {
            part.keys().filter(|name| scope_of(name).is_some()).cloned().collect()
        };
        let essential = |value: &&Value| value.get("essential") == Some(&Value::Bool(true));
        let acr = id_token.get("acr").filter(essential).map(values).unwrap_or_default();
        let sub = id_token.get("sub").or(userinfo.get("sub")).map(values).unwrap_or_default();
        let sub = sub.into_iter().next();
        Some(Self { userinfo: known(&userinfo), id_token: known(&id_token), acr, sub })
    }

    /// Without what the client's scopes do not cover.
    pub(crate) fn within(mut self, allowed: &[String]) -> Self {
        let covered = |claim: &String| {
            scope_of(claim).is_some_and(|scope| allowed.iter().any(|own| own == scope))
        };
        self.userinfo.retain(covered);
        self.id_token.retain(covered);
        self
    }
}

/// `value` and `values` of one requested claim.
fn values(asked: &Value) -> Vec<String> {
    let one = asked.get("value").and_then(Value::as_str);
    let more = asked.get("values").and_then(Value::as_array);
    let more = more.into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(more).map(str::to_owned).collect()
}

/// The claims of these scopes and of these single ones.
pub(crate) fn asked_for(scope: &BTreeSet<String>, single: &BTreeSet<String>) -> BTreeSet<String> {
    let of_scopes = SCOPES.iter().filter(|(name, _)| scope.contains(*name));
    let of_scopes = of_scopes.flat_map(|(_, claims)| *claims).map(|claim| (*claim).to_owned());
    of_scopes.chain(single.iter().cloned()).collect()
}

/// Values of the claims that the register has; what it has not is left out.
pub(crate) fn of_person(person: &Person, asked: &BTreeSet<String>) -> Map<String, Value> {
    let (given, surname) = person.name(NameForm::National).unwrap_or_default();
    let text = |text: String| (!text.is_empty()).then_some(Value::String(text));
    let value = |claim: &str| match claim {
        "name" => text(person.shown_name()),
        "given_name" => text(given.join(" ")),
        "family_name" => text(surname.join(" ")),
        "birthdate" => text(person.birth().map(|date| date.to_string())?),
        "serial_number" => text(person.code()?.to_string()),
        "address" => address(person),
        // The register holds neither e-mail nor telephone.
        _ => None,
    };
    asked.iter().filter_map(|claim| Some((claim.clone(), value(claim)?))).collect()
}

/// The declared address. Spec: OpenID Connect Core 1.0 §5.1.1.
fn address(person: &Person) -> Option<Value> {
    person.facts.iter().find_map(|fact| match &fact.value {
        Fact::Address { of: AddressKind::Declared, line, place, postcode, country } => {
            let postcode = postcode.as_deref().unwrap_or_default();
            let lines = [line.as_str(), place, postcode, country];
            let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
            Some(json!({
                "formatted": lines.join("\n"), "street_address": line, "locality": place,
                "postal_code": postcode, "country": country,
            }))
        }
        _ => None,
    })
}

/// What a client gets, in words: on the page and, by claim names, on the phone.
pub(crate) fn in_words(voice: Voice, asked: &BTreeSet<String>) -> String {
    let any = |claims: &[&str]| claims.iter().any(|claim| asked.contains(*claim));
    let all = [
        (any(&["name", "given_name", "family_name"]), words::GETS_NAME),
        (any(&["birthdate"]), words::GETS_BIRTH),
        (any(&["serial_number"]), words::GETS_CODE),
        (any(&["address"]), words::GETS_ADDRESS),
    ];
    let said: Vec<String> =
        all.into_iter().filter(|(asked, _)| *asked).map(|(_, key)| voice.say(key)).collect();
    let text = if said.is_empty() { voice.say(words::GETS_NOTHING) } else { said.join(", ") };
    capital(&text)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The first language of a list of tags that pages are written in.
pub(crate) fn language(tags: &str) -> Option<Locale> {
    tags.split_ascii_whitespace().take(16).find_map(Locale::from_tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_claims_parameter_is_read_and_the_unknown_left_out() {
        let text = r#"{"userinfo":{"name":{"essential":true},"picture":null},
            "id_token":{"acr":{"essential":true,"values":["a","b"]},"birthdate":null}}"#;
        let wanted = Wanted::parse(text).unwrap();
        assert_eq!(wanted.userinfo, BTreeSet::from(["name".to_owned()]));
        assert_eq!(wanted.id_token, BTreeSet::from(["birthdate".to_owned()]));
        assert_eq!(wanted.acr, ["a", "b"]);
        let within = wanted.within(&["openid".to_owned()]);
        assert!(within.userinfo.is_empty() && within.id_token.is_empty());
        for bad in ["", "[]", r#"{"userinfo":1}"#, &format!("{{{}}}", " ".repeat(9000))] {
            assert_eq!(Wanted::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_voluntary_level_is_no_condition() {
        let text = r#"{"id_token":{"acr":{"values":["a"]}}}"#;
        assert!(Wanted::parse(text).unwrap().acr.is_empty());
    }

    #[test]
    fn what_a_client_gets_is_said_in_words() {
        let voice = Voice::new(Locale::En);
        let all = claims().map(str::to_owned).collect();
        assert_eq!(in_words(voice, &all), "Name, birth date, personal code, address");
        assert_eq!(in_words(voice, &BTreeSet::new()), "Only that you signed in");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}") {
            let _ = (Wanted::parse(&text), language(&text));
        }
    }
}
