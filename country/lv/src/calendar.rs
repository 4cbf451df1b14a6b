//! The country's date and clock: Europe/Riga.

use std::sync::OnceLock;

use base::{Date, Time};
use jiff::tz::TimeZone;

/// The zone, from the bundled database; without it the rule in force since 1996.
fn zone() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| {
        TimeZone::get("Europe/Riga")
            .or_else(|_| TimeZone::posix("EET-2EEST,M3.5.0/3,M10.5.0/4"))
            .unwrap_or(TimeZone::UTC)
    })
}

/// The date that calendars in the country show at `at`.
#[must_use]
pub fn date(at: Time) -> Date {
    zone().to_datetime(at.timestamp()).date()
}

/// The moment at which `day` begins in the country; none beyond the calendar.
#[must_use]
pub fn day_begins(day: Date) -> Option<Time> {
    zone().to_timestamp(day.at(0, 0, 0, 0)).ok().map(Time::from)
}

/// Date, time to the second and offset, as pages show a moment: `2026-05-12 14:41:00 +03:00` (R27).
#[must_use]
pub fn shown(at: Time) -> String {
    let at = at.floor().timestamp();
    let minutes = zone().to_offset(at).seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    let local = zone().to_datetime(at);
    format!("{} {} {sign}{hours:02}:{minutes:02}", local.date(), local.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_in_riga() {
        let date_at = |text: &str| date(text.parse().unwrap()).to_string();
        assert_eq!(date_at("2026-11-25T21:59:59Z"), "2026-11-25");
        assert_eq!(date_at("2026-11-25T22:00:00Z"), "2026-11-26");
        assert_eq!(date_at("2026-06-25T21:00:00Z"), "2026-06-26");
        assert_eq!(day_begins("2026-06-26".parse().unwrap()), "2026-06-25T21:00:00Z".parse().ok());
    }

    #[test]
    fn older_days_follow_the_clock_of_their_time() {
        let noon: Time = "1985-01-15T12:00:00Z".parse().unwrap();
        assert_eq!(shown(noon), "1985-01-15 15:00:00 +03:00", "the database is there");
    }

    #[test]
    fn a_page_shows_the_offset() {
        assert_eq!(shown("2026-05-12T11:41:00.5Z".parse().unwrap()), "2026-05-12 14:41:00 +03:00");
        assert_eq!(shown("2026-11-25T08:00:00Z".parse().unwrap()), "2026-11-25 10:00:00 +02:00");
    }
}
