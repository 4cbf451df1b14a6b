//! The tasks of this repository: `cargo xtask <task>`. Each is a file of its own here.

mod browser;
mod corpus;
mod demo;
mod fuzz;
mod kill;
mod peers;
mod pg;
mod task;
mod tidy;

use std::process::ExitCode;

/// A task: its name, what it is for, and what runs it with the words after its name.
type Task = (&'static str, &'static str, fn(&[String]) -> Result<(), String>);

const TASKS: &[Task] = &[
    ("tidy", "check every house rule that a program can check", tidy::run),
    ("pg", "run the suites that use the store against PostgreSQL", pg::run),
    ("browser", "walk the demo's journey in Chromium, look at every page with axe", browser::run),
    (
        "peers",
        "let outside tools judge what the demo issues, stamps, answers and signs",
        peers::run,
    ),
    ("corpus", "sign real PDF files of many producers, and let outside tools judge", corpus::run),
    ("fuzz", "give every parser what strangers might send, for some seconds", fuzz::run),
    ("kill", "kill -9 the demo under load and miss nothing afterwards", kill::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = words.split_first() else {
        return usage();
    };
    let Some((_, _, run)) = TASKS.iter().find(|(own, _, _)| own == name) else {
        return usage();
    };
    match run(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            task::say(&format!("{name}: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    task::say("usage: cargo xtask <task>");
    for (name, purpose, _) in TASKS {
        task::say(&format!("  {name:<10} {purpose}"));
    }
    ExitCode::FAILURE
}
