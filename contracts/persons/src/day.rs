//! A day in JSON: `2026-11-25`.

use base::Date;
use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    read(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

/// Exactly ten characters: the calendar library would take a time with it too.
fn read(text: &str) -> Result<Date, &'static str> {
    let day = text.parse().ok().filter(|_| text.len() == 10);
    day.ok_or("not a date of the form YYYY-MM-DD")
}

/// A day that may be absent.
pub(crate) mod option {
    use super::{Date, Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => to.collect_str(day),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| super::read(&text)).transpose().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_day_is_ten_characters() {
        assert_eq!(super::read("2026-11-25").unwrap().to_string(), "2026-11-25");
        for text in ["", "2026-11", "2026-13-01", "2026-11-25T10:00", "20261125"] {
            assert!(super::read(text).is_err(), "{text}");
        }
    }
}
