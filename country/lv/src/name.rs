//! A person's name (personvārds): ordered parts, kept as written.

use unicode_normalization::UnicodeNormalization;

use crate::fold;

/// The most given names, and the most parts of a surname.
pub const MAX_PARTS: usize = 8;
const MAX_BYTES: usize = 120;

/// Given names and parts of a surname, in order, in NFC, case kept (R11).
///
/// Never inflected, and nothing is guessed from it (R14).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    given: Vec<String>,
    surname: Vec<String>,
}

/// Why parts are no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Neither a given name nor a surname.
    #[error("a name has at least one part")]
    Empty,
    /// More than [`MAX_PARTS`] of one kind, or a part over 120 bytes.
    #[error("a name has at most 8 given names and 8 parts of a surname, each of 120 bytes")]
    Long,
    /// A part that is blank, has blanks around it, digits, or other signs than `-`, `'`, `’`, `.`.
    #[error(
        "a part of a name is letters, joined by a single blank, hyphen, apostrophe or full stop"
    )]
    Sign,
}

impl Name {
    /// The name of these parts, brought to NFC.
    ///
    /// # Errors
    /// [`NameError`]. A person with only one name has no part of the other kind.
    pub fn new<S: AsRef<str>>(given: &[S], surname: &[S]) -> Result<Self, NameError> {
        if given.is_empty() && surname.is_empty() {
            return Err(NameError::Empty);
        }
        Ok(Self { given: parts(given)?, surname: parts(surname)? })
    }

    /// The given names in order.
    #[must_use]
    pub fn given(&self) -> &[String] {
        &self.given
    }

    /// The parts of the surname in order.
    #[must_use]
    pub fn surname(&self) -> &[String] {
        &self.surname
    }

    /// Given names, then surname, as a page shows it.
    #[must_use]
    pub fn shown(&self) -> String {
        let parts: Vec<_> = self.given.iter().chain(&self.surname).map(String::as_str).collect();
        parts.join(" ")
    }

    /// What `fold@1` makes of all given names and the whole surname: the key of a search.
    #[must_use]
    pub fn folded(&self) -> String {
        fold(&self.shown())
    }

    /// The name for a medium of so many characters for given names and for the surname: whole
    /// last parts are left out until it fits, a part is never cut (R12). None when not even the
    /// first part fits. Spec: MK 134 pt 2.1.
    #[must_use]
    pub fn fitted(&self, given: usize, surname: usize) -> Option<Self> {
        let name = Self { given: fit(&self.given, given)?, surname: fit(&self.surname, surname)? };
        Some(name)
    }
}

fn parts<S: AsRef<str>>(parts: &[S]) -> Result<Vec<String>, NameError> {
    if parts.len() > MAX_PARTS {
        return Err(NameError::Long);
    }
    parts.iter().map(|part| one(part.as_ref())).collect()
}

fn one(part: &str) -> Result<String, NameError> {
    if part.len() > MAX_BYTES {
        return Err(NameError::Long);
    }
    let part: String = part.nfc().collect();
    let mut joint = true;
    for sign in part.chars() {
        let joins = matches!(sign, ' ' | '-' | '\'' | '’' | '.');
        let mark = unicode_normalization::char::is_combining_mark(sign);
        if !(joins || sign.is_alphabetic() || mark && !joint) || joint && joins {
            return Err(NameError::Sign);
        }
        joint = joins && sign != '.';
    }
    if joint { Err(NameError::Sign) } else { Ok(part) }
}

/// The longest run of first parts whose characters, with a blank between, fit.
fn fit(parts: &[String], width: usize) -> Option<Vec<String>> {
    let length = |parts: &[String]| {
        let letters: usize = parts.iter().map(|part| part.chars().count()).sum();
        letters + parts.len().saturating_sub(1)
    };
    if parts.is_empty() {
        return Some(Vec::new());
    }
    let kept = (1..=parts.len()).rev().filter_map(|count| parts.get(..count));
    kept.into_iter().find(|kept| length(kept) <= width).map(<[String]>::to_vec)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_kept_as_written_and_composed() {
        let name = Name::new(&["Anna", "Mar\u{69}\u{304}te"], &["Parauga", "Liepa"]).unwrap();
        assert_eq!(name.shown(), "Anna Marīte Parauga Liepa");
        assert_eq!(Name::new(&["Ai"], &["d'Arc"]).unwrap().surname(), ["d'Arc"]);
        assert_eq!(Name::new(&["Sukarno"], &[]).unwrap().shown(), "Sukarno");
    }

    #[test]
    fn other_parts_are_refused() {
        let one = |part: &str| Name::new(&[part], &[]).unwrap_err();
        for part in
            ["", " ", "Anna ", " Anna", "An  na", "Anna1", "Anna\u{0}", "-", "A_b", "\u{301}"]
        {
            assert_eq!(one(part), NameError::Sign, "{part:?}");
        }
        assert_eq!(one(&"a".repeat(121)), NameError::Long);
        assert_eq!(Name::new(&["A"; 9], &[]), Err(NameError::Long));
        assert_eq!(Name::new::<&str>(&[], &[]), Err(NameError::Empty));
    }

    #[test]
    fn a_short_medium_loses_whole_parts_and_never_a_letter() {
        let name = Name::new(&["Konstantīns", "Maksimiliāns"], &["Garais", "Uzvārds"]).unwrap();
        let fitted = name.fitted(20, 32).unwrap();
        assert_eq!(fitted.shown(), "Konstantīns Garais Uzvārds");
        assert_eq!(name.fitted(11, 6).unwrap().shown(), "Konstantīns Garais");
        assert_eq!(name.fitted(10, 6), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_part_or_an_error(part in "\\PC{0,40}") {
            if let Ok(name) = Name::new(&[&part], &[]) {
                prop_assert_eq!(Name::new(name.given(), &[]), Ok(name.clone()));
            }
        }
    }
}
