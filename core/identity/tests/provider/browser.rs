//! A browser with its cookies, and what it reads on pages.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use activation_contract::Pending;
use axum::extract::ConnectInfo;
use serde_json::Value;

use crate::handset::Phone;
use crate::world::{Got, World, authorize, encoded, redeem};

/// A browser with its cookies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36".to_owned();
        Self { headers: vec![("user-agent", agent)], ..Self::default() }
    }

    pub(crate) async fn get(&mut self, world: &World, path: &str) -> Got {
        self.go(world, http::Request::get(path), String::new()).await
    }

    pub(crate) async fn post(&mut self, world: &World, path: &str, form: &[(&str, &str)]) -> Got {
        let request = http::Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.go(world, request, encoded(form)).await
    }

    pub(crate) async fn go(
        &mut self,
        world: &World,
        mut request: http::request::Builder,
        body: String,
    ) -> Got {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header("host", "id.localhost:8080").header("cookie", pairs.join("; "));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(body.into()).unwrap();
        let place: SocketAddr = "192.0.2.1:50000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(place));
        let got = world.send(request).await;
        for line in got.headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap().to_owned();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        got
    }

    /// Begins a login; gives the path of its page.
    pub(crate) async fn begin(&mut self, world: &World, more: &[(&str, &str)]) -> String {
        let got = self.get(world, &authorize(more)).await;
        assert_eq!(got.status, 303, "{}", got.text());
        let to = got.location();
        assert!(to.starts_with("/login/"), "{to}");
        to.split('?').next().unwrap().to_owned()
    }

    /// The eight characters that a page shows.
    pub(crate) async fn characters(&mut self, world: &World, login: &str) -> String {
        let page = self.get(world, login).await;
        assert_eq!(page.status, 200, "{}", page.text());
        characters(&page.text())
    }

    /// A whole login by QR; gives the redirect to the client.
    pub(crate) async fn login(
        &mut self,
        world: &World,
        phone: &Phone,
        more: &[(&str, &str)],
    ) -> Got {
        let login = self.begin(world, more).await;
        let characters = self.characters(world, &login).await;
        let pending = phone.claim(world, &characters).await.of::<Pending>();
        phone.approve(world, &pending, None).await;
        self.post(world, &login, &[("check", "1")]).await
    }

    /// A whole login up to tokens.
    pub(crate) async fn tokens(
        &mut self,
        world: &World,
        phone: &Phone,
        more: &[(&str, &str)],
    ) -> Value {
        let code = self.login(world, phone, more).await.query()["code"].clone();
        redeem(world, &code).await.json()
    }
}

pub(crate) fn characters(page: &str) -> String {
    let (_, rest) = page.split_once("class=\"spelled code\">").expect("characters on the page");
    rest.split('<').next().unwrap().replace('\u{a0}', "")
}

/// The number that a waiting page shows.
pub(crate) fn number_of(page: &str) -> u8 {
    let (_, rest) = page.split_once("match-number").expect("a number on the page");
    let (_, rest) = rest.split_once("<span>").unwrap();
    rest.split('<').next().unwrap().parse().unwrap()
}
