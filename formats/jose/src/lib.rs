//! JOSE: signed (JWS) and encrypted (JWE) compact tokens, and keys (JWK).
//!
//! Invariants: nothing here signs or holds a private key. Verification algorithms, key agreement
//! and encryption are values of the caller; so are the algorithms and types that are allowed, and
//! `none`, `HS*` and `crit` do not exist.

pub mod ecdsa;
