//! Packed bytes to plain bytes, only as far as the file's structure needs it: Flate and LZW with
//! predictors, ASCIIHex and ASCII85. Spec: ISO 32000-2 §7.4.

use std::io::Read;

use crate::lexer::{is_space, nibble};
use crate::object::{Dict, Object};
use crate::refusal::{Outcome, Refusal, STREAM};

/// How many filters may stand in a row.
const LONGEST_CHAIN: usize = 4;

/// The plain bytes of a stream with this (resolved) dictionary; at most `limit` bytes.
pub(crate) fn decode(dict: &Dict, raw: &[u8], limit: usize) -> Outcome<Vec<u8>> {
    let filters = one_or_many(dict.get("Filter"));
    let parameters = one_or_many(dict.get("DecodeParms"));
    if filters.len() > LONGEST_CHAIN {
        return Err(Refusal::TooComplex);
    }
    if filters.is_empty() && raw.len() > limit {
        return Err(Refusal::TooComplex);
    }
    let mut bytes = None;
    for (place, filter) in filters.iter().enumerate() {
        let parameters = parameters.get(place).and_then(|item| item.dict());
        let input = bytes.as_deref().unwrap_or(raw);
        bytes = Some(unpack(filter, parameters, input, limit)?);
    }
    Ok(bytes.unwrap_or_else(|| raw.to_vec()))
}

fn one_or_many(value: Option<&Object>) -> Vec<&Object> {
    match value {
        None => Vec::new(),
        Some(Object::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
    }
}

fn unpack(
    filter: &Object,
    parameters: Option<&Dict>,
    input: &[u8],
    limit: usize,
) -> Outcome<Vec<u8>> {
    let Object::Name(name) = filter else { return Err(STREAM) };
    match name.as_slice() {
        b"FlateDecode" | b"Fl" => predict(inflate(input, limit)?, parameters),
        b"LZWDecode" | b"LZW" => {
            let early = parameters.and_then(|dict| dict.int("EarlyChange")).unwrap_or(1_u16);
            predict(lzw(input, early.min(1), limit)?, parameters)
        }
        b"ASCIIHexDecode" | b"AHx" => ascii_hex(input),
        b"ASCII85Decode" | b"A85" => ascii_85(input, limit),
        _ => Err(STREAM),
    }
}

fn inflate(input: &[u8], limit: usize) -> Outcome<Vec<u8>> {
    let mut plain = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut reader = flate2::read::ZlibDecoder::new(input).take(most);
    reader.read_to_end(&mut plain).map_err(|_| STREAM)?;
    within(plain, limit)
}

fn within(plain: Vec<u8>, limit: usize) -> Outcome<Vec<u8>> {
    if plain.len() > limit { Err(Refusal::TooComplex) } else { Ok(plain) }
}

fn ascii_hex(input: &[u8]) -> Outcome<Vec<u8>> {
    let mut plain = Vec::with_capacity(input.len() / 2);
    let mut high = None;
    for byte in input.iter().filter(|byte| !is_space(**byte)) {
        if *byte == b'>' {
            break;
        }
        let low = nibble(*byte).ok_or(STREAM)?;
        match high.take() {
            None => high = Some(low),
            Some(high) => plain.push(high << 4 | low),
        }
    }
    plain.extend(high.map(|high| high << 4));
    Ok(plain)
}

fn ascii_85(input: &[u8], limit: usize) -> Outcome<Vec<u8>> {
    let mut plain = Vec::new();
    let mut group = Vec::with_capacity(5);
    for byte in input.iter().filter(|byte| !is_space(**byte)) {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => plain.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => return Err(STREAM),
        }
        if group.len() == 5 {
            plain.extend_from_slice(&base_85(&group)?.to_be_bytes());
            group.clear();
        }
        if plain.len() > limit {
            return Err(Refusal::TooComplex);
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        plain.extend(base_85(&group)?.to_be_bytes().iter().take(kept));
    }
    Ok(plain)
}

fn base_85(group: &[u8]) -> Outcome<u32> {
    let value = group.iter().fold(0_u64, |value, digit| value * 85 + u64::from(*digit));
    u32::try_from(value).map_err(|_| STREAM)
}

/// LZW of variable width with the codes 256 (clear) and 257 (end). `early` is 0 or 1.
fn lzw(input: &[u8], early: u16, limit: usize) -> Outcome<Vec<u8>> {
    let mut plain: Vec<u8> = Vec::new();
    // Of every code from 258: where its bytes stand in `plain`.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let mut bits = Bits { input, at: 0 };
    while let Some(code) = bits.take(width(table.len(), early)) {
        if code == 257 {
            break;
        }
        if code == 256 {
            table.clear();
            last = None;
            continue;
        }
        let start = plain.len();
        emit(code, &table, last, &mut plain)?;
        if let Some((from, len)) = last
            && table.len() < 4096 - 258
        {
            table.push((from, len + 1));
        }
        last = Some((start, plain.len() - start));
        if plain.len() > limit {
            return Err(Refusal::TooComplex);
        }
    }
    Ok(plain)
}

/// The width of the next code when the table has `known` entries beyond 257.
fn width(known: usize, early: u16) -> u32 {
    let next = known + 259 + usize::from(early);
    match next {
        ..=512 => 9,
        513..=1024 => 10,
        1025..=2048 => 11,
        _ => 12,
    }
}

fn emit(
    code: u16,
    table: &[(usize, usize)],
    last: Option<(usize, usize)>,
    plain: &mut Vec<u8>,
) -> Outcome<()> {
    if let Ok(byte) = u8::try_from(code) {
        plain.push(byte);
        return Ok(());
    }
    let place = usize::from(code).checked_sub(258).ok_or(STREAM)?;
    let known = table.get(place).copied();
    // The code that is being made just now: the last one and the first byte after it.
    let coming = last.map(|(from, len)| (from, len + 1)).filter(|_| place == table.len());
    let (from, len) = known.or(coming).ok_or(STREAM)?;
    for at in from..from.saturating_add(len) {
        let byte = plain.get(at).copied().ok_or(STREAM)?;
        plain.push(byte);
    }
    Ok(())
}

struct Bits<'a> {
    input: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> Option<u16> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.input.get(self.at / 8)?;
            value = value << 1 | u16::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }
}

fn predict(plain: Vec<u8>, parameters: Option<&Dict>) -> Outcome<Vec<u8>> {
    let Some(parameters) = parameters else { return Ok(plain) };
    let number = |key, otherwise: usize| match parameters.get(key) {
        None => Ok(otherwise),
        Some(value) => value.int().filter(|value| (1..=1 << 16).contains(value)).ok_or(STREAM),
    };
    let predictor = number("Predictor", 1)?;
    if predictor == 1 {
        return Ok(plain);
    }
    let (colours, bits) = (number("Colors", 1)?, number("BitsPerComponent", 8)?);
    let pixel = colours.saturating_mul(bits).div_ceil(8);
    let row = number("Columns", 1)?.saturating_mul(colours).saturating_mul(bits).div_ceil(8);
    match predictor {
        2 if bits == 8 => Ok(tiff(plain, pixel, row)),
        10..=15 => png(&plain, pixel, row),
        _ => Err(STREAM),
    }
}

fn tiff(mut plain: Vec<u8>, pixel: usize, row: usize) -> Vec<u8> {
    for line in plain.chunks_mut(row) {
        for at in pixel..line.len() {
            let left = line.get(at - pixel).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
    plain
}

fn png(plain: &[u8], pixel: usize, row: usize) -> Outcome<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(plain.len());
    let mut above = vec![0; row];
    for line in plain.chunks(row.saturating_add(1)) {
        let Some((kind, deltas)) = line.split_first() else { break };
        let mut current: Vec<u8> = Vec::with_capacity(row);
        for (at, delta) in deltas.iter().enumerate() {
            let before = at.checked_sub(pixel);
            let look = |row: &[u8]| before.and_then(|at| row.get(at)).copied().unwrap_or(0);
            let (left, corner) = (look(&current), look(&above));
            let up = above.get(at).copied().unwrap_or(0);
            current.push(delta.wrapping_add(guess(*kind, left, up, corner)?));
        }
        out.extend_from_slice(&current);
        current.resize(row, 0);
        above = current;
    }
    Ok(out)
}

fn guess(kind: u8, left: u8, up: u8, corner: u8) -> Outcome<u8> {
    match kind {
        0 => Ok(0),
        1 => Ok(left),
        2 => Ok(up),
        3 => Ok(left.midpoint(up)),
        4 => Ok(paeth(left, up, corner)),
        _ => Err(STREAM),
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |byte: u8| (estimate - i16::from(byte)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::Lexer;
    use proptest::prelude::*;
    use std::io::Write;

    fn dict(text: &str) -> Dict {
        let object = Object::read(&mut Lexer::at(text.as_bytes(), 0)).unwrap();
        object.dict().unwrap().clone()
    }

    fn flate(plain: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn each_filter_reads_its_published_example() {
        let lzw = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        let plain = decode(&dict("<</Filter/LZWDecode>>"), &lzw, 100).unwrap();
        assert_eq!(plain, [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
        let chain = dict("<</Filter[/AHx/A85]>>");
        assert_eq!(decode(&chain, b"38 37 63 55 52 44 5D 6A 7E 3E>", 100).unwrap(), b"Hello ");
    }

    #[test]
    fn a_bomb_is_refused() {
        let packed = flate(&vec![0; 1 << 20]);
        let dict = dict("<</Filter/FlateDecode>>");
        assert_eq!(decode(&dict, &packed, 1 << 19), Err(Refusal::TooComplex));
        assert_eq!(decode(&dict, &packed, 1 << 20).unwrap().len(), 1 << 20);
    }

    #[test]
    fn png_rows_are_undone() {
        let rows = [2, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1, 4, 1, 1, 1];
        let text = "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>>>";
        let plain = decode(&dict(text), &flate(&rows), 100).unwrap();
        assert_eq!(plain, [1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 7, 8]);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(
            raw in proptest::collection::vec(any::<u8>(), 0..300),
            kind in 0..5_usize,
            predictor in 0..16_i64,
        ) {
            let name = ["FlateDecode", "LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "X"][kind];
            let text =
                format!("<</Filter/{name}/DecodeParms<</Predictor {predictor}/Columns 4>>>>");
            let _ = decode(&dict(&text), &raw, 1 << 16);
            let _ = decode(&dict(&text), &flate(&raw), 1 << 16);
        }
    }
}
