//! Public keys as JSON, and their way to and from SubjectPublicKeyInfo.

use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use spki::SubjectPublicKeyInfoRef;
use spki::der::asn1::UintRef;
use spki::der::{Decode, Encode, Reader, SliceReader};

use crate::{MOST_KEYS, Noticed, base64url, unbase64url};

/// A public key with what is said about it.
///
/// JSON with private members (`d`, `k`, …) is refused, unknown members are ignored.
/// Spec: RFC 7517 §4, RFC 7518 §6, RFC 8037 §2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Members", into = "Members")]
pub struct Jwk {
    /// The key.
    pub key: Key,
    /// `kid`: how its owner names it.
    pub kid: Option<String>,
    /// `alg`: the one algorithm it is used with.
    pub alg: Option<String>,
    /// `use`: `sig` or `enc`.
    pub usage: Option<String>,
}

/// The kinds of public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A point on P-256: x ‖ y.
    P256([u8; 64]),
    /// A point on P-384: x ‖ y.
    P384([u8; 96]),
    /// An RSA key of 2048 to 8192 bits.
    Rsa {
        /// The modulus, big-endian without leading zero.
        n: Vec<u8>,
        /// The exponent, the same, at most 8 bytes.
        e: Vec<u8>,
    },
    /// An Ed25519 key.
    Ed25519([u8; 32]),
    /// An X25519 key.
    X25519([u8; 32]),
}

/// Why there is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not a JSON object of that form.
    #[error("not a JSON Web Key")]
    Form,
    /// It holds private members.
    #[error("the key is not public")]
    Private,
    /// A kind or curve that is not known here.
    #[error("a kind of key that is not known here")]
    Kind,
    /// Numbers of a wrong length.
    #[error("the key's numbers have a wrong length")]
    Length,
}

/// The JSON form.
#[derive(Default, Serialize, Deserialize)]
struct Members {
    kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing)]
    d: Noticed,
    #[serde(default, skip_serializing)]
    k: Noticed,
    #[serde(default, skip_serializing)]
    p: Noticed,
    #[serde(default, skip_serializing)]
    q: Noticed,
}

impl TryFrom<Members> for Jwk {
    type Error = JwkError;

    fn try_from(of: Members) -> Result<Self, JwkError> {
        if [of.d, of.k, of.p, of.q].contains(&Noticed(true)) {
            return Err(JwkError::Private);
        }
        let key = match (of.kty.as_str(), of.crv.as_deref()) {
            ("EC", Some("P-256")) => Key::P256(joined(&number(of.x)?, &number(of.y)?)?),
            ("EC", Some("P-384")) => Key::P384(joined(&number(of.x)?, &number(of.y)?)?),
            ("OKP", Some("Ed25519")) => Key::Ed25519(exact(&number(of.x)?)?),
            ("OKP", Some("X25519")) => Key::X25519(exact(&number(of.x)?)?),
            ("RSA", _) => Key::rsa(number(of.n)?, number(of.e)?)?,
            _ => return Err(JwkError::Kind),
        };
        Ok(Self { key, kid: of.kid, alg: of.alg, usage: of.usage })
    }
}

fn number(text: Option<String>) -> Result<Vec<u8>, JwkError> {
    unbase64url(&text.ok_or(JwkError::Form)?).ok_or(JwkError::Form)
}

fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], JwkError> {
    bytes.try_into().map_err(|_| JwkError::Length)
}

fn joined<const N: usize>(x: &[u8], y: &[u8]) -> Result<[u8; N], JwkError> {
    if x.len() == y.len() { exact(&[x, y].concat()) } else { Err(JwkError::Length) }
}

impl From<Jwk> for Members {
    fn from(jwk: Jwk) -> Self {
        let (kty, crv) = jwk.key.names();
        let mut members = Self {
            kty: kty.to_owned(),
            crv: crv.map(str::to_owned),
            kid: jwk.kid,
            alg: jwk.alg,
            usage: jwk.usage,
            ..Self::default()
        };
        let [first, second] =
            jwk.key.numbers().map(|n| Some(base64url(n)).filter(|_| !n.is_empty()));
        match jwk.key {
            Key::Rsa { .. } => (members.n, members.e) = (first, second),
            _ => (members.x, members.y) = (first, second),
        }
        members
    }
}

impl Key {
    /// An RSA key of these numbers.
    ///
    /// # Errors
    /// [`JwkError::Length`] for a leading zero, another length than 2048 to 8192 bits, or an
    /// exponent over 8 bytes.
    pub fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, JwkError> {
        let minimal = |bytes: &[u8]| bytes.first().is_some_and(|first| *first != 0);
        let fits = (256..=1024).contains(&n.len()) && (1..=8).contains(&e.len());
        if fits && minimal(&n) && minimal(&e) {
            Ok(Self::Rsa { n, e })
        } else {
            Err(JwkError::Length)
        }
    }

    /// The key of a SubjectPublicKeyInfo in DER; points must be uncompressed.
    ///
    /// # Errors
    /// [`JwkError`]. Spec: RFC 5480 §2, RFC 8017 §A.1.1, RFC 8410 §4.
    pub fn from_spki(der: &[u8]) -> Result<Self, JwkError> {
        let parts = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| JwkError::Form)?;
        let kind = parts.algorithm.to_der().map_err(|_| JwkError::Form)?;
        let kind = kind.get(2..).unwrap_or_default();
        let bits = parts.subject_public_key.as_bytes().ok_or(JwkError::Form)?;
        let is = |id: AlgorithmIdentifier| id.as_ref() == kind;
        if is(alg_id::ECDSA_P256) {
            exact(point(bits)?).map(Self::P256)
        } else if is(alg_id::ECDSA_P384) {
            exact(point(bits)?).map(Self::P384)
        } else if is(alg_id::RSA_ENCRYPTION) {
            let (n, e) = rsa_numbers(bits).map_err(|_| JwkError::Form)?;
            Self::rsa(n, e)
        } else if is(alg_id::ED25519) {
            exact(bits).map(Self::Ed25519)
        } else if is(X25519) {
            exact(bits).map(Self::X25519)
        } else {
            Err(JwkError::Kind)
        }
    }

    /// The SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        let bits = self.subject_public_key();
        let kind = tlv(0x30, self.key_alg_id().as_ref());
        tlv(0x30, &[kind, tlv(3, &[&[0], bits.as_slice()].concat())].concat())
    }

    /// The content of the SubjectPublicKeyInfo's bit string: what verification algorithms take.
    #[must_use]
    pub fn subject_public_key(&self) -> Vec<u8> {
        match self {
            Self::P256(point) => [&[4], point.as_slice()].concat(),
            Self::P384(point) => [&[4], point.as_slice()].concat(),
            Self::Rsa { n, e } => tlv(0x30, &[integer(n), integer(e)].concat()),
            Self::Ed25519(bytes) | Self::X25519(bytes) => bytes.to_vec(),
        }
    }

    /// The AlgorithmIdentifier of the key.
    #[must_use]
    pub fn key_alg_id(&self) -> AlgorithmIdentifier {
        match self {
            Self::P256(_) => alg_id::ECDSA_P256,
            Self::P384(_) => alg_id::ECDSA_P384,
            Self::Rsa { .. } => alg_id::RSA_ENCRYPTION,
            Self::Ed25519(_) => alg_id::ED25519,
            Self::X25519(_) => X25519,
        }
    }

    /// The SHA-256 thumbprint. Spec: RFC 7638 §3, RFC 8037 §2.
    #[must_use]
    pub fn thumbprint(&self) -> [u8; 32] {
        let (kty, crv) = self.names();
        let [first, second] = self.numbers().map(base64url);
        // Members in the order of their names; nothing in them needs an escape.
        let text = match (self, crv) {
            (Self::Rsa { .. }, _) => format!(r#"{{"e":"{second}","kty":"RSA","n":"{first}"}}"#),
            (_, Some(crv)) if second.is_empty() => {
                format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{first}"}}"#)
            }
            (_, crv) => {
                let crv = crv.unwrap_or_default();
                format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{first}","y":"{second}"}}"#)
            }
        };
        Sha256::digest(text).into()
    }

    fn names(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::P256(_) => ("EC", Some("P-256")),
            Self::P384(_) => ("EC", Some("P-384")),
            Self::Rsa { .. } => ("RSA", None),
            Self::Ed25519(_) => ("OKP", Some("Ed25519")),
            Self::X25519(_) => ("OKP", Some("X25519")),
        }
    }

    /// x and y, n and e, or x and nothing.
    fn numbers(&self) -> [&[u8]; 2] {
        match self {
            Self::P256(point) => halves(point),
            Self::P384(point) => halves(point),
            Self::Rsa { n, e } => [n, e],
            Self::Ed25519(bytes) | Self::X25519(bytes) => [bytes, &[]],
        }
    }
}

impl From<Key> for Jwk {
    /// The key with nothing said about it.
    fn from(key: Key) -> Self {
        Self { key, kid: None, alg: None, usage: None }
    }
}

impl Jwk {
    /// The key with its thumbprint, in base64url, as `kid`.
    #[must_use]
    pub fn named(key: Key) -> Self {
        Self { kid: Some(base64url(&key.thumbprint())), ..Self::from(key) }
    }

    /// Reads one key.
    ///
    /// # Errors
    /// [`JwkError::Form`] for what is no JSON or over 64 KiB; what else is wrong with it.
    pub fn parse(json: &[u8]) -> Result<Self, JwkError> {
        if json.len() > MOST_KEYS {
            return Err(JwkError::Form);
        }
        serde_json::from_slice::<Members>(json).map_err(|_| JwkError::Form)?.try_into()
    }
}

/// A set of public keys. Spec: RFC 7517 §5.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// Reads a set; keys of unknown kinds are left out, private ones refuse the whole.
    ///
    /// # Errors
    /// [`JwkError::Form`] for other JSON, over 64 KiB or over 64 keys.
    pub fn parse(json: &[u8]) -> Result<Self, JwkError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Members>,
        }
        if json.len() > MOST_KEYS {
            return Err(JwkError::Form);
        }
        let set: Set = serde_json::from_slice(json).map_err(|_| JwkError::Form)?;
        if set.keys.len() > 64 {
            return Err(JwkError::Form);
        }
        let keys = set.keys.into_iter().map(Jwk::try_from);
        let known = keys.filter(|key| !matches!(key, Err(JwkError::Kind)));
        Ok(Self { keys: known.collect::<Result<_, _>>()? })
    }

    /// The key named `kid`.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.kid.as_deref() == Some(kid))
    }
}

/// id-X25519. Spec: RFC 8410 §3.
const X25519: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(&[6, 3, 0x2b, 0x65, 0x6e]);

fn halves(point: &[u8]) -> [&[u8]; 2] {
    let (x, y) = point.split_at(point.len() / 2);
    [x, y]
}

fn point(bits: &[u8]) -> Result<&[u8], JwkError> {
    bits.strip_prefix(&[4]).ok_or(JwkError::Kind)
}

fn rsa_numbers(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>), spki::der::Error> {
    let mut reader = SliceReader::new(der)?;
    let numbers = reader.sequence(|inner| {
        let (n, e): (UintRef<'_>, UintRef<'_>) = (inner.decode()?, inner.decode()?);
        Ok::<_, spki::der::Error>((n.as_bytes().to_vec(), e.as_bytes().to_vec()))
    })?;
    reader.finish()?;
    Ok(numbers)
}

fn integer(number: &[u8]) -> Vec<u8> {
    UintRef::new(number).and_then(|number| number.to_der()).unwrap_or_default()
}

/// Tag, length and content; content of at most 65,535 bytes, which no key here exceeds.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, 0..=0x7f) => &[low],
        (0, _) => &[0x81, low],
        _ => &[0x82, high, low],
    };
    [&[tag], length, content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Spec: RFC 7638 §3.1.
    const RSA: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
    /// Spec: RFC 8037 §A.2.
    const ED: &str =
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    /// Spec: RFC 7515 §A.3.
    const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

    fn thumbprint(json: &str) -> String {
        base64url(&Jwk::parse(json.as_bytes()).unwrap().key.thumbprint())
    }

    #[test]
    fn rfc_7638_section_3_1_thumbprint() {
        assert_eq!(thumbprint(RSA), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn rfc_8037_section_a_3_thumbprint() {
        assert_eq!(thumbprint(ED), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn every_kind_of_key_goes_to_spki_and_back() {
        let p384 = Key::P384([7; 96]);
        let x25519 = Key::X25519([9; 32]);
        let parsed = [RSA, ED, EC].map(|json| Jwk::parse(json.as_bytes()).unwrap().key);
        for key in parsed.into_iter().chain([p384, x25519]) {
            let spki = key.to_spki();
            assert_eq!(Key::from_spki(&spki).as_ref(), Ok(&key));
            let json = serde_json::to_vec(&Jwk::named(key.clone())).unwrap();
            assert_eq!(Jwk::parse(&json).unwrap().key, key);
        }
    }

    #[test]
    fn an_ed25519_key_is_32_bytes_after_the_twelve_of_rfc_8410() {
        let der = [&[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0], [5; 32].as_slice()];
        assert_eq!(Key::Ed25519([5; 32]).to_spki(), der.concat());
    }

    #[test]
    fn what_is_no_public_key_is_refused() {
        for (json, why) in [
            ("", JwkError::Form),
            ("{}", JwkError::Form),
            (r#"{"kty":"oct","k":"AAAA"}"#, JwkError::Private),
            (r#"{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}"#, JwkError::Kind),
            (r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, JwkError::Length),
            (r#"{"kty":"EC","crv":"P-256","x":"AA"}"#, JwkError::Form),
            (r#"{"kty":"EC","crv":"P-256","x":"A=","y":"AA"}"#, JwkError::Form),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#, JwkError::Private),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":null}"#, JwkError::Private),
            (r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, JwkError::Length),
        ] {
            assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err(), why, "{json}");
        }
        let twice = ED.replace("OKP\",", "OKP\",\"kty\":\"EC\",");
        assert_eq!(Jwk::parse(twice.as_bytes()).unwrap_err(), JwkError::Form);
    }

    #[test]
    fn a_set_leaves_out_unknown_kinds_and_refuses_private_keys() {
        let json = format!(r#"{{"keys":[{RSA},{{"kty":"AKP","alg":"ML-DSA-65","pub":"AA"}}]}}"#);
        let set = JwkSet::parse(json.as_bytes()).unwrap();
        assert_eq!(set.keys.len(), 1);
        assert!(set.find("2011-04-29").is_some() && set.find("other").is_none());
        let private = format!(r#"{{"keys":[{RSA},{{"kty":"oct","k":"AA"}}]}}"#);
        assert_eq!(JwkSet::parse(private.as_bytes()), Err(JwkError::Private));
    }

    proptest! {
        #[test]
        fn any_point_comes_back_by_spki_and_json(x in any::<[u8; 32]>(), y in any::<[u8; 32]>()) {
            let key = Key::P256(joined(&x, &y).unwrap());
            prop_assert_eq!(&Key::from_spki(&key.to_spki()).unwrap(), &key);
            let json = serde_json::to_vec(&Jwk::from(key.clone())).unwrap();
            prop_assert_eq!(Jwk::parse(&json).unwrap().key, key);
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..150)
        ) {
            let _ = (Jwk::parse(&bytes), JwkSet::parse(&bytes), Key::from_spki(&bytes));
        }
    }
}
