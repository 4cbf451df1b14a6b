//! A demo of this house in a folder of its own, for tasks that try it from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::task;

/// How long a start may take, in seconds: the country is made meanwhile.
const PATIENCE: f64 = 180.0;

/// A demo that runs. Dropped, it is ended and its folder removed.
pub(crate) struct Demo {
    program: PathBuf,
    folder: PathBuf,
    population: u32,
    child: Option<Child>,
    /// What it says about itself: `demo.json`.
    pub(crate) about: Value,
    /// How long the last start took, in seconds.
    pub(crate) started_in: f64,
}

impl Demo {
    /// Builds the binary and starts a demo with so many people.
    ///
    /// # Errors
    /// What the build or the demo said.
    pub(crate) fn start(name: &str, population: u32) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("sakta-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let program = built()?;
        let (about, started_in) = (Value::Null, 0.0);
        let mut demo = Self { program, folder, population, child: None, about, started_in };
        demo.again()?;
        Ok(demo)
    }

    /// Starts it again on the same folder.
    ///
    /// # Errors
    /// What it said.
    pub(crate) fn again(&mut self) -> Result<(), String> {
        let report = self.data().join("demo.json");
        // Absent at the first start.
        let _ = fs::remove_file(&report);
        let log = self.log();
        let log = fs::OpenOptions::new().create(true).append(true).open(log);
        let log = log.map_err(|why| why.to_string())?;
        let began = task::elapsed();
        let mut command = Command::new(&self.program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--population"]);
        command.arg(self.population.to_string()).arg("--data").arg(self.data());
        let errors = log.try_clone().map_err(|why| why.to_string())?;
        let child = command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn();
        self.child = Some(child.map_err(|why| format!("{}: {why}", self.program.display()))?);
        loop {
            let said = fs::read(&report).ok();
            if let Some(about) = said.and_then(|said| serde_json::from_slice(&said).ok()) {
                self.about = about;
                self.started_in = task::elapsed() - began;
                return Ok(());
            }
            let ended =
                self.child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || task::elapsed() - began > PATIENCE {
                let said = fs::read_to_string(self.log()).unwrap_or_default();
                return Err(format!("the demo does not start:\n{}", said.trim_end()));
            }
            task::pause(50);
        }
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What it wrote.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// A folder beside its data for what a task makes.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The binary.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// The process id of its web process.
    ///
    /// # Errors
    /// When it does not run.
    pub(crate) fn id(&self) -> Result<u32, String> {
        self.child.as_ref().map(Child::id).ok_or_else(|| "the demo does not run".to_owned())
    }

    /// The text at this JSON pointer of `demo.json`: `/addresses/portal`.
    pub(crate) fn says(&self, pointer: &str) -> Option<&str> {
        self.about.pointer(pointer)?.as_str()
    }

    /// Ends it at once, as a power loss would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to end, and waits.
    ///
    /// # Errors
    /// When it ends badly or not within half a minute.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        let Some(child) = self.child.as_mut() else { return Ok(()) };
        let id = child.id().to_string();
        task::output(Command::new("kill").args(["-TERM", &id]))?;
        let began = task::elapsed();
        while task::elapsed() - began < 30.0 {
            if let Ok(Some(status)) = child.try_wait() {
                self.child = None;
                return if status.success() { Ok(()) } else { Err(format!("the demo: {status}")) };
            }
            task::pause(50);
        }
        Err("the demo does not end when asked".to_owned())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.kill();
        // What is left of a temporary folder is no reason to fail.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn built() -> Result<PathBuf, String> {
    let root = task::root();
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--locked", "-p", "sakta", "--message-format", "json-render-diagnostics"]);
    let text = task::output(cargo.current_dir(root))?;
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let programs = messages.filter_map(|message| Some(message.get("executable")?.as_str()?.into()));
    programs.reduce(|_, last| last).ok_or_else(|| "cargo built no program".to_owned())
}
