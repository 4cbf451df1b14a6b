//! Object identifiers of any arc size (a UUID under 2.25 has 128 bits), and those that matter here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::tlv::{self, Malformed};

/// An object identifier, held as its DER content. Arcs up to 128 bits, at most 64 octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Cow<'static, [u8]>);

/// Text that is no object identifier of the form `2.25.1234`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier")]
pub struct OidError;

const MAX_OCTETS: usize = 64;

impl Oid {
    /// The identifier whose DER content these octets are; the caller answers for their form.
    #[must_use]
    pub const fn fixed(content: &'static [u8]) -> Self {
        Self(Cow::Borrowed(content))
    }

    /// The identifier whose DER content (without tag and length) these octets are.
    ///
    /// # Errors
    /// Empty, longer than 64 octets, an arc that is not in its shortest form or over 128 bits.
    pub fn from_content(content: &[u8]) -> Result<Self, Malformed> {
        let ends = content.last().is_some_and(|last| *last < 0x80);
        if !ends || content.len() > MAX_OCTETS || arcs(content).is_none() {
            return Err(Malformed("an object identifier"));
        }
        Ok(Self(Cow::Owned(content.to_vec())))
    }

    /// The DER content.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.0
    }

    /// The whole DER element.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        tlv::tlv(tlv::OID, &self.0)
    }

    /// Whether this lies under `arc` or is it.
    #[must_use]
    pub fn is_under(&self, arc: &Self) -> bool {
        self.0.starts_with(&arc.0)
    }
}

/// The sub-identifiers, the first two still in one; `None` when one is not well-formed.
fn arcs(content: &[u8]) -> Option<Vec<u128>> {
    let mut arcs = Vec::new();
    let mut arc = 0_u128;
    let mut fresh = true;
    for octet in content {
        if (fresh && *octet == 0x80) || arc >> 121 != 0 {
            return None;
        }
        arc = (arc << 7) | u128::from(octet & 0x7f);
        fresh = octet & 0x80 == 0;
        if fresh {
            arcs.push(arc);
            arc = 0;
        }
    }
    Some(arcs)
}

fn push_arc(out: &mut Vec<u8>, arc: u128) {
    let septets = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for septet in (0..septets).rev() {
        let bits = u8::try_from((arc >> (7 * septet)) & 0x7f).unwrap_or(0);
        out.push(if septet == 0 { bits } else { bits | 0x80 });
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arcs = arcs(&self.0).unwrap_or_default();
        let (first, rest) = arcs.split_first().unwrap_or((&0, &[]));
        let root = (*first / 40).min(2);
        write!(f, "{root}.{}", first - root * 40)?;
        rest.iter().try_for_each(|arc| write!(f, ".{arc}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Oid {
    type Err = OidError;

    fn from_str(text: &str) -> Result<Self, OidError> {
        let arc = |part: &str| {
            let canonical = part == "0" || !part.starts_with(['0', '+']);
            part.parse::<u128>().ok().filter(|_| canonical).ok_or(OidError)
        };
        let mut parts = text.split('.');
        let root = arc(parts.next().ok_or(OidError)?)?;
        let second = arc(parts.next().ok_or(OidError)?)?;
        if root > 2 || (root < 2 && second > 39) {
            return Err(OidError);
        }
        let mut content = Vec::new();
        push_arc(&mut content, second.checked_add(root * 40).ok_or(OidError)?);
        for part in parts {
            push_arc(&mut content, arc(part)?);
        }
        if content.len() > MAX_OCTETS {
            return Err(OidError);
        }
        Ok(Self(Cow::Owned(content)))
    }
}

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = [$($octet:literal),*];)*) => {
        $($(#[$doc])* pub const $name: Oid = Oid::fixed(&[$($octet),*]);)*
    };
}

oids! {
    /// 2.5.4.3
    COMMON_NAME = [0x55, 4, 3];
    /// 2.5.4.4
    SURNAME = [0x55, 4, 4];
    /// 2.5.4.5
    SERIAL_NUMBER = [0x55, 4, 5];
    /// 2.5.4.6
    COUNTRY = [0x55, 4, 6];
    /// 2.5.4.7
    LOCALITY = [0x55, 4, 7];
    /// 2.5.4.10
    ORGANIZATION = [0x55, 4, 10];
    /// 2.5.4.11
    ORGANIZATIONAL_UNIT = [0x55, 4, 11];
    /// 2.5.4.42
    GIVEN_NAME = [0x55, 4, 42];
    /// 2.5.4.97
    ORGANIZATION_IDENTIFIER = [0x55, 4, 97];

    /// subjectKeyIdentifier, 2.5.29.14
    SUBJECT_KEY_IDENTIFIER = [0x55, 29, 14];
    /// keyUsage, 2.5.29.15
    KEY_USAGE = [0x55, 29, 15];
    /// privateKeyUsagePeriod, 2.5.29.16
    PRIVATE_KEY_USAGE_PERIOD = [0x55, 29, 16];
    /// subjectAltName, 2.5.29.17
    SUBJECT_ALT_NAME = [0x55, 29, 17];
    /// issuerAltName, 2.5.29.18
    ISSUER_ALT_NAME = [0x55, 29, 18];
    /// basicConstraints, 2.5.29.19
    BASIC_CONSTRAINTS = [0x55, 29, 19];
    /// cRLNumber, 2.5.29.20
    CRL_NUMBER = [0x55, 29, 20];
    /// reasonCode, 2.5.29.21
    REASON_CODE = [0x55, 29, 21];
    /// invalidityDate, 2.5.29.24
    INVALIDITY_DATE = [0x55, 29, 24];
    /// deltaCRLIndicator, 2.5.29.27
    DELTA_CRL = [0x55, 29, 27];
    /// issuingDistributionPoint, 2.5.29.28
    ISSUING_DISTRIBUTION_POINT = [0x55, 29, 28];
    /// nameConstraints, 2.5.29.30
    NAME_CONSTRAINTS = [0x55, 29, 30];
    /// cRLDistributionPoints, 2.5.29.31
    CRL_DISTRIBUTION_POINTS = [0x55, 29, 31];
    /// certificatePolicies, 2.5.29.32
    CERTIFICATE_POLICIES = [0x55, 29, 32];
    /// anyPolicy, 2.5.29.32.0
    ANY_POLICY = [0x55, 29, 32, 0];
    /// policyMappings, 2.5.29.33
    POLICY_MAPPINGS = [0x55, 29, 33];
    /// authorityKeyIdentifier, 2.5.29.35
    AUTHORITY_KEY_IDENTIFIER = [0x55, 29, 35];
    /// policyConstraints, 2.5.29.36
    POLICY_CONSTRAINTS = [0x55, 29, 36];
    /// extKeyUsage, 2.5.29.37
    EXTENDED_KEY_USAGE = [0x55, 29, 37];
    /// anyExtendedKeyUsage, 2.5.29.37.0
    ANY_EXTENDED_KEY_USAGE = [0x55, 29, 37, 0];
    /// inhibitAnyPolicy, 2.5.29.54
    INHIBIT_ANY_POLICY = [0x55, 29, 54];
    /// expiredCertsOnCRL, 2.5.29.60
    EXPIRED_CERTS_ON_CRL = [0x55, 29, 60];

    /// authorityInfoAccess, 1.3.6.1.5.5.7.1.1
    AUTHORITY_INFO_ACCESS = [0x2b, 6, 1, 5, 5, 7, 1, 1];
    /// qcStatements, 1.3.6.1.5.5.7.1.3
    QC_STATEMENTS = [0x2b, 6, 1, 5, 5, 7, 1, 3];
    /// id-qt-cps, 1.3.6.1.5.5.7.2.1
    CPS = [0x2b, 6, 1, 5, 5, 7, 2, 1];
    /// serverAuth, 1.3.6.1.5.5.7.3.1
    SERVER_AUTH = [0x2b, 6, 1, 5, 5, 7, 3, 1];
    /// clientAuth, 1.3.6.1.5.5.7.3.2
    CLIENT_AUTH = [0x2b, 6, 1, 5, 5, 7, 3, 2];
    /// timeStamping, 1.3.6.1.5.5.7.3.8
    TIME_STAMPING = [0x2b, 6, 1, 5, 5, 7, 3, 8];
    /// OCSPSigning, 1.3.6.1.5.5.7.3.9
    OCSP_SIGNING = [0x2b, 6, 1, 5, 5, 7, 3, 9];
    /// id-ad-ocsp and id-pkix-ocsp, 1.3.6.1.5.5.7.48.1
    AD_OCSP = [0x2b, 6, 1, 5, 5, 7, 0x30, 1];
    /// id-ad-caIssuers, 1.3.6.1.5.5.7.48.2
    AD_CA_ISSUERS = [0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    /// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1
    OCSP_BASIC = [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];
    /// id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2
    OCSP_NONCE = [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2];
    /// id-pkix-ocsp-nocheck, 1.3.6.1.5.5.7.48.1.5
    OCSP_NO_CHECK = [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5];
    /// id-pkix-ocsp-archive-cutoff, 1.3.6.1.5.5.7.48.1.6
    OCSP_ARCHIVE_CUTOFF = [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 6];
    /// id-pkix-ocsp-extended-revoke, 1.3.6.1.5.5.7.48.1.9
    OCSP_EXTENDED_REVOKE = [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 9];
    /// id-qcs-pkixQCSyntax-v2, 1.3.6.1.5.5.7.11.2
    QC_SYNTAX_V2 = [0x2b, 6, 1, 5, 5, 7, 11, 2];

    /// QcCompliance, 0.4.0.1862.1.1
    QC_COMPLIANCE = [4, 0, 0x8e, 0x46, 1, 1];
    /// QcSSCD, 0.4.0.1862.1.4
    QC_SSCD = [4, 0, 0x8e, 0x46, 1, 4];
    /// QcPDS, 0.4.0.1862.1.5
    QC_PDS = [4, 0, 0x8e, 0x46, 1, 5];
    /// QcType, 0.4.0.1862.1.6
    QC_TYPE = [4, 0, 0x8e, 0x46, 1, 6];
    /// QcType for signatures, 0.4.0.1862.1.6.1
    QC_TYPE_ESIGN = [4, 0, 0x8e, 0x46, 1, 6, 1];
    /// QcType for seals, 0.4.0.1862.1.6.2
    QC_TYPE_ESEAL = [4, 0, 0x8e, 0x46, 1, 6, 2];
    /// QcType for web sites, 0.4.0.1862.1.6.3
    QC_TYPE_WEB = [4, 0, 0x8e, 0x46, 1, 6, 3];
    /// QcType for a provider of person identification data, 0.4.0.194126.1.1
    QC_TYPE_PID = [4, 0, 0x8b, 0xec, 0x4e, 1, 1];
    /// semanticsId-Natural, 0.4.0.194121.1.1
    SEMANTICS_NATURAL = [4, 0, 0x8b, 0xec, 0x49, 1, 1];
    /// semanticsId-Legal, 0.4.0.194121.1.2
    SEMANTICS_LEGAL = [4, 0, 0x8b, 0xec, 0x49, 1, 2];
    /// ETSI policies for qualified certificates, 0.4.0.194112.1
    ETSI_QCP = [4, 0, 0x8b, 0xec, 0x40, 1];
    /// ETSI policies for other certificates (NCP, NCP+, LCP), 0.4.0.2042.1
    ETSI_NCP = [4, 0, 0x8f, 0x7a, 1];
    /// ETSI policies for access certificates, 0.4.0.194118.1
    ETSI_WRPAC = [4, 0, 0x8b, 0xec, 0x46, 1];

    /// sha1, 1.3.14.3.2.26
    SHA1 = [0x2b, 14, 3, 2, 26];
    /// sha256, 2.16.840.1.101.3.4.2.1
    SHA256 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    /// rsaEncryption, 1.2.840.113549.1.1.1
    RSA_ENCRYPTION = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    /// id-ecPublicKey, 1.2.840.10045.2.1
    EC_PUBLIC_KEY = [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    /// P-256, 1.2.840.10045.3.1.7
    P256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    /// P-384, 1.3.132.0.34
    P384 = [0x2b, 0x81, 4, 0, 0x22];
    /// P-521, 1.3.132.0.35
    P521 = [0x2b, 0x81, 4, 0, 0x23];
    /// Ed25519, 1.3.101.112
    ED25519 = [0x2b, 0x65, 0x70];
    /// ML-DSA-44, 2.16.840.1.101.3.4.3.17
    ML_DSA_44 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17];
    /// ML-DSA-65, 2.16.840.1.101.3.4.3.18
    ML_DSA_65 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18];
    /// ML-DSA-87, 2.16.840.1.101.3.4.3.19
    ML_DSA_87 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19];
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_constants_are_what_their_comments_say() {
        for (oid, text) in [
            (QC_COMPLIANCE, "0.4.0.1862.1.1"),
            (SEMANTICS_NATURAL, "0.4.0.194121.1.1"),
            (QC_TYPE_PID, "0.4.0.194126.1.1"),
            (ETSI_QCP, "0.4.0.194112.1"),
            (ETSI_NCP, "0.4.0.2042.1"),
            (ETSI_WRPAC, "0.4.0.194118.1"),
            (AD_OCSP, "1.3.6.1.5.5.7.48.1"),
            (P384, "1.3.132.0.34"),
            (ML_DSA_87, "2.16.840.1.101.3.4.3.19"),
        ] {
            assert_eq!(oid.to_string(), text);
            assert_eq!(text.parse::<Oid>().unwrap(), oid);
        }
    }

    #[test]
    fn a_uuid_under_2_25_is_an_identifier() {
        let text = format!("2.25.{}", u128::MAX);
        assert_eq!(text.parse::<Oid>().unwrap().to_string(), text);
        let again = Oid::from_content(text.parse::<Oid>().unwrap().content()).unwrap();
        assert_eq!(again.to_string(), text);
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "1", "3.1", "1.40", "1.2.", "1.02", "1.+2", "a.b", "1.2.-3"] {
            assert_eq!(text.parse::<Oid>(), Err(OidError), "{text}");
        }
        assert!(Oid::from_content(&[0x55, 0x80, 1]).is_err());
        assert!(Oid::from_content(&[0x55, 0x81]).is_err());
    }

    proptest! {
        #[test]
        fn text_and_der_agree(
            root in 0_u128..3,
            second in 0_u128..40,
            arcs in prop::collection::vec(any::<u64>(), 0..5),
        ) {
            let text = arcs
                .iter()
                .fold(format!("{root}.{second}"), |text, arc| format!("{text}.{arc}"));
            let oid: Oid = text.parse().unwrap();
            prop_assert_eq!(oid.to_string(), text);
            prop_assert_eq!(Oid::from_content(oid.content()).unwrap(), oid);
        }
    }
}
