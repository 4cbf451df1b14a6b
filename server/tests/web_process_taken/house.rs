//! The demo that is attacked, and what its web process holds.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base::{Chance, Clock, Failure, Later, Time};
use keys::{Keeper, Kek, Signer, SystemChance, WrappedKey};
use links::{Call, CallFault, Link, OnBehalf, Operation, Party, Remote, Tls, Transport};
use serde_json::Value;
use store::{Place, Store};
use x509::Certificate;

use crate::Check;

/// The parts that run in the web process.
pub(crate) const WEB: [&str; 5] = ["pki", "identity", "signing", "portal", "persons"];

/// How often it is looked whether the demo runs: two minutes in all.
const LOOKS: u32 = 600;

/// A demo, ended and removed when it goes.
#[derive(Debug)]
pub(crate) struct House {
    folder: PathBuf,
    process: Child,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
}

/// The machine's clock.
#[derive(Debug)]
struct Now(Instant);

impl Clock for Now {
    fn now(&self) -> Time {
        Time::EPOCH.plus(SystemTime::now().duration_since(UNIX_EPOCH).unwrap())
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn until(&self, at: Time) -> Later {
        Box::pin(tokio::time::sleep(at.since(self.now())))
    }
}

impl House {
    /// Starts a demo of its own and waits until it runs.
    pub(crate) async fn started() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join(format!("web-process-taken-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_sakta"))
            .args(["demo", "--listen", "127.0.0.1:0", "--population", "30", "--data"])
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap();
        let (clock, chance) = (Arc::new(Now(Instant::now())), Arc::new(SystemChance::new()));
        let mut house = Self { folder, process, clock, chance };
        house.wait().await;
        house
    }

    async fn wait(&mut self) {
        for _ in 0..LOOKS {
            let ended = self.process.try_wait().unwrap();
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(ended.is_none(), "the demo ended: {}", log());
            if self.data("demo.json").exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the demo does not run");
    }

    /// A file or folder of the demo.
    pub(crate) fn data(&self, name: &str) -> PathBuf {
        self.folder.join("data").join(name)
    }

    /// A JSON file of the demo.
    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.data(name)).unwrap()).unwrap()
    }

    /// What `demo.json` tells of Anna.
    pub(crate) fn anna(&self) -> Value {
        self.json("demo.json")["persons"][0].clone()
    }

    /// Where the part `name` answers.
    pub(crate) fn port(&self, name: &str) -> u16 {
        let ports = self.json("ports.json");
        let port = ports["roles"].get(name).unwrap_or(&ports["web"]);
        port.as_u64().unwrap().try_into().unwrap()
    }

    fn party(&self, part: &str) -> Party {
        self.json("setup.json")["parties"][part].as_str().unwrap().parse().unwrap()
    }

    /// A link from `from`, whose key lies in the folder of `process`, to the process `to`.
    pub(crate) fn link(&self, (process, from): (&str, &str), to: &str) -> Link {
        let (home, party) = (self.data(process), self.party(from));
        let kek = home.join(format!("{}.kek", party.to_string().replace('/', "-")));
        let kek = Kek::read(&kek).unwrap();
        let keeper = Keeper::new(process, &party.to_string(), kek, Arc::clone(&self.chance));
        let key = std::fs::read(home.join(format!("{from}.transport.key"))).unwrap();
        let key: Signer<Transport> = keeper.open(&WrappedKey::parse(&key).unwrap()).unwrap();
        let chain = pem(&home.join(format!("{from}.transport.pem")));
        let roots = pem(&self.data("transport/ca.pem"));
        let tls = Tls::new(chain, key, &roots, Arc::clone(&self.clock)).unwrap();
        let remote = Remote::new("localhost", self.port(to), self.party(to), tls);
        remote.link(Arc::clone(&self.clock))
    }

    /// The answer to `operation`, asked of `to` by the web's part `from`.
    pub(crate) async fn ask<O: Operation>(
        &self,
        (from, to): (&str, &str),
        operation: O,
    ) -> Result<O::Answer, CallFault<O::Refusal>> {
        called(&self.link(("web", from), to), operation).await
    }

    /// A stolen copy of the store of a part of the web.
    pub(crate) fn store(&self, part: &str) -> Store {
        let copy = self.folder.join("stolen").join(part);
        std::fs::create_dir_all(&copy).unwrap();
        for file in ["store.db", "store.db-wal"] {
            let from = self.data("web").join(part).join(file);
            std::fs::copy(from, copy.join(file)).unwrap();
        }
        let place = Place::Sqlite(copy.join("store.db"));
        Store::open(&place, Arc::clone(&self.clock), Arc::clone(&self.chance), &[]).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let id = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        if told.is_ok() {
            drop(self.process.wait());
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn pem(file: &Path) -> Vec<Vec<u8>> {
    let (text, end) = (std::fs::read_to_string(file).unwrap(), "-----END CERTIFICATE-----");
    let sections = text.split_inclusive(end).filter(|section| section.contains(end));
    sections.map(|section| Certificate::from_pem(section).unwrap().der().to_vec()).collect()
}

/// The answer to `operation` over `link`.
pub(crate) async fn called<O: Operation>(
    link: &Link,
    operation: O,
) -> Result<O::Answer, CallFault<O::Refusal>> {
    let job = OnBehalf::System { job: "attack".to_owned() };
    link.call(Call::new(operation, job, "attack")).await
}

/// It must be refused as one of `kinds`: else the attack failed for a reason of its own.
pub(crate) fn refused<A: std::fmt::Debug, R: Failure>(
    answer: Result<A, CallFault<R>>,
    kinds: &[&str],
) -> Check {
    let kind = match answer {
        Ok(answer) => return Err(format!("it was answered: {answer:?}")),
        Err(CallFault::Refused(refusal)) => refusal.kind().to_owned(),
        Err(CallFault::Problem(problem)) => problem.kind,
        Err(CallFault::Unreached) => "unreached".to_owned(),
        Err(CallFault::Late) => "late".to_owned(),
    };
    let last = kind.rsplit(':').next().unwrap_or_default();
    if kinds.contains(&last) { Ok(()) } else { Err(format!("refused as {kind}")) }
}
