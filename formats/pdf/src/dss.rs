//! Validation data in the file: the document security store. Spec: ISO 32000-2 §12.8.4.3;
//! EN 319 142-1 §5.4.2.

use std::collections::BTreeMap;

use sha1::{Digest, Sha1};

use crate::document::Document;
use crate::limits::Limits;
use crate::object::{Dict, Object, Reference, write_hex};
use crate::refusal::{Outcome, Refusal, STRUCTURE};
use crate::update::Update;

/// Certificates, OCSP responses and CRLs, each in DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dss {
    /// Certificates.
    pub certs: Vec<Vec<u8>>,
    /// OCSP responses (`OCSPResponse`, not only its basic part).
    pub ocsps: Vec<Vec<u8>>,
    /// CRLs.
    pub crls: Vec<Vec<u8>>,
    /// The same by signature; may be empty, verifiers do not need it.
    pub vri: Vec<Vri>,
}

/// What belongs to one signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vri {
    /// [`vri_key`] of the signature's `Contents`.
    pub key: String,
    /// Certificates.
    pub certs: Vec<Vec<u8>>,
    /// OCSP responses.
    pub ocsps: Vec<Vec<u8>>,
    /// CRLs.
    pub crls: Vec<Vec<u8>>,
}

/// The key of a signature in `VRI`: upper-case SHA-1 of the value of `Contents` with its padding.
#[must_use]
pub fn vri_key(contents: &[u8]) -> String {
    let mut key = Vec::new();
    write_hex(&Sha1::digest(contents), &mut key);
    String::from_utf8(key).unwrap_or_default()
}

/// An update that adds this data to what the store of the file has. Nothing is taken away.
///
/// # Errors
/// Why the file cannot be read.
pub fn add_dss(signed: &[u8], data: &Dss, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let document = Document::read(signed, limits)?;
    document.check_entries()?;
    let (root, mut catalog) = document.catalog()?;
    let mut store = document.dict(&catalog, "DSS")?.unwrap_or_default();
    let mut adding =
        Adding { document: &document, update: Update::new(&document)?, known: BTreeMap::new() };
    adding.lists(&mut store, STORE_KEYS, [&data.certs, &data.ocsps, &data.crls])?;
    if !data.vri.is_empty() {
        adding.vri(&mut store, &data.vri)?;
    }
    store.set("Type", Object::name("DSS"));
    let Adding { mut update, .. } = adding;
    match catalog.get("DSS").and_then(Object::reference) {
        Some(at) => update.put(at, &Object::Dict(store))?,
        None => {
            let at = update.reserve()?;
            update.put(at, &Object::Dict(store))?;
            catalog.set("DSS", Object::Ref(at));
            declare(&mut catalog);
            update.put(root, &Object::Dict(catalog))?;
        }
    }
    Ok(update.written()?.bytes)
}

/// The validation data of the file; `None` when it has no store.
///
/// # Errors
/// Why the file, or its store, cannot be read.
pub fn dss(bytes: &[u8], limits: &Limits) -> Result<Option<Dss>, Refusal> {
    let document = Document::read(bytes, limits)?;
    let (_, catalog) = document.catalog()?;
    let Some(store) = document.dict(&catalog, "DSS")? else { return Ok(None) };
    let mut left = limits.stream;
    let [certs, ocsps, crls] = read_lists(&document, &store, STORE_KEYS, &mut left)?;
    let mut vri = Vec::new();
    for (key, entry) in document.dict(&store, "VRI")?.unwrap_or_default().iter() {
        let Object::Dict(entry) = document.resolve(entry)? else { continue };
        let key = String::from_utf8_lossy(key).into_owned();
        let [certs, ocsps, crls] = read_lists(&document, &entry, VRI_KEYS, &mut left)?;
        vri.push(Vri { key, certs, ocsps, crls });
    }
    Ok(Some(Dss { certs, ocsps, crls, vri }))
}

const STORE_KEYS: [&str; 3] = ["Certs", "OCSPs", "CRLs"];
const VRI_KEYS: [&str; 3] = ["Cert", "OCSP", "CRL"];

/// Says in the catalog that the file uses the store, for readers of PDF 1.7.
fn declare(catalog: &mut Dict) {
    let mut extensions = match catalog.get("Extensions") {
        None => Dict::default(),
        Some(Object::Dict(extensions)) => extensions.clone(),
        Some(_) => return,
    };
    if extensions.get("ESIC").is_some() {
        return;
    }
    let mut esic = Dict::default();
    esic.set("BaseVersion", Object::name("1.7"));
    esic.set("ExtensionLevel", Object::Int(1));
    extensions.set("ESIC", Object::Dict(esic));
    catalog.set("Extensions", Object::Dict(extensions));
}

fn read_lists(
    document: &Document<'_>,
    dict: &Dict,
    keys: [&str; 3],
    left: &mut usize,
) -> Outcome<[Vec<Vec<u8>>; 3]> {
    let mut lists = [Vec::new(), Vec::new(), Vec::new()];
    for (key, list) in keys.into_iter().zip(&mut lists) {
        let items = document.value(dict, key)?;
        for item in items.array().unwrap_or_default() {
            let reference = item.reference().ok_or(STRUCTURE)?;
            let stream = document.get(reference)?.ok_or(STRUCTURE)?;
            let bytes = document.decoded(&stream)?;
            *left = left.checked_sub(bytes.len()).ok_or(Refusal::TooComplex)?;
            list.push(bytes);
        }
    }
    Ok(lists)
}

struct Adding<'d, 'a> {
    document: &'d Document<'a>,
    update: Update<'d, 'a>,
    /// Where bytes stand already.
    known: BTreeMap<Vec<u8>, Reference>,
}

impl Adding<'_, '_> {
    fn lists(
        &mut self,
        dict: &mut Dict,
        keys: [&str; 3],
        additions: [&Vec<Vec<u8>>; 3],
    ) -> Outcome<()> {
        for (key, additions) in keys.into_iter().zip(additions) {
            let list = self.document.value(dict, key)?;
            let mut list = list.array().unwrap_or_default().to_vec();
            self.learn(&list)?;
            let before = list.len();
            for bytes in additions {
                let item = Object::Ref(self.stream(bytes)?);
                if !list.contains(&item) {
                    list.push(item);
                }
            }
            if list.len() > before {
                self.place(dict, key, Object::Array(list))?;
            }
        }
        Ok(())
    }

    fn learn(&mut self, list: &[Object]) -> Outcome<()> {
        for reference in list.iter().filter_map(Object::reference) {
            let Some(stream) = self.document.get(reference)? else { continue };
            let bytes = self.document.decoded(&stream)?;
            self.known.entry(bytes).or_insert(reference);
        }
        Ok(())
    }

    fn stream(&mut self, bytes: &[u8]) -> Outcome<Reference> {
        if let Some(known) = self.known.get(bytes) {
            return Ok(*known);
        }
        let at = self.update.add_stream(bytes)?;
        self.known.insert(bytes.to_vec(), at);
        Ok(at)
    }

    fn vri(&mut self, store: &mut Dict, additions: &[Vri]) -> Outcome<()> {
        let mut all = self.document.dict(store, "VRI")?.unwrap_or_default();
        for addition in additions {
            let mut entry = self.document.dict(&all, &addition.key)?.unwrap_or_default();
            let lists = [&addition.certs, &addition.ocsps, &addition.crls];
            self.lists(&mut entry, VRI_KEYS, lists)?;
            self.place(&mut all, &addition.key, Object::Dict(entry))?;
        }
        self.place(store, "VRI", Object::Dict(all))
    }

    /// Sets a value where it stands: in the dictionary or in the object that this refers to.
    fn place(&mut self, dict: &mut Dict, key: &str, value: Object) -> Outcome<()> {
        match dict.get(key).and_then(Object::reference) {
            Some(at) => self.update.put(at, &value),
            None => {
                dict.set(key, value);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SignatureRequest, prepare, signatures};

    fn sample() -> Vec<u8> {
        let page = crate::trial::page("sample");
        let update = prepare(&page, &SignatureRequest::new(0, 64)).unwrap();
        [page, update.finish(&[0x30, 0]).unwrap()].concat()
    }

    fn with(file: Vec<u8>, data: &Dss) -> Vec<u8> {
        let update = add_dss(&file, data, &Limits::default()).unwrap();
        [file, update].concat()
    }

    #[test]
    fn data_are_merged_with_what_is_there_and_kept_by_signature() {
        let limits = Limits::default();
        let file = sample();
        let key = signatures(&file, &limits).unwrap()[0].vri_key.clone();
        let blob = |text: &str| text.as_bytes().to_vec();
        let vri = |ocsps: Vec<Vec<u8>>| {
            vec![Vri { key: key.clone(), certs: vec![blob("a")], ocsps, crls: vec![] }]
        };
        let first = Dss {
            certs: vec![blob("a")],
            ocsps: vec![blob("o1")],
            crls: vec![],
            vri: vri(vec![blob("o1")]),
        };
        let file = with(file, &first);
        assert_eq!(dss(&file, &limits).unwrap(), Some(first));
        let second = Dss {
            certs: vec![blob("a"), blob("b")],
            ocsps: vec![blob("o2")],
            crls: vec![blob("c")],
            vri: vri(vec![blob("o2")]),
        };
        let file = with(file, &second);
        let expected = Dss {
            certs: vec![blob("a"), blob("b")],
            ocsps: vec![blob("o1"), blob("o2")],
            crls: vec![blob("c")],
            vri: vri(vec![blob("o1"), blob("o2")]),
        };
        assert_eq!(dss(&file, &limits).unwrap(), Some(expected));
        let later = signatures(&file, &limits).unwrap()[0].later;
        assert_eq!(later.change, crate::Change::OnlyValidationData);
        assert_eq!(String::from_utf8_lossy(&file).matches("stream\na\nendstream").count(), 1);
    }

    #[test]
    fn a_file_without_a_store_has_no_data_and_the_key_is_upper_case() {
        assert_eq!(dss(&sample(), &Limits::default()).unwrap(), None);
        assert_eq!(vri_key(b""), "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709");
    }
}
