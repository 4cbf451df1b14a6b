//! First figures: what an operation costs the processes of a demo in CPU, through HTTP and
//! durable, beside its cryptographic floor.
//!
//! ```text
//! cargo build --release && cargo run --release -p sakta-bench
//! ```
//!
//! The figure is the CPU time, user and system, of the web process and of every process that it
//! started, divided by the operations that were answered; callers are processes of their own and
//! are not counted. The floor is the CPU time of the signatures, verifications and seals that the
//! protocols ask of those processes, measured here, one after another.

mod calls;
mod cpu;
mod demo;
mod floor;
mod signing;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use demo::Demo;
use floor::Floor;
use table::Table;

/// Measures a demo.
#[derive(Debug, Parser)]
struct Options {
    /// The binary to be measured.
    #[arg(long, default_value = "target/release/sakta")]
    program: PathBuf,
    /// People in the country: each first look of the year is at another one.
    #[arg(long, default_value_t = 1_000)]
    population: u64,
}

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
enum BenchError {
    /// A file or a process.
    #[error("{what}: {why}")]
    Machine {
        /// What was tried.
        what: String,
        /// Why it failed.
        why: std::io::Error,
    },
    /// The demo says something else than it should.
    #[error("{0}")]
    Demo(String),
    /// A key that cannot be made.
    #[error("a key refused: {0}")]
    Key(String),
}

fn main() -> ExitCode {
    match measured(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&format!("bench: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn measured(options: &Options) -> Result<(), BenchError> {
    let floor = Floor::measured()?;
    let demo = Demo::start(&options.program, options.population)?;
    say(&format!("the demo started in {:.1} s", demo.started_in.as_secs_f64()));
    let mut table = Table::default();
    calls::measured(&demo, &floor, &mut table)?;
    signing::measured(&demo, &floor, &mut table)?;
    say(&floor.text());
    say(&table.text());
    Ok(())
}

#[expect(clippy::print_stdout, reason = "figures are for a terminal")]
fn say(text: &str) {
    println!("{text}");
}

impl BenchError {
    fn of(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |why| Self::Machine { what, why }
    }
}
