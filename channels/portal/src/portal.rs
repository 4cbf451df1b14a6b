//! The portal and what it needs; its routes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use base::{Chance, Clock};
use links::Link;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use web::{Access, Bucket, Frontage, Routes, Sessions};

use crate::revoke::{self, Revoking};
use crate::{check, data, documents, dress, freeze, front, home, looks, pages, paths};
use crate::{security, sign, sign_in, upload};

/// How long an answer may take: a large file over a slow line.
const PATIENCE: Duration = Duration::from_mins(5);

/// The portal.
#[derive(Debug)]
pub struct Portal {
    /// The sessions of its host, of at most half an hour.
    pub sessions: Sessions<PortalSession>,
    /// The ways to the systems.
    pub links: Links,
    /// How often the freeze form is taken from one place: [`crate::freeze_limit`].
    pub freezes: Bucket,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Where it and its neighbours answer.
    pub addresses: Addresses,
    /// The twenty systems, for the front page.
    pub systems: Vec<pages::System>,
    /// The list of virtual phones, in a demonstration.
    pub phones: Option<String>,
    /// The official names of the institutions that the log names by their short ones.
    pub institutions: BTreeMap<String, String>,
    /// For how many days files are kept by the signing platform.
    pub kept_days: u64,
    /// Whether this is a demonstration.
    pub demo: bool,
}

/// The ways to the systems, each from the portal's own party.
#[derive(Clone, Debug)]
pub struct Links {
    /// The register of natural persons.
    pub persons: Link,
    /// The identity platform.
    pub identity: Link,
    /// The signing platform.
    pub signing: Link,
    /// The trust platform.
    pub pki: Link,
}

/// Origins, without a slash at the end, and the portal as a client of the identity platform.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The portal itself: `http://portal.localhost:8080`.
    pub own: String,
    /// The identity platform, which is its issuer too.
    pub id: String,
    /// The files host.
    pub files: String,
    /// The portal's client id there.
    pub client: String,
}

impl Addresses {
    /// The redirect address that is registered for the portal.
    #[must_use]
    pub fn redirect(&self) -> String {
        format!("{}{}", self.own, paths::CALLBACK)
    }

    /// Where the identity platform ends its own session and leads back to the front page.
    /// Spec: OpenID Connect RP-Initiated Logout 1.0 §2.
    pub(crate) fn sign_out(&self, language: &str) -> String {
        let query = Serializer::new(String::new())
            .append_pair("client_id", &self.client)
            .append_pair("post_logout_redirect_uri", &format!("{}{}", self.own, paths::FRONT))
            .append_pair("ui_locales", language)
            .finish();
        format!("{}/logout?{query}", self.id)
    }
}

/// What a session holds beside the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSession {
    /// Given names and surname.
    pub name: String,
    /// `sam`'s statement: what calls on behalf of the person carry.
    pub statement: String,
    /// Whether a QR began it.
    pub by_qr: bool,
    /// The revocation that it demands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoking: Option<Revoking>,
}

/// Says nothing: it is personal.
impl std::fmt::Debug for PortalSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalSession").finish_non_exhaustive()
    }
}

impl Portal {
    /// Every route with who may come.
    #[must_use]
    pub fn routes() -> Routes<Arc<Self>> {
        outside().and(own()).and(signing())
    }

    /// All of it behind its frontage, with pages for what goes wrong.
    pub fn router(self: Arc<Self>) -> Router {
        let frontage = Frontage {
            patience: PATIENCE,
            // A form of a session that has ended leads to the sign-in.
            form_targets: vec![self.addresses.id.clone()],
            frames: vec![self.addresses.files.clone()],
            ..Frontage::default()
        };
        let routes = Self::routes().with_state(Arc::clone(&self));
        frontage.before(routes).layer(from_fn_with_state(self, dress::dress))
    }
}

fn outside() -> Routes<Arc<Portal>> {
    let limit = DefaultBodyLimit::max(upload::BODY_MAX);
    Routes::new()
        .get(paths::FRONT, Access::Anybody, front::show)
        .get(paths::ACCESSIBILITY, Access::Anybody, front::accessibility)
        .get(web::PAGE_FILES, Access::Anybody, web::page_file)
        .get(paths::SIGN_IN, Access::Anybody, sign_in::begin)
        .get(paths::CALLBACK, Access::Bearer, sign_in::finish)
        .post(paths::SIGN_OUT, Access::Anybody, sign_in::end)
        .post(paths::NOT_ME, Access::Anybody, sign_in::not_me)
        .get(paths::FREEZE, Access::Anybody, freeze::show)
        .post(paths::FREEZE, Access::Anybody, freeze::freeze)
        .get(paths::CHECK, Access::Anybody, check::show)
        .post(paths::CHECK, Access::Anybody, check::check.layer(limit))
}

fn own() -> Routes<Arc<Portal>> {
    Routes::new()
        .get(paths::HOME, Access::Person, home::show)
        .get(paths::DATA, Access::Person, data::show)
        .get(paths::LOOKS, Access::Person, looks::show)
        .get(paths::LOOK_PROOF, Access::Person, looks::proof)
        .get(paths::SECURITY, Access::Person, security::show)
        .post(paths::SECURITY, Access::Person, security::change)
        .get(paths::REVOKE, Access::Person, revoke::show)
        .post(paths::REVOKE, Access::Person, revoke::demand)
        .get(paths::REVOKE_WAIT, Access::Person, revoke::wait)
        .post(paths::REVOKE_WAIT, Access::Person, revoke::go_on)
        .get(paths::REVOKE_STATE, Access::Person, revoke::state)
        .get(paths::DOCUMENTS, Access::Person, documents::show)
        .get(paths::SIGNED_FILE, Access::Person, documents::file)
}

fn signing() -> Routes<Arc<Portal>> {
    let limit = DefaultBodyLimit::max(upload::BODY_MAX);
    Routes::new()
        .get(paths::SIGN, Access::Person, sign::choose)
        .post(paths::SIGN, Access::Person, sign::take.layer(limit))
        .get(paths::SIGNING, Access::Person, sign::see)
        .post(paths::SIGNING, Access::Person, sign::decide)
        .get(paths::SIGNING_WAIT, Access::Person, sign::wait)
        .post(paths::SIGNING_WAIT, Access::Person, sign::go_on)
        .get(paths::SIGNING_STATE, Access::Person, sign::state)
}
