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
