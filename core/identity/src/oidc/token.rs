//! The token endpoint: a code or device code for tokens. Spec: OpenID Connect Core 1.0 §3.1.3,
//! RFC 7636 §4.6, RFC 8628 §3.4.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::Time;
use http::HeaderMap;
use keys::sha256;
use serde_json::{Map, Value, json};
use store::{StoreError, Tx, values};

use super::fault::{OAuthError, oauth, uncached};
use super::parameters::Parameters;
use crate::claims;
use crate::failed::Failed;
use crate::granted::Granted;
use crate::identity::hashed;
use crate::{Client, Identity};

/// How long an access token lives, and never beyond the phone's statement.
const ACCESS: Duration = Duration::from_mins(10);

/// How long an ID token may be taken.
const ID_TOKEN: Duration = Duration::from_mins(5);

const USE: &str = "UPDATE identity_code SET used_at = $2
     WHERE code = $1 AND used_at IS NULL AND until_at > $2";
const CODE: &str = "SELECT client, redirect_uri, challenge, body FROM identity_code
     WHERE code = $1";
const REVOKE: &str = "DELETE FROM identity_token WHERE code = $1";
const KEEP: &str = "INSERT INTO identity_token
     (token, code, client, person, sitting, body, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// What a client brings for a code.
#[derive(Clone, Debug)]
pub(crate) struct Redeem {
    /// The code, hashed.
    pub(crate) code: [u8; 32],
    /// The client that brings it.
    pub(crate) client: String,
    /// The address that it went to.
    pub(crate) redirect_uri: Option<String>,
    /// The verifier.
    pub(crate) verifier: Option<String>,
}

/// `POST /token`.
pub(crate) async fn token(
    State(identity): State<Arc<Identity>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let client = identity.proven_client(&headers, &parameters).await?;
    let body = match parameters.get("grant_type") {
        Some("authorization_code") => identity.by_code(&client, &parameters).await?,
        Some("urn:ietf:params:oauth:grant-type:device_code") if client.device => {
            identity.by_device_code(&client, &parameters).await?
        }
        Some("urn:ietf:params:oauth:grant-type:device_code") => {
            return Err(oauth("unauthorized_client", "The client has no device flow."));
        }
        Some(_) => return Err(oauth("unsupported_grant_type", "No such grant here.")),
        None => return Err(oauth("invalid_request", "The grant type is missing.")),
    };
    Ok(uncached(axum::Json(body).into_response()))
}

impl Identity {
    async fn by_code(&self, client: &Client, asked: &Parameters) -> Result<Value, OAuthError> {
        let code = asked.get("code").ok_or(oauth("invalid_request", "The code is missing."))?;
        let code = hashed(code);
        let redeem = Redeem {
            code,
            client: client.id.clone(),
            redirect_uri: asked.own("redirect_uri"),
            verifier: asked.own("code_verifier"),
        };
        let granted = self.redeemed(redeem).await?.ok_or_else(OAuthError::grant)?;
        self.tokens(client, granted, code).await
    }

    /// What stands behind a code, once. A wrong client, address or verifier burns it; a second
    /// use ends the tokens of the first (RFC 6749 §4.1.2).
    pub(crate) async fn redeemed(&self, redeem: Redeem) -> Result<Option<Granted>, Failed> {
        let now = self.now();
        let redeemed =
            self.store.write("identity.redeem", move |tx| redeemed(tx, &redeem, now)).await?;
        let granted = redeemed.map(|body| serde_json::from_str::<Granted>(&body)).transpose()?;
        Ok(granted.filter(|granted| granted.proven.until > now))
    }

    /// An access token and an ID token of what was granted by `code`.
    pub(crate) async fn tokens(
        &self,
        client: &Client,
        granted: Granted,
        code: [u8; 32],
    ) -> Result<Value, OAuthError> {
        let (now, access) = (self.now(), self.secret());
        let until = now.plus(ACCESS).min(granted.proven.until);
        let id_token = self.id_token(client, &granted, &access).await?;
        let scope = granted.scope.iter().cloned().collect::<Vec<_>>().join(" ");
        self.keep_token(&access, granted, (code, until)).await?;
        Ok(json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": until.since(now).as_secs(),
            "id_token": id_token,
            "scope": scope,
        }))
    }

    async fn keep_token(
        &self,
        access: &str,
        granted: Granted,
        (code, until): ([u8; 32], Time),
    ) -> Result<(), Failed> {
        let (token, body) = (hashed(access), serde_json::to_string(&granted)?);
        let Granted { client, person, sitting, .. } = granted;
        let keep = self.store.write("identity.keep-token", move |tx| {
            tx.insert(KEEP, values![token, code, &client, person, &sitting, &body, until])
        });
        Ok(keep.await?)
    }

    /// Spec: OpenID Connect Core 1.0 §2 and §3.1.3.6.
    async fn id_token(
        &self,
        client: &Client,
        granted: &Granted,
        access: &str,
    ) -> Result<String, Failed> {
        let (now, proven) = (self.now(), &granted.proven);
        let mut all: Map<String, Value> = Map::new();
        let single = &granted.claims.id_token;
        if !single.is_empty() {
            let person = self.entry_of(&proven.statement).await?;
            all = claims::of_person(&person, single);
        }
        let [half, _] = halves(sha256(access.as_bytes()));
        let own = [
            ("iss", Value::from(self.issuer.clone())),
            ("sub", Value::from(self.subject(client, granted.person).await?)),
            ("aud", Value::from(client.id.clone())),
            ("exp", Value::from(now.plus(ID_TOKEN).seconds())),
            ("iat", Value::from(now.seconds())),
            ("auth_time", Value::from(proven.at.seconds())),
            ("acr", Value::from(proven.acr.clone())),
            ("amr", Value::from(proven.amr.clone())),
            ("at_hash", Value::from(jose::base64url(&half))),
        ];
        all.extend(own.map(|(name, value)| (name.to_owned(), value)));
        if let Some(nonce) = &granted.nonce {
            all.insert("nonce".to_owned(), Value::from(nonce.clone()));
        }
        self.keys.signed(&all, now)
    }
}

fn halves(digest: [u8; 32]) -> [[u8; 16]; 2] {
    let (halves, _) = digest.as_chunks::<16>();
    match halves {
        [left, right] => [*left, *right],
        _ => [[0; 16]; 2],
    }
}

fn redeemed(tx: &mut Tx, redeem: &Redeem, now: Time) -> Result<Option<String>, StoreError> {
    let first = tx.update(USE, values![redeem.code, now])? == 1;
    if !first {
        tx.update(REVOKE, values![redeem.code])?;
        return Ok(None);
    }
    type Row = (String, String, Option<String>, String);
    let found: Option<Row> = tx.first(CODE, values![redeem.code])?;
    let fits = |(client, redirect_uri, challenge, _): &Row| {
        *client == redeem.client
            && redeem.redirect_uri.as_ref() == Some(redirect_uri)
            && verifies(challenge.as_deref(), redeem.verifier.as_deref())
    };
    Ok(found.filter(fits).map(|(.., body)| body))
}

/// A challenge needs its verifier; a verifier without challenge is a downgrade (RFC 9700 §2.1.1).
fn verifies(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            (43..=128).contains(&verifier.len())
                && verifier.bytes().all(plain)
                && jose::base64url(&sha256(verifier.as_bytes())) == challenge
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_fits_its_challenge_and_only_that() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(verifies(Some(challenge), Some(verifier)));
        assert!(!verifies(Some(challenge), Some(challenge)));
        assert!(!verifies(Some(challenge), None));
        assert!(!verifies(None, Some(verifier)), "a downgrade");
        assert!(!verifies(Some(""), Some("")));
        assert!(verifies(None, None));
    }
}
