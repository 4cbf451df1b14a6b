//! Request objects: the request as a token under the client's own key. Spec: OpenID Connect Core
//! 1.0 §6, RFC 9101.

use base::Time;
use jose::claims::{Claims, Wanted};
use jose::jws::{Accept, Algorithm, Jws, Typ};
use keys::{Suite, allowed};
use serde_json::{Map, Value};

use super::authorize::as_parameter;
use super::fault::{OAuthError, oauth};
use super::parameters::Parameters;
use crate::Client;

/// By how much clocks may differ, seconds.
const LEEWAY: i64 = 60;

/// How long an object lives at most, seconds.
const LONGEST: i64 = 3600;

const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256, Algorithm::EdDsa];

/// The parameters of `object`, those of the object alone (RFC 9101 §6.3); `issuer` is its
/// audience, `plain` what came beside it.
///
/// # Errors
/// `request_not_supported` for a client without keys and for unsigned objects,
/// `invalid_request_object` for what does not hold.
pub(crate) fn read(
    object: &str,
    client: &Client,
    (issuer, plain): (&str, &Parameters),
    now: Time,
) -> Result<Parameters, OAuthError> {
    let unsupported = || oauth("request_not_supported", "Objects are signed by registered keys.");
    let keys = client.keys().ok_or_else(unsupported)?;
    let accept = Accept { typ: Typ::IsOrAbsent("oauth-authz-req+jwt"), algorithms: &ALGORITHMS };
    let object = Jws::parse(object, accept).map_err(|error| match error {
        jose::jws::JwsError::Algorithm => unsupported(),
        _ => invalid(),
    })?;
    let kid = object.header().kid.clone();
    let key = kid.as_deref().map_or_else(|| keys.keys.first(), |kid| keys.find(kid));
    let key = key.ok_or_else(invalid)?.clone();
    let verified = object.verify(&key, allowed(Suite::House)).map_err(|_| invalid())?;
    let claims: Claims = verified.claims().map_err(|_| invalid())?;
    let wanted = Wanted {
        issuer: &client.id,
        audience: issuer,
        now: now.seconds(),
        leeway: LEEWAY,
        longest: LONGEST,
    };
    claims.check(wanted).map_err(|_| invalid())?;
    let members: Map<String, Value> = verified.claims().map_err(|_| invalid())?;
    inside(&members, client, plain)
}

fn invalid() -> OAuthError {
    oauth("invalid_request_object", "The request object does not hold.")
}

/// What the object says; client and response type may not differ from what stands beside it.
fn inside(
    members: &Map<String, Value>,
    client: &Client,
    plain: &Parameters,
) -> Result<Parameters, OAuthError> {
    let read: std::collections::BTreeMap<String, String> = members
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), as_parameter(value)?)))
        .collect();
    let same = |name: &str| match (read.get(name), plain.get(name)) {
        (Some(inside), Some(beside)) => inside == beside,
        _ => true,
    };
    let nested = read.contains_key("request") || read.contains_key("request_uri");
    let own = read.get("client_id").is_none_or(|id| *id == client.id);
    if nested || !own || !same("response_type") {
        return Err(invalid());
    }
    Ok(Parameters::of(read))
}
