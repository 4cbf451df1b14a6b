//! The registration desk, with an officer's key.

use base::Date;
use serde::Deserialize;
use simulation::Country;

use super::{Role, RoleError};
use crate::desk::{self, Desk, DeskParts, Lock, Register, Visitor};
use crate::place::Data;
use crate::setup::officer_key;

/// Puts it together and starts it: it calls, and is called by nobody but a browser.
///
/// # Errors
/// [`RoleError`].
pub(super) async fn start(role: &mut Role) -> Result<(), RoleError> {
    let (clock, chance) = (role.world.clock.clone(), role.world.chance.clone());
    let http = role.at.http.ok_or(RoleError::Missing("--http"))?;
    let link = |part: &str| -> Result<_, RoleError> {
        Ok(role.peers.link(&role.other(part)?, &role.tls, &clock)?)
    };
    let permission = role.permission.clone();
    let register = permission.map(|permission| -> Result<_, RoleError> {
        Ok(Register { link: link("persons")?, permission })
    });
    let register = register.transpose()?;
    let desk = Desk::new(DeskParts {
        key: officer_key(&role.home, &role.party, &chance)?,
        sam: link("sam")?,
        root: role.installation.sam,
        identity: link("identity")?,
        role: "sam/1".to_owned(),
        server: server(role),
        people: people(&role.data),
        register,
        clock,
        chance: chance.clone(),
    });
    let authority = format!("desk.localhost:{}", http.port());
    let file = role.home.file("address");
    let lock = Lock::make(&file, &format!("http://{authority}"), chance.as_ref())?;
    role.publish(desk::at(&authority, desk, lock)).await
}

/// Where phones find the identity platform: behind a TLS front by https.
fn server(role: &Role) -> String {
    let named = role.installation.base.replacen("://", "://id.", 1);
    if role.secure { named.replacen("http://", "https://", 1) } else { named }
}

/// What made the demo's country.
#[derive(Deserialize)]
struct Seed {
    seed: u64,
    population: u64,
    today: String,
}

/// The living of the demo's cast; nobody in an installation without one.
fn people(data: &Data) -> Vec<Visitor> {
    let bytes = std::fs::read(data.path().join("country.json")).unwrap_or_default();
    let Ok(seed) = serde_json::from_slice::<Seed>(&bytes) else { return Vec::new() };
    let Ok(today) = seed.today.parse::<Date>() else { return Vec::new() };
    let country = Country { seed: seed.seed, population: seed.population, today };
    let living = country.cast().into_iter().filter(|one| one.role != simulation::Role::Deceased);
    living
        .map(|one| Visitor { alias: one.alias.to_owned(), person: one.person, name: one.name })
        .collect()
}
