//! Tests over the whole crate, with signatures, OpenSSL and golden files.

mod certificates;
mod limbo;
mod lints;
mod paths;
#[expect(clippy::disallowed_types, reason = "the signing call asks for its own chance")]
mod requests;
mod status;
#[expect(clippy::disallowed_types, reason = "the signing call asks for its own chance")]
mod support;
