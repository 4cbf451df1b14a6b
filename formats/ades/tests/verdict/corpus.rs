//! Real files from elsewhere: none may stop the check, and none is signed under our anchors.

use std::path::{Path, PathBuf};

use ades::{Evidence, Indication, Trust};

use crate::country::{NOW, algorithms};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf")) {
            found.push(path);
        }
    }
}

#[test]
fn real_files_are_read_or_refused_and_none_passes_without_an_anchor() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/pdf");
    if !folder.is_dir() {
        eprintln!("skipped: no PDF files at {}", folder.display());
        return;
    }
    let mut found = Vec::new();
    files(&folder, &mut found);
    let trust = Trust { anchors: &[], algorithms: algorithms(), rules: ades::TS_119_312_V2_1_1 };
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(report) = ades::check_pdf(&bytes, &Evidence::default(), &trust, NOW) else {
            continue;
        };
        for signature in &report.signatures {
            assert_ne!(signature.indication, Indication::TotalPassed, "{}", path.display());
            let name = path.file_name().unwrap_or_default().display();
            let codes: Vec<_> = signature.errors.iter().map(|reason| reason.code).collect();
            eprintln!("{name}: {} {:?} {codes:?}", signature.format, signature.indication);
        }
    }
}
