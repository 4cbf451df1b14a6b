//! Signing in and out: a code flow with the identity platform, whose code is exchanged over the
//! link for the person's evidence.
//!
//! Spec: PROTOCOLS §4; RFC 6749 §4.1, RFC 7636, RFC 9207.

use axum::response::{IntoResponse, Redirect, Response};
use http::header;
use identity_contract::{Evidence, Exchange, IdentityRefusal, Notify};
use links::{Call, CallFault, OnBehalf};
use serde::Deserialize;
use web::{Failed, Query, SetCookie};

use crate::failed::{PortalFault, failed};
use crate::flow::Flow;
use crate::paths;
use crate::portal::PortalSession;
use crate::reader::Reader;

#[derive(Deserialize)]
pub(crate) struct Begin {
    to: Option<String>,
}

/// Leads to the identity platform.
pub(crate) async fn begin(reader: Reader, Query(asked): Query<Begin>) -> Response {
    let (portal, visitor) = (&reader.portal, reader.visitor());
    let to = asked.to.as_deref();
    let flow = Flow::begin(&visitor.hash(), to, portal.clock.now(), portal.chance.as_ref());
    let address = flow.address(&portal.addresses, reader.voice.locale().tag());
    leading(visitor.cookie, &address)
}

#[derive(Deserialize)]
pub(crate) struct Finish {
    #[serde(default)]
    state: String,
    #[serde(default)]
    iss: String,
    code: Option<String>,
}

/// Comes back from there: with a code, or without where the person changed their mind.
pub(crate) async fn finish(
    reader: Reader,
    Query(asked): Query<Finish>,
) -> Result<Response, Failed> {
    let (portal, visitor) = (&reader.portal, reader.visitor());
    let flow = Flow::resume(&visitor.hash(), &asked.state, portal.clock.now());
    let ours = flow.filter(|_| asked.iss == portal.addresses.id);
    let flow = ours.ok_or(PortalFault::Stale)?;
    let Some(code) = asked.code else { return Ok(leading(None, paths::FRONT)) };
    let evidence = exchanged(&reader, code, &flow).await?;
    let to = if evidence.by_qr { paths::HOME } else { &flow.to };
    Ok(leading(Some(entered(&reader, evidence).await?), to))
}

async fn exchanged(reader: &Reader, code: String, flow: &Flow) -> Result<Evidence, Failed> {
    let portal = &reader.portal;
    let (redirect_uri, code_verifier) = (portal.addresses.redirect(), flow.verifier.clone());
    let exchange = Exchange { code, redirect_uri, code_verifier };
    let behalf = OnBehalf::System { job: "sign-in".to_owned() };
    let answer = portal.links.identity.call(Call::new(exchange, behalf, "sign-in")).await;
    answer.map_err(|fault| match fault {
        // A code that was used, or is late: the person begins again.
        CallFault::Refused(IdentityRefusal::Evidence | IdentityRefusal::Unknown) => {
            PortalFault::Stale.into()
        }
        fault => failed(fault),
    })
}

/// The session of whom the evidence names; one that was there before ends with it.
async fn entered(reader: &Reader, evidence: Evidence) -> Result<SetCookie, Failed> {
    let Evidence { person, name, statement, until, by_qr, .. } = evidence;
    let body = PortalSession { name, statement, by_qr, revoking: None, ending: None, making: None };
    let sessions = &reader.portal.sessions;
    Ok(sessions.begin(person, &body, Some(until), reader.session.as_ref()).await?)
}

/// Signs out here, then at the identity platform: else its own session would sign in again
/// without asking.
pub(crate) async fn end(reader: Reader) -> Result<Response, Failed> {
    let portal = &reader.portal;
    let Some(session) = &reader.session else { return Ok(leading(None, paths::FRONT)) };
    let cookie = portal.sessions.end(session).await?;
    let there = portal.addresses.sign_out(reader.voice.locale().tag());
    Ok(leading(Some(cookie), &there))
}

/// Ends a session that a QR began for somebody else, and tells the one whose it is.
pub(crate) async fn not_me(reader: Reader) -> Result<Response, Failed> {
    if let Some(session) = &reader.session {
        let kind = "session-not-theirs".to_owned();
        let notify = Notify { person: session.person, kind, reference: String::new() };
        let told = reader.call(&reader.portal.links.identity, notify, "not-me").await;
        if let Err(failed) = told {
            tracing::error!(kind = failed.problem().kind, "nobody was told of a wrong session");
        }
    }
    end(reader).await
}

fn leading(cookie: Option<SetCookie>, to: &str) -> Response {
    (cookie, [(header::CACHE_CONTROL, "no-store")], Redirect::to(to)).into_response()
}
