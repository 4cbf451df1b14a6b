//! Which host answers what.

use std::sync::Arc;

use ::identity::Identity;
use ::signing::Signing;
use axum::Router;
use web::{Frontage, Hosts};

use crate::assets;
use crate::config::Config;
use crate::front::{self, Gauges};
use crate::house::{House, Plan};
use crate::relay::Relay;

/// The hosts of a house.
pub(super) fn of(config: &Config, plan: &Plan<'_>, house: &House, relay: Relay) -> Hosts {
    let base = &config.base;
    let host = |name: &str| format!("{name}.{base}");
    let bare = bare(plan, house, relay);
    let hosts = Hosts::new()
        .with(base, bare.clone())
        .with(&host("portal"), Arc::clone(&house.portal).router())
        .with(&host("id"), id(&house.identity))
        .with(&host("files"), files(&house.signing))
        .with(&host("sign"), api(&house.signing));
    // Some clients of the protocols under /pki leave the port out of Host.
    match base.split_once(':') {
        Some((name, _)) => hosts.with(name, bare),
        None => hosts,
    }
}

/// The bare host: the way to the portal, health, and what certificates name. It holds no session,
/// and its protocols are posted to from anywhere.
fn bare(plan: &Plan<'_>, house: &House, relay: Relay) -> Router {
    let gauges = Gauges::of(Arc::clone(&plan.ground.clock), &house.parts);
    let portal = format!("{}/", plan.site.origin("portal"));
    let router = front::router(gauges, portal)
        .merge(Relay::routes().with_state(relay))
        .merge(::pki::routes().with_state(Arc::clone(&house.pki)));
    Frontage { same_site_forms: false, ..Frontage::default() }.before(router)
}

/// The identity platform: pages that check their forms themselves, protocols that bind otherwise.
fn id(identity: &Arc<Identity>) -> Router {
    let routes = Identity::routes().with_state(Arc::clone(identity)).merge(assets::router());
    Frontage { same_site_forms: false, ..Frontage::default() }.before(routes)
}

/// The files host: documents, and nothing with a session (PROTOCOLS §9).
fn files(signing: &Arc<Signing>) -> Router {
    Frontage::default().before(Signing::files().with_state(Arc::clone(signing)))
}

/// The signing platform for programs: bearer tokens, no cookies.
fn api(signing: &Arc<Signing>) -> Router {
    let frontage = Frontage { same_site_forms: false, body_max: 2 << 20, ..Frontage::default() };
    frontage.before(Signing::api().with_state(Arc::clone(signing)))
}
