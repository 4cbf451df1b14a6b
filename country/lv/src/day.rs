//! Days written in tables of rules.

use base::Date;

/// The day `year-month-day`, for constants only: a day that does not exist stops the build.
pub(crate) const fn day(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}
