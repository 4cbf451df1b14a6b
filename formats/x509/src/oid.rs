//! Object identifiers of any arc size (a UUID under 2.25 has 128 bits), and those that matter here.

use std::fmt;
use std::str::FromStr;

use crate::tlv::{self, Malformed};

/// An object identifier, held as its DER content. Arcs up to 128 bits, at most 64 octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid {
    /// The content, filled up with zeros.
    octets: [u8; MAX_OCTETS],
    len: u8,
}

/// Text that is no object identifier of the form `2.25.1234`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier")]
pub struct OidError;

const MAX_OCTETS: usize = 64;

impl Oid {
    /// The identifier of this text, for constants: other text stops the compiler.
    ///
    /// # Panics
    /// For text that is no identifier, or one with arcs beyond 32 bits.
    #[must_use]
    #[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "for constants only")]
    pub const fn dotted(text: &str) -> Self {
        let text = text.as_bytes();
        let (mut octets, mut len) = ([0; MAX_OCTETS], 0);
        let (mut arcs, mut root, mut arc, mut place) = (0, 0, 0_u64, 0);
        while place <= text.len() {
            if place < text.len() && text[place] != b'.' {
                assert!(text[place].is_ascii_digit());
                arc = arc * 10 + (text[place] - b'0') as u64;
                assert!(arc <= u32::MAX as u64);
            } else {
                if arcs == 0 {
                    root = arc;
                } else {
                    let value = if arcs == 1 { root * 40 + arc } else { arc };
                    let mut shift = 28;
                    while shift > 0 && value >> shift == 0 {
                        shift -= 7;
                    }
                    loop {
                        let more = if shift > 0 { 0x80 } else { 0 };
                        octets[len] = (value >> shift & 0x7f) as u8 | more;
                        len += 1;
                        if shift == 0 {
                            break;
                        }
                        shift -= 7;
                    }
                }
                arcs += 1;
                arc = 0;
            }
            place += 1;
        }
        assert!(arcs >= 2);
        Self { octets, len: len as u8 }
    }

    /// The identifier whose DER content (without tag and length) these octets are.
    ///
    /// # Errors
    /// Empty, longer than 64 octets, an arc that is not in its shortest form or over 128 bits.
    pub fn from_content(content: &[u8]) -> Result<Self, Malformed> {
        let ends = content.last().is_some_and(|last| *last < 0x80);
        let whole = Self::holding(content).filter(|_| ends && arcs(content).is_some());
        whole.ok_or(Malformed("an object identifier"))
    }

    /// These octets; none when they are too many.
    fn holding(content: &[u8]) -> Option<Self> {
        let mut octets = [0; MAX_OCTETS];
        octets.get_mut(..content.len())?.copy_from_slice(content);
        Some(Self { octets, len: u8::try_from(content.len()).ok()? })
    }

    /// The DER content.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        self.octets.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The whole DER element.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        tlv::tlv(tlv::OID, self.content())
    }

    /// Whether this lies under `arc` or is it.
    #[must_use]
    pub fn is_under(&self, arc: &Self) -> bool {
        self.content().starts_with(arc.content())
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
        let arcs = arcs(self.content()).unwrap_or_default();
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
        Self::holding(&content).ok_or(OidError)
    }
}

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Oid = Oid::dotted($text);)*
    };
}

oids! {
    /// commonName
    COMMON_NAME = "2.5.4.3";
    /// surname
    SURNAME = "2.5.4.4";
    /// serialNumber
    SERIAL_NUMBER = "2.5.4.5";
    /// countryName
    COUNTRY = "2.5.4.6";
    /// localityName
    LOCALITY = "2.5.4.7";
    /// organizationName
    ORGANIZATION = "2.5.4.10";
    /// organizationalUnitName
    ORGANIZATIONAL_UNIT = "2.5.4.11";
    /// givenName
    GIVEN_NAME = "2.5.4.42";
    /// organizationIdentifier
    ORGANIZATION_IDENTIFIER = "2.5.4.97";

    /// subjectKeyIdentifier
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// keyUsage
    KEY_USAGE = "2.5.29.15";
    /// privateKeyUsagePeriod
    PRIVATE_KEY_USAGE_PERIOD = "2.5.29.16";
    /// subjectAltName
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// issuerAltName
    ISSUER_ALT_NAME = "2.5.29.18";
    /// basicConstraints
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// cRLNumber
    CRL_NUMBER = "2.5.29.20";
    /// reasonCode
    REASON_CODE = "2.5.29.21";
    /// invalidityDate
    INVALIDITY_DATE = "2.5.29.24";
    /// deltaCRLIndicator
    DELTA_CRL = "2.5.29.27";
    /// issuingDistributionPoint
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// nameConstraints
    NAME_CONSTRAINTS = "2.5.29.30";
    /// cRLDistributionPoints
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// certificatePolicies
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// anyPolicy
    ANY_POLICY = "2.5.29.32.0";
    /// policyMappings
    POLICY_MAPPINGS = "2.5.29.33";
    /// authorityKeyIdentifier
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// policyConstraints
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// extKeyUsage
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// anyExtendedKeyUsage
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// inhibitAnyPolicy
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// expiredCertsOnCRL
    EXPIRED_CERTS_ON_CRL = "2.5.29.60";

    /// authorityInfoAccess
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// qcStatements
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
    /// id-qt-cps
    CPS = "1.3.6.1.5.5.7.2.1";
    /// serverAuth
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /// clientAuth
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// timeStamping
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// OCSPSigning
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// id-ad-ocsp and id-pkix-ocsp
    AD_OCSP = "1.3.6.1.5.5.7.48.1";
    /// id-ad-caIssuers
    AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// id-pkix-ocsp-basic
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// id-pkix-ocsp-nonce
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// id-pkix-ocsp-nocheck
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    /// id-pkix-ocsp-archive-cutoff
    OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    /// id-pkix-ocsp-extended-revoke
    OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";
    /// id-qcs-pkixQCSyntax-v2
    QC_SYNTAX_V2 = "1.3.6.1.5.5.7.11.2";

    /// QcCompliance
    QC_COMPLIANCE = "0.4.0.1862.1.1";
    /// QcSSCD
    QC_SSCD = "0.4.0.1862.1.4";
    /// QcPDS
    QC_PDS = "0.4.0.1862.1.5";
    /// QcType
    QC_TYPE = "0.4.0.1862.1.6";
    /// QcType for signatures
    QC_TYPE_ESIGN = "0.4.0.1862.1.6.1";
    /// QcType for seals
    QC_TYPE_ESEAL = "0.4.0.1862.1.6.2";
    /// QcType for web sites
    QC_TYPE_WEB = "0.4.0.1862.1.6.3";
    /// QcType for a provider of person identification data
    QC_TYPE_PID = "0.4.0.194126.1.1";
    /// semanticsId-Natural
    SEMANTICS_NATURAL = "0.4.0.194121.1.1";
    /// semanticsId-Legal
    SEMANTICS_LEGAL = "0.4.0.194121.1.2";
    /// ETSI policies for qualified certificates
    ETSI_QCP = "0.4.0.194112.1";
    /// ETSI policies for other certificates (NCP, NCP+, LCP)
    ETSI_NCP = "0.4.0.2042.1";
    /// ETSI policies for access certificates
    ETSI_WRPAC = "0.4.0.194118.1";

    /// sha1
    SHA1 = "1.3.14.3.2.26";
    /// sha256
    SHA256 = "2.16.840.1.101.3.4.2.1";
    /// rsaEncryption
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// id-ecPublicKey
    EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// P-256
    P256 = "1.2.840.10045.3.1.7";
    /// P-384
    P384 = "1.3.132.0.34";
    /// P-521
    P521 = "1.3.132.0.35";
    /// Ed25519
    ED25519 = "1.3.101.112";
    /// ML-DSA-44
    ML_DSA_44 = "2.16.840.1.101.3.4.3.17";
    /// ML-DSA-65
    ML_DSA_65 = "2.16.840.1.101.3.4.3.18";
    /// ML-DSA-87
    ML_DSA_87 = "2.16.840.1.101.3.4.3.19";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn constants_and_parsed_text_agree() {
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
            (COMMON_NAME, "2.5.4.3"),
        ] {
            assert_eq!(oid.to_string(), text);
            assert_eq!(text.parse::<Oid>().unwrap(), oid);
        }
    }

    #[test]
    fn constants_have_the_bytes_of_their_standards() {
        assert_eq!(COMMON_NAME.content(), [0x55, 4, 3]);
        assert_eq!(P384.content(), [0x2b, 0x81, 4, 0, 0x22]);
        assert_eq!(RSA_ENCRYPTION.content(), [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]);
        assert_eq!(SEMANTICS_NATURAL.content(), [4, 0, 0x8b, 0xec, 0x49, 1, 1]);
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
