//! Real files of many producers, several of them broken on purpose: each is signed or refused.

use std::collections::BTreeMap;
use std::fs;

use pdf::{Change, Dss, Limits, SignatureRequest, add_dss, dss, prepare, signatures};

#[cfg(test)]
mod outside;

#[cfg(test)]
fn append(mut file: Vec<u8>, update: &[u8]) -> Vec<u8> {
    file.extend_from_slice(update);
    file
}

/// Signs; the outcome is the new file or the kind of the refusal.
#[cfg(test)]
fn sign(
    file: &[u8],
    request: &SignatureRequest,
    signer: &outside::Signer,
) -> Result<Vec<u8>, &'static str> {
    let prepared = prepare(file, request).map_err(|refusal| refusal.kind())?;
    let [before, after] = prepared.covered();
    let cms = signer.cms(&[file, before, after].concat());
    Ok(append(file.to_vec(), &prepared.finish(&cms).unwrap()))
}

#[test]
fn every_real_file_is_signed_or_refused_with_a_reason() {
    let Some(files) = outside::files() else {
        eprintln!("SKIPPED: no folder of real PDF files at ../../../shared/vectors/pdf");
        return;
    };
    let Some(signer) = outside::Signer::new("pdf-corpus") else {
        eprintln!("SKIPPED: no openssl program");
        return;
    };
    let out = signer.folder().join("signed");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).unwrap();
    let mut request = SignatureRequest::new(1_795_622_400, 4096);
    request.signer = Some("Jānis Bērziņš".to_owned());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut verdicts = String::new();
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let original = fs::read(file).unwrap();
        let verdict = match sign(&original, &request, &signer) {
            Err(kind) => kind,
            Ok(signed) => {
                let found = signatures(&signed, &Limits::default()).unwrap();
                let last = found.last().unwrap();
                assert!(last.covers_all && last.flaws.is_empty(), "{name}: {last:?}");
                fs::write(out.join(name), &signed).unwrap();
                "signed"
            }
        };
        *counts.entry(verdict).or_default() += 1;
        verdicts.push_str(&format!("{name}\t{verdict}\n"));
    }
    fs::write(signer.folder().join("verdicts.tsv"), verdicts).unwrap();
    eprintln!("{counts:?}");
    assert!(counts.get("signed").copied().unwrap_or(0) > files.len() * 4 / 5);
}

#[test]
fn a_real_file_takes_two_signatures_validation_data_and_a_time_stamp() {
    let (Some(files), Some(signer)) = (outside::files(), outside::Signer::new("pdf-long")) else {
        eprintln!("SKIPPED: no folder of real PDF files, or no openssl program");
        return;
    };
    let out = signer.folder().join("signed");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).unwrap();
    let limits = Limits::default();
    let request = SignatureRequest::new(1_795_622_400, 4096);
    let mut kinds: BTreeMap<Vec<Change>, Vec<String>> = BTreeMap::new();
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let Ok(first) = sign(&fs::read(file).unwrap(), &request, &signer) else { continue };
        let second = sign(&first, &request, &signer).unwrap();
        let data = Dss {
            certs: vec![signer.certificate()],
            ocsps: vec![b"0\x03\x0a\x01\x06".to_vec()],
            ..Dss::default()
        };
        let update = add_dss(&second, &data, &limits).unwrap();
        let with_data = append(second, &update);
        assert_eq!(dss(&with_data, &limits).unwrap(), Some(data));
        let last = sign(&with_data, &SignatureRequest::time_stamp(4096), &signer).unwrap();
        let found = signatures(&last, &limits).unwrap();
        fs::write(out.join(name), &last).unwrap();
        let changes = found.iter().map(|signature| signature.later.change).collect();
        kinds.entry(changes).or_default().push(name.to_owned());
        assert!(found.iter().all(|signature| signature.flaws.is_empty()), "{name}: {found:?}");
    }
    for (changes, names) in &kinds {
        eprintln!("{changes:?}: {} {:?}", names.len(), names.iter().take(20).collect::<Vec<_>>());
    }
}
