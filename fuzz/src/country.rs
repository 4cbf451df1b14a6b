//! Personal codes and folded names.

/// A code, written, is the same code; nothing that is asked of it fails.
pub fn code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(read) = country::parse(text) else { return };
    assert_eq!(country::parse(&read.written()), Ok(read));
    assert_eq!(country::PersonalCode::from_identifier(&read.identifier()), Ok(read));
    let _ = (read.form(), read.check_digit(), read.is_synthetic());
}

/// Folding a fold changes nothing.
pub fn fold(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let folded = country::fold(&text);
    assert_eq!(country::fold(&folded), folded);
}
