//! What others' programs say of what is signed here.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base::Clock;

use crate::paper::blank;
use crate::world::{World, in_a_world};

const PYHANKO: &str = "/opt/pyhanko/bin/pyhanko";

fn told(skipped: &str) {
    let line = format!("SKIPPED: {skipped} is not installed\n");
    // A closed stderr has no reader to tell.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

fn laid(world: &World, file: &[u8]) -> (PathBuf, PathBuf) {
    let folder = world.folder.path();
    let (signed, root) = (folder.join("signed.pdf"), folder.join("root.pem"));
    std::fs::write(&signed, file).unwrap();
    std::fs::write(&root, world.root.to_pem()).unwrap();
    (signed, root)
}

/// Validates by EN 319 102-1 for the test's moment, with one anchor and without asking anybody.
fn pyhanko(world: &World, (signed, root): (&Path, &Path)) -> (bool, String) {
    let at = world.trial.clock.now().plus(Duration::from_secs(60)).floor().to_string();
    let mut command = Command::new(PYHANKO);
    command.args(["sign", "adesverify", "--pretty-print", "--trust-replace"]);
    command.args(["--validation-time", &at, "--trust"]);
    let run = command.args([root, signed]).output().unwrap();
    let text = [run.stdout, run.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (run.status.success(), text.concat())
}

#[test]
fn pyhanko_finds_level_lt_valid_and_one_changed_byte_not() {
    if !Path::new(PYHANKO).exists() {
        return told(PYHANKO);
    }
    in_a_world(|world| async move {
        let file = world.signed(&blank(0)).await;
        let (signed, root) = laid(&world, &file);
        let (passed, text) = pyhanko(&world, (&signed, &root));
        assert!(passed, "{text}");
        let mut changed = file;
        changed[12] ^= 1;
        std::fs::write(&signed, changed).unwrap();
        assert!(!pyhanko(&world, (&signed, &root)).0);
    });
}

#[test]
fn pdfsig_finds_the_signature_valid_and_one_changed_byte_not() {
    if Command::new("pdfsig").arg("-v").output().is_err() {
        return told("pdfsig");
    }
    in_a_world(|world| async move {
        let file = world.signed(&blank(0)).await;
        let (signed, _) = laid(&world, &file);
        let said = || {
            let run = Command::new("pdfsig").arg("-nocert").arg(&signed).output().unwrap();
            String::from_utf8_lossy(&run.stdout).into_owned()
        };
        let whole = said();
        assert!(whole.contains("Signature is Valid."), "{whole}");
        assert!(whole.contains("ETSI.CAdES.detached"), "{whole}");
        let mut changed = file;
        changed[12] ^= 1;
        std::fs::write(&signed, changed).unwrap();
        assert!(!said().contains("Signature is Valid."));
    });
}

#[test]
fn openssl_finds_token_status_and_list_inside_good() {
    if Command::new("openssl").arg("version").output().is_err() {
        return told("openssl");
    }
    in_a_world(|world| async move {
        let file = world.signed(&blank(0)).await;
        laid(&world, &file);
        let limits = pdf::Limits::default();
        let store = pdf::dss(&file, &limits).unwrap().unwrap();
        let field = pdf::signatures(&file, &limits).unwrap().remove(0);
        let signed = cms::parse_padded(&field.contents).unwrap();
        let signer = &signed.signers[0];
        let stamp = signer.unsigned.iter().find_map(cms::Attribute::single).unwrap();
        let pem = |der: &[u8]| x509::Certificate::parse(der).unwrap().to_pem();
        let chain: String = store.certs.iter().map(|der| pem(der)).collect();
        let anna = world.neighbours.certificate.to_pem();
        let issuing = store.certs.iter().map(|der| x509::Certificate::parse(der).unwrap());
        let issuing = issuing.into_iter().find(x509::Certificate::is_authority).unwrap();
        let lay = |name: &str, bytes: &[u8]| {
            std::fs::write(world.folder.path().join(name), bytes).unwrap();
        };
        lay("token", stamp);
        lay("signature", &signer.signature);
        lay("chain.pem", chain.as_bytes());
        lay("anna.pem", anna.as_bytes());
        lay("issuing.pem", issuing.to_pem().as_bytes());
        lay("ocsp", &store.ocsps[0]);
        lay("crl", &store.crls[0]);
        let at = (world.trial.clock.now().seconds() + 1).to_string();
        let says = |arguments: &str, words: &str| {
            let arguments = arguments.replace("AT", &at);
            let mut run = Command::new("openssl");
            run.args(arguments.split(' ')).current_dir(world.folder.path());
            let run = run.output().unwrap();
            let text = [run.stdout, run.stderr].concat();
            let text = String::from_utf8_lossy(&text).into_owned();
            assert!(text.contains(words), "{arguments}: {text}");
        };
        let token = "ts -verify -token_in -in token -data signature -CAfile root.pem \
                     -untrusted chain.pem -attime AT";
        says(token, "Verification: OK");
        let ocsp = "ocsp -respin ocsp -issuer issuing.pem -cert anna.pem -CAfile root.pem \
                    -no_nonce -validity_period 999999999 -attime AT";
        says(ocsp, "Response verify OK");
        says(ocsp, "anna.pem: good");
        says("crl -inform DER -in crl -CAfile root.pem -noout", "verify OK");
        let path = "verify -CAfile root.pem -untrusted issuing.pem -attime AT anna.pem";
        says(path, "anna.pem: OK");
    });
}
