//! Legal status (tiesiskais statuss): apart from citizenship (R16).

use base::{Date, Rule};

use crate::day::day;

/// What a person is to the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegalStatus {
    /// Pilsonis: a citizen.
    Citizen,
    /// Nepilsonis: a non-citizen, who is neither stateless nor of unknown nationality.
    NonCitizen,
    /// Bezvalstnieks: a stateless person.
    Stateless,
    /// Bēglis: a refugee.
    Refugee,
    /// Persona ar alternatīvo statusu: a person under subsidiary protection.
    AlternativeStatus,
    /// Ārzemnieks: a foreigner; the register states the ground of the entry beside it.
    Foreigner,
}

impl LegalStatus {
    /// Every status with its stable name and its official one.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Citizen, "citizen", "pilsonis"),
        (Self::NonCitizen, "non-citizen", "nepilsonis"),
        (Self::Stateless, "stateless", "bezvalstnieks"),
        (Self::Refugee, "refugee", "bēglis"),
        (Self::AlternativeStatus, "alternative-status", "persona ar alternatīvo statusu"),
        (Self::Foreigner, "foreigner", "ārzemnieks"),
    ];

    /// The stable name: what facts carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The official name, in Latvian.
    #[must_use]
    pub fn official(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// The status of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Whether the register must state on what ground such a person is in it.
    #[must_use]
    pub fn needs_ground(self) -> bool {
        self == Self::Foreigner
    }
}

/// A list of codes that others render a status into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeList {
    /// `nationality` of the person identification data: two letters, `QU`, `QS`.
    Pid,
    /// Nationality in the machine-readable zone. Spec: ICAO Doc 9303-3 §5.
    Mrz,
}

/// No row says how this status is rendered into this list on this day: refused, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no rule says how this legal status is rendered into that code list")]
pub struct NoRendering;

struct Row {
    status: LegalStatus,
    list: CodeList,
    code: Code,
}

enum Code {
    Fixed(&'static str),
    OwnCitizenship,
}

const fn row(
    id: &'static str,
    source: &'static str,
    from: Date,
    row: (LegalStatus, CodeList, Code),
) -> Rule<Row> {
    let (status, list, code) = row;
    Rule { id, source, applies_from: from, applies_to: None, says: Row { status, list, code } }
}

const PID_ANNEX: &str = "CIR (EU) 2024/2977 annex as replaced by 2026/1731, from 11.8.2026";
const MRZ_TABLE: &str = "ICAO Doc 9303-3 §5";

/// The table. A non-citizen has no row: no act read says what their nationality is in either list.
static ROWS: [Rule<Row>; 6] = {
    use CodeList::{Mrz, Pid};
    use LegalStatus::{Citizen, Foreigner, Refugee, Stateless};
    let annex = day(2026, 8, 11);
    let always = day(2000, 1, 1);
    [
        row("pid.citizen", PID_ANNEX, annex, (Citizen, Pid, Code::Fixed(crate::COUNTRY))),
        row("pid.foreigner", PID_ANNEX, annex, (Foreigner, Pid, Code::OwnCitizenship)),
        row("pid.stateless", PID_ANNEX, annex, (Stateless, Pid, Code::Fixed("QS"))),
        row("mrz.citizen", MRZ_TABLE, always, (Citizen, Mrz, Code::Fixed("LVA"))),
        row("mrz.stateless", MRZ_TABLE, always, (Stateless, Mrz, Code::Fixed("XXA"))),
        row("mrz.refugee", MRZ_TABLE, always, (Refugee, Mrz, Code::Fixed("XXB"))),
    ]
};

/// What `list` calls a person of `status` on `on`; `citizenship`: two letters, where they have one.
///
/// # Errors
/// [`NoRendering`] without a row, or where the row takes a citizenship and there is none.
pub fn rendered(
    status: LegalStatus,
    citizenship: Option<&str>,
    list: CodeList,
    on: Date,
) -> Result<String, NoRendering> {
    let says = |rule: &&Rule<Row>| rule.says.status == status && rule.says.list == list;
    let rule = ROWS.iter().rev().filter(|rule| rule.holds_on(on)).find(says).ok_or(NoRendering)?;
    match rule.says.code {
        Code::Fixed(code) => Ok(code.to_owned()),
        Code::OwnCitizenship => citizenship.map(str::to_owned).ok_or(NoRendering),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_rendered_by_a_row_or_refused() {
        let on = day(2026, 12, 24);
        let pid = |status, citizenship| rendered(status, citizenship, CodeList::Pid, on);
        assert_eq!(pid(LegalStatus::Citizen, None).as_deref(), Ok("LV"));
        assert_eq!(pid(LegalStatus::Foreigner, Some("EE")).as_deref(), Ok("EE"));
        assert_eq!(pid(LegalStatus::Stateless, None).as_deref(), Ok("QS"));
        assert_eq!(pid(LegalStatus::Foreigner, None), Err(NoRendering));
        for list in [CodeList::Pid, CodeList::Mrz] {
            let refused = rendered(LegalStatus::NonCitizen, Some("LV"), list, on);
            assert_eq!(refused, Err(NoRendering), "a non-citizen is not guessed");
        }
    }

    #[test]
    fn no_row_holds_before_its_day() {
        let before = rendered(LegalStatus::Citizen, None, CodeList::Pid, day(2026, 8, 10));
        assert_eq!(before, Err(NoRendering));
    }

    #[test]
    fn names_are_read_back() {
        for (status, name, official) in LegalStatus::ALL {
            assert_eq!(LegalStatus::named(name), Some(status));
            assert_eq!((status.name(), status.official()), (name, official));
        }
        assert_eq!(LegalStatus::named("pilsonis"), None);
    }
}
