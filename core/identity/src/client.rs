//! Who may ask for logins: the registered clients.

use base::{Digest, Failure, Fault, Locale};
use jose::jwk::JwkSet;
use keys::sha256;
use links::Party;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{StoreError, Tx, values};

use crate::Identity;
use crate::redirect;

/// A client as it is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its id: 1 to 64 letters, digits or `-_.`.
    pub id: String,
    /// Its name in each language: what the person reads.
    pub name: Vec<(Locale, String)>,
    /// What it wants logins for, in each language.
    pub purpose: Vec<(Locale, String)>,
    /// How it proves who it is at the token endpoint.
    pub proves: Proves,
    /// Where answers may be sent; none for a device client.
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Whose subjects it shares: the host of its addresses, most often (R7).
    pub sector: String,
    /// What it may ask for: scope names.
    pub scopes: Vec<String>,
    /// Whether it may use the device flow.
    #[serde(default)]
    pub device: bool,
    /// Whether a code is given without PKCE; only for confidential clients that cannot.
    #[serde(default)]
    pub without_pkce: bool,
    /// The system of the house that it is, which exchanges codes over its link.
    #[serde(default)]
    pub party: Option<Party>,
    /// Whether it is closed: nothing is given to it.
    #[serde(default)]
    pub closed: bool,
}

/// How a client proves who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Proves {
    /// It cannot: a public client, bound by PKCE.
    Nothing,
    /// By a secret of at least 128 bits of chance, of which this is the SHA-256.
    Secret {
        /// The digest.
        digest: Digest,
    },
    /// By assertions under its own keys (RFC 7523), as a JSON Web Key Set.
    Keys {
        /// The set.
        jwks: Value,
    },
}

impl Proves {
    /// By this secret.
    #[must_use]
    pub fn secret(secret: &str) -> Self {
        Self::Secret { digest: Digest(sha256(secret.as_bytes())) }
    }
}

/// Why a client is not registered.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A member is of another form.
    #[error("the client's {0} cannot be registered")]
    Form(&'static str),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure for ClientError {
    fn fault(&self) -> Fault {
        match self {
            Self::Form(_) => Fault::Caller(422),
            Self::Store(error) => error.fault(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Form(_) => "client-form",
            Self::Store(error) => error.kind(),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Form(_) => "The client cannot be registered in this form.",
            Self::Store(error) => error.title(),
        }
    }
}

const PUT: &str = "INSERT INTO identity_client (client, body, changed_at) VALUES ($1, $2, $3)
     ON CONFLICT (client) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at";
const FIND: &str = "SELECT body FROM identity_client WHERE client = $1";

impl Client {
    /// The name in a language, else in any.
    #[must_use]
    pub fn named(&self, locale: Locale) -> &str {
        said(&self.name, locale)
    }

    /// The purpose in a language, else in any.
    #[must_use]
    pub fn wants(&self, locale: Locale) -> &str {
        said(&self.purpose, locale)
    }

    /// Whether it is a public client.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.proves == Proves::Nothing
    }

    /// Whether a code needs a challenge.
    #[must_use]
    pub fn needs_pkce(&self) -> bool {
        self.is_public() || !self.without_pkce
    }

    /// Its keys; none for clients without.
    #[must_use]
    pub fn keys(&self) -> Option<JwkSet> {
        match &self.proves {
            Proves::Keys { jwks } => JwkSet::parse(jwks.to_string().as_bytes()).ok(),
            _ => None,
        }
    }

    /// Whether an answer may be sent to `address`.
    #[must_use]
    pub fn answers_at(&self, address: &str) -> bool {
        self.redirect_uris.iter().any(|own| redirect::fits(own, address))
    }

    fn checked(&self) -> Result<(), ClientError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        let id = (1..=64).contains(&self.id.len()) && self.id.bytes().all(plain);
        let texts = |texts: &[(Locale, String)]| {
            !texts.is_empty() && texts.iter().all(|(_, text)| (1..=128).contains(&text.len()))
        };
        let mut addresses = self.redirect_uris.iter().chain(&self.post_logout_redirect_uris);
        let keys = !matches!(self.proves, Proves::Keys { .. }) || self.keys().is_some();
        let open = !self.redirect_uris.is_empty() || self.device;
        [
            (id, "id"),
            (texts(&self.name), "name"),
            (texts(&self.purpose), "purpose"),
            (open && addresses.all(|one| redirect::registrable(one)), "redirect address"),
            (keys, "keys"),
            ((1..=255).contains(&self.sector.len()), "sector"),
            (!(self.is_public() && self.without_pkce), "exception from PKCE"),
        ]
        .into_iter()
        .try_for_each(|(good, what)| if good { Ok(()) } else { Err(ClientError::Form(what)) })
    }

    /// The client of an id, unless it is closed.
    pub(crate) fn find(tx: &mut Tx, id: &str) -> Result<Option<Self>, StoreError> {
        let found: Option<(String,)> = tx.first(FIND, values![id])?;
        let read = found.and_then(|(body,)| serde_json::from_str::<Self>(&body).ok());
        Ok(read.filter(|client| !client.closed))
    }
}

fn said(texts: &[(Locale, String)], locale: Locale) -> &str {
    let own = texts.iter().find(|(of, _)| *of == locale).or(texts.first());
    own.map_or("", |(_, text)| text)
}

impl Identity {
    /// Registers a client, or changes it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn register_client(&self, client: &Client) -> Result<(), ClientError> {
        client.checked()?;
        let body = serde_json::to_string(client).map_err(|_| ClientError::Form("form"))?;
        let (id, now) = (client.id.clone(), self.now());
        let put =
            self.store.write("identity.client", move |tx| tx.insert(PUT, values![&id, &body, now]));
        Ok(put.await?)
    }

    /// The client of an id, unless it is closed.
    pub(crate) async fn client(&self, id: &str) -> Result<Option<Client>, StoreError> {
        let id = id.to_owned();
        self.store.read("identity.client-of", move |tx| Client::find(tx, &id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client {
            id: "rp".to_owned(),
            name: vec![(Locale::Lv, "Augstskola".to_owned())],
            purpose: vec![(Locale::Lv, "Pieslēgties".to_owned())],
            proves: Proves::secret("s3cret"),
            redirect_uris: vec!["https://rp.example/cb".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            sector: "rp.example".to_owned(),
            scopes: vec!["openid".to_owned()],
            device: false,
            without_pkce: false,
            party: None,
            closed: false,
        }
    }

    #[test]
    fn a_client_of_another_form_is_refused() {
        assert!(client().checked().is_ok());
        let bad = [
            Client { id: "a b".to_owned(), ..client() },
            Client { name: Vec::new(), ..client() },
            Client { redirect_uris: vec!["http://rp.example/".to_owned()], ..client() },
            Client { redirect_uris: Vec::new(), ..client() },
            Client { proves: Proves::Nothing, without_pkce: true, ..client() },
            Client { proves: Proves::Keys { jwks: Value::Null }, ..client() },
        ];
        for client in bad {
            assert!(matches!(client.checked(), Err(ClientError::Form(_))), "{client:?}");
        }
    }

    #[test]
    fn a_name_is_said_in_the_language_or_in_any() {
        assert_eq!(client().named(Locale::En), "Augstskola");
    }
}
