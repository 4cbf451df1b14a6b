//! Kept keys as what JOSE asks of its caller.

use jose::jwe::{Aead, Agreement};
use jose::jwk::{Jwk, Key};
use jose::jws::{self, Header, ToBeSigned};
use zeroize::Zeroizing;

use crate::cipher::{AesGcm, Cipher};
use crate::{AgreementKey, EphemeralKey, PublicKey, Purpose, SignError, Signer};

impl PublicKey {
    /// The key as JWK, its thumbprint as `kid`; none for a kind that JOSE has no name for here.
    #[must_use]
    pub fn jwk(&self) -> Option<Jwk> {
        Key::from_spki(self.spki()).ok().map(Jwk::named)
    }
}

impl<K: Purpose> Signer<K> {
    /// A header of type `typ` with the key's algorithm, and its thumbprint as `kid`.
    ///
    /// # Errors
    /// [`SignError::Refused`] for a key that JOSE has no name for.
    pub fn token_header(&self, typ: &str) -> Result<Header, SignError> {
        let jwk = self.public_key().jwk().ok_or(SignError::Refused)?;
        let alg = jws::Algorithm::of(&jwk.key).ok_or(SignError::Refused)?;
        Ok(Header::new(alg, typ).kid(&jwk.kid.unwrap_or_default()))
    }

    /// The signed token.
    ///
    /// # Errors
    /// [`SignError::Refused`]
    pub fn sign_token(&self, token: ToBeSigned) -> Result<String, SignError> {
        let signature = self.sign_fixed(token.bytes())?;
        Ok(token.finish(&signature))
    }
}

impl Agreement for EphemeralKey {
    /// The point; for X25519, which this token form does not use, zeros that nobody agrees with.
    fn point(&self) -> [u8; 65] {
        self.bare().try_into().unwrap_or([0; 65])
    }

    fn agree(&self, peer: &[u8; 65]) -> Option<Zeroizing<[u8; 32]>> {
        Self::agree(self, peer)
    }
}

impl<K> Agreement for AgreementKey<K> {
    fn point(&self) -> [u8; 65] {
        Agreement::point(&**self)
    }

    fn agree(&self, peer: &[u8; 65]) -> Option<Zeroizing<[u8; 32]>> {
        EphemeralKey::agree(self, peer)
    }
}

impl Aead for AesGcm {
    fn seal(&self, key: &[u8; 32], nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        Cipher::under(key)?.seal_with(nonce, aad, plain).ok()
    }

    fn open(
        &self,
        key: &[u8; 32],
        nonce: [u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        Cipher::under(key)?.open_with(nonce, aad, sealed).ok()
    }
}
