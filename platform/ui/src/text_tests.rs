use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// The catalogues of a language: file, then key, then all text of the message.
fn catalogues(locale: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = format!("{}/texts/{locale}", env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = std::fs::read_to_string(&path).unwrap();
        let resource = FluentResource::try_new(source.clone());
        assert!(resource.is_ok(), "{}: {:?}", path.display(), resource.err().map(|(_, e)| e));
        let mut messages = BTreeMap::new();
        let mut last = String::new();
        for line in source.lines() {
            match line.split_once('=') {
                Some((key, body)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    last = key.trim().to_owned();
                    let twice = messages.insert(last.clone(), body.trim().to_owned());
                    assert!(twice.is_none(), "{last} stands twice");
                }
                _ if line.starts_with('#') => {}
                _ => messages.entry(last.clone()).or_default().push_str(line),
            }
        }
        messages.remove("");
        found.insert(name, messages);
    }
    found
}

fn messages(locale: &str) -> BTreeMap<String, String> {
    catalogues(locale).into_values().flatten().collect()
}

fn variables(body: &str) -> BTreeSet<String> {
    body.split('$')
        .skip(1)
        .map(|part| part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
        .collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    let (latvian, english) = (messages("lv"), messages("en"));
    let keys = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<BTreeSet<_>>();
    let one_sided: Vec<_> = keys(&latvian).symmetric_difference(&keys(&english)).cloned().collect();
    assert_eq!(one_sided, Vec::<String>::new());
    for (key, body) in &latvian {
        assert_eq!(variables(body), variables(&english[key]), "{key}");
        assert!(!body.is_empty() && !english[key].is_empty(), "{key}");
    }
}

#[test]
fn every_counted_text_has_the_three_latvian_forms() {
    for (key, body) in messages("lv") {
        if body.contains("->") {
            for form in ["[zero]", "[one]", "*[other]"] {
                assert!(body.contains(form), "{key} lacks {form}");
            }
        }
    }
    for (key, body) in messages("en") {
        if body.contains("->") {
            assert!(body.contains("[one]") && body.contains("*[other]"), "{key}");
        }
    }
}

#[test]
fn words_of_qualification_stand_only_behind_their_gate() {
    let forbidden = ["kvalificēt", "drošs elektronisk", "droša elektronisk", "zīmog", "qualified"];
    for locale in ["lv", "en"] {
        for (file, messages) in catalogues(locale) {
            for (key, body) in messages {
                let official_name = file == "systems" && key.ends_with("-name");
                let said = body.to_lowercase();
                for word in forbidden {
                    let gated = file == "qualified" || official_name;
                    assert!(gated || !said.contains(word), "{key} says {word}");
                }
            }
        }
    }
}

#[test]
fn the_texts_speak_as_the_guide_says() {
    for locale in ["lv", "en"] {
        for (key, body) in messages(locale) {
            assert!(!body.contains('…') && !body.contains("..."), "{key} is cut");
            assert!(!body.contains('"'), "{key}: quotes are „ ” and “ ”");
            assert!(!body.contains(" jūs") && !body.contains(" jūsu"), "{key}: Jūs");
            assert!(!body.contains("Lūdzu"), "{key} begs");
            assert!(!body.contains(" - "), "{key}: a range or dash is –");
        }
    }
}

#[test]
fn every_text_is_used() {
    let mut sources = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for part in ["platform", "core", "integration", "roles", "channels", "country", "server"] {
        read_sources(&root.join(part), &mut sources);
    }
    let mut unused = Vec::new();
    for (file, messages) in catalogues("lv") {
        for (key, body) in messages {
            let short = key.strip_prefix(&file).unwrap().trim_start_matches('-').replace('-', "_");
            let plain = variables(&body).is_empty();
            let item = if plain { short.to_uppercase() } else { short };
            if !names(&sources, &file, &item) {
                unused.push(key);
            }
        }
    }
    assert_eq!(unused, Vec::<String>::new(), "each is named as catalogue::ITEM somewhere");
}

/// Whether `catalogue::ITEM` stands in the sources.
fn names(sources: &str, file: &str, item: &str) -> bool {
    sources
        .split(&format!("{file}::{item}"))
        .skip(1)
        .any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// A source in which `words::ITEM`, after `use ui::text::catalogue as words`, is `catalogue::ITEM`.
fn with_catalogues_named(source: &str) -> String {
    match source.split_once(" as words") {
        None => source.to_owned(),
        Some((before, _)) => {
            let name = before.rsplit([' ', ':', '{']).next().unwrap_or_default();
            source.replace("words::", &format!("{name}::"))
        }
    }
}

fn read_sources(folder: &Path, into: &mut String) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&with_catalogues_named(&std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn counts_take_their_form_and_their_groups() {
    let said = |locale, count| said(locale, &tag::days_left(count));
    assert_eq!(said(Locale::Lv, 1), "vēl 1 diena");
    assert_eq!(said(Locale::Lv, 21), "vēl 21 diena");
    assert_eq!(said(Locale::Lv, 11), "vēl 11 dienu");
    assert_eq!(said(Locale::Lv, 2), "vēl 2 dienas");
    assert_eq!(said(Locale::Lv, 0), "vēl 0 dienu");
    assert_eq!(said(Locale::En, 1204), "1,204 days left");
}

#[test]
fn what_is_put_in_stays_as_it_is() {
    let title = "{ $count } <b>\u{2068}";
    assert_eq!(said(Locale::Lv, &frame::error_title(title)), format!("Kļūda: {title}"));
}
