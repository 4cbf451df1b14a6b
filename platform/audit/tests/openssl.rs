//! What a person and a checker can do with `openssl` alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::path::Path;
use std::process::Command;

use audit::checkpoint::{Checkpoint, CheckpointSigner};
use audit::handle::{self, Epoch, Realm};
use audit::soft::{SoftHandles, SoftSigner};
use audit::tree::Head;
use base::PersonId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use store::trial::Folder;

/// Whether there is an `openssl`; where there is none, says on the real stderr what is skipped.
fn openssl() -> bool {
    let there = Command::new("openssl").arg("version").output().is_ok();
    if !there {
        let _ = std::io::stderr().write_all(b"SKIPPED: no openssl to check handles with\n");
    }
    there
}

fn verifies(folder: &Path, arguments: &[&str]) -> bool {
    Command::new("openssl").args(arguments).current_dir(folder).output().unwrap().status.success()
}

fn pem(spki: &[u8]) -> String {
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(spki))
}

#[test]
fn a_person_checks_her_handle_with_openssl() {
    if !openssl() {
        return;
    }
    let (handles, folder) = (SoftHandles::new(2026), Folder::new().unwrap());
    let realm = Realm { owner: "pmlp".parse().unwrap(), epoch: Epoch(2026) };
    let code = SoftHandles::code(PersonId::from_bytes([1; 16]));
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("key.pem", pem(&handles.published().0).as_bytes());
    write("proof", handles.prove(&realm, &code).bytes());
    let check = ["dgst", "-sha256", "-verify", "key.pem", "-signature", "proof", "message"];
    write("message", &handle::message(&realm, &code));
    assert!(verifies(folder.path(), &check));
    let other = SoftHandles::code(PersonId::from_bytes([2; 16]));
    write("message", &handle::message(&realm, &other));
    assert!(!verifies(folder.path(), &check));
}

#[test]
fn a_checkpoint_is_checked_with_openssl() {
    if !openssl() {
        return;
    }
    let (signer, folder) = (SoftSigner::seeded(1), Folder::new().unwrap());
    let head = Head { size: 7, root: [3; 32] };
    let at = base::Time::from_seconds(1_800_000_000);
    let checkpoint = Checkpoint { log: "pmlp/persons".to_owned(), head, at, previous: None };
    let note = String::from_utf8(checkpoint.signed(&signer).unwrap()).unwrap();
    let (text, line) = note.split_once("\n\n").unwrap();
    let bytes = STANDARD.decode(line.trim_end().rsplit_once(' ').unwrap().1).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let prefix = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
    write("key.pem", pem(&[prefix.as_slice(), &signer.public_key()].concat()).as_bytes());
    write("signature", bytes.get(4..).unwrap());
    let check = [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-rawin",
        "-in",
        "text",
        "-sigfile",
        "signature",
    ];
    write("text", format!("{text}\n").as_bytes());
    assert!(verifies(folder.path(), &check));
    write("text", text.as_bytes());
    assert!(!verifies(folder.path(), &check));
}
