//! What the house reaches outside: status and time-stamps over HTTP; access tokens.

use axum::body::Body;
use http::{Method, Request, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use identity_contract::EvidenceOf;
use links::{Call, CallFault, Link, OnBehalf, Pending};
use signing::{BearerError, Bearers, Fetch, Holder, Outside, Unfetched};

/// The world over plain HTTP: what certificates name (RFC 5280 §4.2.2.1 wants http there).
#[derive(Clone, Debug)]
pub(super) struct World(Client<HttpConnector, Body>);

impl World {
    /// A client that follows no redirect.
    pub(super) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    async fn fetched(&self, fetch: Fetch) -> Result<Vec<u8>, Unfetched> {
        let uri: Uri = fetch.url.parse().map_err(|_| Unfetched::Unreached)?;
        let request = match fetch.body {
            Some((kind, body)) => Request::builder()
                .method(Method::POST)
                .header(header::CONTENT_TYPE, kind)
                .uri(uri)
                .body(Body::from(body)),
            None => Request::builder().uri(uri).body(Body::empty()),
        };
        let request = request.map_err(|_| Unfetched::Unreached)?;
        let answer = self.0.request(request).await.map_err(|_| Unfetched::Unreached)?;
        if answer.status() != http::StatusCode::OK {
            return Err(Unfetched::Status(answer.status().as_u16()));
        }
        let body = Limited::new(answer.into_body(), fetch.most).collect().await;
        Ok(body.map_err(|_| Unfetched::TooLong)?.to_bytes().to_vec())
    }
}

impl Outside for World {
    fn fetch(&self, fetch: Fetch) -> Pending<'_, Result<Vec<u8>, Unfetched>> {
        Box::pin(self.fetched(fetch))
    }
}

/// What a token must have been given for.
const SCOPE: &str = "signing";

/// Access tokens, which the identity platform gave and knows.
#[derive(Clone, Debug)]
pub(super) struct Tokens(pub(super) Link);

impl Bearers for Tokens {
    fn holder<'a>(&'a self, token: &'a str) -> Pending<'a, Result<Holder, BearerError>> {
        Box::pin(async move {
            let job = OnBehalf::System { job: "token".to_owned() };
            let ask = EvidenceOf { access_token: token.to_owned() };
            match self.0.call(Call::new(ask, job, "signing")).await {
                Ok(found) if found.scope.iter().any(|scope| scope == SCOPE) => Ok(Holder {
                    person: found.evidence.person,
                    client: signing::Client { id: found.client, name: found.client_name },
                    evidence: found.evidence.statement,
                }),
                Ok(_) => Err(BearerError::Refused),
                Err(CallFault::Refused(_)) => Err(BearerError::Refused),
                Err(_) => Err(BearerError::Unavailable),
            }
        })
    }
}
