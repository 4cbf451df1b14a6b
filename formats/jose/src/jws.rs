//! Signed compact tokens.

use rustls_pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm, alg_id};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::jwk::{Jwk, Key};
use crate::{MOST, Noticed, base64url, ecdsa, unbase64url};

/// The signature algorithms there are. Spec: RFC 7518 §3.1, RFC 8037 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// The name in headers and metadata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm that goes with `key`; none for keys that do not sign.
    #[must_use]
    pub fn of(key: &Key) -> Option<Self> {
        match key {
            Key::P256(_) => Some(Self::Es256),
            Key::P384(_) => Some(Self::Es384),
            Key::Rsa { .. } => Some(Self::Rs256),
            Key::Ed25519(_) => Some(Self::EdDsa),
            Key::X25519(_) => None,
        }
    }

    fn signature_alg_id(self) -> AlgorithmIdentifier {
        match self {
            Self::Es256 => alg_id::ECDSA_SHA256,
            Self::Es384 => alg_id::ECDSA_SHA384,
            Self::Rs256 => alg_id::RSA_PKCS1_SHA256,
            Self::EdDsa => alg_id::ED25519,
        }
    }

    /// The signature in the form that verification algorithms take.
    fn checked_form(self, fixed: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Es256 if fixed.len() == 64 => ecdsa::to_der(fixed),
            Self::Es384 if fixed.len() == 96 => ecdsa::to_der(fixed),
            Self::Es256 | Self::Es384 => None,
            Self::Rs256 | Self::EdDsa => Some(fixed.to_vec()),
        }
    }
}

/// A protected header.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// `alg`.
    pub alg: Algorithm,
    /// `typ`, such as `at+jwt`; without `application/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    /// `kid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// All other parameters.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Header {
    /// A header of this algorithm and type.
    #[must_use]
    pub fn new(alg: Algorithm, typ: &str) -> Self {
        Self { alg, typ: Some(typ.to_owned()), kid: None, more: Map::new() }
    }

    /// The same with `kid`.
    #[must_use]
    pub fn kid(mut self, kid: &str) -> Self {
        self.kid = Some(kid.to_owned());
        self
    }

    /// The same with one more parameter, such as `jwk` or `x5c`.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }
}

/// A header as it is read: known members once, `crit` noticed.
#[derive(Deserialize)]
struct RawHeader {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    #[serde(default)]
    crit: Noticed,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// What a reader accepts.
#[derive(Clone, Copy, Debug)]
pub struct Accept<'a> {
    /// The type.
    pub typ: Typ<'a>,
    /// The algorithms.
    pub algorithms: &'a [Algorithm],
}

/// Which `typ` is accepted; letters in either case, `application/` before it or not.
///
/// Spec: RFC 7515 §4.1.9, RFC 8725 §3.11.
#[derive(Clone, Copy, Debug)]
pub enum Typ<'a> {
    /// This one.
    Is(&'a str),
    /// This one or none: for tokens of outside parties whose standard asks for no type.
    IsOrAbsent(&'a str),
}

impl<'a> Accept<'a> {
    /// Tokens of one type.
    #[must_use]
    pub fn only(typ: &'a str, algorithms: &'a [Algorithm]) -> Self {
        Self { typ: Typ::Is(typ), algorithms }
    }
}

impl Typ<'_> {
    fn takes(self, found: Option<&str>) -> bool {
        match (self, found) {
            (Self::IsOrAbsent(_), None) => true,
            (Self::Is(_), None) => false,
            (Self::Is(wanted) | Self::IsOrAbsent(wanted), Some(found)) => {
                bare(found).eq_ignore_ascii_case(bare(wanted))
            }
        }
    }
}

/// A type without `application/`.
fn bare(typ: &str) -> &str {
    match typ.split_at_checked("application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
        _ => typ,
    }
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Over [`MOST`] (1 MiB).
    #[error("the token is longer than 1 MiB")]
    TooLong,
    /// Not three parts of base64url with a JSON header.
    #[error("not a signed token")]
    Form,
    /// Its header names parameters that must be understood.
    #[error("the token asks for extensions")]
    Critical,
    /// An algorithm that the reader does not accept.
    #[error("the token's algorithm is not accepted here")]
    Algorithm,
    /// A type that the reader does not accept.
    #[error("the token is of another type")]
    Typ,
    /// The signature is not of that key over these bytes, or the key is of another kind.
    #[error("the token's signature does not hold")]
    Signature,
    /// The payload is not the JSON that was expected.
    #[error("the token's content is of another form")]
    Payload,
}

/// A token that was read and not yet verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Jws {
    header: Header,
    input: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// A token whose signature holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Its header.
    pub header: Header,
    /// Its payload.
    pub payload: Vec<u8>,
}

impl Jws {
    /// Reads a compact token. Spec: RFC 7515 §5.2, RFC 8725 §3.
    ///
    /// # Errors
    /// [`JwsError`], all but `Signature` and `Payload`.
    pub fn parse(text: &str, accept: Accept<'_>) -> Result<Self, JwsError> {
        if text.len() > MOST {
            return Err(JwsError::TooLong);
        }
        let (input, signature) = text.rsplit_once('.').ok_or(JwsError::Form)?;
        let (header, payload) = input.split_once('.').ok_or(JwsError::Form)?;
        let bytes = |part| unbase64url(part).ok_or(JwsError::Form);
        let header = header_of(&bytes(header)?, accept)?;
        let (payload, signature) = (bytes(payload)?, bytes(signature)?);
        Ok(Self { header, input: input.to_owned(), payload, signature })
    }

    /// Its header; nothing in it is proved yet.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its claims, unproved: only for finding out whose key to verify with.
    ///
    /// # Errors
    /// [`JwsError::Payload`]
    pub fn unverified_claims<T: DeserializeOwned>(&self) -> Result<T, JwsError> {
        serde_json::from_slice(&self.payload).map_err(|_| JwsError::Payload)
    }

    /// Verifies it with `key` by one of `algorithms`, which are policy.
    ///
    /// # Errors
    /// [`JwsError::Algorithm`] when none of `algorithms` is the token's, or the key names another;
    /// [`JwsError::Signature`].
    pub fn verify(
        self,
        key: &Jwk,
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Result<Verified, JwsError> {
        let alg = self.header.alg;
        if key.alg.as_deref().is_some_and(|own| own != alg.name()) {
            return Err(JwsError::Algorithm);
        }
        let (of_key, of_signature) = (key.key.key_alg_id(), alg.signature_alg_id());
        let fits = |a: &&&dyn SignatureVerificationAlgorithm| {
            a.public_key_alg_id() == of_key && a.signature_alg_id() == of_signature
        };
        let algorithm = algorithms.iter().find(fits).ok_or(JwsError::Algorithm)?;
        let signature = alg.checked_form(&self.signature).ok_or(JwsError::Signature)?;
        let public = key.key.subject_public_key();
        algorithm
            .verify_signature(&public, self.input.as_bytes(), &signature)
            .map_err(|_| JwsError::Signature)?;
        Ok(Verified { header: self.header, payload: self.payload })
    }
}

fn header_of(json: &[u8], accept: Accept<'_>) -> Result<Header, JwsError> {
    let raw: RawHeader = serde_json::from_slice(json).map_err(|_| JwsError::Form)?;
    if raw.crit.0 {
        return Err(JwsError::Critical);
    }
    let known = accept.algorithms.iter().find(|own| own.name() == raw.alg);
    let alg = *known.ok_or(JwsError::Algorithm)?;
    if !accept.typ.takes(raw.typ.as_deref()) {
        return Err(JwsError::Typ);
    }
    Ok(Header { alg, typ: raw.typ, kid: raw.kid, more: raw.more })
}

impl Verified {
    /// Its payload as JSON of `T`.
    ///
    /// # Errors
    /// [`JwsError::Payload`]
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, JwsError> {
        serde_json::from_slice(&self.payload).map_err(|_| JwsError::Payload)
    }
}

/// A token that lacks its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned(String);

/// The token of `header` and `payload`, ready for signing.
///
/// # Errors
/// [`JwsError::Form`] for a header that cannot be JSON, [`JwsError::TooLong`].
pub fn prepare(header: &Header, payload: &[u8]) -> Result<ToBeSigned, JwsError> {
    let header = serde_json::to_vec(header).map_err(|_| JwsError::Form)?;
    let input = format!("{}.{}", base64url(&header), base64url(payload));
    // Room for the longest signature: RSA of 8192 bits.
    if input.len() > MOST - 1400 { Err(JwsError::TooLong) } else { Ok(ToBeSigned(input)) }
}

/// The same with `claims` as JSON.
///
/// # Errors
/// [`JwsError::Payload`] for claims that cannot be JSON, else as [`prepare`].
pub fn prepare_claims<T: Serialize>(header: &Header, claims: &T) -> Result<ToBeSigned, JwsError> {
    prepare(header, &serde_json::to_vec(claims).map_err(|_| JwsError::Payload)?)
}

impl ToBeSigned {
    /// The bytes to sign. Spec: RFC 7515 §5.1 step 5.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The token; ECDSA signatures in the fixed form `r ‖ s`.
    #[must_use]
    pub fn finish(self, signature: &[u8]) -> String {
        format!("{}.{}", self.0, base64url(signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: &[Algorithm] =
        &[Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256, Algorithm::EdDsa];

    fn read(header: &str) -> Result<Jws, JwsError> {
        let text = format!("{}.e30.AA", base64url(header.as_bytes()));
        Jws::parse(&text, Accept::only("at+jwt", ALL))
    }

    #[test]
    fn headers_outside_the_rules_are_refused() {
        for (header, why) in [
            (r#"{"alg":"none","typ":"at+jwt"}"#, JwsError::Algorithm),
            (r#"{"alg":"HS256","typ":"at+jwt"}"#, JwsError::Algorithm),
            (r#"{"alg":"es256","typ":"at+jwt"}"#, JwsError::Algorithm),
            (r#"{"alg":"ES256"}"#, JwsError::Typ),
            (r#"{"alg":"ES256","typ":"JWT"}"#, JwsError::Typ),
            (r#"{"alg":"ES256","typ":"at+jwt","crit":["b64"],"b64":false}"#, JwsError::Critical),
            (r#"{"alg":"ES256","typ":"at+jwt","crit":[]}"#, JwsError::Critical),
            (r#"{"alg":"ES256","typ":"at+jwt","crit":null}"#, JwsError::Critical),
            (r#"{"alg":"ES256","alg":"ES384","typ":"at+jwt"}"#, JwsError::Form),
            (r#"{"typ":"at+jwt"}"#, JwsError::Form),
            (r#"["ES256"]"#, JwsError::Form),
        ] {
            assert_eq!(read(header).unwrap_err(), why, "{header}");
        }
    }

    #[test]
    fn a_type_is_taken_in_either_case_and_with_its_prefix() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
            assert!(read(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#)).is_ok(), "{typ}");
        }
        let untyped = Accept { typ: Typ::IsOrAbsent("JWT"), algorithms: ALL };
        let text = format!("{}.e30.AA", base64url(br#"{"alg":"ES256"}"#));
        assert!(Jws::parse(&text, untyped).is_ok());
    }

    #[test]
    fn what_is_not_three_parts_is_refused() {
        for text in ["", ".", "..", "e30.e30", "e30.e30.e30.e30", "e30=.e30.AA", "e 30.e30.AA"] {
            assert_eq!(Jws::parse(text, Accept::only("JWT", ALL)), Err(JwsError::Form), "{text}");
        }
        let long = "A".repeat(MOST + 1);
        assert_eq!(Jws::parse(&long, Accept::only("JWT", ALL)), Err(JwsError::TooLong));
    }

    #[test]
    fn a_token_too_long_to_be_read_is_not_made() {
        let header = Header::new(Algorithm::Es256, "JWT");
        assert_eq!(prepare(&header, &vec![0; 800_000]), Err(JwsError::TooLong));
    }

    proptest! {
        #[test]
        fn what_is_prepared_is_read_back(
            kid in "\\PC{0,20}", payload in proptest::collection::vec(any::<u8>(), 0..100)
        ) {
            let header = Header::new(Algorithm::Es384, "x").kid(&kid).with("n", 7.into());
            let text = prepare(&header, &payload).unwrap().finish(&[1; 96]);
            let read = Jws::parse(&text, Accept::only("x", ALL)).unwrap();
            prop_assert_eq!(read.header, header);
            prop_assert_eq!(read.payload, payload);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[A-Za-z0-9_.-]{0,100}", any in "\\PC{0,50}") {
            for text in [text, any] {
                let _ = Jws::parse(&text, Accept::only("JWT", ALL));
            }
        }
    }
}
