//! The register of natural persons (Fizisko personu reģistrs, FPRIS).
//!
//! Who a person is, as facts that many institutions write and nobody overwrites; who may look, for
//! what, and a record of each look. One entry's way: [`Persons::find`] asks the table of
//! permissions, reads one snapshot through the log's `seen`, and answers after the records are
//! committed.
//!
//! Invariant: rows with personal data are private to this crate, and no function gives them out
//! but through the log. Unknown and protected persons take the same path: the same statements,
//! the same records, the same bytes.

mod asking;
mod door;
mod enter;
mod failed;
mod find;
mod handles;
mod import;
mod ledger;
mod life;
mod own;
mod own_looks;
mod permission;
mod persons;
mod record;
mod row;
mod search;
mod value;
mod view;

pub use asking::{Asking, OnBehalf};
pub use handles::{HandlePurpose, LocalHandles};
pub use import::{ImportError, Newcomer};
pub use life::{LifeInput, StepError, step};
pub use permission::{Beyond, Permission};
pub use persons::{Persons, SCHEMA};
