//! Where answers may be sent: registered addresses, compared byte by byte.
//!
//! One exception: an `http` address of the loopback host takes any port (RFC 8252 §7.3; also
//! `localhost`, which many tools listen on).

use url::Url;

/// The longest address, in bytes.
const LONGEST: usize = 2048;

/// Whether `asked` is the registered address, or the same on another port of loopback.
#[must_use]
pub(crate) fn fits(registered: &str, asked: &str) -> bool {
    asked.len() <= LONGEST && (registered == asked || on_loopback(registered, asked))
}

/// Both `http`, on the same loopback host, the rest the same byte for byte.
fn on_loopback(registered: &str, asked: &str) -> bool {
    match (loopback(registered), loopback(asked)) {
        (Some((host, rest)), Some((own, path))) => host == own && rest == path,
        _ => false,
    }
}

/// Host and everything after the port of an `http` loopback address.
fn loopback(address: &str) -> Option<(&str, &str)> {
    let after = address.strip_prefix("http://")?;
    let host = ["127.0.0.1", "localhost", "[::1]"]
        .into_iter()
        .find(|host| after.strip_prefix(host).is_some_and(|rest| rest.starts_with([':', '/'])))?;
    let rest = after.strip_prefix(host)?;
    let rest = match rest.strip_prefix(':') {
        Some(port) => {
            let (digits, path) = port.split_at_checked(port.find('/')?)?;
            let number = digits.parse::<u16>().is_ok_and(|port| port > 0);
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            (number && plain).then_some(path)?
        }
        None => rest,
    };
    Some((host, rest))
}

/// Whether an address can be registered: absolute, without fragment or user; `https`, `http` of
/// loopback or of a `.localhost` name, or an app's own scheme with a dot (RFC 8252 §7.1).
#[must_use]
pub(crate) fn registrable(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let place = match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => url.host_str().is_some_and(|host| {
            matches!(host, "127.0.0.1" | "localhost" | "[::1]") || host.ends_with(".localhost")
        }),
        scheme => scheme.contains('.'),
    };
    plain && place && address.len() <= LONGEST && !address.contains(char::is_whitespace)
}

/// `address` with more of a query.
#[must_use]
pub(crate) fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    let query = query.finish();
    let joint = match (address.contains('?'), address.ends_with(['?', '&'])) {
        (false, _) => "?",
        (true, true) => "",
        (true, false) => "&",
    };
    if query.is_empty() { address.to_owned() } else { format!("{address}{joint}{query}") }
}

/// Scheme, host and port of an address, as a source in a policy; none for an app's own scheme.
#[must_use]
pub(crate) fn origin(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    url.origin().is_tuple().then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_registered_address_fits() {
        let own = "https://rp.example/callback";
        assert!(fits(own, own));
        for other in [
            "https://rp.example/callback/",
            "https://rp.example/callback?x=1",
            "https://rp.example/callback#x",
            "https://rp.example/x/../callback",
            "https://rp.example/%63allback",
            "https://RP.example/callback",
            "https://rp.example:443/callback",
            "https://rp.example./callback",
            "https://rp.example@evil.example/callback",
            "https://evil.example/callback",
            "http://rp.example/callback",
            "",
        ] {
            assert!(!fits(own, other), "{other}");
        }
    }

    #[test]
    fn loopback_takes_any_port_and_nothing_else() {
        let own = "http://127.0.0.1/callback";
        for fitting in ["http://127.0.0.1/callback", "http://127.0.0.1:49152/callback"] {
            assert!(fits(own, fitting), "{fitting}");
        }
        assert!(fits("http://localhost/callback", "http://localhost:1/callback"));
        assert!(fits("http://[::1]/callback", "http://[::1]:65535/callback"));
        for other in [
            "http://localhost:1/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:+1/callback",
            "http://127.0.0.1:1@evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:1/callback/x",
            "http://127.0.0.1:1/callback?x",
            "https://127.0.0.1:1/callback",
            "http://127.0.0.2:1/callback",
        ] {
            assert!(!fits(own, other), "{other}");
        }
        assert!(!fits("http://portal.localhost/callback", "http://portal.localhost:1/callback"));
    }

    #[test]
    fn what_can_be_registered_is_bounded() {
        for good in ["https://rp.example/cb", "http://localhost/cb", "lv.example.app:/cb"] {
            assert!(registrable(good), "{good}");
        }
        for bad in ["http://rp.example/cb", "https://rp.example/cb#x", "javascript:alert(1)", "/cb"]
        {
            assert!(!registrable(bad), "{bad}");
        }
    }

    #[test]
    fn a_query_is_joined() {
        assert_eq!(with_query("https://a/b", &[("code", "x y")]), "https://a/b?code=x+y");
        assert_eq!(with_query("https://a/b?c=1", &[("d", "&")]), "https://a/b?c=1&d=%26");
    }

    proptest! {
        #[test]
        fn any_text_is_compared_without_panic(own in ".{0,60}", asked in ".{0,60}") {
            let _ = (fits(&own, &asked), registrable(&own), origin(&own));
        }
    }
}
