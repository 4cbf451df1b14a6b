//! One household: a person alone or a couple, with children.

use base::{Date, Identifier, PartialDate, PersonId};
use country::{Form, Gendered, LegalStatus, PersonalCode};
use jiff::ToSpan;
use persons_contract::{CodeReason, NameForm, Sex, Value};

use crate::country::Country;
use crate::entry::Newcomer;
use crate::stream::Stream;
use crate::{names, place};

/// The most people of one household.
pub(crate) const LARGEST: usize = 6;

/// Where a household stands in the stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Household {
    pub(crate) country: Country,
    pub(crate) number: u64,
    /// The number of its first person: codes follow from it.
    pub(crate) first: u64,
    /// The most people there is room for.
    pub(crate) room: usize,
}

/// What is drawn of a person before the entry is filled.
#[derive(Clone, Debug)]
struct Sketch {
    id: PersonId,
    sex: Sex,
    born: Date,
    given: (String, Option<String>),
    died: Option<Date>,
}

/// A marriage and the surname that came of it.
#[derive(Clone, Copy, Debug)]
struct Marriage {
    since: Date,
    spouse: PersonId,
    until: Option<Date>,
}

/// The first day of codes that carry no birth date.
const NEW_CODES: (i16, i8, i8) = (2017, 7, 1);

impl Household {
    pub(crate) fn people(&self) -> Vec<Newcomer> {
        let chance = Stream::of(self.country.seed, self.number.wrapping_add(1));
        if chance.happens(60) {
            return vec![self.foreigner(&chance)];
        }
        let eastern = chance.happens(200);
        let couple = chance.happens(650) && self.room >= 2;
        if couple { self.couple(eastern, &chance) } else { vec![self.alone(eastern, &chance)] }
    }

    fn alone(&self, eastern: bool, chance: &Stream) -> Newcomer {
        let sex = if chance.happens(550) { Sex::Female } else { Sex::Male };
        let one = self.sketch(sex, chance.between(19, 95), eastern, chance);
        let family = family(eastern, chance);
        let entry = Newcomer::new(one.id).named(
            (NameForm::National, &one.given.0, names::form(&family.0, sex)),
            Some(one.born),
            None,
        );
        let entry = native(entry, &one, &family);
        let entry = entry.fact(
            Value::Marital { status: "single".to_owned(), spouse: None },
            Some(one.born),
            None,
        );
        let moved = self.between(one.born, self.country.today, chance);
        self.finished(entry, (&one, 0), (eastern, moved, place::address(chance)), chance)
    }

    /// Wife, husband, children.
    fn couple(&self, eastern: bool, chance: &Stream) -> Vec<Newcomer> {
        let age = chance.between(20, 88);
        let wife = self.sketch(Sex::Female, age, eastern, chance);
        let husband =
            self.sketch(Sex::Male, (age + chance.between(-1, 8)).max(20), eastern, chance);
        let since = self.later(wife.born.max(husband.born), chance.between(19, age.min(34)));
        let until = [wife.died, husband.died].into_iter().flatten().min();
        let (own, family) = (names::surname(chance), family(eastern, chance));
        let address = place::address(chance);
        let moved = self.between(since, self.country.today, chance);
        let home = || (eastern, moved, address.clone());

        let marriage = |spouse: &Sketch| Marriage { since, spouse: spouse.id, until };
        let bride = named_wife(&wife, &own, &family, since, chance);
        let bride = married(bride, &wife, marriage(&husband));
        let groom = Newcomer::new(husband.id).named(
            (NameForm::National, &husband.given.0, &family.0.masculine),
            Some(husband.born),
            None,
        );
        let groom = married(native(groom, &husband, &family), &husband, marriage(&wife));
        let mut people = vec![
            self.finished(bride, (&wife, 0), home(), chance),
            self.finished(groom, (&husband, 1), home(), chance),
        ];
        let count = usize::try_from(chance.between(0, 4)).unwrap_or(0).min(self.room - 2);
        for (number, child) in
            (2..).zip(self.children(&wife, &husband, eastern, chance)).take(count)
        {
            let entry = Newcomer::new(child.id)
                .named(
                    (NameForm::National, &child.given.0, names::form(&family.0, child.sex)),
                    Some(child.born),
                    None,
                )
                .child_of(&[wife.id, husband.id], child.born);
            let entry = native(entry, &child, &family);
            people.push(self.finished(entry, (&child, number), home(), chance));
        }
        people
    }

    /// Up to four children, born while the mother was 20 to 42 and both parents lived.
    fn children(
        &self,
        wife: &Sketch,
        husband: &Sketch,
        eastern: bool,
        chance: &Stream,
    ) -> Vec<Sketch> {
        let dead = [wife.died, husband.died].into_iter().flatten().min();
        let end = dead.unwrap_or(self.country.today);
        let mut years = 19;
        let mut children = Vec::new();
        for _ in 0..LARGEST - 2 {
            years += chance.between(1, 6);
            let born = days_after(wife.born, years * 365 + years / 4 + chance.between(0, 180));
            let sex = if chance.happens(487) { Sex::Female } else { Sex::Male };
            let child = Sketch { born, died: None, ..self.sketch(sex, 1, eastern, chance) };
            if years <= 42 && born < end {
                children.push(child);
            }
        }
        children
    }

    fn foreigner(&self, chance: &Stream) -> Newcomer {
        let sex = if chance.happens(450) { Sex::Female } else { Sex::Male };
        let one = self.sketch(sex, chance.between(20, 70), false, chance);
        let arrived = self.between(one.born, self.country.today, chance);
        let origin = chance.one(&ORIGINS).copied().unwrap_or_default();
        let (national, original) = match sex {
            Sex::Female => (origin.woman, origin.woman_original),
            Sex::Male => (origin.man, origin.man_original),
        };
        let split = |name: &'static str| name.split_once(' ').unwrap_or((name, ""));
        let ((given, surname), (own_given, own_surname)) = (split(national), split(original));
        let entry = Newcomer::new(one.id)
            .named((NameForm::National, given, surname), Some(arrived), None)
            .named((NameForm::Original, own_given, own_surname), None, None)
            .born(PartialDate::Day(one.born), sex, origin.country);
        let entry = match chance.between(0, 999) {
            0..40 => entry.status(LegalStatus::Stateless, None),
            40..90 => entry.status(LegalStatus::Refugee, None),
            90..150 => entry.status(LegalStatus::AlternativeStatus, None),
            _ => entry
                .status(LegalStatus::Foreigner, Some("residence-permit"))
                .citizen_of(origin.country),
        };
        let entry = self.coded(entry, (self.first, arrived, false), chance);
        entry.fact(place::address(chance), Some(arrived), None)
    }

    fn sketch(&self, sex: Sex, age: i64, eastern: bool, chance: &Stream) -> Sketch {
        let today = self.country.today;
        let born = days_after(today, -(age * 36525 / 100 + chance.between(0, 364)));
        let old = age > 68 && chance.happens(150);
        let died = self.between(days_after(born, 66 * 366), today, chance);
        let second = names::given(sex, chance);
        let first = match (eastern, sex) {
            (false, _) => (names::given(sex, chance), None),
            (true, Sex::Female) => pair(chance.one(&names::EASTERN_WOMEN)),
            (true, Sex::Male) => pair(chance.one(&names::EASTERN_MEN)),
        };
        let both = !eastern && chance.happens(200) && second != first.0;
        let given = if both { format!("{} {second}", first.0) } else { first.0.to_owned() };
        let given = (given, first.1.map(str::to_owned));
        Sketch { id: chance.id(), sex, born, given, died: old.then_some(died) }
    }

    /// Birth, status, codes, address, death, protection.
    fn finished(
        &self,
        entry: Newcomer,
        (one, number): (&Sketch, u64),
        (eastern, moved, address): (bool, Date, Value),
        chance: &Stream,
    ) -> Newcomer {
        let entry = entry.born(PartialDate::Day(one.born), one.sex, country::COUNTRY);
        let non_citizen = eastern && one.born.year() < 1991 && chance.happens(350);
        let entry = if non_citizen {
            entry.status(LegalStatus::NonCitizen, None)
        } else {
            entry.status(LegalStatus::Citizen, None).citizen_of(country::COUNTRY)
        };
        let entry = self.coded(entry, (self.first + number, one.born, chance.happens(80)), chance);
        let entry = entry.fact(address, Some(moved.max(one.born)), None);
        let entry = match one.died {
            Some(on) => entry.died(on, format!("SYN-{:07}", self.first + number)),
            None => entry,
        };
        match chance.happens(2) {
            true => entry.always(Value::Protection { level: 1 }),
            false => entry,
        }
    }

    /// The code given at `from`, and another where it was changed.
    fn coded(
        &self,
        entry: Newcomer,
        (number, from, changed): (u64, Date, bool),
        chance: &Stream,
    ) -> Newcomer {
        let (year, month, day) = NEW_CODES;
        let new_since = Date::new(year, month, day).unwrap_or(from);
        let new = code(Form::New, number);
        let Some(old) = code(Form::Old, number) else { return entry };
        match new {
            Some(new) if from >= new_since => entry.coded(new, CodeReason::First, from, None),
            Some(new) if changed => {
                let on = self.between(days_after(new_since, 1), self.country.today, chance);
                entry.coded(old, CodeReason::First, from, Some(on)).coded(
                    new,
                    CodeReason::Voluntary,
                    on,
                    None,
                )
            }
            _ => entry.coded(old, CodeReason::First, from, None),
        }
    }

    /// A day of `[from, to)`; `from` itself when there is none.
    fn between(&self, from: Date, to: Date, chance: &Stream) -> Date {
        let span = from.until(to).map_or(0, |span| i64::from(span.get_days()));
        days_after(from, chance.between(0, (span - 1).max(0)))
    }

    /// The day `years` after, but not after yesterday.
    fn later(&self, from: Date, years: i64) -> Date {
        days_after(from, years * 365 + years / 4 + 1).min(days_after(self.country.today, -1))
    }
}

/// The synthetic code of a form with a number, as facts carry it.
pub(crate) fn code(form: Form, number: u64) -> Option<Identifier> {
    PersonalCode::synthetic(form, number).map(|code| code.identifier())
}

/// The day `days` after, held at the ends of the calendar.
pub(crate) fn days_after(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// A family's surname, and how it is written in its own script where that is another.
type Family = (Gendered, Option<names::Foreign>);

fn family(eastern: bool, chance: &Stream) -> Family {
    let foreign = eastern.then(|| chance.one(&names::EASTERN_SURNAMES).copied()).flatten();
    match foreign {
        Some(row) => (Gendered::from_masculine(row.0), Some(row)),
        None => (names::surname(chance), None),
    }
}

fn pair(row: Option<&(&'static str, &'static str)>) -> (&'static str, Option<&'static str>) {
    row.map_or(("", None), |(national, native)| (*national, Some(*native)))
}

/// Adds the native form where the person has one.
fn native(entry: Newcomer, one: &Sketch, family: &Family) -> Newcomer {
    match (&one.given.1, family.1) {
        (Some(given), Some((_, _, man, woman))) => {
            let surname = if one.sex == Sex::Female { woman } else { man };
            entry.named((NameForm::Native, given, surname), None, None)
        }
        _ => entry,
    }
}

/// A wife's names: four of five took the family's.
fn named_wife(
    wife: &Sketch,
    own: &Gendered,
    family: &Family,
    since: Date,
    chance: &Stream,
) -> Newcomer {
    let (entry, given) = (Newcomer::new(wife.id), &wife.given.0);
    let (own, theirs) = (&own.feminine, &family.0.feminine);
    let born = Some(wife.born);
    if chance.happens(200) || own == theirs {
        return entry.named((NameForm::National, given, own), born, None);
    }
    entry
        .named((NameForm::Birth, given, own), born, None)
        .named((NameForm::National, given, own), born, Some(since))
        .named((NameForm::National, given, theirs), Some(since), None)
}

fn married(entry: Newcomer, one: &Sketch, marriage: Marriage) -> Newcomer {
    let Marriage { since, spouse, until } = marriage;
    let status = |status: &str, spouse| Value::Marital { status: status.to_owned(), spouse };
    let entry = entry.fact(status("single", None), Some(one.born), Some(since)).fact(
        status("married", Some(spouse)),
        Some(since),
        until,
    );
    match until {
        Some(until) if one.died.is_none_or(|died| died > until) => {
            entry.fact(status("widowed", None), Some(until), None)
        }
        _ => entry,
    }
}

/// Where foreigners come from, and the names they bring.
#[derive(Clone, Copy, Debug, Default)]
struct Origin {
    country: &'static str,
    woman: &'static str,
    woman_original: &'static str,
    man: &'static str,
    man_original: &'static str,
}

const fn origin(
    country: &'static str,
    [woman, woman_original]: [&'static str; 2],
    [man, man_original]: [&'static str; 2],
) -> Origin {
    Origin { country, woman, woman_original, man, man_original }
}

static ORIGINS: [Origin; 6] = [
    origin("EE", ["Kadri Kaska", "Kadri Kask"], ["Jāns Sāre", "Jaan Saare"]),
    origin(
        "LT",
        ["Ruta Kazlauskiene", "Rūta Kazlauskienė"],
        ["Jons Petrausks", "Jonas Petrauskas"],
    ),
    origin("DE", ["Heike Millere", "Heike Müller"], ["Jirgens Šmits", "Jürgen Schmidt"]),
    origin("FI", ["Aino Virtanena", "Aino Virtanen"], ["Juhani Korhonens", "Juhani Korhonen"]),
    origin("PL", ["Anna Kovaļska", "Anna Kowalska"], ["Jans Novaks", "Jan Nowak"]),
    origin(
        "UA",
        ["Oksana Ševčenko", "Oksana Shevchenko"],
        ["Tarass Bondarenko", "Taras Bondarenko"],
    ),
];
