//! Parameters of a request: a query or a form, each once.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{Method, header};
use web::{Failed as Problem, Refused};

/// The longest whole, in bytes.
const LONGEST: usize = 64 * 1024;

/// The most parameters.
const MOST: usize = 64;

/// The parameters of a request. An empty value is an absent one (RFC 6749 §3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    malformed: bool,
}

impl Parameters {
    /// Those of a query or form text; too long, too many or one twice: malformed.
    pub(crate) fn parse(text: &str) -> Self {
        let mut read = Self { malformed: text.len() > LONGEST, ..Self::default() };
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        for (count, (name, value)) in pairs.into_owned().take(MOST + 1).enumerate() {
            let again = read.values.insert(name, value).is_some();
            read.malformed |= again || count >= MOST;
        }
        read
    }

    /// Those of pairs that were read before.
    pub(crate) fn of(values: BTreeMap<String, String>) -> Self {
        Self { values, malformed: false }
    }

    /// Whether one came twice, or there are too many.
    pub(crate) fn is_malformed(&self) -> bool {
        self.malformed
    }

    /// The value of a parameter; none where it is absent or empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The same, owned.
    pub(crate) fn own(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// All of them.
    pub(crate) fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }
}

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if request.method() != Method::POST {
            return Ok(Self::parse(request.uri().query().unwrap_or_default()));
        }
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let form = kind.split(';').next().is_some_and(|kind| {
            kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        let body = Bytes::from_request(request, state).await.map_err(|_| Refused::Size)?;
        if !form && !body.is_empty() {
            return Err(Refused::MediaType.into());
        }
        let text = std::str::from_utf8(&body).map_err(|_| Refused::Body)?;
        Ok(Self::parse(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_parameter_that_comes_twice_is_noticed_and_an_empty_one_is_absent() {
        let read = Parameters::parse("a=1&b=&c=x%20y+z");
        assert!(!read.is_malformed());
        assert_eq!((read.get("a"), read.get("b"), read.get("c")), (Some("1"), None, Some("x y z")));
        assert!(Parameters::parse("a=1&a=2").is_malformed());
        assert!(Parameters::parse(&"x=1&".repeat(70)).is_malformed());
        let many: Vec<String> = (0..70).map(|n| format!("x{n}=1")).collect();
        assert!(Parameters::parse(&many.join("&")).is_malformed());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,300}") {
            let _ = Parameters::parse(&text);
        }
    }
}
