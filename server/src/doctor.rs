//! `sakta doctor`: what is wrong with an installation, and what to do about it.

use std::path::Path;
use std::process::ExitCode;

use crate::World;
use crate::config::Config;
use crate::place::Data;

/// One thing looked at.
struct Finding {
    what: String,
    wrong: Option<String>,
}

/// Looks at everything that can be looked at without starting, and prints a line for each.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub(crate) fn doctor(file: &Path, world: &World) -> ExitCode {
    let findings = findings(file, world);
    let wrong = findings.iter().filter(|finding| finding.wrong.is_some()).count();
    for Finding { what, wrong } in &findings {
        match wrong {
            None => println!("ok     {what}"),
            Some(why) => println!("WRONG  {what}: {why}"),
        }
    }
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn findings(file: &Path, world: &World) -> Vec<Finding> {
    let finding =
        |what: &str, done: Result<(), String>| Finding { what: what.to_owned(), wrong: done.err() };
    let config = if file.exists() {
        match Config::read(file) {
            Ok(config) => config,
            Err(why) => return vec![finding("configuration", Err(why.to_string()))],
        }
    } else {
        Config::default()
    };
    let now = world.clock.now();
    let clock = if now.utc_date().year() >= 2026 {
        Ok(())
    } else {
        Err(format!("it shows {now}; set it, signatures and time-stamps depend on it"))
    };
    vec![
        finding("configuration", Ok(())),
        finding("clock", clock),
        finding("data folder", folder(&config.data)),
        finding("transport certificates", transport(&config.data)),
    ]
}

fn folder(data: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let described = std::fs::metadata(data)
        .map_err(|e| format!("{}: {e}; `sakta setup` makes it", data.display()))?;
    let mode = described.permissions().mode() & 0o077;
    if mode == 0 {
        Ok(())
    } else {
        Err(format!("others may read {}; chmod 700 it", data.display()))
    }
}

fn transport(data: &Path) -> Result<(), String> {
    let data = Data::at(data).map_err(|e| e.to_string())?;
    let file = data.path().join("transport").join("ca.pem");
    crate::transport::certificates(&file).map(drop).map_err(|e| e.to_string())
}
