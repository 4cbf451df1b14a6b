//! A login between its first page and its code: one row, bound to one browser.

use std::time::Duration;

use axum::response::{IntoResponse, Redirect, Response};
use base::{Id, Locale, Time};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, values};

use crate::Identity;
use crate::ask::{Ask, Input};
use crate::failed::Failed;
use crate::oidc::authorize::Authorize;

/// How long a person may take, renewals of the code included.
const LIFE: Duration = Duration::from_mins(30);

/// For so long a browser that lost the answer can fetch it again.
pub(crate) const AGAIN: Duration = Duration::from_secs(60);

const PUT: &str = "INSERT INTO identity_login (id, visitor, client, body, state, until_at)
     VALUES ($1, $2, $3, $4, 'open', $5)";
const OF: &str = "SELECT id, client, body, ask, state, finished_at FROM identity_login
     WHERE id = $1 AND visitor = $2 AND until_at > $3";
const OF_ASK: &str = "SELECT id, client, body, ask, state, finished_at FROM identity_login
     WHERE ask = $1 AND visitor = $2 AND until_at > $3";
const ASK: &str = "UPDATE identity_login SET ask = $2 WHERE id = $1 AND state = 'open'";
const END: &str = "UPDATE identity_login SET state = 'ended' WHERE id = $1 AND state = 'open'";
const DONE: &str = "UPDATE identity_login SET state = 'done',
     finished_at = COALESCE(finished_at, $2)
     WHERE id = $1 AND ask = $3
     AND (state = 'open' OR (state = 'done' AND finished_at > $4))";

/// What a login was begun with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Begun {
    /// What the client asked for.
    pub(crate) asked: Authorize,
    /// From where, in words.
    pub(crate) place: String,
}

/// A login.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    /// Its id.
    pub(crate) id: Id<Login>,
    /// What it was begun with.
    pub(crate) begun: Begun,
    /// What waits for a phone.
    pub(crate) ask: Option<Ask>,
    /// Whether it goes on; else it is done, and may be fetched again for a minute.
    pub(crate) open: bool,
    /// When it was done.
    pub(crate) finished_at: Option<Time>,
}

type Row = (Id<Login>, String, String, Option<String>, String, Option<Time>);

impl Identity {
    /// Begins a login in this browser and leads to its page.
    pub(crate) async fn begin_login(
        &self,
        headers: &HeaderMap,
        begun: Begun,
    ) -> Result<Response, Failed> {
        let visitor = self.sessions.visitor(headers);
        let (id, hash) = (Id::<Login>::random(self.chance.as_ref()), visitor.hash());
        let (client, body) = (begun.asked.client.clone(), serde_json::to_string(&begun)?);
        let until = self.now().plus(LIFE);
        let put = self.store.write("identity.begin-login", move |tx| {
            tx.insert(PUT, values![id, &hash, &client, &body, until])
        });
        put.await?;
        let language = begun.asked.language.map_or("", |locale| match locale {
            Locale::En => "?lang=en",
            Locale::Lv => "?lang=lv",
        });
        let lead = Redirect::to(&format!("/login/{id}{language}"));
        Ok((visitor.cookie, lead).into_response())
    }

    /// The login of an id, if this browser began it.
    pub(crate) async fn login(
        &self,
        headers: &HeaderMap,
        id: &str,
    ) -> Result<Option<Login>, Failed> {
        let Ok(id) = id.parse::<Id<Login>>() else { return Ok(None) };
        let (visitor, now) = (self.sessions.visitor(headers).hash(), self.now());
        let found = self.store.read("identity.login-of", move |tx| {
            let row: Option<Row> = tx.first(OF, values![id, &visitor, now])?;
            whole(tx, row)
        });
        found.await
    }

    /// The login whose request this is, if this browser began it.
    pub(crate) async fn login_of_ask(
        &self,
        headers: &HeaderMap,
        ask: &str,
    ) -> Result<Option<Login>, Failed> {
        let (visitor, ask, now) =
            (self.sessions.visitor(headers).hash(), ask.to_owned(), self.now());
        let found = self.store.read("identity.login-of-ask", move |tx| {
            let row: Option<Row> = tx.first(OF_ASK, values![&ask, &visitor, now])?;
            whole(tx, row)
        });
        found.await
    }
}

fn whole(tx: &mut Tx, row: Option<Row>) -> Result<Option<Login>, Failed> {
    let Some((id, _, body, ask, state, finished_at)) = row else { return Ok(None) };
    let ask = match ask {
        Some(ask) => Ask::of(tx, &ask)?,
        None => None,
    };
    let begun = serde_json::from_str(&body)?;
    if state == "ended" {
        return Ok(None);
    }
    Ok(Some(Login { id, begun, ask, open: state == "open", finished_at }))
}

impl Login {
    /// Puts another request in place of the one before, which nobody can answer then.
    pub(crate) fn asks(&self, tx: &mut Tx, ask: &Ask) -> Result<bool, StoreError> {
        self.withdraw(tx)?;
        ask.put(tx)?;
        Ok(tx.update(ASK, values![self.id, &ask.id])? == 1)
    }

    /// No request any more.
    pub(crate) fn asks_nothing(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self.withdraw(tx)?;
        tx.update(ASK, values![self.id, None::<String>]).map(drop)
    }

    /// Ends it: the person gave up.
    pub(crate) fn end(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self.withdraw(tx)?;
        tx.update(END, values![self.id]).map(drop)
    }

    /// Done, by the request that it ends with; within a minute once more.
    pub(crate) fn done(&self, tx: &mut Tx, ask: &str, now: Time) -> Result<bool, StoreError> {
        Ok(tx.update(DONE, values![self.id, now, ask, now.minus(AGAIN)])? == 1)
    }

    fn withdraw(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(before) = &self.ask else { return Ok(()) };
        if let Some(standing) = Ask::of(tx, &before.id)? {
            if let Some(browser) = &standing.browser {
                crate::browser::release(tx, browser, &standing.id)?;
            }
            standing.step(tx, Input::Withdraw)?;
        }
        Ok(())
    }
}
