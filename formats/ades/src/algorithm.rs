//! Until when an algorithm is accepted: dated rules, handed in as data.

use cms::DigestAlgorithm;
use der::Decode;
use spki::SubjectPublicKeyInfoRef;
use x509::{Certificate, SignatureAlgorithm};

use crate::cause::Cause;

/// A kind of algorithm that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// A digest algorithm.
    Digest(DigestAlgorithm),
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS.
    RsaPss,
    /// ECDSA.
    Ecdsa,
}

/// A rule: an algorithm from some key length on, and until when it is accepted.
///
/// Of several rules for one mechanism the one with the greatest `bits_from` that the key reaches
/// holds. What no rule names is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmRule {
    /// The standard and clause.
    pub source: &'static str,
    /// What it is about.
    pub mechanism: Mechanism,
    /// The least key length in bits; 0 for digests.
    pub bits_from: usize,
    /// The first second (since 1970) at which it is accepted no more.
    pub until: Option<i64>,
    /// The first second at which no new certificate may be made for such a key.
    pub certified_until: Option<i64>,
}

const YEAR_2027: i64 = 1_798_761_600;
const YEAR_2029: i64 = 1_861_920_000;
const YEAR_2035: i64 = 2_051_222_400;
const SOURCE: &str = "ETSI TS 119 312 V2.1.1 (2026-06), ECCG ACM 2.0";

const fn rule(mechanism: Mechanism, bits_from: usize, until: Option<i64>) -> AlgorithmRule {
    AlgorithmRule { source: SOURCE, mechanism, bits_from, until, certified_until: None }
}

const fn short_rsa(mechanism: Mechanism) -> AlgorithmRule {
    let certified_until = Some(YEAR_2027);
    AlgorithmRule { certified_until, ..rule(mechanism, 1900, Some(YEAR_2029)) }
}

/// The agreed cryptographic mechanisms of the European Union as TS 119 312 V2.1.1 restates them.
pub const TS_119_312_V2_1_1: &[AlgorithmRule] = &[
    rule(Mechanism::Digest(DigestAlgorithm::Sha256), 0, None),
    rule(Mechanism::Digest(DigestAlgorithm::Sha384), 0, None),
    rule(Mechanism::Digest(DigestAlgorithm::Sha512), 0, None),
    short_rsa(Mechanism::RsaPkcs1),
    rule(Mechanism::RsaPkcs1, 3000, Some(YEAR_2035)),
    short_rsa(Mechanism::RsaPss),
    rule(Mechanism::RsaPss, 3000, None),
    rule(Mechanism::Ecdsa, 256, None),
];

impl AlgorithmRule {
    fn of(rules: &[Self], mechanism: Mechanism, bits: usize) -> Option<&Self> {
        let fitting =
            rules.iter().filter(|rule| rule.mechanism == mechanism && rule.bits_from <= bits);
        fitting.max_by_key(|rule| rule.bits_from)
    }
}

/// Whether a signature by the key of `signer` is accepted at `at`.
pub(crate) fn check_signature(
    rules: &[AlgorithmRule],
    algorithm: cms::SignatureAlgorithm,
    signer: &Certificate,
    at: i64,
) -> Option<Cause> {
    let mechanism = match algorithm {
        cms::SignatureAlgorithm::Ecdsa(_) => Mechanism::Ecdsa,
        cms::SignatureAlgorithm::RsaPkcs1(_) => Mechanism::RsaPkcs1,
        cms::SignatureAlgorithm::RsaPss(_) => Mechanism::RsaPss,
    };
    let bits = key_bits(signer.spki()).unwrap_or(0);
    let accepted = is_accepted(rules, Mechanism::Digest(algorithm.digest()), 0, at)
        && is_accepted(rules, mechanism, bits, at)
        && !is_certified_too_late(rules, mechanism, bits, signer);
    (!accepted).then(|| Cause::Algorithm(format!("{} with {bits} bits", algorithm.name())))
}

/// Whether a digest is accepted at `at`.
pub(crate) fn check_digest(
    rules: &[AlgorithmRule],
    digest: DigestAlgorithm,
    at: i64,
) -> Option<Cause> {
    let accepted = is_accepted(rules, Mechanism::Digest(digest), 0, at);
    (!accepted).then(|| Cause::Algorithm(digest.name().to_owned()))
}

/// Whether the signature on `certificate` by the key of `issuer` is accepted at `at`.
pub(crate) fn check_certificate(
    rules: &[AlgorithmRule],
    certificate: &Certificate,
    issuer: &Certificate,
    at: i64,
) -> Option<Cause> {
    let known = SignatureAlgorithm::from_identifier(certificate.algorithm()).and_then(in_cms);
    match known {
        Some(algorithm) => check_signature(rules, algorithm, issuer, at),
        None => Some(Cause::Algorithm("the algorithm of a certificate".to_owned())),
    }
}

fn in_cms(algorithm: SignatureAlgorithm) -> Option<cms::SignatureAlgorithm> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    use cms::SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
    Some(match algorithm {
        SignatureAlgorithm::EcdsaSha256 => Ecdsa(Sha256),
        SignatureAlgorithm::EcdsaSha384 => Ecdsa(Sha384),
        SignatureAlgorithm::EcdsaSha512 => Ecdsa(Sha512),
        SignatureAlgorithm::RsaSha256 => RsaPkcs1(Sha256),
        SignatureAlgorithm::RsaSha384 => RsaPkcs1(Sha384),
        SignatureAlgorithm::RsaSha512 => RsaPkcs1(Sha512),
        SignatureAlgorithm::PssSha256 => RsaPss(Sha256),
        SignatureAlgorithm::PssSha384 => RsaPss(Sha384),
        SignatureAlgorithm::PssSha512 => RsaPss(Sha512),
        _ => return None,
    })
}

fn is_accepted(rules: &[AlgorithmRule], mechanism: Mechanism, bits: usize, at: i64) -> bool {
    AlgorithmRule::of(rules, mechanism, bits)
        .is_some_and(|rule| rule.until.is_none_or(|until| at < until))
}

fn is_certified_too_late(
    rules: &[AlgorithmRule],
    mechanism: Mechanism,
    bits: usize,
    holder: &Certificate,
) -> bool {
    AlgorithmRule::of(rules, mechanism, bits)
        .and_then(|rule| rule.certified_until)
        .is_some_and(|until| holder.not_before() >= until)
}

/// The length of a key in bits: the modulus of RSA, the field of an elliptic curve.
fn key_bits(spki: &[u8]) -> Option<usize> {
    const EC: der::asn1::ObjectIdentifier =
        der::asn1::ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    let spki = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
    let key = spki.subject_public_key.as_bytes()?;
    if spki.algorithm.oid == EC {
        // An uncompressed point: one byte, then both coordinates.
        return Some(key.len().checked_sub(1)? / 2 * 8);
    }
    let numbers = Vec::<der::asn1::Uint>::from_der(key).ok()?;
    let modulus = numbers.first()?.as_bytes();
    let leading = modulus.first()?.leading_zeros();
    Some((modulus.len() * 8).saturating_sub(usize::try_from(leading).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(mechanism: Mechanism, bits: usize, at: i64) -> bool {
        is_accepted(TS_119_312_V2_1_1, mechanism, bits, at)
    }

    #[test]
    fn keys_are_measured() {
        use aws_lc_rs::encoding::AsDer;
        use aws_lc_rs::rsa::KeySize;
        use aws_lc_rs::signature::{
            ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair,
        };
        let rsa = RsaKeyPair::generate(KeySize::Rsa3072).unwrap();
        assert_eq!(key_bits(rsa.public_key().as_der().unwrap().as_ref()), Some(3072));
        let curve = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap();
        assert_eq!(key_bits(curve.public_key().as_der().unwrap().as_ref()), Some(384));
        assert_eq!(key_bits(&[0x30, 0]), None);
    }

    #[test]
    fn short_rsa_ends_with_2028_and_pkcs1_with_2034() {
        assert!(accepted(Mechanism::RsaPkcs1, 2048, YEAR_2029 - 1));
        assert!(!accepted(Mechanism::RsaPkcs1, 2048, YEAR_2029));
        assert!(accepted(Mechanism::RsaPkcs1, 3072, YEAR_2029));
        assert!(!accepted(Mechanism::RsaPkcs1, 3072, YEAR_2035));
        assert!(accepted(Mechanism::RsaPss, 3072, YEAR_2035));
        assert!(!accepted(Mechanism::RsaPkcs1, 1024, 0));
        assert!(!accepted(Mechanism::Ecdsa, 224, 0));
        assert!(accepted(Mechanism::Ecdsa, 256, YEAR_2035));
    }
}
