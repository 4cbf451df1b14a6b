//! What signatures need of a certificate, as slices of its exact bytes.

use crate::oid::{self, Oid};
use crate::tlv::{self, Reader};
use crate::{ReadError, read};

const MAX_EXTENSIONS: usize = 64;

/// The fields of a certificate that a signature binds to. Nothing here is trust.
#[derive(Clone, Debug)]
pub(crate) struct CertificateView<'a> {
    /// All its bytes.
    pub(crate) raw: &'a [u8],
    /// The INTEGER's contents.
    pub(crate) serial: &'a [u8],
    /// The issuer's Name, tag included.
    pub(crate) issuer: &'a [u8],
    /// The contents of the key's AlgorithmIdentifier.
    pub(crate) key_algorithm: &'a [u8],
    /// The bytes of the key's BIT STRING.
    pub(crate) public_key: &'a [u8],
    extensions: Vec<Extension<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Extension<'a> {
    id: Oid,
    critical: bool,
    value: &'a [u8],
}

impl<'a> CertificateView<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, ReadError> {
        let mut outer = Reader::new(der);
        let certificate = outer.expect(tlv::SEQUENCE, "certificate")?;
        outer.end("bytes after a certificate")?;
        let mut fields = Reader::new(certificate.value).enter(tlv::SEQUENCE, "certificate")?;
        fields.optional(tlv::context(0))?;
        let serial = fields.expect(tlv::INTEGER, "certificate serial number")?.value;
        fields.expect(tlv::SEQUENCE, "certificate signature algorithm")?;
        let issuer = fields.expect(tlv::SEQUENCE, "certificate issuer")?.raw;
        fields.expect(tlv::SEQUENCE, "certificate validity")?;
        fields.expect(tlv::SEQUENCE, "certificate subject")?;
        let mut key = fields.enter(tlv::SEQUENCE, "certificate key")?;
        let key_algorithm = key.expect(tlv::SEQUENCE, "certificate key algorithm")?.value;
        let public_key = tlv::whole_bits(key.expect(tlv::BIT_STRING, "certificate key")?.value)?;
        fields.optional(tlv::context_primitive(1))?;
        fields.optional(tlv::context_primitive(2))?;
        let extensions = match fields.optional(tlv::context(3))? {
            Some(extensions) => extensions_of(extensions.value)?,
            None => Vec::new(),
        };
        Ok(Self { raw: certificate.raw, serial, issuer, key_algorithm, public_key, extensions })
    }

    /// The algorithm of its key.
    pub(crate) fn key_type(&self) -> Option<Oid> {
        read::oid(&mut Reader::new(self.key_algorithm)).ok()
    }

    /// Its subject key identifier.
    pub(crate) fn key_id(&self) -> Option<&'a [u8]> {
        let mut value = Reader::new(self.extension(oid::SUBJECT_KEY_ID)?.value);
        value.expect(tlv::OCTET_STRING, "subject key identifier").ok().map(|id| id.value)
    }

    /// Whether it may stamp time and nothing else, and says so critically. Spec: RFC 3161 §2.3.
    pub(crate) fn only_stamps_time(&self) -> bool {
        let Some(usage) = self.extension(oid::EXTENDED_KEY_USAGE) else { return false };
        let only = tlv::sequence(&[&read::oid_der(oid::TIME_STAMPING)]);
        usage.critical && usage.value == only
    }

    fn extension(&self, id: Oid) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.id == id)
    }
}

fn extensions_of(explicit: &[u8]) -> Result<Vec<Extension<'_>>, ReadError> {
    let list = Reader::new(explicit).enter(tlv::SEQUENCE, "certificate extensions")?;
    let elements = list.all(MAX_EXTENSIONS, "certificate extensions")?;
    elements.into_iter().map(|element| extension_of(element.value)).collect()
}

fn extension_of(fields: &[u8]) -> Result<Extension<'_>, ReadError> {
    let mut fields = Reader::new(fields);
    let id = read::oid(&mut fields)?;
    let critical = fields.optional(tlv::BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
    let value = fields.expect(tlv::OCTET_STRING, "certificate extension")?.value;
    Ok(Extension { id, critical, value })
}
