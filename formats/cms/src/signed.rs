//! Reading SignedData with every byte that a digest or a signature covers kept as it came.

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::oid::{self, Oid};
use crate::tlv::{self, Element, Reader};
use crate::{ReadError, ber, read};

const MAX_SIGNERS: usize = 16;
const MAX_CERTIFICATES: usize = 128;
const MAX_REVOCATIONS: usize = 128;
const MAX_ATTRIBUTES: usize = 64;
const MAX_VALUES: usize = 64;
const MAX_DIGESTS: usize = 16;

/// A SignedData with its parts in DER. Spec: RFC 5652 §5.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData {
    /// The type of what is signed: id-data, or id-ct-TSTInfo in a time-stamp token.
    pub content_type: Oid,
    /// What is signed, where it is enclosed.
    pub content: Option<Vec<u8>>,
    /// The digest algorithms that the signers are said to use.
    pub digest_algorithms: Vec<Oid>,
    /// X.509 certificates, each in its exact bytes, in no order.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// OCSPResponse values; a bare BasicOCSPResponse stands here wrapped in one.
    pub ocsp_responses: Vec<Vec<u8>>,
    /// The signers.
    pub signers: Vec<SignerInfo>,
    /// Whether the input was not DER, and these are the bytes after the step to DER.
    pub was_ber: bool,
}

/// One signer. Spec: RFC 5652 §5.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerInfo {
    /// Which certificate the signer names, unprotected by the signature.
    pub id: SignerId,
    /// The algorithm of the content's digest.
    pub digest_algorithm: Oid,
    /// The AlgorithmIdentifier of the signature in DER.
    pub signature_algorithm: Vec<u8>,
    /// The signed attributes, if there are any.
    pub signed: Option<AttributeSet>,
    /// The signature value: what a signature time-stamp is over.
    pub signature: Vec<u8>,
    /// The unsigned attributes: anybody can have added, changed or removed these.
    pub unsigned: Vec<Attribute>,
}

/// How a signer names its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerId {
    /// By issuer (Name in DER) and serial number (contents of the INTEGER).
    IssuerSerial {
        /// The issuer's Name in DER.
        issuer: Vec<u8>,
        /// The contents of the serial number's INTEGER.
        serial: Vec<u8>,
    },
    /// By subject key identifier.
    KeyId(Vec<u8>),
}

/// Attributes and the bytes that they stood in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSet {
    /// The attributes in the order given.
    pub attributes: Vec<Attribute>,
    contents: Vec<u8>,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub id: Oid,
    /// Its values, each in DER with its tag.
    pub values: Vec<Vec<u8>>,
}

/// Reads a ContentInfo with a SignedData, in DER or in BER.
///
/// # Errors
/// When it is longer than [`MAX_BYTES`](crate::MAX_BYTES), malformed, something else than a
/// SignedData, or followed by other bytes.
pub fn parse(bytes: &[u8]) -> Result<SignedData, ReadError> {
    let (der, rest) = ber::first_element(bytes)?;
    if !rest.is_empty() {
        return Err(ReadError::Trailing);
    }
    content_info(&der, der != bytes)
}

/// As [`parse`], for a field of fixed size that is filled up with zero bytes: `/Contents` of a PDF.
///
/// # Errors
/// As [`parse`]; bytes other than zero after the end are [`ReadError::Trailing`].
pub fn parse_padded(bytes: &[u8]) -> Result<SignedData, ReadError> {
    let (der, rest) = ber::first_element(bytes)?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err(ReadError::Trailing);
    }
    content_info(&der, !bytes.starts_with(&der))
}

impl SignerInfo {
    /// The signed attribute `id`, if it is there exactly once with exactly one value: the value.
    #[must_use]
    pub fn signed_value(&self, id: Oid) -> Option<&[u8]> {
        let mut found = self.signed.iter().flat_map(|set| set.of(id));
        let attribute = found.next().filter(|_| found.next().is_none())?;
        attribute.single()
    }

    /// The signature algorithm, if it is known.
    #[must_use]
    pub fn algorithm(&self) -> Option<SignatureAlgorithm> {
        let beside = DigestAlgorithm::from_oid(self.digest_algorithm);
        SignatureAlgorithm::read(&self.signature_algorithm, beside)
    }

    /// The claimed signing time in seconds since 1970, proven by nothing.
    #[must_use]
    pub fn claimed_time(&self) -> Option<i64> {
        read::time(Reader::new(self.signed_value(oid::SIGNING_TIME)?).any().ok()?).ok()
    }

    /// The signature time-stamp tokens, each a ContentInfo in DER.
    pub fn time_stamps(&self) -> impl Iterator<Item = &[u8]> {
        let stamps = self.unsigned.iter().filter(|each| each.id == oid::SIGNATURE_TIME_STAMP);
        stamps.flat_map(|attribute| &attribute.values).map(Vec::as_slice)
    }
}

impl AttributeSet {
    /// The attributes of one type.
    pub fn of(&self, id: Oid) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(move |attribute| attribute.id == id)
    }

    /// The bytes as given, under the tag SET OF instead of `[0]`. Spec: RFC 5652 §5.4.
    #[must_use]
    pub fn as_given(&self) -> Vec<u8> {
        tlv::element(tlv::SET, &[&self.contents])
    }

    /// The bytes that the signature is over: DER, so sorted. Spec: RFC 5652 §5.4.
    ///
    /// # Errors
    /// Never after [`parse`], which has read the same elements.
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, ReadError> {
        let members = Reader::new(&self.contents).all(MAX_ATTRIBUTES, "signed attributes")?;
        Ok(tlv::set_of(&members.iter().map(|member| member.raw).collect::<Vec<_>>()))
    }
}

impl Attribute {
    /// An attribute of one value, given in DER.
    #[must_use]
    pub fn new(id: Oid, value: Vec<u8>) -> Self {
        Self { id, values: vec![value] }
    }

    /// A signature time-stamp: `token` is a ContentInfo in DER.
    #[must_use]
    pub fn time_stamp(token: Vec<u8>) -> Self {
        Self::new(oid::SIGNATURE_TIME_STAMP, token)
    }

    /// Its value, if it has exactly one.
    #[must_use]
    pub fn single(&self) -> Option<&[u8]> {
        match self.values.as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }

    /// Its DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        tlv::sequence(&[&read::oid_der(self.id), &tlv::set_of(&self.values)])
    }
}

fn content_info(der: &[u8], was_ber: bool) -> Result<SignedData, ReadError> {
    let mut info = Reader::new(der).enter(tlv::SEQUENCE, "ContentInfo")?;
    if read::oid(&mut info)? != oid::SIGNED_DATA {
        return Err(ReadError::NotSignedData);
    }
    let mut content = info.enter(tlv::context(0), "ContentInfo")?;
    info.end("ContentInfo")?;
    let fields = content.enter(tlv::SEQUENCE, "SignedData")?;
    content.end("SignedData")?;
    signed_data(fields, was_ber)
}

fn signed_data(mut fields: Reader<'_>, was_ber: bool) -> Result<SignedData, ReadError> {
    fields.expect(tlv::INTEGER, "version")?;
    let digests = fields.enter(tlv::SET, "digestAlgorithms")?;
    let digests = digests.all(MAX_DIGESTS, "digestAlgorithms")?;
    let digest_algorithms = digests.iter().map(|each| read::algorithm(&mut Reader::new(each.raw)));
    let digest_algorithms = digest_algorithms.collect::<Result<_, _>>()?;
    let (content_type, content) = encapsulated(fields.enter(tlv::SEQUENCE, "encapContentInfo")?)?;
    let certificates = optional_set(&mut fields, tlv::context(0), MAX_CERTIFICATES)?;
    let certificates = certificates.iter().filter(|each| each.tag == tlv::SEQUENCE);
    let certificates = certificates.map(|each| each.raw.to_vec()).collect();
    let (crls, ocsp_responses) =
        revocations(&optional_set(&mut fields, tlv::context(1), MAX_REVOCATIONS)?)?;
    let signers = fields.enter(tlv::SET, "signerInfos")?.all(MAX_SIGNERS, "signerInfos")?;
    let signers = signers.into_iter().map(signer_info).collect::<Result<_, _>>()?;
    fields.end("SignedData")?;
    Ok(SignedData {
        content_type,
        content,
        digest_algorithms,
        certificates,
        crls,
        ocsp_responses,
        signers,
        was_ber,
    })
}

fn encapsulated(mut fields: Reader<'_>) -> Result<(Oid, Option<Vec<u8>>), ReadError> {
    let content_type = read::oid(&mut fields)?;
    let content = match fields.optional(tlv::context(0))? {
        Some(explicit) => {
            let mut explicit = Reader::new(explicit.value);
            let octets = explicit.expect(tlv::OCTET_STRING, "eContent")?;
            explicit.end("eContent")?;
            Some(octets.value.to_vec())
        }
        None => None,
    };
    fields.end("encapContentInfo")?;
    Ok((content_type, content))
}

fn optional_set<'a>(
    fields: &mut Reader<'a>,
    tag: u8,
    limit: usize,
) -> Result<Vec<Element<'a>>, ReadError> {
    match fields.optional(tag)? {
        Some(set) => Reader::new(set.value).all(limit, "certificates, revocations or attributes"),
        None => Ok(Vec::new()),
    }
}

type Bytes = Vec<Vec<u8>>;

fn revocations(elements: &[Element<'_>]) -> Result<(Bytes, Bytes), ReadError> {
    let (mut crls, mut responses) = (Vec::new(), Vec::new());
    for element in elements {
        match element.tag {
            tlv::SEQUENCE => crls.push(element.raw.to_vec()),
            _ => responses.extend(ocsp_response(element.value)?),
        }
    }
    Ok((crls, responses))
}

fn ocsp_response(other: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
    let mut fields = Reader::new(other);
    let format = read::oid(&mut fields)?;
    let value = fields.any()?.raw;
    Ok(match format {
        oid::OCSP_RESPONSE => Some(value.to_vec()),
        oid::OCSP_BASIC => Some(successful_response(value)),
        _ => None,
    })
}

/// The OCSPResponse "successful" around a BasicOCSPResponse. Spec: RFC 6960 §4.2.1.
fn successful_response(basic: &[u8]) -> Vec<u8> {
    let octets = tlv::element(tlv::OCTET_STRING, &[basic]);
    let bytes = tlv::sequence(&[&read::oid_der(oid::OCSP_BASIC), &octets]);
    tlv::sequence(&[&[0x0a, 1, 0], &tlv::element(tlv::context(0), &[&bytes])])
}

fn signer_info(element: Element<'_>) -> Result<SignerInfo, ReadError> {
    let mut fields = Reader::new(element.raw).enter(tlv::SEQUENCE, "SignerInfo")?;
    fields.expect(tlv::INTEGER, "version")?;
    let id = signer_id(&mut fields)?;
    let digest_algorithm = read::algorithm(&mut fields)?;
    let signed = match fields.optional(tlv::context(0))? {
        Some(set) => {
            Some(AttributeSet { attributes: attributes(set.value)?, contents: set.value.to_vec() })
        }
        None => None,
    };
    let signature_algorithm = fields.expect(tlv::SEQUENCE, "signatureAlgorithm")?.raw.to_vec();
    let signature = fields.expect(tlv::OCTET_STRING, "signature")?.value.to_vec();
    let unsigned = match fields.optional(tlv::context(1))? {
        Some(set) => attributes(set.value)?,
        None => Vec::new(),
    };
    fields.end("SignerInfo")?;
    Ok(SignerInfo { id, digest_algorithm, signature_algorithm, signed, signature, unsigned })
}

fn signer_id(fields: &mut Reader<'_>) -> Result<SignerId, ReadError> {
    if let Some(id) = fields.optional(tlv::context_primitive(0))? {
        return Ok(SignerId::KeyId(id.value.to_vec()));
    }
    let mut names = fields.enter(tlv::SEQUENCE, "signer identifier")?;
    let issuer = names.expect(tlv::SEQUENCE, "signer's issuer")?.raw.to_vec();
    let serial = names.expect(tlv::INTEGER, "signer's serial number")?.value.to_vec();
    names.end("signer identifier")?;
    Ok(SignerId::IssuerSerial { issuer, serial })
}

fn attributes(contents: &[u8]) -> Result<Vec<Attribute>, ReadError> {
    let elements = Reader::new(contents).all(MAX_ATTRIBUTES, "attributes")?;
    elements.into_iter().map(attribute).collect()
}

fn attribute(element: Element<'_>) -> Result<Attribute, ReadError> {
    let mut fields = Reader::new(element.raw).enter(tlv::SEQUENCE, "attribute")?;
    let id = read::oid(&mut fields)?;
    let values = fields.enter(tlv::SET, "attribute values")?.all(MAX_VALUES, "attribute values")?;
    fields.end("attribute")?;
    Ok(Attribute { id, values: values.iter().map(|value| value.raw.to_vec()).collect() })
}
