//! What the buttons of a login's page do.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use base::Locale;
use http::HeaderMap;
use ui::login::number_wrong;
use ui::text::identity as words;
use ui::{FieldError, Voice};
use web::{Address, Failed as Problem, Language, Path, Refused};

use super::transaction::Login;
use super::{page, same_site};
use crate::ask::{Ask, Stage};
use crate::failed::Failed;
use crate::identity::hashed;
use crate::oidc::back::{self, Bounce, Refusal};
use crate::oidc::fault::oauth;
use crate::oidc::parameters::Parameters;
use crate::request::Addressee;
use crate::{Identity, browser};

/// `POST /login/{id}`.
pub(crate) async fn press(
    State(identity): State<Arc<Identity>>,
    Path(id): Path<String>,
    Language(locale): Language,
    from: Address,
    headers: HeaderMap,
    pressed: Parameters,
) -> Response {
    if !same_site(&headers, &identity.issuer) {
        return Problem::from(Refused::CrossSite).into_response();
    }
    let answer = async {
        let login = identity.login(&headers, &id).await?.ok_or(Failed::Gone)?;
        if login.open && pressed.get("cancel").is_some() {
            return identity.cancelled(&login).await;
        }
        if login.open && pressed.get("go-on").is_some() {
            return identity.numbered(locale, &headers, login, &pressed).await;
        }
        if login.open && (pressed.get("again").is_some() || pressed.get("renew").is_some()) {
            return identity.anew(locale, login, &from).await;
        }
        identity.fetched(locale, &headers, login).await
    };
    page::settled(locale, answer.await)
}

/// `GET /return/{ask}?secret=`: the app opened its own phone's browser again.
pub(crate) async fn way_back(
    State(identity): State<Arc<Identity>>,
    Path(ask): Path<String>,
    Language(locale): Language,
    headers: HeaderMap,
    brought: Parameters,
) -> Response {
    let secret = hashed(brought.get("secret").unwrap_or_default());
    let own = |login: &Login| {
        let back = login.ask.as_ref().and_then(|ask| ask.back.as_deref());
        back.is_some_and(|back| back == secret)
    };
    let answer = async {
        let login = identity.login_of_ask(&headers, &ask).await?;
        identity.finished(&headers, login.filter(own).ok_or(Failed::Gone)?).await
    };
    page::settled(locale, answer.await)
}

impl Identity {
    /// The outcome, if the phone has answered and the login is this browser's to end.
    async fn fetched(
        &self,
        locale: Locale,
        headers: &HeaderMap,
        login: Login,
    ) -> Result<Response, Failed> {
        let ask = login.ask.as_ref();
        let answered = ask.is_some_and(|ask| ask.stage == Stage::Answered && ask.back.is_none());
        if answered {
            return self.finished(headers, login).await;
        }
        Ok(lead(&login, "", locale))
    }

    async fn finished(&self, headers: &HeaderMap, login: Login) -> Result<Response, Failed> {
        match self.finish(headers, &login).await {
            Ok(answer) => Ok(answer),
            Err(Refusal::Client(bounce)) => Ok(back::bounced(&self.issuer, &bounce)),
            Err(Refusal::Page(_)) => Err(Failed::Gone),
            Err(Refusal::Inside(failed)) => Err(failed),
        }
    }

    /// The person gives up: the client is told.
    async fn cancelled(&self, login: &Login) -> Result<Response, Failed> {
        let own = login.clone();
        self.store.write("identity.cancel", move |tx| own.end(tx)).await?;
        self.tell();
        let error = oauth("access_denied", "The person gave up.");
        let bounce = Bounce { way: login.begun.asked.way.clone(), error };
        Ok(back::bounced(&self.issuer, &bounce))
    }

    /// Another try the same way.
    async fn anew(&self, locale: Locale, login: Login, from: &Address) -> Result<Response, Failed> {
        if login.ask.as_ref().is_some_and(|ask| !ask.choices.is_empty()) {
            let own = login.clone();
            self.store.write("identity.again", move |tx| own.asks_nothing(tx)).await?;
            return Ok(lead(&login, "/number", locale));
        }
        let login = self.renewed(login, from).await?;
        if login.ask.is_none() {
            return Ok(page::fault(locale, page::PageFault::Often));
        }
        Ok(lead(&login, "", locale))
    }

    /// Asks the phones of whoever has the number, if this browser remembers them; the page and
    /// its way are the same if not.
    async fn numbered(
        &self,
        locale: Locale,
        headers: &HeaderMap,
        login: Login,
        pressed: &Parameters,
    ) -> Result<Response, Failed> {
        let (voice, typed) = (Voice::new(locale), pressed.get("user-number").unwrap_or_default());
        let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if number.len() != 8 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            let shown: String = typed.chars().take(32).collect();
            return self.number_page(voice, &login, (&shown, vec![number_wrong(voice)])).await;
        }
        let (token, cookie) = self.browser(headers);
        let wrong = |said: String| vec![FieldError { field: "user-number", words: said }];
        if self.limits.number(&token).is_err() {
            let errors = wrong(voice.say(words::TOO_OFTEN));
            return self.number_page(voice, &login, (typed, errors)).await;
        }
        let standing = self.address(&login, number, token).await?;
        if let Some(until) = standing {
            let errors = wrong(voice.say(words::waiting_already(voice.hour(until))));
            return self.number_page(voice, &login, (typed, errors)).await;
        }
        self.tell();
        Ok((cookie, lead(&login, "", locale)).into_response())
    }

    /// Makes the request; says until when another of this browser waits instead.
    async fn address(
        &self,
        login: &Login,
        number: String,
        token: [u8; 32],
    ) -> Result<Option<base::Time>, Failed> {
        let client = self.client(&login.begun.asked.client).await?.ok_or(Failed::Gone)?;
        let (gets, to) = (login.begun.asked.gets(), Addressee::Person(None, token.to_vec()));
        let ask = self.login_ask(&client, &gets, &login.begun.place, to)?;
        let (own, now) = (login.clone(), self.now());
        let addressed = self.store.write("identity.address", move |tx| {
            let person = browser::remembered(tx, &number, &token)?;
            if let Some(until) = browser::reserve(tx, &token, &ask.id, [now, ask.until])? {
                return Ok(Some(until));
            }
            let ask = Ask { person, ..ask.clone() };
            if own.asks(tx, &ask)? { Ok(None) } else { Err(Failed::Gone) }
        });
        addressed.await
    }
}

fn lead(login: &Login, more: &str, locale: Locale) -> Response {
    let to = format!("/login/{}{more}?lang={}", login.id, locale.tag());
    Redirect::to(&to).into_response()
}
