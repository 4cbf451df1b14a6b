//! Which host answers what.

use std::sync::Arc;

use ::identity::Identity;
use ::signing::Signing;
use axum::Router;
use web::{Frontage, Hosts};

use crate::config::Config;
use crate::front::{self, Gauges};
use crate::house::{House, Plan};
use crate::relay::Relay;

/// The hosts of a house.
pub(super) fn of(config: &Config, plan: &Plan<'_>, house: &House, relay: Relay) -> Hosts {
    let base = &config.base;
    let bare = bare(plan, house, relay);
    let named = [
        ("portal", Arc::clone(&house.portal).router()),
        ("id", id(&house.identity)),
        ("files", files(&house.signing)),
        ("sign", api(&house.signing)),
    ];
    let mut hosts = Hosts::new().with(base, bare.clone());
    for (name, router) in named {
        // A host that is a port answers by its name too: phones keep the one they enrolled with.
        hosts = hosts.with(&format!("{name}.{base}"), router.clone());
        hosts = hosts.with(&plan.site.authority(name), router);
    }
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
    let routes = Identity::routes().with_state(Arc::clone(identity));
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
