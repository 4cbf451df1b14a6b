//! One file: prepared, then finished with its signature, and checked.

use std::path::{Path, PathBuf};

use activation_contract::control_code as code_over;
use activation_contract::remote::{NewItem, RESERVE, RevocationEvidence, Stamped};
use ades::{Evidence, Indication, Trust};
use base::{Bytes, Digest};
use cms::{Attribute, Attributes, DigestAlgorithm, ToBeSigned};
use pdf::{Dss, Limits, Prepared, Refusal, SignatureRequest};

use super::activation::Own;
use super::{Sign, SignError};
use crate::fault::Fault;

/// A file with room for a signature. The file itself is read again when it is finished.
pub(super) struct Document {
    file: PathBuf,
    target: PathBuf,
    size: usize,
    digest: Digest,
    prepared: Prepared,
    signed: ToBeSigned,
}

/// The four digits for all of them.
pub(super) fn control_code(documents: &[Document]) -> u16 {
    let digests: Vec<_> = documents.iter().map(|one| one.signed.digest()).collect();
    code_over(digests.iter().map(Vec::as_slice))
}

/// Whether the file can be signed, and would pass its check: the digest of its bytes.
///
/// # Errors
/// [`SignError::Document`]
pub(super) fn look(file: &Path, with: &Sign<'_>) -> Result<Digest, SignError> {
    let bytes = read(file, with)?;
    let refused = |refusal| SignError::document(file, Fault::Refused(refusal));
    let bytes = pdf::rehearse(bytes, &request(with)).map_err(refused)?;
    Ok(sha256(&bytes))
}

fn request(with: &Sign<'_>) -> SignatureRequest {
    SignatureRequest::new(with.clock.now().seconds(), RESERVE)
}

impl Document {
    pub(super) fn prepare(
        file: &Path,
        target: &Path,
        credential: &Own,
        with: &Sign<'_>,
    ) -> Result<Self, SignError> {
        let bytes = read(file, with)?;
        let refused = |refusal| SignError::document(file, Fault::Refused(refusal));
        let prepared = pdf::prepare(&bytes, &request(with)).map_err(refused)?;
        let [before, after] = prepared.covered();
        let digest = credential.digest.digest_parts(&[&bytes, before, after]);
        let certificate = &credential.certificate;
        let attributes = Attributes::default();
        let signed = cms::prepare(certificate, credential.digest, &digest, &attributes);
        let signed = signed.map_err(|why| SignError::Server(why.to_string()))?;
        let digest = sha256(&bytes);
        let (file, target) = (file.to_owned(), target.to_owned());
        Ok(Self { file, target, size: bytes.len(), digest, prepared, signed })
    }

    /// Its name as the phone shows it: at most 255 bytes, whole characters.
    pub(super) fn label(&self) -> String {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let mut label = String::new();
        for letter in name.chars() {
            if label.len() + letter.len_utf8() > 255 {
                break;
            }
            label.push(letter);
        }
        label
    }

    pub(super) fn digest(&self) -> Digest {
        self.digest
    }

    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    pub(super) fn item(&self) -> NewItem {
        NewItem {
            label: self.label(),
            media_type: "application/pdf".to_owned(),
            size: u64::try_from(self.size).unwrap_or(u64::MAX),
            document_digest: self.digest,
            signed: Bytes(self.signed.signed_attributes_der()),
        }
    }

    /// The signed file, whole and sound.
    ///
    /// # Errors
    /// [`SignError::Changed`], [`SignError::Unsound`].
    pub(super) fn finished(
        &self,
        stamped: &Stamped,
        credential: &Own,
        evidence: &RevocationEvidence,
        with: &Sign<'_>,
    ) -> Result<Vec<u8>, SignError> {
        let mut whole = read(&self.file, with)?;
        if sha256(&whole) != self.digest {
            return Err(SignError::Changed(self.file.clone()));
        }
        let refused = |refusal| SignError::document(&self.file, Fault::Refused(refusal));
        let own = &credential.about;
        let chain = own.chain.iter().map(AsRef::as_ref);
        let certificates: Vec<&[u8]> =
            [own.certificate.as_ref()].into_iter().chain(chain).collect();
        let stamp = Attribute::time_stamp(stamped.time_stamp.0.clone());
        let cms = self.signed.finish(stamped.signature.as_ref(), &certificates, &[stamp]);
        whole.extend(self.prepared.finish(&cms).map_err(refused)?);
        let bytes = |all: &[Bytes]| all.iter().map(|one| one.0.clone()).collect();
        let store = Dss {
            certs: bytes(&evidence.certificates),
            ocsps: bytes(&evidence.ocsp),
            crls: bytes(&evidence.crls),
            vri: Vec::new(),
        };
        whole.extend(pdf::add_dss(&whole, &store, &Limits::default()).map_err(refused)?);
        match self.is_sound(&whole, with) {
            true => Ok(whole),
            false => Err(SignError::Unsound(self.file.clone())),
        }
    }

    /// Whether the new signature passes; where no anchors are given, whether nothing but they is
    /// missing.
    fn is_sound(&self, whole: &[u8], with: &Sign<'_>) -> bool {
        let rules = ades::TS_119_312_V2_1_1;
        let trust = Trust { anchors: with.anchors, algorithms: with.algorithms, rules };
        // A time-stamp may be of the second in which this machine's clock has not arrived.
        let at = with.clock.now().seconds().saturating_add(5);
        let Ok(report) = ades::check_pdf(whole, &Evidence::default(), &trust, at) else {
            return false;
        };
        let own = report.signatures.iter().find(|one| one.id == self.prepared.field());
        own.is_some_and(|own| match with.anchors.is_empty() {
            true => own.indication != Indication::TotalFailed && !own.timestamps.is_empty(),
            false => own.indication == Indication::TotalPassed && own.format == "PAdES-BASELINE-LT",
        })
    }
}

fn read(file: &Path, with: &Sign<'_>) -> Result<Vec<u8>, SignError> {
    let most = Limits::default().bytes;
    let bytes = with.files.read(file, most);
    let bytes = bytes.map_err(|why| SignError::document(file, Fault::Unreadable(why)))?;
    match bytes.len() > most {
        true => Err(SignError::document(file, Fault::Refused(Refusal::TooLarge))),
        false => Ok(bytes),
    }
}

fn sha256(bytes: &[u8]) -> Digest {
    Digest(DigestAlgorithm::Sha256.digest(bytes).try_into().unwrap_or_default())
}
