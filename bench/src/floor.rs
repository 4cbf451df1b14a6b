//! What the cryptography alone costs, one after another on one core.

use std::hint::black_box;
use std::time::Duration;

use keys::trial::signer;
use keys::{
    Algorithm, Cipher, ECDSA_P256_SHA256, EphemeralKey, Purpose, RSA_PKCS1_SHA256, Signer,
    SystemChance, hmac_sha256, sha256,
};

use crate::{BenchError, cpu};

enum Measured {}

impl Purpose for Measured {
    const NAME: &'static str = "bench";
}

/// CPU time of each primitive.
#[derive(Debug)]
pub(crate) struct Floor {
    p256_sign: Duration,
    p256_verify: Duration,
    p256_agree: Duration,
    rsa_sign: Duration,
    rsa_verify: Duration,
    seal: Duration,
    hash: Duration,
}

/// How long each is measured.
const LONG: Duration = Duration::from_millis(300);

impl Floor {
    /// Measures each.
    ///
    /// # Errors
    /// [`BenchError::Key`].
    pub(crate) fn measured() -> Result<Self, BenchError> {
        let text = [7; 256];
        let p256: Signer<Measured> = signer(Algorithm::P256);
        let rsa: Signer<Measured> = signer(Algorithm::Rsa3072);
        let signed = |key: &Signer<Measured>| {
            key.sign(&text).map_err(|why| BenchError::Key(why.to_string()))
        };
        let (by_p256, by_rsa) = (signed(&p256)?, signed(&rsa)?);
        let agreement = || EphemeralKey::make(Algorithm::EcdhP256);
        let broken = |why: keys::KeyError| BenchError::Key(why.to_string());
        let (one, other) = (agreement().map_err(broken)?, agreement().map_err(broken)?);
        let cipher = Cipher::new(&[7; 32]).map_err(|why| BenchError::Key(why.to_string()))?;
        let chance = SystemChance::new();
        let kilobyte = [7; 1024];
        Ok(Self {
            p256_sign: each(|| drop(black_box(p256.sign(&text)))),
            p256_verify: each(|| {
                let _ = black_box(p256.public_key().check(ECDSA_P256_SHA256, &text, &by_p256));
            }),
            p256_agree: each(|| drop(black_box(one.agree(other.bare())))),
            rsa_sign: each(|| drop(black_box(rsa.sign(&text)))),
            rsa_verify: each(|| {
                let _ = black_box(rsa.public_key().check(RSA_PKCS1_SHA256, &text, &by_rsa));
            }),
            seal: each(|| drop(black_box(cipher.seal(b"", &kilobyte, &chance)))),
            hash: each(|| {
                black_box(sha256(&kilobyte));
                black_box(hmac_sha256(&[7; 32], &text));
            }),
        })
    }

    /// A recorded look: two ciphertexts and their digests and tag; request and answer under TLS.
    pub(crate) fn look(&self) -> Duration {
        self.seal * 4 + self.hash * 2
    }

    /// The first look at a person in a year: the handle is signed and checked beside it.
    pub(crate) fn first_look(&self) -> Duration {
        self.look() + self.rsa_sign + self.rsa_verify
    }

    /// An approved login: the phone's words (claim, and the activation's two signatures) and
    /// `sam`'s statement checked, the activation opened; answer, statement and token signed.
    pub(crate) fn login(&self) -> Duration {
        self.p256_verify * 4 + self.p256_agree + self.p256_sign * 3
    }

    /// One signature with one approval: the phone's word and the activation's two signatures
    /// checked, the activation opened, signature, answer, time-stamp and two status answers
    /// signed; signature, time-stamp and both answers checked before they are handed out.
    pub(crate) fn signature(&self) -> Duration {
        self.p256_verify * 7 + self.p256_agree + self.p256_sign * 5
    }

    /// One of many signatures of one approval: signature and time-stamp, made and checked.
    pub(crate) fn further_signature(&self) -> Duration {
        self.p256_verify * 2 + self.p256_sign * 2
    }

    /// Every primitive in a line.
    pub(crate) fn text(&self) -> String {
        let all = [
            ("P-256 sign", self.p256_sign),
            ("verify", self.p256_verify),
            ("agree", self.p256_agree),
            ("RSA-3072 sign", self.rsa_sign),
            ("verify", self.rsa_verify),
            ("AES-256-GCM of 1 KiB", self.seal),
            ("SHA-256 of 1 KiB and HMAC", self.hash),
        ];
        let parts = all.map(|(name, each)| format!("{name} {:.1} µs", micros(each)));
        format!("floor: {}", parts.join(", "))
    }
}

/// Microseconds with their fraction.
pub(crate) fn micros(span: Duration) -> f64 {
    span.as_secs_f64() * 1e6
}

/// The CPU time of one `what`.
fn each(what: impl Fn()) -> Duration {
    let began = cpu::own();
    let mut times: u32 = 0;
    loop {
        for _ in 0..16 {
            what();
        }
        times += 16;
        let spent = cpu::own().saturating_sub(began);
        if spent >= LONG {
            return spent / times;
        }
    }
}
