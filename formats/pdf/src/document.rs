//! A file as a table of objects: bounded, strict where readers could disagree.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::filter;
use crate::lexer::Lexer;
use crate::limits::Limits;
use crate::object::{Dict, Object, Reference};
use crate::refusal::{OBJECT, Outcome, Refusal, STREAM, STRUCTURE, TABLE};
use crate::xref::{self, Entry, Section};

/// How many references may lead to one another.
const LONGEST_WAY: usize = 32;

/// An indirect object and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indirect {
    /// Its value; of a stream the dictionary.
    pub(crate) object: Object,
    /// Where the value begins in the file; `None` for an object out of an object stream.
    pub(crate) value_at: Option<usize>,
    /// Where the bytes of the stream begin, if it is one.
    pub(crate) data_at: Option<usize>,
}

/// An object stream, unpacked.
#[derive(Debug)]
struct Pack {
    /// Number of each object and where it begins in `plain`.
    index: Vec<(u32, usize)>,
    plain: Vec<u8>,
}

/// A file whose cross-reference sections have been read.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// All bytes.
    pub(crate) bytes: &'a [u8],
    /// Newest first.
    pub(crate) sections: Vec<Section>,
    /// The limits it is read with.
    pub(crate) limits: Limits,
    packs: RefCell<BTreeMap<u32, Rc<Pack>>>,
    unpacked: Cell<usize>,
    work: Cell<usize>,
}

impl<'a> Document<'a> {
    /// Reads the sections; refuses what is no PDF, too large, damaged or encrypted.
    pub(crate) fn read(bytes: &'a [u8], limits: &Limits) -> Outcome<Self> {
        check_header(bytes)?;
        if bytes.len() > limits.bytes {
            return Err(Refusal::TooLarge);
        }
        let sections = match xref::sections(bytes, limits) {
            Err(Refusal::Damaged(_)) if seems_encrypted(bytes) => Err(Refusal::Encrypted),
            other => other,
        }?;
        if sections.iter().any(|section| section.trailer.get("Encrypt").is_some()) {
            return Err(Refusal::Encrypted);
        }
        Ok(Self {
            bytes,
            sections,
            limits: *limits,
            packs: RefCell::new(BTreeMap::new()),
            unpacked: Cell::new(limits.unpacked),
            work: Cell::new(bytes.len().saturating_mul(16).saturating_add(16 << 20)),
        })
    }

    /// The newest trailer.
    pub(crate) fn trailer(&self) -> Outcome<&Dict> {
        self.sections.first().map(|section| &section.trailer).ok_or(TABLE)
    }

    /// Where an object is now.
    pub(crate) fn entry(&self, number: u32) -> Entry {
        self.sections.iter().find_map(|section| section.entry(number)).unwrap_or(Entry::Free)
    }

    /// Every number that any section names, in order.
    pub(crate) fn numbers(&self) -> BTreeSet<u32> {
        self.sections.iter().flat_map(Section::entries).map(|(number, _)| number).collect()
    }

    /// Numbers from `first` that an object refers to; those that come soon enough to matter.
    pub(crate) fn awaited(&self, first: u32) -> Outcome<BTreeSet<u32>> {
        const SOON: u32 = 100_000;
        let mut awaited = BTreeSet::new();
        for number in self.numbers() {
            let found = match self.get(self.reference(number)) {
                Err(Refusal::TooComplex) => return Err(Refusal::TooComplex),
                // Nobody reads it, so what it refers to means nothing either.
                Err(_) | Ok(None) => continue,
                Ok(Some(found)) => found,
            };
            found.object.references(&mut |to| {
                if (first..first.saturating_add(SOON)).contains(&to.number) {
                    awaited.insert(to.number);
                }
            });
        }
        Ok(awaited)
    }

    /// The number with its present generation.
    pub(crate) fn reference(&self, number: u32) -> Reference {
        let generation = match self.entry(number) {
            Entry::Plain { generation, .. } => generation,
            _ => 0,
        };
        Reference { number, generation }
    }

    /// Refuses a file in which a used entry does not point at its object.
    pub(crate) fn check_entries(&self) -> Outcome<()> {
        for number in self.numbers() {
            if let Entry::Plain { offset, generation } = self.entry(number) {
                self.open(offset, Reference { number, generation })?;
            }
        }
        Ok(())
    }

    /// The object; `None` when there is none of this number and generation.
    pub(crate) fn get(&self, reference: Reference) -> Outcome<Option<Indirect>> {
        match self.entry(reference.number) {
            Entry::Plain { offset, generation } if generation == reference.generation => {
                self.plain(offset, reference).map(Some)
            }
            Entry::Packed { stream, index } if reference.generation == 0 => {
                self.packed(reference.number, stream, index).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The value that `object` is or leads to.
    pub(crate) fn resolve(&self, object: &Object) -> Outcome<Object> {
        let mut object = object.clone();
        for _ in 0..LONGEST_WAY {
            let Object::Ref(reference) = object else { return Ok(object) };
            object = self.get(reference)?.map_or(Object::Null, |found| found.object);
        }
        Err(OBJECT)
    }

    /// The value of `key`, resolved; `Null` when absent.
    pub(crate) fn value(&self, dict: &Dict, key: &str) -> Outcome<Object> {
        dict.get(key).map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// The dictionary at `key`, resolved; `None` when absent, refused when something else.
    pub(crate) fn dict(&self, dict: &Dict, key: &str) -> Outcome<Option<Dict>> {
        match self.value(dict, key)? {
            Object::Null => Ok(None),
            Object::Dict(dict) => Ok(Some(dict)),
            _ => Err(STRUCTURE),
        }
    }

    /// The catalog and its reference.
    pub(crate) fn catalog(&self) -> Outcome<(Reference, Dict)> {
        let reference = self.trailer()?.get("Root").and_then(Object::reference).ok_or(STRUCTURE)?;
        match self.get(reference)?.map(|found| found.object) {
            Some(Object::Dict(catalog)) if catalog.get("Pages").is_some() => {
                Ok((reference, catalog))
            }
            _ => Err(STRUCTURE),
        }
    }

    /// The packed bytes of a stream.
    pub(crate) fn raw(&self, stream: &Indirect) -> Outcome<&'a [u8]> {
        let (Some(start), Some(dict)) = (stream.data_at, stream.object.dict()) else {
            return Err(STREAM);
        };
        let length = match dict.get("Length") {
            Some(Object::Ref(reference)) => self.outside_length(*reference)?,
            Some(length) => length.int().ok_or(STREAM)?,
            None => return Err(STREAM),
        };
        xref::enclosed(self.bytes, start, length)
    }

    /// The plain bytes of a stream, at most [`Limits::stream`].
    pub(crate) fn decoded(&self, stream: &Indirect) -> Outcome<Vec<u8>> {
        let raw = self.raw(stream)?;
        let mut dict = stream.object.dict().ok_or(STREAM)?.clone();
        for key in ["Filter", "DecodeParms"] {
            let value = self.value(&dict, key)?;
            dict.set(key, value);
        }
        filter::decode(&dict, raw, self.limits.stream)
    }

    /// A length that stands in another object, which must not be packed itself.
    fn outside_length(&self, reference: Reference) -> Outcome<usize> {
        let Entry::Plain { offset, .. } = self.entry(reference.number) else {
            return Err(STREAM);
        };
        self.plain(offset, reference)?.object.int().ok_or(STREAM)
    }

    fn open(&self, offset: usize, reference: Reference) -> Outcome<Lexer<'a>> {
        let mut lexer = Lexer::at(self.bytes, offset);
        let number: Outcome<u32> = lexer.int();
        let generation: Outcome<u16> = lexer.int();
        let fits = number == Ok(reference.number) && generation == Ok(reference.generation);
        if fits && lexer.word(b"obj") { Ok(lexer) } else { Err(TABLE) }
    }

    fn plain(&self, offset: usize, reference: Reference) -> Outcome<Indirect> {
        let mut lexer = self.open(offset, reference)?;
        lexer.skip_space();
        let value_at = Some(lexer.position());
        if lexer.word(b"endobj") {
            return Ok(Indirect { object: Object::Null, value_at, data_at: None });
        }
        let object = self.read_value(&mut lexer)?;
        let is_stream = object.dict().is_some() && lexer.word(b"stream");
        let data_at = is_stream.then(|| {
            lexer.skip_line_end();
            lexer.position()
        });
        Ok(Indirect { object, value_at, data_at })
    }

    /// Reads a value and counts its bytes, so that no file is read over and over.
    fn read_value(&self, lexer: &mut Lexer<'_>) -> Outcome<Object> {
        let start = lexer.position();
        let object = Object::read(lexer)?;
        let used = lexer.position().saturating_sub(start);
        self.work.set(self.work.get().checked_sub(used).ok_or(Refusal::TooComplex)?);
        Ok(object)
    }

    fn packed(&self, number: u32, stream: u32, index: u32) -> Outcome<Indirect> {
        let pack = self.pack(stream)?;
        let place = usize::try_from(index).map_err(|_| TABLE)?;
        let start = match pack.index.get(place) {
            Some((found, start)) if *found == number => *start,
            _ => return Err(TABLE),
        };
        let object = self.read_value(&mut Lexer::at(&pack.plain, start))?;
        Ok(Indirect { object, value_at: None, data_at: None })
    }

    fn pack(&self, stream: u32) -> Outcome<Rc<Pack>> {
        if let Some(pack) = self.packs.borrow().get(&stream) {
            return Ok(Rc::clone(pack));
        }
        let Entry::Plain { offset, generation } = self.entry(stream) else { return Err(TABLE) };
        let found = self.plain(offset, Reference { number: stream, generation })?;
        let kept: usize = self.packs.borrow().values().map(|pack| pack.plain.len()).sum();
        if kept > self.limits.stream {
            self.packs.borrow_mut().clear();
        }
        let plain = self.decoded(&found)?;
        let left = self.unpacked.get().checked_sub(plain.len()).ok_or(Refusal::TooComplex)?;
        self.unpacked.set(left);
        let dict = found.object.dict().ok_or(STREAM)?;
        let pack = Rc::new(Pack { index: self.pack_index(dict, &plain)?, plain });
        self.packs.borrow_mut().insert(stream, Rc::clone(&pack));
        Ok(pack)
    }

    fn pack_index(&self, dict: &Dict, plain: &[u8]) -> Outcome<Vec<(u32, usize)>> {
        let first: usize = dict.int("First").ok_or(STREAM)?;
        let count: usize =
            dict.int("N").filter(|count| *count <= self.limits.objects).ok_or(STREAM)?;
        let mut lexer = Lexer::at(plain, 0);
        let mut index = Vec::with_capacity(count);
        for _ in 0..count {
            let number = lexer.int()?;
            let offset: usize = lexer.int()?;
            index.push((number, first.checked_add(offset).ok_or(STREAM)?));
        }
        Ok(index)
    }
}

fn check_header(bytes: &[u8]) -> Outcome<()> {
    const HEADER: &[u8] = b"%PDF-";
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    match head.windows(HEADER.len()).position(|window| window == HEADER) {
        Some(0) => Ok(()),
        Some(_) => Err(Refusal::ForeignStart),
        None => Err(Refusal::NotPdf),
    }
}

/// Whether a damaged file says in a trailer that it is encrypted: that reason is the better one.
fn seems_encrypted(bytes: &[u8]) -> bool {
    const WORD: &[u8] = b"trailer";
    let places = bytes.windows(WORD.len()).enumerate().filter(|(_, window)| *window == WORD);
    places.take(8).any(|(place, _)| {
        let trailer = Object::read(&mut Lexer::at(bytes, place + WORD.len()));
        trailer.is_ok_and(|found| found.dict().is_some_and(|dict| dict.get("Encrypt").is_some()))
    })
}
