//! What a login's page shows: a QR, the user number, or waiting.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::Locale;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use ui::login::{
    Asked, NewBrowser, Pending, Remembered, Waiting, login_title, new_browser, remembered, waiting,
    waiting_title,
};
use ui::{FieldError, Voice};
use url::Url;
use web::{Address, Language, Path};

use super::page;
use super::transaction::Login;
use crate::ask::{Ask, Stage};
use crate::claims;
use crate::failed::Failed;
use crate::request::{Addressee, CLAIMED_WITHIN};
use crate::{Client, Identity, browser};

/// `GET /login/{id}`: whatever the login is at.
pub(crate) async fn show(
    State(identity): State<Arc<Identity>>,
    Path(id): Path<String>,
    Language(locale): Language,
    from: Address,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let Some(login) = identity.login(&headers, &id).await?.filter(|login| login.open) else {
            return Ok(page::gone(locale));
        };
        let voice = Voice::new(locale);
        if login.ask.is_none() && identity.remembers(&headers).await? {
            return identity.number_page(voice, &login, ("", Vec::new())).await;
        }
        identity.page(voice, login, &from, &headers).await
    };
    page::settled(locale, answer.await)
}

/// `GET /login/{id}/qr`: the QR, where the user number is asked first.
pub(crate) async fn qr(
    State(identity): State<Arc<Identity>>,
    Path(id): Path<String>,
    Language(locale): Language,
    from: Address,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let Some(login) = identity.login(&headers, &id).await?.filter(|login| login.open) else {
            return Ok(page::gone(locale));
        };
        let voice = Voice::new(locale);
        let login = if login.ask.as_ref().is_some_and(|ask| !ask.choices.is_empty()) {
            Login { ask: None, ..identity.asking_nothing(login).await? }
        } else {
            login
        };
        identity.page(voice, login, &from, &headers).await
    };
    page::settled(locale, answer.await)
}

/// `GET /login/{id}/number`: the user number.
pub(crate) async fn number(
    State(identity): State<Arc<Identity>>,
    Path(id): Path<String>,
    Language(locale): Language,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let Some(login) = identity.login(&headers, &id).await?.filter(|login| login.open) else {
            return Ok(page::gone(locale));
        };
        identity.number_page(Voice::new(locale), &login, ("", Vec::new())).await
    };
    page::settled(locale, answer.await)
}

/// `GET /login/{id}/state`: for the script of a waiting page.
pub(crate) async fn state(
    State(identity): State<Arc<Identity>>,
    Path(id): Path<String>,
    Language(locale): Language,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let login = identity.login(&headers, &id).await?.filter(|login| login.open);
        let Some(ask) = login.and_then(|login| login.ask) else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        let pending = pending(&ask, identity.now());
        let waits = matches!(pending, Some(Pending::Unclaimed | Pending::OnPhone));
        let text = pending.map_or_else(String::new, |pending| pending.say(Voice::new(locale)));
        let body = json!({ "state": if waits { "waiting" } else { "over" }, "text": text });
        Ok(crate::oidc::fault::uncached(axum::Json(body).into_response()))
    };
    page::settled(locale, answer.await)
}

/// `GET /a/{code}`: what a QR or app link shows where no app takes it.
pub(crate) async fn link(Path(code): Path<String>, Language(locale): Language) -> Response {
    match activation_contract::app::code_of(&code) {
        Some(characters) => page::link(locale, &characters),
        None => page::gone(locale),
    }
}

/// `GET /device`: where the command line sends a person.
pub(crate) async fn device(Language(locale): Language) -> Response {
    page::device(locale)
}

/// How far a request is; none when it is answered.
fn pending(ask: &Ask, now: base::Time) -> Option<Pending> {
    match ask.stage {
        _ if ask.late(now) => Some(Pending::Late),
        Stage::Open => Some(Pending::Unclaimed),
        Stage::Waiting | Stage::Taken => Some(Pending::OnPhone),
        Stage::Refused | Stage::Reported | Stage::Withdrawn => Some(Pending::Refused),
        Stage::Answered => None,
    }
}

impl Identity {
    async fn page(
        &self,
        voice: Voice,
        login: Login,
        from: &Address,
        headers: &HeaderMap,
    ) -> Result<Response, Failed> {
        let now = self.now();
        let renew = login.ask.as_ref().is_none_or(|ask| ask.stage == Stage::Open && ask.late(now));
        let login = if renew { self.renewed(login, from).await? } else { login };
        let Some(login) = login.ask.is_some().then_some(login) else {
            return Ok(page::fault(voice.locale(), page::PageFault::Often));
        };
        let by_number = self.remembers(headers).await?;
        self.pending_page(voice, &login, by_number).await
    }

    async fn pending_page(
        &self,
        voice: Voice,
        login: &Login,
        by_number: bool,
    ) -> Result<Response, Failed> {
        let Some(ask) = &login.ask else { return Err(Failed::Gone) };
        let (path, tag) = (format!("/login/{}", login.id), voice.locale().tag());
        let pending = pending(ask, self.now()).unwrap_or(Pending::OnPhone);
        let action = format!("{path}?lang={tag}");
        let poll = format!("{path}/state?lang={tag}");
        let target = login.begun.asked.way.redirect_uri.as_str();
        let answered = ask.stage == Stage::Answered || ask.lives(self.now());
        if ask.back.is_some() && answered {
            return Ok(page::in_app(voice, path));
        }
        let around = (Some(path.clone()), Some(target));
        if let Some(number) = ask.number {
            let view = Waiting { number, until: ask.until, pending, action, poll };
            let title = waiting_title(voice, pending);
            return Ok(page::framed(voice, title, around, &waiting(voice, &view)));
        }
        let client = self.client(&ask.client).await?.ok_or(Failed::Gone)?;
        let at = |code: &Option<String>| {
            format!("{}/a/{}", self.issuer, code.as_deref().unwrap_or_default())
        };
        let view = NewBrowser {
            asked: asked(voice, &client, login),
            qr: at(&ask.qr),
            characters: ask.qr.clone().unwrap_or_default(),
            until: ask.claim_until,
            pending,
            app_link: at(&ask.link),
            action,
            poll,
            by_number: by_number.then(|| format!("{path}/number?lang={tag}")),
        };
        Ok(page::framed(voice, login_title(voice), around, &new_browser(voice, &view)))
    }

    /// The page that asks for the user number.
    pub(crate) async fn number_page(
        &self,
        voice: Voice,
        login: &Login,
        (typed, errors): (&str, Vec<FieldError>),
    ) -> Result<Response, Failed> {
        let client = self.client(&login.begun.asked.client).await?.ok_or(Failed::Gone)?;
        let (path, tag) = (format!("/login/{}", login.id), voice.locale().tag());
        let view = Remembered {
            asked: asked(voice, &client, login),
            typed: typed.to_owned(),
            errors,
            action: format!("{path}?lang={tag}"),
            by_qr: format!("{path}/qr?lang={tag}"),
        };
        let around =
            (Some(format!("{path}/number")), Some(login.begun.asked.way.redirect_uri.as_str()));
        Ok(page::framed(voice, login_title(voice), around, &remembered(voice, &view)))
    }

    /// The login with eight new characters; as it is, where there are too many from there.
    pub(crate) async fn renewed(&self, login: Login, from: &Address) -> Result<Login, Failed> {
        if self.limits.unclaimed(from).is_err() {
            return Ok(Login { ask: None, ..login });
        }
        let client = self.client(&login.begun.asked.client).await?.ok_or(Failed::Gone)?;
        let (gets, to) = (login.begun.asked.gets(), Addressee::Whoever(CLAIMED_WITHIN));
        let ask = self.login_ask(&client, &gets, &login.begun.place, to)?;
        let (own, new) = (login.clone(), ask.clone());
        let asked = self.store.write("identity.renew", move |tx| own.asks(tx, &new)).await?;
        if asked { Ok(Login { ask: Some(ask), ..login }) } else { Err(Failed::Gone) }
    }

    async fn asking_nothing(&self, login: Login) -> Result<Login, Failed> {
        let own = login.clone();
        self.store.write("identity.ask-nothing", move |tx| own.asks_nothing(tx)).await?;
        Ok(login)
    }

    async fn remembers(&self, headers: &HeaderMap) -> Result<bool, Failed> {
        let Some(token) = browser::token(headers, self.secure) else { return Ok(false) };
        let known = self.store.read("identity.remembers", move |tx| browser::remembers(tx, &token));
        Ok(known.await?)
    }
}

/// Who asks, what for, what they get.
fn asked(voice: Voice, client: &Client, login: &Login) -> Asked {
    let locale: Locale = voice.locale();
    let asked = &login.begun.asked;
    let host = Url::parse(&asked.way.redirect_uri).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    Asked {
        name: client.named(locale).to_owned(),
        host: host.unwrap_or_default(),
        purpose: client.wants(locale).to_owned(),
        gets: claims::in_words(voice, &asked.gets()),
    }
}
