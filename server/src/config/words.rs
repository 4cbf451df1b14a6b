//! Names that only some tables know, and what is said of one that is unknown.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error};

/// The names that a table takes.
pub(super) trait Words: Ord {
    const ALL: &'static [&'static str];
}

/// The hosts that can be ports.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hosts {}

impl Words for Hosts {
    const ALL: &'static [&'static str] = &["portal", "id", "files", "sign"];
}

/// The parts that are called.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Called {}

impl Words for Called {
    const ALL: &'static [&'static str] =
        &["persons", "pki", "identity", "signing", "ca-signer", "sam", "ocsp"];
}

/// The parts that keep a store.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stored {}

impl Words for Stored {
    const ALL: &'static [&'static str] =
        &["persons", "pki", "identity", "signing", "portal", "ca-signer", "sam"];
}

/// The parts that somebody owns.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owned {}

impl Words for Owned {
    const ALL: &'static [&'static str] = &[
        "persons",
        "pki",
        "identity",
        "signing",
        "portal",
        "ca-signer",
        "sam",
        "ocsp",
        "tsu",
        "desk",
        "officers",
    ];
}

/// One of the names of `L`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Word<L>(String, PhantomData<L>);

impl<'de, L: Words> Deserialize<'de> for Word<L> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        if L::ALL.contains(&word.as_str()) {
            Ok(Self(word, PhantomData))
        } else {
            Err(D::Error::unknown_field(&word, L::ALL))
        }
    }
}

/// A table whose keys are names of `L`.
pub(super) fn keyed<'de, L, V, D>(from: D) -> Result<BTreeMap<String, V>, D::Error>
where
    L: Words,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let table = BTreeMap::<Word<L>, V>::deserialize(from)?;
    Ok(table.into_iter().map(|(word, value)| (word.0, value)).collect())
}

/// The message of the parser, with the nearest name where it met an unknown one.
pub(super) fn explained(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let known = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let (Some(unknown), true) = (quoted.next(), known) else {
        return message.lines().next().unwrap_or(message).to_owned();
    };
    match quoted.min_by_key(|key| distance(unknown, key)) {
        Some(nearest) => format!("unknown key `{unknown}`; the nearest is `{nearest}`"),
        None => format!("unknown key `{unknown}`"),
    }
}

/// How many letters differ (Levenshtein).
pub(super) fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to.chars()) {
            let here = (before + usize::from(a != b)).min(left + 1).min(*cell + 1);
            before = std::mem::replace(cell, here);
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
