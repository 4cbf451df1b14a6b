//! The object identifiers that signatures and time-stamps are made of.

pub use x509::Oid;

/// id-data. Spec: RFC 5652 §4.
pub const DATA: Oid = Oid::dotted("1.2.840.113549.1.7.1");
/// id-signedData. Spec: RFC 5652 §5.1.
pub const SIGNED_DATA: Oid = Oid::dotted("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo. Spec: RFC 3161 §2.4.2.
pub const TST_INFO: Oid = Oid::dotted("1.2.840.113549.1.9.16.1.4");

/// content-type. Spec: RFC 5652 §11.1.
pub const CONTENT_TYPE: Oid = Oid::dotted("1.2.840.113549.1.9.3");
/// message-digest. Spec: RFC 5652 §11.2.
pub const MESSAGE_DIGEST: Oid = Oid::dotted("1.2.840.113549.1.9.4");
/// signing-time. Spec: RFC 5652 §11.3.
pub const SIGNING_TIME: Oid = Oid::dotted("1.2.840.113549.1.9.5");
/// signing-certificate (SHA-1). Spec: RFC 2634 §5.4.
pub const SIGNING_CERTIFICATE: Oid = Oid::dotted("1.2.840.113549.1.9.16.2.12");
/// signing-certificate-v2. Spec: RFC 5035 §3.
pub const SIGNING_CERTIFICATE_V2: Oid = Oid::dotted("1.2.840.113549.1.9.16.2.47");
/// signature-time-stamp. Spec: EN 319 122-1 §5.3.
pub const SIGNATURE_TIME_STAMP: Oid = Oid::dotted("1.2.840.113549.1.9.16.2.14");
/// signature-policy-identifier. Spec: EN 319 122-1 §5.2.9.
pub const SIGNATURE_POLICY: Oid = Oid::dotted("1.2.840.113549.1.9.16.2.15");
/// commitment-type-indication. Spec: EN 319 122-1 §5.2.3.
pub const COMMITMENT_TYPE: Oid = Oid::dotted("1.2.840.113549.1.9.16.2.16");
/// signer-location. Spec: EN 319 122-1 §5.2.5.
pub const SIGNER_LOCATION: Oid = Oid::dotted("1.2.840.113549.1.9.16.2.17");
/// signer-attributes-v2. Spec: EN 319 122-1 §5.2.6.
pub const SIGNER_ATTRIBUTES_V2: Oid = Oid::dotted("0.4.0.19122.1.1");
/// The qualifier of a signature policy that is an address. Spec: EN 319 122-1 §5.2.9.
pub const POLICY_URI: Oid = Oid::dotted("1.2.840.113549.1.9.16.5.1");

/// Commitment "proof of approval". Spec: TS 119 172-1 annex B.
pub const PROOF_OF_APPROVAL: Oid = Oid::dotted("1.2.840.113549.1.9.16.6.5");
/// Commitment "proof of origin". Spec: TS 119 172-1 annex B.
pub const PROOF_OF_ORIGIN: Oid = Oid::dotted("1.2.840.113549.1.9.16.6.1");

/// An OCSP response among the revocation values. Spec: RFC 5940 §2.1.
pub const OCSP_RESPONSE: Oid = Oid::dotted("1.3.6.1.5.5.7.16.2");
/// The basic OCSP response type. Spec: RFC 6960 §4.2.1.
pub const OCSP_BASIC: Oid = Oid::dotted("1.3.6.1.5.5.7.48.1.1");
/// The extended key usage of time-stamping units. Spec: RFC 3161 §2.3.
pub const TIME_STAMPING: Oid = Oid::dotted("1.3.6.1.5.5.7.3.8");

pub(crate) const EXTENDED_KEY_USAGE: Oid = Oid::dotted("2.5.29.37");

pub(crate) const SHA1: Oid = Oid::dotted("1.3.14.3.2.26");
pub(crate) const SHA256: Oid = Oid::dotted("2.16.840.1.101.3.4.2.1");
pub(crate) const SHA384: Oid = Oid::dotted("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA512: Oid = Oid::dotted("2.16.840.1.101.3.4.2.3");
pub(crate) const RSA: Oid = Oid::dotted("1.2.840.113549.1.1.1");
pub(crate) const RSA_PSS: Oid = Oid::dotted("1.2.840.113549.1.1.10");
pub(crate) const RSA_SHA256: Oid = Oid::dotted("1.2.840.113549.1.1.11");
pub(crate) const RSA_SHA384: Oid = Oid::dotted("1.2.840.113549.1.1.12");
pub(crate) const RSA_SHA512: Oid = Oid::dotted("1.2.840.113549.1.1.13");
pub(crate) const MGF1: Oid = Oid::dotted("1.2.840.113549.1.1.8");
pub(crate) const EC_KEY: Oid = Oid::dotted("1.2.840.10045.2.1");
pub(crate) const ECDSA_SHA256: Oid = Oid::dotted("1.2.840.10045.4.3.2");
pub(crate) const ECDSA_SHA384: Oid = Oid::dotted("1.2.840.10045.4.3.3");
pub(crate) const ECDSA_SHA512: Oid = Oid::dotted("1.2.840.10045.4.3.4");
