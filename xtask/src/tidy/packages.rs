//! Rules about packages: who may depend on whom, licences, bans, duplicates.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::Finding;
use crate::task;

/// Platform crates from the ground up: each may use those before it.
const PLATFORM: [&str; 8] = ["base", "trial", "store", "keys", "audit", "links", "ui", "web"];

/// Packages that may name every system and role.
const ROOFS: [&str; 5] = ["server", "simulation", "bench", "conformance", "xtask"];

/// Outside crates that a pure format may never use: runtimes, clocks, stores, C libraries.
const IMPURE: [&str; 9] = [
    "aws-lc-rs",
    "axum",
    "hyper",
    "reqwest",
    "ring",
    "rusqlite",
    "tokio",
    "tokio-postgres",
    "rustls",
];

/// Outside crates that nobody uses, and why.
const BANNED: [(&str, &str); 7] = [
    ("anyhow", "errors are typed"),
    ("chrono", "jiff is the one time library"),
    ("native-tls", "rustls is the one TLS"),
    ("openssl", "aws-lc-rs is the one cryptography of the platform"),
    ("ring", "aws-lc-rs is the one cryptography of the platform"),
    ("time", "jiff is the one time library"),
    ("webauthn-rs", "decided otherwise"),
];

/// Licences that a dependency may have (SPDX); one of an `OR` is enough.
const LICENCES: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// Crates that are in the lock file more than once, and who waits for whom.
const TWICE: &str = include_str!("../../duplicates.txt");

/// A package of the house.
struct Package {
    name: String,
    /// Its folder from the root: `platform/store`.
    folder: String,
    manifest: String,
    licence: String,
    description: String,
    /// Names of what it depends on outside tests.
    needs: BTreeSet<String>,
}

pub(super) fn findings() -> Result<Vec<Finding>, String> {
    let root = task::root();
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]).current_dir(&root);
    let text = task::output(&mut cargo)?;
    let metadata: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let ours = read(&metadata, &root.to_string_lossy());
    let folders: BTreeMap<&str, &str> =
        ours.iter().map(|p| (p.name.as_str(), p.folder.as_str())).collect();
    let mut findings = Vec::new();
    for package in &ours {
        for what in layers(package, &folders).into_iter().chain(manifest(package)) {
            findings.push(Finding { place: package.folder.clone(), what });
        }
    }
    findings.extend(outsiders(&built(&root)?));
    Ok(findings)
}

fn read(metadata: &Value, root: &str) -> Vec<Package> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut ours = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = text(&package["manifest_path"]);
        let folder = manifest.strip_prefix(root).map(|path| path.trim_matches('/'));
        let Some(folder) = folder.filter(|_| package["source"].is_null()) else {
            continue;
        };
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        ours.push(Package {
            name: text(&package["name"]),
            folder: folder.trim_end_matches("/Cargo.toml").to_owned(),
            licence: text(&package["license"]),
            description: text(&package["description"]),
            needs: dependencies.filter(|d| d["kind"] != "dev").map(|d| text(&d["name"])).collect(),
            manifest: std::fs::read_to_string(&manifest).unwrap_or_default(),
        });
    }
    ours
}

/// Name, version and licence of every crate of others that is really built here.
fn built(root: &std::path::Path) -> Result<BTreeSet<(String, String, String)>, String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["tree", "--workspace", "--edges", "all", "--prefix", "none", "--locked"]);
    cargo.args(["--format", "{p}|{l}"]).current_dir(root);
    let text = task::output(&mut cargo)?;
    let one = |line: &str| {
        let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
        let (name, version) = package.split_once(" v")?;
        let outside = !version.contains('/');
        let version = version.split(' ').next().unwrap_or(version);
        outside.then(|| (name.to_owned(), version.to_owned(), licence.to_owned()))
    };
    Ok(text.lines().filter_map(one).collect())
}

/// The dependency rules 1 to 5 of ARCHITECTURE.md.
fn layers(package: &Package, folders: &BTreeMap<&str, &str>) -> Vec<String> {
    let mut found = Vec::new();
    let (layer, own) = split(&package.folder);
    for need in &package.needs {
        let Some(folder) = folders.get(need.as_str()) else {
            if layer == "formats" && IMPURE.contains(&need.as_str()) {
                found.push(format!("a format is pure: it may not use {need}"));
            }
            continue;
        };
        let (other_layer, other) = split(folder);
        if !allowed((layer, own), (other_layer, other)) {
            found.push(format!("{layer} may not depend on {folder}"));
        }
    }
    found
}

fn split(folder: &str) -> (&str, &str) {
    folder.split_once('/').unwrap_or((folder, folder))
}

fn allowed((layer, own): (&str, &str), (other_layer, other): (&str, &str)) -> bool {
    let step = |name: &str| PLATFORM.iter().position(|p| *p == name);
    match layer {
        "formats" => other_layer == "formats",
        "platform" => {
            other_layer == "formats" || (other_layer == "platform" && step(other) < step(own))
        }
        "contracts" | "country" => {
            ["formats", "contracts"].contains(&other_layer)
                || (other_layer == "platform" && other != "keys")
        }
        "core" | "integration" | "roles" => match other_layer {
            "formats" | "contracts" | "country" => true,
            "platform" => {
                other != "keys" || layer == "roles" || ["identity", "persons"].contains(&own)
            }
            _ => false,
        },
        "channels" if ["app", "cli"].contains(&own) => match other_layer {
            "formats" => true,
            "platform" => ["base", "ui"].contains(&other),
            // The public wire types of activation.
            "contracts" => other == "activation",
            _ => false,
        },
        "channels" => match other_layer {
            "formats" | "contracts" => true,
            "platform" => ["base", "links", "ui", "web"].contains(&other),
            _ => false,
        },
        roof => ROOFS.contains(&roof),
    }
}

/// What every manifest of ours says.
fn manifest(package: &Package) -> Vec<String> {
    let mut found = Vec::new();
    let right =
        if package.folder.starts_with("formats/") { "Apache-2.0 OR MIT" } else { "EUPL-1.2" };
    if package.licence != right {
        found.push(format!("its licence is {right}"));
    }
    if package.description.is_empty() {
        found.push("its manifest has no description".to_owned());
    }
    if !package.manifest.contains("[lints]\nworkspace = true") {
        found.push("its manifest takes the workspace's lints".to_owned());
    }
    found
}

/// Bans, licences and duplicates among the crates of others.
fn outsiders(outside: &BTreeSet<(String, String, String)>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version, licence) in outside {
        versions.entry(name).or_default().push(version);
        let place = format!("{name} {version}");
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| banned == name) {
            findings.push(Finding { place: place.clone(), what: format!("banned: {why}") });
        }
        if !licensed(licence) {
            findings.push(Finding { place, what: format!("licence {licence} is not allowed") });
        }
    }
    let explained: BTreeSet<&str> =
        TWICE.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        if !explained.contains(name) {
            let what = format!("{} together: say why in duplicates.txt", versions.join(" and "));
            findings.push(Finding { place: (*name).to_owned(), what });
        }
    }
    for name in explained.iter().filter(|name| versions.get(*name).is_none_or(|v| v.len() < 2)) {
        let what = "is no longer twice: take its line out of duplicates.txt".to_owned();
        findings.push(Finding { place: (*name).to_owned(), what });
    }
    findings
}

/// Whether an SPDX expression can be met by the allowed licences.
fn licensed(expression: &str) -> bool {
    let one = |licence: &str| {
        let name = licence.trim_matches(['(', ')', ' ']);
        let name = name.split(" WITH ").next().unwrap_or(name);
        LICENCES.contains(&name)
    };
    let expression = expression.replace('/', " OR ");
    expression.split(" AND ").all(|all| all.split(" OR ").any(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layers_hold() {
        assert!(allowed(("platform", "audit"), ("platform", "store")));
        assert!(!allowed(("platform", "store"), ("platform", "audit")));
        assert!(!allowed(("core", "pki"), ("core", "persons")));
        assert!(!allowed(("core", "pki"), ("platform", "keys")));
        assert!(allowed(("roles", "sam"), ("platform", "keys")));
        assert!(!allowed(("roles", "sam"), ("roles", "ca-signer")));
        assert!(!allowed(("channels", "app"), ("platform", "web")));
        assert!(!allowed(("channels", "portal"), ("core", "persons")));
        assert!(allowed(("server", "server"), ("core", "persons")));
    }

    #[test]
    fn licences_are_read_as_expressions() {
        assert!(licensed("MIT OR GPL-3.0"));
        assert!(licensed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(licensed("Apache-2.0 WITH LLVM-exception"));
        assert!(!licensed("MIT AND GPL-3.0"));
        assert!(!licensed(""));
    }
}
