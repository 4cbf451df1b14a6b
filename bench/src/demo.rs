//! The demo that is measured: a folder of its own, ended and removed when dropped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{BenchError, cpu};

/// A demo that runs.
#[derive(Debug)]
pub(crate) struct Demo {
    child: Child,
    pub(crate) program: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) about: Value,
    pub(crate) started_in: Duration,
}

/// What some work cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
}

impl Demo {
    /// Starts it on the same disk as the build.
    ///
    /// # Errors
    /// When it does not start within three minutes.
    pub(crate) fn start(program: &Path, population: u64) -> Result<Self, BenchError> {
        let folder = PathBuf::from("target").join(format!("bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(BenchError::of("the bench's folder"))?;
        let folder = folder.canonicalize().map_err(BenchError::of("the bench's folder"))?;
        let began = Instant::now();
        let child = Command::new(program)
            .args(["demo", "--listen", "127.0.0.1:0", "--population", &population.to_string()])
            .arg("--data")
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(BenchError::of(program.display().to_string()))?;
        let (program, about, started_in) = (program.to_owned(), Value::Null, Duration::ZERO);
        let mut demo = Self { child, program, folder, about, started_in };
        let report = demo.data().join("demo.json");
        while began.elapsed() < Duration::from_secs(180) {
            let said = std::fs::read(&report).ok();
            if let Some(about) = said.and_then(|said| serde_json::from_slice(&said).ok()) {
                (demo.about, demo.started_in) = (about, began.elapsed());
                return Ok(demo);
            }
            if !matches!(demo.child.try_wait(), Ok(None)) {
                break;
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        Err(BenchError::Demo("the demo does not start".to_owned()))
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The text at this JSON pointer of `demo.json`.
    ///
    /// # Errors
    /// When it does not say.
    pub(crate) fn says(&self, pointer: &str) -> Result<&str, BenchError> {
        let said = self.about.pointer(pointer).and_then(Value::as_str);
        said.ok_or_else(|| BenchError::Demo(format!("demo.json does not say {pointer}")))
    }

    /// What `work` costs the demo.
    pub(crate) fn cost<T>(&self, work: impl FnOnce() -> T) -> (Cost, T) {
        let (began, before) = (Instant::now(), cpu::of_tree(self.child.id()));
        let done = work();
        let cpu = cpu::of_tree(self.child.id()).saturating_sub(before);
        (Cost { cpu, wall: began.elapsed() }, done)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        // An end that is not well is still an end.
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
