//! For tests only: keys in memory for what a log needs from outside.
#![expect(clippy::disallowed_types, reason = "RSA keys are made by the library's own chance")]

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base::{Identifier, PersonId};
use sha2::{Digest, Sha256};

use crate::checkpoint::{CheckpointSigner, SignFailed};
use crate::handle::{self, Answer, Epoch, Grant, HandleKey, Handles, HandlesFailed, Proof, Realm};
use crate::keyring::{Wrap, WrapFailed};

/// An Ed25519 key from a seed.
#[derive(Debug)]
pub struct SoftSigner(Ed25519KeyPair);

impl SoftSigner {
    /// The key of a seed.
    ///
    /// # Panics
    /// Never: every seed is a key.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn seeded(seed: u64) -> Self {
        let seed: [u8; 32] = Sha256::digest(seed.to_be_bytes()).into();
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).unwrap())
    }
}

impl CheckpointSigner for SoftSigner {
    fn public_key(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().unwrap_or_default()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFailed> {
        let signature = self.0.sign(message);
        signature.as_ref().try_into().map_err(|_| SignFailed("another length".to_owned()))
    }
}

/// A handle key of one epoch, and a code for every person: one of the synthetic country `XY`.
#[derive(Debug)]
pub struct SoftHandles {
    epoch: Epoch,
    key: RsaKeyPair,
    fails: std::sync::atomic::AtomicBool,
    granted: std::sync::atomic::AtomicUsize,
}

impl SoftHandles {
    /// A new key for a year.
    ///
    /// # Panics
    /// When the library makes no key.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn new(year: i16) -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa3072).unwrap();
        Self { epoch: Epoch(year), key, fails: false.into(), granted: 0.into() }
    }

    /// From now on nobody gets a handle, or again.
    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, std::sync::atomic::Ordering::SeqCst);
    }

    /// How many grants were given.
    #[must_use]
    pub fn granted(&self) -> usize {
        self.granted.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// The public key and its signatures over the fixed strings.
    ///
    /// # Panics
    /// When the library does not sign.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn published(&self) -> (Vec<u8>, [Vec<u8>; 8]) {
        let spki: PublicKeyX509Der<'_> = self.key.public_key().as_der().unwrap();
        let fixed = handle::fixed_strings(self.epoch).map(|text| self.signed(&text));
        (spki.as_ref().to_vec(), fixed)
    }

    /// The checked public key.
    ///
    /// # Panics
    /// When the library does not sign.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn checked_key(&self) -> HandleKey {
        let (spki, fixed) = self.published();
        HandleKey::checked(self.epoch, &spki, &fixed).unwrap()
    }

    /// The proof of a code's handle.
    ///
    /// # Panics
    /// When the library does not sign.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn prove(&self, realm: &Realm, code: &Identifier) -> Proof {
        Proof::new(self.signed(&handle::message(realm, code))).unwrap()
    }

    /// The code that this country gives a person.
    ///
    /// # Panics
    /// Never: its form is right.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn code(person: PersonId) -> Identifier {
        Identifier::new(base::Scheme::Pno, "XY", &person.to_string()).unwrap()
    }

    #[expect(clippy::unwrap_used, reason = "for tests")]
    fn signed(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }
}

impl Handles for SoftHandles {
    fn key(&self, epoch: Epoch) -> Answer<'_, Result<HandleKey, HandlesFailed>> {
        Box::pin(async move {
            let known = epoch == self.epoch;
            known.then(|| self.checked_key()).ok_or(HandlesFailed("no such epoch".to_owned()))
        })
    }

    fn grant(&self, person: PersonId, realm: &Realm) -> Answer<'_, Result<Grant, HandlesFailed>> {
        let realm = realm.clone();
        Box::pin(async move {
            if self.fails.load(std::sync::atomic::Ordering::SeqCst) {
                return Err(HandlesFailed("told to fail".to_owned()));
            }
            self.granted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let code = Self::code(person);
            let proof = self.prove(&realm, &code);
            Ok(Grant { code, proof })
        })
    }
}

/// Wraps by a keystream and a digest, both SHA-256: no protection, but it notices another context.
#[derive(Debug, Default)]
pub struct SoftWrap;

impl SoftWrap {
    fn stream(context: &[u8], length: usize) -> Vec<u8> {
        let blocks = (0..length.div_ceil(32)).map(|n| {
            let block = Sha256::new().chain_update(context).chain_update(n.to_be_bytes());
            <[u8; 32]>::from(block.finalize())
        });
        blocks.flatten().take(length).collect()
    }

    fn mixed(context: &[u8], bytes: &[u8]) -> Vec<u8> {
        bytes.iter().zip(Self::stream(context, bytes.len())).map(|(a, b)| a ^ b).collect()
    }

    fn check(context: &[u8], plain: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(context).chain_update(plain).finalize().into()
    }
}

impl Wrap for SoftWrap {
    fn wrap(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, WrapFailed> {
        Ok([Self::check(context, plain).as_slice(), &Self::mixed(context, plain)].concat())
    }

    fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Vec<u8>, WrapFailed> {
        let failed = || WrapFailed("another context".to_owned());
        let (check, mixed) = wrapped.split_first_chunk::<32>().ok_or_else(failed)?;
        let plain = Self::mixed(context, mixed);
        (Self::check(context, &plain) == *check).then_some(plain).ok_or_else(failed)
    }
}
