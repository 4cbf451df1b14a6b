//! The process that holds persons' signing keys.

use std::sync::Arc;
use std::time::Duration;

use sam::{Callers, FolderArchive, Sam, SamParts};
use store::Mark;

use super::{Role, RoleError};
use crate::transport::certificates;

/// Puts it together and starts it.
///
/// # Errors
/// [`RoleError`].
pub(super) async fn start(role: &mut Role) -> Result<(), RoleError> {
    let (clock, chance) = (Arc::clone(&role.world.clock), Arc::clone(&role.world.chance));
    let sam = Sam::open(SamParts {
        store: role.home.store("sam", &clock, &chance, &[sam::SCHEMA])?,
        keeper: role.home.keeper(&role.party.to_string(), chance)?,
        archive: Arc::new(FolderArchive::new(role.home.file("archive"))),
        mark: Mark::open(&role.home.file("mark"))?,
        role: "sam/1".to_owned(),
        party: role.party.clone(),
        callers: Callers {
            web: vec![role.other("identity")?],
            desk: vec![role.other("desk")?],
            pki: vec![role.other("pki")?],
        },
        issuers: certificates(&role.data.path().join("issuing.pem"))?,
        devices: Vec::new(),
        waiting: role.waiting.unwrap_or(WAITING),
    })
    .await?;
    role.answer(sam.doors()).await?;
    role.running.spawn(sam.run(role.stop.clone().told()));
    Ok(())
}

/// How long a device waits that another device vouched for, where nothing else is said: a day, so
/// that every channel is read.
const WAITING: Duration = Duration::from_hours(24);
