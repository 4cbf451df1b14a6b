//! The device flow, for the command line. Spec: RFC 8628.
//!
//! The user code is the eight characters of a login (PROTOCOLS §4): typed or scanned by the
//! phone, never into a page, where somebody else could have sent it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::Time;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{StoreError, Tx, values};
use web::Address;

use super::authorize::scope;
use super::fault::{OAuthError, oauth, uncached};
use super::parameters::Parameters;
use crate::ask::{Ask, Stage};
use crate::claims::{self, Wanted};
use crate::failed::Failed;
use crate::granted::Granted;
use crate::identity::hashed;
use crate::request::{Addressee, GRANT};
use crate::{Client, Identity};

/// How often a client may ask, seconds.
const INTERVAL: Duration = Duration::from_secs(1);

const PUT: &str = "INSERT INTO identity_grant (code, client, body, ask, polled_at, state, until_at)
     VALUES ($1, $2, $3, $4, 0, 'open', $5)";
const OF: &str = "SELECT body, ask, polled_at, state, until_at FROM identity_grant
     WHERE code = $1 AND client = $2";
const POLLED: &str = "UPDATE identity_grant SET polled_at = $2 WHERE code = $1";
const USE: &str = "UPDATE identity_grant SET state = 'used' WHERE code = $1 AND state = 'open'";

/// What a device client asked for.
#[derive(Debug, Serialize, Deserialize)]
struct Wish {
    scope: BTreeSet<String>,
}

/// Where a grant stands.
enum Grant {
    Unknown,
    SlowDown,
    Pending,
    Late,
    Denied,
    Answered(Box<Ask>, Wish),
}

/// `POST /device_authorization`.
pub(crate) async fn begin(
    State(identity): State<Arc<Identity>>,
    from: Address,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let client = identity.proven_client(&headers, &parameters).await?;
    if !client.device {
        return Err(oauth("unauthorized_client", "The client has no device flow."));
    }
    identity.limits.unclaimed(&from)?;
    let scope = scope(&client, parameters.get("scope").unwrap_or("openid"))?;
    let place = crate::place::of(&headers);
    let body = identity.begin_grant(&client, Wish { scope }, &place).await?;
    Ok(uncached(axum::Json(body).into_response()))
}

impl Identity {
    async fn begin_grant(&self, client: &Client, wish: Wish, place: &str) -> Result<Value, Failed> {
        let gets = claims::asked_for(&wish.scope, &BTreeSet::new());
        let ask = self.login_ask(client, &gets, place, Addressee::Whoever(GRANT))?;
        let code = self.secret();
        let user_code = ask.qr.clone().unwrap_or_default();
        let (hash, body) = (hashed(&code), serde_json::to_string(&wish)?);
        let (client, until) = (client.id.clone(), ask.until);
        let begun = self.store.write("identity.begin-grant", move |tx| {
            ask.put(tx)?;
            tx.insert(PUT, values![hash, &client, &body, &ask.id, until])
        });
        begun.await?;
        Ok(json!({
            "device_code": code,
            "user_code": user_code,
            "verification_uri": format!("{}/device", self.issuer),
            "verification_uri_complete": format!("{}/a/{user_code}", self.issuer),
            "expires_in": GRANT.as_secs(),
            "interval": INTERVAL.as_secs(),
        }))
    }

    /// The tokens of a device code that a phone has approved.
    pub(crate) async fn by_device_code(
        &self,
        client: &Client,
        asked: &Parameters,
    ) -> Result<Value, OAuthError> {
        let code = asked.get("device_code");
        let code = hashed(code.ok_or(oauth("invalid_request", "The device code is missing."))?);
        let (id, now) = (client.id.clone(), self.now());
        let grant = self.store.write("identity.grant", move |tx| grant(tx, &code, &id, now));
        let (ask, wish) = match grant.await.map_err(Failed::from)? {
            Grant::Answered(ask, wish) => (ask, wish),
            Grant::Unknown => return Err(OAuthError::grant()),
            Grant::SlowDown => return Err(oauth("slow_down", "Ask less often.")),
            Grant::Pending => {
                return Err(oauth("authorization_pending", "No phone has approved it yet."));
            }
            Grant::Late => return Err(oauth("expired_token", "No phone approved it in time.")),
            Grant::Denied => return Err(oauth("access_denied", "It was refused on the phone.")),
        };
        let granted = self.device_granted(client, (&ask, code), wish).await?;
        self.tokens(client, granted, code).await
    }

    /// What the phone's answer grants, once, recorded as a login.
    async fn device_granted(
        &self,
        client: &Client,
        (ask, code): (&Ask, [u8; 32]),
        wish: Wish,
    ) -> Result<Granted, OAuthError> {
        let (person, proven) = self.proven(ask).await?.ok_or_else(OAuthError::grant)?;
        let told = self.told("login-by-qr", client.named(base::Locale::default()));
        let recorded = self.record_login(client, person, move |tx| {
            if tx.update(USE, values![code])? != 1 {
                return Err(Failed::Gone);
            }
            Ok(told.put(tx, person)?)
        });
        recorded.await?;
        self.tell();
        Ok(Granted {
            client: client.id.clone(),
            person,
            scope: wish.scope,
            claims: Wanted::default(),
            nonce: None,
            proven,
            sitting: ask.id.clone(),
        })
    }
}

fn grant(tx: &mut Tx, code: &[u8; 32], client: &str, now: Time) -> Result<Grant, StoreError> {
    type Row = (String, String, Time, String, Time);
    let found: Option<Row> = tx.first(OF, values![*code, client])?;
    let Some((body, ask, polled, state, until)) = found else { return Ok(Grant::Unknown) };
    if state != "open" {
        return Ok(Grant::Unknown);
    }
    tx.update(POLLED, values![*code, now])?;
    if now < polled.plus(INTERVAL) {
        return Ok(Grant::SlowDown);
    }
    let Some(ask) = Ask::of(tx, &ask)? else { return Ok(Grant::Late) };
    let wish = serde_json::from_str(&body);
    Ok(match (ask.stage, wish) {
        (Stage::Answered, Ok(wish)) if until > now => Grant::Answered(Box::new(ask), wish),
        (Stage::Refused | Stage::Reported | Stage::Withdrawn, _) => Grant::Denied,
        (Stage::Open | Stage::Waiting | Stage::Taken, _) if !ask.late(now) => Grant::Pending,
        _ => Grant::Late,
    })
}
