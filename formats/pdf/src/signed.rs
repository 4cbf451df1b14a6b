//! The signatures of a file and what each really covers. Spec: ISO 32000-2 §12.8.1;
//! EN 319 142-1 §5.3; the attacks are those of Mladenov et al. (CCS 2019) and Mainka et al.
//! (NDSS 2021, S&P 2021).

use crate::changes::{self, Later};
use crate::document::Document;
use crate::dss::vri_key;
use crate::form::{Field, Form, Permissions};
use crate::lexer::{Lexer, Token};
use crate::limits::Limits;
use crate::object::{Dict, Object};
use crate::prepared::ByteRange;
use crate::refusal::{Outcome, Refusal};
use crate::text;
use crate::xref;

/// How many signatures one file may have.
const MOST: usize = 256;
/// How many values of indefinite length, and in them, are looked at.
const MOST_VALUES: usize = 10_000;

/// Why a signature does not say what it seems to say. Any of them makes it worthless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Flaw {
    /// The dictionary is not an object of its own, or has a key twice.
    #[error("the signature is stored in a way that can be read differently")]
    Dictionary,
    /// `ByteRange` is absent or not `[0 a b c]` within the file.
    #[error("the signature does not say which part of the file it covers")]
    Range,
    /// What is left out is not exactly the `Contents` of this signature.
    #[error("the signature leaves out more of the file than its own place")]
    Hole,
    /// The covered part does not end where a revision of the file ends.
    #[error("the signature covers only a piece of a version of the file")]
    End,
    /// `Contents` is not one DER or BER SEQUENCE followed by zeros.
    #[error("the signature value is damaged")]
    Contents,
    /// The dictionary in the covered revision is another one, or absent.
    #[error("the signature was exchanged after it was made")]
    Replaced,
}

/// A signed field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureField {
    /// Fully qualified name of the field.
    pub name: String,
    /// `SubFilter`, such as `ETSI.CAdES.detached`; empty when absent.
    pub sub_filter: String,
    /// Whether it is a document time-stamp.
    pub is_time_stamp: bool,
    /// What it covers, if that can be told.
    pub byte_range: Option<ByteRange>,
    /// The CMS or time-stamp token, without the padding: DER, or BER of older signatures.
    pub contents: Vec<u8>,
    /// Its key in [`crate::Vri`].
    pub vri_key: String,
    /// `M`, as the signer says, in seconds since 1970-01-01T00:00:00Z.
    pub made_at: Option<i64>,
    /// `Name`, as the signer says.
    pub signer: Option<String>,
    /// `Reason`, as the signer says.
    pub reason: Option<String>,
    /// `Location`, as the signer says.
    pub place: Option<String>,
    /// `P` of DocMDP, 1 to 3, when it restricts later changes.
    pub level: Option<u8>,
    /// Whether it is the certification signature that `/Perms` names.
    pub is_certification: bool,
    /// Whether it covers the file to its last byte.
    pub covers_all: bool,
    /// What came after it.
    pub later: Later,
    /// Empty when it says what it seems to say.
    pub flaws: Vec<Flaw>,
}

impl SignatureField {
    /// The two covered parts of the file, to be hashed one after the other.
    #[must_use]
    pub fn covered<'b>(&self, bytes: &'b [u8]) -> Option<[&'b [u8]; 2]> {
        let range = self.byte_range.as_ref()?;
        Some([bytes.get(..range.hole.start)?, bytes.get(range.hole.end..range.end)?])
    }

    /// The covered revision, as it was signed.
    #[must_use]
    pub fn revision<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        bytes.get(..self.byte_range.as_ref()?.end)
    }
}

/// All signatures of the file, in the order in which they end.
///
/// # Errors
/// Why the file cannot be read; a single bad signature is no error but has [`Flaw`]s.
pub fn signatures(bytes: &[u8], limits: &Limits) -> Result<Vec<SignatureField>, Refusal> {
    let document = Document::read(bytes, limits)?;
    let (_, catalog) = document.catalog()?;
    let form = Form::read(&document, &catalog)?;
    let perms = document.dict(&catalog, "Perms")?.unwrap_or_default();
    let certification = perms.get("DocMDP").and_then(Object::reference);
    document.expect_revisions(form.fields.iter().filter(|field| field.is_signature).count());
    let mut found = Vec::new();
    for signed in form.signed(&document) {
        let (field, dict) = signed?;
        if found.len() >= MOST {
            return Err(Refusal::TooComplex);
        }
        let mut signature = Reader { document: &document, field, dict: &dict }.read()?;
        let own = field.value_at();
        signature.is_certification = own.is_some() && own == certification;
        found.push(signature);
    }
    found.sort_by_key(|signature| signature.byte_range.as_ref().map(|range| range.end));
    Ok(found)
}

struct Reader<'r, 'a> {
    document: &'r Document<'a>,
    field: &'r Field,
    dict: &'r Dict,
}

impl Reader<'_, '_> {
    fn read(&self) -> Outcome<SignatureField> {
        let mut flaws = Vec::new();
        let permissions = Permissions::read(self.document, self.dict, self.field)?;
        let place = self.contents_at();
        if place.is_none() || self.dict.is_doubled() {
            flaws.push(Flaw::Dictionary);
        }
        let byte_range = self.byte_range();
        match &byte_range {
            None => flaws.push(Flaw::Range),
            Some(range) if place.as_ref() != Some(&range.hole) => flaws.push(Flaw::Hole),
            Some(_) => {}
        }
        let padded = self.text("Contents")?.unwrap_or_default();
        let contents = unpadded(&padded);
        if contents.is_none() {
            flaws.push(Flaw::Contents);
        }
        let end = byte_range.as_ref().map(|range| range.end);
        let later = self.later(end, &permissions, &mut flaws);
        let sub_filter = self.name("SubFilter")?;
        Ok(SignatureField {
            name: self.field.name.clone(),
            is_time_stamp: sub_filter == "ETSI.RFC3161" || self.dict.is("Type", "DocTimeStamp"),
            sub_filter,
            contents: contents.unwrap_or_default().to_vec(),
            vri_key: vri_key(&padded),
            made_at: self.words("M")?.as_deref().and_then(text::moment),
            signer: self.words("Name")?,
            reason: self.words("Reason")?,
            place: self.words("Location")?,
            level: permissions.level,
            is_certification: false,
            covers_all: flaws.is_empty() && end == Some(self.document.bytes.len()),
            later,
            flaws,
            byte_range,
        })
    }

    fn text(&self, key: &str) -> Outcome<Option<Vec<u8>>> {
        Ok(self.document.value(self.dict, key)?.text().map(<[u8]>::to_vec))
    }

    fn words(&self, key: &str) -> Outcome<Option<String>> {
        Ok(self.text(key)?.map(|text| text::decode(&text)))
    }

    fn name(&self, key: &str) -> Outcome<String> {
        Ok(match self.document.value(self.dict, key)? {
            Object::Name(name) => String::from_utf8_lossy(&name).into_owned(),
            _ => String::new(),
        })
    }

    fn byte_range(&self) -> Option<ByteRange> {
        let items = self.dict.get("ByteRange")?.array()?;
        let [Object::Int(0), before, start, after] = items else { return None };
        let (before, start, after): (usize, usize, usize) =
            (before.int()?, start.int()?, after.int()?);
        let end = start.checked_add(after)?;
        let is_sound =
            0 < before && before < start && after > 0 && end <= self.document.bytes.len();
        is_sound.then_some(ByteRange { hole: before..start, end })
    }

    /// Where the `<…>` of `Contents` stands in the file.
    fn contents_at(&self) -> Option<std::ops::Range<usize>> {
        let reference = self.field.value_at()?;
        let start = self.document.get(reference).ok()??.value_at?;
        let mut lexer = Lexer::at(self.document.bytes, start);
        (lexer.token().ok()? == Token::DictOpen).then_some(())?;
        loop {
            let Token::Name(key) = lexer.token().ok()? else { return None };
            lexer.skip_space();
            let from = lexer.position();
            let value = Object::read(&mut lexer).ok()?;
            if key == b"Contents" {
                let is_hex = self.document.bytes.get(from) == Some(&b'<');
                let place = from..lexer.position();
                return (is_hex && matches!(value, Object::Text(_))).then_some(place);
            }
        }
    }

    fn later(&self, end: Option<usize>, permissions: &Permissions, flaws: &mut Vec<Flaw>) -> Later {
        let Some(signed) = end.and_then(|end| self.document.bytes.get(..end)) else {
            return Later::UNKNOWN;
        };
        let old = self.document.revision(signed.len());
        let Some(old) = old.ok().filter(|_| xref::is_ended(signed)) else {
            flaws.push(Flaw::End);
            return Later::UNKNOWN;
        };
        if self.same_in(&old).is_none() {
            flaws.push(Flaw::Replaced);
        }
        changes::between(&old, self.document, &permissions.locks)
    }

    /// The field and its signature are the same in the covered revision.
    fn same_in(&self, old: &Document<'_>) -> Option<()> {
        let (_, catalog) = old.catalog().ok()?;
        let form = Form::read(old, &catalog).ok()?;
        let field = form.fields.iter().find(|field| field.reference == self.field.reference)?;
        let reference = self.field.value_at()?;
        let is_same = field.name == self.field.name
            && field.value_at()? == reference
            && old.get(reference).ok()? == self.document.get(reference).ok()?;
        is_same.then_some(())
    }
}

/// The DER (or, of older signatures, BER) value at the beginning, when only zeros follow it.
fn unpadded(bytes: &[u8]) -> Option<&[u8]> {
    let mut left = MOST_VALUES;
    let length = value_length(bytes, 0, &mut left).filter(|_| bytes.first() == Some(&0x30))?;
    let (value, padding) = bytes.split_at_checked(length)?;
    padding.iter().all(|byte| *byte == 0).then_some(value)
}

/// The length of the first value, with its header; looks inside only where that is of indefinite
/// length. Spec: X.690 §8.1.
fn value_length(bytes: &[u8], depth: usize, left: &mut usize) -> Option<usize> {
    *left = left.checked_sub(1)?;
    let [tag, first, rest @ ..] = bytes else { return None };
    if tag & 0x1F == 0x1F || depth > 32 {
        return None;
    }
    match first {
        0..0x80 => Some(2 + usize::from(*first)),
        0x80 if tag & 0x20 != 0 => {
            let mut at = 2;
            while !bytes.get(at..)?.starts_with(&[0, 0]) {
                at += value_length(bytes.get(at..)?, depth + 1, left)?;
            }
            Some(at + 2)
        }
        _ => {
            let count = usize::from(first & 0x7F);
            let octets = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
            let length = octets.iter().fold(0_usize, |sum, it| sum << 8 | usize::from(*it));
            length.checked_add(2 + count)
        }
    }
}
