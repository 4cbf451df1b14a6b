//! From where a request came, as far as limits go.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::middleware::map_request;
use http::HeaderMap;
use http::request::Parts;

/// From where a request came: an IPv4 address, or the /64 of an IPv6 one; nothing where the
/// listener does not say: then only the bounds for all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Option<Vec<u8>>);

impl Address {
    /// What a [`Bucket`](crate::Bucket) counts by.
    #[must_use]
    pub fn place(&self) -> Option<&[u8]> {
        self.0.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(known.map(|ConnectInfo(address)| place_of(address.ip()))))
    }
}

fn place_of(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    }
}

/// The TLS fronts before a listener. What they say in `X-Forwarded-For` is believed when the
/// request comes from one of them, and from nobody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fronts(pub Vec<IpAddr>);

impl Fronts {
    /// `router`, told from where a request came to the first of them.
    pub fn before(self, router: Router) -> Router {
        if self.0.is_empty() {
            return router;
        }
        let told = move |mut request: Request| {
            let from = request.extensions().get::<ConnectInfo<SocketAddr>>().copied();
            if let Some(ConnectInfo(from)) = from {
                let first = self.first(from.ip(), request.headers());
                request.extensions_mut().insert(ConnectInfo(SocketAddr::new(first, 0)));
            }
            std::future::ready(request)
        };
        router.layer(map_request(told))
    }

    /// The last address on the way that is none of ours; the front itself where it says none.
    fn first(&self, from: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.0.contains(&from.to_canonical()) {
            return from;
        }
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for hop in hops {
            match hop.trim().parse::<IpAddr>() {
                Ok(hop) if self.0.contains(&hop.to_canonical()) => {}
                Ok(hop) => return hop,
                Err(_) => return from,
            }
        }
        from
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower::ServiceExt;

    #[test]
    fn an_ipv6_network_is_one_place() {
        let place = |text: &str| place_of(text.parse().unwrap());
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff"));
        assert_ne!(place("2001:db8::1"), place("2001:db8:0:1::1"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
    }

    #[test]
    fn only_a_front_is_believed_and_only_about_the_way_to_it() {
        let fronts = Fronts(vec!["127.0.0.1".parse().unwrap(), "192.0.2.2".parse().unwrap()]);
        let first = |from: &str, lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            fronts.first(from.parse().unwrap(), &headers).to_string()
        };
        assert_eq!(first("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(first("::ffff:127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(first("127.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(first("127.0.0.1", &["203.0.113.9", "198.51.100.7, 192.0.2.2"]), "198.51.100.7");
        assert_eq!(first("127.0.0.1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(first("203.0.113.1", &["198.51.100.7"]), "203.0.113.1", "no front");
        for line in ["", "unknown", "198.51.100.7, _hidden", "198.51.100.7:80"] {
            assert_eq!(first("127.0.0.1", &[line]), "127.0.0.1", "{line}");
        }
        assert_eq!(first("127.0.0.1", &[]), "127.0.0.1");
    }

    #[tokio::test]
    async fn the_hosts_behind_a_front_see_the_visitor() {
        let seen = |address: Address| async move { format!("{:?}", address.place()) };
        let own = Router::new().fallback(seen);
        let fronts = Fronts(vec!["127.0.0.1".parse().unwrap()]);
        let from: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        let request = http::Request::get("/").header("x-forwarded-for", "198.51.100.7");
        let request = request.extension(ConnectInfo(from)).body(axum::body::Body::empty()).unwrap();
        let answer = fronts.before(own).oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(body, "Some([198, 51, 100, 7])");
    }
}
