//! Checking one signer: everything that the bytes alone can tell, as findings.
//!
//! Whether the certificate is trusted, was in force, or may sign is not asked here.

use std::fmt;

use x509::{Algorithms, Certificate, SignatureError};

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::ess::CertificateName;
use crate::oid::{self, Oid};
use crate::signed::{AttributeSet, SignedData, SignerId, SignerInfo};
use crate::tlv;

/// Where the signed content is.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// Inside the SignedData.
    Enclosed,
    /// Elsewhere: its digest is asked for, `None` if it cannot be had.
    Detached(&'a dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>),
}

/// What the check of one signer found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerReport {
    /// The certificate whose key was tried: the one that the signed attributes name.
    pub certificate: Option<Certificate>,
    /// The algorithm of the content's digest, if known.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// The signature algorithm, if known.
    pub signature_algorithm: Option<SignatureAlgorithm>,
    /// Everything that is wrong or odd, in the order of looking; empty for a clean signature.
    pub findings: Vec<Finding>,
}

impl SignerReport {
    /// The findings for which the signature must not be accepted.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_error())
    }
}

/// Something wrong or odd about a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The content is neither enclosed nor at hand.
    ContentMissing,
    /// The content is enclosed where it must stand outside.
    ContentEnclosed,
    /// There are no signed attributes.
    NoSignedAttributes,
    /// A signed attribute that must be there is not, or not with one value.
    AttributeMissing(Oid),
    /// A signed attribute stands there twice.
    AttributeRepeated(Oid),
    /// A signed attribute cannot be read.
    AttributeMalformed(Oid),
    /// The attribute content-type names another type than the content has.
    ContentTypeDiffers,
    /// The content's digest is not the one signed.
    DigestDiffers,
    /// The digest algorithm is not one of [`DigestAlgorithm`].
    DigestAlgorithmUnknown(Oid),
    /// The signature algorithm is unknown or not accepted by the caller.
    SignatureAlgorithmNotAccepted,
    /// Signature and content use different digests.
    AlgorithmsDisagree,
    /// No certificate at hand is the one that the signed attributes (or the signer) name.
    SigningCertificateNotFound,
    /// The signature value does not fit attributes and key.
    SignatureInvalid,
    /// No signed attribute binds the certificate.
    SigningCertificateNotBound,
    /// The certificate is bound by a SHA-1 digest only.
    SigningCertificateBoundBySha1,
    /// Issuer and serial number (signed or not) are not the certificate's, though its digest is.
    IssuerSerialDiffers,
    /// The encoding was BER, not DER.
    WasBer,
    /// The signed attributes were not in the order of DER.
    AttributesUnsorted,
    /// The digest algorithm is missing from the list at the head.
    DigestAlgorithmNotListed,
}

impl Finding {
    /// Whether the signature must not be accepted for it; otherwise it is a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(
            self,
            Self::SigningCertificateNotBound
                | Self::SigningCertificateBoundBySha1
                | Self::IssuerSerialDiffers
                | Self::WasBer
                | Self::AttributesUnsorted
                | Self::DigestAlgorithmNotListed
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::AttributeMissing(id) => return write!(f, "signed attribute {id} is missing"),
            Self::AttributeRepeated(id) => return write!(f, "signed attribute {id} is repeated"),
            Self::AttributeMalformed(id) => return write!(f, "signed attribute {id} is malformed"),
            Self::DigestAlgorithmUnknown(id) => return write!(f, "digest algorithm {id} unknown"),
            Self::ContentMissing => "the signed content is missing",
            Self::ContentEnclosed => "the content is enclosed where it must stand outside",
            Self::NoSignedAttributes => "there are no signed attributes",
            Self::ContentTypeDiffers => "the signed content type is another",
            Self::DigestDiffers => "the digest of the content is not the one signed",
            Self::SignatureAlgorithmNotAccepted => "the signature algorithm is not accepted",
            Self::AlgorithmsDisagree => "signature and content use different digest algorithms",
            Self::SigningCertificateNotFound => "the signing certificate is not there",
            Self::SignatureInvalid => "the signature value is wrong",
            Self::SigningCertificateNotBound => "no signed attribute names the certificate",
            Self::SigningCertificateBoundBySha1 => "the certificate is named by SHA-1 only",
            Self::IssuerSerialDiffers => "issuer and serial number are not the certificate's",
            Self::WasBer => "the encoding is BER instead of DER",
            Self::AttributesUnsorted => "the signed attributes are not in the order of DER",
            Self::DigestAlgorithmNotListed => "the digest algorithm is not listed",
        };
        f.write_str(text)
    }
}

impl SignedData {
    /// Checks one of the signers.
    ///
    /// `more` are certificates that may be the signer's beside the enclosed ones;
    /// `algorithms` are those that the caller accepts. Spec: RFC 5652 §5.4, §5.6; RFC 5035 §5.4.
    #[must_use]
    pub fn check(
        &self,
        signer: &SignerInfo,
        content: Content<'_>,
        more: &[Certificate],
        algorithms: Algorithms<'_>,
    ) -> SignerReport {
        let digest_algorithm = DigestAlgorithm::from_oid(signer.digest_algorithm);
        let mut report = SignerReport {
            certificate: None,
            digest_algorithm,
            signature_algorithm: signer.algorithm(),
            findings: Vec::new(),
        };
        self.check_algorithms(signer, &mut report);
        let Some(signed) = &signer.signed else {
            report.findings.push(Finding::NoSignedAttributes);
            return report;
        };
        check_shape(signed, &mut report.findings);
        self.check_content(signer, content, &mut report);
        let enclosed = self.certificates.iter().filter_map(|der| Certificate::parse(der).ok());
        let known: Vec<_> = enclosed.chain(more.iter().cloned()).collect();
        if let Some(certificate) = signing_certificate(signer, &known, &mut report.findings) {
            report.certificate = Some(certificate.clone());
            check_signature(signer, signed, certificate, algorithms, &mut report);
        }
        report
    }

    fn check_algorithms(&self, signer: &SignerInfo, report: &mut SignerReport) {
        if self.was_ber {
            report.findings.push(Finding::WasBer);
        }
        if !self.digest_algorithms.contains(&signer.digest_algorithm) {
            report.findings.push(Finding::DigestAlgorithmNotListed);
        }
        match (report.digest_algorithm, report.signature_algorithm) {
            (None, _) => {
                report.findings.push(Finding::DigestAlgorithmUnknown(signer.digest_algorithm));
            }
            (Some(digest), Some(signature)) if signature.digest() != digest => {
                report.findings.push(Finding::AlgorithmsDisagree);
            }
            _ => {}
        }
    }

    fn check_content(&self, signer: &SignerInfo, content: Content<'_>, report: &mut SignerReport) {
        let named = signer.signed_value(oid::CONTENT_TYPE);
        if named.is_some_and(|value| value != crate::read::oid_der(self.content_type)) {
            report.findings.push(Finding::ContentTypeDiffers);
        }
        if matches!(content, Content::Detached(_)) && self.content.is_some() {
            report.findings.push(Finding::ContentEnclosed);
        }
        let Some(algorithm) = report.digest_algorithm else { return };
        let digest = match content {
            Content::Enclosed => self.content.as_ref().map(|bytes| algorithm.digest(bytes)),
            Content::Detached(digest) => digest(algorithm),
        };
        let Some(digest) = digest else {
            report.findings.push(Finding::ContentMissing);
            return;
        };
        let Some(value) = signer.signed_value(oid::MESSAGE_DIGEST) else { return };
        if value != tlv::element(tlv::OCTET_STRING, &[&digest]) {
            report.findings.push(Finding::DigestDiffers);
        }
    }
}

fn check_shape(signed: &AttributeSet, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for attribute in &signed.attributes {
        if seen.contains(&attribute.id) {
            findings.push(Finding::AttributeRepeated(attribute.id));
        }
        seen.push(attribute.id);
    }
    for id in [oid::CONTENT_TYPE, oid::MESSAGE_DIGEST] {
        if signed.of(id).next().and_then(|attribute| attribute.single()).is_none() {
            findings.push(Finding::AttributeMissing(id));
        }
    }
}

/// The certificate that the signed attributes name; without such an attribute, the signer's id.
fn signing_certificate<'k>(
    signer: &SignerInfo,
    known: &'k [Certificate],
    findings: &mut Vec<Finding>,
) -> Option<&'k Certificate> {
    let names = certificate_names(signer, findings)?;
    let found = if names.is_empty() {
        findings.push(Finding::SigningCertificateNotBound);
        known.iter().find(|each| is_named_by(each, &signer.id))
    } else {
        known.iter().find(|each| names.iter().all(|name| name.is_hash_of(each.der())))
    };
    let Some(certificate) = found else {
        findings.push(Finding::SigningCertificateNotFound);
        return None;
    };
    let agree = names.iter().all(|name| name.agrees_with(certificate));
    if !agree || !is_named_by(certificate, &signer.id) {
        findings.push(Finding::IssuerSerialDiffers);
    }
    Some(certificate)
}

/// What the signed attributes say; none at all after an attribute that cannot be read.
fn certificate_names(
    signer: &SignerInfo,
    findings: &mut Vec<Finding>,
) -> Option<Vec<CertificateName>> {
    let v2 = signer.signed_value(oid::SIGNING_CERTIFICATE_V2).map(CertificateName::read_v2);
    let v1 = signer.signed_value(oid::SIGNING_CERTIFICATE).map(CertificateName::read_v1);
    if v2.is_none() && v1.is_some() {
        findings.push(Finding::SigningCertificateBoundBySha1);
    }
    let ids = [oid::SIGNING_CERTIFICATE_V2, oid::SIGNING_CERTIFICATE];
    let mut names = Vec::new();
    for (id, name) in ids.into_iter().zip([v2, v1]) {
        match name {
            Some(Ok(name)) => names.push(name),
            Some(Err(_)) => {
                findings.push(Finding::AttributeMalformed(id));
                return None;
            }
            None => {}
        }
    }
    Some(names)
}

fn is_named_by(certificate: &Certificate, id: &SignerId) -> bool {
    match id {
        SignerId::IssuerSerial { issuer, serial } => {
            issuer == certificate.issuer().der() && serial == certificate.serial()
        }
        SignerId::KeyId(key) => certificate.extensions().subject_key.as_ref() == Some(key),
    }
}

fn check_signature(
    signer: &SignerInfo,
    signed: &AttributeSet,
    certificate: &Certificate,
    algorithms: Algorithms<'_>,
    report: &mut SignerReport,
) {
    let Some(algorithm) = report.signature_algorithm else {
        report.findings.push(Finding::SignatureAlgorithmNotAccepted);
        return;
    };
    let given = signed.as_given();
    let der = signed.to_der().unwrap_or_else(|_| given.clone());
    let verify = |message| algorithm.verify(algorithms, certificate, message, &signer.signature);
    let mut verified = verify(&der);
    if der != given {
        report.findings.push(Finding::AttributesUnsorted);
        verified = verified.or_else(|_| verify(&given));
    }
    match verified {
        Ok(()) => {}
        Err(SignatureError::Algorithm) => {
            report.findings.push(Finding::SignatureAlgorithmNotAccepted);
        }
        Err(_) => report.findings.push(Finding::SignatureInvalid),
    }
}
