//! Who asks for logins and data in the demo: the portal, the command line, one relying party, one
//! bank.

use std::path::PathBuf;

use serde::Serialize;

use super::DemoError;
use crate::house::{House, Plan, clients};
use crate::place::Data;
use crate::register;
use crate::setup::BANK;

/// The relying party that integrators try logins with.
pub(super) const RELYING_PARTY: &str = "demo-rp";

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
    for client in clients::own(house, plan)?.into_iter().chain([relying_party()]) {
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

fn relying_party() -> identity::Client {
    let name = ("Parauga e-pakalpojums", "Sample e-service");
    let purpose = ("Pieslēgties e-pakalpojumam", "To sign in to the e-service");
    identity::Client {
        redirect_uris: callbacks(),
        post_logout_redirect_uris: callbacks(),
        ..clients::public(RELYING_PARTY, name, purpose)
    }
}
