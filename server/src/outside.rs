//! The product's own HTTP client: for every call that leaves the house as anybody's would.
//!
//! `localhost` and `*.localhost` are this machine, whatever its resolver thinks (RFC 6761 §6.3);
//! every other name and number that leads to a private address is refused, so that an address in
//! a request or an invitation cannot reach into a network. No proxy, no redirect, no cookie.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use app::{Ask, Reply, Server, Unreached};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Method, RequestBuilder, Url, redirect};

/// The client. Clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    #[expect(clippy::disallowed_types, reason = "this is the client that the server makes")]
    client: reqwest::Client,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutsideError {
    /// Not an address of http or https.
    #[error("not an address of http or https")]
    Address,
    /// A number of a private network, or of this machine.
    #[error("an address of a private network")]
    Private,
    /// More bytes than were to be read.
    #[error("the answer is too long")]
    TooLong,
    /// It cannot be reached, or ended before it had answered.
    #[error("cannot be reached")]
    Unreached(#[source] reqwest::Error),
}

/// How long a connection, and how long a whole answer may take: a long poll takes 25 s.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(40);

/// No answer to a phone is longer, in bytes.
const PHONE: usize = 2 * 1024 * 1024;

impl Outside {
    /// A client with no connection yet.
    ///
    /// # Errors
    /// [`OutsideError::Unreached`] when TLS cannot be set up.
    #[expect(clippy::disallowed_types, reason = "this is the client that the server makes")]
    pub(crate) fn new() -> Result<Self, OutsideError> {
        let client = reqwest::Client::builder()
            .dns_resolver(Names)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(concat!("sakta/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(OutsideError::Unreached)?;
        Ok(Self { client })
    }

    /// GETs `address`, or POSTs JSON to it, and reads at most `most` bytes of the answer.
    ///
    /// # Errors
    /// [`OutsideError`].
    pub(crate) async fn call(
        &self,
        address: &str,
        json: Option<Vec<u8>>,
        most: usize,
    ) -> Result<Heard, OutsideError> {
        let address = allowed(address)?;
        let method = if json.is_some() { Method::POST } else { Method::GET };
        let mut request = self.client.request(method, address);
        if let Some(json) = json {
            request = request.header("content-type", "application/json").body(json);
        }
        heard(request, most).await
    }

    async fn carry(&self, ask: cli::Ask) -> Result<cli::Reply, OutsideError> {
        let method = match ask.method {
            cli::Method::Get => Method::GET,
            cli::Method::Post => Method::POST,
        };
        let mut request = self.client.request(method, allowed(&ask.url)?).body(ask.body);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let Heard { status, body } = heard(request, cli::REPLY_MAX).await?;
        Ok(cli::Reply { status, body })
    }
}

/// Sends it and reads at most `most` bytes of the answer.
async fn heard(request: RequestBuilder, most: usize) -> Result<Heard, OutsideError> {
    let mut answer = request.send().await.map_err(OutsideError::Unreached)?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(OutsideError::Unreached)? {
        if body.len() + part.len() > most {
            return Err(OutsideError::TooLong);
        }
        body.extend_from_slice(&part);
    }
    Ok(Heard { status: answer.status().as_u16(), body })
}

impl cli::Web for Outside {
    fn send(&self, ask: cli::Ask) -> cli::Pending<'_, Result<cli::Reply, cli::Unreached>> {
        Box::pin(async { self.carry(ask).await.map_err(|why| cli::Unreached(why.to_string())) })
    }
}

impl Server for Outside {
    async fn ask(&self, ask: Ask) -> Result<Reply, Unreached> {
        match self.call(&ask.address(), ask.body, PHONE).await {
            Ok(Heard { status, body }) => Ok(Reply { status, body }),
            Err(why) => {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(why, "a phone reaches nobody");
                Err(Unreached)
            }
        }
    }
}

/// The address, unless it is none or names a private number. Names are looked at when they are
/// resolved.
fn allowed(address: &str) -> Result<Url, OutsideError> {
    let url = Url::parse(address).map_err(|_| OutsideError::Address)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OutsideError::Address);
    }
    let host = url.host_str().ok_or(OutsideError::Address)?;
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match number {
        Ok(number) if !is_public(number) => Err(OutsideError::Private),
        _ => Ok(url),
    }
}

/// Looks names up.
#[derive(Clone, Copy, Debug)]
struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = addresses(name.as_str()).await?;
            Ok::<Addrs, _>(Box::new(found.into_iter()))
        })
    }
}

async fn addresses(name: &str) -> std::io::Result<Vec<SocketAddr>> {
    if is_here(name) {
        let here = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        return Ok(here.map(|number| SocketAddr::new(number, 0)).to_vec());
    }
    let found: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
    if found.iter().any(|address| !is_public(address.ip())) {
        return Err(std::io::Error::other("the name leads into a private network"));
    }
    Ok(found)
}

/// Whether a name is of this machine.
fn is_here(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether anybody's packets reach this number. Spec: the IANA special-purpose registries.
fn is_public(number: IpAddr) -> bool {
    match number {
        IpAddr::V4(number) => is_public_v4(number),
        IpAddr::V6(number) => is_public_v6(number),
    }
}

fn is_public_v4(number: Ipv4Addr) -> bool {
    let special = match number.octets() {
        [0 | 10 | 127, ..] | [224..=255, ..] => true,
        [100, b, ..] => (64..128).contains(&b),
        [169, 254, ..] | [192, 168, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,
        [172, b, ..] => (16..32).contains(&b),
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(number: Ipv6Addr) -> bool {
    if let Some(inner) = number.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    match number.segments() {
        // Translated and tunnelled numbers reach the ones inside.
        [0x64, 0xff9b, ..] | [0x2002, ..] | [0x2001, 0..=0x1ff, ..] => false,
        [0x2001, 0xdb8, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_numbers_are_refused_in_every_way_to_write_them() {
        for address in [
            "http://127.0.0.1:8080/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.0.0.1/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
        ] {
            assert!(matches!(allowed(address), Err(OutsideError::Private)), "{address}");
        }
        for address in ["http://id.localhost:8080/", "https://1.1.1.1/", "https://[2606:4700::1]/"]
        {
            assert!(allowed(address).is_ok(), "{address}");
        }
        for address in ["", "/x", "file:///etc/passwd", "ftp://x.example/"] {
            assert!(matches!(allowed(address), Err(OutsideError::Address)), "{address}");
        }
    }

    #[tokio::test]
    async fn names_below_localhost_are_this_machine_and_no_resolver_is_asked() {
        for name in ["localhost", "ID.localhost", "a.b.localhost."] {
            let found = addresses(name).await.unwrap();
            assert!(found.iter().all(|address| address.ip().is_loopback()), "{name}");
            assert_eq!(found.len(), 2);
        }
        assert!(!is_here("localhost.example") && !is_here("notlocalhost"));
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_its_limit_and_a_redirect_is_not_followed() {
        let answers = axum::Router::new()
            .route("/long", axum::routing::get(|| async { "x".repeat(100) }))
            .route("/post", axum::routing::post(|body: String| async move { body }))
            .route("/away", axum::routing::get(|| async { axum::response::Redirect::to("/long") }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, answers).await });
        let outside = Outside::new().unwrap();
        let at = |path: &str| format!("http://id.localhost:{port}{path}");
        let heard = outside.call(&at("/long"), None, 100).await.unwrap();
        assert_eq!((heard.status, heard.body.len()), (200, 100));
        let long = outside.call(&at("/long"), None, 99).await;
        assert!(matches!(long, Err(OutsideError::TooLong)));
        let away = outside.call(&at("/away"), None, 99).await.unwrap();
        assert_eq!(away.status, 303);
        let heard = outside.call(&at("/post"), Some(b"{}".to_vec()), 99).await.unwrap();
        assert_eq!(heard.body, b"{}");
        let gone = outside.call("http://id.localhost:1/", None, 99).await;
        assert!(matches!(gone, Err(OutsideError::Unreached(_))));
    }
}
