//! `sakta audit`: checking a log without the process that keeps it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use audit::{LogKey, Proof, verify};
use clap::Subcommand;

/// What can be done with a log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks every byte of an archived log offline: entries, tiles, and each signed checkpoint;
    /// or the proof of one entry, as the portal hands it out.
    ///
    /// Exit code 0: sound. 1: something does not hold, each named. 2: unreadable.
    Verify {
        /// The archive's folder, or a `.tlog-proof` file.
        log: PathBuf,
        /// The log's public key, or a file that holds it; without it `<log>.key` beside.
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
    let Command::Verify { log: folder, key } = command;
    let key = key_of(folder, key.as_deref())?;
    if folder.is_file() {
        let (code, said) = proof(folder, &key);
        println!("{said}");
        return Ok(ExitCode::from(code));
    }
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

/// What is to be said of the proof in a file, and the exit code.
fn proof(file: &Path, key: &LogKey) -> (u8, String) {
    let read = std::fs::read_to_string(file).map_err(|why| why.to_string());
    let parsed = read.and_then(|text| Proof::parse(&text).map_err(|why| why.to_string()));
    let proof = match parsed {
        Ok(proof) => proof,
        Err(why) => return (2, format!("{}: {why}", file.display())),
    };
    match proof.checked(key) {
        Ok((leaf, signed)) => {
            let (place, size) = (proof.position.saturating_add(1), signed.head.size);
            let entry = format!("entry {place} of {} in {}", leaf.day, key.log);
            (0, format!("sound: {entry}, under the checkpoint of {size} signed {}", signed.at))
        }
        Err(why) => (1, format!("NOT SOUND: {why}")),
    }
}

fn key_of(folder: &Path, given: Option<&str>) -> Result<LogKey, AuditError> {
    let beside = folder.with_extension("key");
    let text = match given {
        Some(given) => std::fs::read_to_string(given).unwrap_or_else(|_| given.to_owned()),
        None => std::fs::read_to_string(&beside).map_err(|_| AuditError::Key(beside))?,
    };
    text.trim().parse().map_err(|_| AuditError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_proof_is_unreadable() {
        let key = LogKey { log: "pmlp/persons".to_owned(), public_key: [0; 32] };
        assert_eq!(proof(Path::new("/nowhere.tlog-proof"), &key).0, 2);
        let manifest = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        let (code, said) = proof(manifest, &key);
        assert_eq!((code, said.ends_with("not a proof of an entry")), (2, true), "{said}");
    }

    #[test]
    fn a_proof_that_leads_nowhere_is_not_sound() {
        let key = LogKey { log: "pmlp/persons".to_owned(), public_key: [0; 32] };
        let told = Proof {
            position: 0,
            leaf: vec![1],
            path: Vec::new(),
            checkpoint: b"pmlp/persons\n1\n".to_vec(),
        };
        let folder = std::env::temp_dir().join(format!("proof-{}", std::process::id()));
        std::fs::write(&folder, told.text()).unwrap();
        let (code, said) = proof(&folder, &key);
        std::fs::remove_file(&folder).unwrap();
        assert_eq!((code, said.as_str()), (1, "NOT SOUND: not a checkpoint"));
    }
}
