//! Personal codes and folded names.

/// A code, written, is the same code; nothing that is asked of it fails.
pub fn code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(read) = country::parse(text) else { return };
    assert_eq!(country::parse(&read.written()), Ok(read));
    assert_eq!(country::PersonalCode::from_identifier(&read.identifier()), Ok(read));
    let _ = (read.form(), read.check_digit(), read.is_synthetic());
}

/// No name is longer, in bytes: given names and surname of as many parts as can be, 120 bytes each.
const LONGEST: usize = 2 * country::MAX_PARTS * 120;

/// Folding a fold changes nothing. What is longer than a name is never folded; it would take a
/// time that grows with the square of its length.
pub fn fold(data: &[u8]) {
    if data.len() > LONGEST {
        return;
    }
    let text = String::from_utf8_lossy(data);
    let folded = country::fold(&text);
    assert_eq!(country::fold(&folded), folded);
}
