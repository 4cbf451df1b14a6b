//! The one type that renders every wire form of a person's or company's identifier (R6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which kind of identifier it is: the three letters of EN 319 412-1 §5.1.3 and §5.1.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Scheme {
    /// Identity card number.
    Idc,
    /// National trade register number of a legal person.
    Ntr,
    /// Passport number.
    Pas,
    /// National personal number.
    Pno,
    /// Tax number of a natural person.
    Tin,
    /// Value-added tax number of a legal person.
    Vat,
}

impl Scheme {
    const ALL: [(Self, &str); 6] = [
        (Self::Idc, "IDC"),
        (Self::Ntr, "NTR"),
        (Self::Pas, "PAS"),
        (Self::Pno, "PNO"),
        (Self::Tin, "TIN"),
        (Self::Vat, "VAT"),
    ];

    /// The three letters.
    #[must_use]
    pub fn letters(self) -> &'static str {
        Self::ALL.iter().find(|(scheme, _)| *scheme == self).map_or("", |(_, letters)| letters)
    }
}

/// An identifier under a scheme of a country, in its X.509 form `PNOLV-320010-10014`.
///
/// The value is kept as its issuer writes it; what grouping is right for a country's codes is
/// the country pack's matter, which makes these values. Shown and serialised in the X.509 form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    scheme: Scheme,
    country: [u8; 2],
    value: String,
}

/// Why text is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the form SSSCC-value, value of 1 to 64 letters, digits, '-' or '.'")]
pub struct IdentifierError;

impl Identifier {
    /// The identifier `value` of `country` (two capital letters) under `scheme`.
    ///
    /// # Errors
    /// [`IdentifierError`] for another form of country, or a value that is empty, over 64 bytes
    /// or holds anything but ASCII letters, digits, `-` and `.`.
    pub fn new(scheme: Scheme, country: &str, value: &str) -> Result<Self, IdentifierError> {
        let letters: [u8; 2] = country.as_bytes().try_into().map_err(|_| IdentifierError)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        let fits = (1..=64).contains(&value.len()) && value.bytes().all(plain);
        if !fits || !letters.iter().all(u8::is_ascii_uppercase) {
            return Err(IdentifierError);
        }
        Ok(Self { scheme, country: letters, value: value.to_owned() })
    }

    /// The kind.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The two letters of the country.
    #[must_use]
    pub fn country(&self) -> &str {
        std::str::from_utf8(&self.country).unwrap_or_default()
    }

    /// The value as its issuer writes it: what a page shows.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.value
    }

    /// The value without its separators: what a table stores and a search compares.
    #[must_use]
    pub fn stored(&self) -> String {
        self.value.replace(['-', '.'], "")
    }

    /// `PNOLV-320010-10014`. Spec: EN 319 412-1 §5.1.3.
    #[must_use]
    pub fn x509(&self) -> String {
        format!("{}{}-{}", self.scheme.letters(), self.country(), self.value)
    }

    /// `PK:32001010014`, the form of the single sign-on module.
    #[must_use]
    pub fn login_module(&self) -> String {
        format!("PK:{}", self.stored())
    }

    /// `LV/CC/32001010014` for a reader in country `CC`. Spec: eIDAS SAML attribute profile §2.2.3.
    #[must_use]
    pub fn eidas(&self, reader: &str) -> String {
        format!("{}/{reader}/{}", self.country(), self.stored())
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.x509())
    }
}

/// Says kind and country only: a personal code never stands in a log (R46).
impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}-…", self.scheme.letters(), self.country())
    }
}

impl FromStr for Identifier {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let (head, value) = text.split_once('-').ok_or(IdentifierError)?;
        let (letters, country) = head.split_at_checked(3).ok_or(IdentifierError)?;
        let scheme = Scheme::ALL.iter().find(|(_, own)| *own == letters);
        Self::new(scheme.ok_or(IdentifierError)?.0, country, value)
    }
}

impl Serialize for Identifier {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wire_form_comes_from_the_one_type() {
        let code = Identifier::new(Scheme::Pno, "XY", "329912-00014").unwrap();
        assert_eq!(code.x509(), "PNOXY-329912-00014");
        assert_eq!(code.stored(), "32991200014");
        assert_eq!(code.login_module(), "PK:32991200014");
        assert_eq!(code.eidas("DE"), "XY/DE/32991200014");
        assert_eq!(code.x509().parse(), Ok(code.clone()));
        assert_eq!(format!("{code:?}"), "PNOXY-…");
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "PNO", "PNOxy-1", "ABCXY-1", "PNOXY-", "PNOXY-ā", "PNOXYZ-1", "āāXY-1"]
        {
            assert_eq!(text.parse::<Identifier>(), Err(IdentifierError), "{text}");
        }
    }
}
