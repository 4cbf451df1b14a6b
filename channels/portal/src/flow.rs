//! A login on its way: state, nonce and PKCE, all of them made of the browser's own cookie, so
//! that no row waits for it.
//!
//! Spec: RFC 7636 §4; RFC 9700 §4.7 (login CSRF): the state names the moment and the page to come
//! back to, and only the browser that began can go on with it.

use std::time::Duration;

use base::{Bytes, Chance, Time};
use sha2::{Digest, Sha256};
use url::form_urlencoded::Serializer;

use crate::paths;
use crate::portal::Addresses;

/// How long a login may take.
const LIFE: Duration = Duration::from_mins(30);

/// The longest address to come back to.
const LONGEST_PATH: usize = 200;

/// A login on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow {
    state: String,
    nonce: String,
    /// The PKCE verifier.
    pub(crate) verifier: String,
    /// The page to come back to.
    pub(crate) to: String,
}

impl Flow {
    /// A new one of the browser whose visitor's hash is `visitor`.
    pub(crate) fn begin(visitor: &[u8], to: Option<&str>, now: Time, chance: &dyn Chance) -> Self {
        let to = to.filter(|to| local(to)).unwrap_or(paths::HOME);
        let seed = Bytes(chance.bytes::<16>().to_vec());
        let said = format!("{seed}.{}.{}", now.micros(), Bytes(to.as_bytes().to_vec()));
        let state = format!("{said}.{}", secret("state", visitor, &said));
        Self::of(visitor, state, said.as_str(), to)
    }

    /// The one that this browser began and that comes back with `state`.
    pub(crate) fn resume(visitor: &[u8], state: &str, now: Time) -> Option<Self> {
        let (said, tag) = state.rsplit_once('.').filter(|_| state.len() <= 1024)?;
        if tag != secret("state", visitor, said) {
            return None;
        }
        let mut parts = said.split('.').skip(1);
        let began = Time::from_micros(parts.next()?.parse().ok()?);
        let to: Bytes = parts.next()?.parse().ok()?;
        let to = String::from_utf8(to.0).ok().filter(|to| local(to))?;
        let lives = began <= now && now < began.plus(LIFE);
        lives.then(|| Self::of(visitor, state.to_owned(), said, &to))
    }

    fn of(visitor: &[u8], state: String, said: &str, to: &str) -> Self {
        let (nonce, verifier) = (secret("nonce", visitor, said), secret("verifier", visitor, said));
        Self { state, nonce, verifier, to: to.to_owned() }
    }

    /// Where the identity platform goes on with it.
    pub(crate) fn address(&self, addresses: &Addresses, language: &str) -> String {
        let challenge = Bytes(Sha256::digest(self.verifier.as_bytes()).to_vec()).to_string();
        let query = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &addresses.client)
            .append_pair("redirect_uri", &addresses.redirect())
            .append_pair("scope", "openid")
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", language)
            .finish();
        format!("{}/authorize?{query}", addresses.id)
    }
}

/// A value that only the browser's cookie leads to.
fn secret(what: &str, visitor: &[u8], said: &str) -> String {
    let said = Sha256::digest(said.as_bytes());
    let whole = Sha256::new().chain_update(b"sakta portal ").chain_update(what);
    let whole = whole.chain_update([0]).chain_update(visitor).chain_update(said);
    Bytes(whole.finalize().to_vec()).to_string()
}

/// Whether it is a page of the portal's own, in the form in which the portal writes them.
fn local(to: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let begins = to.starts_with('/') && !to.starts_with("//");
    begins && to.len() <= LONGEST_PATH && to.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use trial::CountedChance;

    const ANNA: [u8; 32] = [1; 32];

    fn noon() -> Time {
        Time::from_seconds(1_778_585_820)
    }

    fn begun(to: Option<&str>) -> Flow {
        Flow::begin(&ANNA, to, noon(), &CountedChance::seeded(1))
    }

    #[test]
    fn the_browser_that_began_goes_on_where_it_wanted_to() {
        let flow = begun(Some("/data/looks"));
        let later = noon().plus(Duration::from_mins(29));
        assert_eq!(Flow::resume(&ANNA, &flow.state, later), Some(flow.clone()));
        assert_eq!(flow.to, "/data/looks");
        assert_eq!(flow.verifier.len(), 43);
    }

    #[test]
    fn another_browser_another_state_and_an_old_one_do_not_go_on() {
        let flow = begun(Some("/data"));
        assert_eq!(Flow::resume(&[2; 32], &flow.state, noon()), None);
        let another = flow.state.replacen('.', ".1", 1);
        assert_eq!(Flow::resume(&ANNA, &another, noon()), None);
        let old = noon().plus(LIFE);
        assert_eq!(Flow::resume(&ANNA, &flow.state, old), None);
        assert_eq!(Flow::resume(&ANNA, "", noon()), None);
    }

    #[test]
    fn nobody_is_led_away_from_the_portal() {
        for to in ["https://evil.example", "//evil.example", "/\\evil.example", "/a?b", "data", ""]
        {
            assert_eq!(begun(Some(to)).to, paths::HOME, "{to}");
        }
    }

    #[test]
    fn the_request_carries_the_challenge_and_never_the_verifier() {
        let addresses = Addresses {
            own: "http://portal.localhost:8080".to_owned(),
            id: "http://id.localhost:8080".to_owned(),
            files: String::new(),
            client: "portal".to_owned(),
        };
        let flow = begun(None);
        let address = flow.address(&addresses, "lv");
        assert!(address.starts_with("http://id.localhost:8080/authorize?response_type=code&"));
        assert!(address.contains("code_challenge_method=S256"));
        assert!(!address.contains(&flow.verifier));
    }

    proptest! {
        #[test]
        fn any_state_is_read_without_panic(state: String) {
            prop_assert_eq!(Flow::resume(&ANNA, &state, noon()), None);
        }
    }
}
