//! The cross-reference sections of a file, newest first. Spec: ISO 32000-2 §7.5.4–§7.5.8.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::filter;
use crate::lexer::{Lexer, Token, is_space};
use crate::limits::Limits;
use crate::object::{Dict, Object};
use crate::refusal::{Outcome, Refusal, STREAM, TABLE};

/// The greatest object number that the format allows. Spec: ISO 32000-2 Annex C.
pub(crate) const GREATEST: u32 = 8_388_607;
/// `startxref` is sought in so many bytes at the end.
const TAIL: usize = 2048;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Nowhere.
    Free,
    /// At this byte.
    Plain {
        /// Byte from the beginning of the file.
        offset: usize,
        /// Its generation.
        generation: u16,
    },
    /// In an object stream.
    Packed {
        /// Object number of the stream.
        stream: u32,
        /// Place in it, from 0.
        index: u32,
    },
}

/// One cross-reference section.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Where it begins.
    pub(crate) offset: usize,
    /// Where its trailer dictionary or the bytes of its stream end.
    pub(crate) end: usize,
    /// Whether it is a stream rather than a table.
    pub(crate) is_stream: bool,
    /// Whether it is the hidden half of a hybrid file.
    pub(crate) is_hidden: bool,
    /// Sorted by object number.
    entries: Vec<(u32, Entry)>,
    /// Its trailer.
    pub(crate) trailer: Dict,
}

impl Section {
    /// All that it says.
    pub(crate) fn entries(
        &self,
    ) -> impl DoubleEndedIterator<Item = (u32, Entry)> + ExactSizeIterator {
        self.entries.iter().copied()
    }
}

/// The value of the last `startxref`.
pub(crate) fn start(bytes: &[u8]) -> Outcome<usize> {
    const WORD: &[u8] = b"startxref";
    let from = bytes.len().saturating_sub(TAIL);
    let tail = bytes.get(from..).unwrap_or_default();
    let place = tail.windows(WORD.len()).rposition(|window| window == WORD).ok_or(TABLE)?;
    let mut lexer = Lexer::at(bytes, from + place + WORD.len());
    lexer.int().map_err(|_| TABLE)
}

/// Whether these bytes end with `startxref`, a number and `%%EOF`.
pub(crate) fn is_ended(bytes: &[u8]) -> bool {
    const WORD: &[u8] = b"startxref";
    let from = bytes.len().saturating_sub(256);
    let tail = bytes.get(from..).unwrap_or_default();
    let place = tail.windows(WORD.len()).rposition(|window| window == WORD);
    let rest = place.and_then(|place| tail.get(place + WORD.len()..)).unwrap_or_default();
    let is_filling = |byte: &u8| is_space(*byte) || byte.is_ascii_digit();
    let rest: Vec<u8> = rest.iter().skip_while(|byte| is_filling(byte)).copied().collect();
    rest.trim_ascii_end() == b"%%EOF"
}

/// All sections, newest first; the hidden half of a hybrid section follows it directly.
pub(crate) fn sections(bytes: &[u8], limits: &Limits) -> Outcome<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut room = limits.objects;
    let mut next = Some(start(bytes)?);
    while let Some(offset) = next {
        let section = read(bytes, offset, &mut room)?;
        next = pointer(&section.trailer, "Prev")?;
        let hidden = pointer(&section.trailer, "XRefStm")?.filter(|_| !section.is_stream);
        if !seen.insert(offset) {
            return Err(TABLE);
        }
        if seen.len() > limits.revisions {
            return Err(Refusal::TooComplex);
        }
        sections.push(section);
        if let Some(hidden) = hidden {
            let section = read(bytes, hidden, &mut room)?;
            if !section.is_stream || !seen.insert(hidden) {
                return Err(TABLE);
            }
            sections.push(Section { is_hidden: true, ..section });
        }
    }
    Ok(sections)
}

fn pointer(trailer: &Dict, key: &str) -> Outcome<Option<usize>> {
    match trailer.get(key) {
        None => Ok(None),
        Some(value) => value.int().map(Some).ok_or(TABLE),
    }
}

fn read(bytes: &[u8], offset: usize, room: &mut usize) -> Outcome<Section> {
    if offset >= bytes.len() {
        return Err(TABLE);
    }
    let mut lexer = Lexer::at(bytes, offset);
    let section = if lexer.word(b"xref") { table(lexer, room) } else { stream(bytes, lexer, room) };
    let mut section = section.map_err(|refusal| match refusal {
        Refusal::Damaged(_) => TABLE,
        other => other,
    })?;
    section.offset = offset;
    Ok(section)
}

fn section(
    entries: Vec<(u32, Entry)>,
    trailer: Dict,
    is_stream: bool,
    end: usize,
) -> Outcome<Section> {
    if trailer.is_doubled() {
        return Err(TABLE);
    }
    let mut entries = entries;
    entries.sort_by_key(|(number, _)| *number);
    if entries.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        return Err(TABLE);
    }
    Ok(Section { offset: 0, end, is_stream, is_hidden: false, entries, trailer })
}

/// The object numbers of a subsection, taken from the `room` that is left.
fn numbers(first: u32, count: usize, room: &mut usize) -> Outcome<Range<u32>> {
    *room = room.checked_sub(count).ok_or(Refusal::TooComplex)?;
    let end = u32::try_from(count).ok().and_then(|count| first.checked_add(count));
    Ok(first..end.ok_or(TABLE)?)
}

fn table(mut lexer: Lexer<'_>, room: &mut usize) -> Outcome<Section> {
    let mut entries = Vec::new();
    while !lexer.word(b"trailer") {
        let first: u32 = lexer.int()?;
        let count: usize = lexer.int()?;
        for number in numbers(first, count, room)? {
            entries.push((number, table_entry(&mut lexer)?));
        }
    }
    match Object::read(&mut lexer)? {
        Object::Dict(trailer) => section(entries, trailer, false, lexer.position()),
        _ => Err(TABLE),
    }
}

fn table_entry(lexer: &mut Lexer<'_>) -> Outcome<Entry> {
    let offset: usize = lexer.int()?;
    let generation: u32 = lexer.int()?;
    match lexer.token()? {
        Token::Word(b"n") if offset > 0 => {
            let generation = u16::try_from(generation).map_err(|_| TABLE)?;
            Ok(Entry::Plain { offset, generation })
        }
        Token::Word(b"n" | b"f") => Ok(Entry::Free),
        _ => Err(TABLE),
    }
}

fn stream(bytes: &[u8], mut lexer: Lexer<'_>, room: &mut usize) -> Outcome<Section> {
    let (_, _): (u32, u16) = (lexer.int()?, lexer.int()?);
    if !lexer.word(b"obj") {
        return Err(TABLE);
    }
    let Object::Dict(trailer) = Object::read(&mut lexer)? else { return Err(TABLE) };
    if !trailer.is("Type", "XRef") || !lexer.word(b"stream") {
        return Err(TABLE);
    }
    lexer.skip_line_end();
    let length: usize = trailer.int("Length").ok_or(STREAM)?;
    let raw = enclosed(bytes, lexer.position(), length)?;
    let end = lexer.position().saturating_add(length);
    let widths = widths(&trailer)?;
    let row: usize = widths.iter().sum();
    let most = room.saturating_mul(row).min(64 << 20);
    let plain = filter::decode(&trailer, raw, most)?;
    let mut rows = plain.chunks_exact(row.max(1));
    let mut entries = Vec::new();
    for (first, count) in ranges(&trailer)? {
        for (number, row) in numbers(first, count, room)?.zip(rows.by_ref()) {
            entries.push((number, stream_entry(row, &widths)?));
        }
    }
    section(entries, trailer, true, end)
}

/// The `length` bytes at `start`, after which `endstream` must follow.
pub(crate) fn enclosed(bytes: &[u8], start: usize, length: usize) -> Outcome<&[u8]> {
    let end = start.checked_add(length).ok_or(STREAM)?;
    let raw = bytes.get(start..end).ok_or(STREAM)?;
    if Lexer::at(bytes, end).word(b"endstream") { Ok(raw) } else { Err(STREAM) }
}

fn widths(trailer: &Dict) -> Outcome<[usize; 3]> {
    let items = trailer.get("W").and_then(Object::array).ok_or(TABLE)?;
    match items {
        [kind, second, third] => {
            let width = |item: &Object| item.int().filter(|width| *width <= 8).ok_or(TABLE);
            Ok([width(kind)?, width(second)?, width(third)?])
        }
        _ => Err(TABLE),
    }
}

fn ranges(trailer: &Dict) -> Outcome<Vec<(u32, usize)>> {
    let Some(index) = trailer.get("Index") else {
        return Ok(vec![(0, trailer.int("Size").ok_or(TABLE)?)]);
    };
    let numbers = index.array().ok_or(TABLE)?.chunks(2).map(|pair| match pair {
        [first, count] => first.int().zip(count.int()).ok_or(TABLE),
        _ => Err(TABLE),
    });
    numbers.collect()
}

fn stream_entry(row: &[u8], widths: &[usize; 3]) -> Outcome<Entry> {
    let [kind_width, second_width, _] = *widths;
    let (kind, rest) = row.split_at_checked(kind_width).ok_or(TABLE)?;
    let (second, third) = rest.split_at_checked(second_width).ok_or(TABLE)?;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
    let kind = if kind.is_empty() { 1 } else { number(kind) };
    let (second, third) = (number(second), number(third));
    match kind {
        0 => Ok(Entry::Free),
        1 if second == 0 => Ok(Entry::Free),
        1 => Ok(Entry::Plain {
            offset: usize::try_from(second).map_err(|_| TABLE)?,
            generation: u16::try_from(third).map_err(|_| TABLE)?,
        }),
        2 => Ok(Entry::Packed {
            stream: u32::try_from(second).map_err(|_| TABLE)?,
            index: u32::try_from(third).map_err(|_| TABLE)?,
        }),
        // Spec: ISO 32000-2 Table 18: any other type is a reference to the null object.
        _ => Ok(Entry::Free),
    }
}
