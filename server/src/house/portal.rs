//! The client portal in the house.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use links::Party;
use portal::pages::System;
use portal::{Addresses, Links, Portal, paths};
use web::Sessions;

use super::{Building, HouseError};
use crate::systems::{SYSTEMS, State};

/// A session lasts as long as a statement at most.
const SITTING: Duration = Duration::from_mins(30);

impl Building<'_> {
    pub(super) fn portal(&mut self) -> Result<Arc<Portal>, HouseError> {
        let part = self.part("portal", &[web::SESSION_SCHEMA])?;
        let site = self.plan.site;
        let sessions = Sessions::new(part.store.clone(), "portal", site.secure, SITTING);
        let portal = Arc::new(Portal {
            sessions,
            links: Links {
                persons: self.inside("portal", &self.places.persons)?,
                identity: self.inside("portal", &self.places.identity)?,
                signing: self.inside("portal", &self.places.signing)?,
                pki: self.inside("portal", &self.places.pki)?,
            },
            freezes: portal::freeze_limit(&self.clock()),
            clock: self.clock(),
            chance: Arc::clone(part.store.chance()),
            addresses: Addresses {
                own: site.origin("portal"),
                id: site.origin("id"),
                files: site.origin("files"),
                client: "portal".to_owned(),
            },
            systems: SYSTEMS.iter().map(|system| shown(system, site.phones.as_deref())).collect(),
            phones: site.phones.clone(),
            institutions: country::INSTITUTIONS
                .iter()
                .map(|(short, name)| ((*short).to_owned(), (*name).to_owned()))
                .collect(),
            kept_days: signing_contract::DOCUMENT_DAYS,
            demo: true,
        });
        self.parts.push(part);
        Ok(portal)
    }

    /// The portal brings its own statements, and each platform those it hands on for it.
    pub(super) fn portal_statements(&self) -> Result<BTreeMap<Party, Vec<String>>, HouseError> {
        let portal = || vec!["portal".to_owned()];
        let signing = || [portal(), vec!["sakta-cli".to_owned()]].concat();
        Ok(BTreeMap::from([
            (self.party("portal")?, portal()),
            (self.party("signing")?, signing()),
            (self.party("identity")?, self.clients()),
        ]))
    }
}

fn shown(system: &crate::systems::System, phones: Option<&str>) -> System {
    let running = system.state != State::NotYet;
    let href = seen(system.number, phones).map(str::to_owned);
    System { number: system.number, running, href }
}

/// Where a person sees a system at work.
fn seen(number: u8, phones: Option<&str>) -> Option<&str> {
    match number {
        2 => Some(paths::CHECK),
        3 => phones,
        6 => Some(paths::HOME),
        8 => Some(paths::SECURITY),
        9 => Some(paths::SIGN),
        20 => Some(paths::DATA),
        _ => None,
    }
}
