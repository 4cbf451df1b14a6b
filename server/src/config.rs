//! `sakta.toml`: every key has a default, the empty file listens on loopback only, an unknown key
//! is an error that names its line and the nearest key there is.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base::Owner;
use links::Party;
use serde::Deserialize;

/// What an operator can set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where everything that is kept lies.
    pub(crate) data: PathBuf,
    /// Where pages and protocols are answered.
    pub(crate) listen: Vec<SocketAddr>,
    /// Where calls with client certificates are answered, by part.
    pub(crate) listen_tls: BTreeMap<String, SocketAddr>,
    /// Where the processes that hold keys answer, by `<owner>/<part>`.
    pub(crate) peers: BTreeMap<Party, SocketAddr>,
    /// The name under which all hosts live: `portal.<base>`, `id.<base>`, ….
    pub(crate) base: String,
    /// Hosts (`portal`, `id`, `files`, `sign`) that are ports of `localhost` of their own.
    pub(crate) ports: BTreeMap<String, u16>,
    /// Whether the hosts speak https (behind a TLS front), so that cookies are Secure.
    pub(crate) secure: bool,
    /// Where the process of `ocsp` answers over HTTP.
    pub(crate) ocsp: SocketAddr,
    /// Where the process of `tsu` answers over HTTP.
    pub(crate) tsu: SocketAddr,
    /// Which parts run here; all when empty.
    pub(crate) parts: Vec<String>,
    /// Whose each part is.
    pub(crate) owners: BTreeMap<String, Owner>,
    /// Parts whose store is PostgreSQL: a file that holds the connection string.
    pub(crate) postgres_file: BTreeMap<String, PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("sakta-data"),
            listen: vec![
                SocketAddr::from(([127, 0, 0, 1], 8080)),
                SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, 8080)),
            ],
            listen_tls: BTreeMap::from([(
                "persons".to_owned(),
                SocketAddr::from(([127, 0, 0, 1], 8443)),
            )]),
            peers: BTreeMap::new(),
            base: "localhost:8080".to_owned(),
            ports: BTreeMap::new(),
            secure: false,
            ocsp: SocketAddr::from(([127, 0, 0, 1], 8091)),
            tsu: SocketAddr::from(([127, 0, 0, 1], 8092)),
            parts: Vec::new(),
            owners: BTreeMap::new(),
            postgres_file: BTreeMap::new(),
        }
    }
}

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// It cannot be read.
    #[error("{}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that this program does not know or take.
    #[error("{}:{line}: {what}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and the nearest right thing.
        what: String,
    },
}

impl Config {
    /// Reads `file`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub(crate) fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })?;
        Self::parse(&text, file)
    }

    fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            ConfigError::Wrong { file: file.to_owned(), line, what: explained(error.message()) }
        })
    }
}

/// The message of the parser, with the nearest key where it met an unknown one.
fn explained(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let known = message.starts_with("unknown field");
    let (Some(unknown), true) = (quoted.next(), known) else {
        return message.lines().next().unwrap_or(message).to_owned();
    };
    match quoted.min_by_key(|key| distance(unknown, key)) {
        Some(nearest) => format!("unknown key `{unknown}`; the nearest is `{nearest}`"),
        None => format!("unknown key `{unknown}`"),
    }
}

/// How many letters differ (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("sakta.toml")).map_err(|e| e.to_string())
    }

    #[test]
    fn the_empty_file_listens_on_loopback_only() {
        let config = parsed("").unwrap();
        assert!(config.listen.iter().all(|at| at.ip().is_loopback()));
        assert!(config.listen_tls.values().all(|at| at.ip().is_loopback()));
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line_and_the_nearest_key() {
        let wrong = parsed("secure = true\nlisten_tsl = \"127.0.0.1:1\"\n").unwrap_err();
        assert_eq!(wrong, "sakta.toml:2: unknown key `listen_tsl`; the nearest is `listen_tls`");
    }

    #[test]
    fn a_wrong_value_is_told_with_its_line() {
        let wrong = parsed("\n\nlisten = \"nowhere\"\n").unwrap_err();
        assert!(wrong.starts_with("sakta.toml:3: "), "{wrong}");
        assert!(parsed("owners = { persons = \"Not An Owner\" }").is_err());
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (a, b, d) in [("", "", 0), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "ab", 2)] {
            assert_eq!(distance(a, b), d, "{a} {b}");
        }
    }
}
