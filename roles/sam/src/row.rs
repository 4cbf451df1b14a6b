//! Words of enumerations as columns hold them.

use base::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Stop;

/// The one word of a value of a plain enumeration.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    let written = serde_json::to_value(value).ok();
    written.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value of a word.
pub(crate) fn of_word<T: DeserializeOwned>(word: &str) -> Result<T, Stop> {
    let value = serde_json::Value::String(word.to_owned());
    serde_json::from_value(value).map_err(|_| Stop::Damaged("a word of an enumeration"))
}

/// JSON for a column.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Stop> {
    serde_json::to_string(value).map_err(|_| Stop::Damaged("a value that cannot be written"))
}

/// JSON of a column.
pub(crate) fn of_json<T: DeserializeOwned>(text: &str) -> Result<T, Stop> {
    serde_json::from_str(text).map_err(|_| Stop::Damaged("a column of JSON"))
}

/// SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> Digest {
    Digest(keys::sha256(bytes))
}
