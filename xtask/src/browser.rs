//! `cargo xtask browser [--require journey]`: the demo's journey in headless Chromium without
//! script, screenshots, axe and measures of every page and of the gallery, and a login by an
//! outside client.
//!
//! `xtask/browser/journey.mjs` walks; this starts the demo, and ends it as an operator would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::demo::Demo;
use crate::task;

/// Walks the journey.
///
/// # Errors
/// What did not work; with `--require journey` also what the demo does not offer.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let usage = "usage: cargo xtask browser [--require journey] [--quick]";
    for arg in args {
        if !["--require", "journey", "--quick"].contains(&arg.as_str()) {
            return Err(usage.to_owned());
        }
    }
    let began = task::elapsed();
    task::installed(&["chromium"], &["chromium"])?;
    task::installed(&["node", "npm"], &["nodejs", "npm"])?;
    task::installed(&["openssl"], &["openssl"])?;
    let home = task::root().join("xtask/browser");
    modules(&home)?;
    let shots = task::root().join("target/browser");
    emptied(&shots)?;
    let gallery = gallery()?;
    let mut demo = Demo::start("browser", 200)?;
    let walked = Command::new("node")
        .arg(home.join("journey.mjs"))
        .arg("--demo")
        .arg(demo.data().join("demo.json"))
        .arg("--program")
        .arg(demo.program())
        .arg("--shots")
        .arg(&shots)
        .arg("--gallery")
        .arg(&gallery)
        .args(args)
        .current_dir(&home)
        .status();
    let ended = demo.end();
    let status = walked.map_err(|why| format!("node: {why}"))?;
    task::say(&format!(
        "browser: {:.0} s, the demo started in {:.1} s; screenshots in {}",
        task::elapsed() - began,
        demo.started_in,
        shots.display()
    ));
    if !status.success() {
        let said = fs::read_to_string(demo.log()).unwrap_or_default();
        let lines: Vec<_> = said.lines().collect();
        let last = lines.iter().rev().take(30).rev().copied().collect::<Vec<_>>().join("\n");
        return Err(format!("the journey failed; the demo said last:\n{last}"));
    }
    ended
}

/// The pages that tests lay out with invented data, as they are now.
fn gallery() -> Result<PathBuf, String> {
    let folder = task::root().join("target/gallery");
    emptied(&folder)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--locked", "--lib", "-p", "sakta-ui", "-p", "sakta-portal"]);
    cargo.args(["-p", "sakta-app", "write_the_gallery"]).current_dir(task::root());
    task::output(&mut cargo)?;
    Ok(folder)
}

/// An empty folder: nothing of an earlier round is taken for one of this.
fn emptied(folder: &Path) -> Result<(), String> {
    // Absent at first.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))
}

/// The modules of the lock file, installed once for each of its versions.
fn modules(home: &Path) -> Result<(), String> {
    let lock = fs::read(home.join("package-lock.json")).map_err(|why| why.to_string())?;
    let mark = home.join("node_modules/.made-of");
    if fs::read(&mark).is_ok_and(|made| made == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(home);
    task::output(&mut npm)?;
    fs::write(&mark, lock).map_err(|why| why.to_string())
}
