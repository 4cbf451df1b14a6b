//! What every task needs: the root of the house, saying a line, running a command.

use std::path::PathBuf;
use std::process::Command;

/// The folder that holds the workspace.
pub(crate) fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// Prints a line for whoever runs the task.
#[expect(clippy::print_stderr, reason = "tasks speak to a terminal")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// Runs `command` and gives what it printed.
///
/// # Errors
/// What it printed to its error output, when it could not start or did not succeed.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let done = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if !done.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)));
    }
    String::from_utf8(done.stdout).map_err(|e| format!("{command:?}: {e}"))
}
