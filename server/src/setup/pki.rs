//! The store of the core trust platform: officers, profiles, and what is published.

use pki::{Foundation, NewOfficer, Published};

use super::ceremony::Ceremony;
use super::officers::{Officers, until};
use super::profiles::Profiles;
use super::{Ground, SetupError, officer_key};

/// Founds it. The two officers and the desk may call; what they approve is checked elsewhere.
pub(super) async fn found(
    ground: &Ground<'_>,
    ceremony: &Ceremony,
    (officers, profiles): (&Officers, &Profiles),
) -> Result<(), SetupError> {
    let home = ground.data.home("web")?;
    let schemas = [audit::SCHEMA, pki::SCHEMA];
    let store = home.store("pki", ground.clock, ground.chance, &schemas)?;
    let desk = ground.data.home("desk")?;
    let desk = officer_key(&desk, &ground.options.party("desk")?, ground.chance)?;
    let until = until(ground);
    let seat = |name: &str, spki: &[u8]| {
        let (name, spki) = (name.to_owned(), spki.to_vec());
        NewOfficer { name, spki, until }
    };
    let mut seats = vec![seat("desk", desk.public_key().spki())];
    seats.extend(officers.entries.iter().map(|officer| seat(&officer.name, &officer.spki)));
    let published = |name: &str, certificate: &x509::Certificate| {
        let (name, certificate) = (name.to_owned(), certificate.clone());
        Published { name, certificate }
    };
    let foundation = Foundation {
        officers: seats,
        authorities: vec![
            published("root", &ceremony.root),
            published("issuing", &ceremony.issuing),
        ],
        profiles: profiles.all.clone(),
    };
    Ok(pki::found(&store, foundation).await?)
}
