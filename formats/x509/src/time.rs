//! `UTCTime` and `GeneralizedTime` as seconds since 1970. Spec: RFC 5280 §4.1.2.5.

use crate::tlv::{self, GENERALIZED_TIME, Malformed, UTC_TIME};

const DAY: i64 = 86_400;
const BAD: Malformed = Malformed("a time");

/// Seconds since 1970 of the time with this tag and content.
pub(crate) fn parse(tag: u8, text: &[u8]) -> Result<i64, Malformed> {
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = digits(text, 2)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => digits(text, 4)?,
        _ => return Err(BAD),
    };
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest, 2)?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest, 2)?;
    let (second, rest) = digits(rest, 2)?;
    if rest != b"Z" || hour > 23 || minute > 59 || second > 59 {
        return Err(BAD);
    }
    let days = days(year, month, day);
    if !(1..=12).contains(&month) || day < 1 || civil(days) != (year, month, day) {
        return Err(BAD);
    }
    Ok(days * DAY + hour * 3600 + minute * 60 + second)
}

fn digits(text: &[u8], count: usize) -> Result<(i64, &[u8]), Malformed> {
    let (digits, rest) = text.split_at_checked(count).ok_or(BAD)?;
    let value = digits.iter().try_fold(0, |sum, digit| match digit {
        b'0'..=b'9' => Ok(sum * 10 + i64::from(digit - b'0')),
        _ => Err(BAD),
    })?;
    Ok((value, rest))
}

/// The `Time` of RFC 5280 for this second: `UTCTime` through 2049, then `GeneralizedTime`.
/// Years outside 0..=9999 are held at the ends.
pub(crate) fn encode(seconds: i64) -> Vec<u8> {
    let (year, month, day) = civil(held(seconds).div_euclid(DAY));
    if (1950..2050).contains(&year) {
        let text = format!("{:02}{month:02}{day:02}{}", year % 100, clock(held(seconds)));
        tlv::tlv(UTC_TIME, text.as_bytes())
    } else {
        generalized(seconds)
    }
}

/// The `GeneralizedTime` for this second, as CRL and OCSP extensions want it.
pub(crate) fn generalized(seconds: i64) -> Vec<u8> {
    tlv::tlv(GENERALIZED_TIME, generalized_content(seconds).as_bytes())
}

/// The text of the `GeneralizedTime` for this second.
pub(crate) fn generalized_content(seconds: i64) -> String {
    let seconds = held(seconds);
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    format!("{year:04}{month:02}{day:02}{}", clock(seconds))
}

fn clock(seconds: i64) -> String {
    let rest = seconds.rem_euclid(DAY);
    format!("{:02}{:02}{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

fn held(seconds: i64) -> i64 {
    seconds.clamp(days(0, 1, 1) * DAY, days(9999, 12, 31) * DAY + DAY - 1)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; years start in March inside.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year, month and day of a day since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_are_read_and_written() {
        assert_eq!(parse(UTC_TIME, b"261125173000Z").unwrap(), 1_795_627_800);
        assert_eq!(parse(UTC_TIME, b"491231235959Z").unwrap(), 2_524_607_999);
        assert_eq!(parse(GENERALIZED_TIME, b"20500101000000Z").unwrap(), 2_524_608_000);
        assert_eq!(parse(UTC_TIME, b"700101000000Z").unwrap(), 0);
        assert_eq!(encode(2_524_607_999)[0], UTC_TIME);
        assert_eq!(encode(2_524_608_000)[0], GENERALIZED_TIME);
        assert_eq!(generalized_content(1_795_627_800), "20261125173000Z");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "2611251730Z",
            "261125173000+0000",
            "260229000000Z",
            "261325000000Z",
            "26112524000Z",
            "",
        ] {
            assert!(parse(UTC_TIME, text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(GENERALIZED_TIME, b"20261125173000.5Z").is_err());
    }

    proptest! {
        #[test]
        fn every_second_of_ten_thousand_years_is_read_as_written(
            seconds in -62_167_219_200_i64..253_402_300_800,
        ) {
            for element in [generalized(seconds), encode(seconds)] {
                let read = tlv::single(&element, element[0]).unwrap().time();
                prop_assert_eq!(read, Ok(seconds));
            }
        }
    }
}
