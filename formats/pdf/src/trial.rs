//! For tests: files made of nothing but what a test needs, and the updates that others would make.

use crate::xref;

/// A file of these objects, numbered from 1, of which the first is the catalog; `trailer` goes into
/// the trailer beside `Size` and `Root`.
#[must_use]
pub fn file(objects: &[&str], trailer: &str) -> Vec<u8> {
    // Letters beyond ASCII say that the file is not text; being UTF-8 they let tests edit it.
    let mut bytes = "%PDF-1.7\n%āčēģ\n".as_bytes().to_vec();
    let size = objects.len() + 1;
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f\r\n");
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n\r\n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let trailer = format!("<</Size {size}/Root 1 0 R{trailer}>>");
    closed(bytes, &table, &trailer)
}

/// A file of one page that shows these words, which have no brackets. Other words, another file.
///
/// Object 3 is the page, 4 its content.
#[must_use]
pub fn page(words: &str) -> Vec<u8> {
    let content = format!("BT /F 12 Tf 20 100 Td ({words}) Tj ET");
    let content = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R\
                /Resources<</Font<</F 5 0 R>>>>>>";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        &content,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ];
    file(&objects, "")
}

/// The file with an ordinary incremental update: these objects, new or old, in one table.
///
/// `trailer` is all that the new trailer says beside `Size` and `Prev`.
#[must_use]
pub fn updated(mut bytes: Vec<u8>, objects: &[(u32, &str)], trailer: &str) -> Vec<u8> {
    let previous = xref::start(&bytes).unwrap_or_default();
    let most = objects.iter().map(|(number, _)| number.saturating_add(1)).max();
    let size = most.unwrap_or_default().max(99);
    let mut table = "xref\n".to_owned();
    for (number, object) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n\r\n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    closed(bytes, &table, &format!("<</Size {size}/Prev {previous}{trailer}>>"))
}

fn closed(mut bytes: Vec<u8>, table: &str, trailer: &str) -> Vec<u8> {
    let start = bytes.len();
    bytes.extend(format!("{table}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, Limits, SignatureRequest, prepare, signatures};

    #[test]
    fn a_page_can_be_signed_and_updated() {
        let page = page("one");
        let update = prepare(&page, &SignatureRequest::new(0, 64)).unwrap();
        let signed = [page, update.finish(&[0x30, 0]).unwrap()].concat();
        let changed = "<</Length 15>>stream\nBT (two) Tj ET \nendstream";
        let updated = updated(signed.clone(), &[(4, changed)], "/Root 1 0 R");
        let later = |bytes: &[u8]| signatures(bytes, &Limits::default()).unwrap()[0].later.change;
        assert_eq!((later(&signed), later(&updated)), (Change::None, Change::Content));
    }
}
