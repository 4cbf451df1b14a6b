//! Pushed authorization requests. Spec: RFC 9126.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use store::{StoreError, Tx, values};
use web::Address;

use super::back::Refusal;
use super::fault::{OAuthError, oauth, uncached};
use super::parameters::Parameters;
use super::request_object;
use crate::identity::hashed;
use crate::login::page::PageFault;
use crate::{Client, Identity};

const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// How long a pushed request can be begun.
const LIFE: Duration = Duration::from_secs(60);

const PUSH: &str = "INSERT INTO identity_pushed (id, client, body, until_at)
     VALUES ($1, $2, $3, $4)";
const PUSHED: &str = "SELECT body FROM identity_pushed
     WHERE id = $1 AND client = $2 AND until_at > $3";
const POP: &str = "DELETE FROM identity_pushed WHERE id = $1";

/// Whether it is an address that [`push`] gave.
pub(crate) fn is_pushed(uri: &str) -> bool {
    uri.starts_with(PREFIX)
}

/// The pushed request is used: its login is complete.
pub(crate) fn pop(tx: &mut Tx, uri: &str) -> Result<(), StoreError> {
    tx.update(POP, values![hashed(uri)]).map(drop)
}

/// `POST /par`.
pub(crate) async fn push(
    State(identity): State<Arc<Identity>>,
    from: Address,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let client = identity.proven_client(&headers, &parameters).await?;
    identity.limits.sealed(&from)?;
    let uri = identity.push(&client, parameters).await?;
    let body = json!({ "request_uri": uri, "expires_in": LIFE.as_secs() });
    Ok(uncached((StatusCode::CREATED, axum::Json(body)).into_response()))
}

impl Identity {
    async fn push(&self, client: &Client, parameters: Parameters) -> Result<String, OAuthError> {
        if parameters.get("request_uri").is_some() {
            return Err(oauth("invalid_request", "A pushed request cannot name another."));
        }
        let whole = match parameters.get("request") {
            Some(object) => {
                request_object::read(object, client, (&self.issuer, &parameters), self.now())?
            }
            None => parameters,
        };
        self.checked(client, &whole).map_err(told)?;
        let secrets = ["client_secret", "client_assertion", "client_assertion_type"];
        let kept: BTreeMap<_, _> =
            whole.values().iter().filter(|(name, _)| !secrets.contains(&name.as_str())).collect();
        let body = serde_json::to_string(&kept).map_err(crate::Failed::from)?;
        let uri = format!("{PREFIX}{}", self.secret());
        let (id, client, until) = (hashed(&uri), client.id.clone(), self.now().plus(LIFE));
        let push = self
            .store
            .write("identity.push", move |tx| tx.insert(PUSH, values![id, &client, &body, until]));
        push.await?;
        Ok(uri)
    }

    /// The client's pushed request, as often as it is asked for until its login is complete.
    pub(crate) async fn pushed(
        &self,
        client: &Client,
        uri: &str,
    ) -> Result<Option<Parameters>, StoreError> {
        let (id, client, now) = (hashed(uri), client.id.clone(), self.now());
        let found: Option<(String,)> = self
            .store
            .read("identity.pushed", move |tx| tx.first(PUSHED, values![id, &client, now]))
            .await?;
        let read = found.and_then(|(body,)| serde_json::from_str(&body).ok());
        Ok(read.map(Parameters::of))
    }
}

/// What would be shown or redirected is told to the client at once.
fn told(refusal: Refusal) -> OAuthError {
    match refusal {
        Refusal::Client(bounce) => bounce.error,
        Refusal::Page(PageFault::Address) => {
            oauth("invalid_request", "The redirect address is not registered.")
        }
        Refusal::Page(_) => oauth("invalid_request", "The request cannot be read."),
        Refusal::Inside(failed) => failed.into(),
    }
}
