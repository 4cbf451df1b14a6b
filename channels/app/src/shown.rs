//! What somebody asks, as the phone shows it: exactly those bytes, or not at all.

use activation_contract::{Item, Op, Pending, Request, RequestKind, control_code};
use base::{Digest, Locale};

use crate::sam::digest;

/// A request that can be shown in full, with the bytes that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    request: Request,
    digest: Digest,
}

/// A request that waits for this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What is asked.
    pub shown: Shown,
    /// Three two-digit codes to choose from; none when there is nothing (more) to choose.
    pub choices: Vec<u8>,
    pub(crate) challenge: Option<String>,
}

/// Why a request is not shown, and so cannot be approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShownError {
    /// It says something that this app does not know: a member, a kind, a form. A newer one may.
    #[error("the app does not know this kind of request: update the app")]
    Unknown,
    /// It says something that would mislead: invisible or turning characters, no name, no purpose,
    /// items that do not fit what is to be done.
    #[error("the request cannot be shown without misleading")]
    Misleading,
}

/// No request is longer, in bytes: a thousand items fit.
const MOST: usize = 768 * 1024;

impl Shown {
    /// Reads the bytes of a request.
    ///
    /// They are read twice: as what this app knows, and as any JSON. A member or a value that the
    /// first leaves out makes the two differ.
    ///
    /// # Errors
    /// [`ShownError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ShownError> {
        if bytes.len() > MOST {
            return Err(ShownError::Unknown);
        }
        let unknown = |_| ShownError::Unknown;
        let request: Request = serde_json::from_slice(bytes).map_err(unknown)?;
        let all: serde_json::Value = serde_json::from_slice(bytes).map_err(unknown)?;
        if serde_json::to_value(&request).map_err(unknown)? != all {
            return Err(ShownError::Unknown);
        }
        if honest(&request) {
            Ok(Self { request, digest: digest(bytes) })
        } else {
            Err(ShownError::Misleading)
        }
    }

    /// A request that the phone itself makes: of the person's own accord.
    pub(crate) fn own(request: Request) -> Option<Self> {
        let digest = digest(&serde_json::to_vec(&request).ok()?);
        Some(Self { request, digest })
    }

    /// What is asked.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// SHA-256 of the bytes as they came.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What would be done.
    #[must_use]
    pub fn op(&self) -> Op {
        match &self.request.kind {
            RequestKind::Login { .. } => Op::Login,
            RequestKind::Act { op, .. } => *op,
        }
    }

    /// What the client of a login gets, by the names of claims.
    #[must_use]
    pub fn claims(&self) -> &[String] {
        match &self.request.kind {
            RequestKind::Login { claims, .. } => claims,
            RequestKind::Act { .. } => &[],
        }
    }

    /// On what.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        match &self.request.kind {
            RequestKind::Login { .. } => &[],
            RequestKind::Act { items, .. } => items,
        }
    }

    /// The control code of a signature.
    #[must_use]
    pub fn control_code(&self) -> u16 {
        let digests = self.items().iter().filter_map(|item| item.dtbs.as_ref());
        control_code(digests.map(|dtbs| dtbs.digest.as_ref()))
    }

    /// Who asks, in `language` where the registered name has one.
    #[must_use]
    pub fn client_name(&self, language: Locale) -> &str {
        said(&self.request.client_name, language)
    }

    /// What for, in `language` where it was written so.
    #[must_use]
    pub fn purpose(&self, language: Locale) -> &str {
        said(&self.request.purpose, language)
    }
}

impl Waiting {
    /// Reads what waits.
    ///
    /// # Errors
    /// [`ShownError`].
    pub fn parse(pending: &Pending) -> Result<Self, ShownError> {
        let shown = Shown::parse(&pending.request.0)?;
        let choices = pending.choices.clone();
        let fits = choices.is_empty() || (choices.len() == 3 && shown.op() == Op::Login);
        if !fits || choices.iter().any(|code| *code > 99) {
            return Err(ShownError::Unknown);
        }
        Ok(Self { shown, choices, challenge: pending.challenge.clone() })
    }

    /// The request's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.shown.request.id
    }
}

fn said(texts: &[(Locale, String)], language: Locale) -> &str {
    let own = texts.iter().find(|(locale, _)| *locale == language);
    own.or(texts.first()).map_or("", |(_, text)| text)
}

fn honest(request: &Request) -> bool {
    let id = &request.id;
    let plain_id = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let named = (1..=64).contains(&id.len()) && id.bytes().all(plain_id);
    let texts = |texts: &[(Locale, String)]| {
        !texts.is_empty() && texts.iter().all(|(_, text)| honest_text(text))
    };
    named
        && honest_text(&request.client)
        && texts(&request.client_name)
        && texts(&request.purpose)
        && (request.place.is_empty() || honest_text(&request.place))
        && request.until > request.at
        && match &request.kind {
            RequestKind::Login { claims, level } => {
                honest_text(level) && claims.len() <= 64 && claims.iter().all(|c| honest_text(c))
            }
            RequestKind::Act { op, items, .. } => items_fit(*op, items),
        }
}

/// Text that shows as what it is: not empty, not over 255 bytes, nothing that is invisible, breaks
/// the line or turns the direction of writing.
pub(crate) fn honest_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 255 && !text.chars().any(hides)
}

fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn items_fit(op: Op, items: &[Item]) -> bool {
    let to_sign = |item: &Item| {
        item.dtbs.as_ref().is_some_and(|dtbs| {
            matches!((dtbs.alg.as_str(), dtbs.digest.0.len()), ("sha-256", 32) | ("sha-384", 48))
        })
    };
    let described = |item: &Item| {
        honest_text(&item.label) && (item.media_type.is_empty() || honest_text(&item.media_type))
    };
    let fit = match op {
        Op::Sign => (1..=1000).contains(&items.len()) && items.iter().all(to_sign),
        Op::MakeKey | Op::EndDevice | Op::Suspend | Op::Revoke => {
            matches!(items, [only] if only.dtbs.is_none())
        }
        // A login is asked as one. Nobody but the person asks for a freeze, and nobody but the
        // screen of the other phone names the keys that a person vouches for.
        Op::Login | Op::Freeze | Op::EnrolDevice | Op::SetPin => false,
    };
    fit && items.iter().all(described)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn login() -> Value {
        json!({
            "id": "9f2c", "client": "university",
            "client_name": [["lv", "Izdomātā augstskola"], ["en", "Invented University"]],
            "purpose": [["lv", "Pieslēgties"]],
            "kind": {"ask": "login", "claims": ["name"], "level": "urn:sakta:level:demo"},
            "place": "Chrome, Linux",
            "at": "2026-11-25T10:00:00Z", "until": "2026-11-25T10:05:00Z",
        })
    }

    fn signature() -> Value {
        let mut asked = login();
        let digest = base::Bytes(vec![7; 32]).to_string();
        asked["kind"] = json!({"ask": "act", "op": "sign", "items": [{
            "label": "P-118.pdf", "media_type": "application/pdf", "size": 219_136,
            "document_digest": "9f".repeat(32), "dtbs": {"alg": "sha-256", "digest": digest},
        }]});
        asked
    }

    fn read(asked: &Value) -> Result<Shown, ShownError> {
        Shown::parse(asked.to_string().as_bytes())
    }

    #[test]
    fn the_bytes_that_came_are_hashed_whatever_their_order_and_blanks() {
        let bytes = serde_json::to_vec_pretty(&login()).unwrap();
        let shown = Shown::parse(&bytes).unwrap();
        assert_eq!(shown.digest(), digest(&bytes));
        assert_eq!(shown.op(), Op::Login);
        assert_eq!(shown.client_name(Locale::En), "Invented University");
        assert_eq!(shown.purpose(Locale::En), "Pieslēgties", "the only language there is");
    }

    #[test]
    fn the_control_code_is_that_of_all_digests() {
        let shown = read(&signature()).unwrap();
        assert_eq!(shown.control_code(), control_code([[7; 32].as_slice()]));
        assert_eq!(shown.items().len(), 1);
    }

    #[test]
    fn an_unknown_member_kind_or_operation_is_not_shown() {
        let paths = ["", "/kind", "/kind/items/0", "/kind/items/0/dtbs"];
        for path in paths {
            let mut asked = signature();
            asked.pointer_mut(path).unwrap()["fee"] = json!("100 EUR");
            assert_eq!(read(&asked), Err(ShownError::Unknown), "{path}");
        }
        let mut asked = login();
        asked["kind"] = json!({"ask": "pay", "sum": 100});
        assert_eq!(read(&asked), Err(ShownError::Unknown));
        let mut asked = signature();
        asked["kind"]["op"] = json!("vote");
        assert_eq!(read(&asked), Err(ShownError::Unknown));
        let twice = login().to_string().replacen('{', r#"{"id":"other","#, 1);
        assert_eq!(Shown::parse(twice.as_bytes()), Err(ShownError::Unknown));
    }

    #[test]
    fn what_would_mislead_is_not_shown() {
        for (path, wrong) in [
            ("/id", json!("../../x")),
            ("/id", json!("")),
            ("/client_name", json!([])),
            ("/client_name/1/1", json!(" ")),
            ("/purpose/0/1", json!("a\u{202e}b")),
            ("/purpose/0/1", json!("a\nb")),
            ("/place", json!("\u{200b}")),
            ("/until", json!("2026-11-25T10:00:00Z")),
            ("/kind/op", json!("login")),
            ("/kind/op", json!("freeze")),
            ("/kind/op", json!("revoke")),
            ("/kind/op", json!("enrol_device")),
            ("/kind/items", json!([])),
            ("/kind/items/0/label", json!("")),
            ("/kind/items/0/label", json!("fdp.exe\u{202e}")),
            ("/kind/items/0/dtbs/alg", json!("sha-384")),
            ("/kind/items/0/dtbs/alg", json!("sha-1")),
        ] {
            let mut asked = signature();
            *asked.pointer_mut(path).unwrap() = wrong;
            assert_eq!(read(&asked), Err(ShownError::Misleading), "{path} {asked}");
        }
        let mut asked = signature();
        asked["kind"]["items"][0].as_object_mut().unwrap().remove("dtbs");
        assert_eq!(read(&asked), Err(ShownError::Misleading));
        for op in ["revoke", "end_device"] {
            asked["kind"]["op"] = json!(op);
            assert!(read(&asked).is_ok(), "an act has one item without a digest to sign");
        }
        for op in ["enrol_device", "set_pin"] {
            asked["kind"]["op"] = json!(op);
            assert_eq!(read(&asked), Err(ShownError::Misleading), "no page asks for {op}");
        }
    }

    #[test]
    fn choices_are_three_codes_of_two_digits_for_a_login() {
        let pending = |asked: &Value, choices: &[u8]| Pending {
            request: base::Bytes(asked.to_string().into_bytes()),
            choices: choices.to_vec(),
            challenge: None,
        };
        assert!(Waiting::parse(&pending(&login(), &[1, 47, 99])).is_ok());
        assert!(Waiting::parse(&pending(&login(), &[])).is_ok());
        for wrong in [
            pending(&login(), &[1]),
            pending(&login(), &[1, 2, 100]),
            pending(&signature(), &[1, 2, 3]),
        ] {
            assert_eq!(Waiting::parse(&wrong), Err(ShownError::Unknown));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_anything(bytes in any::<Vec<u8>>(), text in ".*") {
            let _ = Shown::parse(&bytes);
            let mut asked = signature();
            asked["kind"]["items"][0]["label"] = json!(text);
            if let Ok(shown) = read(&asked) {
                prop_assert_eq!(&shown.items()[0].label, &text);
            }
        }
    }
}
