//! The PDF: room for a signature before the phone is asked, and all put together after.
//! Spec: EN 319 142-1; PROTOCOLS §8.

use std::ops::Range;
use std::sync::Arc;

use activation_contract::remote::{RESERVE, RevocationEvidence};
use ades::{Evidence, Indication};
use base::{Bytes, Digest};
use cms::{Attribute, Attributes};
use pdf::{Dss, Limits, Prepared, PreparedParts, SignatureRequest, Vri};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha384};
use store::{Tx, values};
use x509::{Certificate, oid};

use crate::activation::{ActivationRow, ItemRow};
use crate::begin::spread;
use crate::credential::digest_of;
use crate::document::{DocumentId, DocumentRow, Owner};
use crate::failed::Failed;
use crate::life::Event;
use crate::sign::Signing;
use crate::upload::kept_until;

/// [`PreparedParts`] and the digest of what they cover, as kept between two requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptUpdate {
    original: usize,
    update: Bytes,
    hole: Range<usize>,
    field: String,
    covered: Bytes,
}

/// What a document is prepared to: the kept update and what the key is to sign.
pub(crate) struct Room {
    pub(crate) kept: KeptUpdate,
    pub(crate) signed: Vec<u8>,
}

/// Everything that is put together.
struct Pieces {
    original: Vec<u8>,
    update: Prepared,
    cms: Vec<u8>,
    evidence: RevocationEvidence,
}

impl KeptUpdate {
    fn of(prepared: Prepared, covered: Vec<u8>) -> Self {
        let PreparedParts { original, update, hole, field } = prepared.into_parts();
        Self { original, update: Bytes(update), hole, field, covered: Bytes(covered) }
    }

    fn prepared(&self) -> Result<Prepared, Failed> {
        let Self { original, update, hole, field, .. } = self.clone();
        let parts = PreparedParts { original, update: update.0, hole, field };
        Prepared::from_parts(parts).map_err(|_| Failed::Unreadable("update"))
    }
}

impl Signing {
    /// Whether the document can be signed; its refusal's word else.
    pub(crate) async fn try_out(&self, row: &DocumentRow) -> Result<(), Failed> {
        let _seat = self.seat().await;
        let bytes = self.loaded(row).await?;
        let now = self.parts.clock.now().seconds();
        let tried =
            blocking(move || pdf::rehearse(bytes, &SignatureRequest::new(now, RESERVE)).map(drop));
        tried.await?.map_err(|refusal| Failed::document(refusal.kind()))
    }

    /// Makes room in the document for a signature of this certificate.
    pub(crate) async fn room(
        &self,
        row: &DocumentRow,
        certificate: &Certificate,
    ) -> Result<Room, Failed> {
        let _seat = self.seat().await;
        let bytes = self.loaded(row).await?;
        let signer = certificate.subject().get(&oid::COMMON_NAME).map(str::to_owned);
        let now = self.parts.clock.now().seconds();
        let request = SignatureRequest { signer, ..SignatureRequest::new(now, RESERVE) };
        let certificate = certificate.clone();
        let made = blocking(move || {
            let prepared =
                pdf::prepare(&bytes, &request).map_err(|no| Failed::document(no.kind()))?;
            let covered = covered(&prepared, &bytes, &certificate);
            let signed = signed_attributes(&certificate, &covered)?;
            Ok(Room { kept: KeptUpdate::of(prepared, covered), signed })
        });
        made.await?
    }

    /// Puts the signed document together, checks it as anybody would, and stores it.
    pub(crate) async fn put_together(&self, row: &ActivationRow) -> Result<Option<Event>, Failed> {
        let Some((document, kept)) = self.session_of(row).await? else {
            return Ok(Some(Event::Finished { document: None }));
        };
        let _seat = self.seat().await;
        let source = self.document(Owner::Person(row.owner), document).await?;
        let pieces = self.pieces(row, &source, &kept).await?;
        let (trust, now) = (self.parts.trust.clone(), self.parts.clock.now().seconds());
        let field = kept.field.clone();
        let made = blocking(move || {
            let file = pieces.joined()?;
            let report = ades::check_pdf(&file, &Evidence::default(), &trust.trust(), now);
            let passed = report.is_ok_and(|report| is_signed(&report, &field));
            if passed { Ok(file) } else { Err("self-check") }
        });
        match made.await? {
            Ok(file) => self.kept_signed(row, &source, file).await.map(Some),
            Err(why) => {
                tracing::error!(activation = %row.id, why, "the signed document does not pass");
                Ok(Some(Event::Failed { why }))
            }
        }
    }

    async fn session_of(
        &self,
        row: &ActivationRow,
    ) -> Result<Option<(DocumentId, KeptUpdate)>, Failed> {
        let id = row.id;
        let read = move |tx: &mut Tx| {
            tx.first::<(DocumentId, Vec<u8>)>(
                "SELECT document, prepared FROM signing_session WHERE activation = $1",
                values![id],
            )
        };
        let Some((document, kept)) = self.parts.store.read("signing.session", read).await? else {
            return Ok(None);
        };
        let kept = serde_json::from_slice(&kept).map_err(|_| Failed::Unreadable("update"))?;
        Ok(Some((document, kept)))
    }

    async fn pieces(
        &self,
        row: &ActivationRow,
        source: &DocumentRow,
        kept: &KeptUpdate,
    ) -> Result<Pieces, Failed> {
        let items = self.items(row.id, (0, 1)).await?;
        let item = items.first().ok_or(Failed::Unreadable("items"))?;
        let status = row.status.as_deref().ok_or(Failed::Unreadable("status"))?;
        let evidence = serde_json::from_slice(status).map_err(|_| Failed::Unreadable("status"))?;
        let cms = cms_of(row, item, &kept.covered.0)?;
        Ok(Pieces { original: self.loaded(source).await?, update: kept.prepared()?, cms, evidence })
    }

    /// The id follows from the activation's, so that a second try stores no second document.
    async fn kept_signed(
        &self,
        row: &ActivationRow,
        source: &DocumentRow,
        file: Vec<u8>,
    ) -> Result<Event, Failed> {
        let id: DocumentId = spread(&[b"sakta signed 1", row.id.bytes()]);
        let digest = Digest(Sha256::digest(&file).into());
        let size = i64::try_from(file.len()).unwrap_or(i64::MAX);
        self.keep_chunks(id, &Arc::new(file)).await?;
        let (owner, name) = (row.owner, signed_name(&source.name));
        let at = self.parts.clock.now();
        let write = move |tx: &mut Tx| {
            tx.update(
                "INSERT INTO signing_document
                     (id, owner, name, media_type, kind, size, digest, begun_at, ends_at, finished)
                 VALUES ($1, $2, $3, 'application/pdf', 'signed', $4, $5, $6, $7, 1)
                 ON CONFLICT DO NOTHING",
                values![id, owner, &name, size, digest.0, at, kept_until(at)],
            )
        };
        let _: u64 = self.parts.store.write("signing.keep_signed", write).await?;
        Ok(Event::Finished { document: Some(id.to_string()) })
    }
}

impl Pieces {
    /// The original, the signature in its update, and the update with certificates and status.
    fn joined(self) -> Result<Vec<u8>, &'static str> {
        let Self { original: mut file, update, cms, evidence } = self;
        let reserve = update.reserve();
        let signature = update.finish(&cms).map_err(|_| "signature-too-long")?;
        file.extend(signature);
        let mut padded = cms;
        padded.resize(reserve, 0);
        let list = |bytes: Vec<Bytes>| bytes.into_iter().map(|Bytes(der)| der).collect::<Vec<_>>();
        let [certs, ocsps, crls] = [evidence.certificates, evidence.ocsp, evidence.crls].map(list);
        let vri = Vri {
            key: pdf::vri_key(&padded),
            certs: certs.clone(),
            ocsps: ocsps.clone(),
            crls: crls.clone(),
        };
        let store = Dss { certs, ocsps, crls, vri: vec![vri] };
        let added = pdf::add_dss(&file, &store, &Limits::default()).map_err(|no| no.kind())?;
        file.extend(added);
        Ok(file)
    }
}

fn covered(prepared: &Prepared, original: &[u8], certificate: &Certificate) -> Vec<u8> {
    match digest_of(certificate) {
        cms::DigestAlgorithm::Sha384 => prepared.digest(Sha384::new_with_prefix(original)).to_vec(),
        _ => prepared.digest(Sha256::new_with_prefix(original)).to_vec(),
    }
}

fn to_be_signed(certificate: &Certificate, covered: &[u8]) -> Result<cms::ToBeSigned, Failed> {
    cms::prepare(certificate, digest_of(certificate), covered, &Attributes::default())
        .map_err(|_| Failed::Unreadable("certificate"))
}

fn signed_attributes(certificate: &Certificate, covered: &[u8]) -> Result<Vec<u8>, Failed> {
    Ok(to_be_signed(certificate, covered)?.signed_attributes_der())
}

fn cms_of(row: &ActivationRow, item: &ItemRow, covered: &[u8]) -> Result<Vec<u8>, Failed> {
    let certificate = Certificate::parse(&row.fixed.certificate.0);
    let certificate = certificate.map_err(|_| Failed::Unreadable("certificate"))?;
    let tbs = to_be_signed(&certificate, covered)?;
    if tbs.signed_attributes_der() != item.signed {
        return Err(Failed::document("altered"));
    }
    let signature = item.signature.as_deref().ok_or(Failed::Unreadable("signature"))?;
    let token = item.token.clone().ok_or(Failed::Unreadable("token"))?;
    let chain = row.fixed.chain.iter().map(|der| der.0.as_slice());
    let certificates: Vec<&[u8]> = std::iter::once(certificate.der()).chain(chain).collect();
    Ok(tbs.finish(signature, &certificates, &[Attribute::time_stamp(token)]))
}

/// R28: passed, with time-stamp and status inside.
fn is_signed(report: &ades::Report, field: &str) -> bool {
    let own = report.signatures.iter().find(|signature| signature.id == field);
    own.is_some_and(|own| {
        own.indication == Indication::TotalPassed
            && own.format == "PAdES-BASELINE-LT"
            && own.best_signature_time.is_some()
    })
}

/// `līgums.pdf` → `līgums-signed.pdf`, within a name's length.
fn signed_name(name: &str) -> String {
    let stem = name.strip_suffix(".pdf").or_else(|| name.strip_suffix(".PDF")).unwrap_or(name);
    let mut stem = stem.to_owned();
    while stem.len() > 240 {
        stem.pop();
    }
    format!("{stem}-signed.pdf")
}

/// Runs what reads a whole document beside the runtime's own threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failed> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Failed::Unreadable("document"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_document_has_a_name_of_its_own() {
        assert_eq!(signed_name("līgums.pdf"), "līgums-signed.pdf");
        assert_eq!(signed_name("x"), "x-signed.pdf");
        assert!(signed_name(&"ā".repeat(127)).len() <= 255);
    }
}
