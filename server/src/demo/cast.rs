//! The demo's people and its one outside client.

use std::path::PathBuf;

use base::Date;
use persons::Persons;
use serde::{Deserialize, Serialize};
use simulation::Country;

use super::DemoError;
use crate::part::Ground;
use crate::place::{Data, write_whole};
use crate::register;
use crate::setup::BANK;

/// What makes the country again: kept, so that a country filled in part goes on as it began.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    seed: u64,
    population: u64,
    today: String,
}

/// The country of this folder.
///
/// # Errors
/// [`DemoError::Form`] for a damaged file.
pub(crate) fn country(data: &Data, population: u64, today: Date) -> Result<Country, DemoError> {
    let file = data.path().join("country.json");
    let seed = match std::fs::read(&file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| DemoError::Form("country.json"))?,
        Err(_) => {
            let seed = Seed { seed: 1, population, today: today.to_string() };
            let bytes =
                serde_json::to_vec_pretty(&seed).map_err(|_| DemoError::Form("country.json"))?;
            write_whole(&file, &bytes, false)?;
            seed
        }
    };
    let today = seed.today.parse().map_err(|_| DemoError::Form("country.json"))?;
    Ok(Country { seed: seed.seed, population: seed.population, today })
}

/// A client of the demo for integrators.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Client {
    /// Its party, as its certificate names it.
    pub(crate) party: String,
    /// Its permission in the register.
    pub(crate) permission: String,
    /// A purpose that the permission allows.
    pub(crate) purpose: String,
    /// Certificate chain and key (PEM) for calls, and whom to trust.
    pub(crate) tls: ClientTls,
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

/// Gives the bank its permission; its certificate the setup has made.
///
/// # Errors
/// The register.
pub(crate) async fn clients(
    persons: &Persons,
    data: &Data,
    ground: &Ground,
) -> Result<Vec<Client>, DemoError> {
    let today = country::date(ground.clock.now());
    let number = "1";
    persons.grant(register::permission(number, BANK, "Paraugbanka", today)).await?;
    let file = |name: &str| data.path().join("client").join(name);
    Ok(vec![Client {
        party: BANK.to_owned(),
        permission: number.to_owned(),
        purpose: "customer-identification".to_owned(),
        tls: ClientTls {
            certificate: file("bank.pem"),
            key: file("bank.key"),
            roots: data.path().join("transport").join("ca.pem"),
        },
    }])
}
