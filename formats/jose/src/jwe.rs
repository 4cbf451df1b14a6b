//! Encrypted compact tokens: ECDH-ES on P-256, A256GCM.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::jwk::{Jwk, Key};
use crate::{MOST, Noticed, base64url, unbase64url};

/// A private key on P-256, of the receiver or made by the sender for this token alone.
pub trait Agreement {
    /// Its public point, uncompressed: 4, x, y.
    fn point(&self) -> [u8; 65];

    /// The x-coordinate of the shared point; none when `peer` is no point of the curve.
    fn agree(&self, peer: &[u8; 65]) -> Option<Zeroizing<[u8; 32]>>;
}

/// AES-256-GCM.
pub trait Aead {
    /// Ciphertext ‖ tag (16 bytes); none when the library refuses.
    fn seal(&self, key: &[u8; 32], nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>>;

    /// The plain bytes of ciphertext ‖ tag; none when they were changed.
    fn open(
        &self,
        key: &[u8; 32],
        nonce: [u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>>;
}

/// What a sender brings.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// A private key made for this token alone.
    pub ephemeral: &'a dyn Agreement,
    /// The cipher.
    pub aead: &'a dyn Aead,
    /// Twelve bytes of chance.
    pub nonce: [u8; 12],
}

/// Why a token is refused or not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    /// Over [`MOST`] (1 MiB).
    #[error("the token is longer than 1 MiB")]
    TooLong,
    /// Not five parts of base64url with a JSON header, or lengths that cannot be.
    #[error("not an encrypted token")]
    Form,
    /// Another algorithm, compression, or extensions that must be understood.
    #[error("the token's algorithm is not accepted here")]
    Algorithm,
    /// Another type.
    #[error("the token is of another type")]
    Typ,
    /// A key that is not on P-256.
    #[error("the key is not on P-256")]
    Key,
    /// It does not open with this key, or was changed.
    #[error("the token does not open")]
    Sealed,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    enc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    epk: Jwk,
    #[serde(skip_serializing_if = "Option::is_none")]
    apu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    apv: Option<String>,
    #[serde(default, skip_serializing)]
    crit: Noticed,
    #[serde(default, skip_serializing)]
    zip: Noticed,
}

/// `plain` encrypted to `to`, whose `kid` goes into the header.
///
/// # Errors
/// [`JweError::Key`] for a key that is not on P-256, [`JweError::TooLong`],
/// [`JweError::Sealed`] when the library refuses.
pub fn encrypt(to: &Jwk, typ: &str, plain: &[u8], sender: Sender<'_>) -> Result<String, JweError> {
    let own = sender.ephemeral.point();
    let epk = own.last_chunk().map(|point| Jwk::from(Key::P256(*point))).ok_or(JweError::Key)?;
    let header = Header {
        alg: "ECDH-ES".to_owned(),
        enc: "A256GCM".to_owned(),
        typ: Some(typ.to_owned()),
        kid: to.kid.clone(),
        epk,
        apu: None,
        apv: None,
        crit: Noticed(false),
        zip: Noticed(false),
    };
    let header = base64url(&serde_json::to_vec(&header).map_err(|_| JweError::Form)?);
    let secret = sender.ephemeral.agree(&point_of(&to.key)?).ok_or(JweError::Key)?;
    let key = content_key(&secret, &[], &[]);
    let sealed = sender.aead.seal(&key, sender.nonce, header.as_bytes(), plain);
    let sealed = sealed.ok_or(JweError::Sealed)?;
    let (text, tag) = sealed.split_last_chunk::<16>().ok_or(JweError::Sealed)?;
    let [nonce, text, tag] = [sender.nonce.as_slice(), text, tag].map(base64url);
    let token = format!("{header}..{nonce}.{text}.{tag}");
    if token.len() > MOST { Err(JweError::TooLong) } else { Ok(token) }
}

/// A token that was read and not yet opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Jwe {
    header: String,
    kid: Option<String>,
    peer: [u8; 65],
    parties: [Vec<u8>; 2],
    nonce: [u8; 12],
    /// Ciphertext ‖ tag.
    sealed: Vec<u8>,
}

impl Jwe {
    /// Reads a compact token of type `typ`. Spec: RFC 7516 §5.2, RFC 7518 §4.6.
    ///
    /// # Errors
    /// [`JweError`], all but `Sealed`.
    pub fn parse(text: &str, typ: &str) -> Result<Self, JweError> {
        if text.len() > MOST {
            return Err(JweError::TooLong);
        }
        let parts: Vec<&str> = text.split('.').collect();
        let [header, "", nonce, sealed, tag] = parts.as_slice() else { return Err(JweError::Form) };
        let bytes = |part: &str| unbase64url(part).ok_or(JweError::Form);
        let read: Header = serde_json::from_slice(&bytes(header)?).map_err(|_| JweError::Form)?;
        accepted(&read, typ)?;
        let tag: [u8; 16] = bytes(tag)?.try_into().map_err(|_| JweError::Form)?;
        let party = |text: Option<String>| text.map_or(Ok(Vec::new()), |text| bytes(&text));
        Ok(Self {
            header: (*header).to_owned(),
            kid: read.kid,
            peer: point_of(&read.epk.key)?,
            parties: [party(read.apu)?, party(read.apv)?],
            nonce: bytes(nonce)?.try_into().map_err(|_| JweError::Form)?,
            sealed: [bytes(sealed)?.as_slice(), &tag].concat(),
        })
    }

    /// Which key it names.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`JweError::Key`] when its ephemeral key is no point of the curve, [`JweError::Sealed`].
    pub fn decrypt(
        &self,
        own: &dyn Agreement,
        aead: &dyn Aead,
    ) -> Result<Zeroizing<Vec<u8>>, JweError> {
        let secret = own.agree(&self.peer).ok_or(JweError::Key)?;
        let [apu, apv] = &self.parties;
        let key = content_key(&secret, apu, apv);
        let aad = self.header.as_bytes();
        aead.open(&key, self.nonce, aad, &self.sealed).ok_or(JweError::Sealed)
    }
}

impl std::fmt::Debug for Jwe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Jwe(to {:?}, {} bytes)", self.kid, self.sealed.len())
    }
}

fn accepted(header: &Header, typ: &str) -> Result<(), JweError> {
    let known = header.alg == "ECDH-ES" && header.enc == "A256GCM";
    if !known || header.crit.0 || header.zip.0 {
        return Err(JweError::Algorithm);
    }
    let same = header.typ.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(typ));
    if same { Ok(()) } else { Err(JweError::Typ) }
}

fn point_of(key: &Key) -> Result<[u8; 65], JweError> {
    match key {
        Key::P256(_) => key.subject_public_key().try_into().map_err(|_| JweError::Key),
        _ => Err(JweError::Key),
    }
}

fn content_key(secret: &[u8; 32], apu: &[u8], apv: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(concat_kdf(secret, b"A256GCM", [apu, apv], 256))
}

/// One round of the Concat KDF with SHA-256: enough for keys of up to 256 bits, of which a
/// shorter one takes the front. Spec: RFC 7518 §4.6.2, NIST SP 800-56A §5.8.1.
fn concat_kdf(secret: &[u8; 32], alg: &[u8], parties: [&[u8]; 2], bits: u32) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(1u32.to_be_bytes());
    hash.update(secret);
    let [apu, apv] = parties;
    for field in [alg, apu, apv] {
        hash.update(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(field);
    }
    hash.update(bits.to_be_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rfc_7518_appendix_c_derived_key() {
        let secret = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49,
            110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];
        let key = concat_kdf(&secret, b"A128GCM", [b"Alice", b"Bob"], 128);
        assert_eq!(base64url(&key[..16]), "VqqN6vgjbSBcIijNcacQGg");
    }

    const EPK: &str = r#"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}"#;

    fn read(header: &str) -> Result<Jwe, JweError> {
        let nonce = base64url(&[0; 12]);
        let tag = base64url(&[0; 16]);
        Jwe::parse(&format!("{}..{nonce}.AA.{tag}", base64url(header.as_bytes())), "x")
    }

    #[test]
    fn headers_outside_the_rules_are_refused() {
        for (rest, why) in [
            (r#""alg":"ECDH-ES","enc":"A128GCM","typ":"x""#, JweError::Algorithm),
            (r#""alg":"dir","enc":"A256GCM","typ":"x""#, JweError::Algorithm),
            (r#""alg":"ECDH-ES","enc":"A256GCM","typ":"x","zip":"DEF""#, JweError::Algorithm),
            (r#""alg":"ECDH-ES","enc":"A256GCM","typ":"x","crit":["exp"]"#, JweError::Algorithm),
            (r#""alg":"ECDH-ES","enc":"A256GCM","typ":"y""#, JweError::Typ),
            (r#""alg":"ECDH-ES","enc":"A256GCM""#, JweError::Typ),
        ] {
            assert_eq!(read(&format!(r#"{{"epk":{EPK},{rest}}}"#)).unwrap_err(), why, "{rest}");
        }
        let none = read(r#"{"alg":"ECDH-ES","enc":"A256GCM","typ":"x"}"#);
        assert_eq!(none.unwrap_err(), JweError::Form);
    }

    #[test]
    fn a_key_of_the_token_or_a_short_tag_is_refused() {
        let good = format!(r#"{{"epk":{EPK},"alg":"ECDH-ES","enc":"A256GCM","typ":"x"}}"#);
        assert!(read(&good).is_ok());
        let header = base64url(good.as_bytes());
        for text in [
            format!("{header}.AA.AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA"),
            format!("{header}..AAAAAAAAAAAAAAAA.AA.AAAA"),
            format!("{header}..AAAA.AA.AAAAAAAAAAAAAAAAAAAAAA"),
            format!("{header}..AAAAAAAAAAAAAAAA.AA"),
        ] {
            assert_eq!(Jwe::parse(&text, "x"), Err(JweError::Form), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[A-Za-z0-9_.-]{0,100}", any in "\\PC{0,50}") {
            let _ = (Jwe::parse(&text, "x"), Jwe::parse(&any, "x"));
        }
    }
}
