//! What clients read first. Spec: OpenID Connect Discovery 1.0, RFC 8414.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::{Value, json};

use crate::{Identity, assurance, claims};

/// `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub(crate) async fn configuration(State(identity): State<Arc<Identity>>) -> Response {
    cached(axum::Json(identity.metadata()).into_response())
}

/// `GET /jwks`.
pub(crate) async fn jwks(State(identity): State<Arc<Identity>>) -> Response {
    cached(axum::Json(identity.keys.shown(identity.now())).into_response())
}

/// Public data: any page may read it, for five minutes.
fn cached(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer
}

impl Identity {
    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let single =
            ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash"];
        let claims: Vec<&str> =
            single.into_iter().chain(claims::claims()).filter(|claim| held(claim)).collect();
        let signs = ["ES256", "ES384", "RS256", "EdDSA"];
        let proofs = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/jwks"),
            "pushed_authorization_request_endpoint": at("/par"),
            "device_authorization_endpoint": at("/device_authorization"),
            "end_session_endpoint": at("/logout"),
            "scopes_supported": claims::scopes().collect::<Vec<_>>(),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported":
                ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
            "acr_values_supported": assurance::reachable(country::date(self.now())),
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "request_object_signing_alg_values_supported": signs,
            "token_endpoint_auth_methods_supported": proofs,
            "token_endpoint_auth_signing_alg_values_supported": signs,
            "display_values_supported": ["page"],
            "claim_types_supported": ["normal"],
            "claims_supported": claims,
            "ui_locales_supported": ["lv", "en"],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "claims_parameter_supported": true,
            "request_parameter_supported": true,
            "request_uri_parameter_supported": false,
            "require_pushed_authorization_requests": false,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        })
    }
}

/// The register holds neither e-mail nor telephone: their scopes are taken and give nothing.
fn held(claim: &str) -> bool {
    !claim.starts_with("email") && !claim.starts_with("phone")
}
