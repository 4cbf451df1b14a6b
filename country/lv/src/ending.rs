//! Endings of Latvian names, for synthetic people only.
//!
//! Nothing may guess a sex from a name or build one form from the other for a living person (R14):
//! the one caller is the simulation, which invents the person and therefore knows.

/// The two forms of a surname.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gendered {
    /// As a man bears it.
    pub masculine: String,
    /// As a woman bears it.
    pub feminine: String,
}

/// Endings, the longest first: masculine and feminine.
const ENDINGS: [(&str, &str); 6] =
    [("ais", "ā"), ("iņš", "iņa"), ("is", "e"), ("us", "us"), ("š", "a"), ("s", "a")];

impl Gendered {
    /// The forms of a surname given in its masculine one; without a known ending both are alike
    /// (`Liepa`, `Egle`).
    #[must_use]
    pub fn from_masculine(masculine: &str) -> Self {
        let found = ENDINGS.iter().find_map(|(m, f)| Some((masculine.strip_suffix(m)?, f)));
        let feminine = found.map_or_else(|| masculine.to_owned(), |(stem, f)| format!("{stem}{f}"));
        Self { masculine: masculine.to_owned(), feminine }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_take_the_ending_of_their_declension() {
        for (masculine, feminine) in [
            ("Bērziņš", "Bērziņa"),
            ("Kalns", "Kalna"),
            ("Zvirbulis", "Zvirbule"),
            ("Ledus", "Ledus"),
            ("Mazais", "Mazā"),
            ("Ābolkalnš", "Ābolkalna"),
            ("Liepa", "Liepa"),
            ("Egle", "Egle"),
        ] {
            assert_eq!(Gendered::from_masculine(masculine).feminine, feminine);
        }
    }
}
