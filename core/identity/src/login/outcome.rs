//! How a login ends: record, code, session, and the way back to the client.
//!
//! In order: 1 the statement is checked once more; 2 one transaction: login done, code, browser,
//! notice, record; 3 the session rotates; 4 the browser is sent on. Whoever loses the answer
//! after 2 presses the button again within a minute and gets another code in place of the first.

use std::time::Duration;

use activation_contract::Statement;
use audit::{Actor, ActorKind, Class, Disclosure, Look, Sight};
use axum::response::{IntoResponse, Response};
use base::{ActingFor, Id, Locale, PersonId, Time};
use http::HeaderMap;
use store::{StoreError, Tx, values};

use super::transaction::Login;
use crate::ask::Ask;
use crate::assurance::Assurance;
use crate::failed::Failed;
use crate::granted::Granted;
use crate::identity::hashed;
use crate::means::{self, Standing};
use crate::oidc::authorize::Authorize;
use crate::oidc::back::{self, Refusal};
use crate::oidc::{fault::oauth, par};
use crate::session::{Proven, Sitting};
use crate::{Client, Identity, browser};

/// How long a code can be used.
const CODE: Duration = Duration::from_secs(60);

const PUT: &str = "INSERT INTO identity_code
     (code, login, client, person, redirect_uri, challenge, body, until_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FORGET: &str = "DELETE FROM identity_code WHERE login = $1 AND used_at IS NULL";

/// A code on its way into the store.
#[derive(Clone, Debug)]
struct NewCode {
    code: [u8; 32],
    login: Id<Login>,
    redirect_uri: String,
    challenge: Option<String>,
    granted: String,
    client: String,
    person: PersonId,
    until: Time,
}

impl NewCode {
    /// In place of one of the same login that nobody has used.
    fn put(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.update(FORGET, values![self.login])?;
        tx.insert(
            PUT,
            values![
                self.code,
                self.login,
                &self.client,
                self.person,
                &self.redirect_uri,
                &self.challenge,
                &self.granted,
                self.until
            ],
        )
    }
}

impl Identity {
    /// Ends a login that the phone has answered.
    pub(crate) async fn finish(
        &self,
        headers: &HeaderMap,
        login: &Login,
    ) -> Result<Response, Refusal> {
        let asked = &login.begun.asked;
        let ask = login.ask.as_ref().ok_or(Failed::Gone)?;
        let client = self.client(&asked.client).await?.ok_or(Failed::Gone)?;
        let (person, proven) = self.proven(ask).await?.ok_or(Failed::Gone)?;
        self.fits(&client, asked, (person, &proven)).await?;
        let session = self.sessions.of(headers).await?;
        let before = session.as_ref().filter(|session| session.person == person);
        let id = Id::<Sitting>::random(self.chance.as_ref()).to_string();
        let until = proven.until;
        let sitting =
            Sitting::with(id, &client.id, proven.clone(), before.map(|session| &session.body));
        let code = self.secret();
        let new = self.new_code(&code, (login.id, asked), (person, proven), &sitting.id)?;
        let browser = self.recorded(headers, login, (&client, new, ask)).await?;
        let cookie = self.sessions.begin(
            person,
            &sitting,
            Some(sitting.until().unwrap_or(until)),
            session.as_ref(),
        );
        let cookie = cookie.await?;
        Ok((cookie, browser, back::granted(&self.issuer, &asked.way, &code)).into_response())
    }

    /// The one transaction of a login's end; gives the cookie by which the browser is known again.
    async fn recorded(
        &self,
        headers: &HeaderMap,
        login: &Login,
        (client, new, ask): (&Client, NewCode, &Ask),
    ) -> Result<Option<web::SetCookie>, Failed> {
        let (token, cookie) = self.browser(headers);
        let (known, now, person) = (Id::random(self.chance.as_ref()), self.now(), new.person);
        let by_qr = ask.choices.is_empty();
        let told = by_qr.then(|| self.told("login-by-qr", client.named(Locale::default())));
        let (own, ask, place) = (login.clone(), ask.id.clone(), login.begun.place.clone());
        let first = login.finished_at.is_none();
        let recorded = self.record_login(client, person, move |tx| {
            if !own.done(tx, &ask, now)? {
                return Err(Failed::Gone);
            }
            new.put(tx)?;
            if first {
                browser::used(tx, (known, &token), (person, &place, now))?;
                told.iter().try_for_each(|told| told.put(tx, person))?;
            }
            if let Some(pushed) = &own.begun.asked.pushed {
                par::pop(tx, pushed)?;
            }
            Ok(())
        });
        recorded.await?;
        self.tell();
        Ok(cookie)
    }

    /// A code for a client that this session's phone has approved before.
    pub(crate) async fn code_again(
        &self,
        client: &Client,
        asked: &Authorize,
        (person, proven, sitting): (PersonId, Proven, String),
    ) -> Result<String, Failed> {
        let code = self.secret();
        let login = Id::random(self.chance.as_ref());
        let new = self.new_code(&code, (login, asked), (person, proven), &sitting)?;
        let pushed = asked.pushed.clone();
        let recorded = self.record_login(client, person, move |tx| {
            new.put(tx)?;
            pushed.iter().try_for_each(|pushed| par::pop(tx, pushed))?;
            Ok(())
        });
        recorded.await?;
        Ok(code)
    }

    fn new_code(
        &self,
        code: &str,
        (login, asked): (Id<Login>, &Authorize),
        (person, proven): (PersonId, Proven),
        sitting: &str,
    ) -> Result<NewCode, Failed> {
        let granted = Granted {
            client: asked.client.clone(),
            person,
            scope: asked.scope.clone(),
            claims: asked.claims.clone(),
            nonce: asked.nonce.clone(),
            proven,
            sitting: sitting.to_owned(),
        };
        Ok(NewCode {
            code: hashed(code),
            login,
            redirect_uri: asked.way.redirect_uri.clone(),
            challenge: asked.challenge.clone(),
            granted: serde_json::to_string(&granted)?,
            client: asked.client.clone(),
            person,
            until: self.now().plus(CODE),
        })
    }

    /// What the client made a condition.
    async fn fits(
        &self,
        client: &Client,
        asked: &Authorize,
        (person, proven): (PersonId, &Proven),
    ) -> Result<(), Refusal> {
        if !self.is_expected(client, asked, person).await? {
            return Err(asked.bounce(oauth("login_required", "Another person signed in.")));
        }
        if !asked.claims.acr.is_empty() && !asked.claims.acr.contains(&proven.acr) {
            let error = "unmet_authentication_requirements";
            return Err(asked.bounce(oauth(error, "The level was not reached.")));
        }
        Ok(())
    }

    /// What the answer of a login's request proves, while its statement may be used.
    pub(crate) async fn proven(&self, ask: &Ask) -> Result<Option<(PersonId, Proven)>, Failed> {
        let answer = ask.answer.as_deref().and_then(|token| self.answer(token));
        let Some((token, said)) = answer.and_then(|answer| self.login_statement(ask, &answer))
        else {
            return Ok(None);
        };
        let device = said.device;
        let speaker = self.store.read("identity.speaker", move |tx| means::speaker(tx, device));
        let Some(speaker) = speaker.await? else { return Ok(None) };
        let Statement { person, level, time, until, .. } = said;
        let worth = Assurance::of(&level, speaker.proof, time);
        Ok(worth.map(|worth| {
            let proven = Proven {
                at: worth.at,
                acr: worth.acr.to_owned(),
                amr: worth.amr.map(str::to_owned).to_vec(),
                statement: token,
                until,
                by_qr: ask.choices.is_empty(),
            };
            (person, proven)
        }))
    }

    /// Does `f` and records a login of the person at the client, both or neither; nobody logs in
    /// while everything is frozen.
    pub(crate) async fn record_login(
        &self,
        client: &Client,
        person: PersonId,
        f: impl Fn(&mut Tx) -> Result<(), Failed> + Send + 'static,
    ) -> Result<(), Failed> {
        let look = self.look(client, person);
        let sights = [Sight { person, revision: 0, groups: vec!["login".to_owned()] }];
        let act = self.log.act("identity.login", &look, &sights, move |tx| {
            let standing = Standing::of(tx, person)?;
            if standing.is_none_or(|standing| standing.frozen) {
                return Err(Failed::Gone);
            }
            f(tx)
        });
        act.await
    }

    fn look(&self, client: &Client, person: PersonId) -> Look {
        let today = country::date(self.now());
        let months = country::retention("look", today).map_or(60, |rule| rule.says.months);
        Look {
            system: self.party.to_string(),
            operation: "identity/login".to_owned(),
            actor: Actor { kind: ActorKind::Person, pseudonym: person.to_string() },
            organisation: client.named(Locale::default()).to_owned(),
            acting_for: ActingFor::Own,
            purpose: "login".to_owned(),
            legal_basis: "GDPR Art. 6(1)(a)".to_owned(),
            permission: None,
            case: None,
            channel: "web".to_owned(),
            request: Id::<Look>::random(self.chance.as_ref()).to_string(),
            terms: None,
            extra: None,
            class: Class { name: "look".to_owned(), months },
            disclosure: Disclosure::Visible,
        }
    }
}
