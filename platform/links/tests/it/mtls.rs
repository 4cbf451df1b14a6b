//! Calls between processes: certificates made by openssl, doors called by curl and by a link.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::texts::{Known, Measure, MeasureRefusal, doors, party};
use base::{Clock, Time};
use keys::{Algorithm, Keeper, Kek, SystemChance};
use links::{Call, CallFault, OnBehalf, Remote, Tls, serve};
use trial::FixedClock;

/// A folder with an authority's and other certificates, gone when dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(program: &str, folder: &Path, arguments: &str) -> String {
    let mut command = Command::new(program);
    let out = command.args(arguments.split(' ')).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{program} {arguments}: {said}");
    String::from_utf8(out.stdout).unwrap()
}

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("sakta-links-{name}-{}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        let _ = std::fs::remove_dir_all(&folder.0);
        std::fs::create_dir_all(&folder.0).unwrap();
        folder
    }

    fn openssl(&self, arguments: &str) {
        run("openssl", &self.0, arguments);
    }

    fn key(&self, name: &str) {
        let how = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out";
        self.openssl(&format!("{how} {name}.key"));
    }

    fn authority(&self, name: &str) {
        self.key(name);
        let how = "-days 2 -addext keyUsage=critical,keyCertSign";
        self.openssl(&format!("req -x509 -key {name}.key -out {name}.pem -subj /CN={name} {how}"));
    }

    /// A certificate of `authority` with these alternative names.
    fn certificate(&self, authority: &str, name: &str, names: &str) {
        self.key(name);
        let uses = "extendedKeyUsage=serverAuth,clientAuth\nkeyUsage=critical,digitalSignature";
        let text = format!("subjectAltName={names}\n{uses}\nbasicConstraints=critical,CA:FALSE\n");
        std::fs::write(self.0.join(format!("{name}.ext")), text).unwrap();
        self.openssl(&format!("req -new -key {name}.key -out {name}.csr -subj /CN={name}"));
        let by = format!("-CA {authority}.pem -CAkey {authority}.key -CAcreateserial -days 1");
        self.openssl(&format!("x509 -req -in {name}.csr -out {name}.pem {by} -extfile {name}.ext"));
    }

    fn der(&self, name: &str) -> Vec<u8> {
        self.openssl(&format!("x509 -in {name}.pem -outform DER -out {name}.der"));
        std::fs::read(self.0.join(format!("{name}.der"))).unwrap()
    }

    fn tls(&self, name: &str, clock: &FixedClock) -> Tls {
        self.openssl(&format!("pkcs8 -topk8 -nocrypt -in {name}.key -outform DER -out {name}.p8"));
        let kek = Kek::from_bytes(&[1; 32]).unwrap();
        let keeper = Keeper::new("test", "owner/part", kek, Arc::new(SystemChance::new()));
        let secret = std::fs::read(self.0.join(format!("{name}.p8"))).unwrap();
        let (signer, _) = keeper.adopt(Algorithm::P256, &secret).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        Tls::new(vec![self.der(name)], signer, &[self.der("transport")], clock).unwrap()
    }

    fn curl(&self, port: u16, arguments: &str, body: &str) -> (String, serde_json::Value) {
        std::fs::write(self.0.join("body"), body).unwrap();
        let url = format!("https://localhost:{port}/call/texts/measure");
        let format = "%{stderr}%{http_version}_%{http_code}_%{content_type}";
        let common = format!("-sS --cacert transport.pem --data @body -w {format}");
        let arguments = format!("{common} {arguments} {url}");
        let mut command = Command::new("curl");
        let out = command.args(arguments.split(' ')).current_dir(&self.0).output().unwrap();
        let said = String::from_utf8(out.stderr).unwrap();
        (said, serde_json::from_slice(&out.stdout).unwrap_or_default())
    }
}

fn tools_are_there() -> bool {
    let there =
        ["openssl", "curl"].iter().all(|tool| Command::new(tool).arg("version").output().is_ok());
    if !there {
        let _ = writeln!(std::io::stderr(), "skipped: openssl or curl is not there");
    }
    there
}

/// Certificates of one authority and, with the same names, of another; a clock that shows now.
fn country(name: &str) -> (Folder, FixedClock) {
    let folder = Folder::new(name);
    folder.authority("transport");
    folder.authority("foreign");
    let texts = "DNS:localhost,URI:urn:sakta:system:owner/texts";
    folder.certificate("transport", "texts", texts);
    folder.certificate("transport", "bank", "URI:urn:sakta:system:bank/core");
    folder.certificate("transport", "nobody", "URI:urn:else:bank/core");
    folder.certificate("foreign", "thief", "URI:urn:sakta:system:bank/core");
    let begun = x509::Certificate::parse(&folder.der("bank")).unwrap().not_before();
    let clock = FixedClock::at(&Time::from_seconds(begun + 60).to_string());
    (folder, clock)
}

async fn listening(folder: &Folder, clock: &FixedClock) -> u16 {
    let listener = tokio::net::TcpListener::bind("localhost:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(served(listener, folder, clock));
    port
}

fn served(
    listener: tokio::net::TcpListener,
    folder: &Folder,
    clock: &FixedClock,
) -> impl Future<Output = ()> + use<> {
    let known = Known { officer: None, until: Time::EPOCH };
    let doors = vec![Arc::new(doors(clock, known))];
    let tls = folder.tls("texts", clock).server;
    serve(listener, tls, doors, Arc::new(clock.clone()))
}

fn asking(text: &str) -> String {
    let on_behalf = r#"{"kind":"permission","number":"LV-1"}"#;
    format!(r#"{{"operation":{{"text":"{text}"}},"on_behalf":{on_behalf},"purpose":"credit"}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_calls_a_door_with_its_client_certificate() {
    if !tools_are_there() {
        return;
    }
    let (folder, clock) = country("curl");
    let port = listening(&folder, &clock).await;
    let bank = "--cert bank.pem --key bank.key";
    let (said, answer) = folder.curl(port, bank, &asking("words"));
    assert_eq!(said, "2_200_application/json");
    assert_eq!(answer["length"], 5);
    assert_eq!(answer["from"], "bank/core");
    let (said, _) = folder.curl(port, &format!("--http1.1 {bank}"), &asking("words"));
    assert_eq!(said, "1.1_200_application/json");
    let (said, problem) = folder.curl(port, bank, &asking("long words"));
    assert_eq!(said, "2_422_application/problem+json");
    assert_eq!(problem["type"], "urn:sakta:problem:text-too-long");
    assert_eq!(problem["refusal"]["too-long"]["most"], 9);
    for (body, status) in [
        (asking("words").replace("LV-1", "LV-2"), 403),
        (asking("words").replace("text", "txet"), 400),
        (asking("words").replace("purpose", "from"), 400),
        (String::new(), 400),
        (asking(&"w".repeat(links::MAX_BODY)), 413),
    ] {
        let (said, problem) = folder.curl(port, bank, &body);
        assert_eq!(said, format!("2_{status}_application/problem+json"));
        assert_eq!(problem["status"], status);
    }
    let (said, _) = folder.curl(port, &format!("{bank} -X PUT"), &asking("words"));
    assert_eq!(said, "2_405_application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_no_certificate_of_the_transport_authority_gets_nothing() {
    if !tools_are_there() {
        return;
    }
    let (folder, clock) = country("thief");
    let port = listening(&folder, &clock).await;
    for wrong in ["", "--cert thief.pem --key thief.key"] {
        let (said, answer) = folder.curl(port, wrong.trim(), &asking("words"));
        assert!(said.contains("curl: ("), "{said}");
        assert_eq!(answer, serde_json::Value::Null);
    }
    let (said, problem) = folder.curl(port, "--cert nobody.pem --key nobody.key", &asking("w"));
    assert_eq!(said, "2_403_application/problem+json");
    assert_eq!(problem["type"], "urn:sakta:problem:call-from-nobody");
}

fn call(text: &str) -> Call<Measure> {
    let on_behalf = OnBehalf::Permission { number: "LV-1".to_owned() };
    Call::new(Measure { text: text.to_owned() }, on_behalf, "credit")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_calls_over_the_wire_as_it_does_inside() {
    if !tools_are_there() {
        return;
    }
    let (folder, clock) = country("link");
    let port = listening(&folder, &clock).await;
    let link = |who: &str, callee: &str| {
        let tls = folder.tls(who, &clock);
        Remote::new("localhost", port, party(callee), tls).link(Arc::new(clock.clone()))
    };
    let bank = link("bank", "owner/texts");
    for _ in 0..3 {
        assert_eq!(bank.call(call("words")).await.unwrap().from, party("bank/core"));
    }
    let refused = bank.call(call("long words")).await;
    assert_eq!(refused, Err(CallFault::Refused(MeasureRefusal::TooLong { most: 9 })));
    let mistaken = link("bank", "owner/other").call(call("words")).await;
    assert_eq!(mistaken, Err(CallFault::Unreached));
    let thief = link("thief", "owner/texts").call(call("words")).await;
    assert!(matches!(thief, Err(CallFault::Unreached | CallFault::Late)), "{thief:?}");
    let tls = folder.tls("bank", &clock);
    let closed = Remote::new("localhost", 1, party("owner/texts"), tls);
    let closed = closed.link(Arc::new(clock.clone())).call(call("words")).await;
    assert_eq!(closed, Err(CallFault::Unreached));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_finds_a_process_that_was_started_again() {
    if !tools_are_there() {
        return;
    }
    let (folder, clock) = country("again");
    let listener = tokio::net::TcpListener::bind("localhost:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = folder.tls("bank", &clock);
    let remote = Remote::new("localhost", address.port(), party("owner/texts"), tls);
    let link = remote.link(Arc::new(clock.clone()));
    let first = tokio::spawn(served(listener, &folder, &clock));
    assert!(link.call(call("words")).await.is_ok());
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let gone = link.call(call("words")).await;
    assert!(matches!(gone, Err(CallFault::Unreached | CallFault::Late)), "{gone:?}");
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(served(listener, &folder, &clock));
    assert!(link.call(call("words")).await.is_ok());
}
