//! What a configuration says, and what is said of a wrong one.

use base::Locale;

use super::words::distance;
use super::*;
use crate::setup::{self, Options};

fn parsed(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("/etc/sakta.toml")).map_err(|e| e.to_string())
}

/// The parties of an installation with the usual owners.
fn parties() -> BTreeMap<String, Party> {
    let party = |part: &str| Options::of(Config::default()).party(part).unwrap();
    setup::PARTS.iter().map(|(_, part)| ((*part).to_owned(), party(part))).collect()
}

#[test]
fn the_empty_file_listens_on_loopback_only() {
    let config = parsed("").unwrap();
    assert_eq!(config, Config::default().beside(Path::new("/etc/sakta.toml")));
    assert!(config.listen.iter().all(|at| at.ip().is_loopback()));
    assert!(config.listen_tls.values().all(|at| at.ip().is_loopback()));
    assert!([config.ocsp, config.tsu, config.desk].iter().all(|at| at.ip().is_loopback()));
}

/// The operators' page, whose table says every key and its default.
const PAGE: &str = include_str!("../../../docs/operations.md");

#[test]
fn the_page_for_operators_says_every_key_with_its_default() {
    let known = toml::from_str::<Config>("nothing = 0").unwrap_err();
    let known: Vec<&str> = known.message().split('`').skip(3).step_by(2).collect();
    let (_, table) = PAGE.split_once("| key | default | |\n").unwrap();
    let rows: Vec<(&str, &str)> = table
        .lines()
        .skip(1)
        .map_while(|row| row.strip_prefix("| `")?.split_once("` | `"))
        .map(|(key, rest)| (key, rest.split_once("` |").unwrap().0))
        .collect();
    let told: Vec<&str> = rows.iter().map(|(key, _)| *key).collect();
    assert_eq!(told, known);
    let text: String = rows.iter().map(|(key, default)| format!("{key} = {default}\n")).collect();
    assert_eq!(parsed(&text).unwrap(), parsed("").unwrap());
}

#[test]
fn the_examples_of_the_page_are_configurations() {
    for example in PAGE.split("```toml\n").skip(1) {
        let (example, _) = example.split_once("```").unwrap();
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        parsed(&example.replace("\"…\"    ", &format!("{digest:?} "))).unwrap();
    }
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_the_nearest_key() {
    for (text, said) in [
        (
            "secure = true\nlisten_tsl = \"127.0.0.1:1\"\n",
            "2: unknown key `listen_tsl`; the nearest is `listen_tls`",
        ),
        (
            "\n[postgres_file]\npersones = \"/x\"\n",
            "3: unknown key `persones`; the nearest is `persons`",
        ),
        (
            "[listen_tls]\nportals = \"127.0.0.1:1\"\n",
            "2: unknown key `portals`; the nearest is `persons`",
        ),
        ("owners = { sams = \"lvrtc\" }\n", "1: unknown key `sams`; the nearest is `sam`"),
        ("[ports]\nidx = 1\n", "2: unknown key `idx`; the nearest is `id`"),
        ("[[clients]]\nidd = \"x\"\n", "2: unknown key `idd`; the nearest is `id`"),
    ] {
        assert_eq!(parsed(text).unwrap_err(), format!("/etc/sakta.toml:{said}"));
    }
}

#[test]
fn a_wrong_value_is_told_with_its_line() {
    let wrong = parsed("\n\nlisten = \"nowhere\"\n").unwrap_err();
    assert!(wrong.starts_with("/etc/sakta.toml:3: "), "{wrong}");
    for text in [
        "owners = { persons = \"Not An Owner\" }",
        "peers = { \"lvrtc/sam\" = \"nowhere\" }",
        "peers = { \"sam\" = \"127.0.0.1:1\" }",
        "postgres_connections = 2",
        "officers = [\"one\"]",
        "officers = [\"one\", \"one\"]",
        "base = \"https://example.lv\"",
    ] {
        assert!(parsed(text).is_err(), "{text}");
    }
}

#[test]
fn paths_are_those_beside_the_file() {
    let config = parsed("data = \"d\"\npostgres_file = { sam = \"sam.pg\", pki = \"/run/pki\" }");
    let config = config.unwrap();
    assert_eq!(config.data, Path::new("/etc/d"));
    assert_eq!(config.postgres_file["sam"], Path::new("/etc/sam.pg"));
    assert_eq!(config.postgres_file["pki"], Path::new("/run/pki"));
}

#[test]
fn a_part_is_called_where_it_listens_unless_a_peer_is_named() {
    let config =
        "[listen_tls]\nsam = \"0.0.0.0:1001\"\n[peers]\n\"lvrtc/ocsp\" = \"o.example:1002\"";
    let config = parsed(config).unwrap();
    let peers = config.peers(&parties());
    let at = |party: &str| peers.of(&party.parse().unwrap()).unwrap().to_string();
    assert_eq!(at("lvrtc/sam"), "localhost:1001");
    assert_eq!(at("lvrtc/ocsp"), "o.example:1002");
    assert_eq!(at("lvrtc/pki"), "localhost:8444");
    assert_eq!(config.names("ocsp", &"lvrtc/ocsp".parse().unwrap()), ["o.example"]);
    assert_eq!(config.names("pki", &"lvrtc/pki".parse().unwrap()), ["localhost"]);
}

#[test]
fn clients_and_permissions_become_what_the_platforms_keep() {
    let config = parsed(
        r#"
        [[clients]]
        id = "school"
        name = { lv = "Skola", en = "School" }
        purpose = { lv = "Pieslēgties" }
        redirect_uris = ["https://school.example/callback"]
        secret_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        [[permissions]]
        number = "7"
        system = "banka/core"
        organisation = "Banka"
        operations = ["persons/find"]
        purposes = ["customer-identification"]
        groups = ["names", "birth"]
        legal_basis = "a law"
        valid_from = "2026-01-01"
        "#,
    );
    let config = config.unwrap();
    let client = config.clients[0].client();
    assert_eq!((client.named(Locale::En), client.sector.as_str()), ("School", "school"));
    assert!(!client.is_public() && client.needs_pkce() && !client.closed);
    let permission = config.permissions[0].permission();
    assert_eq!((permission.system.as_str(), permission.groups.len()), ("banka/core", 2));
    assert_eq!(permission.valid_to, None);
}

#[test]
fn distances_are_those_of_levenshtein() {
    for (a, b, d) in [("", "", 0), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "ab", 2)] {
        assert_eq!(distance(a, b), d, "{a} {b}");
    }
}
