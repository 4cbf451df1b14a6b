//! Writes the keys of the Latvian catalogues as Rust items, and one version for all assets.
//!
//! `texts/lv/portal.ftl` with `portal-home-title = …` becomes `text::portal::HOME_TITLE`; a message
//! with variables becomes a function of them, so that neither a missing key nor a missing variable
//! compiles.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=texts");
    println!("cargo::rerun-if-changed=assets");
    let out = out_folder()?;
    fs::write(out.join("keys.rs"), keys(&home.join("texts/lv"))?)?;
    fs::write(out.join("version.txt"), version(&home.join("assets"))?)?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "Cargo hands the folder to a build script so only")]
fn out_folder() -> Outcome<PathBuf> {
    Ok(PathBuf::from(std::env::var("OUT_DIR")?))
}

fn keys(folder: &Path) -> Outcome<String> {
    let mut out = String::new();
    let mut sources = String::new();
    for path in files(folder)? {
        let name = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a catalogue's name")?;
        let messages = messages(&fs::read_to_string(&path)?);
        writeln!(out, "/// `{name}.ftl`.\npub mod {name} {{ use super::*;")?;
        for (key, body) in &messages {
            let short = key
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'))
                .ok_or_else(|| format!("{name}.ftl: {key} must begin with {name}-"))?;
            out.push_str(&item(key, &short.replace('-', "_"), body)?);
        }
        out.push_str("}\n");
        write!(sources, "\"{name}\",")?;
    }
    let name = |locale: &str, file: &str| format!("texts/{locale}/{file}.ftl");
    for locale in ["lv", "en"] {
        writeln!(out, "pub(crate) const {}: &[&str] = &[", locale.to_uppercase())?;
        for file in sources.split(',').map(|file| file.trim_matches('"')) {
            if !file.is_empty() {
                let path = name(locale, file);
                writeln!(out, "include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{path}\")),")?;
            }
        }
        out.push_str("];\n");
    }
    Ok(out)
}

/// The messages of a catalogue: key and all text up to the next one.
fn messages(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
        match (starts, line.split_once('='), found.last_mut()) {
            (true, Some((key, body)), _) => found.push((key.trim().to_owned(), body.to_owned())),
            (_, _, Some((_, body))) if line.starts_with([' ', '}']) => body.push_str(line),
            _ => {}
        }
    }
    found
}

/// A constant, or a function of the variables in the order in which the Latvian text has them: a
/// selected one is a count, the others are text.
fn item(key: &str, short: &str, body: &str) -> Outcome<String> {
    let mut variables: Vec<(&str, bool)> = Vec::new();
    for part in body.split('$').skip(1) {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let counted = rest.trim_start().starts_with("->");
        match variables.iter_mut().find(|(known, _)| *known == name) {
            Some((_, counts)) => *counts |= counted,
            None => variables.push((name, counted)),
        }
    }
    let doc = body.replace('\\', "").replace(['[', ']', '<', '>', '`'], "'");
    let doc = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = format!("/// {doc}\n");
    if variables.is_empty() {
        let name = short.to_uppercase();
        writeln!(out, "pub const {name}: Key = Key(\"{key}\");")?;
        return Ok(out);
    }
    let (mut arguments, mut values) = (String::new(), String::new());
    for (name, counted) in variables {
        let kind = if counted { "u64" } else { "impl Into<String>" };
        write!(arguments, "{name}: {kind}, ")?;
        let value = if counted { "Arg::Count" } else { "Arg::text" };
        write!(values, "(\"{name}\", {value}({name})), ")?;
    }
    writeln!(out, "#[must_use]\npub fn {short}({arguments}) -> Message {{")?;
    writeln!(out, "Message {{ key: Key(\"{key}\"), args: vec![{values}] }}\n}}")?;
    Ok(out)
}

/// FNV-1a of every asset's path and bytes: a name that changes when any of them does.
fn version(folder: &Path) -> Outcome<String> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for path in files(folder)? {
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        for byte in name.into_bytes().into_iter().chain(fs::read(&path)?) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
