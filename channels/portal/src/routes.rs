//! Every address of the portal, and who may come to it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use web::{Access, Frontage, Routes};

use crate::portal::Portal;
use crate::{check, data, documents, dress, end_phone, freeze, front, home, looks, paths};
use crate::{obtain, revoke, security, sign, sign_in, upload};

/// How long an answer may take: a large file over a slow line.
const PATIENCE: Duration = Duration::from_mins(5);

impl Portal {
    /// Every route with who may come.
    #[must_use]
    pub fn routes() -> Routes<Arc<Self>> {
        outside().and(own()).and(signing())
    }

    /// All of it behind its frontage, with pages for what goes wrong.
    pub fn router(self: Arc<Self>) -> Router {
        let frontage = Frontage {
            patience: PATIENCE,
            // A form of a session that has ended leads to the sign-in.
            form_targets: vec![self.addresses.id.clone()],
            frames: vec![self.addresses.files.clone()],
            ..Frontage::default()
        };
        let routes = Self::routes().with_state(Arc::clone(&self));
        frontage.before(routes).layer(from_fn_with_state(self, dress::dress))
    }
}

fn outside() -> Routes<Arc<Portal>> {
    let limit = DefaultBodyLimit::max(upload::BODY_MAX);
    Routes::new()
        .get(paths::FRONT, Access::Anybody, front::show)
        .get(paths::ACCESSIBILITY, Access::Anybody, front::accessibility)
        .get(web::PAGE_FILES, Access::Anybody, web::page_file)
        .get(paths::SIGN_IN, Access::Anybody, sign_in::begin)
        .get(paths::CALLBACK, Access::Bearer, sign_in::finish)
        .post(paths::SIGN_OUT, Access::Anybody, sign_in::end)
        .post(paths::NOT_ME, Access::Anybody, sign_in::not_me)
        .get(paths::FREEZE, Access::Anybody, freeze::show)
        .post(paths::FREEZE, Access::Anybody, freeze::freeze)
        .get(paths::CHECK, Access::Anybody, check::show)
        .post(paths::CHECK, Access::Anybody, check::check.layer(limit))
}

fn own() -> Routes<Arc<Portal>> {
    Routes::new()
        .get(paths::HOME, Access::Person, home::show)
        .get(paths::DATA, Access::Person, data::show)
        .get(paths::LOOKS, Access::Person, looks::show)
        .get(paths::LOOK_PROOF, Access::Person, looks::proof)
        .get(paths::SECURITY, Access::Person, security::show)
        .post(paths::SECURITY, Access::Person, security::change)
        .get(paths::END_PHONE, Access::Person, end_phone::show)
        .post(paths::END_PHONE, Access::Person, end_phone::ask)
        .get(paths::END_WAIT, Access::Person, end_phone::wait)
        .post(paths::END_WAIT, Access::Person, end_phone::go_on)
        .get(paths::END_STATE, Access::Person, end_phone::state)
        .get(paths::CERTIFICATE, Access::Person, obtain::show)
        .post(paths::CERTIFICATE, Access::Person, obtain::go_on)
        .get(paths::CERTIFICATE_STATE, Access::Person, obtain::state)
        .get(paths::REVOKE, Access::Person, revoke::show)
        .post(paths::REVOKE, Access::Person, revoke::demand)
        .get(paths::REVOKE_WAIT, Access::Person, revoke::wait)
        .post(paths::REVOKE_WAIT, Access::Person, revoke::go_on)
        .get(paths::REVOKE_STATE, Access::Person, revoke::state)
        .get(paths::DOCUMENTS, Access::Person, documents::show)
        .get(paths::SIGNED_FILE, Access::Person, documents::file)
}

fn signing() -> Routes<Arc<Portal>> {
    let limit = DefaultBodyLimit::max(upload::BODY_MAX);
    Routes::new()
        .get(paths::SIGN, Access::Person, sign::choose)
        .post(paths::SIGN, Access::Person, sign::take.layer(limit))
        .get(paths::SIGNING, Access::Person, sign::see)
        .post(paths::SIGNING, Access::Person, sign::decide)
        .get(paths::SIGNING_WAIT, Access::Person, sign::wait)
        .post(paths::SIGNING_WAIT, Access::Person, sign::go_on)
        .get(paths::SIGNING_STATE, Access::Person, sign::state)
}
