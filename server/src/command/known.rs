//! What a demo says about itself in `demo.json`, as far as the commands need it.

use std::path::{Path, PathBuf};

use cli::Places;
use reqwest::Url;
use serde::Deserialize;
use x509::Certificate;

use crate::place::write_whole;

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

    /// The demo that [`note`] wrote down last, at this address if one is named, if it is there
    /// still.
    pub(super) fn started(state: &Path, server: Option<&str>) -> Option<Self> {
        let notes = match server {
            Some(url) => vec![note_of(state, url)],
            None => newest_first(&folder(state)),
        };
        let noted = |note| Self::of(Path::new(std::fs::read_to_string(note).ok()?.trim_end()));
        let demo = notes.into_iter().find_map(noted)?;
        server.is_none_or(|url| demo.is_at(url)).then_some(demo)
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

/// Writes down where the demo at this address keeps its data, for its owner only.
///
/// # Errors
/// The disk.
pub(super) fn note(state: &Path, data: &Path, server: &str) -> std::io::Result<()> {
    let data = std::path::absolute(data)?;
    std::fs::create_dir_all(folder(state))?;
    write_whole(&note_of(state, server), data.as_os_str().as_encoded_bytes(), true)
}

fn folder(state: &Path) -> PathBuf {
    state.join("demos")
}

/// The note of the demo at this address, one file a host and port.
fn note_of(state: &Path, server: &str) -> PathBuf {
    let bare = server.trim_end_matches('/');
    let name = bare.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    folder(state).join(name.collect::<String>())
}

fn newest_first(folder: &Path) -> Vec<PathBuf> {
    let notes = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut notes: Vec<_> = notes.map(|note| note.path()).collect();
    let when = |note: &PathBuf| note.metadata().and_then(|about| about.modified()).ok();
    notes.sort_by_key(|note| std::cmp::Reverse(when(note)));
    notes
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

    fn demo(folder: &Path, server: &str) {
        let addresses = serde_json::json!({ "id": "http://id", "sign": "http://sign" });
        let about = serde_json::json!({
            "server": server, "addresses": addresses, "persons": [], "anchors": []
        });
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("demo.json"), about.to_string()).unwrap();
    }

    #[test]
    fn a_demo_is_found_by_its_address_from_any_folder() {
        let folder = store::trial::Folder::new().unwrap();
        let (state, data) = (folder.path().join("state"), folder.path().join("data"));
        let (one, two) = ("http://localhost:1", "http://localhost:2");
        assert!(Known::started(&state, None).is_none());
        for (name, server) in [("one", one), ("two", two)] {
            demo(&data.join(name), server);
            note(&state, &data.join(name), server).unwrap();
        }
        let found = |server| Known::started(&state, server).map(|demo| demo.server);
        assert_eq!(found(Some("http://localhost:1/")).as_deref(), Some(one));
        assert_eq!(found(Some(two)).as_deref(), Some(two));
        assert_eq!(found(Some("http://localhost:3")), None);
        assert!(found(None).is_some());
        std::fs::remove_dir_all(data.join("two")).unwrap();
        assert_eq!(found(None).as_deref(), Some(one), "of those that are there");
        demo(&data.join("one"), "http://localhost:4");
        assert_eq!(found(Some(one)), None, "another demo lies there now");
    }

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
