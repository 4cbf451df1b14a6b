//! Passing requests of signed protocols on to the process that answers them: the web process holds
//! no key of theirs and can change no answer without its reader noticing.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use base::{Failure, Fault};
use http::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use web::{Access, Failed, Routes};

/// Where the answers are made.
#[derive(Clone, Debug)]
pub(crate) struct Relay {
    ocsp: SocketAddr,
    tsu: SocketAddr,
    client: Client<HttpConnector, Body>,
}

/// The process behind does not answer.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the process behind does not answer")]
struct Unreached;

impl Failure for Unreached {
    fn fault(&self) -> Fault {
        Fault::Elsewhere
    }

    fn kind(&self) -> &'static str {
        "service-unreachable"
    }

    fn title(&self) -> &'static str {
        "The service behind this address does not answer at the moment."
    }
}

impl Relay {
    /// Status from `ocsp`, time-stamps from `tsu`.
    pub(crate) fn new(ocsp: SocketAddr, tsu: SocketAddr) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        Self { ocsp, tsu, client: Client::builder(TokioExecutor::new()).build(connector) }
    }

    /// The public addresses that stand in certificates.
    pub(crate) fn routes() -> Routes<Self> {
        Routes::new()
            .post("/pki/ocsp", Access::Anybody, ocsp)
            .get("/pki/ocsp/{*request}", Access::Anybody, ocsp)
            .post("/pki/tsa", Access::Anybody, tsa)
    }

    async fn pass(&self, to: SocketAddr, mut request: Request) -> Result<Response, Failed> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri: Uri = format!("http://{to}{path}").parse().map_err(|_| Unreached)?;
        *request.uri_mut() = uri;
        request.headers_mut().remove(http::header::HOST);
        let answer = self.client.request(request).await.map_err(|_| Unreached)?;
        Ok(answer.map(Body::new))
    }
}

async fn ocsp(State(relay): State<Relay>, request: Request) -> Result<Response, Failed> {
    relay.pass(relay.ocsp, request).await
}

async fn tsa(State(relay): State<Relay>, request: Request) -> Result<Response, Failed> {
    relay.pass(relay.tsu, request).await
}
