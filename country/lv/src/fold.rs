//! `fold@1`: the one function by which names are searched, matched and held against each other.
//!
//! Two spellings of one name that differ only by transliteration, accents, case, blanks, hyphens
//! or concatenation fold to one text (R13). Spec: CIR (EU) 2025/846 Art. 2(6). What must agree and
//! what must not is the published table `fold-1.csv` beside this package; a change of one of its
//! answers is a new version, because folded names are stored.

use unicode_normalization::UnicodeNormalization;

/// The version that stands beside every stored fold.
pub const FOLD_VERSION: i64 = 1;

/// Letters that no decomposition brings to the basic alphabet, Cyrillic as Latvia transliterates.
const LETTERS: [(char, &str); 46] = [
    ('æ', "e"),
    ('œ', "o"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "t"),
    ('ł', "l"),
    ('ı', "i"),
    ('ß', "s"),
    ('ħ', "h"),
    ('ŋ', "n"),
    ('ŧ', "t"),
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ж', "z"),
    ('з', "z"),
    ('и', "i"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('ц', "c"),
    ('ч', "c"),
    ('ш', "s"),
    ('щ', "sc"),
    ('ъ', ""),
    ('ы', "i"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "iu"),
    ('я', "ia"),
    ('є', "e"),
    ('і', "i"),
    ('ґ', "g"),
];

/// Groups of letters that different systems write for one sound; the longest first.
const GROUPS: [(&str, &str); 23] = [
    ("shch", "sc"),
    ("tsch", "c"),
    ("sch", "s"),
    ("tch", "c"),
    ("sh", "s"),
    ("ch", "c"),
    ("kh", "h"),
    ("zh", "z"),
    ("ts", "c"),
    ("tz", "c"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("ae", "e"),
    ("oe", "o"),
    ("ue", "u"),
    ("ie", "e"),
    ("x", "ks"),
    ("w", "v"),
    ("q", "k"),
    ("y", "i"),
    ("j", "i"),
    ("ü", "u"),
];

/// The fold of a name or of several joined in any way; empty when nothing in it is a letter or
/// digit. Folding a fold changes nothing.
///
/// It joins more than it should rather than less ("Dace" and "Daece" agree): what it finds is a
/// candidate, and the caller compares further facts before it says "unequivocal".
#[must_use]
pub fn fold(name: &str) -> String {
    let mut folded = single(&plain(name));
    loop {
        let next = single(&grouped(&folded));
        if next == folded {
            return folded;
        }
        folded = next;
    }
}

/// Small letters of the basic alphabet where they have one; blanks and signs gone.
fn plain(name: &str) -> String {
    let small = name.nfkd().flat_map(char::to_lowercase).collect::<String>();
    let mut plain = String::with_capacity(small.len());
    for letter in small.nfkd().filter(|letter| letter.is_alphanumeric()) {
        match LETTERS.iter().find(|(from, _)| *from == letter) {
            Some((_, to)) => plain.push_str(to),
            None => plain.push(letter),
        }
    }
    // What is gone no longer stands between marks, which have one order beside each other.
    plain.nfkd().collect()
}

/// The text with each group of letters replaced, from left to right.
fn grouped(text: &str) -> String {
    let mut rest = text;
    let mut grouped = String::with_capacity(text.len());
    while let Some(letter) = rest.chars().next() {
        let found = GROUPS.iter().find_map(|(from, to)| Some((*to, rest.strip_prefix(from)?)));
        if let Some((to, after)) = found {
            grouped.push_str(to);
            rest = after;
        } else {
            grouped.push(letter);
            rest = rest.strip_prefix(letter).unwrap_or_default();
        }
    }
    grouped
}

/// The text with doubled letters written once.
fn single(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for letter in text.chars() {
        if !single.ends_with(letter) || letter.is_ascii_digit() {
            single.push(letter);
        }
    }
    single
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_table_holds() {
        let rows = include_str!("../fold-1.csv").lines().skip(1);
        for row in rows {
            let [left, right, verdict] = row.split(',').collect::<Vec<_>>().try_into().unwrap();
            let same = fold(left) == fold(right);
            let folds = (fold(left), fold(right));
            assert_eq!(
                same,
                verdict == "same",
                "{left} and {right} should be {verdict}: {folds:?}"
            );
        }
    }

    #[test]
    fn what_has_no_letter_folds_to_nothing() {
        for text in ["", " ", "-–—", "…'’", "\u{301}\u{308}"] {
            assert_eq!(fold(text), "", "{text:?}");
        }
    }

    #[test]
    fn marks_have_one_order_whatever_stood_between_them() {
        for name in ["\u{3b1}\u{345}-\u{5c1}", "\u{3b1}\u{345}ь\u{5c1}", "\u{3b1}\u{345}\u{5c1}"] {
            assert_eq!(fold(name), "\u{3b1}\u{5c1}\u{345}", "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_fold_is_stable_and_blind_to_case_form_and_joints(name in "[\\p{L}\\p{M}' -]{0,24}") {
            let once = fold(&name);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(fold(&name.nfc().collect::<String>()), once.clone());
            prop_assert_eq!(fold(&name.nfd().collect::<String>()), once.clone());
            prop_assert_eq!(fold(&name.replace([' ', '-'], "")), once);
        }
    }
}
