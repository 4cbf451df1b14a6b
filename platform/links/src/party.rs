//! Which system it is: an owner and one of its parts.

use std::fmt;
use std::str::FromStr;

use base::Owner;
use serde::{Deserialize, Serialize};
use x509::{Certificate, GeneralName};

/// What the URI in a transport certificate begins with.
const URN: &str = "urn:sakta:system:";

/// A part of an owner: `lvrtc/identity`. Shown and serialised in that form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// Whose it is.
    pub owner: Owner,
    part: String,
}

/// Not `owner/part`, each 1 to 32 lower-case letters, digits or `-`, a letter first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a system is owner/part, each of lower-case letters, digits or '-'")]
pub struct PartyError;

impl Party {
    /// The part `part` of `owner`.
    ///
    /// # Errors
    /// [`PartyError`] for a name of another form.
    pub fn new(owner: Owner, part: &str) -> Result<Self, PartyError> {
        // A part's name has the form of an owner's.
        let part: Owner = part.parse().map_err(|_| PartyError)?;
        Ok(Self { owner, part: part.name().to_owned() })
    }

    /// The part's name.
    #[must_use]
    pub fn part(&self) -> &str {
        &self.part
    }

    /// `urn:sakta:system:<owner>/<part>`: the URI in its transport certificate.
    #[must_use]
    pub fn urn(&self) -> String {
        format!("{URN}{self}")
    }

    /// The one party that a transport certificate names among its alternative names.
    ///
    /// # Errors
    /// [`PartyError`] for a certificate that names none or more than one.
    pub fn of_certificate(der: &[u8]) -> Result<Self, PartyError> {
        let certificate = Certificate::parse(der).map_err(|_| PartyError)?;
        let mut named = certificate.extensions().names.iter().filter_map(|name| match name {
            GeneralName::Uri(uri) => uri.strip_prefix(URN),
            _ => None,
        });
        match (named.next(), named.next()) {
            (Some(only), None) => only.parse(),
            _ => Err(PartyError),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.part)
    }
}

impl FromStr for Party {
    type Err = PartyError;

    fn from_str(text: &str) -> Result<Self, PartyError> {
        let (owner, part) = text.split_once('/').ok_or(PartyError)?;
        Self::new(owner.parse().map_err(|_| PartyError)?, part)
    }
}

impl Serialize for Party {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Party {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_an_owner_and_a_part() {
        let party: Party = "lvrtc/ca-signer".parse().unwrap();
        assert_eq!(party.urn(), "urn:sakta:system:lvrtc/ca-signer");
        for text in ["", "lvrtc", "lvrtc/", "/sam", "lvrtc/sam/x", "lvrtc/Sam", "lv rtc/sam"] {
            assert_eq!(text.parse::<Party>(), Err(PartyError), "{text}");
        }
    }
}
