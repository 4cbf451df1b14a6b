//! What is appended to a file: new and changed objects and a cross-reference section in the style
//! of the newest one. The original stays as it is. Spec: ISO 32000-2 §7.5.6.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::object::{Dict, Object, Reference, write_hex};
use crate::refusal::{OBJECT, Outcome, Refusal, TABLE};
use crate::xref::GREATEST;

/// Trailer keys that belong to the cross-reference stream that had them, not to the file.
const NOT_KEPT: [&str; 10] =
    ["Type", "W", "Index", "Filter", "DecodeParms", "Length", "Prev", "XRefStm", "Size", "DL"];

/// An update that is being made.
#[derive(Debug)]
pub(crate) struct Update<'d, 'a> {
    document: &'d Document<'a>,
    next: u32,
    /// Numbers that the file refers to although it has no such object: a new object there would
    /// change what the file means.
    awaited: BTreeSet<u32>,
    objects: BTreeMap<u32, (u16, Vec<u8>)>,
}

/// An update as it is appended.
#[derive(Debug)]
pub(crate) struct Written {
    /// The bytes to append.
    pub(crate) bytes: Vec<u8>,
    /// Where the value of each object begins in them.
    pub(crate) values_at: BTreeMap<u32, usize>,
}

impl<'d, 'a> Update<'d, 'a> {
    /// An empty update.
    pub(crate) fn new(document: &'d Document<'a>) -> Outcome<Self> {
        let sections = document.sections();
        let beyond_entries = sections.iter().filter_map(|section| section.entries().last());
        let beyond_entries = beyond_entries.map(|(number, _)| number.saturating_add(1)).max();
        let sizes = sections.iter().filter_map(|section| section.trailer.int("Size"));
        let next = sizes.chain(beyond_entries).max().unwrap_or(1).max(1);
        Ok(Self { document, next, awaited: document.awaited(next)?, objects: BTreeMap::new() })
    }

    /// The number of a new object.
    pub(crate) fn reserve(&mut self) -> Outcome<Reference> {
        while self.awaited.contains(&self.next) {
            self.next += 1;
        }
        let number = self.next;
        if number >= GREATEST {
            return Err(Refusal::TooComplex);
        }
        self.next += 1;
        Ok(Reference { number, generation: 0 })
    }

    /// Sets an object, new or old. Refuses one that could be read in two ways.
    pub(crate) fn put(&mut self, at: Reference, object: &Object) -> Outcome<()> {
        if object.dict().is_some_and(Dict::is_doubled) {
            return Err(OBJECT);
        }
        let mut value = Vec::new();
        object.write(&mut value);
        self.put_written(at, value);
        Ok(())
    }

    /// Sets an object of which the value is written already.
    pub(crate) fn put_written(&mut self, at: Reference, value: Vec<u8>) {
        self.objects.insert(at.number, (at.generation, value));
    }

    /// Adds an unpacked stream.
    pub(crate) fn add_stream(&mut self, bytes: &[u8]) -> Outcome<Reference> {
        let at = self.reserve()?;
        let mut value = format!("<< /Length {} >>\nstream\n", bytes.len()).into_bytes();
        value.extend_from_slice(bytes);
        value.extend_from_slice(b"\nendstream");
        self.put_written(at, value);
        Ok(at)
    }

    /// The bytes to append.
    pub(crate) fn written(mut self) -> Outcome<Written> {
        let newest = self.document.sections().first().ok_or(TABLE)?;
        let base = self.document.bytes.len();
        let mut bytes = Vec::new();
        if !matches!(self.document.bytes.last(), Some(b'\n' | b'\r')) {
            bytes.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        let mut values_at = BTreeMap::new();
        for (number, (generation, value)) in &self.objects {
            offsets.insert(*number, (base + bytes.len(), *generation));
            bytes.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
            values_at.insert(*number, bytes.len());
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = base + bytes.len();
        let trailer = self.trailer(&bytes)?;
        if newest.is_stream {
            let own = self.reserve()?;
            offsets.insert(own.number, (start, 0));
            write_stream(own, trailer, &offsets, &mut bytes)?;
        } else {
            write_table(trailer, self.next, &offsets, &mut bytes);
        }
        bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        Ok(Written { bytes, values_at })
    }

    fn trailer(&self, objects: &[u8]) -> Outcome<Dict> {
        let newest = self.document.sections().first().ok_or(TABLE)?;
        let mut trailer = newest.trailer.clone();
        for key in NOT_KEPT {
            trailer.remove(key);
        }
        let offset = i64::try_from(newest.offset).map_err(|_| Refusal::TooLarge)?;
        trailer.set("Prev", Object::Int(offset));
        let changed = Sha256::digest(objects).iter().copied().take(16).collect::<Vec<u8>>();
        let old = self.document.value(&trailer, "ID").unwrap_or(Object::Null);
        let first = match old.array() {
            Some([Object::Text(first), Object::Text(_)]) => first.clone(),
            _ => changed.clone(),
        };
        trailer.set("ID", Object::Array(vec![Object::Text(first), Object::Text(changed)]));
        Ok(trailer)
    }
}

type Offsets = BTreeMap<u32, (usize, u16)>;

/// Runs of consecutive numbers: the first and how many.
fn runs(offsets: &Offsets) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in offsets.keys() {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == *number => *count += 1,
            _ => runs.push((*number, 1)),
        }
    }
    runs
}

fn write_table(mut trailer: Dict, size: u32, offsets: &Offsets, to: &mut Vec<u8>) {
    to.extend_from_slice(b"xref\n");
    for (first, count) in runs(offsets) {
        to.extend_from_slice(format!("{first} {count}\n").as_bytes());
        for (_, (offset, generation)) in offsets.range(first..first + count) {
            to.extend_from_slice(format!("{offset:010} {generation:05} n\r\n").as_bytes());
        }
    }
    trailer.set("Size", Object::Int(size.into()));
    to.extend_from_slice(b"trailer\n");
    trailer.write(to);
    to.push(b'\n');
}

fn write_stream(
    own: Reference,
    mut trailer: Dict,
    offsets: &Offsets,
    to: &mut Vec<u8>,
) -> Outcome<()> {
    let mut rows = Vec::new();
    for (offset, generation) in offsets.values() {
        let offset = u32::try_from(*offset).map_err(|_| Refusal::TooLarge)?;
        rows.push(1);
        rows.extend_from_slice(&offset.to_be_bytes());
        rows.extend_from_slice(&generation.to_be_bytes());
    }
    let index = runs(offsets).into_iter().flat_map(|(first, count)| [first, count]);
    trailer.set("Type", Object::name("XRef"));
    trailer.set("Size", Object::Int(i64::from(own.number) + 1));
    trailer.set("W", Object::Array([1, 4, 2].map(Object::Int).to_vec()));
    trailer.set("Index", Object::Array(index.map(|item| Object::Int(item.into())).collect()));
    trailer.set("Filter", Object::name("ASCIIHexDecode"));
    let mut packed = Vec::new();
    write_hex(&rows, &mut packed);
    packed.push(b'>');
    let length = i64::try_from(packed.len()).map_err(|_| Refusal::TooLarge)?;
    trailer.set("Length", Object::Int(length));
    to.extend_from_slice(format!("{} 0 obj\n", own.number).as_bytes());
    trailer.write(to);
    to.extend_from_slice(b"\nstream\n");
    to.extend_from_slice(&packed);
    to.extend_from_slice(b"\nendstream\nendobj\n");
    Ok(())
}
