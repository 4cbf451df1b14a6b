//! The userinfo endpoint: claims for a token. Spec: OpenID Connect Core 1.0 §5.3, RFC 6750.
//!
//! Each time the register is asked on behalf of the person, with `sam`'s statement as evidence:
//! nothing is kept here, and each look leaves its record there.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::Failure;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use links::{Call, OnBehalf};
use persons_contract::{OwnEntry, Person};
use serde_json::Value;
use store::values;

use super::fault::uncached;
use super::parameters::Parameters;
use crate::Identity;
use crate::claims;
use crate::failed::Failed;
use crate::granted::Granted;
use crate::identity::hashed;

const TOKEN: &str = "SELECT body FROM identity_token WHERE token = $1 AND until_at > $2";

/// `GET` and `POST /userinfo`.
pub(crate) async fn userinfo(
    State(identity): State<Arc<Identity>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Response {
    match bearer(&headers, &parameters) {
        Ok(token) => match identity.claims_of(&token).await {
            Ok(Some(claims)) => uncached(axum::Json(claims).into_response()),
            Ok(None) => refused(401, "error=\"invalid_token\""),
            Err(failed) => web::Failed::from(failed).into_response(),
        },
        Err(status) => {
            refused(status, if status == 400 { "error=\"invalid_request\"" } else { "" })
        }
    }
}

/// The token, by one of two ways: header, or form body of a POST.
fn bearer(headers: &HeaderMap, parameters: &Parameters) -> Result<String, u16> {
    let header = headers.get(header::AUTHORIZATION).map(|value| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    // A token in the query would be in logs: only bodies carry one (RFC 9700 §4.3.2).
    let typed = headers.contains_key(header::CONTENT_TYPE);
    let body = parameters.own("access_token").filter(|_| typed);
    match (header, body) {
        (Some(Some(token)), None) | (None, Some(token)) => Ok(token),
        (Some(_), Some(_)) => Err(400),
        (Some(None), None) | (None, None) => Err(401),
    }
}

fn refused(status: u16, error: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut answer = uncached(status.into_response());
    let value = HeaderValue::try_from(format!("Bearer {error}").trim_end());
    if let Ok(value) = value {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    answer
}

impl Identity {
    /// What stands behind an access token that lives.
    pub(crate) async fn token(&self, token: &str) -> Result<Option<Granted>, Failed> {
        let (token, now) = (hashed(token), self.now());
        let found: Option<(String,)> = self
            .store
            .read("identity.token", move |tx| tx.first(TOKEN, values![token, now]))
            .await?;
        Ok(found.map(|(body,)| serde_json::from_str(&body)).transpose()?)
    }

    async fn claims_of(&self, token: &str) -> Result<Option<Value>, Failed> {
        let Some(granted) = self.token(token).await? else { return Ok(None) };
        let Some(client) = self.client(&granted.client).await? else { return Ok(None) };
        let asked = claims::asked_for(&granted.scope, &granted.claims.userinfo);
        let mut all = if asked.is_empty() {
            serde_json::Map::new()
        } else {
            let entry = self.entry_of(&granted.proven.statement).await?;
            claims::of_person(&entry, &asked)
        };
        let subject = self.subject(&client, granted.person).await?;
        all.insert("sub".to_owned(), Value::from(subject));
        Ok(Some(Value::Object(all)))
    }

    /// The register's entry of the person of a statement.
    pub(crate) async fn entry_of(&self, statement: &str) -> Result<Person, Failed> {
        let behalf = OnBehalf::Person { evidence: statement.to_owned() };
        let asked = self.persons.call(Call::new(OwnEntry { history: false }, behalf, "login"));
        let asked = asked.await.map_err(Failed::from);
        asked.inspect_err(|failed| tracing::warn!(kind = failed.kind(), "no entry for claims"))
    }
}
