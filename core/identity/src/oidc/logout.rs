//! Signing out at a client's wish, or the person's own. Spec: OpenID Connect RP-Initiated Logout
//! 1.0.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method};
use jose::claims::Claims;
use store::values;
use web::{Failed as Problem, Language, Refused, Session};

use super::parameters::Parameters;
use crate::failed::Failed;
use crate::login::page::{self, PageFault};
use crate::login::same_site;
use crate::redirect::with_query;
use crate::session::Sitting;
use crate::{Client, Identity};

const TOKENS: &str = "DELETE FROM identity_token WHERE sitting = $1";

/// What is to be done.
struct Out {
    /// Where the browser goes afterwards.
    to: Option<String>,
    /// Whether the person need not be asked: the client showed whose session it is.
    sure: bool,
}

/// `GET` and `POST /logout`.
pub(crate) async fn logout(
    State(identity): State<Arc<Identity>>,
    Language(locale): Language,
    method: Method,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let wished = parameters.get("ui_locales").and_then(crate::claims::language);
    let (locale, session) = (wished.unwrap_or(locale), identity.sessions.of(&headers).await?);
    let asked = identity.out(&parameters, session.as_ref()).await?;
    let Some(out) = asked else { return Ok(page::fault(locale, PageFault::Out)) };
    let confirmed = method == Method::POST && parameters.get("sign-out").is_some();
    if confirmed && !same_site(&headers, &identity.issuer) {
        return Err(Refused::CrossSite.into());
    }
    if parameters.get("stay").is_some() {
        return Ok(page::stayed(locale));
    }
    if session.is_some() && !out.sure && !confirmed {
        return Ok(page::ask_out(locale, &parameters));
    }
    let cookie = match &session {
        Some(session) => Some(identity.sign_out(session).await?),
        None => None,
    };
    let answer = match out.to {
        Some(to) => Redirect::to(&to).into_response(),
        None => page::signed_out(locale),
    };
    Ok((cookie, answer).into_response())
}

impl Identity {
    /// What a request for signing out means; none when it names what it may not.
    async fn out(
        &self,
        asked: &Parameters,
        session: Option<&Session<Sitting>>,
    ) -> Result<Option<Out>, Failed> {
        let hint = match asked.get("id_token_hint") {
            Some(token) => match self.keys.read::<Claims>(token, self.now()) {
                Some(claims) => Some(claims),
                None => return Ok(None),
            },
            None => None,
        };
        let audience = hint.as_ref().and_then(|claims| claims.aud.0.first().cloned());
        if let (Some(named), Some(own)) = (asked.get("client_id"), &audience)
            && named != own
        {
            return Ok(None);
        }
        let client = match audience.or_else(|| asked.own("client_id")) {
            Some(id) => self.client(&id).await?,
            None => None,
        };
        let to = match (asked.get("post_logout_redirect_uri"), &client) {
            (None, _) => None,
            (Some(to), Some(client)) if leads_to(client, to) => {
                let state = asked.get("state").map(|state| [("state", state)]);
                Some(with_query(to, state.as_ref().map_or(&[], |state| state.as_slice())))
            }
            (Some(_), _) => return Ok(None),
        };
        let subject = hint.and_then(|claims| claims.sub);
        let sure = match (session, &client, subject) {
            (Some(session), Some(client), Some(subject)) => {
                self.subject(client, session.person).await? == subject
            }
            // A system of the house has no ID token to show; it asks for its own session only.
            (Some(session), Some(client), None) => {
                client.party.is_some() && session.body.proven(&client.id, self.now()).is_some()
            }
            _ => false,
        };
        Ok(Some(Out { to, sure }))
    }

    /// Ends the session and its tokens.
    async fn sign_out(&self, session: &Session<Sitting>) -> Result<web::SetCookie, Failed> {
        let sitting = session.body.id.clone();
        let ended =
            self.store.write("identity.sign-out", move |tx| tx.update(TOKENS, values![&sitting]));
        ended.await?;
        Ok(self.sessions.end(session).await?)
    }
}

fn leads_to(client: &Client, to: &str) -> bool {
    client.post_logout_redirect_uris.iter().any(|own| crate::redirect::fits(own, to))
}
