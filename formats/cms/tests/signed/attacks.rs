use cms::{
    Attribute, Attributes, Content, DigestAlgorithm, Finding, SignedData, SignerReport, oid,
};
use proptest::prelude::*;

use crate::authority::{Certified, Key, Subject, algorithms};

const DOCUMENT: &[u8] = b"the document";

pub(crate) struct Signed {
    pub(crate) ca: Certified,
    pub(crate) signer: Certified,
    pub(crate) cms: Vec<u8>,
}

/// A signature over [`DOCUMENT`] by a new key under a new authority.
pub(crate) fn sign(key: Key, attributes: &Attributes) -> Signed {
    let ca = Certified::root(&Subject::ca("Test CA"), Key::p256());
    let signer = ca.issue(&Subject::named("Anna", 7), key);
    let algorithm = signer.key.digest_algorithm();
    let prepared =
        cms::prepare(&signer.certificate(), algorithm, &algorithm.digest(DOCUMENT), attributes)
            .unwrap();
    let signature = signer.key.sign(&prepared.signed_attributes_der());
    let cms = prepared.finish(&signature, &[&signer.der, &ca.der], &[]);
    Signed { ca, signer, cms }
}

pub(crate) fn check(signed: &SignedData, document: &[u8]) -> SignerReport {
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(document));
    signed.check(&signed.signers[0], Content::Detached(&digest), &[], algorithms())
}

/// The findings after `change` of one occurrence of `find` to `replace`, of equal length.
fn findings_after(cms: &[u8], find: &[u8], replace: &[u8]) -> Vec<Finding> {
    assert_eq!(find.len(), replace.len());
    let at = cms.windows(find.len()).position(|window| window == find).expect("to be found");
    let mut changed = cms.to_vec();
    changed[at..at + find.len()].copy_from_slice(replace);
    check(&cms::parse(&changed).unwrap(), DOCUMENT).findings
}

#[test]
fn what_is_signed_is_found_clean_for_every_key() {
    for key in [Key::p256(), Key::p384(), Key::rsa()] {
        let made = sign(key, &Attributes::default());
        let signed = cms::parse(&made.cms).unwrap();
        let report = check(&signed, DOCUMENT);
        assert_eq!(report.findings, []);
        assert_eq!(report.certificate, Some(made.signer.certificate()));
        assert_eq!(signed.certificates.len(), 2);
        assert!(!signed.was_ber);
    }
}

#[test]
fn optional_attributes_are_signed_and_read_back() {
    let attributes = Attributes {
        signing_time: Some(9),
        commitment: Some(oid::PROOF_OF_APPROVAL),
        policy: Some(cms::SignaturePolicy {
            id: cms::Oid::dotted("1.2.3.4"),
            digest_algorithm: DigestAlgorithm::Sha256,
            digest: vec![7; 32],
            uri: Some("https://policy.example/1".to_owned()),
        }),
        place: Some(cms::Place { country: Some("LV".to_owned()), locality: None }),
        claimed: vec![Attribute::new(cms::Oid::dotted("2.5.4.12"), vec![0x0c, 1, b'x'])],
    };
    let made = sign(Key::p256(), &attributes);
    let signed = cms::parse(&made.cms).unwrap();
    assert_eq!(check(&signed, DOCUMENT).findings, []);
    let signer = &signed.signers[0];
    assert_eq!(signer.claimed_time(), Some(9));
    for id in [oid::COMMITMENT_TYPE, oid::SIGNATURE_POLICY, oid::SIGNER_LOCATION] {
        assert!(signer.signed_value(id).is_some(), "{id}");
    }
    assert!(signer.signed_value(oid::SIGNER_ATTRIBUTES_V2).is_some());
}

#[test]
fn another_document_is_found() {
    let made = sign(Key::p256(), &Attributes::default());
    let findings = check(&cms::parse(&made.cms).unwrap(), b"another").findings;
    assert_eq!(findings, [Finding::DigestDiffers]);
}

#[test]
fn a_digest_swapped_inside_is_found() {
    let made = sign(Key::p256(), &Attributes::default());
    let (right, wrong) = (DigestAlgorithm::Sha256.digest(DOCUMENT), [1; 32]);
    let findings = findings_after(&made.cms, &right, &wrong);
    assert_eq!(findings, [Finding::DigestDiffers, Finding::SignatureInvalid]);
}

#[test]
fn a_signing_certificate_of_the_same_name_and_number_is_not_taken() {
    let made = sign(Key::p256(), &Attributes::default());
    let other = made.ca.issue(&Subject::named("Anna", 7), Key::p256());
    let mut signed = cms::parse(&made.cms).unwrap();
    signed.certificates = vec![other.der.clone()];
    let report = check(&signed, DOCUMENT);
    assert_eq!(report.findings, [Finding::SigningCertificateNotFound]);
    assert_eq!(report.certificate, None);
}

#[test]
fn a_certificate_that_the_caller_has_serves_as_well() {
    let made = sign(Key::p256(), &Attributes::default());
    let mut signed = cms::parse(&made.cms).unwrap();
    signed.certificates.clear();
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let more = [made.signer.certificate()];
    let content = Content::Detached(&digest);
    let report = signed.check(&signed.signers[0], content, &more, algorithms());
    assert_eq!(report.findings, []);
}

#[test]
fn a_removed_or_repeated_attribute_is_found() {
    let made = sign(Key::p256(), &Attributes::default());
    let signed = cms::parse(&made.cms).unwrap();
    let rename = |of: cms::Oid, to: cms::Oid| findings_after(&made.cms, of.content(), to.content());
    assert!(
        rename(oid::MESSAGE_DIGEST, oid::SIGNING_TIME)
            .contains(&Finding::AttributeMissing(oid::MESSAGE_DIGEST))
    );
    assert!(
        rename(oid::CONTENT_TYPE, oid::MESSAGE_DIGEST)
            .contains(&Finding::AttributeRepeated(oid::MESSAGE_DIGEST))
    );
    let unbound = rename(oid::SIGNING_CERTIFICATE_V2, oid::COMMITMENT_TYPE);
    assert!(unbound.contains(&Finding::SigningCertificateNotBound));
    assert!(unbound.contains(&Finding::SignatureInvalid));
    let mut bare = signed;
    bare.signers[0].signed = None;
    assert_eq!(check(&bare, DOCUMENT).findings, [Finding::NoSignedAttributes]);
}

#[test]
fn a_signature_without_accepted_algorithm_is_not_invalid_but_not_accepted() {
    let made = sign(Key::p256(), &Attributes::default());
    let signed = cms::parse(&made.cms).unwrap();
    let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(DOCUMENT));
    let report =
        signed.check(&signed.signers[0], Content::Detached(&digest), &[], cms::Algorithms(&[]));
    assert_eq!(report.findings, [Finding::SignatureAlgorithmNotAccepted]);
}

#[test]
fn enclosed_content_where_none_may_be_is_found() {
    let made = sign(Key::p256(), &Attributes::default());
    let mut signed = cms::parse(&made.cms).unwrap();
    signed.content = Some(DOCUMENT.to_vec());
    assert_eq!(check(&signed, DOCUMENT).findings, [Finding::ContentEnclosed]);
}

#[test]
fn unsigned_attributes_are_seen_and_change_no_finding() {
    let made = sign(Key::p256(), &Attributes::default());
    let mut signed = cms::parse(&made.cms).unwrap();
    signed.signers[0].unsigned.push(Attribute::time_stamp(vec![5, 0]));
    assert_eq!(check(&signed, DOCUMENT).findings, []);
    assert_eq!(signed.signers[0].time_stamps().collect::<Vec<_>>(), [[5, 0]]);
}

#[test]
fn zeros_may_follow_in_a_padded_field_only() {
    let mut padded = sign(Key::p256(), &Attributes::default()).cms;
    padded.extend([0; 100]);
    assert_eq!(cms::parse(&padded), Err(cms::ReadError::Trailing));
    assert!(!cms::parse_padded(&padded).unwrap().was_ber);
    padded.push(1);
    assert_eq!(cms::parse_padded(&padded), Err(cms::ReadError::Trailing));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn garbage_and_near_misses_never_panic(bytes: Vec<u8>, changes: Vec<(u16, u8)>) {
        thread_local!(static GOOD: Vec<u8> = sign(Key::p256(), &Attributes::default()).cms);
        let _ = cms::parse(&bytes);
        let _ = cms::timestamp::parse_token(&bytes);
        let mut near = GOOD.with(Clone::clone);
        for (at, byte) in changes {
            let at = usize::from(at) % near.len();
            near[at] = byte;
        }
        if let Ok(signed) = cms::parse(&near) && !signed.signers.is_empty() {
            let _ = check(&signed, DOCUMENT);
        }
    }
}
