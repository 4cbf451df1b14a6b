//! How a client proves who it is. Spec: OpenID Connect Core 1.0 §9, RFC 6749 §2.3, RFC 7523 §3.

use std::time::Duration;

use base::{Bytes, Time};
use base64_form::decoded;
use http::{HeaderMap, header};
use jose::claims::{Claims, Wanted};
use jose::jws::{Accept, Algorithm, Jws, Typ};
use keys::{Suite, allowed};

use super::fault::{OAuthError, oauth};
use super::parameters::Parameters;
use crate::Identity;
use crate::client::{Client, Proves};
use crate::identity::hashed;

/// The only kind of assertion.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// By how much clocks may differ, seconds.
const LEEWAY: i64 = 30;

/// How long an assertion lives at most, seconds.
const LONGEST: i64 = 600;

const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256, Algorithm::EdDsa];

impl Identity {
    /// The client that a request proves, by exactly one way and the one it is registered with;
    /// a public client only names itself.
    pub(crate) async fn proven_client(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Client, OAuthError> {
        if parameters.is_malformed() {
            return Err(oauth("invalid_request", "A parameter is there twice, or too many are."));
        }
        let basic = basic(headers)?;
        let assertion = parameters.get("client_assertion");
        let ways =
            [basic.is_some(), parameters.get("client_secret").is_some(), assertion.is_some()];
        if ways.into_iter().filter(|way| *way).count() > 1 {
            return Err(oauth("invalid_request", "One proof of the client is enough."));
        }
        if let Some(assertion) = assertion {
            return self.asserted(assertion, parameters).await;
        }
        let tried = basic.is_some();
        let secret = basic.or_else(|| {
            let secret = parameters.own("client_secret").unwrap_or_default();
            Some((parameters.own("client_id")?, secret))
        });
        let (id, secret) = secret.ok_or_else(|| OAuthError::client(tried))?;
        if parameters.get("client_id").is_some_and(|named| named != id) {
            return Err(OAuthError::client(tried));
        }
        let client = self.client(&id).await?.ok_or_else(|| OAuthError::client(tried))?;
        let proved = match &client.proves {
            Proves::Nothing => secret.is_empty() && !tried,
            Proves::Secret { digest } => hashed(&secret) == digest.0,
            Proves::Keys { .. } => false,
        };
        if proved { Ok(client) } else { Err(OAuthError::client(tried)) }
    }

    /// The client whose key signed the assertion, which is used once.
    async fn asserted(
        &self,
        assertion: &str,
        parameters: &Parameters,
    ) -> Result<Client, OAuthError> {
        let refused = || OAuthError::client(false);
        if parameters.get("client_assertion_type") != Some(ASSERTION) {
            return Err(refused());
        }
        let accept = Accept { typ: Typ::IsOrAbsent("JWT"), algorithms: &ALGORITHMS };
        let read = Jws::parse(assertion, accept).map_err(|_| refused())?;
        let claimed: Claims = read.unverified_claims().map_err(|_| refused())?;
        let id = claimed.iss.ok_or_else(refused)?;
        if parameters.get("client_id").is_some_and(|named| named != id) {
            return Err(refused());
        }
        let client = self.client(&id).await?.ok_or_else(refused)?;
        let keys = client.keys().ok_or_else(refused)?;
        let kid = read.header().kid.clone();
        let key = kid.as_deref().map_or_else(|| keys.keys.first(), |kid| keys.find(kid));
        let verified = read.verify(key.ok_or_else(refused)?, allowed(Suite::House));
        let claims: Claims =
            verified.and_then(|verified| verified.claims()).map_err(|_| refused())?;
        self.is_of_now(&claims, &id).ok_or_else(refused)?;
        let until = Time::from_seconds(claims.exp.unwrap_or_default());
        let once = format!("assertion {id} {}", claims.jti.ok_or_else(refused)?);
        let until = until.plus(Duration::from_secs(LEEWAY.unsigned_abs()));
        let fresh = self.spend(hashed(&once), until).await?;
        if fresh { Ok(client) } else { Err(refused()) }
    }

    /// Whether an assertion is by and about the client, for us alone, and of now.
    fn is_of_now(&self, claims: &Claims, id: &str) -> Option<()> {
        let [audience] = claims.aud.0.as_slice() else { return None };
        let token = format!("{}/token", self.issuer);
        let ours = *audience == self.issuer || *audience == token;
        let wanted = Wanted {
            issuer: id,
            audience,
            now: self.now().seconds(),
            leeway: LEEWAY,
            longest: LONGEST,
        };
        let holds = claims.check(wanted).is_ok() && claims.sub.as_deref() == Some(id);
        (ours && holds).then_some(())
    }
}

/// Id and secret of HTTP Basic, each form-encoded before (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| OAuthError::client(true))?;
    let Some((scheme, credentials)) = text.split_once(' ') else {
        return Err(OAuthError::client(true));
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(OAuthError::client(true));
    }
    let pair = decoded(credentials.trim()).ok_or_else(|| OAuthError::client(true))?;
    let (id, secret) = pair.split_once(':').ok_or_else(|| OAuthError::client(true))?;
    Ok(Some((form(id), form(secret))))
}

fn form(text: &str) -> String {
    let text = format!("x={text}");
    let first = url::form_urlencoded::parse(text.as_bytes()).next();
    first.map_or_else(String::new, |(_, value)| value.into_owned())
}

/// Base64 with padding, read through the base64url that the house has.
mod base64_form {
    use super::Bytes;

    /// UTF-8 text in base64 (RFC 4648 §4).
    pub(super) fn decoded(text: &str) -> Option<String> {
        let plain = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
        let bytes: Bytes = plain.parse().ok()?;
        String::from_utf8(bytes.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_encoded_inside_base64() {
        let headers =
            |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        // rp%3A1:s%26%C4%81
        let read = basic(&headers("Basic cnAlM0ExOnMlMjYlQzQlODE=")).unwrap();
        assert_eq!(read, pair("rp:1", "s&ā"));
        assert_eq!(basic(&headers("basic cnA6cw==")).unwrap(), pair("rp", "s"));
        assert_eq!(basic(&HeaderMap::new()).unwrap(), None);
        for bad in ["Basic", "Bearer x", "Basic !!", "Basic cnA="] {
            assert!(basic(&headers(bad)).is_err(), "{bad}");
        }
    }
}
