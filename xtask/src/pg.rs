//! `cargo xtask pg`: a PostgreSQL of its own, the tests of what stands on the store, and gone.
//!
//! `cargo xtask pg [--fast] [-- ARGUMENTS OF cargo test]`: `--fast` turns fsync off.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::task::{self, elapsed};

/// The packages whose tests use a store.
const PACKAGES: [&str; 10] = [
    "sakta-store",
    "sakta-audit",
    "sakta-persons",
    "sakta-pki",
    "sakta-identity",
    "sakta-signing",
    "sakta-ca-signer",
    "sakta-sam",
    "sakta-simulation",
    "sakta",
];

/// The oldest release that the store takes.
const OLDEST: u32 = 15;

/// Runs the tests against a server that is started for them.
///
/// # Errors
/// A sentence: no server to be had, it does not start, or a test failed.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let fast = args.iter().any(|arg| arg == "--fast");
    let rest = args
        .iter()
        .position(|arg| arg == "--")
        .map_or(&[][..], |at| args.get(at + 1..).unwrap_or_default());
    let programs = programs()?;
    let began = elapsed();
    let server = Server::start(&programs, fast)?;
    let started = elapsed();
    let mut test = Command::new("cargo");
    test.arg("test").args(packages()?);
    let status = test
        .args(rest)
        .env("SAKTA_TEST_PG", server.address())
        .env("SAKTA_REQUIRE_PG", "1")
        .status();
    let tested = elapsed();
    drop(server);
    let [start, test, stop] = [started - began, tested - started, elapsed() - tested];
    let line = format!("PostgreSQL: start {start:.1} s, tests {test:.1} s, stop {stop:.1} s\n");
    // Without a stdout there is nobody to tell.
    let _ = std::io::stdout().write_all(line.as_bytes());
    succeeded("cargo test", status)
}

/// `-p` for each of [`PACKAGES`] that the workspace has.
fn packages() -> Result<Vec<String>, String> {
    let command = &mut Command::new("cargo");
    let metadata = command.args(["metadata", "--no-deps", "--format-version", "1"]).output();
    let metadata = metadata.map_err(|why| format!("cargo metadata: {why}"))?;
    let text = String::from_utf8_lossy(&metadata.stdout);
    let stands = |name: &&&str| text.contains(&format!("\"name\":\"{name}\",\"version\""));
    let names = PACKAGES.iter().filter(stands);
    Ok(names.flat_map(|name| ["-p".to_owned(), (*name).to_owned()]).collect())
}

/// The folder of initdb and postgres: of the newest release, installed when there is none.
fn programs() -> Result<PathBuf, String> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    task::packaged(&["postgresql"])?;
    installed().ok_or_else(|| format!("no PostgreSQL {OLDEST} or later to be found"))
}

fn installed() -> Option<PathBuf> {
    let releases = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let packaged = releases.map(|release| release.path().join("bin"));
    let folders = [PathBuf::from("/usr/local/bin")].into_iter().chain(packaged);
    let known = folders.filter_map(|folder| Some((release(&folder)?, folder)));
    known.filter(|(n, _)| *n >= OLDEST).max_by_key(|(n, _)| *n).map(|(_, folder)| folder)
}

/// 15 for `postgres (PostgreSQL) 15.18 (Debian …)`.
fn release(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").exists() {
        return None;
    }
    let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.split_whitespace().nth(2)?.split('.').next()?.parse().ok()
}

/// A server on a port of the loopback, its data in a folder of its own.
struct Server {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Server {
    fn start(programs: &Path, fast: bool) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("sakta-pg-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let made = prepare(programs, &folder).and_then(|()| serve(programs, &folder, fast));
        let (child, port) = made.inspect_err(|_| remove(&folder))?;
        let server = Self { child, folder, port };
        server.await_ready()?;
        Ok(server)
    }

    fn address(&self) -> String {
        format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port)
    }

    /// Its last line of `postmaster.pid` says when it is ready.
    fn await_ready(&self) -> Result<(), String> {
        for _ in 0..300 {
            let said = fs::read_to_string(self.folder.join("data/postmaster.pid"));
            if said.is_ok_and(|said| said.lines().last().is_some_and(|l| l.trim() == "ready")) {
                return Ok(());
            }
            std::thread::park_timeout(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("the server does not start: {}", log.trim_end()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The signal for a fast shutdown; setpriv became the server, so the id is its own.
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-INT", &id]).status();
        if asked.is_ok_and(|status| status.success()) {
            let _ = self.child.wait();
        } else {
            let _ = self.child.kill();
        }
        remove(&self.folder);
    }
}

fn prepare(programs: &Path, folder: &Path) -> Result<(), String> {
    if is_root() {
        succeeded("chown", Command::new("chown").arg("postgres:").arg(folder).status())?;
    }
    let status = as_postgres(&programs.join("initdb"))
        .args(["--locale=C", "--encoding=UTF8", "--auth=trust", "--username=postgres"])
        .arg("--pgdata")
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdout(Stdio::null())
        .status();
    succeeded("initdb", status)
}

fn serve(programs: &Path, folder: &Path, fast: bool) -> Result<(Child, u16), String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let port = port.map_err(|why| format!("no free port: {why}"))?.port();
    let log = fs::File::create(folder.join("log")).map_err(|why| why.to_string())?;
    let setting = |text: &str| ["-c".to_owned(), text.to_owned()];
    let child = as_postgres(&programs.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-p", &port.to_string(), "-h", "127.0.0.1"])
        .args(setting("unix_socket_directories="))
        .args(setting("max_connections=400"))
        .args(setting(if fast { "fsync=off" } else { "fsync=on" }))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn();
    Ok((child.map_err(|why| format!("postgres: {why}"))?, port))
}

/// PostgreSQL does not run as root: then as the user that its package made.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output();
    said.is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}

fn remove(folder: &Path) {
    // What is left of a temporary folder is no reason to fail.
    let _ = fs::remove_dir_all(folder);
}

fn succeeded(what: &str, status: std::io::Result<ExitStatus>) -> Result<(), String> {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(why) => Err(format!("{what}: {why}")),
    }
}
