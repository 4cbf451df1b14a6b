//! The country pack of Latvia (R54): everything that is law or custom of one country, as data and
//! pure functions. Another country is another package with the same names.
//!
//! Invariant: nothing here reads a clock, a store or a file; nothing outside this folder says "LV".

mod age;
mod calendar;
mod code;
mod day;
mod demo;
mod ending;
mod fold;
mod institution;
mod level;
mod name;
mod owner;
mod retention;
mod status;
mod writer;

pub use age::{THRESHOLDS, Threshold, reached, threshold};
pub use calendar::{date, day_begins, shown};
pub use code::{CheckDigit, CodeError, Form, PersonalCode, parse};
pub use demo::DEMO_PROVIDER;
pub use ending::Gendered;
pub use fold::{FOLD_VERSION, fold};
pub use institution::INSTITUTIONS;
pub use level::{DEMO_ACR, LEVELS, Level, Loa, level};
pub use name::{MAX_PARTS, Name, NameError};
pub use owner::{DEFAULT_OWNERS, default_owner};
pub use retention::{CLASSES, From, Retention, retention};
pub use status::{CodeList, LegalStatus, NoRendering, rendered};
pub use writer::{COMPETENCES, Competence, competent};

/// The country's two letters. Spec: ISO 3166-1 alpha-2.
pub const COUNTRY: &str = "LV";
