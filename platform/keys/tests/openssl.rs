//! Keys and signatures go to openssl and come from it.
#![cfg(test)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use keys::{Algorithm, Keeper, Kek, Purpose, Signer, SystemChance};

#[derive(Debug)]
enum Tokens {}
impl Purpose for Tokens {
    const NAME: &'static str = "test.tokens";
}

const MADE: [(Algorithm, &[&str]); 4] = [
    (Algorithm::P256, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    (Algorithm::P384, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    (Algorithm::Rsa3072, &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]),
    (Algorithm::Ed25519, &["-algorithm", "ED25519"]),
];

#[test]
fn openssl_checks_signatures_of_keys_that_it_made() {
    if Command::new("openssl").arg("version").output().is_err() {
        let mut real = std::io::stderr();
        let _ = writeln!(real, "skipped: openssl is not there");
        return;
    }
    let folder = std::env::temp_dir().join(format!("sakta-keys-openssl-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (algorithm, how) in MADE {
        one_key(algorithm, how, &folder);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn one_key(algorithm: Algorithm, how: &[&str], folder: &Path) {
    let file = |name: &str| folder.join(name);
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let [pem, der] = ["key.pem", "key.der"].map(file).map(text);
    openssl(&[&["genpkey", "-out", &pem], how].concat());
    let pkcs8 = ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", &pem, "-out", &der];
    openssl(&pkcs8);
    let kek = Kek::from_bytes(&[1; 32]).unwrap();
    let keeper = Keeper::new("test", "owner/part", kek, Arc::new(SystemChance::new()));
    let secret = std::fs::read(&der).unwrap();
    let (signer, _) = keeper.adopt::<Signer<Tokens>>(algorithm, &secret).unwrap();
    std::fs::write(file("message"), b"words").unwrap();
    std::fs::write(file("signature"), signer.sign(b"words").unwrap()).unwrap();
    std::fs::write(file("public.der"), signer.public_key().spki()).unwrap();
    let [public, signature, message] = ["public.der", "signature", "message"].map(file).map(text);
    let check = ["-pubin", "-keyform", "DER", "-inkey", &public, "-sigfile", &signature];
    let digest: &[&str] = match algorithm {
        Algorithm::Ed25519 => &[],
        Algorithm::P384 => &["-digest", "sha384"],
        _ => &["-digest", "sha256"],
    };
    let verify = ["pkeyutl", "-verify", "-rawin", "-in", &message];
    openssl(&[verify.as_slice(), &check, digest].concat());
}

fn openssl(arguments: &[&str]) {
    let out = Command::new("openssl").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "openssl {arguments:?}: {said}");
}
