//! Keys: made, wrapped, bound to one purpose; and the verification algorithms that policy allows.
//!
//! A [`Keeper`] is one role of one system with its own key-encryption key ([`Kek`]). It makes and
//! opens [`WrappedKey`]s; what comes out is typed by a [`Purpose`]: a `Signer<Tokens>` signs
//! tokens and can be used for nothing else, because opening compares the purpose that was bound
//! in at the wrapping.
//!
//! Invariant: a private key leaves this crate only wrapped, and lies in memory only inside the
//! cryptographic library or in a buffer that is wiped.
//!
//! | for | type |
//! |---|---|
//! | signatures | [`Signer`]: P-256, P-384, RSA-3072, Ed25519; here or on a [`Device`] |
//! | decryption | [`AgreementKey`]: P-256, X25519 |
//! | tags, challenges | [`MacKey`]: HMAC-SHA-256 |
//! | sealed rows | [`SealKey`]: AES-256-GCM |

mod agreement;
mod algorithm;
mod chance;
mod cipher;
mod digest;
mod keeper;
mod kek;
mod mac;
mod pair;
mod public;
mod signer;
mod suite;
mod token;
#[cfg(feature = "trial")]
pub mod trial;
mod wrapped;

pub use agreement::{Agreed, AgreementKey, EphemeralKey};
pub use algorithm::Algorithm;
pub use chance::SystemChance;
pub use cipher::{AesGcm, Cipher, SealError, SealKey};
pub use digest::{DigestAlgorithm, MessageDigest, hkdf_sha256, hmac_sha256, sha256};
pub use keeper::{Keeper, Kept, KeyError, Purpose};
pub use kek::{Kek, KekError, PassphraseCost};
pub use mac::MacKey;
pub use public::{PublicKey, PublicKeyError};
pub use signer::{Device, Lint, SignError, Signer, ToSign};
pub use suite::{ECDSA_P256_SHA256, ECDSA_P384_SHA384, ED25519, RSA_PKCS1_SHA256, Suite, allowed};
pub use wrapped::{KeyId, WrappedKey, WrappedKeyError};
