//! The register's facts in words of the page's language.

use std::collections::BTreeMap;

use persons_contract::{AddressKind, Fact, NameForm, Person, Relation, Sex, Value};
use ui::text::{Key, data as words};
use ui::{Case, Voice};

use crate::pages::{DataGroup, MyData, RegisterFact};

/// The groups of the page, in order.
const GROUPS: [Key; 7] = [
    words::GROUP_NAMES,
    words::GROUP_BIRTH,
    words::GROUP_STATUS,
    words::GROUP_ADDRESS,
    words::GROUP_FAMILY,
    words::GROUP_CAPACITY,
    words::GROUP_LINKS,
];

const STATUSES: [(&str, Key); 6] = [
    ("citizen", words::CITIZEN),
    ("non-citizen", words::NON_CITIZEN),
    ("stateless", words::STATELESS),
    ("refugee", words::REFUGEE),
    ("alternative-status", words::ALTERNATIVE_STATUS),
    ("foreigner", words::FOREIGNER),
];

const MARITAL: [(&str, Key); 5] = [
    ("single", words::SINGLE),
    ("married", words::MARRIED),
    ("divorced", words::DIVORCED),
    ("widowed", words::WIDOWED),
    ("partnership", words::PARTNERSHIP),
];

/// A fact's group, and its lines: label, value, whether the value is spelled.
type Lines = (Key, Vec<(String, String, bool)>);

/// The entry as the page shows it; `institutions` has the official names of writers.
pub(crate) fn my_data(
    voice: Voice,
    person: &Person,
    institutions: &BTreeMap<String, String>,
) -> MyData {
    let mut groups = Vec::new();
    let mut all: Vec<&Fact> = person.facts.iter().collect();
    all.sort_by_key(|fact| rank(&fact.value));
    for group in GROUPS {
        let facts: Vec<RegisterFact> = all
            .iter()
            .copied()
            .map(|fact| (fact, lines(voice, &fact.value)))
            .filter(|(_, (own, _))| *own == group)
            .flat_map(|(fact, (_, lines))| shown(fact, lines, institutions))
            .collect();
        if !facts.is_empty() {
            groups.push(DataGroup { name: voice.say(group), facts });
        }
    }
    MyData { groups }
}

/// Which comes first within a group.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Name { form: NameForm::National, .. } | Value::Birth { .. } => 0,
        Value::Name { .. } | Value::Status { .. } => 1,
        _ => 2,
    }
}

fn shown(
    fact: &Fact,
    lines: Vec<(String, String, bool)>,
    institutions: &BTreeMap<String, String>,
) -> Vec<RegisterFact> {
    let source = institutions.get(&fact.writer).unwrap_or(&fact.source.issuer);
    let one = |(label, value, spelled)| RegisterFact {
        label,
        value,
        spelled,
        since: fact.from.filter(|_| !matches!(fact.value, Value::Birth { .. } | Value::Sex { .. })),
        source: Some(source.clone()),
        disputed: fact.disputed,
    };
    lines.into_iter().map(one).collect()
}

fn lines(voice: Voice, value: &Value) -> Lines {
    let said = |key: Key, value: String| vec![(voice.say(key), value, false)];
    let spelled = |label: String, value: &str| vec![(label, value.to_owned(), true)];
    let there = || voice.say(words::IN_REGISTER);
    match value {
        Value::Name { form, given, surname } => {
            (words::GROUP_NAMES, name(voice, *form, given, surname))
        }
        Value::Code { code, .. } => {
            (words::GROUP_NAMES, spelled(voice.say(words::CODE), code.shown()))
        }
        Value::Birth { .. } => (words::GROUP_BIRTH, birth(voice, value)),
        Value::Sex { sex: Sex::Female } => {
            (words::GROUP_BIRTH, said(words::SEX, voice.say(words::FEMALE)))
        }
        Value::Sex { sex: Sex::Male } => {
            (words::GROUP_BIRTH, said(words::SEX, voice.say(words::MALE)))
        }
        Value::Status { status, .. } => {
            (words::GROUP_STATUS, said(words::STATUS, word(voice, &STATUSES, status)))
        }
        Value::Citizenship { country } => {
            (words::GROUP_STATUS, spelled(voice.say(words::CITIZENSHIP), country))
        }
        Value::Address { of, .. } => (words::GROUP_ADDRESS, said(kind(*of), address(value))),
        Value::Parent { relation: Relation::Parent, .. } => {
            (words::GROUP_FAMILY, said(words::PARENT, there()))
        }
        Value::Parent { relation: Relation::Child, .. } => {
            (words::GROUP_FAMILY, said(words::CHILD, there()))
        }
        Value::Marital { status, spouse } => {
            let mut lines = said(words::MARITAL, word(voice, &MARITAL, status));
            lines.extend(spouse.iter().flat_map(|_| said(words::SPOUSE, there())));
            (words::GROUP_FAMILY, lines)
        }
        Value::Custody { .. } => (words::GROUP_CAPACITY, said(words::CUSTODY, there())),
        Value::Capacity { limit } => (words::GROUP_CAPACITY, said(words::CAPACITY, limit.clone())),
        Value::Link { identifier, issuer, .. } => {
            let label = voice.say(words::link(issuer.as_str()));
            (words::GROUP_LINKS, spelled(label, identifier.shown()))
        }
        Value::Death { date, .. } => {
            (words::GROUP_STATUS, said(words::DEATH, voice.partial_day(*date, Case::Plain)))
        }
        // No look shows it.
        Value::Protection { .. } => (words::GROUP_STATUS, Vec::new()),
    }
}

fn name(
    voice: Voice,
    form: NameForm,
    given: &[String],
    surname: &[String],
) -> Vec<(String, String, bool)> {
    let whole = |key| vec![(voice.say(key), [given, surname].concat().join(" "), false)];
    match form {
        NameForm::National => vec![
            (voice.say(words::GIVEN), given.join(" "), false),
            (voice.say(words::SURNAME), surname.join(" "), false),
        ],
        NameForm::Original => whole(words::NAME_ORIGINAL),
        NameForm::Native => whole(words::NAME_NATIVE),
        NameForm::Historical => whole(words::NAME_HISTORICAL),
        NameForm::Birth => whole(words::NAME_BIRTH),
    }
}

fn birth(voice: Voice, value: &Value) -> Vec<(String, String, bool)> {
    let Value::Birth { date, place, country } = value else { return Vec::new() };
    let mut lines =
        vec![(voice.say(words::BIRTH_DATE), voice.partial_day(*date, Case::Plain), false)];
    let place = [place.clone(), country.clone()].into_iter().flatten().collect::<Vec<_>>();
    if !place.is_empty() {
        lines.push((voice.say(words::BIRTH_PLACE), place.join(", "), false));
    }
    lines
}

fn address(value: &Value) -> String {
    let Value::Address { of, line, place, postcode, country } = value else {
        return String::new();
    };
    let abroad = (*of == AddressKind::Abroad).then(|| country.clone());
    let parts = [Some(line.clone()), Some(place.clone()), postcode.clone(), abroad];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|one| !one.is_empty()).collect();
    parts.join(", ")
}

fn kind(of: AddressKind) -> Key {
    match of {
        AddressKind::Declared => words::ADDRESS_DECLARED,
        AddressKind::Registered => words::ADDRESS_REGISTERED,
        AddressKind::Indicated => words::ADDRESS_INDICATED,
        AddressKind::Additional => words::ADDRESS_ADDITIONAL,
        AddressKind::Abroad => words::ADDRESS_ABROAD,
    }
}

/// Words with a capital letter at their head.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The word for a stable name; a name that is not known here is shown as it stands.
pub(crate) fn word(voice: Voice, table: &[(&str, Key)], name: &str) -> String {
    let known = table.iter().find(|(own, _)| *own == name);
    known.map_or_else(|| name.to_owned(), |(_, key)| voice.say(*key))
}
