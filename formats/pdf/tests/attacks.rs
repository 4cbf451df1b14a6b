//! Published attacks on signed PDFs, made anew on a small file.

use pdf::{
    Change, Flaw, Limits, Purpose, Refusal, SignatureField, SignatureRequest, add_dss, prepare,
    signatures, trial,
};
use proptest::prelude::*;
use trial::updated;

/// A CMS is not looked into here: any DER SEQUENCE will do.
const CMS: &[u8] = b"\x30\x03\x02\x01\x01";

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>";
const FORM: &str = "<</Fields[7 0 R]/DA(/F 0 Tf)>>";
const TEXT_FIELD: &str =
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(Sum)/V(1)/Rect[0 0 9 9]/P 3 0 R/AP<</N 8 0 R>>>>";

/// A page with some text and a text field.
#[cfg(test)]
fn sample() -> Vec<u8> {
    file(&[
        CATALOG,
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[7 0 R]>>",
        "<</Length 9>>stream\nBT (a) Tj\nendstream",
        "<</Title(Sample)>>",
        FORM,
        TEXT_FIELD,
        "<</Subtype/Form/BBox[0 0 9 9]/Length 2>>stream\nq \nendstream",
    ])
}

#[cfg(test)]
fn file(objects: &[&str]) -> Vec<u8> {
    trial::file(objects, "/Info 5 0 R")
}

const TRAILER: &str = "/Root 1 0 R/Info 5 0 R";

#[cfg(test)]
fn signed(bytes: Vec<u8>, request: &SignatureRequest) -> Vec<u8> {
    let update = prepare(&bytes, request).unwrap().finish(CMS).unwrap();
    [bytes, update].concat()
}

#[cfg(test)]
fn ordinary() -> SignatureRequest {
    SignatureRequest::new(0, 64)
}

#[cfg(test)]
fn first(bytes: &[u8]) -> SignatureField {
    let found = signatures(bytes, &Limits::default()).unwrap();
    found.into_iter().find(|signature| signature.name == "Signature1").unwrap()
}

#[cfg(test)]
fn change(objects: &[(u32, &str)]) -> Change {
    first(&updated(signed(sample(), &ordinary()), objects, TRAILER)).later.change
}

#[test]
fn an_untouched_signature_covers_all_and_has_no_flaw() {
    let mut request = ordinary();
    request.signer = Some("Jānis Bērziņš".to_owned());
    request.made_at = 1_779_709_261;
    let bytes = signed(sample(), &request);
    let signature = first(&bytes);
    assert!(signature.covers_all && signature.flaws.is_empty(), "{signature:?}");
    assert_eq!(signature.contents, CMS);
    assert_eq!(signature.signer.as_deref(), Some("Jānis Bērziņš"));
    assert_eq!(signature.made_at, Some(1_779_709_261));
    assert_eq!(signature.later.change, Change::None);
    assert_eq!(signature.revision(&bytes), Some(bytes.as_slice()));
    assert!(bytes.starts_with(&sample()));
}

#[test]
fn the_digest_is_of_the_covered_bytes() {
    let original = sample();
    let prepared = prepare(&original, &ordinary()).unwrap();
    let bytes = [original.clone(), prepared.finish(CMS).unwrap()].concat();
    let covered = first(&bytes).covered(&bytes).unwrap().concat();
    let expected: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(covered).into();
    assert_eq!(prepared.sha256(&original), expected);
    let restored = pdf::Prepared::from_parts(prepared.clone().into_parts()).unwrap();
    assert_eq!(restored, prepared);
}

#[test]
fn a_signature_that_does_not_fit_is_refused() {
    let prepared = prepare(&sample(), &ordinary()).unwrap();
    assert_eq!(prepared.finish(&[0; 65]), Err(Refusal::TooLong));
    assert!(prepared.finish(&[0; 64]).is_ok());
}

#[test]
fn changed_page_content_is_content() {
    assert_eq!(change(&[(4, "<</Length 9>>stream\nBT (b) Tj\nendstream")]), Change::Content);
}

#[test]
fn a_new_catalog_page_or_font_is_content() {
    let pages = "<</Type/Pages/Kids[3 0 R 20 0 R]/Count 2>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>";
    assert_eq!(change(&[(2, pages), (20, page)]), Change::Content);
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OpenAction 20 0 R>>";
    assert_eq!(change(&[(1, catalog), (20, "<</S/JavaScript/JS(x)>>")]), Change::Content);
    let cropped = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Annots[7 0 R]>>";
    assert_eq!(change(&[(3, cropped)]), Change::Content);
}

#[test]
fn another_root_is_content() {
    let bytes = signed(sample(), &ordinary());
    let (catalog, form) = (CATALOG.replace("6 0 R", "21 0 R"), "<</Fields[7 0 R 10 0 R]>>");
    let bytes = updated(bytes, &[(20, &catalog), (21, form)], "/Root 20 0 R/Info 5 0 R");
    assert_eq!(first(&bytes).later.change, Change::Content);
}

#[test]
fn filling_in_a_field_is_form_filling_and_nothing_worse() {
    let filled = TEXT_FIELD.replace("/V(1)", "/V(2)");
    assert_eq!(change(&[(7, &filled)]), Change::FormFilling);
    let look = "<</Subtype/Form/BBox[0 0 9 9]/Length 2>>stream\nQ \nendstream";
    assert_eq!(change(&[(7, &filled), (8, look)]), Change::FormFilling);
    let moved = filled.replace("[0 0 9 9]", "[0 0 99 99]");
    assert_eq!(change(&[(7, &moved)]), Change::Content);
}

#[test]
fn an_appearance_that_the_page_uses_too_is_content() {
    let shared = String::from_utf8(sample()).unwrap();
    let shared = shared.replace("/Contents 4 0 R", "/Contents 8 0 R").into_bytes();
    let look = "<</Subtype/Form/BBox[0 0 9 9]/Length 2>>stream\nQ \nendstream";
    let filled = TEXT_FIELD.replace("/V(1)", "/V(2)");
    let bytes = updated(signed(shared, &ordinary()), &[(7, &filled), (8, look)], TRAILER);
    assert_eq!(first(&bytes).later.change, Change::Content);
}

#[test]
fn a_new_annotation_is_an_annotation_and_a_shown_signature_is_said() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R\
                /Annots[7 0 R 10 0 R 20 0 R]>>";
    let note = "<</Type/Annot/Subtype/FreeText/Rect[0 0 99 99]/Contents(Paid)>>";
    assert_eq!(change(&[(3, page), (20, note)]), Change::Annotations);
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(X)/V 21 0 R/Rect[0 0 99 99]>>";
    let form = "<</Fields[7 0 R 10 0 R 20 0 R]/DA(/F 0 Tf)/SigFlags 3>>";
    let value = "<</Type/Sig/SubFilter/ETSI.CAdES.detached>>";
    let sneaky = [(3, page), (6, form), (20, widget), (21, value)];
    let bytes = updated(signed(sample(), &ordinary()), &sneaky, TRAILER);
    let later = first(&bytes).later;
    assert_eq!((later.change, later.shows_signature), (Change::OtherSignature, true));
}

#[test]
fn a_content_stream_in_the_clothes_of_an_annotation_is_content() {
    let clothed = |letter: char| {
        format!(
            "<</Length 9/Type/Annot/Subtype/Ink/Rect[0 0 9 9]>>stream\nBT ({letter}) Tj\nendstream"
        )
    };
    let text = String::from_utf8(sample()).unwrap();
    let file = rebuilt(&text.replace("<</Length 9>>stream\nBT (a) Tj\nendstream", &clothed('a')));
    let bytes = updated(signed(file, &ordinary()), &[(4, &clothed('b'))], TRAILER);
    assert_eq!(first(&bytes).later.change, Change::Content);
}

#[test]
fn an_object_that_the_signed_file_awaited_is_content() {
    let awaiting = String::from_utf8(sample()).unwrap();
    let awaiting = awaiting.replace("/Contents 4 0 R", "/Contents 9 0 R").into_bytes();
    let bytes = signed(awaiting, &ordinary());
    // Our own objects were given other numbers than the awaited one.
    assert!(!String::from_utf8_lossy(&bytes).contains("\n9 0 obj"));
    let hidden = [(9, "<</Length 9>>stream\nBT (b) Tj\nendstream")];
    assert_eq!(first(&updated(bytes, &hidden, TRAILER)).later.change, Change::Content);
}

#[test]
fn bytes_after_the_end_are_content() {
    let once = signed(sample(), &ordinary());
    let data = pdf::Dss { certs: vec![CMS.to_vec()], ..pdf::Dss::default() };
    let update = add_dss(&once, &data, &Limits::default()).unwrap();
    for bytes in [once.clone(), [once, update].concat()] {
        let later = |tail: &[u8]| first(&[&bytes, tail].concat()).later.change;
        assert!(later(b"\n \r\n") <= Change::OnlyValidationData);
        assert_eq!(later(b"\n4 0 obj null endobj\n"), Change::Content);
        assert_eq!(later(b"\n% a remark\n"), Change::Content);
    }
}

#[test]
fn an_exchanged_signature_dictionary_is_a_flaw() {
    let bytes = signed(sample(), &ordinary());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let start = text.find("/ByteRange").unwrap();
    let dictionary = text.get(start..).unwrap().split(" >>").next().unwrap();
    let name = "<< /Name (Somebody else) ";
    let value = text.get(..start).unwrap().rsplit("\n").nth(1).unwrap();
    let number: u32 = value.split(' ').next().unwrap().parse().unwrap();
    let bytes = updated(bytes.clone(), &[(number, &format!("{name}{dictionary} >>"))], TRAILER);
    let signature = first(&bytes);
    assert!(signature.flaws.contains(&Flaw::Replaced) && signature.flaws.contains(&Flaw::Hole));
}

#[test]
fn each_wrong_byte_range_is_a_flaw() {
    let bytes = signed(sample(), &ordinary());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let range = first(&bytes).byte_range.unwrap();
    let (a, b, c) = (range.hole.start, range.hole.end, range.end - range.hole.end);
    let written = format!("[0 {a} {b} {c}");
    for (wrong, flaw) in [
        (format!("[1 {a} {b} {c}"), Flaw::Range),
        (format!("[0 {b} {a} {c}"), Flaw::Range),
        (format!("[0 {a} {b} {c}9"), Flaw::Range),
        (format!("[0 {} {b} {c}", a - 10), Flaw::Hole),
        (format!("[0 {a} {} {}", b + 5, c - 5), Flaw::Hole),
        (format!("[0 {a} {b} {}", c - 6), Flaw::End),
    ] {
        let padded = format!("{wrong:len$}", len = written.len());
        let forged = text.replace(&format!("{written:len$}", len = padded.len()), &padded);
        let signature = first(forged.as_bytes());
        assert!(signature.flaws.contains(&flaw), "{wrong}: {signature:?}");
        assert!(!signature.covers_all);
    }
}

#[test]
fn a_time_stamp_and_validation_data_are_told_from_content() {
    let limits = Limits::default();
    let bytes = signed(sample(), &ordinary());
    let data = pdf::Dss { certs: vec![CMS.to_vec()], ..pdf::Dss::default() };
    let update = add_dss(&bytes, &data, &limits).unwrap();
    let bytes = signed([bytes, update].concat(), &SignatureRequest::time_stamp(64));
    let found = signatures(&bytes, &limits).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].later.change, Change::OnlyValidationData);
    assert!(found[1].is_time_stamp && found[1].covers_all);
}

/// A file certified with this transformation.
#[cfg(test)]
fn certified(transformation: &str) -> Vec<u8> {
    let text = String::from_utf8(signed(sample(), &ordinary())).unwrap();
    // The test does not need a true digest: the dictionary is given more room in the file.
    let text = text.replace("/Filter /Adobe.PPKLite", &format!("/Reference [{transformation}]"));
    let start = text.rfind("startxref\n").unwrap();
    let objects = text.get(..start).unwrap().to_owned();
    rebuilt(&objects)
}

/// The same objects with one new table.
#[cfg(test)]
fn rebuilt(text: &str) -> Vec<u8> {
    let mut latest = std::collections::BTreeMap::new();
    for piece in text.split("endobj\n") {
        let Some(place) = piece.find(" 0 obj\n") else { continue };
        let number = piece.get(..place).unwrap().rsplit('\n').next().unwrap();
        let body = piece.get(place + 7..).unwrap().trim_end().to_owned();
        latest.insert(number.parse::<u32>().unwrap(), body);
    }
    let objects: Vec<&str> = latest.values().map(String::as_str).collect();
    assert_eq!(latest.keys().copied().max(), u32::try_from(objects.len()).ok());
    file(&objects)
}

#[test]
fn what_an_earlier_signature_forbids_is_refused() {
    let certified_file =
        |level| certified(&format!("<</TransformMethod/DocMDP/TransformParams<</P {level}>>>>"));
    assert_eq!(prepare(&certified_file(1), &ordinary()).unwrap_err(), Refusal::Certified);
    assert!(prepare(&certified_file(2), &ordinary()).is_ok());
    assert!(prepare(&certified_file(1), &SignatureRequest::time_stamp(64)).is_ok());
    let lock = |action: &str| {
        certified(&format!(
            "<</TransformMethod/FieldMDP/TransformParams<</Action/{action}/Fields[(Sum)]>>>>"
        ))
    };
    assert_eq!(prepare(&lock("All"), &ordinary()).unwrap_err(), Refusal::Locked);
    assert_eq!(prepare(&lock("Exclude"), &ordinary()).unwrap_err(), Refusal::Locked);
    assert!(prepare(&lock("Include"), &ordinary()).is_ok());
}

#[test]
fn an_existing_empty_field_is_filled_and_other_names_are_refused() {
    let lock = "/FT/Sig/T(Here)/Lock<</Action/All>>";
    let field = TEXT_FIELD.replace("/FT/Tx/T(Sum)/V(1)", lock);
    let text = String::from_utf8(sample()).unwrap().replace(TEXT_FIELD, &field);
    let file = rebuilt(&text);
    let named = |name: &str| SignatureRequest { field: Some(name.to_owned()), ..ordinary() };
    let bytes = signed(file.clone(), &named("Here"));
    let found = signatures(&bytes, &Limits::default()).unwrap();
    assert_eq!((found.len(), found[0].name.as_str(), found[0].covers_all), (1, "Here", true));
    assert_eq!(prepare(&bytes, &named("Here")).unwrap_err(), Refusal::NoSuchField);
    assert_eq!(prepare(&bytes, &ordinary()).unwrap_err(), Refusal::Locked);
    assert_eq!(prepare(&sample(), &named("Sum")).unwrap_err(), Refusal::NoSuchField);
    assert_eq!(prepare(&sample(), &named("a.b")).unwrap_err(), Refusal::FieldName);
    assert_eq!(prepare(&sample(), &named("New")).unwrap().field(), "New");
}

#[test]
fn each_unfit_file_has_its_own_reason() {
    let with =
        |from: &str, to: &str| rebuilt(&String::from_utf8(sample()).unwrap().replace(from, to));
    let reason = |bytes: &[u8]| prepare(bytes, &ordinary()).unwrap_err();
    assert_eq!(reason(b"hello"), Refusal::NotPdf);
    assert_eq!(reason(&[b"MZ".to_vec(), sample()].concat()), Refusal::ForeignStart);
    assert_eq!(reason(&with("/DA(", "/XFA 5 0 R/DA(")), Refusal::Xfa);
    assert_eq!(reason(&with("/Kids[3 0 R]", "/Kids[]")), Refusal::NoPages);
    assert_eq!(reason(&with("/Kids[3 0 R]", "/Kids[2 0 R]")).kind(), "damaged-structure");
    assert_eq!(reason(&with("/DA(", "/DA()/DA(")).kind(), "damaged-object");
    let encrypted = updated(sample(), &[], "/Root 1 0 R/Encrypt 5 0 R");
    assert_eq!(reason(&encrypted), Refusal::Encrypted);
    let looped = String::from_utf8(sample()).unwrap();
    let start = looped.rfind("xref\n0").unwrap();
    let looped = looped.replace("/Root 1 0 R", &format!("/Root 1 0 R/Prev {start}"));
    assert_eq!(reason(looped.as_bytes()).kind(), "damaged-table");
    let small = Limits { bytes: 100, ..Limits::default() };
    let request = SignatureRequest { limits: small, ..ordinary() };
    assert_eq!(prepare(&sample(), &request).unwrap_err(), Refusal::TooLarge);
    assert_eq!(request.purpose, Purpose::Signature);
}

#[test]
fn names_that_grow_by_every_kid_are_refused_and_values_above_are_not_copied() {
    let with_kids = |name: usize, value: usize| {
        let (name, value) = ("n".repeat(name), "v".repeat(value));
        let kids: Vec<String> = (5..45).map(|number| format!("{number} 0 R")).collect();
        let parent = format!("<</T({name})/FT/Sig/V({value})/Kids[{}]>>", kids.join(" "));
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
            &parent,
        ];
        objects.extend(std::iter::repeat_n("<</T(k)>>", 40));
        signatures(&trial::file(&objects, ""), &Limits::default())
    };
    assert_eq!(with_kids(1 << 18, 1), Err(Refusal::TooComplex));
    assert_eq!(with_kids(1 << 10, 4 << 20), Ok(Vec::new()), "a string is no signature");
}

#[test]
fn a_number_past_the_last_is_refused_in_a_table_and_in_a_stream() {
    let table = updated(sample(), &[(u32::MAX, "null")], "/Root 1 0 R");
    let dict = "/Type/XRef/Size 1/W[1 1 1]/Index[4294967295 1]/Root 1 0 R/Length 3";
    let stream = format!("1 0 obj<<{dict}>>stream\n\0\0\0\nendstream endobj\n");
    let stream = format!("%PDF-1.7\n{stream}startxref\n9\n%%EOF\n").into_bytes();
    for bytes in [table, stream] {
        let found = signatures(&bytes, &Limits::default());
        assert!(matches!(found, Err(Refusal::Damaged(_))), "{found:?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(tail in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"%PDF-1.7\n".to_vec(), tail].concat();
        let _ = prepare(&bytes, &ordinary());
        let _ = signatures(&bytes, &Limits::default());
    }

    #[test]
    fn mutated_files_never_panic_and_never_seem_untouched(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let sound = signed(signed(sample(), &ordinary()), &ordinary());
        let mut bytes = sound.clone();
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = prepare(&bytes, &ordinary());
        let _ = add_dss(&bytes, &pdf::Dss::default(), &Limits::default());
        for signature in signatures(&bytes, &Limits::default()).unwrap_or_default() {
            let covered = signature.covered(&bytes).map(|parts| parts.concat());
            if signature.covers_all {
                prop_assert_eq!(covered.unwrap().len() + 130, bytes.len());
            }
        }
    }
}
