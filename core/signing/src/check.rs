//! Checking a document's signatures with the deployment's anchors.
//!
//! Beside what the document brings, the present status of signers under our anchors is asked for:
//! a certificate that was revoked after the signature is told as such.

use ades::Evidence;
use links::Asked;
use pdf::Limits;
use serde::Serialize;
use signing_contract::{Check, Checked};
use x509::Certificate;

use crate::assemble::blocking;
use crate::failed::Failed;
use crate::sign::Signing;
use crate::upload::{document_id, owner};

/// How many certificates of a document are looked at.
const CERTIFICATES_MAX: usize = 64;

/// What is found, in the shape that the command line prints.
#[derive(Serialize)]
struct Line {
    file: String,
    signatures: Vec<ades::SignatureReport>,
    timestamps: Vec<ades::StampReport>,
    error: Option<ErrorLine>,
}

/// Why a document was not looked at: a stable word and a sentence in English.
#[derive(Serialize)]
struct ErrorLine {
    code: &'static str,
    text: String,
}

impl Signing {
    pub(crate) async fn check(&self, asked: &Asked, ask: &Check) -> Result<Checked, Failed> {
        let row = self.finished(owner(asked), document_id(&ask.document)?).await?;
        let _seat = self.seat().await;
        let bytes = self.loaded(&row).await?;
        let (bytes, signers) = blocking(move || {
            let signers = signers(&bytes);
            (bytes, signers)
        })
        .await?;
        let ocsp = self.said_now(&signers).await;
        let given = Evidence { ocsp, ..Evidence::default() };
        let (trust, now) = (self.parts.trust.clone(), self.parts.clock.now().seconds());
        let found = blocking(move || ades::check_pdf(&bytes, &given, &trust.trust(), now));
        let file = row.name.clone();
        let line = match found.await? {
            Ok(report) => Line {
                file,
                signatures: report.signatures,
                timestamps: report.timestamps,
                error: None,
            },
            Err(refusal) => {
                let error = ErrorLine { code: refusal.kind(), text: refusal.to_string() };
                Line { file, signatures: Vec::new(), timestamps: Vec::new(), error: Some(error) }
            }
        };
        let report = serde_json::to_string(&line).map_err(|_| Failed::Unreadable("report"))?;
        Ok(Checked { document: row.shown(), report })
    }
}

/// The certificates that the document's signatures bring.
fn signers(bytes: &[u8]) -> Vec<Certificate> {
    let fields = pdf::signatures(bytes, &Limits::default()).unwrap_or_default();
    let read = fields.iter().filter_map(|field| cms::parse_padded(&field.contents).ok());
    let brought = read.flat_map(|data| data.certificates);
    brought.filter_map(|der| Certificate::parse(&der).ok()).take(CERTIFICATES_MAX).collect()
}
