//! Certificates, CRL and OCSP: read, build, lint, validate. Spec: RFC 5280, RFC 6960, EN 319 412.
//!
//! Invariant: nothing here reaches the world and nothing here signs. Time is handed in as seconds
//! since 1970; what is to be signed leaves as [`ToBeSigned`] and comes back with its signature;
//! verification uses the [`Algorithms`] that the caller trusts. All bytes are strict DER, and what
//! was read keeps its exact bytes.

mod algorithm;
mod certificate;
pub mod crl;
mod extension;
mod lint;
mod name;
pub mod ocsp;
pub mod oid;
pub mod path;
mod prepare;
mod profile;
#[cfg(test)]
mod tests;
mod time;
mod tlv;

pub use algorithm::{Algorithms, SignatureAlgorithm, SignatureError};
pub use certificate::{Certificate, CertificateError, MAX_CERTIFICATE};
pub use extension::{
    AuthorityKey, BasicConstraints, Disclosure, Extension, Extensions, KeyUsage, KeyUse,
    NameConstraints, Policy, Statement,
};
pub use lint::{Finding, lint};
pub use name::{Attribute, GeneralName, Name, NameError};
pub use oid::{Oid, OidError};
pub use prepare::{
    Issuer, PrepareError, Request, ToBeSigned, finish, key_identifier, prepare, serial,
};
pub use profile::{Claims, Kind, Places, Profile, ProfileError, TestClaims};
pub use tlv::Malformed;
