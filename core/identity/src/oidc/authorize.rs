//! The authorization endpoint: what a client asks for, checked. Spec: OpenID Connect Core 1.0
//! §3.1.2, RFC 9700 §2.1.
//!
//! Nothing is redirected before client and address are known to belong together.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use base::{Locale, PersonId, Time};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::{Address, Language};

use super::back::{self, Bounce, Refusal, WayBack};
use super::fault::{OAuthError, oauth};
use super::parameters::Parameters;
use super::{par, request_object};
use crate::claims::{self, Wanted};
use crate::failed::Failed;
use crate::login::Begun;
use crate::login::page::PageFault;
use crate::session::{Proven, Sitting};
use crate::{Client, Identity, assurance};

/// The longest `state` or `nonce`, in bytes.
const LONGEST: usize = 2048;

/// What a client asks for, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Authorize {
    /// The client.
    pub(crate) client: String,
    /// Where the answer goes.
    #[serde(flatten)]
    pub(crate) way: WayBack,
    /// For the ID token.
    pub(crate) nonce: Option<String>,
    /// Scopes that are known and allowed.
    pub(crate) scope: BTreeSet<String>,
    /// The PKCE challenge, S256.
    pub(crate) challenge: Option<String>,
    /// What may be asked of the person.
    pub(crate) prompt: Prompt,
    /// How old a login may be, seconds.
    pub(crate) max_age: Option<i64>,
    /// The only subject that will do.
    pub(crate) subject: Option<String>,
    /// Single claims.
    pub(crate) claims: Wanted,
    /// The language asked for.
    pub(crate) language: Option<Locale>,
    /// The pushed request that it came by.
    pub(crate) pushed: Option<String>,
}

/// What may be asked of the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Prompt {
    /// Whatever is needed.
    #[default]
    Needed,
    /// Nothing.
    Nothing,
    /// A login, whatever there is.
    Login,
}

/// `GET` and `POST /authorize`.
pub(crate) async fn authorize(
    State(identity): State<Arc<Identity>>,
    Language(locale): Language,
    from: Address,
    headers: HeaderMap,
    parameters: Parameters,
) -> Response {
    match identity.authorized(&headers, &from, &parameters).await {
        Ok(answer) => answer,
        Err(Refusal::Page(fault)) => crate::login::page::fault(locale, fault),
        Err(Refusal::Client(bounce)) => back::bounced(&identity.issuer, &bounce),
        Err(Refusal::Inside(failed)) => crate::login::page::settled(locale, Err(failed)),
    }
}

impl Identity {
    async fn authorized(
        &self,
        headers: &HeaderMap,
        from: &Address,
        parameters: &Parameters,
    ) -> Result<Response, Refusal> {
        let (client, parameters, pushed) = self.asked_by(parameters).await?;
        let asked = self.checked(&client, &parameters)?;
        let asked = Authorize { pushed, ..asked };
        let session = self.sessions.of(headers).await?;
        if let Some(session) = &session {
            let proven = session.body.proven(&client.id, self.now());
            let fits = proven.filter(|own| asked.satisfied(own, self.now()));
            if let Some(proven) = fits
                && self.is_expected(&client, &asked, session.person).await?
            {
                return self.granted_again(&client, &asked, (session, proven)).await;
            }
        }
        if asked.prompt == Prompt::Nothing {
            let error = oauth("login_required", "Nobody is signed in here for this client.");
            return Err(asked.bounce(error));
        }
        if self.limits.unclaimed(from).is_err() {
            return Err(Refusal::Page(PageFault::Often));
        }
        let begun = Begun { asked, place: crate::place::of(headers) };
        Ok(self.begin_login(headers, begun).await?)
    }

    /// The client and its whole request: pushed, in an object, or plain.
    async fn asked_by(
        &self,
        parameters: &Parameters,
    ) -> Result<(Client, Parameters, Option<String>), Refusal> {
        if parameters.is_malformed() {
            return Err(Refusal::Page(PageFault::Malformed));
        }
        let id = parameters.get("client_id").ok_or(Refusal::Page(PageFault::Client))?;
        let client = self.client(id).await?.ok_or(Refusal::Page(PageFault::Client))?;
        match parameters.get("request_uri") {
            Some(uri) if par::is_pushed(uri) => {
                let pushed = self.pushed(&client, uri).await?;
                let pushed = pushed.ok_or(Refusal::Page(PageFault::Pushed))?;
                Ok((client, pushed, Some(uri.to_owned())))
            }
            _ => {
                let whole = self.unwrapped(&client, parameters)?;
                Ok((client, whole, None))
            }
        }
    }

    /// The parameters with those of the request object in front of them.
    fn unwrapped(&self, client: &Client, plain: &Parameters) -> Result<Parameters, Refusal> {
        let Some(object) = plain.get("request") else { return Ok(plain.clone()) };
        let read = request_object::read(object, client, (&self.issuer, plain), self.now());
        read.map_err(|error| match way_back(client, plain) {
            Some(way) => Refusal::Client(Box::new(Bounce { way, error })),
            None => Refusal::Page(PageFault::Address),
        })
    }

    /// All that can be said about a request before anybody is asked.
    pub(crate) fn checked(
        &self,
        client: &Client,
        parameters: &Parameters,
    ) -> Result<Authorize, Refusal> {
        let way = way_back(client, parameters).ok_or(Refusal::Page(PageFault::Address))?;
        let read = self.read(client, parameters, way.clone());
        read.map_err(|error| Refusal::Client(Box::new(Bounce { way, error })))
    }

    fn read(
        &self,
        client: &Client,
        parameters: &Parameters,
        way: WayBack,
    ) -> Result<Authorize, OAuthError> {
        if parameters.get("request_uri").is_some() {
            return Err(oauth("request_uri_not_supported", "Push requests instead (RFC 9126)."));
        }
        plain(parameters)?;
        let scope = scope(client, parameters.get("scope").unwrap_or_default())?;
        let claims = match parameters.get("claims") {
            Some(text) => Wanted::parse(text)
                .ok_or(oauth("invalid_request", "The claims are no such object."))?
                .within(&client.scopes),
            None => Wanted::default(),
        };
        self.reachable(&claims)?;
        Ok(Authorize {
            client: client.id.clone(),
            way,
            nonce: parameters.own("nonce"),
            scope,
            challenge: challenge(client, parameters)?,
            prompt: prompt(parameters.get("prompt").unwrap_or_default())?,
            max_age: max_age(parameters)?,
            subject: self.hinted(client, parameters)?.or_else(|| claims.sub.clone()),
            claims,
            language: parameters.get("ui_locales").and_then(claims::language),
            pushed: None,
        })
    }

    /// A level that is a condition must be one that can be reached. Spec: OpenID Connect Core
    /// Unmet Authentication Requirements 1.0.
    fn reachable(&self, claims: &Wanted) -> Result<(), OAuthError> {
        let levels = assurance::reachable(country::date(self.now()));
        let fits =
            claims.acr.is_empty() || claims.acr.iter().any(|acr| levels.contains(&acr.as_str()));
        let error = "unmet_authentication_requirements";
        if fits { Ok(()) } else { Err(oauth(error, "No such level can be reached here.")) }
    }

    /// The subject of an ID token that the client brings; it may have ended.
    fn hinted(
        &self,
        client: &Client,
        parameters: &Parameters,
    ) -> Result<Option<String>, OAuthError> {
        let Some(token) = parameters.get("id_token_hint") else { return Ok(None) };
        let claims: Option<jose::claims::Claims> = self.keys.read(token, self.now());
        let own = claims.filter(|claims| claims.aud.names(&client.id));
        let subject = own.and_then(|claims| claims.sub);
        subject.map(Some).ok_or(oauth("invalid_request", "The hint is no ID token of this client."))
    }

    /// Whether a person is the one that the client expects, where it expects one.
    pub(crate) async fn is_expected(
        &self,
        client: &Client,
        asked: &Authorize,
        person: PersonId,
    ) -> Result<bool, Failed> {
        let Some(expected) = &asked.subject else { return Ok(true) };
        Ok(self.subject(client, person).await? == *expected)
    }

    /// A code without asking anybody: the phone has approved this client in this session.
    async fn granted_again(
        &self,
        client: &Client,
        asked: &Authorize,
        (session, proven): (&web::Session<Sitting>, &Proven),
    ) -> Result<Response, Refusal> {
        let who = (session.person, proven.clone(), session.body.id.clone());
        let code = self.code_again(client, asked, who).await?;
        Ok(back::granted(&self.issuer, &asked.way, &code))
    }
}

impl Authorize {
    /// Claims that the client will get.
    pub(crate) fn gets(&self) -> BTreeSet<String> {
        let single = self.claims.userinfo.union(&self.claims.id_token).cloned().collect();
        claims::asked_for(&self.scope, &single)
    }

    /// An error for this request's client.
    pub(crate) fn bounce(&self, error: OAuthError) -> Refusal {
        Refusal::Client(Box::new(Bounce { way: self.way.clone(), error }))
    }

    /// Whether what was proved before will do, the person aside.
    fn satisfied(&self, proven: &Proven, now: Time) -> bool {
        let age = now.seconds().saturating_sub(proven.at.seconds());
        let young = self.max_age.is_none_or(|most| age <= most);
        let level = self.claims.acr.is_empty() || self.claims.acr.contains(&proven.acr);
        self.prompt != Prompt::Login && young && level
    }
}

/// The way back that the request names, if it is one of the client's.
fn way_back(client: &Client, parameters: &Parameters) -> Option<WayBack> {
    let redirect_uri = parameters.own("redirect_uri").filter(|uri| client.answers_at(uri))?;
    Some(WayBack { redirect_uri, state: parameters.own("state") })
}

/// What has one value only, or a limit.
fn plain(parameters: &Parameters) -> Result<(), OAuthError> {
    match parameters.get("response_type") {
        None => return Err(oauth("invalid_request", "The response type is missing.")),
        Some("code") => {}
        Some(_) => return Err(oauth("unsupported_response_type", "Only codes are given.")),
    }
    if parameters.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(oauth("invalid_request", "Answers come in the query only."));
    }
    let long = |name| parameters.get(name).is_some_and(|value: &str| value.len() > LONGEST);
    if long("state") || long("nonce") {
        return Err(oauth("invalid_request", "State and nonce have up to 2048 bytes."));
    }
    Ok(())
}

/// Scopes that are known and the client's; others are ignored (OpenID Connect Core 1.0 §3.1.2.1).
pub(crate) fn scope(client: &Client, asked: &str) -> Result<BTreeSet<String>, OAuthError> {
    let asked: BTreeSet<&str> = asked.split_ascii_whitespace().take(32).collect();
    if !asked.contains("openid") {
        return Err(oauth("invalid_scope", "The scope openid is missing."));
    }
    let own = claims::scopes().filter(|known| asked.contains(known));
    let own = own.filter(|known| client.scopes.iter().any(|scope| scope == known));
    Ok(own.map(str::to_owned).collect())
}

/// The challenge: S256 only; needed, unless the client is registered as one that cannot.
fn challenge(client: &Client, parameters: &Parameters) -> Result<Option<String>, OAuthError> {
    let method = parameters.get("code_challenge_method");
    let Some(challenge) = parameters.get("code_challenge") else {
        let missing = client.needs_pkce() || method.is_some();
        let error = oauth("invalid_request", "The code challenge is missing (RFC 7636).");
        return if missing { Err(error) } else { Ok(None) };
    };
    let form = jose::unbase64url(challenge).is_some_and(|digest| digest.len() == 32);
    if method != Some("S256") || !form {
        return Err(oauth("invalid_request", "Code challenges are S256 only."));
    }
    Ok(Some(challenge.to_owned()))
}

fn prompt(asked: &str) -> Result<Prompt, OAuthError> {
    let asked: BTreeSet<&str> = asked.split_ascii_whitespace().collect();
    let known = ["none", "login", "consent", "select_account"];
    if !asked.iter().all(|one| known.contains(one)) {
        return Err(oauth("invalid_request", "No such prompt."));
    }
    match (asked.contains("none"), asked.len()) {
        (true, 1) => Ok(Prompt::Nothing),
        (true, _) => Err(oauth("invalid_request", "The prompt none stands alone.")),
        (false, 0) => Ok(Prompt::Needed),
        // The phone shows who asks and what they get: consent is a login, so is another account.
        (false, _) => Ok(Prompt::Login),
    }
}

fn max_age(parameters: &Parameters) -> Result<Option<i64>, OAuthError> {
    let Some(text) = parameters.get("max_age") else { return Ok(None) };
    let seconds = text.parse::<i64>().ok().filter(|seconds| *seconds >= 0);
    seconds.map(Some).ok_or(oauth("invalid_request", "The greatest age is a number of seconds."))
}

/// A value of a request object as a parameter: objects as JSON.
pub(crate) fn as_parameter(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => Some(value.to_string()),
        _ => None,
    }
}
