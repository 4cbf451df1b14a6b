//! The token that binds a digest to a moment.

use x509::{Algorithms, Certificate};

use super::gentime;
use super::imprint::Imprint;
use super::request::Request;
use crate::algorithm::DigestAlgorithm;
use crate::oid::{self, Oid};
use crate::prepare::{PrepareError, ToBeSigned, prepare_enclosed};
use crate::signed::{self, SignedData};
use crate::tlv::{self, Reader};
use crate::verify::{Content, Finding, SignerReport};
use crate::{ReadError, read};

const GENERAL_NAME: u8 = tlv::context(0);
const MILLIS: u8 = tlv::context_primitive(0);
const MICROS: u8 = tlv::context_primitive(1);

/// How far genTime may be from the true time, either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// Seconds.
    pub seconds: u32,
    /// Milliseconds, 1 to 999, or 0.
    pub millis: u32,
    /// Microseconds, 1 to 999, or 0.
    pub micros: u32,
}

/// A TSTInfo. Spec: RFC 3161 §2.4.2; EN 319 422 §5.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// The policy under which the token was made.
    pub policy: Oid,
    /// What it is over.
    pub imprint: Imprint,
    /// The serial number, big-endian, at most 20 bytes without leading zeros.
    pub serial: Vec<u8>,
    /// The moment, in whole seconds since 1970.
    pub at: i64,
    /// How exact it is.
    pub accuracy: Option<Accuracy>,
    /// Whether tokens of this unit can be ordered by genTime alone.
    pub ordering: bool,
    /// The contents of the nonce's INTEGER, as asked.
    pub nonce: Option<Vec<u8>>,
    /// The Extensions in DER (a SEQUENCE), such as qcStatements.
    pub extensions: Option<Vec<u8>>,
}

/// A token that has been read; nothing in it is believed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it says.
    pub info: TokenInfo,
    /// The signature around it.
    pub signed: SignedData,
}

/// What the check of a token found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenReport {
    /// What the check of its signer found; nothing without a signer.
    pub signer: Option<SignerReport>,
    /// What else is wrong with it.
    pub faults: Vec<TokenFault>,
}

impl TokenReport {
    /// The certificate of the unit.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.signer.as_ref().and_then(|signer| signer.certificate.as_ref())
    }

    /// Whether nothing was found for which the token must not be accepted. Its certificate's
    /// trust is another question.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
            && self.signer.as_ref().is_some_and(|signer| signer.errors().next().is_none())
    }
}

/// Something for which a token must not be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It has no signer or several.
    #[error("the token must have exactly one signer")]
    Signers,
    /// The digest of the stamped bytes is another.
    #[error("the token is over other bytes")]
    Imprint,
    /// The digest algorithm of the imprint is unknown.
    #[error("the digest algorithm of the token's imprint is unknown")]
    Algorithm,
    /// The certificate is not one of a time-stamping unit.
    #[error("the token's certificate is not for time-stamping alone")]
    Usage,
    /// No signed attribute names the unit's certificate. Spec: RFC 3161 §2.4.2, RFC 5816 §2.2.
    #[error("no signed attribute of the token names its certificate")]
    NotBound,
    /// The nonce is not the one sent.
    #[error("the token has another nonce than was sent")]
    Nonce,
    /// The policy is not the one asked for.
    #[error("the token is made under another policy than was asked for")]
    Policy,
}

/// Prepares the token that answers a request.
///
/// `certificate` is the unit's. No `tsa` name is written: signing-certificate-v2 names the
/// unit. Spec: RFC 3161 §2.4.2, RFC 5816 §2.2.
///
/// # Errors
/// When certificate or time do not fit.
pub fn prepare_token(
    certificate: &Certificate,
    digest_algorithm: DigestAlgorithm,
    info: &TokenInfo,
) -> Result<ToBeSigned, PrepareError> {
    prepare_enclosed(certificate, digest_algorithm, oid::TST_INFO, info.to_der()?)
}

/// Reads a token: a ContentInfo with a SignedData with a TSTInfo.
///
/// # Errors
/// When it is not that.
pub fn parse_token(bytes: &[u8]) -> Result<Token, ReadError> {
    Token::of(signed::parse(bytes)?)
}

impl Token {
    /// As [`parse_token`], for a field that is filled up with zero bytes: a PDF's document
    /// time-stamp.
    ///
    /// # Errors
    /// When it is not a token.
    pub fn parse_padded(bytes: &[u8]) -> Result<Self, ReadError> {
        Self::of(signed::parse_padded(bytes)?)
    }

    fn of(signed: SignedData) -> Result<Self, ReadError> {
        if signed.content_type != oid::TST_INFO {
            return Err(ReadError::Malformed("content type of a time-stamp"));
        }
        let content = signed.content.as_deref().ok_or(ReadError::Malformed("empty time-stamp"))?;
        Ok(Self { info: TokenInfo::parse(content)?, signed })
    }

    /// Checks it over bytes of which `digest` gives the digest (`None` if it cannot be had).
    ///
    /// `more` are certificates that may be the unit's beside the enclosed ones.
    #[must_use]
    pub fn check(
        &self,
        digest: &dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>,
        more: &[Certificate],
        algorithms: Algorithms<'_>,
    ) -> TokenReport {
        let mut faults = Vec::new();
        match self.info.imprint.digest_algorithm() {
            None => faults.push(TokenFault::Algorithm),
            Some(known) if digest(known).as_ref() != Some(&self.info.imprint.digest) => {
                faults.push(TokenFault::Imprint);
            }
            Some(_) => {}
        }
        let [signer] = self.signed.signers.as_slice() else {
            faults.push(TokenFault::Signers);
            return TokenReport { signer: None, faults };
        };
        let signer = self.signed.check(signer, Content::Enclosed, more, algorithms);
        if signer.findings.contains(&Finding::SigningCertificateNotBound) {
            faults.push(TokenFault::NotBound);
        }
        if signer.certificate.as_ref().is_some_and(|unit| !only_stamps_time(unit)) {
            faults.push(TokenFault::Usage);
        }
        TokenReport { signer: Some(signer), faults }
    }

    /// Whether it answers `request`: the same imprint, nonce, and policy if one was asked for.
    #[must_use]
    pub fn answers(&self, request: &Request) -> Vec<TokenFault> {
        let mut faults = Vec::new();
        if self.info.imprint != request.imprint {
            faults.push(TokenFault::Imprint);
        }
        if self.info.nonce != request.nonce {
            faults.push(TokenFault::Nonce);
        }
        if request.policy.is_some_and(|policy| policy != self.info.policy) {
            faults.push(TokenFault::Policy);
        }
        faults
    }
}

/// Whether the key may stamp time and nothing else, said critically. Spec: RFC 3161 §2.3.
fn only_stamps_time(unit: &Certificate) -> bool {
    let only = tlv::sequence(&[&read::oid_der(oid::TIME_STAMPING)]);
    unit.raw_extensions().iter().any(|extension| {
        extension.id.content() == oid::EXTENDED_KEY_USAGE.content()
            && extension.critical
            && extension.value == only
    })
}

impl TokenInfo {
    /// Reads a TSTInfo in DER.
    ///
    /// # Errors
    /// When it is malformed or of a version other than 1.
    pub fn parse(der: &[u8]) -> Result<Self, ReadError> {
        let mut outer = Reader::new(der);
        let mut fields = outer.enter(tlv::SEQUENCE, "TSTInfo")?;
        outer.end("bytes after a TSTInfo")?;
        if tlv::number(fields.expect(tlv::INTEGER, "version")?.value)? != 1 {
            return Err(ReadError::Malformed("version of a TSTInfo"));
        }
        let policy = read::oid(&mut fields)?;
        let imprint = Imprint::read(&mut fields)?;
        let serial = tlv::magnitude(fields.expect(tlv::INTEGER, "serial number")?.value)?.to_vec();
        let at = gentime::read(&mut fields)?;
        let accuracy = match fields.optional(tlv::SEQUENCE)? {
            Some(accuracy) => Some(Accuracy::read(Reader::new(accuracy.value))?),
            None => None,
        };
        let ordering = fields.optional(tlv::BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
        let nonce = fields.optional(tlv::INTEGER)?.map(|nonce| nonce.value.to_vec());
        fields.optional(GENERAL_NAME)?;
        let extensions = fields.optional(tlv::context(1))?;
        let extensions = extensions.map(|list| tlv::sequence(&[list.value]));
        fields.end("TSTInfo")?;
        Ok(Self { policy, imprint, serial, at, accuracy, ordering, nonce, extensions })
    }

    /// Its DER, without a `tsa` name.
    ///
    /// # Errors
    /// [`PrepareError::Attribute`] for a time before 1970 or after 9999.
    pub fn to_der(&self) -> Result<Vec<u8>, PrepareError> {
        let at = gentime::to_der(self.at).ok_or(PrepareError::Attribute)?;
        let ordering: &[u8] = if self.ordering { &[tlv::BOOLEAN, 1, 0xff] } else { &[] };
        let nonce = self.nonce.as_ref().map(|nonce| tlv::element(tlv::INTEGER, &[nonce]));
        let extensions = self.extensions.as_deref().map(Reader::new);
        let extensions = extensions.and_then(|mut list| list.any().ok());
        let extensions = extensions.map(|list| tlv::element(tlv::context(1), &[list.value]));
        Ok(tlv::sequence(&[
            &tlv::small(1),
            &read::oid_der(self.policy),
            &self.imprint.to_der(),
            &tlv::unsigned(&self.serial),
            &at,
            &self.accuracy.map(Accuracy::to_der).unwrap_or_default(),
            ordering,
            &nonce.unwrap_or_default(),
            &extensions.unwrap_or_default(),
        ]))
    }
}

impl Accuracy {
    fn read(mut fields: Reader<'_>) -> Result<Self, ReadError> {
        let mut field = |tag| match fields.optional(tag)? {
            Some(element) => tlv::number(element.value),
            None => Ok(0),
        };
        let accuracy =
            Self { seconds: field(tlv::INTEGER)?, millis: field(MILLIS)?, micros: field(MICROS)? };
        fields.end("accuracy")?;
        Ok(accuracy)
    }

    fn to_der(self) -> Vec<u8> {
        let fields = [(tlv::INTEGER, self.seconds), (MILLIS, self.millis), (MICROS, self.micros)];
        let fields = fields.into_iter().filter(|(_, value)| *value > 0).map(|(tag, value)| {
            let mut field = tlv::small(value);
            if let Some(first) = field.first_mut() {
                *first = tag;
            }
            field
        });
        tlv::sequence(&[&fields.flatten().collect::<Vec<_>>()])
    }
}
