//! What a demo says about itself in `demo.json`, as far as the commands need it.

use std::path::{Path, PathBuf};

use cli::Places;
use reqwest::Url;
use serde::Deserialize;
use x509::Certificate;

/// A demo.
#[derive(Debug, Deserialize)]
pub(super) struct Known {
    server: String,
    addresses: Addresses,
    persons: Vec<Person>,
    anchors: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Addresses {
    id: String,
    sign: String,
}

#[derive(Debug, Deserialize)]
struct Person {
    alias: String,
    #[serde(default)]
    phone: Option<PathBuf>,
}

impl Known {
    /// The demo in this folder, if there is one.
    pub(super) fn of(data: &Path) -> Option<Self> {
        let said = std::fs::read(data.join("demo.json")).ok()?;
        serde_json::from_slice(&said).ok()
    }

    /// Whether it is the one at this address.
    pub(super) fn is_at(&self, url: &str) -> bool {
        url.trim_end_matches('/') == self.server
    }

    /// The certificates that its files name; one that cannot be read is passed over.
    pub(super) fn anchors(&self) -> Vec<Certificate> {
        let texts = self.anchors.iter().filter_map(|file| std::fs::read_to_string(file).ok());
        texts.filter_map(|text| Certificate::from_pem(&text).ok()).collect()
    }

    pub(super) fn places(&self) -> Option<Places> {
        let bare = |url: &str| url.trim_end_matches('/').to_owned();
        Some(Places { issuer: bare(&self.addresses.id), signing: bare(&self.addresses.sign) })
    }

    /// The folder of a person's phone.
    pub(super) fn phone(&self, alias: &str) -> Option<PathBuf> {
        self.persons.iter().find(|person| person.alias == alias)?.phone.clone()
    }
}

/// Where an installation at this address answers: `id.` and `sign.` before its host.
pub(super) fn places_under(server: &str) -> Option<Places> {
    let url = Url::parse(server).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let at = |name: &str| format!("{}://{name}.{host}{port}", url.scheme());
    Some(Places { issuer: at("id"), signing: at("sign") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_of_an_installation_stand_under_its_address() {
        let places = places_under("http://localhost:8080/").unwrap();
        assert_eq!(places.issuer, "http://id.localhost:8080");
        assert_eq!(places.signing, "http://sign.localhost:8080");
        assert_eq!(places_under("https://example.lv").unwrap().issuer, "https://id.example.lv");
        for other in ["", "localhost", "ftp://localhost"] {
            assert!(places_under(other).is_none(), "{other}");
        }
    }
}
