//! Who asks for logins and data in the demo: the portal, the command line, one relying party, one
//! bank.

use std::path::PathBuf;

use base::Locale;
use identity::Proves;
use serde::Serialize;

use super::DemoError;
use crate::house::{House, Plan};
use crate::place::Data;
use crate::register;
use crate::setup::BANK;

/// The clients of the identity platform in a demo.
pub(crate) const CLIENTS: [&str; 3] = ["portal", "sakta-cli", RELYING_PARTY];

/// The relying party that integrators try logins with.
const RELYING_PARTY: &str = "demo-rp";

/// A client of the demo for integrators.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum Client {
    /// One that calls over mutual TLS.
    #[serde(rename_all = "camelCase")]
    System {
        /// Its party, as its certificate names it.
        party: String,
        /// Its permission in the register.
        permission: String,
        /// A purpose that the permission allows.
        purpose: String,
        /// What it calls with.
        tls: ClientTls,
    },
    /// One that logs people in.
    #[serde(rename_all = "camelCase")]
    Openid {
        /// Its id.
        client_id: String,
        /// The issuer.
        issuer: String,
        /// Where answers may go; `localhost` and `127.0.0.1` on any port.
        redirect_uris: Vec<String>,
    },
}

/// The files that a client calls with.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ClientTls {
    /// The certificate.
    pub(crate) certificate: PathBuf,
    /// The key, readable by this user only.
    pub(crate) key: PathBuf,
    /// The transport authority.
    pub(crate) roots: PathBuf,
}

/// Registers them; what stands is put in their place.
///
/// # Errors
/// The register, the identity platform.
pub(super) async fn registered(house: &House, plan: &Plan<'_>) -> Result<Vec<Client>, DemoError> {
    let today = country::date(plan.ground.clock.now());
    let number = "1";
    house.persons.grant(register::permission(number, BANK, "Paraugbanka", today)).await?;
    for client in [portal(house, plan)?, command_line(), relying_party()] {
        house.identity.register_client(&client).await?;
    }
    Ok(vec![bank(plan.data, number), openid(plan)])
}

fn bank(data: &Data, number: &str) -> Client {
    let file = |name: &str| data.path().join("client").join(name);
    Client::System {
        party: BANK.to_owned(),
        permission: number.to_owned(),
        purpose: "customer-identification".to_owned(),
        tls: ClientTls {
            certificate: file("bank.pem"),
            key: file("bank.key"),
            roots: data.path().join("transport").join("ca.pem"),
        },
    }
}

fn openid(plan: &Plan<'_>) -> Client {
    Client::Openid {
        client_id: RELYING_PARTY.to_owned(),
        issuer: plan.site.origin("id"),
        redirect_uris: callbacks(),
    }
}

fn callbacks() -> Vec<String> {
    ["http://localhost/callback", "http://127.0.0.1/callback"].map(str::to_owned).to_vec()
}

fn words(lv: &str, en: &str) -> Vec<(Locale, String)> {
    vec![(Locale::Lv, lv.to_owned()), (Locale::En, en.to_owned())]
}

fn scopes(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(ToString::to_string).collect()
}

fn public(id: &str, name: (&str, &str), purpose: (&str, &str)) -> identity::Client {
    identity::Client {
        id: id.to_owned(),
        name: words(name.0, name.1),
        purpose: words(purpose.0, purpose.1),
        proves: Proves::Nothing,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        sector: id.to_owned(),
        scopes: scopes(&["openid", "profile"]),
        device: false,
        without_pkce: false,
        party: None,
        closed: false,
    }
}

fn portal(house: &House, plan: &Plan<'_>) -> Result<identity::Client, DemoError> {
    let party = plan.installation.parties.get("portal").cloned();
    let name = ("Klientu portāls", "Client portal");
    let purpose = ("Pieslēgties portālam", "To sign in to the portal");
    Ok(identity::Client {
        redirect_uris: vec![house.portal.addresses.redirect()],
        post_logout_redirect_uris: vec![format!("{}/", plan.site.origin("portal"))],
        party: Some(party.ok_or(DemoError::Form("setup.json"))?),
        ..public("portal", name, purpose)
    })
}

fn command_line() -> identity::Client {
    let name = ("Sakta komandrinda", "Sakta command line");
    let purpose = ("Parakstīt no komandrindas", "To sign from the command line");
    identity::Client {
        device: true,
        scopes: scopes(&["openid", "profile", "signing"]),
        ..public("sakta-cli", name, purpose)
    }
}

fn relying_party() -> identity::Client {
    let name = ("Parauga e-pakalpojums", "Sample e-service");
    let purpose = ("Pieslēgties e-pakalpojumam", "To sign in to the e-service");
    identity::Client {
        redirect_uris: callbacks(),
        post_logout_redirect_uris: callbacks(),
        ..public(RELYING_PARTY, name, purpose)
    }
}
