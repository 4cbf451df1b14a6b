//! A folder with a configuration, and the processes of the built binary that run by it.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use axum::body::Body;
use base::Chance;
use http::{Request, Response, header};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use keys::SystemChance;

/// How often it is looked whether something has come: three minutes in all.
const LOOKS: u32 = 900;

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// The ports that an installation needs.
const PORTS: [&str; 10] =
    ["web", "ocsp-http", "tsu", "desk", "persons", "pki", "identity", "ca-signer", "sam", "ocsp"];

/// An installation; its processes and its folder go with it.
#[derive(Debug)]
pub(crate) struct House {
    folder: PathBuf,
    ports: BTreeMap<&'static str, u16>,
    running: BTreeMap<String, Child>,
}

/// The way to the hosts of an installation.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    port: u16,
    bearer: Option<String>,
    client: Client<HttpConnector, Body>,
}

/// What a command that has ended said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) done: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

impl House {
    /// A folder with a configuration and nothing else.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join(format!("serve-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let house = Self { folder, ports: ports(), running: BTreeMap::new() };
        house.configure(&house.usual());
        house
    }

    /// With more in its configuration.
    pub(crate) fn with(self, tables: &str) -> Self {
        self.configure(&format!("{}{tables}", self.configuration()));
        self
    }

    fn usual(&self) -> String {
        let at = |name: &str| format!("\"127.0.0.1:{}\"", self.ports[name]);
        let called = ["persons", "pki", "identity", "ca-signer", "ocsp"];
        let doors: String = called.map(|part| format!("{part} = {}\n", at(part))).concat();
        // As on another machine: called by an address that the setup must be told.
        let sam = format!("\"127.0.0.2:{}\"", self.ports["sam"]);
        format!(
            r#"base = "{}"
listen = [{}]
ocsp = {}
tsu = {}
desk = {}
officers = ["Anna Liepa", "Juris Ozols"]
[listen_tls]
sam = {sam}
{doors}[peers]
"lvrtc/sam" = {sam}
[[permissions]]
number = "7"
system = "banka/core"
organisation = "Paraugbanka"
operations = ["persons/find"]
purposes = ["customer-identification"]
groups = ["names", "birth"]
legal_basis = "a test"
valid_from = "2026-01-01"
[[permissions]]
number = "8"
system = "banka/core"
organisation = "Paraugbanka"
operations = ["persons/enter"]
purposes = ["population"]
groups = ["names", "codes"]
writer = "pmlp"
legal_basis = "a test"
valid_from = "2026-01-01"
[[permissions]]
number = "9"
system = "lvrtc/desk"
organisation = "Paraugpunkts"
operations = ["persons/find"]
purposes = ["enrolment"]
groups = ["names", "life"]
legal_basis = "a test"
valid_from = "2026-01-01"
"#,
            self.base(),
            at("web"),
            at("ocsp-http"),
            at("tsu"),
            at("desk"),
        )
    }

    /// What its configuration says.
    pub(crate) fn configuration(&self) -> String {
        std::fs::read_to_string(self.file("sakta.toml")).unwrap()
    }

    /// Has its configuration say this.
    pub(crate) fn configure(&self, text: &str) {
        std::fs::write(self.file("sakta.toml"), text).unwrap();
    }

    /// A file in its folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file that only its owner may read, or everybody.
    pub(crate) fn write(&self, name: &str, text: &str, mode: u32) {
        std::fs::write(self.file(name), text).unwrap();
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.file(name), mode).unwrap();
    }

    /// The name under which its hosts live.
    pub(crate) fn base(&self) -> String {
        format!("localhost:{}", self.ports["web"])
    }

    /// Where a part is called.
    pub(crate) fn door(&self, part: &str) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.ports[part]))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sakta"));
        command.args(words).arg("--config").arg(self.file("sakta.toml")).stdin(Stdio::null());
        command
    }

    /// Has a phone of its own act, with the PINs in `pins`.
    pub(crate) fn phone(&self, words: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sakta"));
        command.arg("phone").arg("--state").arg(self.file("phone")).args(words);
        said(command.arg("--pin-file").arg(self.file("pins")).stdin(Stdio::null()))
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        said(&mut self.command(words))
    }

    /// Starts a process as a service manager does, and waits until it says that it is ready.
    pub(crate) async fn start(&mut self, words: &[&str]) {
        let name = words.last().unwrap();
        let to = |kind: &str| File::create(self.file(&format!("{name}.{kind}"))).unwrap();
        let (out, err) = (to("out"), to("err"));
        let process = self.command(words).stdout(out).stderr(err).spawn().unwrap();
        self.running.insert((*name).to_owned(), process);
        for _ in 0..LOOKS {
            let ended = self.running.get_mut(*name).unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "{name} ended: {}", self.log(name));
            let said = std::fs::read_to_string(self.file(&format!("{name}.out"))).unwrap();
            if said.contains("ready ") {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{name} is not ready: {}", self.log(name));
    }

    /// Asks a process to end, which it does well.
    pub(crate) async fn end(&mut self, name: &str) {
        let mut process = self.running.remove(name).unwrap();
        signal(&process, "-TERM");
        for _ in 0..LOOKS {
            if let Some(status) = process.try_wait().unwrap() {
                assert!(ExitStatus::success(&status), "{name}: {status} {}", self.log(name));
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        signal(&process, "-KILL");
        panic!("{name} does not end: {}", self.log(name));
    }

    fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(&format!("{name}.err"))).unwrap_or_default()
    }

    /// The way to its hosts.
    pub(crate) fn web(&self) -> Web {
        Web::new(self.ports["web"], None)
    }

    /// The way to its desk, with the desk's key.
    pub(crate) fn desk(&self, key: &str) -> Web {
        Web::new(self.ports["desk"], Some(key.to_owned()))
    }
}

impl Web {
    fn new(port: u16, bearer: Option<String>) -> Self {
        Self { port, bearer, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// GETs a path of the host `<name>localhost`.
    pub(crate) async fn get(&self, name: &str, path: &str) -> Answer {
        self.ask(name, Request::get(self.address(path)).body(Body::empty()).unwrap()).await
    }

    /// POSTs to a path of the host `<name>localhost`.
    pub(crate) async fn post(&self, name: &str, path: &str, (kind, body): (&str, &str)) -> Answer {
        let request = Request::post(self.address(path)).header(header::CONTENT_TYPE, kind);
        self.ask(name, request.body(Body::from(body.to_owned())).unwrap()).await
    }

    fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn ask(&self, name: &str, mut request: Request<Body>) -> Answer {
        let host = format!("{name}localhost:{}", self.port).parse().unwrap();
        request.headers_mut().insert(header::HOST, host);
        if let Some(key) = &self.bearer {
            let bearer = format!("Bearer {key}").parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
            request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        }
        let (head, body) = self.client.request(request).await.map(Response::into_parts).unwrap();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads.
    pub(crate) fn to(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// Its media type.
    pub(crate) fn kind(&self) -> &str {
        self.header(header::CONTENT_TYPE)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        for process in self.running.values_mut() {
            drop(process.kill());
            drop(process.wait());
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn said(command: &mut Command) -> Said {
    let ended = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { done: ended.status.success(), out: text(&ended.stdout), err: text(&ended.stderr) }
}

fn signal(process: &Child, signal: &str) {
    let told = Command::new("kill").args([signal, &process.id().to_string()]).status();
    assert!(told.unwrap().success());
}

/// Ports that nobody listens on, below those that the system gives to whoever asks for any.
fn ports() -> BTreeMap<&'static str, u16> {
    let (chance, mut held): (&dyn Chance, _) = (&SystemChance::new(), Vec::new());
    let mut free = || {
        for _ in 0..1000 {
            let port = 20_000 + u16::from_be_bytes(chance.bytes()) % 12_000;
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
                held.push(listener);
                return port;
            }
        }
        panic!("no port is free");
    };
    PORTS.map(|name| (name, free())).into()
}
