//! The way out: requests that the host sends, and the person's phone.

use std::future::Future;
use std::pin::Pin;

/// An answer that is waited for.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends HTTP requests. The host's client resolves `*.localhost` to loopback and follows no
/// redirects.
pub trait Web: Send + Sync {
    /// Sends it once.
    fn send(&self, ask: Ask) -> Pending<'_, Result<Reply, Unreached>>;
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// How.
    pub method: Method,
    /// Where: an absolute address.
    pub url: String,
    /// Headers beside those that the client sets itself.
    pub headers: Vec<(&'static str, String)>,
    /// What.
    pub body: Vec<u8>,
}

/// The methods that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, of at most [`REPLY_MAX`] bytes.
    pub body: Vec<u8>,
}

/// The longest answer that a host hands on: 8 MiB.
pub const REPLY_MAX: usize = 8 << 20;

/// Nothing came back, in the words of whoever tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreached(pub String);

/// The person's own phone, where a script answers for it (demonstrations only). It shows nothing
/// and checks all that a person would read.
pub trait Phone: Send + Sync {
    /// Takes the login that shows these eight characters and approves it with PIN1.
    ///
    /// # Errors
    /// Why not, in words.
    fn sign_in<'a>(&'a self, code: &'a str, pin1: &'a str) -> Pending<'a, Result<(), String>>;

    /// Waits for the request to sign, and approves it with PIN2 when it has this control code and
    /// names exactly these files; others are left waiting.
    ///
    /// # Errors
    /// Why not, in words.
    fn approve<'a>(
        &'a self,
        request: &'a Approval,
        pin2: &'a str,
    ) -> Pending<'a, Result<(), String>>;
}

/// What the phone must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The four digits, computed here.
    pub control_code: u16,
    /// Each file's name and the SHA-256 of its bytes, in order.
    pub files: Vec<(String, base::Digest)>,
}

impl Ask {
    pub(crate) fn get(url: String) -> Self {
        Self { method: Method::Get, url, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn json(url: String, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: Method::Post, url, headers, body }
    }

    /// A form. Spec: WHATWG URL §5, `application/x-www-form-urlencoded`.
    pub(crate) fn form(url: String, fields: &[(&str, &str)]) -> Self {
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let pairs: Vec<_> =
            fields.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self { method: Method::Post, url, headers, body: pairs.join("&").into_bytes() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_what_would_break_it() {
        let ask = Ask::form("http://x/".to_owned(), &[("a", "b&c=d e"), ("f", "urn:x")]);
        assert_eq!(ask.body, b"a=b%26c%3Dd%20e&f=urn%3Ax");
    }
}
