//! A portal's login: an ordinary code flow whose code is exchanged over the link for evidence.

use base::{Locale, PersonId, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::IdentityRefusal;

/// Exchanges an authorization code for the evidence behind it. The client is the link's system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The code.
    pub code: String,
    /// The redirect address that the code went to.
    pub redirect_uri: String,
    /// The PKCE verifier (RFC 7636).
    pub code_verifier: String,
}

/// Who logged in, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Who.
    pub person: PersonId,
    /// Given names and surname, as the register has them now.
    pub name: String,
    /// `sam`'s statement, compact: what calls on behalf of the person carry.
    pub statement: String,
    /// Until when the statement may be used.
    pub until: Time,
    /// Whether the login came by QR: such a session cannot enrol, set a PIN, unfreeze or change
    /// contacts.
    pub by_qr: bool,
    /// The level reached.
    pub acr: String,
}

impl Operation for Exchange {
    const NAME: &'static str = "identity/exchange";
    type Answer = Evidence;
    type Refusal = IdentityRefusal;
}

/// Exchanges an access token, which an outside client was given and brings to a system of the
/// house, for the evidence behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceOf {
    /// The access token.
    pub access_token: String,
}

/// Who logged in at which client, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenEvidence {
    /// The client that was given the token.
    pub client: String,
    /// Its registered name in each language: what a phone shows when the client asks on.
    pub client_name: Vec<(Locale, String)>,
    /// The scopes.
    pub scope: Vec<String>,
    /// The evidence.
    pub evidence: Evidence,
}

impl Operation for EvidenceOf {
    const NAME: &'static str = "identity/evidence-of";
    type Answer = TokenEvidence;
    type Refusal = IdentityRefusal;
}

/// From when on a person's sessions hold: those that began before, or at that very moment, have
/// ended with a freeze of everything, wherever they are kept. On behalf of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsSince {
    /// Whose.
    pub person: PersonId,
}

impl Operation for SessionsSince {
    const NAME: &'static str = "identity/sessions-since";
    type Answer = Time;
    type Refusal = IdentityRefusal;
}
