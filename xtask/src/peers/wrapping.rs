//! Signature wrapping: the signed bytes are all still there, but around another body.
//! Spec: Mladenov et al., "1 Trillion Dollar Refund" (CCS 2019), §4.3.

use super::changes::OTHER_CONTENT;
use super::der::place;
use super::documents::{Paper, stored};

/// The file of which the covered bytes, and so the digest, are those that were signed, while its
/// table leads to other content.
///
/// The signed revision is `A`, the hole, `B`. Made is `A`, the hole, the beginning of `B` up to
/// where its `startxref` points, there a table of ours, our objects, a copy of the table that stood
/// there; then `B` whole, so that the file ends as before. The signature dictionary that our table
/// leads to says that `A` and the second `B` are covered. The validation data follow in an update.
///
/// # Errors
/// When the file is built otherwise than expected.
pub(super) fn wrapped(paper: &Paper) -> Result<Vec<u8>, String> {
    let revision = paper.revision()?;
    let hole = paper.hole()?;
    let second = revision.get(hole.end..).ok_or("no second part")?;
    let table_at = start(revision)?;
    let table = revision.get(table_at..).ok_or("no table")?;
    let body = revision.get(..table_at).ok_or("no table")?;
    let (number, dictionary) = dictionary(revision, hole.start)?;
    // The numbers have ten digits whatever they are, so lengths are known before places.
    let ours = |objects_at: [usize; 2], copy_at: usize, second_at: usize| {
        let table = format!(
            "xref\n4 1\n{:010} 00000 n\r\n{number} 1\n{:010} 00000 n\r\n\
             trailer\n<</Size 900/Root 1 0 R/Prev {copy_at:010}>>\n",
            objects_at[0], objects_at[1]
        );
        let range = format!("/ByteRange [0 {} {second_at:010} {}]", hole.start, second.len());
        let first = format!("4 0 obj\n{OTHER_CONTENT}\nendobj\n");
        let other = format!("{number} 0 obj\n<< {range}{dictionary} >>\nendobj\n");
        [table, first, other]
    };
    let lengths = ours([0, 0], 0, 0).map(|piece| piece.len());
    let objects_at = [table_at + lengths[0], table_at + lengths[0] + lengths[1]];
    let copy_at = objects_at[1] + lengths[2];
    let pieces = ours(objects_at, copy_at, copy_at + table.len());
    let made = [body, pieces.concat().as_bytes(), table, second].concat();
    stored(made, &paper.store)
}

/// Where the last table begins.
fn start(bytes: &[u8]) -> Result<usize, String> {
    let text = String::from_utf8_lossy(bytes);
    let last = text.rsplit("startxref").next().unwrap_or_default();
    let number = last.split_whitespace().next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| "no startxref".to_owned())
}

/// The number of the signature dictionary and all that follows its `ByteRange`.
fn dictionary(revision: &[u8], hole: usize) -> Result<(u32, String), String> {
    let before = String::from_utf8_lossy(revision.get(..hole).unwrap_or_default());
    let object = before.rfind(" 0 obj").ok_or("no object")?;
    let number = before.get(..object).and_then(|text| text.rsplit('\n').next());
    let number = number.and_then(|number| number.parse().ok()).ok_or("no number")?;
    let from = before.rfind("/Contents").ok_or("no contents")?;
    let from = before.len() - from;
    let rest = revision.get(hole - from..).unwrap_or_default();
    let end = place(rest, b" >>\nendobj").ok_or("no end")?;
    let rest = rest.get(..end).unwrap_or_default();
    Ok((number, format!(" {}", String::from_utf8_lossy(rest))))
}
