//! The texts: Fluent catalogues in `texts/{lv,en}`, one file per system.
//!
//! The items below are made from the Latvian catalogues at build time: `portal-home-title` is
//! [`portal::HOME_TITLE`](portal), a message with variables is a function of them. A text that does
//! not exist does not compile; the tests below hold both languages together.

use std::sync::LazyLock;

use base::Locale;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use crate::figure;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// The name of a text without variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub(crate) &'static str);

/// A text with the values of its variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    key: Key,
    args: Vec<(&'static str, Arg)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Arg {
    Count(u64),
    Text(String),
}

impl Arg {
    fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }
}

impl From<Key> for Message {
    fn from(key: Key) -> Self {
        Self { key, args: Vec::new() }
    }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<(Bundle, Bundle)> =
    LazyLock::new(|| (bundle(Locale::Lv), bundle(Locale::En)));

/// The text in this language; were it missing, in Latvian; were it missing there, its key.
pub(crate) fn said(locale: Locale, message: &Message) -> String {
    let (latvian, english) = &*BUNDLES;
    let first = if locale == Locale::En { english } else { latvian };
    formatted(first, message)
        .or_else(|| formatted(latvian, message))
        .unwrap_or_else(|| message.key.0.to_owned())
}

fn formatted(bundle: &Bundle, message: &Message) -> Option<String> {
    let pattern = bundle.get_message(message.key.0)?.value()?;
    let mut args = FluentArgs::new();
    for (name, value) in &message.args {
        match value {
            Arg::Count(count) => args.set(*name, i64::try_from(*count).unwrap_or(i64::MAX)),
            Arg::Text(text) => args.set(*name, text.as_str()),
        }
    }
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
}

fn bundle(locale: Locale) -> Bundle {
    let (language, sources) = match locale {
        Locale::En => (langid!("en"), EN),
        Locale::Lv => (langid!("lv"), LV),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::En => english_number,
        Locale::Lv => latvian_number,
    }));
    for source in sources {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn latvian_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    grouped(value, Locale::Lv)
}

fn english_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    grouped(value, Locale::En)
}

fn grouped(value: &FluentValue<'_>, locale: Locale) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            let plain = number.as_string().into_owned();
            plain.parse().ok().map(|number| figure::grouped(number, locale))
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
