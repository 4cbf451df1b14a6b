//! Whether a value is one of its kind.

use base::{Identifier, Scheme};
use country::{LegalStatus, Name, PersonalCode};
use persons_contract::{Assertion, RecordRefusal, Relation, Source, Value};

use crate::ledger::{end, first};

const LONGEST: usize = 200;
const MARITAL: [&str; 5] = ["single", "married", "divorced", "widowed", "partnership"];

/// An assertion in the form in which it is stored.
///
/// # Errors
/// [`RecordRefusal::Value`].
pub(crate) fn checked(assertion: Assertion) -> Result<Assertion, RecordRefusal> {
    let kind = assertion.value.kind();
    let refused = RecordRefusal::Value(kind);
    let spans = first(assertion.from) < end(assertion.to);
    if !spans || !text(&assertion.basis) || !source(&assertion.source) {
        return Err(refused);
    }
    let value = normal(assertion.value).ok_or(refused)?;
    Ok(Assertion { value, ..assertion })
}

pub(crate) fn source(source: &Source) -> bool {
    text(&source.kind) && text(&source.issuer) && source.number.as_deref().is_none_or(text)
}

/// 1 to 200 bytes without control characters, no blanks around it.
pub(crate) fn text(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

fn country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The identifier as it is stored and searched: the country's own codes in their written form.
pub(crate) fn identifier(identifier: &Identifier) -> Option<Identifier> {
    let own = identifier.scheme() == Scheme::Pno && identifier.country() == country::COUNTRY;
    if !own {
        return Some(identifier.clone());
    }
    PersonalCode::from_identifier(identifier).ok().map(|code| code.identifier())
}

/// The value in its stored form; none when it is not one.
fn normal(value: Value) -> Option<Value> {
    let fits = match value {
        Value::Name { form, given, surname } => {
            let name = Name::new(&given, &surname).ok()?;
            let (given, surname) = (name.given().to_vec(), name.surname().to_vec());
            return Some(Value::Name { form, given, surname });
        }
        Value::Code { code, reason } => {
            return Some(Value::Code { code: identifier(&code)?, reason });
        }
        Value::Address { ref line, ref place, ref postcode, country: ref of, .. } => {
            text(line) && text(place) && postcode.as_deref().is_none_or(text) && country(of)
        }
        Value::Birth { ref place, country: ref of, .. } => {
            place.as_deref().is_none_or(text) && of.as_deref().is_none_or(country)
        }
        Value::Capacity { ref limit } => text(limit),
        Value::Citizenship { country: ref of } => country(of),
        Value::Death { ref act, .. } => act.as_deref().is_none_or(text),
        Value::Link { ref issuer, ref loa, ref evidence, .. } => {
            text(issuer) && loa.as_deref().is_none_or(text) && text(evidence)
        }
        Value::Marital { ref status, .. } => MARITAL.contains(&status.as_str()),
        Value::Parent { relation, .. } => relation == Relation::Parent,
        Value::Status { ref status, ref ground } => {
            let known = LegalStatus::named(status)?;
            ground.as_deref().is_none_or(text) && (ground.is_some() || !known.needs_ground())
        }
        Value::Custody { .. } | Value::Protection { .. } | Value::Sex { .. } => true,
    };
    fits.then_some(value)
}

#[cfg(test)]
mod tests {
    use persons_contract::{CodeReason, NameForm};

    use super::*;

    #[test]
    fn a_code_is_stored_in_its_written_form_however_it_came() {
        let digits = "PNOLV-32991200014".parse().unwrap();
        let stored = normal(Value::Code { code: digits, reason: CodeReason::First });
        let written = "PNOLV-329912-00014".parse().unwrap();
        assert_eq!(stored, Some(Value::Code { code: written, reason: CodeReason::First }));
    }

    #[test]
    fn values_that_are_none_are_refused() {
        let status = |status: &str, ground: Option<&str>| Value::Status {
            status: status.to_owned(),
            ground: ground.map(str::to_owned),
        };
        let name = |given: &str| Value::Name {
            form: NameForm::National,
            given: vec![given.to_owned()],
            surname: vec!["Parauga".to_owned()],
        };
        let code =
            |code: &str| Value::Code { code: code.parse().unwrap(), reason: CodeReason::First };
        for value in [
            status("pilsonis", None),
            status("foreigner", None),
            status("citizen", Some("")),
            name(""),
            name("Anna1"),
            code("PNOLV-1234"),
            code("PNOLV-900000-00000"),
            Value::Citizenship { country: "lv".to_owned() },
            Value::Marital { status: "happy".to_owned(), spouse: None },
            Value::Capacity { limit: "x".repeat(201) },
            Value::Capacity { limit: "a\u{0}b".to_owned() },
        ] {
            assert_eq!(normal(value.clone()), None, "{value:?}");
        }
        assert!(normal(status("foreigner", Some("residence-permit"))).is_some());
    }
}
