//! What stands outside this crate: real files, and a test key in the hands of `openssl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of real files, when it is there.
pub(crate) fn files() -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/pdf");
    let mut files = Vec::new();
    for folder in ["pdfjs", "sample-files"] {
        let entries = fs::read_dir(root.join(folder)).ok()?;
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "pdf"));
    files.sort();
    Some(files)
}

/// A self-signed test key.
pub(crate) struct Signer {
    folder: PathBuf,
}

impl Signer {
    /// Makes a key in a folder of this name; `None` without `openssl`.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            .args(["-nodes", "-subj", "/CN=Test signer", "-days", "30", "-keyout", "key.pem"])
            .args(["-addext", "keyUsage=critical,digitalSignature,nonRepudiation"])
            .args(["-out", "cert.pem"])
            .current_dir(&folder)
            .stderr(Stdio::null())
            .status();
        made.ok().filter(std::process::ExitStatus::success).map(|_| Self { folder })
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its certificate in DER.
    pub(crate) fn certificate(&self) -> Vec<u8> {
        let made = Command::new("openssl")
            .args(["x509", "-in", "cert.pem", "-outform", "DER"])
            .current_dir(&self.folder)
            .output();
        made.unwrap().stdout
    }

    /// A detached CMS in DER over `content`.
    pub(crate) fn cms(&self, content: &[u8]) -> Vec<u8> {
        fs::write(self.folder.join("content"), content).unwrap();
        let status = Command::new("openssl")
            .args(["cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-cades"])
            .args(["-signer", "cert.pem", "-inkey", "key.pem", "-nosmimecap"])
            .args(["-in", "content", "-out", "cms.der"])
            .current_dir(&self.folder)
            .status()
            .unwrap();
        assert!(status.success());
        fs::read(self.folder.join("cms.der")).unwrap()
    }
}
