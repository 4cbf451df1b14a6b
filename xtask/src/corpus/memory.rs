//! How much memory `sakta sign` and `sakta check` need for each file.
//!
//! Signing is measured while another process is the phone: its PIN key alone takes 64 MiB.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::demo::Demo;
use crate::peers::documents::Hand;
use crate::task;

/// What a file may need beside what the process needs anyway, in KiB.
const MOST: u64 = 64 << 10;
/// How long one command may take, in seconds.
const PATIENCE: &str = "60";
/// After so many files a new login is made: a session lasts ten minutes.
const LOGIN: usize = 200;

/// What a file needed, in KiB.
struct Needed {
    name: String,
    size: u64,
    sign: u64,
    check: u64,
}

/// Signs and checks each file by itself; says what needed most, and what needed too much.
///
/// # Errors
/// When a file could not be signed or checked.
pub(super) fn tried(
    demo: &Demo,
    hand: &Hand<'_>,
    files: &[PathBuf],
) -> Result<Vec<String>, String> {
    let folder = demo.folder().join("memory");
    std::fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
    let least = folder.join("least.pdf");
    std::fs::write(&least, pdf::trial::page("words")).map_err(|why| why.to_string())?;
    let mut trial = Trial { demo, hand, out: folder.join("out"), meter: Meter::start(hand)? };
    let mut all = Vec::new();
    for (number, file) in [&least].into_iter().chain(files).enumerate() {
        if number % LOGIN == 0 {
            trial.log_in(number)?;
        }
        all.push(trial.needed(file)?);
    }
    let least = all.remove(0);
    print(&least, &mut all);
    let over = |need: &Needed| need.own(&least) > MOST;
    let wrong = |need: &Needed| format!("{}: needs {} MiB", need.name, need.own(&least) >> 10);
    Ok(all.iter().filter(|need| over(need)).map(wrong).collect())
}

impl Needed {
    /// What the document itself took, the greater of both.
    fn own(&self, least: &Self) -> u64 {
        self.sign.saturating_sub(least.sign).max(self.check.saturating_sub(least.check))
    }
}

fn print(least: &Needed, all: &mut [Needed]) {
    all.sort_by_key(|need| std::cmp::Reverse(need.own(least)));
    task::say("\n| memory at most, in KiB | bytes | sign | check | own |\n|---|---|---|---|---|");
    for need in [least].into_iter().chain(all.iter().take(6)) {
        let Needed { name, size, sign, check } = need;
        task::say(&format!("| {name} | {size} | {sign} | {check} | {} |", need.own(least)));
    }
}

struct Trial<'d> {
    demo: &'d Demo,
    hand: &'d Hand<'d>,
    out: PathBuf,
    meter: Meter,
}

impl Trial<'_> {
    fn log_in(&self, number: usize) -> Result<(), String> {
        let page = self.out.with_file_name(format!("login-{number}.pdf"));
        let bytes = pdf::trial::page(&format!("login {number}"));
        std::fs::write(&page, bytes).map_err(|why| why.to_string())?;
        self.hand.forget();
        self.hand.sign(&[page], &self.out)
    }

    fn needed(&mut self, file: &Path) -> Result<Needed, String> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let size = file.metadata().map_err(|why| why.to_string())?.len();
        let program = self.demo.program().display().to_string();
        let signed = self.out.join(&name).display().to_string();
        let sign = self.hand.without_phone(file, &self.out);
        self.meter.begin(&sign)?;
        self.hand.approve()?;
        let sign = self.meter.ended()?;
        let data = self.demo.data().display().to_string();
        let check = [program, "check".to_owned(), signed, "--data".to_owned(), data];
        self.meter.begin(&check)?;
        Ok(Needed { name, size, sign, check: self.meter.ended()? })
    }
}

/// A process that runs commands and says what they needed: `xtask/peers/measured.py`.
struct Meter {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Meter {
    fn start(hand: &Hand<'_>) -> Result<Self, String> {
        let script = task::root().join("xtask/peers/measured.py");
        let mut python = Command::new("python3");
        python.arg(script).arg(PATIENCE).stdin(Stdio::piped()).stdout(Stdio::piped());
        hand.at_home(&mut python);
        let mut child = python.spawn().map_err(|why| format!("python3: {why}"))?;
        let (ask, answers) = child.stdin.take().zip(child.stdout.take()).ok_or("no pipes")?;
        Ok(Self { child, ask, answers: BufReader::new(answers) })
    }

    fn begin(&mut self, command: &[String]) -> Result<(), String> {
        let line = Value::from(command.to_vec()).to_string();
        writeln!(self.ask, "{line}").map_err(|why| format!("measured.py: {why}"))
    }

    /// The most memory that the command held at once, in KiB.
    fn ended(&mut self) -> Result<u64, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|why| format!("measured.py: {why}"))?;
        let said: Value =
            serde_json::from_str(&line).map_err(|_| format!("measured.py: {line}"))?;
        match (said.get("code").and_then(Value::as_i64), said.get("memory")) {
            (Some(0), Some(memory)) => memory.as_u64().ok_or_else(|| line.clone()),
            _ => Err(format!("a measured command failed: {line}")),
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        // It ends by itself when nothing more can be asked.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
