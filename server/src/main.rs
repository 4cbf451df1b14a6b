//! The one binary of Sakta.
//!
//! Start at [`systems`]: the twenty systems and where each lives. Then [`demo`], which puts the
//! whole country on one port, and [`house`], which makes the web process that it and `serve` run.

mod approve;
mod audit_log;
mod child;
mod clock;
mod command;
mod config;
mod demo;
mod desk;
mod doctor;
mod evidence;
mod front;
mod handles;
mod house;
mod infrastructure;
mod listen;
mod outside;
mod part;
mod phone;
mod place;
mod register;
mod relay;
mod role;
mod serve;
mod setup;
mod systems;
mod transport;
mod waiting;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use base::{Chance, Clock};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// The trust fabric of a digital state in one binary.
#[derive(Debug, Parser)]
#[command(name = "sakta", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts everything with a synthetic country and needs nothing else.
    Demo(demo::Options),
    /// Lists the twenty systems: whose each is, how far it has come, where it lives.
    Systems,
    /// Runs the web process of an installation.
    Serve {
        /// The configuration; every key has a default.
        #[arg(long, default_value = "sakta.toml")]
        config: PathBuf,
    },
    /// Makes the root, the first officers, and every process's transport certificate, then ends.
    Setup(setup::Asked),
    /// Makes transport certificates, with the key that the setup put into `ceremony/`.
    Transport {
        #[command(subcommand)]
        command: setup::Certify,
    },
    /// Shows what waits for an officer, and signs what the officer approves.
    Approve(approve::Options),
    /// Is a virtual phone, for scripts and tests of integrators.
    Phone(phone::Options),
    /// Checks the signatures of PDF files, offline.
    Check(command::Check),
    /// Signs PDF files that stay where they are, with one approval on the phone.
    Sign(command::Sign),
    /// Runs one of the processes that hold keys.
    Role(role::Options),
    /// Says what is wrong with an installation.
    Doctor {
        /// Its configuration.
        #[arg(long, default_value = "sakta.toml")]
        config: PathBuf,
    },
    /// Works on the logs of who looked at whose data.
    Audit {
        #[command(subcommand)]
        command: audit_log::Command,
    },
}

/// What every command reaches the world by.
#[derive(Clone, Debug)]
struct World {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let filter = EnvFilter::try_from_env("SAKTA_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let world = World {
        clock: Arc::new(clock::SystemClock::new()),
        chance: Arc::new(keys::SystemChance::new()),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(why) => return failed(&why),
    };
    match runtime.block_on(run(command, world)) {
        Ok(code) => code,
        Err(why) => failed(why.as_ref()),
    }
}

async fn run(command: Command, world: World) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        Command::Demo(options) => demo::demo(options, world).await?,
        Command::Systems => systems::print(),
        Command::Serve { config } => serve::serve(&config, world).await?,
        Command::Setup(asked) => setup::run(asked, &world).await?,
        Command::Transport { command } => setup::certify(&command, &world)?,
        Command::Approve(options) => approve::approve(options, &world).await?,
        Command::Phone(options) => return Ok(phone::run(options, world).await),
        Command::Check(asked) => return Ok(command::check(&asked, &world)),
        Command::Sign(asked) => return Ok(command::sign(&asked, world).await?),
        Command::Role(options) => role::role(options, world).await?,
        Command::Doctor { config } => return Ok(doctor::doctor(&config, &world)),
        Command::Audit { command } => return Ok(audit_log::run(&command)?),
    }
    Ok(ExitCode::SUCCESS)
}

/// Says why, with what caused it, and fails.
#[expect(clippy::print_stderr, reason = "a command speaks to its terminal")]
fn failed(why: &dyn std::error::Error) -> ExitCode {
    eprintln!("sakta: {why}");
    let mut cause = why.source();
    while let Some(deeper) = cause {
        eprintln!("  because: {deeper}");
        cause = deeper.source();
    }
    ExitCode::FAILURE
}

/// Both loopbacks.
fn loopback(port: u16) -> Vec<SocketAddr> {
    vec![
        SocketAddr::from(([127, 0, 0, 1], port)),
        SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, port)),
    ]
}
