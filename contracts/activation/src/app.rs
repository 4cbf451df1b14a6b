//! The web's addresses for phones, on the identity platform's host: what is posted and answered.
//!
//! All are POST with a JSON body, but [`SAM_KEYS`]. Refusals are problem documents (RFC 9457). A
//! phone takes an app link or a QR as [`LINK`] and the eight characters.

use base::Time;
use serde::{Deserialize, Serialize};

use crate::{Op, Pending};

/// What waits? [`Spoken`] of [`crate::WordKind::Poll`] → [`Polled`], at once when something new
/// waits, else within 25 s; with `?wait=0` at once, for a person who looks.
pub const POLL: &str = "/app/poll";
/// [`Spoken`] of `Claim` → [`Pending`] with its challenge. 404: no such characters, or taken.
pub const CLAIM: &str = "/app/claim";
/// [`Spoken`] of `Choose` → [`Pending`] with its challenge. 409: the wrong number: refused.
pub const CHOOSE: &str = "/app/choose";
/// [`Spoken`] of `Refuse` → [`Nothing`].
pub const REFUSE: &str = "/app/refuse";
/// [`Spoken`] of `Challenge` → [`Challenged`]: for an own act, or when the one in a [`Pending`] is
/// spent or old.
pub const CHALLENGE: &str = "/app/challenge";
/// [`Spoken`] of `Browser` → [`Nothing`].
pub const BROWSER: &str = "/app/browser";
/// [`Activate`] → [`Answered`].
pub const ACTIVATE: &str = "/app/activate";
/// [`Enrol`] → [`Answered`] with `sam`'s [`crate::EnrolAnswer`].
pub const ENROL: &str = "/app/enrol";
/// GET → [`KeysOfSam`].
pub const SAM_KEYS: &str = "/app/sam-keys";

/// What the QR of a login says before the eight characters: `https://id.example/a/ABCD2345`. The
/// last eight characters of it are the code.
pub const LINK: &str = "/a/";

/// A word of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    /// A compact JWS of [`crate::Word`], `typ` [`crate::typ::WORD`], under the device key.
    pub word: String,
}

/// What a poll finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polled {
    /// Requests, the oldest first. One whose choice is made, or that needs none, has its
    /// challenge.
    pub pending: Vec<Pending>,
    /// What the person is told, the newest first, of the last 30 days. At most 50.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Browsers: remembered ones, and those that could be.
    #[serde(default)]
    pub browsers: Vec<KnownBrowser>,
    /// The user number, eight digits.
    pub user_number: String,
    /// Whether everything is frozen.
    #[serde(default)]
    pub frozen: bool,
}

/// Something that happened, told without content (R52).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// What: `login-by-qr`, `browser-remembered`, `device-enrolled`, `frozen`, ….
    pub kind: String,
    /// What it is about, where that has a name: a client, a browser.
    pub reference: String,
    /// When.
    pub at: Time,
}

/// A browser of which a login was approved on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownBrowser {
    /// Its id, for [`crate::WordKind::Browser`].
    pub id: String,
    /// In words: `Chrome, Linux`.
    pub label: String,
    /// When it was last used.
    pub used: Time,
    /// Whether the user number is taken there; false: it may be remembered now.
    pub remembered: bool,
}

/// A challenge of `sam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenged {
    /// As `sam` gave it.
    pub challenge: String,
}

/// An activation on its way to `sam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activate {
    /// A compact JWE of `typ` [`crate::typ::SEALED`].
    pub sealed: String,
    /// What the phone does, where it is an act of its own: the web then does its part (freezing
    /// ends sessions). A lie harms only the phone's own person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Op>,
}

/// An enrolment on its way to `sam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// A compact JWE of `typ` [`crate::typ::SEALED`].
    pub sealed: String,
}

/// What `sam` said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// A compact JWS under `sam`'s answer key.
    pub answer: String,
    /// Where this very phone's browser goes on, when the request was taken by the app link; the
    /// app opens it, once `sam`'s answer says that it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
}

/// `sam`'s public keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysOfSam {
    /// A compact JWS of [`crate::SamKeys`] under `sam`'s root key.
    pub keys: String,
}

/// Done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// The eight characters in what was typed, pasted or scanned: letters in either case, blanks and
/// hyphens aside, the last eight of an address.
///
/// The alphabet leaves out what is confused: `0 1 I L O` and vowels, which make words.
#[must_use]
pub fn code_of(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let last = typed.rsplit_once('/').map_or(typed, |(_, last)| last);
    let plain: String =
        last.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase();
    let fits = plain.len() == 8 && plain.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(plain)
}

/// What the eight characters are drawn from: 27 characters, 37 bits.
pub const ALPHABET: &[u8; 27] = b"23456789BCDFGHJKMNPQRSTVWXZ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_characters_are_found_in_what_is_typed_or_scanned() {
        for typed in ["BCDF2345", "bcdf 2345", " BCDF-2345 ", "http://id.localhost:8080/a/BCDF2345"]
        {
            assert_eq!(code_of(typed).as_deref(), Some("BCDF2345"), "{typed}");
        }
        for typed in ["", "BCDF234", "BCDF23456", "BCDF234O", "BCDF234Ā", "BCDF2345/"] {
            assert_eq!(code_of(typed), None, "{typed}");
        }
    }
}
