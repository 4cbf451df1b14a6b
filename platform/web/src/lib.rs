//! The glue between axum and the house: hosts, problems, extractors, cookies, sessions, limits,
//! and the table that says who may come to which route.
//!
//! A handler parses, calls one function, answers: ten lines. Everything that every handler would
//! repeat is here. Invariant: nothing here knows a system.

mod address;
mod cookie;
mod extract;
mod files;
mod frontage;
mod host;
mod language;
mod limit;
mod metrics;
mod problem;
mod routes;
mod session;

pub use address::{Address, Fronts};
pub use cookie::{Cookies, SetCookie};
pub use extract::{Form, Json, Path, Query};
pub use files::{PAGE_FILES, page_file};
pub use frontage::{Frontage, private_page};
pub use host::Hosts;
pub use language::Language;
pub use limit::Bucket;
pub use metrics::{Figure, Figures, standing};
pub use problem::{Failed, Refused};
pub use routes::{Access, Route, Routes};
pub use session::{SESSION_SCHEMA, Session, Sessions, Visitor};
