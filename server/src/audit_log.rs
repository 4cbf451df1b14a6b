//! `sakta audit`: checking a log without the process that keeps it.

use std::path::PathBuf;
use std::process::ExitCode;

use audit::{LogKey, verify};
use clap::Subcommand;

/// What can be done with a log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks every byte of an archived log offline: entries, tiles, and each signed checkpoint.
    ///
    /// Exit code 0: sound. 1: something does not hold, each named. 2: unreadable.
    Verify {
        /// The archive's folder.
        folder: PathBuf,
        /// The log's public key, or a file that holds it; without it `<folder>.key` beside.
        #[arg(long)]
        key: Option<String>,
    },
}

/// Why a log cannot be checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuditError {
    /// No key was given and none lies beside.
    #[error("no public key: give --key, or put it into {}", .0.display())]
    Key(PathBuf),
    /// What was given is no key of a log.
    #[error("that is no public key of a log")]
    Form,
}

/// Runs the command.
///
/// # Errors
/// [`AuditError`].
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub(crate) fn run(command: &Command) -> Result<ExitCode, AuditError> {
    let Command::Verify { folder, key } = command;
    let key = key_of(folder, key.as_deref())?;
    let report = match verify::directory(folder, &key) {
        Ok(report) => report,
        Err(why) => {
            println!("{}: {why}", folder.display());
            return Ok(ExitCode::from(2));
        }
    };
    for problem in &report.problems {
        println!("{}: {}", problem.file, problem.what);
    }
    if !report.sound() {
        println!("NOT SOUND: {} problems", report.problems.len());
        return Ok(ExitCode::FAILURE);
    }
    let entries = report.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.head.size);
    println!(
        "sound: {} entries, {} checkpoints, {} files of {}",
        entries, report.checkpoints, report.files, key.log
    );
    Ok(ExitCode::SUCCESS)
}

fn key_of(folder: &std::path::Path, given: Option<&str>) -> Result<LogKey, AuditError> {
    let beside = folder.with_extension("key");
    let text = match given {
        Some(given) => std::fs::read_to_string(given).unwrap_or_else(|_| given.to_owned()),
        None => std::fs::read_to_string(&beside).map_err(|_| AuditError::Key(beside))?,
    };
    text.trim().parse().map_err(|_| AuditError::Form)
}
