//! The languages of the pages.

use serde::{Deserialize, Serialize};

/// A language that pages, messages and refusals are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    En,
    /// Latvian.
    #[default]
    Lv,
}

impl Locale {
    /// Every language, in the order in which a page offers them.
    pub const ALL: [Self; 2] = [Self::Lv, Self::En];

    /// The language tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Lv => "lv",
        }
    }

    /// The language of a tag, its region aside: `en-GB` is English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.tag() == language)
    }

    /// The best of an `Accept-Language` list (RFC 9110 §12.5.4), else the country's own.
    #[must_use]
    pub fn accepted(list: &str) -> Self {
        let mut best = (0.0, Self::default());
        for choice in list.split(',').take(16) {
            let (tag, weight) = choice.split_once(";q=").unwrap_or((choice, "1"));
            let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
            if let Some(locale) = Self::from_tag(tag).filter(|_| weight > best.0) {
                best = (weight, locale);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(Locale::accepted("de, en-GB;q=0.8, lv;q=0.3"), Locale::En);
        assert_eq!(Locale::accepted("lv,en"), Locale::Lv);
        assert_eq!(Locale::accepted("de;q=1"), Locale::Lv);
        assert_eq!(Locale::accepted("en;q=nonsense"), Locale::Lv);
    }
}
