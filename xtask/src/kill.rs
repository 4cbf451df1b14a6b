//! `cargo xtask kill [--rounds N]`: looks at people under load, `kill -9` at random, and nothing
//! that was answered is missing from the log.
//!
//! Each answered look leaves the same number of entries, which is counted first. After each round
//! the archived log is checked offline and must have grown by that many for every answer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::demo::Demo;
use crate::task;

/// Callers at once.
const CALLERS: usize = 4;
/// Calls of one run of curl.
const CALLS: usize = 2_000;
/// How long a log may take to settle, in seconds.
const PATIENCE: f64 = 60.0;
/// A log that has not grown for so many seconds has settled.
const QUIET: f64 = 1.5;
/// The same of one that lacks entries: a busy machine may only be slow.
const QUIET_LACKING: f64 = 20.0;

/// Runs the rounds.
///
/// # Errors
/// What was lost, or what could not be tried.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let rounds = rounds(args)?;
    let began = task::elapsed();
    let mut demo = Demo::start("kill", 200)?;
    let each = entries_each(&demo)?;
    let mut answered = 0;
    let before = settled(&demo, 0)?;
    let mut slowest: f64 = 0.0;
    for round in 1..=rounds {
        let life = 200 + chance()? % 1_800;
        let load = load(&demo, CALLS)?;
        task::pause(life);
        demo.kill();
        let answers = load.into_iter().map(Caller::ended).sum::<Result<usize, String>>()?;
        answered += answers;
        demo.again()?;
        slowest = slowest.max(demo.started_in);
        let entries = settled(&demo, before + answered * each)?.saturating_sub(before);
        task::say(&format!(
            "round {round:>2}: killed after {life} ms with {answers} answers; \
             {entries} entries for {answered} answers in all"
        ));
        if entries < answered * each {
            return Err(format!("LOST: {entries} entries where {answered} were answered"));
        }
    }
    demo.end()?;
    task::say(&format!(
        "kill: {rounds} rounds, {answered} answers, none lost; slowest start {slowest:.1} s; \
         {:.0} s",
        task::elapsed() - began
    ));
    if answered == 0 { Err("no call was answered: nothing was tried".to_owned()) } else { Ok(()) }
}

/// How many entries an answered look leaves: of looks that nothing disturbs.
fn entries_each(demo: &Demo) -> Result<usize, String> {
    let calm = || load(demo, 5)?.into_iter().map(Caller::ended).sum::<Result<usize, String>>();
    // The first look at somebody in a year makes more.
    calm()?;
    let before = settled(demo, 0)?;
    let answers = calm()?;
    let entries = settled(demo, 0)?.saturating_sub(before);
    match entries.checked_rem(answers) {
        Some(0) if entries > 0 => {
            task::say(&format!("{answers} calm looks left {entries} entries"));
            Ok(entries / answers)
        }
        _ => Err(format!("{answers} looks left {entries} entries")),
    }
}

fn rounds(args: &[String]) -> Result<u32, String> {
    match args {
        [] => Ok(20),
        [flag, number] if flag == "--rounds" => {
            number.parse().map_err(|_| format!("{number} is no number of rounds"))
        }
        _ => Err("usage: cargo xtask kill [--rounds N]".to_owned()),
    }
}

/// One curl that makes many calls over one connection and writes a line for each answer.
struct Caller {
    child: Child,
    answers: PathBuf,
}

fn load(demo: &Demo, calls: usize) -> Result<Vec<Caller>, String> {
    let config = demo.folder().join("calls");
    fs::write(&config, transfers(demo, calls)?).map_err(|why| why.to_string())?;
    (0..CALLERS).map(|number| Caller::start(demo.folder(), &config, number)).collect()
}

/// Looks at the first of the cast, by curl.
fn transfers(demo: &Demo, calls: usize) -> Result<String, String> {
    let says = |pointer: &str| {
        demo.says(pointer).ok_or_else(|| format!("demo.json does not say {pointer}"))
    };
    let url = format!("{}/call/persons/find", says("/addresses/tls")?);
    let [certificate, key, roots] =
        ["certificate", "key", "roots"].map(|file| says(&format!("/clients/0/tls/{file}")));
    let (certificate, key, roots) = (certificate?, key?, roots?);
    let body = serde_json::json!({
        "operation": {"code": format!("PNOLV-{}", says("/persons/0/code")?), "groups": ["names"]},
        "on_behalf": {"kind": "permission", "number": says("/clients/0/permission")?},
        "purpose": says("/clients/0/purpose")?,
    });
    let body = body.to_string().replace('"', "\\\"");
    let transfer = format!(
        "url = \"{url}\"\ndata = \"{body}\"\ncert = \"{certificate}\"\nkey = \"{key}\"\n\
         cacert = \"{roots}\"\noutput = /dev/null\nsilent\nwrite-out = \"%{{http_code}}\\n\"\n"
    );
    Ok(vec![transfer; calls].join("next\n"))
}

impl Caller {
    fn start(folder: &Path, config: &Path, number: usize) -> Result<Self, String> {
        let answers = folder.join(format!("answers-{number}"));
        let out = fs::File::create(&answers).map_err(|why| why.to_string())?;
        let child = Command::new("curl")
            .arg("--config")
            .arg(config)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(Stdio::null())
            .spawn();
        Ok(Self { child: child.map_err(|why| format!("curl: {why}"))?, answers })
    }

    /// How many answers it got.
    fn ended(mut self) -> Result<usize, String> {
        // After the kill each further call fails at once; how curl ends says nothing.
        let _ = self.child.wait();
        let said = fs::read_to_string(&self.answers).map_err(|why| why.to_string())?;
        let (good, other): (Vec<_>, Vec<_>) =
            said.lines().filter(|line| *line != "000").partition(|line| *line == "200");
        match other.first() {
            // "Busy" answers nothing and records nothing.
            Some(code) if *code != "503" => Err(format!("a call was answered with {code}")),
            _ => Ok(good.len()),
        }
    }
}

/// The entries of the archived log, once it has not grown for a while: the sequencer follows its
/// store within a second. One that holds less than is `due` gets longer.
fn settled(demo: &Demo, due: usize) -> Result<usize, String> {
    let archive = demo.says("/logs/0/archive").ok_or("demo.json names no log")?;
    let (began, mut last, mut since) = (task::elapsed(), None, task::elapsed());
    loop {
        let mut verify = Command::new(demo.program());
        let said = verify.args(["audit", "verify", archive]).output();
        let said = said.map_err(|why| format!("audit verify: {why}"))?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let found = entries(&text).filter(|_| said.status.success());
        let now = task::elapsed();
        if found.is_none() || found != last {
            (last, since) = (found, now);
        }
        let quiet = if found.is_some_and(|entries| entries < due) { QUIET_LACKING } else { QUIET };
        match found {
            Some(entries) if now - since >= quiet => return Ok(entries),
            None if now - began > PATIENCE => {
                return Err(format!("the log does not hold: {}", text.trim_end()));
            }
            _ if now - began > PATIENCE => return Err("the log does not settle".to_owned()),
            _ => task::pause(200),
        }
    }
}

/// 12 for `sound: 12 entries, …`.
fn entries(text: &str) -> Option<usize> {
    let rest = text.lines().find_map(|line| line.strip_prefix("sound: "))?;
    rest.split(' ').next()?.parse().ok()
}

/// A number of chance.
fn chance() -> Result<u64, String> {
    use std::io::Read;
    let mut bytes = [0; 8];
    let mut source = fs::File::open("/dev/urandom").map_err(|why| why.to_string())?;
    source.read_exact(&mut bytes).map_err(|why| why.to_string())?;
    Ok(u64::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entries_stand_in_the_verdict() {
        let text = "sound: 12 entries, 2 checkpoints, 5 files of pmlp/persons\n";
        assert_eq!(entries(text), Some(12));
        assert_eq!(entries("NOT SOUND: 1 problems\n"), None);
    }
}
