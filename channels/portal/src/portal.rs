//! The portal and what it needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use activation_contract::Device;
use base::{Chance, Clock, Digest, Id, Time};
use links::Link;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use web::{Bucket, Sessions};

use crate::{pages, paths};

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
    /// The phone that it asks another phone to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<EndingPhone>,
    /// The key for its certificate that it asks a phone to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub making: Option<MakingKey>,
}

/// Says nothing: it is personal.
impl std::fmt::Debug for PortalSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalSession").finish_non_exhaustive()
    }
}

/// A revocation on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoking {
    /// The request that the phone shows.
    pub request: String,
    /// Until when the phone can answer.
    pub until: Time,
    /// The certificate: its issuer.
    pub issuer: Digest,
    /// Its serial number.
    pub serial: String,
    /// Until when it is valid.
    pub valid_until: Time,
}

/// A phone that another one is asked to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingPhone {
    /// The request that the phones show.
    pub request: String,
    /// Until when one of them can answer.
    pub until: Time,
    /// Which phone.
    pub device: Id<Device>,
    /// What it calls itself.
    pub name: String,
}

/// A key that a phone is asked to make for an approved certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakingKey {
    /// The request that the phones show.
    pub request: String,
    /// Until when one of them can answer.
    pub until: Time,
    /// The application.
    pub application: String,
    /// The officer's approval, compact.
    pub approval: String,
}
