//! Cookies: read tolerantly, written in one form.

use axum::response::{IntoResponseParts, ResponseParts};
use http::{HeaderMap, HeaderValue, header};

/// The cookies of a request.
#[derive(Clone, Copy, Debug)]
pub struct Cookies<'a>(&'a HeaderMap);

impl<'a> Cookies<'a> {
    /// Those of these headers.
    #[must_use]
    pub fn of(headers: &'a HeaderMap) -> Self {
        Self(headers)
    }

    /// The value of the first cookie `name`.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        let lines = self.0.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(own, value)| (own == name).then_some(value))
    }
}

/// A cookie that an answer sets: `HttpOnly`, `SameSite=Lax`, `Path=/`, for one host.
///
/// Over https its name begins with `__Host-` and it is `Secure` (RFC 6265bis §4.1.3.2); on
/// loopback http neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCookie {
    name: String,
    value: String,
    secure: bool,
    age_s: Option<u64>,
}

impl SetCookie {
    /// The name that a cookie called `name` has on the wire.
    #[must_use]
    pub fn wire_name(name: &str, secure: bool) -> String {
        if secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// A cookie `name` that lasts as long as the browser runs.
    ///
    /// `value` is of the base64url alphabet; anything else is left out of the answer.
    #[must_use]
    pub fn new(name: &str, value: String, secure: bool) -> Self {
        Self { name: Self::wire_name(name, secure), value, secure, age_s: None }
    }

    /// The same, kept for `age_s` seconds.
    #[must_use]
    pub fn lasting(self, age_s: u64) -> Self {
        Self { age_s: Some(age_s), ..self }
    }

    /// An answer that removes the cookie `name`.
    #[must_use]
    pub fn removed(name: &str, secure: bool) -> Self {
        Self::new(name, String::new(), secure).lasting(0)
    }

    /// The header's value.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = self.age_s.map_or_else(String::new, |age| format!("; Max-Age={age}"));
        let Self { name, value, .. } = self;
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        HeaderValue::try_from(line).ok()
    }
}

impl IntoResponseParts for SetCookie {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Some(value) = self.header() {
            parts.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; portal=tok-en; b"));
        headers.append(header::COOKIE, HeaderValue::from_static("id=2"));
        let cookies = Cookies::of(&headers);
        assert_eq!(cookies.value("portal"), Some("tok-en"));
        assert_eq!(cookies.value("id"), Some("2"));
        assert_eq!(cookies.value("b"), None);
    }

    #[test]
    fn the_prefix_and_secure_come_together() {
        let header = |secure| SetCookie::new("portal", "x".to_owned(), secure).header().unwrap();
        assert_eq!(header(true), "__Host-portal=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(header(false), "portal=x; Path=/; HttpOnly; SameSite=Lax");
    }
}
