//! Where a PostgreSQL database is, as an operator writes it: the connection string of libpq, with
//! the words about TLS taken out, which the driver does not know.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::{Place, StoreError};

/// The words that say how the connection is protected.
const WORDS: [&str; 4] = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

const UNVOUCHED: &str = "sslmode=verify-full needs sslrootcert=FILE, whose certificates vouch";

const UNSAID: &str = "the server is on another machine: say sslmode=verify-full and \
    sslrootcert=FILE, or sslmode=disable";

impl Place {
    /// The database that `text` names: `host=… dbname=… user=…` or `postgres://…`, as libpq takes
    /// it, several hosts allowed.
    ///
    /// `sslmode=verify-full` asks for TLS: the server must prove the name that it was called by
    /// under a certificate of the file `sslrootcert`; `sslcert` and `sslkey` are what we show it.
    /// `sslmode=disable` asks for none. Without `sslmode` the server must be on this machine.
    ///
    /// # Errors
    /// [`StoreError::Setup`], which never quotes the string: it may hold a password.
    pub fn of_postgres(text: &str, connections: u16) -> Result<Self, StoreError> {
        let (url, said) = parted(text.trim())?;
        let config: Config = url.parse().map_err(|why| wrong(&why))?;
        let word = |name: &str| said.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        let tls = match word("sslmode").map(String::as_str) {
            Some("verify-full") => {
                let roots = word("sslrootcert").ok_or_else(|| wrong(&UNVOUCHED))?;
                let own = word("sslcert").zip(word("sslkey"));
                let own = own.map(|(chain, key)| (Path::new(chain), Path::new(key)));
                Some(Arc::new(client(Path::new(roots), own)?))
            }
            Some("disable") => None,
            None if is_here(&config) => None,
            None => return Err(wrong(&UNSAID)),
            Some(_) => return Err(wrong(&"sslmode is verify-full or disable")),
        };
        Ok(Self::Postgres { url, tls, connections })
    }
}

/// Whether every host is a socket of this machine or its loopback.
fn is_here(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
    });
    named && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

/// TLS 1.2 or 1.3 towards a server that the certificates of `roots` vouch for.
fn client(roots: &Path, own: Option<(&Path, &Path)>) -> Result<ClientConfig, StoreError> {
    let mut store = RootCertStore::empty();
    for root in pem(roots)? {
        store.add(root).map_err(|why| in_file(roots, &why))?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|why| wrong(&why))?
        .with_root_certificates(store);
    let Some((chain, key)) = own else { return Ok(builder.with_no_client_auth()) };
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|why| in_file(key, &why))?;
    builder.with_client_auth_cert(pem(chain)?, secret).map_err(|why| in_file(chain, &why))
}

fn pem(file: &Path) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(read) if read.is_empty() => Err(in_file(file, &"no certificate")),
        read => read.map_err(|why| in_file(file, &why)),
    }
}

fn in_file(file: &Path, why: &dyn std::fmt::Display) -> StoreError {
    wrong(&format!("{}: {why}", file.display()))
}

fn wrong(why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Setup(format!("the connection string: {why}"))
}

/// The string without our words, and these with what they say.
type Parted = (String, Vec<(String, String)>);

fn parted(text: &str) -> Result<Parted, StoreError> {
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if is_url { Ok(url(text)) } else { words(text) }
}

/// `postgres://…?name=value&…`; values as they stand, a file's path needs no escapes.
fn url(text: &str) -> Parted {
    let Some((place, query)) = text.split_once('?') else { return (text.to_owned(), Vec::new()) };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (own, rest): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| WORDS.contains(name));
    let rest: Vec<String> = rest.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) }, own)
}

/// `name=value name='a value' …`. Spec: PostgreSQL, libpq, "Keyword/Value Connection Strings".
fn words(text: &str) -> Result<Parted, StoreError> {
    let (mut kept, mut own, mut rest) = (Vec::new(), Vec::new(), text);
    while !rest.is_empty() {
        let form = || wrong(&"it is a list of name=value");
        let (name, after) = rest.split_once('=').ok_or_else(form)?;
        let (name, after) = (name.trim(), after.trim_start());
        let length = value(after).ok_or_else(form)?;
        let (said, after) = after.split_at_checked(length).ok_or_else(form)?;
        if WORDS.contains(&name) {
            own.push((name.to_owned(), said.trim_matches('\'').to_owned()));
        } else {
            kept.push(format!("{name}={said}"));
        }
        rest = after.trim_start();
    }
    Ok((kept.join(" "), own))
}

/// How long the value is that `text` begins with; none when its quotation does not end.
fn value(text: &str) -> Option<usize> {
    let quoted = text.starts_with('\'');
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(usize::from(quoted)) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' if quoted => return Some(at + 1),
            other if !quoted && other.is_whitespace() => return Some(at),
            _ => {}
        }
    }
    if quoted { None } else { Some(text.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, bool), String> {
        match Place::of_postgres(text, 8) {
            Ok(Place::Postgres { url, tls, .. }) => Ok((url, tls.is_some())),
            other => Err(other.unwrap_err().to_string()),
        }
    }

    #[test]
    fn on_this_machine_nothing_need_be_said_of_tls() {
        for here in [
            "host=/run/postgresql dbname=a user=b",
            "host=localhost,127.0.0.1,::1 port=1 dbname=a",
            "postgres://b@%2Frun%2Fpostgresql/a",
            "postgres://b:c@localhost:5433/a?application_name=x",
        ] {
            assert_eq!(read(here), Ok((here.to_owned(), false)));
        }
    }

    #[test]
    fn towards_another_machine_it_is_said_whether_tls_is_wanted() {
        let far = "host=db.example dbname=a password='it\\'s secret'";
        let refused = read(far).unwrap_err();
        assert!(refused.contains("sslmode=verify-full"), "{refused}");
        assert_eq!(read(&format!("{far} sslmode=disable")), Ok((far.to_owned(), false)));
        for sslmode in ["require", "prefer", "verify-ca", ""] {
            assert!(read(&format!("sslmode={sslmode} {far}")).is_err(), "{sslmode}");
        }
    }

    #[test]
    fn tls_needs_the_certificates_that_vouch_for_the_server() {
        let file = std::env::temp_dir().join(format!("sakta-roots-{}", std::process::id()));
        let asked = format!("sslmode=verify-full sslrootcert='{}' host=db.example", file.display());
        assert!(read("host=db.example sslmode=verify-full").unwrap_err().contains("sslrootcert"));
        assert!(read(&asked).unwrap_err().contains(&file.display().to_string()));
        std::fs::write(&file, "nothing").unwrap();
        assert!(read(&asked).unwrap_err().contains("no certificate"));
        std::fs::remove_file(&file).unwrap();
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for wrong in ["host", "host='x", "host=x colour=blue", "postgres://b:secret@x:port/a"] {
            let said = read(&format!("{wrong} password=secret")).unwrap_err();
            assert!(!said.contains("secret"), "{said}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange_to_be_taken_apart(text in ".{0,80}") {
            let _ = parted(&text);
        }
    }
}
