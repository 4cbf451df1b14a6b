//! Setting up, and what stands afterwards.

#[path = "test_hierarchy.rs"]
mod test_hierarchy;

use std::path::PathBuf;
use std::sync::Arc;

use ca_signer::CaSigner;
use clap::Parser;
use keys::{Suite, SystemChance, allowed};
use links::Party;
use p256::pkcs8::{DecodePrivateKey, EncodePublicKey, LineEnding};
use pki_contract::CurrentList;
use x509::Certificate;
use x509::crl::Crl;

use super::*;
use crate::clock::SystemClock;
use crate::transport;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sakta-setup-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn ground() -> (Arc<dyn Clock>, Arc<dyn Chance>) {
    (Arc::new(SystemClock::new()), Arc::new(SystemChance::new()))
}

fn options() -> Options {
    Options::of(Config::default())
}

async fn set_up(data: &Data) -> Result<Installation, SetupError> {
    let (clock, chance) = ground();
    setup(data, (&clock, &chance), &options()).await
}

#[tokio::test]
async fn a_folder_is_set_up_once_and_every_part_can_prove_who_it_is() {
    let path = folder("once");
    let data = Data::at(&path).unwrap();
    let made = set_up(&data).await.unwrap();
    assert_eq!(installed(&data).unwrap(), Some(made));
    assert!(matches!(set_up(&data).await, Err(SetupError::Again(_))));
    let (clock, chance) = ground();
    for (home, part) in PARTS {
        let party = options().party(part).unwrap();
        let home = data.home(home).unwrap();
        transport::tls(&data, &home, &party, (&clock, &chance)).unwrap();
        let file = home.file(&format!("{part}.transport.pem"));
        let [certificate] = &transport::certificates(&file).unwrap()[..] else { panic!() };
        assert_eq!(Party::of_certificate(certificate.der()), Ok(party));
    }
    std::fs::remove_dir_all(&path).unwrap();
}

#[tokio::test]
async fn whoever_brings_the_ceremony_renews_certificates_and_issues_them_to_others() {
    let (path, safe) = (folder("renew"), folder("renew-safe"));
    let data = Data::at(&path).unwrap();
    set_up(&data).await.unwrap();
    Data::at(&safe).unwrap();
    std::fs::rename(path.join("ceremony"), safe.join("ceremony")).unwrap();
    let written = |name: &str, text: &str| std::fs::write(safe.join(name), text).unwrap();
    written("sakta.toml", &format!("data = {path:?}"));
    let (clock, chance) = ground();
    let asked = |words: &[&str]| {
        let config = safe.join("sakta.toml").display().to_string();
        let words = ["transport"].iter().chain(words).copied().map(str::to_owned);
        let words = words.chain(["--config".to_owned(), config]);
        let world = World { clock: Arc::clone(&clock), chance: Arc::clone(&chance) };
        certify(&Asking::try_parse_from(words).unwrap().command, &world)
    };
    assert!(matches!(asked(&["renew"]), Err(SetupError::Ceremony(_))));
    assert!(!path.join("ceremony").exists());
    let own = || std::fs::read(path.join("sam/sam.transport.pem")).unwrap();
    let before = own();
    let ceremony = safe.display().to_string();
    asked(&["renew", "--ceremony", &ceremony]).unwrap();
    assert_ne!(own(), before);
    let (home, party) = (data.home("sam").unwrap(), options().party("sam").unwrap());
    transport::tls(&data, &home, &party, (&clock, &chance)).unwrap();
    let bank = std::fs::read_to_string(path.join("client/bank.key")).unwrap();
    let bank = p256::SecretKey::from_pkcs8_pem(&bank).unwrap().public_key();
    written("key.pem", &bank.to_public_key_pem(LineEnding::LF).unwrap());
    let file = |name: &str| safe.join(name).display().to_string();
    let (key, out) = (file("key.pem"), file("out.pem"));
    let issue = ["issue", "augstskola/core", "--key", &key, "--organisation", "Augstskola"];
    let more = ["--name", "api.example", "--out", &out, "--ceremony", &ceremony];
    asked(&[&issue[..], &more[..]].concat()).unwrap();
    let [made] = &transport::certificates(Path::new(&out)).unwrap()[..] else { panic!() };
    assert_eq!(Party::of_certificate(made.der()), Ok("augstskola/core".parse().unwrap()));
    assert_eq!(made.spki(), bank.to_public_key_der().unwrap().as_bytes());
    for folder in [path, safe] {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// The command as its terminal has it.
#[derive(clap::Parser)]
struct Asking {
    #[command(subcommand)]
    command: Certify,
}

#[tokio::test]
async fn an_interrupted_setup_is_begun_anew_and_anothers_folder_is_left_alone() {
    let path = folder("half");
    let data = Data::at(&path).unwrap();
    std::fs::create_dir(path.join("web")).unwrap();
    std::fs::write(path.join("web/mine"), b"x").unwrap();
    assert!(matches!(set_up(&data).await, Err(SetupError::Foreign(_))));
    assert!(path.join("web/mine").exists());
    // The same folder as an interrupted setup leaves it.
    std::fs::write(path.join(BEGUN), b"").unwrap();
    set_up(&data).await.unwrap();
    assert!(!path.join("web/mine").exists() && !path.join(BEGUN).exists());
    std::fs::remove_dir_all(&path).unwrap();
}

#[tokio::test]
async fn the_signer_opens_what_was_founded_and_gives_lists() {
    let path = folder("signer");
    let data = Data::at(&path).unwrap();
    let made = set_up(&data).await.unwrap();
    let (clock, chance) = ground();
    let home = data.home("ca-signer").unwrap();
    let store = home.store("ca-signer", &clock, &chance, &[ca_signer::SCHEMA]).unwrap();
    let party = options().party("ca-signer").unwrap();
    let signer = CaSigner::open(standing::parts(&data, store, &party).unwrap()).await.unwrap();
    let algorithms = x509::Algorithms(allowed(Suite::House));
    let pem = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    for (issuer, file) in [(made.root, "anchors/root.pem"), (made.issuer, "issuing.pem")] {
        let list = signer.current_list(CurrentList { issuer }).await.unwrap();
        let authority = Certificate::from_pem(&pem(file)).unwrap();
        let list = Crl::parse(&list.list.0).unwrap();
        list.verify_at(&authority, clock.now().seconds(), algorithms).unwrap();
    }
    std::fs::remove_dir_all(&path).unwrap();
}

#[test]
fn a_base_that_cannot_stand_in_certificates_is_refused() {
    for base in ["", "localhost", "https://localhost", "http://", "http://a/b", "http://a b"] {
        assert!(check_base(base).is_err(), "{base}");
    }
    for base in ["http://localhost:8080", "http://pki.example", "http://[::1]:80"] {
        assert!(check_base(base).is_ok(), "{base}");
    }
}
