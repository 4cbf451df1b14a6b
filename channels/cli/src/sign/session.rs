//! The session kept between two commands: a file that only this user can read.

use std::path::PathBuf;

use base::Time;
use serde::{Deserialize, Serialize};

use super::{Sign, SignError};

/// An access token, for whom and until when.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    /// The issuer that gave it.
    issuer: String,
    /// Who logged in, as named here.
    alias: String,
    /// The token.
    token: String,
    /// Until when it can be used.
    until: Time,
}

impl Session {
    pub(super) fn new(issuer: &str, alias: &str, token: String, until: Time) -> Self {
        Self { issuer: issuer.to_owned(), alias: alias.to_owned(), token, until }
    }

    /// The session of `alias`, if one is kept that still holds for a minute.
    pub(super) fn kept(with: &Sign<'_>, alias: &str) -> Option<Self> {
        const MOST: usize = 16 * 1024;
        let bytes = with.files.read(&file(with, alias)?, MOST).ok()?;
        let session: Self = serde_json::from_slice(&bytes).ok()?;
        let soon = with.clock.now().plus(std::time::Duration::from_secs(60));
        let own = session.issuer == with.places.issuer && session.alias == alias;
        (own && session.until > soon).then_some(session)
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn keep(&self, with: &Sign<'_>) -> Result<(), SignError> {
        let Some(file) = file(with, &self.alias) else { return Ok(()) };
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        with.files.keep(&file, &bytes).map_err(|why| SignError::write(&file, &why))
    }

    pub(super) fn forget(with: &Sign<'_>, alias: &str) {
        if let Some(file) = file(with, alias) {
            // A file that stays is overwritten by the next login.
            let _ = with.files.keep(&file, b"");
        }
    }

    /// The value of the `Authorization` header.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

/// Aliases are short words; others have no file, and log in each time.
fn file(with: &Sign<'_>, alias: &str) -> Option<PathBuf> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let fits = (1..=64).contains(&alias.len()) && alias.bytes().all(plain);
    fits.then(|| with.state.join(format!("session-{alias}.json")))
}
