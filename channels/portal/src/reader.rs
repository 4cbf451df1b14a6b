//! Who reads a page: anybody, or a person who is signed in.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use identity_contract::SessionsSince;
use links::{Call, Link, OnBehalf, Operation};
use maud::Markup;
use ui::Voice;
use url::form_urlencoded::Serializer;
use web::{Failed, Language, Session, Visitor, private_page};

use crate::failed::{PortalFault, failed};
use crate::pages::Seat;
use crate::paths;
use crate::portal::{Portal, PortalSession};

/// Whoever sends a request, and the portal that they send it to.
#[derive(Debug)]
pub struct Reader {
    /// The portal.
    pub portal: Arc<Portal>,
    /// Their language.
    pub voice: Voice,
    /// The request's headers.
    pub headers: HeaderMap,
    /// Their session, if they are signed in.
    pub session: Option<Session<PortalSession>>,
    /// Path and query of the page, for the language switch.
    here: Option<String>,
    /// Where to come back to: a page that a GET shows.
    path: String,
}

/// A person who is signed in. Nobody else gets past: they are sent to sign in, and come back.
#[derive(Debug)]
pub struct SignedIn {
    /// As whoever sends a request.
    pub reader: Reader,
    /// Their session.
    pub session: Session<PortalSession>,
}

/// Why a request does not reach a handler.
#[derive(Debug)]
pub enum Away {
    /// Nobody is signed in: there they can.
    SignIn(String),
    /// The sessions cannot be read.
    Failed(Failed),
}

impl IntoResponse for Away {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(address) => Redirect::to(&address).into_response(),
            Self::Failed(failed) => failed.into_response(),
        }
    }
}

impl FromRequestParts<Arc<Portal>> for Reader {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Failed> {
        let Ok(Language(locale)) = Language::from_request_parts(parts, portal).await;
        let session = portal.sessions.of(&parts.headers).await?;
        let path = parts.uri.path().to_owned();
        let shown = matches!(parts.method, Method::GET | Method::HEAD) && path != paths::CALLBACK;
        let whole = || parts.uri.path_and_query().map(|whole| whole.as_str().to_owned());
        Ok(Self {
            portal: Arc::clone(portal),
            voice: Voice::new(locale),
            headers: parts.headers.clone(),
            session,
            here: if shown { whole() } else { None },
            path,
        })
    }
}

impl FromRequestParts<Arc<Portal>> for SignedIn {
    type Rejection = Away;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Away> {
        let reader = Reader::from_request_parts(parts, portal).await.map_err(Away::Failed)?;
        let Some(session) = reader.session.clone() else {
            return Err(Away::SignIn(reader.sign_in()));
        };
        let person = Self { session, reader };
        if person.has_ended().await.map_err(Away::Failed)? {
            portal
                .sessions
                .end(&person.session)
                .await
                .map_err(|error| Away::Failed(error.into()))?;
            return Err(Away::Failed(PortalFault::SessionEnded.into()));
        }
        Ok(person)
    }
}

impl Reader {
    /// The frame's part of every page.
    #[must_use]
    pub fn seat(&self) -> Seat {
        Seat {
            voice: self.voice,
            here: self.here.clone(),
            person: self.session.as_ref().map(|session| session.body.name.clone()),
            demo: self.portal.demo,
        }
    }

    /// The browser, which a login is bound to before anybody is known.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        self.portal.sessions.visitor(&self.headers)
    }

    /// A call for the portal's own needs.
    pub(crate) async fn call<O: Operation>(
        &self,
        link: &Link,
        operation: O,
        job: &str,
    ) -> Result<O::Answer, Failed> {
        let behalf = OnBehalf::System { job: job.to_owned() };
        link.call(Call::new(operation, behalf, job)).await.map_err(failed)
    }

    /// Where to sign in and come back from.
    fn sign_in(&self) -> String {
        let query = Serializer::new(String::new()).append_pair("to", &self.path).finish();
        format!("{}?{query}", paths::SIGN_IN)
    }
}

impl SignedIn {
    /// The frame's part of every page.
    #[must_use]
    pub fn seat(&self) -> Seat {
        self.reader.seat()
    }

    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.reader.portal
    }

    /// Whether everything of the person's was frozen since this session began (PROTOCOLS §4).
    async fn has_ended(&self) -> Result<bool, Failed> {
        let of = SessionsSince { person: self.session.person };
        let since = self.call(&self.portal().links.identity, of, "session").await?;
        Ok(self.session.began <= since)
    }

    /// A call on behalf of the person, with the evidence of the sign-in.
    pub(crate) async fn call<O: Operation>(
        &self,
        link: &Link,
        operation: O,
        purpose: &str,
    ) -> Result<O::Answer, Failed> {
        link.call(Call::new(operation, self.behalf(), purpose)).await.map_err(failed)
    }

    pub(crate) fn behalf(&self) -> OnBehalf {
        OnBehalf::Person { evidence: self.session.body.statement.clone() }
    }
}

/// A page of the portal: it may name a person, so no cache keeps it.
pub(crate) fn page(page: Markup) -> Response {
    private_page(page)
}

/// Leads on to another page, which no cache keeps.
pub(crate) fn leading(to: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(to)).into_response()
}
