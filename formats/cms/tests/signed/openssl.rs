//! OpenSSL as the other side. Without the program the tests say so and pass.

use std::path::{Path, PathBuf};
use std::process::Command;

use cms::timestamp::{Request, Response};
use cms::{Attributes, DigestAlgorithm, Finding};

use crate::attacks::{check, sign};
use crate::authority::{Certified, Key, Subject, algorithms};
use crate::stamps::{STAMPED, request, stamp};

const AT: &str = "1778587000";

/// A folder of this test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cms").join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }

    fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    /// Runs openssl here: its words, or nothing where it is not installed.
    fn openssl(&self, arguments: &str) -> Option<String> {
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).current_dir(&self.0);
        let Ok(output) = command.output() else {
            eprintln!("skipped: openssl is not installed");
            return None;
        };
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(output.status.success(), "openssl {arguments}: {text}");
        Some(text)
    }
}

#[test]
fn openssl_verifies_our_signatures() {
    for (name, key) in [("p256", Key::p256()), ("p384", Key::p384()), ("rsa", Key::rsa())] {
        let made = sign(key, &Attributes::default());
        let folder = Folder::new(name);
        folder.put("ca.pem", made.ca.pem());
        folder.put("document", "the document");
        folder.put("cms.der", &made.cms);
        let verify = format!(
            "cms -verify -cades -binary -inform DER -in cms.der -content document \
             -CAfile ca.pem -purpose any -attime {AT} -out /dev/null"
        );
        let Some(text) = folder.openssl(&verify) else { return };
        assert!(text.contains("CAdES Verification successful"), "{text}");
    }
}

#[test]
fn openssl_signs_in_ber_pieces_and_we_read_it() {
    let ca = Certified::root(&Subject::ca("Test CA"), Key::p256());
    let signer = ca.issue(&Subject::named("Anna", 7), Key::rsa());
    let folder = Folder::new("ber");
    folder.put("key.pem", signer.key.pem());
    folder.put("signer.pem", signer.pem());
    folder.put("document", "the document");
    let pss = " -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest";
    for (more, ber) in [("", false), (" -cades", false), (" -cades -stream", true), (pss, false)] {
        let keyless = "cms -sign -binary -nosmimecap -md sha256 -signer signer.pem -inkey key.pem";
        let sign = format!("{keyless}{more} -in document -outform DER -out cms.der");
        if folder.openssl(&sign).is_none() {
            return;
        }
        let signed = cms::parse(&folder.get("cms.der")).unwrap();
        assert_eq!(signed.was_ber, ber, "{more}");
        let mut findings = check(&signed, b"the document").findings;
        let tolerated = [Finding::WasBer, Finding::ContentEnclosed];
        findings.retain(|finding| !tolerated.contains(finding));
        let unbound = Finding::SigningCertificateNotBound;
        let expected = if more.contains("cades") { vec![] } else { vec![unbound] };
        assert_eq!(findings, expected, "{more}");
    }
}

#[test]
fn openssl_verifies_our_tokens_and_shows_our_refusals() {
    let ca = Certified::root(&Subject::ca("Test CA"), Key::p256());
    let unit = ca.issue(&Subject::stamping("TSU", 3), Key::p384());
    let folder = Folder::new("tokens");
    folder.put("ca.pem", ca.pem());
    folder.put("stamped", STAMPED);
    folder.put("query.tsq", request().to_der());
    folder.put("answer.tsr", Response::granted(stamp(&unit, &request())).to_der());
    let verify = format!("ts -verify -in answer.tsr -CAfile ca.pem -attime {AT}");
    let Some(text) = folder.openssl(&format!("{verify} -data stamped")) else { return };
    assert!(text.contains("Verification: OK"), "{text}");
    let text = folder.openssl(&format!("{verify} -queryfile query.tsq")).unwrap_or_default();
    assert!(text.contains("Verification: OK"), "{text}");
    let text = folder.openssl("ts -reply -in answer.tsr -text").unwrap_or_default();
    assert!(text.contains("Time stamp: May 12 11:41:00 2026 GMT"), "{text}");
    let refusal = Response::rejected(cms::timestamp::Failure::TimeNotAvailable, "clock");
    folder.put("refusal.tsr", refusal.to_der());
    let text = folder.openssl("ts -reply -in refusal.tsr -text").unwrap_or_default();
    assert!(text.contains("time source is not available"), "{text}");
}

#[test]
fn openssl_asks_and_stamps_and_we_read_both() {
    let ca = Certified::root(&Subject::ca("Test CA"), Key::p256());
    let unit = ca.issue(&Subject::stamping("TSU", 3), Key::p256());
    let folder = Folder::new("authority");
    folder.put("ca.pem", ca.pem());
    folder.put("unit.pem", unit.pem());
    folder.put("key.pem", unit.key.pem());
    folder.put("stamped", STAMPED);
    folder.put(
        "ts.cnf",
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_digest = sha256\n\
         default_policy = 1.2.3.4\ndigests = sha256, sha384\naccuracy = secs:1, millisecs:500\n\
         ordering = yes\ntsa_name = yes\ness_cert_id_chain = no\n",
    );
    folder.put("serial", "0A");
    let query = "ts -query -data stamped -sha384 -cert -out query.tsq";
    if folder.openssl(query).is_none() {
        return;
    }
    let asked = Request::parse(&folder.get("query.tsq")).unwrap();
    assert_eq!(asked.imprint.digest, DigestAlgorithm::Sha384.digest(STAMPED));
    let reply = "ts -reply -config ts.cnf -queryfile query.tsq -signer unit.pem -inkey key.pem";
    folder.openssl(&format!("{reply} -out answer.tsr"));
    let answer = Response::parse(&folder.get("answer.tsr")).unwrap();
    let token = answer.read_token().unwrap().unwrap();
    assert_eq!(token.answers(&asked), []);
    assert!(token.info.ordering);
    assert_eq!(token.info.accuracy.map(|accuracy| accuracy.millis), Some(500));
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(STAMPED));
    let report = token.check(&digest, &[], algorithms());
    assert!(report.is_sound(), "{report:?}");
}
