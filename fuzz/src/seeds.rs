//! What a target begins with: its own seeds, what a fuzzer found before, and test vectors that lie
//! beside the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pdf::Limits;

/// Inputs of each target, by its name.
#[derive(Default)]
pub struct Seeds(BTreeMap<String, Vec<Vec<u8>>>);

/// The folder of this crate.
#[must_use]
pub fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Seeds {
    /// All there are, of each target the short ones first; says what is absent.
    #[must_use]
    pub fn found() -> Self {
        let mut seeds = Self::default();
        for (target, _) in crate::TARGETS {
            for folder in ["seeds", "corpus", "artifacts"] {
                for file in files(&home().join(folder).join(target)) {
                    seeds.add(target, fs::read(file).unwrap_or_default());
                }
            }
        }
        let vectors = files(&home().join("../../shared/vectors"));
        if vectors.is_empty() {
            eprintln!("no test vectors: only the seeds of the repository");
        }
        for file in vectors {
            seeds.vector(&file);
        }
        for inputs in seeds.0.values_mut() {
            inputs.sort_by_key(Vec::len);
        }
        seeds
    }

    /// Those of one target.
    #[must_use]
    pub fn of(&self, target: &str) -> &[Vec<u8>] {
        self.0.get(target).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, target: &str, input: Vec<u8>) {
        self.0.entry(target.to_owned()).or_default().push(input);
    }

    fn vector(&mut self, file: &Path) {
        let bytes = fs::read(file).unwrap_or_default();
        if bytes.starts_with(b"%PDF") {
            return self.document(bytes);
        }
        let Ok(text) = String::from_utf8(bytes) else { return };
        self.pem(&text);
        for word in text.split(|c: char| c.is_whitespace() || c == '"') {
            if word.starts_with("eyJ") && word.contains('.') {
                self.add("jose_jws", word.as_bytes().to_vec());
                self.add("jose_jwe", word.as_bytes().to_vec());
            }
        }
        if file.extension().is_some_and(|ending| ending == "json") {
            self.add("jose_jwk_set", text.as_bytes().to_vec());
            self.add("app_shown", text.into_bytes());
        }
    }

    /// A file, and what its signatures and its store of validation data hold.
    fn document(&mut self, bytes: Vec<u8>) {
        let limits = Limits::default();
        for field in pdf::signatures(&bytes, &limits).unwrap_or_default() {
            self.add("cms_signed_data", field.contents.clone());
            self.add("cms_stamp_token", field.contents);
        }
        let store = pdf::dss(&bytes, &limits).ok().flatten().unwrap_or_default();
        let parts = [
            ("x509_certificate", store.certs),
            ("x509_ocsp_response", store.ocsps),
            ("x509_crl", store.crls),
        ];
        for (target, values) in parts {
            values.into_iter().for_each(|value| self.add(target, value));
        }
        for target in ["pdf_signatures", "pdf_room", "pdf_validation_data"] {
            self.add(target, bytes.clone());
        }
        self.add("ades_pdf", bytes);
    }

    /// The sections of PEM text, also of text inside JSON.
    fn pem(&mut self, text: &str) {
        let text = text.replace("\\n", "\n");
        for (label, target) in [("CERTIFICATE", "x509_certificate"), ("X509 CRL", "x509_crl")] {
            for section in text.split(&format!("-----BEGIN {label}-----")).skip(1) {
                let inner = section.split("-----END").next().unwrap_or_default();
                let inner: String = inner.split_whitespace().collect();
                if let Ok(der) = STANDARD.decode(inner) {
                    self.add(target, der);
                }
            }
        }
    }
}

/// All files under `folder`, in order; none when it is absent.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let inner = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    paths.into_iter().flat_map(inner).collect()
}
