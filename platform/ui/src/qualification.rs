//! The words of qualification, said only from a check's result (R23).
//!
//! Latvian law gives three words a status ("kvalificēts", "drošs elektroniskais paraksts", "laika
//! zīmogs"). Their texts lie in `qualified.ftl`, which only this file reads; a test holds every
//! other catalogue free of them.

use crate::text::{Message, qualified};
use crate::voice::Voice;

/// Proof that a check found a service of a trusted list behind what it names.
///
/// Made only from the check's result; a demonstration's check never has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualified {
    service: String,
}

impl Qualified {
    /// From the name of the granted service that the check found in a trusted list; nothing for an
    /// empty name.
    #[must_use]
    pub fn by_service(service: &str) -> Option<Self> {
        let service = service.trim();
        (!service.is_empty()).then(|| Self { service: service.to_owned() })
    }

    /// The service's name, as the list has it.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }
}

/// The second axis of a verdict (R22): what a signature is in law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Made by a demonstration.
    Demonstration,
    /// Could not be determined.
    Undetermined,
    /// An advanced signature.
    Advanced,
    /// An advanced signature on a certificate of a granted service.
    AdvancedOnQualified(Qualified),
    /// A signature equal to one by hand.
    Equal(Qualified),
}

impl Level {
    /// The level in words.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        voice.say(match self {
            Self::Demonstration => qualified::DEMONSTRATION,
            Self::Undetermined => qualified::UNDETERMINED,
            Self::Advanced => qualified::ADVANCED,
            Self::AdvancedOnQualified(_) => qualified::ADVANCED_ON_QUALIFIED,
            Self::Equal(_) => qualified::EQUAL,
        })
    }

    /// What follows from it for the person.
    #[must_use]
    pub fn means(&self, voice: Voice) -> String {
        voice.say(match self {
            Self::Demonstration => qualified::DEMONSTRATION_MEANS,
            Self::Undetermined => qualified::UNDETERMINED_MEANS,
            Self::Advanced => qualified::ADVANCED_MEANS,
            Self::AdvancedOnQualified(_) => qualified::ADVANCED_ON_QUALIFIED_MEANS,
            Self::Equal(_) => qualified::EQUAL_MEANS,
        })
    }
}

/// What proves a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// A demonstration's.
    Test,
    /// A time-stamp of no listed service.
    Plain,
    /// Of a granted service.
    Listed(Qualified),
}

impl Stamp {
    /// The stamp in words.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        let words: Message = match self {
            Self::Test => qualified::STAMP_TEST.into(),
            Self::Plain => qualified::STAMP_PLAIN.into(),
            Self::Listed(by) => qualified::stamp_listed(by.service()),
        };
        voice.say(words)
    }
}

#[cfg(test)]
mod tests {
    use base::Locale;

    use super::*;

    #[test]
    fn no_word_of_qualification_comes_without_a_service() {
        assert_eq!(Qualified::by_service(" "), None);
        for locale in Locale::ALL {
            let voice = Voice::new(locale);
            for level in [Level::Demonstration, Level::Undetermined, Level::Advanced] {
                let said = level.say(voice) + &level.means(voice);
                assert!(!said.to_lowercase().contains("kvalificēt"), "{said}");
                assert!(!said.to_lowercase().contains("qualified"), "{said}");
            }
            for stamp in [Stamp::Test, Stamp::Plain] {
                assert!(!stamp.say(voice).to_lowercase().contains("laika zīmog"));
            }
        }
        let by = Qualified::by_service("Parauga TSA").unwrap();
        assert_eq!(by.service(), "Parauga TSA");
        let said = Level::Equal(by.clone()).say(Voice::default());
        assert!(said.contains("valificēts"), "{said}");
        assert!(Stamp::Listed(by).say(Voice::default()).contains("Laika zīmogs"));
    }
}
