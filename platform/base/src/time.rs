//! Moments, dates, and dates of which a part is unknown.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A civil date of the proleptic Gregorian calendar, without zone.
pub type Date = jiff::civil::Date;

/// A moment: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Shown and parsed as RFC 3339 in UTC; serialised as that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The moment `micros` microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The moment `seconds` seconds after the epoch, held at the ends of the range.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment without its fraction of a second.
    #[must_use]
    pub const fn floor(self) -> Self {
        Self::from_seconds(self.seconds())
    }

    /// The moment `span` later, held at the end of the range.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The moment `span` earlier, held at the start of the range.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The date in UTC.
    #[must_use]
    pub fn utc_date(self) -> Date {
        jiff::tz::TimeZone::UTC.to_datetime(self.timestamp()).date()
    }

    /// The same moment for calendar arithmetic; held at the ends of that library's range.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl From<jiff::Timestamp> for Time {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl FromStr for Time {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(Self::from)
    }
}

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A date of which day, or month and day, may be unknown: `1970`, `1970-05` or `1970-05-12` (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartialDate {
    /// Only the year is known.
    Year(i16),
    /// Year and month (1..=12) are known.
    Month(i16, i8),
    /// All is known.
    Day(Date),
}

/// Text that is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or no such date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct PartialDateError;

impl PartialDate {
    /// The earliest day it can mean.
    #[must_use]
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::ZERO),
            Self::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::ZERO),
            Self::Day(date) => date,
        }
    }

    /// The latest day it can mean.
    #[must_use]
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(_) => self.first_day().last_of_year(),
            Self::Month(..) => self.first_day().last_of_month(),
            Self::Day(date) => date,
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => date.fmt(f),
        }
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, PartialDateError> {
        let digits = |part: &str, len: usize| {
            (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
                .then_some(())
                .ok_or(PartialDateError)
        };
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str| part.parse::<i16>().map_err(|_| PartialDateError);
        for (part, len) in parts.iter().zip([4, 2, 2]) {
            digits(part, len)?;
        }
        match parts.as_slice() {
            [year] => Ok(Self::Year(number(year)?)),
            [year, month] => match month.parse() {
                Ok(month @ 1..=12) => Ok(Self::Month(number(year)?, month)),
                _ => Err(PartialDateError),
            },
            [_, _, _] => text.parse().map(Self::Day).map_err(|_| PartialDateError),
            _ => Err(PartialDateError),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_utc_and_read_back() {
        let at: Time = "2026-05-12T14:41:00.000123+03:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-05-12T11:41:00.000123Z");
        assert_eq!(at.to_string().parse::<Time>().unwrap(), at);
        assert_eq!(at.floor().to_string(), "2026-05-12T11:41:00Z");
        assert_eq!(Time::from_micros(-1).floor(), Time::from_seconds(-1));
    }

    #[test]
    fn partial_dates_say_what_they_can_mean() {
        let month: PartialDate = "1970-02".parse().unwrap();
        assert_eq!(month.first_day().to_string(), "1970-02-01");
        assert_eq!(month.last_day().to_string(), "1970-02-28");
        for text in ["1970", "1970-02", "1970-02-03"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        for text in
            ["", "197", "1970-13", "1970-00", "1970-02-30", "1970-2", "+970", "1970-01-01-01"]
        {
            assert_eq!(text.parse::<PartialDate>(), Err(PartialDateError), "{text}");
        }
    }
}
