//! A portal on a store of its own, its neighbours in the same process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use base::PersonId;
use links::{Party, Place};
use portal::pages::System;
use portal::{Addresses, Links, Portal, freeze_limit};
use store::trial::Trial;
use web::{SESSION_SCHEMA, Sessions};

use crate::browser::Browser;
use crate::neighbours::Neighbours;

pub(crate) struct World {
    pub(crate) trial: Trial,
    pub(crate) portal: Arc<Portal>,
    pub(crate) router: Router,
    pub(crate) neighbours: Arc<Neighbours>,
}

/// Two people, by the code that identity gives for them.
pub(crate) const ANNA: (&str, PersonId) = ("code-anna", PersonId::from_bytes([1; 16]));
pub(crate) const JANIS: (&str, PersonId) = ("code-janis", PersonId::from_bytes([2; 16]));

impl World {
    pub(crate) fn new() -> Self {
        let trial = Trial::on_sqlite(&[SESSION_SCHEMA]).unwrap();
        let clock: Arc<dyn base::Clock> = Arc::new(trial.clock.clone());
        let neighbours = Neighbours::at(Arc::new(trial.clock.clone()));
        let link = |name: &str| {
            let place = Place::new();
            if let Some(doors) = neighbours.doors(name) {
                place.open(Arc::new(doors));
            }
            let own: Party = "lvrtc/portal".parse().unwrap();
            place.link(own, Arc::clone(&clock))
        };
        let portal = Arc::new(Portal {
            sessions: Sessions::new(trial.store.clone(), "portal", false, Duration::from_mins(30)),
            links: Links {
                persons: link("pmlp/persons"),
                identity: link("lvrtc/identity"),
                signing: link("lvrtc/signing"),
                pki: link("lvrtc/pki"),
            },
            freezes: freeze_limit(&clock),
            clock: Arc::clone(&clock),
            chance: Arc::new(trial.chance.clone()),
            addresses: addresses(),
            systems: (1..=20).map(|number| System { number, running: true, href: None }).collect(),
            phones: Some("http://phone.localhost:8090/".to_owned()),
            institutions: BTreeMap::from([(
                "pmlp".to_owned(),
                "Pilsonības un migrācijas lietu pārvalde".to_owned(),
            )]),
            kept_days: 30,
            demo: true,
        });
        let router = Arc::clone(&portal).router();
        Self { trial, portal, router, neighbours }
    }

    /// A browser that has never been here.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which somebody is signed in.
    pub(crate) async fn signed_in(&self, who: (&str, PersonId)) -> Browser {
        let mut browser = self.browser();
        let begun = browser.get("/sign-in").await;
        let state = query(&begun.location(), "state");
        self.neighbours.challenge(&query(&begun.location(), "code_challenge"));
        let back = format!("/callback?code={}&state={state}&iss=http%3A%2F%2Fid.localhost", who.0);
        let done = browser.get(&back).await;
        assert_eq!((done.status, done.location().as_str()), (303, "/home"), "{}", done.body);
        browser
    }
}

pub(crate) fn addresses() -> Addresses {
    Addresses {
        own: "http://portal.localhost".to_owned(),
        id: "http://id.localhost".to_owned(),
        files: "http://files.localhost".to_owned(),
        client: "portal".to_owned(),
    }
}

/// A value of an address's query, as it stands there.
pub(crate) fn query(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(own, _)| *own == name).map(|(_, value)| value.to_owned()).next().unwrap()
}
