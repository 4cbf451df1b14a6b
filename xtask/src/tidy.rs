//! `cargo xtask tidy`: every house rule that a program can check, in one run.
//!
//! Rules about packages are in [`packages`], about source files in [`sources`]; `tests/bans.rs`
//! proves that the clippy bans fire. A rule gives findings; any finding fails the task.

mod packages;
mod sources;

use crate::task;

/// One broken rule: where, and what to do.
pub(crate) struct Finding {
    /// A file with its line, or a package.
    pub(crate) place: String,
    /// What is wrong and what is right.
    pub(crate) what: String,
}

/// Runs all rules.
///
/// # Errors
/// The number of findings, each printed before.
pub(crate) fn run(_: &[String]) -> Result<(), String> {
    let mut findings = packages::findings()?;
    findings.extend(sources::findings()?);
    for Finding { place, what } in &findings {
        task::say(&format!("{place}: {what}"));
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("{} findings", findings.len())) }
}
