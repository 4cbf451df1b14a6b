//! What the app shows before a person answers.

use app::Shown;
use serde_json::{Value, from_slice, to_value};

/// What is shown is all that the bytes say.
pub fn shown(data: &[u8]) {
    let Ok(read) = Shown::parse(data) else { return };
    let all: Option<Value> = from_slice(data).ok();
    assert_eq!(to_value(read.request()).ok(), all);
    let _ = (read.op(), read.claims(), read.items(), read.control_code());
}
