//! The strength of the key, by dated rules. Spec: TS 119 312, SOG-IS.

use crate::certificate::Certificate;
use crate::lint::Findings;
use crate::oid;
use crate::tlv::{self, INTEGER, Malformed, NULL, SEQUENCE};

/// From 2027-01-01T00:00:00Z, new certificates have RSA keys of 3000 bits or more.
const RSA_3000_FROM: i64 = 1_798_761_600;

pub(super) fn check(findings: &mut Findings, certificate: &Certificate) {
    match strength(certificate.spki()) {
        Ok(Strength::Fit) => {}
        Ok(Strength::Rsa(bits)) => {
            let least = if certificate.not_before() >= RSA_3000_FROM { 3000 } else { 2048 };
            findings.expect(bits >= least, "key-strength", "TS 119 312 §8", || {
                format!("RSA of {bits} bits, {least} needed")
            });
        }
        Ok(Strength::Unknown) | Err(Malformed(_)) => {
            findings.expect(false, "key-algorithm", "TS 119 312 §6.2", || {
                "a key of an algorithm, curve or form that is not allowed".to_owned()
            });
        }
    }
}

enum Strength {
    Fit,
    Rsa(usize),
    Unknown,
}

fn strength(spki: &[u8]) -> Result<Strength, Malformed> {
    let mut parts = tlv::single(spki, SEQUENCE)?.inner();
    let mut algorithm = parts.take(SEQUENCE)?.inner();
    let key = parts.take(tlv::BIT_STRING)?.bits()?;
    let id = algorithm.take(tlv::OID)?.oid()?;
    if id == oid::EC_PUBLIC_KEY {
        let curve = algorithm.take(tlv::OID)?.oid()?;
        algorithm.end()?;
        let octets = match () {
            () if curve == oid::P256 => 65,
            () if curve == oid::P384 => 97,
            () if curve == oid::P521 => 133,
            () => return Ok(Strength::Unknown),
        };
        let point = key.len() == octets && key.first() == Some(&4);
        return Ok(if point { Strength::Fit } else { Strength::Unknown });
    }
    if id == oid::RSA_ENCRYPTION {
        algorithm.take(NULL)?;
        algorithm.end()?;
        return rsa(key);
    }
    let octets = match () {
        () if id == oid::ED25519 => 32,
        () if id == oid::ML_DSA_44 => 1312,
        () if id == oid::ML_DSA_65 => 1952,
        () if id == oid::ML_DSA_87 => 2592,
        () => return Ok(Strength::Unknown),
    };
    algorithm.end()?;
    Ok(if key.len() == octets { Strength::Fit } else { Strength::Unknown })
}

fn rsa(key: &[u8]) -> Result<Strength, Malformed> {
    let mut parts = tlv::single(key, SEQUENCE)?.inner();
    let modulus = parts.take(INTEGER)?.integer()?;
    let exponent = parts.take(INTEGER)?.small()?;
    parts.end()?;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let top = modulus.first().map_or(8, |octet| octet.leading_zeros());
    let bits = modulus.len() * 8 - usize::try_from(top).unwrap_or(0);
    let odd = modulus.last().is_some_and(|octet| octet & 1 == 1);
    let fits = odd && exponent >= 65_537 && exponent % 2 == 1;
    Ok(if fits { Strength::Rsa(bits) } else { Strength::Unknown })
}
