//! Real files of many producers: each signed, or refused by a stable word.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use ades::Indication;
use links::CallFault;
use signing_contract::{DocumentKind, SigningRefusal};
use store::trial::{Trial, run};

use crate::world::World;

/// Files beyond what these tests' platform takes.
const MOST: u64 = 4 << 20;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let small = path.metadata().is_ok_and(|own| own.len() < MOST);
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "pdf") && small {
            found.push(path);
        }
    }
}

#[test]
fn every_real_file_is_signed_or_refused_by_a_word() {
    let mut found = Vec::new();
    files(Path::new("../../../shared/vectors/pdf"), &mut found);
    if found.is_empty() {
        let line = b"SKIPPED: no folder of real PDF files at ../../../shared/vectors/pdf\n";
        // A closed stderr has no reader to tell.
        let _ = std::io::stderr().write_all(line);
        return;
    }
    found.sort();
    let trial = Trial::on_sqlite(&[signing::SCHEMA, audit::SCHEMA]).unwrap();
    let world = run(World::new(std::sync::Arc::new(trial), keys::Algorithm::P256));
    let mut words: BTreeMap<String, u32> = BTreeMap::new();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("signed");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("root.pem"), world.root.to_pem()).unwrap();
    let mut table = String::new();
    for path in &found {
        let word = run(tried(&world, (path, &folder)));
        table.push_str(&format!("{word}\t{}\n", path.display()));
        *words.entry(word).or_default() += 1;
    }
    std::fs::write(folder.join("words.tsv"), table).unwrap();
    let signed = words.get("signed").copied().unwrap_or(0);
    assert!(signed * 10 > u32::try_from(found.len()).unwrap() * 8, "{words:?}");
}

/// `signed`, or why not; what is signed is laid into the folder for others to look at.
async fn tried(world: &World, (path, folder): (&Path, &Path)) -> String {
    let bytes = std::fs::read(path).unwrap();
    let document = world.brought("anna", (&bytes, DocumentKind::ToSign)).await;
    let document = match document {
        Err(CallFault::Refused(SigningRefusal::Document { kind })) => return kind,
        document => document.unwrap(),
    };
    let file = world.signed_of(document).await;
    assert!(file.starts_with(&bytes), "{}", path.display());
    let report = world.checked(&file);
    let own = report.signatures.iter().find(|own| own.signed_by.is_some());
    assert!(own.is_some(), "{}", path.display());
    let passed = report
        .signatures
        .iter()
        .any(|own| own.indication == Indication::TotalPassed && own.format == "PAdES-BASELINE-LT");
    assert!(passed, "{} {report:#?}", path.display());
    std::fs::write(folder.join(path.file_name().unwrap()), file).unwrap();
    "signed".to_owned()
}
