//! Numbers and sizes as each language writes them.

use base::Locale;

/// Digits in groups of three: `1 204` with no-break spaces in Latvian, `1,204` in English.
pub(crate) fn grouped(number: u64, locale: Locale) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(if locale == Locale::En { ',' } else { '\u{a0}' });
        }
        out.push(digit);
    }
    out
}

/// A size in bytes, in steps of 1024 with one decimal below ten: `214 KB`, `1,3 MB`.
pub(crate) fn size(bytes: u64, locale: Locale) -> String {
    let units = ["B", "KB", "MB", "GB"];
    let mut scale = 1_u64;
    let mut unit = 0;
    while unit + 1 < units.len() && bytes / scale >= 1024 {
        scale *= 1024;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or_default();
    let tenths = bytes.saturating_mul(10).saturating_add(scale / 2) / scale;
    let whole = if scale > 1 && tenths < 100 && !tenths.is_multiple_of(10) {
        let mark = if locale == Locale::En { '.' } else { ',' };
        format!("{}{mark}{}", tenths / 10, tenths % 10)
    } else {
        grouped((tenths + 5) / 10, locale)
    };
    format!("{whole}\u{a0}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(1204, Locale::Lv), "1\u{a0}204");
        assert_eq!(grouped(61_377_000, Locale::En), "61,377,000");
        assert_eq!(grouped(999, Locale::En), "999");
        assert_eq!(grouped(0, Locale::Lv), "0");
    }

    #[test]
    fn sizes_have_one_decimal_below_ten() {
        assert_eq!(size(214 * 1024, Locale::Lv), "214\u{a0}KB");
        assert_eq!(size(1_363_149, Locale::Lv), "1,3\u{a0}MB");
        assert_eq!(size(1_363_149, Locale::En), "1.3\u{a0}MB");
        assert_eq!(size(17, Locale::En), "17\u{a0}B");
        assert_eq!(size(50 * 1024 * 1024, Locale::En), "50\u{a0}MB");
        let most = size(u64::MAX, Locale::En);
        assert!(most.ends_with("GB"), "{most}");
    }
}
