//! The demo as a client of its own public addresses, and of the desk.

use std::net::SocketAddr;

use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

use super::DemoError;

/// The longest answer that is read.
const ANSWER_MAX: usize = 64 * 1024;

/// One host on loopback.
#[derive(Clone, Debug)]
pub(super) struct Web {
    at: SocketAddr,
    host: String,
    bearer: Option<String>,
    client: Client<HttpConnector, Body>,
}

impl Web {
    /// The host `host` at `at`, with a bearer token where it wants one.
    pub(super) fn new(at: SocketAddr, host: String, bearer: Option<String>) -> Self {
        Self { at, host, bearer, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// GETs JSON.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, DemoError> {
        self.call(Method::GET, path, ("application/json", String::new())).await
    }

    /// POSTs JSON.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, DemoError> {
        self.call(Method::POST, path, ("application/json", body.to_string())).await
    }

    /// POSTs a form.
    pub(super) async fn form<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &str,
    ) -> Result<T, DemoError> {
        let kind = "application/x-www-form-urlencoded";
        self.call(Method::POST, path, (kind, form.to_owned())).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        (kind, body): (&str, String),
    ) -> Result<T, DemoError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.at))
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, kind);
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let failed = |why: String| DemoError::Web { host: self.host.clone(), why };
        let request = request.body(Body::from(body)).map_err(|why| failed(why.to_string()))?;
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|why| failed(why.to_string()))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
        let body = body.map_err(|why| failed(why.to_string()))?.to_bytes();
        if !status.is_success() {
            return Err(failed(format!("{status} {}", String::from_utf8_lossy(&body))));
        }
        serde_json::from_slice(&body).map_err(|why| failed(why.to_string()))
    }
}
