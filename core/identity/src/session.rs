//! The platform's own sessions: what a browser has logged in to.

use std::collections::BTreeMap;

use base::Time;
use serde::{Deserialize, Serialize};

/// What a session holds. A login is good for the client that the phone approved, and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sitting {
    /// Its id, random: tokens name it, so that signing out ends them.
    pub(crate) id: String,
    /// The last login of each client, at most [`MOST`].
    pub(crate) logins: BTreeMap<String, Proven>,
}

/// At most so many clients in one session; the oldest login goes first.
const MOST: usize = 16;

/// What a phone proved for one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proven {
    /// When.
    pub(crate) at: Time,
    /// The level reached.
    pub(crate) acr: String,
    /// How.
    pub(crate) amr: Vec<String>,
    /// `sam`'s statement, compact.
    pub(crate) statement: String,
    /// Until when the statement may be used.
    pub(crate) until: Time,
    /// Whether it came by QR.
    pub(crate) by_qr: bool,
}

impl Sitting {
    /// A new sitting of this id with one login, and those before it that still hold.
    pub(crate) fn with(id: String, client: &str, proven: Proven, before: Option<&Self>) -> Self {
        let mut logins = before.map(|own| own.logins.clone()).unwrap_or_default();
        logins.retain(|_, own| own.until > proven.at);
        logins.insert(client.to_owned(), proven);
        while logins.len() > MOST {
            let oldest = logins.iter().min_by_key(|(_, own)| own.at).map(|(id, _)| id.clone());
            oldest.and_then(|id| logins.remove(&id));
        }
        Self { id, logins }
    }

    /// Until when any of its logins holds.
    pub(crate) fn until(&self) -> Option<Time> {
        self.logins.values().map(|own| own.until).max()
    }

    /// What was proved for a client, where it still holds.
    pub(crate) fn proven(&self, client: &str, now: Time) -> Option<&Proven> {
        self.logins.get(client).filter(|own| own.until > now)
    }
}
