//! Setting up, and what stands afterwards.

#[path = "test_hierarchy.rs"]
mod test_hierarchy;

use std::path::PathBuf;
use std::sync::Arc;

use ca_signer::CaSigner;
use keys::{Suite, SystemChance, allowed};
use links::Party;
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
