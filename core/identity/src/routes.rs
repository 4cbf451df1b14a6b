//! Every address of the platform's host, and who may come to it.
//!
//! Other sites post to some of these by design, so the host's frontage is not to refuse forms of
//! other sites as a whole: pages check it themselves, protocol addresses are bound by client
//! proof, device signature or token.

use std::sync::Arc;

use activation_contract::app;
use web::{Access, Routes};

use crate::oidc::{authorize, device, discovery, logout, par, token, userinfo};
use crate::{Identity, login, phone};

impl Identity {
    /// The routes of the host, without state.
    #[must_use]
    pub fn routes() -> Routes<Arc<Self>> {
        protocol().and(pages()).and(phones())
    }
}

fn protocol() -> Routes<Arc<Identity>> {
    let metadata = "/.well-known/openid-configuration";
    let server = "/.well-known/oauth-authorization-server";
    Routes::new()
        .get(metadata, Access::Anybody, discovery::configuration)
        .get(server, Access::Anybody, discovery::configuration)
        .get("/jwks", Access::Anybody, discovery::jwks)
        .get("/authorize", Access::Anybody, authorize::authorize)
        .post("/authorize", Access::Anybody, authorize::authorize)
        .post("/par", Access::Client, par::push)
        .post("/token", Access::Client, token::token)
        .get("/userinfo", Access::Bearer, userinfo::userinfo)
        .post("/userinfo", Access::Bearer, userinfo::userinfo)
        .post("/device_authorization", Access::Client, device::begin)
        .get("/logout", Access::Anybody, logout::logout)
        .post("/logout", Access::Anybody, logout::logout)
}

fn pages() -> Routes<Arc<Identity>> {
    Routes::new()
        .get("/login/{id}", Access::Bearer, login::show)
        .post("/login/{id}", Access::Bearer, login::press)
        .get("/login/{id}/qr", Access::Bearer, login::qr)
        .get("/login/{id}/number", Access::Bearer, login::number)
        .get("/login/{id}/state", Access::Bearer, login::state)
        .get("/return/{ask}", Access::Bearer, login::way_back)
        .get("/a/{code}", Access::Anybody, login::link)
        .get("/device", Access::Anybody, login::device)
        .get(web::PAGE_FILES, Access::Anybody, web::page_file)
}

fn phones() -> Routes<Arc<Identity>> {
    Routes::new()
        .post(app::POLL, Access::Bearer, phone::poll)
        .post(app::CLAIM, Access::Bearer, phone::claim)
        .post(app::CHOOSE, Access::Bearer, phone::choose)
        .post(app::REFUSE, Access::Bearer, phone::refuse)
        .post(app::CHALLENGE, Access::Bearer, phone::challenge)
        .post(app::BROWSER, Access::Bearer, phone::browser)
        .post(app::ACTIVATE, Access::Anybody, phone::activate)
        .post(app::ENROL, Access::Anybody, phone::enrol)
        .get(app::SAM_KEYS, Access::Anybody, phone::sam_keys)
}
