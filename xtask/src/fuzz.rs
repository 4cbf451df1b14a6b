//! `cargo xtask fuzz [--seconds N]`: what strangers send, to every parser, for so many seconds in
//! all (20 by default).
//!
//! With cargo-fuzz and a nightly compiler libFuzzer looks for new paths; without, `replay` calls
//! the same functions with seeds, test vectors and changes of both. Either keeps what breaks a
//! parser in `fuzz/artifacts`, and begins with that the next time.

use std::path::Path;
use std::process::Command;

use crate::task;

/// Runs all targets.
///
/// # Errors
/// Which targets did not hold; that none could be built.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let seconds: u64 = match args {
        [] => 20,
        [flag, number] if flag == "--seconds" => number.parse().map_err(|_| usage())?,
        _ => return Err(usage()),
    };
    let home = task::root().join("fuzz");
    if works(&["nightly", "cargo", "fuzz", "--version"]) {
        explored(&home, seconds)
    } else {
        task::say("no cargo-fuzz, or no nightly compiler: replaying, which explores less");
        replayed(&home, seconds)
    }
}

fn usage() -> String {
    "usage: cargo xtask fuzz [--seconds N]".to_owned()
}

/// Whether `rustup run` with these words succeeds.
fn works(words: &[&str]) -> bool {
    let done = Command::new("rustup").arg("run").args(words).output();
    done.is_ok_and(|done| done.status.success())
}

/// libFuzzer, each target for its share of the time.
fn explored(home: &Path, seconds: u64) -> Result<(), String> {
    let targets = targets(home)?;
    let share = (seconds / u64::try_from(targets.len()).unwrap_or(1).max(1)).max(1);
    let mut broken = Vec::new();
    for target in targets {
        let found = home.join("corpus").join(&target);
        std::fs::create_dir_all(&found).map_err(|why| format!("{}: {why}", found.display()))?;
        let folders =
            ["corpus", "seeds", "artifacts"].map(|folder| home.join(folder).join(&target));
        let mut fuzz = Command::new("rustup");
        fuzz.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir"]).arg(home).arg(&target);
        fuzz.args(folders.iter().filter(|folder| folder.is_dir())).arg("--");
        fuzz.args([format!("-max_total_time={share}"), "-timeout=20".to_owned()]);
        if !succeeded(&mut fuzz)? {
            broken.push(target);
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(format!("not held: {}", broken.join(", "))) }
}

/// The names of the targets, which are those of their files.
fn targets(home: &Path) -> Result<Vec<String>, String> {
    let folder = home.join("fuzz_targets");
    let entries =
        std::fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let name = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| name(&entry.path())).collect();
    names.sort();
    Ok(names)
}

fn replayed(home: &Path, seconds: u64) -> Result<(), String> {
    let mut replay = Command::new("cargo");
    replay.args(["run", "--quiet", "--locked", "--no-default-features", "--bin", "replay"]);
    replay.arg("--manifest-path").arg(home.join("Cargo.toml"));
    replay.args(["--", "--seconds", &seconds.to_string()]);
    let held = succeeded(&mut replay)?;
    if held { Ok(()) } else { Err("not every target held".to_owned()) }
}

fn succeeded(command: &mut Command) -> Result<bool, String> {
    let status = command.status().map_err(|why| format!("{command:?}: {why}"))?;
    Ok(status.success())
}
