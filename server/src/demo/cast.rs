//! The demo's people.

use base::Date;
use serde::{Deserialize, Serialize};
use simulation::Country;

use super::DemoError;
use crate::place::{Data, write_whole};

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
