//! Text strings and dates. Spec: ISO 32000-2 §7.9.2, §7.9.4, Annex D.3.

const SECONDS_OF_A_DAY: i64 = 86_400;

/// A text string: ASCII as it is (a part of PDFDocEncoding), anything else as UTF-16BE.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.as_bytes().to_vec();
    }
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_be_bytes).collect()
}

/// The text of a string in UTF-16BE, UTF-8 or PDFDocEncoding; what has no meaning becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xFFFD,
            });
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')).collect()
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| character(*byte)).collect(),
    }
}

fn character(byte: u8) -> char {
    const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const MIDDLE: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    let special = match byte {
        0x18..=0x1F => ACCENTS.get(usize::from(byte - 0x18)),
        0x80..=0xA0 => MIDDLE.get(usize::from(byte - 0x80)),
        0x7F | 0xAD => Some(&'\u{FFFD}'),
        _ => None,
    };
    special.copied().unwrap_or(char::from(byte))
}

/// `D:YYYYMMDDHHmmSSZ` of a moment, in seconds since 1970-01-01T00:00:00Z.
pub(crate) fn date(seconds: i64) -> String {
    let (day, second) =
        (seconds.div_euclid(SECONDS_OF_A_DAY), seconds.rem_euclid(SECONDS_OF_A_DAY));
    let (year, month, day) = civil(day);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{:02}Z", second % 60)
}

/// The moment of a date string; fields that are left out are the least, a missing zone is UTC.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (fields, zone) = text.split_at_checked(digits)?;
    let field = |from: usize, len: usize, least: i64, most: i64| match fields.get(from..from + len)
    {
        None if fields.len() <= from => Some(least),
        None => None,
        Some(digits) => digits.parse().ok().filter(|value| (least..=most).contains(value)),
    };
    if !matches!(fields.len(), 4 | 6 | 8 | 10 | 12 | 14) {
        return None;
    }
    let days = days(field(0, 4, 0, 9999)?, field(4, 2, 1, 12)?, field(6, 2, 1, 31)?)?;
    let (hour, minute) = (field(8, 2, 0, 23)?, field(10, 2, 0, 59)?);
    let second = field(12, 2, 0, 59)?;
    Some(days * SECONDS_OF_A_DAY + hour * 3600 + minute * 60 + second - offset(zone)?)
}

/// Seconds east of Greenwich, of `Z`, `+HH'mm'`, `-HH'mm`, `+HH` or nothing.
fn offset(zone: &str) -> Option<i64> {
    let mut characters = zone.chars();
    let sign = match characters.next() {
        None | Some('Z' | 'z') => return Some(0),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let mut parts = characters.as_str().split('\'');
    let hours: i64 = parts.next()?.parse().ok().filter(|hours| (0..=23).contains(hours))?;
    let minutes: i64 = match parts.next() {
        None | Some("") => 0,
        Some(text) => text.parse().ok().filter(|minutes| (0..=59).contains(minutes))?,
    };
    Some(sign * (hours * 3600 + minutes * 60))
}

/// Year, month and day of a count of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, so that the leap day ends a year; 146 097 days are 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let leaps = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01, of a date that exists.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted_year = year - i64::from(month <= 2);
    let (era, year_of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let count = era * 146_097 + day_of_era - 719_468;
    (civil(count) == (year, month, day)).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn latvian_letters_survive() {
        assert_eq!(decode(&encode("Jānis Bērziņš")), "Jānis Bērziņš");
        assert_eq!(encode("Janis"), b"Janis");
        assert_eq!(decode(&[0x8A, 0xA0, 0xE9, 0x99]), "−€éŽ");
        assert_eq!(decode(b"\xEF\xBB\xBF\xC5\xA1"), "š");
    }

    #[test]
    fn dates_are_written_in_utc_and_read_with_their_zone() {
        assert_eq!(date(1_779_709_261), "D:20260525114101Z");
        assert_eq!(moment("D:20260525144101+03'00'"), Some(1_779_709_261));
        assert_eq!(moment("D:2026"), moment("D:20260101000000Z"));
        for text in ["", "D:", "D:20260230", "D:202605251", "D:20260525144101*", "D:20261301"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_date_is_read_back(seconds in -62_167_219_200_i64..253_402_300_800) {
            prop_assert_eq!(moment(&date(seconds)), Some(seconds));
        }

        #[test]
        fn any_text_is_read_back(text in ".*") {
            prop_assert_eq!(decode(&encode(&text)), text);
        }

        #[test]
        fn arbitrary_dates_never_panic(text in ".{0,24}") {
            let _ = moment(&text);
        }
    }
}
