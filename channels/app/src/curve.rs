//! P-256 and AES-256-GCM on the phone, by RustCrypto.

use aes_gcm::aead::{Aead as _, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base::Chance;
use jose::jwe::{Aead, Agreement};
use jose::jws::Algorithm;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::elliptic_curve::bigint::{NonZero, U384};
use p256::{PublicKey, SecretKey};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use zeroize::Zeroizing;

/// The order of P-256 less one.
const ORDER_LESS_ONE: NonZero<U384> = NonZero::<U384>::new_unwrap(U384::from_be_hex(
    "00000000000000000000000000000000ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
));

/// A private key on P-256. Its bytes are wiped when it goes.
#[derive(Clone)]
pub(crate) struct PrivateKey {
    secret: SecretKey,
    point: [u8; 65],
}

impl PrivateKey {
    /// The key of 48 bytes: modulo (n − 1), plus 1; the bias is below 2⁻¹²⁷.
    pub(crate) fn of_wide(wide: &[u8; 48]) -> Option<Self> {
        let number = U384::from_be_slice(wide).rem(&ORDER_LESS_ONE).wrapping_add(&U384::ONE);
        let bytes = Zeroizing::new(number.to_be_bytes());
        Self::parse(bytes.as_ref().last_chunk::<32>()?)
    }

    /// The key of its 32 bytes, big-endian; none for 0 or n and above.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; 32] = bytes.try_into().ok()?;
        let secret = SecretKey::from_slice(bytes).ok()?;
        let point = secret.public_key().to_sec1_bytes().as_ref().try_into().ok()?;
        Some(Self { secret, point })
    }

    /// A fresh key.
    pub(crate) fn fresh(chance: &dyn Chance) -> Option<Self> {
        Self::of_wide(&Zeroizing::new(chance.bytes()))
    }

    /// Its 32 bytes, big-endian.
    pub(crate) fn bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }

    /// Its public half as `SubjectPublicKeyInfo`.
    pub(crate) fn spki(&self) -> Vec<u8> {
        let [_, point @ ..] = self.point;
        jose::jwk::Key::P256(point).to_spki()
    }

    /// ECDSA with SHA-256, `r ‖ s`; deterministic. Spec: RFC 6979.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature: Signature = SigningKey::from(&self.secret).try_sign(message).ok()?;
        Some(signature.to_bytes().into())
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey")
    }
}

impl Agreement for PrivateKey {
    fn point(&self) -> [u8; 65] {
        self.point
    }

    fn agree(&self, peer: &[u8; 65]) -> Option<Zeroizing<[u8; 32]>> {
        let peer = PublicKey::from_sec1_bytes(peer).ok()?;
        let shared = self.secret.diffie_hellman(&peer);
        Some(Zeroizing::new((*shared.raw_secret_bytes()).into()))
    }
}

/// AES-256-GCM.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gcm;

impl Aead for Gcm {
    fn seal(&self, key: &[u8; 32], nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
        cipher.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad }).ok()
    }

    fn open(
        &self,
        key: &[u8; 32],
        nonce: [u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
        let plain = cipher.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad }).ok()?;
        Some(Zeroizing::new(plain))
    }
}

/// The only signatures that the phone believes.
pub(crate) const ALGORITHMS: &[Algorithm] = &[Algorithm::Es256];

/// The same, to verify with.
pub(crate) const VERIFIERS: &[&dyn SignatureVerificationAlgorithm] = &[&Es256];

/// ECDSA on P-256 with SHA-256.
#[derive(Debug)]
struct Es256;

impl SignatureVerificationAlgorithm for Es256 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
        let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        key.verify(message, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

#[cfg(test)]
mod tests {
    use keys::{EphemeralKey, PublicKey as Other, Suite, allowed};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ends_of_the_range_are_1_and_n_less_1() {
        let key = |wide| PrivateKey::of_wide(&wide).unwrap().bytes().to_vec();
        assert_eq!(base::hex(&key([0; 48])), format!("{:064x}", 1));
        let order_less_one =
            base::unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550")
                .unwrap();
        let mut wide = [0; 48];
        wide[16..].copy_from_slice(&order_less_one);
        assert_eq!(key(wide), key([0; 48]), "n − 1 is 0 again");
        wide[47] -= 1;
        assert_eq!(key(wide), order_less_one, "n − 2 is the greatest");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(PrivateKey::parse(&[0; 32]).is_none());
        assert!(PrivateKey::parse(&[0xff; 32]).is_none());
        assert!(PrivateKey::parse(&[1; 31]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn every_wide_number_is_a_key_whose_signatures_others_accept(
            half in any::<[u8; 32]>(), rest in any::<[u8; 16]>(), message in any::<Vec<u8>>(),
        ) {
            let mut wide = [0; 48];
            wide[..32].copy_from_slice(&half);
            wide[32..].copy_from_slice(&rest);
            let key = PrivateKey::of_wide(&wide).unwrap();
            let signature = jose::ecdsa::to_der(&key.sign(&message).unwrap()).unwrap();
            let public = Other::parse(&key.spki()).unwrap();
            let theirs = allowed(Suite::House).iter()
                .find(|a| a.public_key_alg_id() == alg_id::ECDSA_P256
                    && a.signature_alg_id() == alg_id::ECDSA_SHA256).unwrap();
            let bits = jose::jwk::Key::from_spki(public.spki()).unwrap().subject_public_key();
            prop_assert!(theirs.verify_signature(&bits, &message, &signature).is_ok());
            prop_assert!(Es256.verify_signature(&bits, &message, &signature).is_ok());
            let mut other = message.clone();
            other.push(0);
            prop_assert!(Es256.verify_signature(&bits, &other, &signature).is_err());
        }
    }

    #[test]
    fn both_libraries_agree_on_a_secret() {
        let own = PrivateKey::of_wide(&[9; 48]).unwrap();
        let other = EphemeralKey::make(keys::Algorithm::EcdhP256).unwrap();
        let theirs = Agreement::agree(&other, &own.point()).unwrap();
        assert_eq!(own.agree(&Agreement::point(&other)).unwrap(), theirs);
        assert!(own.agree(&[4; 65]).is_none(), "no point of the curve");
    }
}
