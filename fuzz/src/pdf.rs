//! PDF files: existing signatures, room for a new one, validation data.

use pdf::{Limits, SignatureRequest, dss, prepare, rehearse};

/// Limits of a size that a fuzzer gets through in a moment.
const LIMITS: Limits = Limits {
    bytes: 4 << 20,
    objects: 50_000,
    revisions: 64,
    stream: 1 << 20,
    unpacked: 8 << 20,
    nodes: 5_000,
};

/// What a signature covers lies in the file.
pub fn signatures(data: &[u8]) {
    for field in pdf::signatures(data, &LIMITS).unwrap_or_default() {
        assert_eq!(field.byte_range.is_some(), field.covered(data).is_some());
        assert!(!field.covers_all || field.revision(data) == Some(data));
    }
}

/// A file in which room was made can be read, and the new signature covers all of it. One that was
/// rehearsed comes back as it was.
pub fn room(data: &[u8]) {
    let request = SignatureRequest { limits: LIMITS, ..SignatureRequest::new(1_800_000_000, 64) };
    if let Ok(back) = rehearse(data.to_vec(), &request) {
        assert!(back == data, "another file came back");
    }
    let Ok(prepared) = prepare(data, &request) else { return };
    let name = prepared.field().to_owned();
    let Ok(update) = prepared.finish(&[0x30, 0]) else { panic!("two bytes fit into 64") };
    let whole = [data, &update].concat();
    let found = match pdf::signatures(&whole, &Limits::default()) {
        Ok(found) => found,
        Err(why) => panic!("what was written cannot be read: {why}"),
    };
    let own = found.iter().find(|field| field.name == name);
    assert!(own.is_some_and(|field| field.covers_all), "{name}: {own:?}");
}

/// The validation data are read or refused.
pub fn validation_data(data: &[u8]) {
    let _ = dss(data, &LIMITS);
}
