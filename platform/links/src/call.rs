//! A call, on its way and as its callee gets it.

use base::{ActingFor, Time};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{DoorError, OnBehalf, Operation, Party, Proved};

/// No call is longer, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// An operation with what every call says beside it.
#[derive(Clone, Debug)]
pub struct Call<O> {
    /// What is asked.
    pub operation: O,
    /// For whom, with its proof.
    pub on_behalf: OnBehalf,
    /// For whom that one acts.
    pub acting_for: ActingFor,
    /// What for: 1 to 128 bytes of text, in the callee's vocabulary.
    pub purpose: String,
    /// When the caller stops waiting; none: ten seconds from now.
    pub deadline: Option<Time>,
    /// Makes a write happen once, however often it is sent: 1 to 64 printable ASCII characters.
    pub key: Option<String>,
}

impl<O: Operation> Call<O> {
    /// A call for own needs, without key, with the usual deadline.
    #[must_use]
    pub fn new(operation: O, on_behalf: OnBehalf, purpose: &str) -> Self {
        let purpose = purpose.to_owned();
        let acting_for = ActingFor::Own;
        Self { operation, on_behalf, acting_for, purpose, deadline: None, key: None }
    }

    /// The same for another.
    #[must_use]
    pub fn acting_for(mut self, acting_for: ActingFor) -> Self {
        self.acting_for = acting_for;
        self
    }

    /// The same with a deadline.
    #[must_use]
    pub fn before(mut self, deadline: Time) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same, to be done once.
    #[must_use]
    pub fn once(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    pub(crate) fn written(&self, deadline: Time) -> serde_json::Result<Vec<u8>> {
        let operation = serde_json::value::to_raw_value(&self.operation)?;
        serde_json::to_vec(&Written {
            operation: &operation,
            on_behalf: &self.on_behalf,
            acting_for: &self.acting_for,
            purpose: &self.purpose,
            deadline: Some(deadline),
            key: self.key.as_deref(),
        })
    }
}

#[derive(Serialize)]
struct Written<'a> {
    operation: &'a RawValue,
    on_behalf: &'a OnBehalf,
    acting_for: &'a ActingFor,
    purpose: &'a str,
    deadline: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

/// A call as it is read; `operation` stays the bytes that came.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadCall<'a> {
    #[serde(borrow)]
    pub(crate) operation: &'a RawValue,
    pub(crate) on_behalf: OnBehalf,
    #[serde(default)]
    pub(crate) acting_for: ActingFor,
    pub(crate) purpose: String,
    #[serde(default)]
    pub(crate) deadline: Option<Time>,
    #[serde(default)]
    pub(crate) key: Option<String>,
}

impl<'a> ReadCall<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, DoorError> {
        if body.len() > MAX_BODY {
            return Err(DoorError::TooLong);
        }
        let call: Self = serde_json::from_slice(body).map_err(|_| DoorError::Malformed)?;
        let graphic = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let key =
            call.key.as_deref().is_none_or(|key| (1..=64).contains(&key.len()) && graphic(key));
        let name = match &call.on_behalf {
            OnBehalf::Permission { number: name } | OnBehalf::System { job: name } => is_name(name),
            OnBehalf::Person { .. } | OnBehalf::Officer { .. } => true,
        };
        let purpose = (1..=128).contains(&call.purpose.len());
        if key && name && purpose { Ok(call) } else { Err(DoorError::Malformed) }
    }
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-./".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// What a callee's function gets beside the operation.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which system calls: from the link.
    pub from: Party,
    /// For whom, proved.
    pub behalf: Proved,
    /// The proof as it came: calls to other systems for the same person carry it on.
    pub on_behalf: OnBehalf,
    /// For whom that one acts, as claimed: the callee checks it where it matters.
    pub acting_for: ActingFor,
    /// What for.
    pub purpose: String,
    /// When the caller stops waiting.
    pub deadline: Time,
    /// The idempotency key, if the caller gave one.
    pub key: Option<String>,
    /// The operation's name.
    pub operation: &'static str,
    /// The operation's bytes as they came: with `key` they are what may not differ.
    pub payload: Vec<u8>,
}

impl Asked {
    /// What the key is scoped to: system, on whose behalf, operation (PROTOCOLS §1).
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{} {} {}", self.from, self.behalf.scope(), self.operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(rest: &str) -> Result<(), DoorError> {
        let body = format!(r#"{{"operation":{{"a": 1}},"purpose":"x",{rest}}}"#);
        ReadCall::parse(body.as_bytes()).map(|call| assert_eq!(call.operation.get(), r#"{"a": 1}"#))
    }

    #[test]
    fn a_call_is_read_with_the_very_bytes_of_its_operation() {
        let behalf = r#""on_behalf":{"kind":"permission","number":"LV-1/2026"}"#;
        assert_eq!(parsed(behalf), Ok(()));
        assert_eq!(parsed(&format!(r#"{behalf},"key":"k1""#)), Ok(()));
    }

    #[test]
    fn a_call_of_another_form_is_refused() {
        let behalf = r#""on_behalf":{"kind":"permission","number":"1"}"#;
        for rest in [
            r#""on_behalf":{"kind":"permission","number":"1 2"}"#,
            r#""on_behalf":{"kind":"permission","number":""}"#,
            r#""on_behalf":{"kind":"anybody"}"#,
            r#""key":"k1""#,
            &format!(r#"{behalf},"key":"""#),
            &format!(r#"{behalf},"key":"a b""#),
            &format!(r#"{behalf},"key":"{}""#, "k".repeat(65)),
            &format!(r#"{behalf},"from":"lvrtc/sam""#),
            &format!(r#"{behalf},"deadline":"soon""#),
        ] {
            assert_eq!(parsed(rest), Err(DoorError::Malformed), "{rest}");
        }
        assert!(matches!(ReadCall::parse(&vec![b' '; MAX_BODY + 1]), Err(DoorError::TooLong)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            let _ = ReadCall::parse(&bytes);
        }
    }
}
