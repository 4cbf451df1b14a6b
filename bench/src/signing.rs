//! Logins and signatures by the command line, with the person's phone in its hand.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::BenchError;
use crate::demo::{Cost, Demo};
use crate::floor::Floor;
use crate::table::Table;

/// Times that one file is signed.
const TIMES: u32 = 10;
/// Files of one approval.
const MANY: u32 = 100;

/// Logins, signatures one by one, and many with one approval.
///
/// # Errors
/// [`BenchError`]
pub(crate) fn measured(demo: &Demo, floor: &Floor, table: &mut Table) -> Result<(), BenchError> {
    let Ok(pins) = demo.says("/persons/0/pinFile") else {
        table.missing("login", "the demo gives nobody a phone");
        table.missing("signature", "the demo gives nobody a phone");
        return Ok(());
    };
    let signer = Signer { demo, alias: demo.says("/persons/0/alias")?, pins: Path::new(pins) };
    let failed = |table: &mut Table, why: BenchError| {
        table.missing("login, signature", &why.to_string());
    };
    if let Err(why) = signer.sign("first", 1) {
        failed(table, why);
        return Ok(());
    }
    let ones = repeated(&signer, false)?;
    table.row("signature, an approval each", TIMES, ones, floor.signature());
    let both = repeated(&signer, true)?;
    let cpu = both.cpu.saturating_sub(ones.cpu);
    let wall = both.wall.saturating_sub(ones.wall);
    table.row("login by the phone", TIMES, Cost { cpu, wall }, floor.login());
    let (cost, done) = demo.cost(|| signer.sign("many", MANY));
    done?;
    table.row("signature, one of a hundred", MANY, cost, floor.further_signature());
    Ok(())
}

/// One file after another; with a login before each, or under one session.
fn repeated(signer: &Signer<'_>, log_in: bool) -> Result<Cost, BenchError> {
    let name = if log_in { "login" } else { "one" };
    let (cost, done) = signer.demo.cost(|| {
        (0..TIMES).try_for_each(|number| {
            if log_in {
                signer.forget()?;
            }
            signer.sign(&format!("{name}-{number}"), 1)
        })
    });
    done.map(|()| cost)
}

struct Signer<'a> {
    demo: &'a Demo,
    alias: &'a str,
    pins: &'a Path,
}

impl Signer<'_> {
    /// Signs so many files with one approval.
    fn sign(&self, name: &str, count: u32) -> Result<(), BenchError> {
        let folder = self.demo.folder.join(name);
        let out = folder.join("out");
        std::fs::create_dir_all(&out).map_err(BenchError::of("a folder of files"))?;
        let files: Vec<_> = (0..count).map(|n| folder.join(format!("{n}.pdf"))).collect();
        for (number, file) in (1_u32..).zip(&files) {
            let page = pdf::trial::page(&format!("Page {number}"));
            std::fs::write(file, page).map_err(BenchError::of("a file"))?;
        }
        let done = Command::new(&self.demo.program)
            .arg("sign")
            .args(&files)
            .args(["--as", self.alias, "--pin-file"])
            .arg(self.pins)
            .arg("--out")
            .arg(&out)
            .arg("--data")
            .arg(self.demo.data())
            .env("XDG_STATE_HOME", self.state())
            .stdin(Stdio::null())
            .output()
            .map_err(BenchError::of("sakta sign"))?;
        match done.status.success() {
            true => Ok(()),
            false => {
                let said = String::from_utf8_lossy(&done.stderr);
                let last = said.lines().last().unwrap_or_default().to_owned();
                Err(BenchError::Demo(format!("sakta sign: {last}")))
            }
        }
    }

    fn state(&self) -> std::path::PathBuf {
        self.demo.folder.join("state")
    }

    /// Forgets the session.
    fn forget(&self) -> Result<(), BenchError> {
        std::fs::remove_dir_all(self.state()).map_err(BenchError::of("the session"))
    }
}
