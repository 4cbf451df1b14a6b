//! What every task needs: the root of the house, saying a line, running a command.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

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

/// Seconds since the machine started, 0 where it does not say.
pub(crate) fn elapsed() -> f64 {
    let said = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    said.split(' ').next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}

/// Waits for so many milliseconds, or a little less.
pub(crate) fn pause(millis: u64) {
    std::thread::park_timeout(Duration::from_millis(millis));
}

/// Installs Debian packages when one of the programs is absent.
///
/// # Errors
/// What apt-get said.
pub(crate) fn installed(programs: &[&str], packages: &[&str]) -> Result<(), String> {
    let folders = ["/usr/bin", "/usr/local/bin", "/bin"].map(PathBuf::from);
    let stands = |name: &&str| folders.iter().any(|folder| folder.join(name).exists());
    if programs.iter().all(stands) {
        return Ok(());
    }
    packaged(packages)
}

/// Installs Debian packages; where that fails, once more with newer lists.
///
/// # Errors
/// What apt-get said.
pub(crate) fn packaged(packages: &[&str]) -> Result<(), String> {
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        output(apt.args(words).env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    apt(&install).or_else(|_| apt(&["update"]).and_then(|()| apt(&install)))
}
