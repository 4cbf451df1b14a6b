//! Checking advanced electronic signatures: [`check`] is a pure function from what was signed, the
//! evidence at hand and the caller's trust to a [`Report`] in the words of EN 319 102-1.
//!
//! A verdict has three axes that are never mixed (R22): validity, qualification, authority. Without
//! trusted lists and registers the last two are "not determined".
//!
//! So far PDF signatures are covered: [`check_pdf`]. Invariant: nothing here reaches the world,
//! asks for the time, or fetches what is missing; missing evidence is `INDETERMINATE`.

mod algorithm;
mod cause;
mod chain;
mod check;
mod input;
mod pades;
mod report;
mod stamp;
mod status;

pub use algorithm::{AlgorithmRule, Mechanism, TS_119_312_V2_1_1};
pub use cause::Cause;
pub use check::check;
pub use input::{Changes, Evidence, Input, Kind, Signed, Trust};
pub use pades::check_pdf;
pub use report::{
    Authority, Coverage, Indication, Qualification, Reason, Report, SignatureReport, StampKind,
    StampReport, SubIndication,
};
pub use x509::{Algorithms, Certificate};
