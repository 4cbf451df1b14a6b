//! A browser that keeps cookies and asks the router without a socket.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    accept: &'static str,
    address: Option<SocketAddr>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), accept: "text/html,*/*;q=0.8", address: None }
    }

    /// A program, which reads no pages.
    pub(crate) fn program(mut self) -> Self {
        self.accept = "application/json";
        self
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name).cloned()
    }

    pub(crate) fn put(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The same browser, at this address.
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.address = Some(address.parse().unwrap());
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.send(request, "same-origin").await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.post_from(path, form, "same-origin").await
    }

    pub(crate) async fn post_from(&mut self, path: &str, form: &str, site: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(form.to_owned())).unwrap(), site).await
    }

    /// A form with one file.
    pub(crate) async fn upload(&mut self, path: &str, field: &str, file: (&str, &[u8])) -> Answer {
        let head = format!(
            "--xyz\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{}\"\r\n\
             content-type: application/pdf\r\n\r\n",
            file.0
        );
        let body = [head.as_bytes(), file.1, b"\r\n--xyz--\r\n"].concat();
        let kind = "multipart/form-data; boundary=xyz";
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).unwrap(), "same-origin").await
    }

    async fn send(&mut self, mut request: Request<Body>, site: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        for (name, value) in [
            ("host", "portal.localhost"),
            ("accept", self.accept),
            ("cookie", &cookies.join("; ")),
            ("sec-fetch-site", site),
            ("user-agent", agent),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        for line in answer.headers().get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    fn keep(&mut self, line: &str) {
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        if line.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.put(name, value);
        }
    }
}

impl Answer {
    pub(crate) fn location(&self) -> String {
        let location = self.headers.get(header::LOCATION);
        location.unwrap_or_else(|| panic!("no way on: {}", self.body)).to_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether the page says it.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.body.contains(words)
    }
}
