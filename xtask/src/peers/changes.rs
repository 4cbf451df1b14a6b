//! What can be done to a signed file, each change exact: from one file that the demo signed.

use pdf::Dss;
use pdf::trial::updated;

use super::der::{exchanged, place, rebuilt, turned, wrapped};
use super::documents::{Paper, ROOT, SUM, Signed, stored};
use super::wrapping;

/// What `sakta check` must make of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It does not pass.
    Refused,
    /// It may pass, but the report says that something is not as the signer left it.
    Told,
    /// It passes, as everybody may add this; what is covered of how much shows that it was added.
    Added,
    /// It passes: what was changed is not needed.
    Passed,
}

type Made = Result<Vec<u8>, String>;

/// A change: what it is, what must come of it, and what makes it.
pub(super) type Change = (&'static str, Wanted, fn(&Signed) -> Made);

use Wanted::{Added, Passed, Refused, Told};

/// All changes.
pub(super) const CHANGES: &[Change] = &[
    ("page: one digit of what it shows", Refused, page),
    ("page, and the digest in the CMS made to fit", Refused, page_and_digest),
    ("CMS: one byte of the message digest", Refused, digest),
    ("CMS: one byte of the signing-certificate attribute", Refused, certificate_digest),
    ("CMS: the signing-certificate attribute taken out", Refused, no_certificate_attribute),
    ("CMS: one byte of the signature value", Refused, value),
    ("the name in the signer's certificate, in CMS and store", Refused, name),
    ("CMS: the same, while the store has the right certificate", Passed, name_in_cms),
    ("CMS: of another document of hers", Refused, other_signature),
    ("CMS: taken out, zeros left", Refused, |signed| signed.first.with_cms(&[])),
    ("time-stamp: another second", Refused, second),
    ("time-stamp: one byte of its imprint", Refused, imprint),
    ("time-stamp: of another signature", Refused, other_token),
    ("time-stamp: taken out", Told, no_token),
    ("OCSP answer: \"good\" made \"unknown\"", Refused, unknown),
    ("OCSP answer: another hour", Refused, hour),
    ("OCSP answer: one byte of its signature", Refused, answer_signature),
    ("OCSP answer about the signer taken out", Refused, no_answer),
    ("OCSP answer about the time-stamp unit taken out", Refused, no_unit_answer),
    ("store: the root's revocation list taken out", Refused, no_list),
    ("store: one byte of the list's signature", Refused, list_signature),
    ("store: certificates taken out, which the CMS has too", Passed, no_certificates),
    ("store: the catalog refers to nothing", Refused, no_store),
    ("store: cut off with its revision", Refused, |signed| {
        signed.first.revision().map(<[u8]>::to_vec)
    }),
    ("added: further validation data", Added, more_data),
    ("added: a second signature", Added, |signed| Ok(signed.twice.clone())),
    ("added: a description of the file (XMP)", Told, description),
    ("added: other content of the page", Refused, content),
    ("added: another page", Refused, another_page),
    ("added: another font for the same letters", Refused, font),
    ("added: a note over the sum", Refused, note),
    ("added: a field over the sum, not signed", Refused, field),
    ("added: a script that runs when opened", Refused, script),
    ("added: the content that the signed page waits for", Refused, awaited),
    ("added: bytes after the end", Refused, tail),
    ("ByteRange: to the end of the file", Refused, |signed| range(signed, (0, 0, None))),
    ("ByteRange: a wider hole", Refused, |signed| range(signed, (20, 20, Some(20)))),
    ("ByteRange: taken out", Refused, no_range),
    ("ByteRange: around another body (wrapping)", Refused, |signed| {
        wrapping::wrapped(&signed.first)
    }),
];

fn page(signed: &Signed) -> Made {
    exchanged(&signed.first.bytes, SUM.as_bytes(), b"Sum: 900 EUR")
}

/// As far as anybody comes without the key.
fn page_and_digest(signed: &Signed) -> Made {
    let first = &signed.first;
    let changed = Paper::read(page(signed)?)?;
    let covered = changed.covered().ok_or("it covers nothing")?;
    let digest = cms::DigestAlgorithm::Sha256.digest(&covered);
    let old = signed_attribute(signed, cms::oid::MESSAGE_DIGEST)?;
    let fitting = exchanged(&first.field.contents, &old, &wrapped(0x04, &digest))?;
    changed.with_cms(&fitting)
}

fn digest(signed: &Signed) -> Made {
    let old = signed_attribute(signed, cms::oid::MESSAGE_DIGEST)?;
    in_cms(signed, &old, &turned(&old))
}

fn certificate_digest(signed: &Signed) -> Made {
    let old = signed_attribute(signed, cms::oid::SIGNING_CERTIFICATE_V2)?;
    // The digest of the certificate is the first OCTET STRING of 32 bytes.
    let place = place(&old, &[0x04, 0x20]).ok_or("no digest of a certificate")?;
    let mut new = old.clone();
    if let Some(byte) = new.get_mut(place + 2) {
        *byte ^= 1;
    }
    in_cms(signed, &old, &new)
}

fn no_certificate_attribute(signed: &Signed) -> Made {
    let value = signed_attribute(signed, cms::oid::SIGNING_CERTIFICATE_V2)?;
    without_attribute(signed, &value)
}

fn value(signed: &Signed) -> Made {
    let old = &signed.first.signer()?.signature;
    in_cms(signed, old, &turned(old))
}

fn name(signed: &Signed) -> Made {
    let (own, other) = named_otherwise(signed)?;
    exchanged(&name_in_cms(signed)?, own, &other)
}

/// The certificate that the signature is bound to still lies in the store.
fn name_in_cms(signed: &Signed) -> Made {
    let (own, other) = named_otherwise(signed)?;
    in_cms(signed, own, &other)
}

fn named_otherwise(signed: &Signed) -> Result<(&[u8], Vec<u8>), String> {
    let own = signed.certificate()?;
    Ok((own, exchanged(own, b"Anna Parauga", b"Anda Parauga")?))
}

fn other_signature(signed: &Signed) -> Made {
    signed.first.with_cms(&signed.other.field.contents)
}

fn second(signed: &Signed) -> Made {
    in_token(signed, |token| with_other_digit(token, moment(token)? + 13))
}

fn imprint(signed: &Signed) -> Made {
    let over = cms::DigestAlgorithm::Sha256.digest(&signed.first.signer()?.signature);
    in_token(signed, |token| exchanged(token, &over, &turned(&over)))
}

fn other_token(signed: &Signed) -> Made {
    with_token(signed, signed.other.token()?)
}

fn no_token(signed: &Signed) -> Made {
    without_attribute(signed, signed.first.token()?)
}

fn unknown(signed: &Signed) -> Made {
    in_answer(signed, |answer, serial| {
        let from = place(answer, serial).ok_or("no serial number")? + serial.len();
        let mut changed = answer.to_vec();
        // Spec: RFC 6960 §4.2.1: good is [0], unknown [2], each without contents.
        match changed.get_mut(from) {
            Some(status) if *status == 0x80 => *status = 0x82,
            _ => return Err("it does not say good".to_owned()),
        }
        Ok(changed)
    })
}

fn hour(signed: &Signed) -> Made {
    in_answer(signed, |answer, serial| {
        let from = place(answer, serial).ok_or("no serial number")?;
        let rest = answer.get(from..).unwrap_or_default();
        with_other_digit(answer, from + moment(rest)? + 9)
    })
}

/// Where the digits of the first GeneralizedTime stand: `YYYYMMDDHHmmSSZ`.
fn moment(der: &[u8]) -> Result<usize, String> {
    place(der, &[0x18, 15]).map(|place| place + 2).ok_or_else(|| "no time".to_owned())
}

/// The bytes with one more at this digit; one less where it is a nine.
fn with_other_digit(bytes: &[u8], at: usize) -> Made {
    let mut changed = bytes.to_vec();
    match changed.get_mut(at) {
        Some(nine @ b'9') => *nine = b'8',
        Some(digit @ b'0'..=b'8') => *digit += 1,
        _ => return Err("no digit".to_owned()),
    }
    Ok(changed)
}

fn answer_signature(signed: &Signed) -> Made {
    in_answer(signed, |answer, _| {
        let basic = x509_signature(answer).ok_or("no signature")?;
        Ok(with_turned(answer, basic))
    })
}

/// The last byte of the signature of a BasicOCSPResponse: the BIT STRING before the certificates.
fn x509_signature(answer: &[u8]) -> Option<usize> {
    // ecdsa-with-SHA256 and no parameters, then the BIT STRING with no bit unused.
    const ALGORITHM: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2, 0x03];
    let start = place(answer, ALGORITHM)? + ALGORITHM.len();
    let length = usize::from(*answer.get(start)?);
    Some(start + length)
}

fn with_turned(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if let Some(byte) = changed.get_mut(at) {
        *byte ^= 1;
    }
    changed
}

fn no_answer(signed: &Signed) -> Made {
    without_answer(signed, &signed.serial()?)
}

fn no_unit_answer(signed: &Signed) -> Made {
    without_answer(signed, &signed.unit_serial()?)
}

fn without_answer(signed: &Signed, serial: &[u8]) -> Made {
    let mut store = signed.first.store.clone();
    let before = store.ocsps.len();
    store.ocsps.retain(|answer| place(answer, serial).is_none());
    if store.ocsps.len() + 1 != before {
        return Err("the store has not exactly one answer about it".to_owned());
    }
    signed.first.with_store(&store)
}

fn no_list(signed: &Signed) -> Made {
    let store = &signed.first.store;
    if store.crls.is_empty() {
        return Err("the store has no list".to_owned());
    }
    signed.first.with_store(&Dss { crls: Vec::new(), ..store.clone() })
}

fn list_signature(signed: &Signed) -> Made {
    let list = signed.first.store.crls.first().ok_or("the store has no list")?;
    exchanged(&signed.first.bytes, list, &turned(list))
}

fn no_certificates(signed: &Signed) -> Made {
    let store = &signed.first.store;
    if store.certs.is_empty() {
        return Err("the store has no certificates".to_owned());
    }
    signed.first.with_store(&Dss { certs: Vec::new(), ..store.clone() })
}

fn no_store(signed: &Signed) -> Made {
    let bytes = &signed.first.bytes;
    let from = place(bytes, b"/DSS ").ok_or("no store")?;
    let entry = bytes.get(from..).unwrap_or_default();
    let entry = entry.get(..place(entry, b" R").ok_or("no store")?).unwrap_or_default();
    let digit = |byte: &u8| if byte.is_ascii_digit() { b'9' } else { *byte };
    let number = entry.get(..entry.len().saturating_sub(2)).unwrap_or_default();
    let nowhere: Vec<u8> = number.iter().map(digit).chain(*b" 0").collect();
    exchanged(bytes, entry, &nowhere)
}

fn more_data(signed: &Signed) -> Made {
    let store = Dss { certs: signed.other.cms.certificates.clone(), ..signed.other.store.clone() };
    stored(signed.first.bytes.clone(), &store)
}

fn description(signed: &Signed) -> Made {
    let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";
    let length = packet.len();
    let stream =
        format!("<</Type/Metadata/Subtype/XML/Length {length}>>stream\n{packet}\nendstream");
    let catalog = signed.catalog("/Metadata 900 0 R")?;
    Ok(added(signed, &[(1, &catalog), (900, &stream)]))
}

fn content(signed: &Signed) -> Made {
    Ok(added(signed, &[(4, OTHER_CONTENT)]))
}

fn another_page(signed: &Signed) -> Made {
    let pages = "<</Type/Pages/Kids[3 0 R 900 0 R]/Count 2>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 901 0 R\
                /Resources<</Font<</F 5 0 R>>>>>>";
    Ok(added(signed, &[(2, pages), (900, page), (901, OTHER_CONTENT)]))
}

fn font(signed: &Signed) -> Made {
    Ok(added(signed, &[(5, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")]))
}

fn note(signed: &Signed) -> Made {
    let note = "<</Type/Annot/Subtype/FreeText/Rect[10 90 190 120]/Contents(Sum: 900 EUR)\
                /DA(/F 12 Tf)/AP<</N 901 0 R>>>>";
    let page = signed.page("900 0 R")?;
    Ok(added(signed, &[(3, &page), (900, note), (901, LOOK)]))
}

fn field(signed: &Signed) -> Made {
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 4/Rect[10 90 190 120]/P 3 0 R\
                  /AP<</N 901 0 R>>>>";
    let page = signed.page("900 0 R")?;
    let (number, form) = signed.form("900 0 R")?;
    Ok(added(signed, &[(3, &page), (number, &form), (900, widget), (901, LOOK)]))
}

fn script(signed: &Signed) -> Made {
    let catalog = signed.catalog("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")?;
    Ok(added(signed, &[(1, &catalog)]))
}

fn awaited(signed: &Signed) -> Made {
    Ok(updated(signed.awaiting.bytes.clone(), &[(50, OTHER_CONTENT)], ROOT))
}

/// So many that readers which look for `startxref` in the last 1,024 bytes do not find it, and
/// look for objects instead.
fn tail(signed: &Signed) -> Made {
    let object = format!("4 0 obj\n{OTHER_CONTENT}\nendobj\n{}", "% filling\n".repeat(110));
    Ok([&signed.first.bytes, object.as_bytes()].concat())
}

/// The hole wider by so many bytes at either side, and the end so much later; `None`: at the end
/// of the file.
fn range(signed: &Signed, (before, after, shorter): (usize, usize, Option<usize>)) -> Made {
    let first = &signed.first;
    let (hole, bytes) = (first.hole()?, &first.bytes);
    let (start, from) = (hole.start - before, hole.end + after);
    let end = first.revision()?.len();
    let length = shorter.map_or(bytes.len() - from, |shorter| end - hole.end - shorter);
    let old = byte_range(bytes)?;
    let new = format!("/ByteRange [0 {start} {from} {length}");
    let new = format!("{new:width$}", width = old.len());
    exchanged(bytes, old, new.as_bytes())
}

fn no_range(signed: &Signed) -> Made {
    let bytes = &signed.first.bytes;
    let old = byte_range(bytes)?;
    exchanged(bytes, old, &[b"/WasARange", old.get(10..).unwrap_or_default()].concat())
}

/// `/ByteRange [0 a b c` with the spaces up to the bracket.
fn byte_range(bytes: &[u8]) -> Result<&[u8], String> {
    let from = place(bytes, b"/ByteRange [").ok_or("no byte range")?;
    let rest = bytes.get(from..).unwrap_or_default();
    let end = place(rest, b"]").ok_or("no byte range")?;
    Ok(rest.get(..end).unwrap_or_default())
}

/// Words that take the place of the signed ones.
pub(super) const OTHER_CONTENT: &str =
    "<</Length 42>>stream\nBT /F 12 Tf 20 100 Td (Sum: 900 EUR) Tj ET\nendstream";
/// The same as the look of an annotation, on white.
const LOOK: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 180 30]/Length 65\
                    /Resources<</Font<</F 5 0 R>>>>>>stream\n\
                    1 g 0 0 180 30 re f 0 g BT /F 12 Tf 10 10 Td (Sum: 900 EUR) Tj ET\n\
                    endstream";

fn added(signed: &Signed, objects: &[(u32, &str)]) -> Vec<u8> {
    updated(signed.first.bytes.clone(), objects, ROOT)
}

fn signed_attribute(signed: &Signed, id: cms::Oid) -> Made {
    let value = signed.first.signer()?.signed_value(id);
    value.map(<[u8]>::to_vec).ok_or_else(|| format!("no signed attribute {id}"))
}

fn in_cms(signed: &Signed, old: &[u8], new: &[u8]) -> Made {
    signed.first.with_cms(&exchanged(&signed.first.field.contents, old, new)?)
}

/// The attribute that has exactly this value, in DER, taken out.
fn without_attribute(signed: &Signed, value: &[u8]) -> Made {
    let set = wrapped(0x31, value);
    // A SEQUENCE of an OBJECT IDENTIFIER and that set.
    let is_it = |element: &[u8]| {
        element.first() == Some(&0x30)
            && element.ends_with(&set)
            && element.len() < set.len() + 20
            && place(element.get(..6).unwrap_or_default(), &[0x06]).is_some()
    };
    let cms = &signed.first.field.contents;
    let changed = rebuilt(cms, &|element| is_it(element).then(Vec::new))?;
    match changed.len() < cms.len() {
        true => signed.first.with_cms(&changed),
        false => Err("no such attribute".to_owned()),
    }
}

fn with_token(signed: &Signed, token: &[u8]) -> Made {
    let old = signed.first.token()?;
    let changed =
        rebuilt(&signed.first.field.contents, &|element| (element == old).then(|| token.to_vec()))?;
    signed.first.with_cms(&changed)
}

fn in_token(signed: &Signed, change: impl Fn(&[u8]) -> Made) -> Made {
    with_token(signed, &change(signed.first.token()?)?)
}

/// The answer about the signer changed, as long as before. `change` gets the INTEGER of its serial.
fn in_answer(signed: &Signed, change: impl Fn(&[u8], &[u8]) -> Made) -> Made {
    let serial = signed.serial()?;
    let answers = &signed.first.store.ocsps;
    let answer = answers.iter().find(|answer| place(answer, &serial).is_some());
    let answer = answer.ok_or("no answer about the signer")?;
    exchanged(&signed.first.bytes, answer, &change(answer, &serial)?)
}
