//! Text that shows as what it is: a phone refuses to show anything else.

/// Whether `text` is not blank, of at most `most` bytes, and nothing in it hides.
pub(crate) fn is_plain(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.len() <= most && !text.chars().any(hides)
}

/// Whether a character is invisible, breaks the line or turns the direction of writing.
pub(crate) fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_is_not_plain() {
        for text in ["", " ", "a\nb", "fdp.\u{202e}exe", "a\u{200b}b", "a\u{feff}", "\u{3164}"] {
            assert!(!is_plain(text, 255), "{text:?}");
        }
        assert!(is_plain("līgums – 2026 (gala).pdf", 255));
        assert!(!is_plain("abc", 2));
    }
}
