//! Login pages: begun by the authorization endpoint, bound to one browser (PROTOCOLS §4).

pub(crate) mod outcome;
pub(crate) mod page;
mod show;
mod steps;
mod transaction;

pub(crate) use show::{device, link, number, qr, show, state};
pub(crate) use steps::{press, way_back};
pub(crate) use transaction::Begun;

use http::{HeaderMap, header};

/// Whether a form came from one of our own pages: what browsers say of themselves; a client
/// without a browser says nothing and has no cookies to misuse.
pub(crate) fn same_site(headers: &HeaderMap, issuer: &str) -> bool {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (value("sec-fetch-site"), value(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == issuer,
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_noticed() {
        let says = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| {
                (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
            });
            same_site(&headers.collect(), "http://id.localhost")
        };
        assert!(says(&[]));
        assert!(says(&[("sec-fetch-site", "same-origin")]));
        assert!(says(&[("origin", "http://id.localhost")]));
        assert!(!says(&[("sec-fetch-site", "cross-site"), ("origin", "http://id.localhost")]));
        assert!(!says(&[("sec-fetch-site", "same-site")]));
        assert!(!says(&[("origin", "http://evil.localhost")]));
        assert!(!says(&[("origin", "null")]));
    }
}
