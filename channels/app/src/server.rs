//! What the core asks its host to carry: one HTTP request, one answer.

use std::future::Future;

use base::Problem;
use serde::de::DeserializeOwned;

/// No answer is longer, in bytes: a thousand signatures fit.
pub(crate) const MOST: usize = 2 * 1024 * 1024;

/// A request to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Where to: an address without a path, as the invitation said: `https://id.example`.
    pub server: String,
    /// The path, with its query.
    pub path: String,
    /// The JSON to POST; nothing: a GET.
    pub body: Option<Vec<u8>>,
}

impl Ask {
    /// The whole address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{}", self.server, self.path)
    }
}

/// The server's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body; a host reads no more than 2 MiB.
    pub body: Vec<u8>,
}

/// No answer came: nobody knows whether the request arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server was not reached")]
pub struct Unreached;

/// Whoever carries a request to the server: it follows no redirect and waits 40 s for an answer.
pub trait Server: Send + Sync {
    /// Carries `ask`.
    ///
    /// # Errors
    /// [`Unreached`].
    fn ask(&self, ask: Ask) -> impl Future<Output = Result<Reply, Unreached>> + Send;
}

/// Why an answer of the server is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It said no.
    Refused(u16, Option<Problem>),
    /// Its answer is of another form.
    Form,
}

impl Reply {
    /// Its JSON; unknown members beside it are of a newer server and do not matter here.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Unfit> {
        if !(200..300).contains(&self.status) {
            return Err(Unfit::Refused(self.status, serde_json::from_slice(&self.body).ok()));
        }
        if self.body.len() > MOST {
            return Err(Unfit::Form);
        }
        serde_json::from_slice(&self.body).map_err(|_| Unfit::Form)
    }
}

/// The address of a server: `https://host[:port]`, or `http://` for a host of this machine.
///
/// None for anything else: a path, a user, other characters.
pub(crate) fn address_of(text: &str) -> Option<String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (scheme, authority) = text.split_once("://")?;
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let (host, port) = authority.split_once(':').map_or((authority, None), |(h, p)| (h, Some(p)));
    let named = !host.is_empty() && host.len() <= 253 && host.bytes().all(plain);
    let numbered = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let here = host == "localhost" || host.ends_with(".localhost");
    let safe = scheme == "https" || (scheme == "http" && here);
    (named && numbered && safe).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_on_this_machine() {
        for address in ["https://id.example", "https://id.example:8443", "http://id.localhost:8080"]
        {
            assert_eq!(address_of(&format!("{address}/")).as_deref(), Some(address));
        }
        for other in [
            "",
            "id.example",
            "http://id.example",
            "http://localhost.example",
            "https://",
            "https://a@b",
            "https://id.example/x",
            "https://id.example:0",
            "https://id.example:99999",
            "ftp://id.localhost",
            "https://ID.example",
            "https://[::1]",
        ] {
            assert_eq!(address_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_refusal_is_told_from_an_answer_of_another_form() {
        let reply = |status, body: &str| Reply { status, body: body.as_bytes().to_vec() };
        assert_eq!(reply(200, "[1]").read::<Vec<u8>>(), Ok(vec![1]));
        assert_eq!(reply(200, "{").read::<Vec<u8>>(), Err(Unfit::Form));
        assert_eq!(reply(404, "gone").read::<Vec<u8>>(), Err(Unfit::Refused(404, None)));
        assert_eq!(reply(302, "[1]").read::<Vec<u8>>(), Err(Unfit::Refused(302, None)));
    }
}
