//! The clients of the tests.

use base::Locale;
use identity::{Client, Proves};
use jose::jws;
use keys::{Algorithm, Signer};
use serde_json::{Value, json};

use crate::world::{Anyone, party};

pub(crate) fn clients() -> Vec<Client> {
    let words = |text: &str| vec![(Locale::Lv, text.to_owned()), (Locale::En, text.to_owned())];
    let scopes = ["openid", "profile", "email", "address", "phone"].map(str::to_owned).to_vec();
    let base = Client {
        id: "rp".to_owned(),
        name: words("Izdomātā augstskola"),
        purpose: words("Pieslēgties studiju reģistram"),
        proves: Proves::secret("s3cret-of-128-bits"),
        redirect_uris: vec![
            "http://127.0.0.1/callback".to_owned(),
            "http://localhost/callback".to_owned(),
            "https://rp.example/callback".to_owned(),
        ],
        post_logout_redirect_uris: vec!["http://localhost/out".to_owned()],
        sector: "rp.example".to_owned(),
        scopes: scopes.clone(),
        device: false,
        without_pkce: false,
        party: None,
        closed: false,
    };
    let named = |id: &str, sector: &str| Client {
        id: id.to_owned(),
        sector: sector.to_owned(),
        ..base.clone()
    };
    vec![
        base.clone(),
        Client { without_pkce: true, ..named("plain", "rp.example") },
        Client { proves: Proves::Nothing, ..named("public", "public.example") },
        Client {
            proves: Proves::Nothing,
            device: true,
            redirect_uris: Vec::new(),
            scopes: [scopes, vec!["personal_code".to_owned(), "signing".to_owned()]].concat(),
            ..named("cli", "cli")
        },
        Client {
            party: Some(party("lvrtc/portal")),
            redirect_uris: vec!["http://portal.localhost:8080/signed-in".to_owned()],
            ..named("portal", "portal")
        },
        Client { closed: true, ..named("closed", "closed") },
        Client { proves: Proves::Keys { jwks: keyed_set() }, ..named("keyed", "keyed.example") },
    ]
}

/// The key of the client `keyed`.
pub(crate) fn keyed() -> &'static Signer<Anyone> {
    static KEY: std::sync::OnceLock<Signer<Anyone>> = std::sync::OnceLock::new();
    KEY.get_or_init(|| keys::trial::signer(Algorithm::P256))
}

fn keyed_set() -> Value {
    json!({ "keys": [keyed().public_key().jwk().unwrap()] })
}

/// A token of the client `keyed`.
pub(crate) fn keyed_token(typ: &str, claims: &Value) -> String {
    let header = keyed().token_header(typ).unwrap();
    keyed().sign_token(jws::prepare_claims(&header, claims).unwrap()).unwrap()
}
