//! What a login gives a client: kept behind a code, then behind a token.

use std::collections::BTreeSet;

use base::PersonId;
use serde::{Deserialize, Serialize};

use crate::claims::Wanted;
use crate::session::Proven;

/// What a client was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Granted {
    /// The client.
    pub(crate) client: String,
    /// Who logged in.
    pub(crate) person: PersonId,
    /// The scopes.
    pub(crate) scope: BTreeSet<String>,
    /// Single claims asked for.
    #[serde(default)]
    pub(crate) claims: Wanted,
    /// The client's nonce.
    #[serde(default)]
    pub(crate) nonce: Option<String>,
    /// What the phone proved.
    pub(crate) proven: Proven,
    /// The session.
    pub(crate) sitting: String,
}
