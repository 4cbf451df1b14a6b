//! Processes that the demo starts beside itself: each ends with its parent, even under `kill -9`.
//!
//! A child's standard input is a pipe that the parent holds and never writes to: when the parent
//! is gone, however it went, the pipe ends and so does the child. A child says one line when it
//! is ready: `ready <address>`.

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A child that runs and listens.
#[derive(Debug)]
pub(crate) struct Running {
    name: &'static str,
    process: Child,
}

/// Why a child does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChildError {
    /// It could not be started.
    #[error("{name} could not be started")]
    Start {
        /// Which.
        name: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// It ended before it was ready; its own words stand above.
    #[error("{name} ended before it was ready")]
    Unready {
        /// Which.
        name: &'static str,
    },
    /// It ended badly.
    #[error("{name} failed")]
    Failed {
        /// Which.
        name: &'static str,
    },
}

fn command(arguments: &[&str], data: &Path) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).arg("--data").arg(data);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    Ok(command)
}

/// Starts `sakta role <name> --data <data>` and waits until it is ready.
///
/// # Errors
/// [`ChildError`].
pub(crate) async fn start(
    name: &'static str,
    extra: &[&str],
    data: &Path,
) -> Result<Running, ChildError> {
    let failed = |source| ChildError::Start { name, source };
    let words = ["role", name, "--child"].into_iter().chain(extra.iter().copied());
    let words: Vec<&str> = words.collect();
    let mut process = command(&words, data).map_err(failed)?.spawn().map_err(failed)?;
    let Some(output) = process.stdout.take() else {
        return Err(ChildError::Unready { name });
    };
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.starts_with("ready ") {
            // What it says later goes nowhere, but must be read for it not to block.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(Running { name, process });
        }
    }
    Err(ChildError::Unready { name })
}

/// Runs a child that does one thing and ends, as `setup` does.
///
/// # Errors
/// [`ChildError`].
pub(crate) async fn run(name: &'static str, extra: &[&str], data: &Path) -> Result<(), ChildError> {
    let failed = |source| ChildError::Start { name, source };
    let words: Vec<&str> = [name].into_iter().chain(extra.iter().copied()).collect();
    let mut process = command(&words, data).map_err(failed)?.spawn().map_err(failed)?;
    let ended = process.wait().await.map_err(failed)?;
    if ended.success() { Ok(()) } else { Err(ChildError::Failed { name }) }
}

/// Runs `sakta phone --state <state> <arguments>`: a phone acting once, in a process of its own.
///
/// # Errors
/// [`ChildError`].
pub(crate) async fn phone(state: &Path, arguments: &[&str]) -> Result<(), ChildError> {
    let mut words = vec!["phone".to_owned(), "--state".to_owned(), state.display().to_string()];
    words.extend(arguments.iter().map(ToString::to_string));
    once("phone", &words).await
}

async fn once(name: &'static str, words: &[String]) -> Result<(), ChildError> {
    let failed = |source| ChildError::Start { name, source };
    let mut command = Command::new(std::env::current_exe().map_err(failed)?);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    let ended = command.status().await.map_err(failed)?;
    if ended.success() { Ok(()) } else { Err(ChildError::Failed { name }) }
}

/// Runs `sakta approve --data <data> <arguments>`: an officer acting once, in a process that alone
/// holds the officer's key.
///
/// # Errors
/// [`ChildError`].
pub(crate) async fn approve(data: &Path, arguments: &[&str]) -> Result<(), ChildError> {
    let mut words = vec!["approve".to_owned(), "--data".to_owned(), data.display().to_string()];
    words.extend(arguments.iter().map(ToString::to_string));
    once("officer", &words).await
}

impl Running {
    /// Lets it end: closes its pipe and waits.
    pub(crate) async fn stop(mut self) {
        drop(self.process.stdin.take());
        if let Err(why) = self.process.wait().await {
            tracing::warn!(child = self.name, %why, "a child could not be waited for");
        }
    }
}

/// For a child: done when it is asked to end or, when it `has_parent`, when that is gone.
///
/// # Errors
/// When signals cannot be listened to.
pub(crate) async fn told_to_end(has_parent: bool) -> std::io::Result<()> {
    tokio::select! {
        () = parent_gone(), if has_parent => Ok(()),
        asked = crate::listen::asked_to_end() => asked,
    }
}

/// Done when the parent has closed its end of the pipe.
async fn parent_gone() {
    // On a thread that the process does not wait for: a signal can end it while it reads.
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // The parent never writes: whatever ends the read, the parent is gone or wants it to end.
        let _ = std::io::stdin().lock().read(&mut [0; 1]);
        let _ = tell.send(());
    });
    let _ = told.await;
}

/// For a child: says that it is ready at `address`.
#[expect(clippy::print_stdout, reason = "the parent reads this line")]
pub(crate) fn ready(address: SocketAddr) {
    println!("ready {address}");
}
