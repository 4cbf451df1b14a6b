//! Extensions that say where status and issuers are found.

use crate::name::GeneralName;
use crate::oid;
use crate::tlv::{self, Malformed, SEQUENCE, Tlv};

/// The URIs of OCSP and of the issuer's certificate.
pub(super) fn access(value: &[u8]) -> Result<(Vec<String>, Vec<String>), Malformed> {
    let mut list = tlv::single(value, SEQUENCE)?.inner();
    let (mut ocsp, mut ca_issuers) = (Vec::new(), Vec::new());
    if list.is_empty() {
        return Err(Malformed("no access description"));
    }
    while !list.is_empty() {
        let mut parts = list.take(SEQUENCE)?.inner();
        let method = parts.take(tlv::OID)?.oid()?;
        let location = GeneralName::parse(parts.next()?)?;
        parts.end()?;
        if let GeneralName::Uri(uri) = location {
            if method == oid::AD_OCSP {
                ocsp.push(uri);
            } else if method == oid::AD_CA_ISSUERS {
                ca_issuers.push(uri);
            }
        }
    }
    Ok((ocsp, ca_issuers))
}

pub(super) fn access_der(ocsp: &[String], ca_issuers: &[String]) -> Option<Vec<u8>> {
    let each = |method: &oid::Oid, uri: &String| {
        tlv::sequence(&[method.der(), GeneralName::Uri(uri.clone()).der()])
    };
    let issuers = ca_issuers.iter().map(|uri| each(&oid::AD_CA_ISSUERS, uri));
    let all: Vec<_> = issuers.chain(ocsp.iter().map(|uri| each(&oid::AD_OCSP, uri))).collect();
    (!all.is_empty()).then(|| tlv::sequence(&all))
}

/// The URIs of the CRL's distribution points.
pub(super) fn distribution(value: &[u8]) -> Result<Vec<String>, Malformed> {
    let mut list = tlv::single(value, SEQUENCE)?.inner();
    let mut uris = Vec::new();
    if list.is_empty() {
        return Err(Malformed("no distribution point"));
    }
    while !list.is_empty() {
        let mut parts = list.take(SEQUENCE)?.inner();
        if let Some(point) = parts.optional(tlv::context(0))? {
            uris.extend(full_names(point)?);
        }
        parts.optional(tlv::primitive(1))?;
        parts.optional(tlv::context(2))?;
        parts.end()?;
    }
    Ok(uris)
}

fn full_names(point: Tlv<'_>) -> Result<Vec<String>, Malformed> {
    let mut choice = point.inner();
    let names = choice.next()?;
    choice.end()?;
    if names.tag != tlv::context(0) {
        return Ok(Vec::new());
    }
    let uri = |name| if let GeneralName::Uri(uri) = name { Some(uri) } else { None };
    Ok(GeneralName::parse_all(names.inner())?.into_iter().filter_map(uri).collect())
}

/// One distribution point for each URI.
pub(super) fn distribution_der(uris: &[String]) -> Option<Vec<u8>> {
    let each = |uri: &String| {
        let names = tlv::wrap(tlv::context(0), &[GeneralName::Uri(uri.clone()).der()]);
        tlv::sequence(&[tlv::wrap(tlv::context(0), &[names])])
    };
    (!uris.is_empty()).then(|| tlv::sequence(&uris.iter().map(each).collect::<Vec<_>>()))
}
