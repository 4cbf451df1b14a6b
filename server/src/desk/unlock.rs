//! Who may use the desk: whoever can read its key file. The web process cannot.

use std::path::Path;

use axum::extract::FromRequestParts;
use base::{Chance, hex};
use http::request::Parts;
use http::{HeaderMap, header};
use keys::sha256;
use web::{Cookies, SetCookie};

use crate::place::write_whole;

/// The desk's key of this run, by its digest.
#[derive(Clone, Debug)]
pub(crate) struct Lock([u8; 32]);

/// The name of the cookie.
const COOKIE: &str = "desk";

/// How long a browser stays unlocked.
const DAY_S: u64 = 12 * 3600;

impl Lock {
    /// Draws a new key and writes it to `file`, which nobody but its owner reads: the address of
    /// the desk with the key in it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn make(file: &Path, address: &str, chance: &dyn Chance) -> std::io::Result<Self> {
        let key = hex(&chance.bytes::<32>());
        write_whole(file, format!("{address}/open?key={key}\n").as_bytes(), true)?;
        Ok(Self::of(&key))
    }

    fn of(key: &str) -> Self {
        Self(sha256(key.as_bytes()))
    }

    /// The cookie that unlocks, if `key` is the key.
    pub(super) fn cookie(&self, key: &str) -> Option<SetCookie> {
        let cookie = SetCookie::new(COOKIE, key.to_owned(), false).lasting(DAY_S);
        self.opens(key).then_some(cookie)
    }

    /// Whether a request brings the key: as its cookie, or as its bearer token.
    pub(super) fn is_open(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let cookie = Cookies::of(headers).value(COOKIE);
        [bearer, cookie].into_iter().flatten().any(|key| self.opens(key))
    }

    /// Digests are compared, so that time says nothing about the key.
    fn opens(&self, key: &str) -> bool {
        Self::of(key).0 == self.0
    }
}

/// A request that brings the key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unlocked;

/// What holds a lock.
pub(super) trait Locked {
    fn lock(&self) -> &Lock;
}

impl<S: Locked + Sync> FromRequestParts<S> for Unlocked {
    type Rejection = web::Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        if state.lock().is_open(&parts.headers) {
            Ok(Self)
        } else {
            Err(web::Refused::NotFound.into())
        }
    }
}
