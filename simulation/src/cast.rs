//! The fixed cast for integrators (R56): always the first people of the stream.

use base::{Date, Identifier, PartialDate, PersonId, Scheme};
use country::{Form, LegalStatus};
use persons_contract::{CodeReason, NameForm, Sex, Value};

use crate::country::Country;
use crate::entry::Newcomer;
use crate::household::{code, days_after};
use crate::place;
use crate::stream::Stream;

/// What a member of the cast is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An adult citizen.
    Adult,
    /// A non-citizen.
    NonCitizen,
    /// Fifteen years old.
    Fifteen,
    /// A parent of the child.
    ParentOfChild,
    /// The child of nine.
    ChildOfNine,
    /// A foreigner with two foreign eIDs.
    TwoForeignEids,
    /// Whose code was changed.
    ChangedCode,
    /// Protected: no look finds them.
    Protected,
    /// Deceased, confirmed.
    Deceased,
}

/// A member of the cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastMember {
    /// What commands call them: lower-case ASCII letters (R46).
    pub alias: &'static str,
    /// What they show.
    pub role: Role,
    /// Their id.
    pub person: PersonId,
    /// Their name as documents carry it.
    pub name: String,
    /// The code that they hold now.
    pub code: Option<Identifier>,
}

/// Alias, role, name, sex, day of birth relative to `today` in years and days.
type Part = (&'static str, Role, (&'static str, &'static str), Sex, (i64, i64));

const PARTS: [Part; 9] = {
    use Sex::{Female, Male};
    [
        ("anna", Role::Adult, ("Anna", "Parauga"), Female, (36, 115)),
        ("nadezda", Role::NonCitizen, ("Nadežda", "Piemērova"), Female, (68, 40)),
        ("toms", Role::Fifteen, ("Toms", "Paraugs"), Male, (15, 100)),
        ("ilze", Role::ParentOfChild, ("Ilze", "Piemēra"), Female, (38, 200)),
        ("emils", Role::ChildOfNine, ("Emīls", "Piemērs"), Male, (9, 150)),
        ("mari", Role::TwoForeignEids, ("Mari", "Sepa"), Female, (41, 10)),
        ("karlis", Role::ChangedCode, ("Kārlis", "Maiņa"), Male, (52, 77)),
        ("zane", Role::Protected, ("Zane", "Klusā"), Female, (33, 300)),
        ("arvids", Role::Deceased, ("Arvīds", "Senais"), Male, (81, 5)),
    ]
};

pub(crate) fn members(country: &Country) -> Vec<CastMember> {
    let member = |((alias, role, (given, surname), ..), entry): (Part, Newcomer)| CastMember {
        alias,
        role,
        person: entry.person,
        name: format!("{given} {surname}"),
        code: entry.facts.iter().rev().find_map(|fact| match &fact.value {
            Value::Code { code, .. } if fact.to.is_none() => Some(code.clone()),
            _ => None,
        }),
    };
    PARTS.into_iter().zip(entries(country)).map(member).collect()
}

/// Ids are drawn first, so that parents and children can name each other.
pub(crate) fn entries(country: &Country) -> Vec<Newcomer> {
    let chance = Stream::of(country.seed, 0);
    let ids: Vec<PersonId> = PARTS.iter().map(|_| chance.id()).collect();
    let of = |role: Role| {
        let at = PARTS.iter().position(|part| part.1 == role)?;
        ids.get(at).copied()
    };
    let address = place::address(&chance);
    let scene = Scene { today: country.today, parent: of(Role::ParentOfChild), address };
    (0..).zip(PARTS.iter().zip(&ids)).map(|(n, (part, id))| scene.entry(n, part, *id)).collect()
}

struct Scene {
    today: Date,
    parent: Option<PersonId>,
    address: Value,
}

impl Scene {
    fn entry(&self, number: u64, part: &Part, person: PersonId) -> Newcomer {
        let (alias, role, (given, surname), sex, (years, days)) = *part;
        let born = days_after(self.today, -(years * 36525 / 100 + days));
        let abroad = role == Role::TwoForeignEids;
        let from = if abroad { days_after(self.today, -1500) } else { born };
        let entry = Newcomer { alias: Some(alias), ..Newcomer::new(person) }
            .named((NameForm::National, given, surname), Some(from), None)
            .born(PartialDate::Day(born), sex, if abroad { "EE" } else { country::COUNTRY })
            .fact(self.address.clone(), Some(from), None);
        self.particular(coded(entry, role, number, from), role, born)
    }

    fn particular(&self, entry: Newcomer, role: Role, born: Date) -> Newcomer {
        let citizen =
            |entry: Newcomer| entry.status(LegalStatus::Citizen, None).citizen_of(country::COUNTRY);
        match role {
            Role::NonCitizen => entry
                .named((NameForm::Native, "Надежда", "Пиемерова"), None, None)
                .status(LegalStatus::NonCitizen, None),
            Role::TwoForeignEids => two_eids(entry),
            Role::ChildOfNine => citizen(entry).child_of(self.parent.as_slice(), born),
            Role::Protected => citizen(entry).always(Value::Protection { level: 1 }),
            Role::Deceased => {
                citizen(entry).died(days_after(self.today, -400), "SYN-0000000".to_owned())
            }
            Role::Adult | Role::Fifteen | Role::ParentOfChild | Role::ChangedCode => citizen(entry),
        }
    }
}

/// An adult's first code is of the old form; who has a new one first came to the register late.
/// `anna` did, so that programs that look for a date in a code meet a code without one at once.
fn coded(entry: Newcomer, role: Role, number: u64, from: Date) -> Newcomer {
    let (old, new) = (code(Form::Old, number), code(Form::New, number));
    let (Some(old), Some(new)) = (old, new) else { return entry };
    let since = |year: i16| Date::new(year, 9, 1).unwrap_or(from);
    match role {
        Role::Adult => entry.coded(new, CodeReason::First, since(2019), None),
        Role::TwoForeignEids => entry.coded(new, CodeReason::First, from, None),
        Role::ChildOfNine if from >= since(2017) => entry.coded(new, CodeReason::First, from, None),
        Role::ChangedCode => entry.coded(old, CodeReason::First, from, Some(since(2024))).coded(
            new,
            CodeReason::Voluntary,
            since(2024),
            None,
        ),
        _ => entry.coded(old, CodeReason::First, from, None),
    }
}

/// Two means of two countries; the numbers begin with a digit that neither country gives.
fn two_eids(entry: Newcomer) -> Newcomer {
    let link = |entry: Newcomer, country: &str, value: &str, issuer: &str| {
        let Ok(identifier) = Identifier::new(Scheme::Pno, country, value) else { return entry };
        entry.always(Value::Link {
            identifier,
            issuer: issuer.to_owned(),
            loa: Some("high".to_owned()),
            evidence: "synthetic".to_owned(),
        })
    };
    let entry = link(entry, "EE", "99900000015", "synthetic means of Estonia");
    link(entry, "LT", "99900000026", "synthetic means of Lithuania")
        .named((NameForm::Original, "Mari", "Sepp"), None, None)
        .status(LegalStatus::Foreigner, Some("registration-certificate"))
        .citizen_of("EE")
}

#[cfg(test)]
mod tests {
    use country::{CheckDigit, PersonalCode, reached};

    use super::*;

    fn country() -> Country {
        Country { seed: 1, population: 100, today: "2026-11-25".parse().unwrap() }
    }

    fn member(role: Role) -> (CastMember, Newcomer) {
        let members = country().cast().into_iter().zip(country().people());
        members.into_iter().find(|(member, _)| member.role == role).unwrap()
    }

    fn birth(entry: &Newcomer) -> PartialDate {
        entry
            .facts
            .iter()
            .find_map(|fact| match fact.value {
                Value::Birth { date, .. } => Some(date),
                _ => None,
            })
            .unwrap()
    }

    #[test]
    fn an_adult_citizen_comes_first() {
        let (anna, entry) = country().cast().into_iter().zip(country().people()).next().unwrap();
        assert_eq!((anna.alias, entry.alias), ("anna", Some("anna")));
        assert_eq!(anna.person, entry.person);
        assert_eq!(reached(birth(&entry), 18, country().today), Some(true));
        let code = PersonalCode::from_identifier(anna.code.as_ref().unwrap()).unwrap();
        assert!(code.is_synthetic() && code.check_digit() == CheckDigit::None);
    }

    #[test]
    fn ages_are_what_the_roles_say() {
        let today = country().today;
        for (role, years) in [(Role::Fifteen, 15), (Role::ChildOfNine, 9)] {
            let born = birth(&member(role).1);
            assert_eq!(reached(born, years, today), Some(true), "{role:?}");
            assert_eq!(reached(born, years + 1, today), Some(false), "{role:?}");
        }
    }

    #[test]
    fn the_child_names_the_parent_and_the_foreigner_has_two_links() {
        let (parent, _) = member(Role::ParentOfChild);
        let (_, child) = member(Role::ChildOfNine);
        assert!(child.facts.iter().any(|fact| fact.value.other() == Some(parent.person)));
        let (_, foreigner) = member(Role::TwoForeignEids);
        let links = foreigner.facts.iter().filter(|f| matches!(f.value, Value::Link { .. }));
        assert_eq!(links.count(), 2);
    }

    #[test]
    fn aliases_are_plain_and_codes_are_there() {
        let cast = country().cast();
        assert_eq!(cast.len(), 9);
        assert!(cast.iter().all(|one| one.alias.bytes().all(|b| b.is_ascii_lowercase())));
        assert!(cast.iter().all(|one| one.code.is_some()));
    }
}
