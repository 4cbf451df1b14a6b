//! `cargo xtask peers [--require all]`: outside tools judge what a demo issues, answers, stamps
//! and signs: openssl, curl, pdfsig with an NSS database, pyHanko. At the end a signed file is
//! changed in many ways, and a table says who notices which.
//!
//! What the demo does not offer is printed as skipped, and fails with `--require all`.

mod certificates;
mod changes;
mod der;
pub(crate) mod documents;
pub(crate) mod judges;
mod table;
mod wrapping;

use std::path::Path;
use std::process::Command;

use crate::demo::Demo;
use crate::task;
use judges::Judges;

/// What came of one trial.
enum Said {
    /// The tool agrees; what it printed.
    Held(String),
    /// It could not be tried, and why.
    Skipped(String),
}

/// A trial: its name, the tool, and what tries it.
type Trial = (&'static str, &'static str, fn(&Demo) -> Result<Said, String>);

const TRIALS: &[Trial] = &[
    ("issuing authority under the root", "openssl verify", certificates::issuing),
    ("client's transport certificate", "openssl verify", certificates::transport),
    ("revocation list of the root", "openssl crl", certificates::list),
    ("a person, over mutual TLS", "curl", certificates::person),
    ("a time-stamp, and a wrong one", "openssl ts", certificates::stamp),
    ("status of the time-stamp unit", "openssl ocsp", certificates::status),
];

/// Runs all trials.
///
/// # Errors
/// The first lines of what a tool refused.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let required = match args {
        [] => false,
        [flag, what] if flag == "--require" && what == "all" => true,
        _ => return Err("usage: cargo xtask peers [--require all]".to_owned()),
    };
    let programs = ["openssl", "curl", "pdfsig", "certutil", "python3"];
    let packages = ["openssl", "curl", "poppler-utils", "libnss3-tools", "python3", "python3-venv"];
    task::installed(&programs, &packages)?;
    let began = task::elapsed();
    let mut demo = Demo::start("peers", 50)?;
    let mut failed = 0;
    for (what, tool, trial) in TRIALS {
        let (word, detail) = match trial(&demo) {
            Ok(Said::Held(said)) => ("held", said),
            Ok(Said::Skipped(why)) if required => {
                failed += 1;
                ("MISSING", why)
            }
            Ok(Said::Skipped(why)) => ("skipped", why),
            Err(why) => {
                failed += 1;
                ("FAILED", why)
            }
        };
        let detail = detail.trim().lines().take(8).collect::<Vec<_>>().join(" | ");
        task::say(&format!("{word:<8} {tool:<16} {what}: {detail}"));
    }
    let table = table::made(&demo, &Judges::new(&demo)?)?;
    table.lines.iter().for_each(|line| task::say(line));
    for wrong in &table.wrong {
        failed += 1;
        task::say(&format!("FAILED   {wrong}"));
    }
    demo.end()?;
    task::say(&format!("peers: {:.0} s", task::elapsed() - began));
    if failed == 0 { Ok(()) } else { Err(format!("{failed} trials failed")) }
}

/// How long a tool may take, in seconds.
const PATIENCE: &str = "120";

/// What a tool printed on both outputs, and whether it succeeded.
fn tool(program: &Path, arguments: &[&str]) -> Result<(bool, String), String> {
    let done = Command::new("timeout").arg(PATIENCE).arg(program).args(arguments).output();
    let done = done.map_err(|why| format!("{}: {why}", program.display()))?;
    if done.status.code() == Some(124) {
        return Err(format!("{} did not end in {PATIENCE} s", program.display()));
    }
    let said = [done.stdout, done.stderr].concat();
    Ok((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

/// The same of a tool that must succeed.
fn good(program: &str, arguments: &[&str]) -> Result<String, String> {
    match tool(Path::new(program), arguments)? {
        (true, said) => Ok(said),
        (false, said) => Err(format!("{program} {}: {said}", arguments.join(" "))),
    }
}

/// The path as text.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
