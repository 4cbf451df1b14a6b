//! Each system answers on a host name of its own; any other host is 421.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header;
use tower::{Service, ServiceExt};

use crate::{Failed, Refused};

/// The hosts of one listener, each with its routes.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Arc<BTreeMap<String, Router>>);

impl Hosts {
    /// No host yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// And `authority` (`portal.example`, or with its port where that is not the default one)
    /// answered by `router`.
    #[must_use]
    pub fn with(self, authority: &str, router: Router) -> Self {
        let mut hosts = Arc::unwrap_or_clone(self.0);
        hosts.insert(authority.to_ascii_lowercase(), router);
        Self(Arc::new(hosts))
    }

    /// All hosts as one service for a listener.
    pub fn into_router(self) -> Router {
        Router::new().fallback_service(self)
    }

    fn router(&self, request: &Request) -> Result<Router, Refused> {
        let host = named(request).ok_or(Refused::Hosts)?;
        self.0.get(&host.to_ascii_lowercase()).cloned().ok_or(Refused::Host)
    }
}

/// The one host that a request names. Spec: RFC 9112 §3.2, RFC 9113 §8.3.1.
fn named(request: &Request) -> Option<&str> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let (header, another) = (headers.next(), headers.next());
    let authority = request.uri().authority().map(http::uri::Authority::as_str);
    match (authority, header, another) {
        (_, _, Some(_)) => None,
        (Some(authority), _, _) => Some(authority),
        (None, header, _) => header?.to_str().ok(),
    }
}

impl Service<Request> for Hosts {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.router(&request) {
            Ok(router) => Box::pin(router.oneshot(request)),
            Err(why) => Box::pin(std::future::ready(Ok(Failed::from(why).into_response()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;

    #[tokio::test]
    async fn a_request_goes_to_its_host_and_an_unknown_host_is_421() {
        let hosts = Hosts::new()
            .with("portal.localhost:8080", Router::new().route("/", get(|| async { "portal" })))
            .with("id.localhost:8080", Router::new().route("/", get(|| async { "id" })));
        for (host, status) in [
            ("portal.localhost:8080", 200),
            ("ID.localhost:8080", 200),
            ("portal.localhost:9090", 421),
            ("evil.example", 421),
        ] {
            let request = Request::get("/").header("host", host).body(Body::empty()).unwrap();
            let answer = hosts.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{host}");
        }
        let nameless = Request::get("/").body(Body::empty()).unwrap();
        assert_eq!(hosts.clone().oneshot(nameless).await.unwrap().status(), 400);
        let own = "portal.localhost:8080";
        let both = Request::get("/").header("host", own).header("host", own);
        let both = both.body(Body::empty()).unwrap();
        assert_eq!(hosts.oneshot(both).await.unwrap().status(), 400);
    }
}
