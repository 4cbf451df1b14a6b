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

/// What reading may still cost: shared by all revisions of a file that are read at once.
#[derive(Debug)]
struct Budget {
    /// Bytes of values that are read, and the like for entries.
    work: Cell<usize>,
    /// Bytes that object streams unpack to.
    unpacked: Cell<usize>,
}

/// What one entry counts in [`Budget::work`].
const ENTRY: usize = 32;

fn spend(cell: &Cell<usize>, amount: usize) -> Outcome<()> {
    cell.set(cell.get().checked_sub(amount).ok_or(Refusal::TooComplex)?);
    Ok(())
}

/// A file, or a revision of one, whose cross-reference sections have been read.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// All bytes.
    pub(crate) bytes: &'a [u8],
    /// The limits it is read with.
    pub(crate) limits: Limits,
    sections: Rc<[Section]>,
    /// How many of `sections` came after this revision.
    later: usize,
    entries: BTreeMap<u32, Entry>,
    packs: RefCell<BTreeMap<u32, Rc<Pack>>>,
    budget: Rc<Budget>,
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
        let budget = Budget {
            work: Cell::new(bytes.len().saturating_mul(8).saturating_add(32 << 20)),
            unpacked: Cell::new(limits.unpacked),
        };
        Self::of(bytes, limits, (sections.into(), 0), Rc::new(budget))
    }

    /// The revision that ends at byte `end`: its own `startxref` must lead to one of the sections
    /// of this file, and that and all before it must lie within.
    pub(crate) fn revision(&self, end: usize) -> Outcome<Self> {
        let bytes = self.bytes.get(..end).ok_or(TABLE)?;
        let start = xref::start(bytes)?;
        let is_newest = |section: &Section| section.offset == start && !section.is_hidden;
        let later = self.sections.iter().position(is_newest).ok_or(TABLE)?;
        let mut within = self.sections.iter().skip(later);
        if !within.all(|section| section.end <= end) {
            return Err(TABLE);
        }
        let sections = (Rc::clone(&self.sections), later);
        Self::of(bytes, &self.limits, sections, Rc::clone(&self.budget))
    }

    /// Raises the budget, so that so many revisions can be compared with the file.
    pub(crate) fn expect_revisions(&self, count: usize) {
        const MOST: usize = 256 << 20;
        let each = self.bytes.len().saturating_mul(4).saturating_add(4 << 20);
        let Budget { work, unpacked } = &*self.budget;
        work.set(work.get().saturating_add(each.saturating_mul(count).min(MOST)));
        let packs = self.limits.unpacked.saturating_mul(count.min(4));
        unpacked.set(unpacked.get().saturating_add(packs));
    }

    fn of(
        bytes: &'a [u8],
        limits: &Limits,
        (sections, later): (Rc<[Section]>, usize),
        budget: Rc<Budget>,
    ) -> Outcome<Self> {
        let own = sections.iter().skip(later);
        let count: usize = own.clone().map(|section| section.entries().len()).sum();
        spend(&budget.work, count.saturating_mul(ENTRY))?;
        // Of two entries for one number the later one counts, so the oldest come first.
        let entries = own.rev().flat_map(Section::entries).collect();
        let packs = RefCell::new(BTreeMap::new());
        Ok(Self { bytes, limits: *limits, sections, later, entries, packs, budget })
    }

    /// Its sections, newest first.
    pub(crate) fn sections(&self) -> &[Section] {
        self.sections.get(self.later..).unwrap_or_default()
    }

    /// The newest trailer.
    pub(crate) fn trailer(&self) -> Outcome<&Dict> {
        self.sections().first().map(|section| &section.trailer).ok_or(TABLE)
    }

    /// Where an object is.
    pub(crate) fn entry(&self, number: u32) -> Entry {
        self.entries.get(&number).copied().unwrap_or(Entry::Free)
    }

    /// Every number that any section names, in order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.entries.keys().copied()
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
        spend(&self.budget.work, self.entries.len().saturating_mul(ENTRY))?;
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
        spend(&self.budget.work, used)?;
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
        spend(&self.budget.unpacked, plain.len())?;
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
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let is_header = |window: &[u8]| match window {
        [b'%', b'P', b'D', b'F', b'-', major, b'.', minor] => {
            major.is_ascii_digit() && minor.is_ascii_digit()
        }
        _ => false,
    };
    match head.windows(8).position(is_header) {
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
