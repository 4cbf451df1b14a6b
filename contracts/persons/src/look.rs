//! What a look asks for.

use serde::{Deserialize, Serialize};

use crate::Kind;

/// The most persons that a hit list shows: a longer one is refused.
pub const MAX_HITS: usize = 20;

/// A group of data that a look asks for, a permission allows and a record names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Addresses.
    Address,
    /// Date and place of birth.
    Birth,
    /// Custody and limits of legal capacity.
    Capacity,
    /// Personal codes.
    Codes,
    /// Parents, children, spouse.
    Family,
    /// Whether a death is reported or confirmed.
    Life,
    /// Foreign means, passports, technical codes.
    Links,
    /// Names in all forms.
    Names,
    /// Sex.
    Sex,
    /// Legal status and citizenship.
    Status,
}

impl Group {
    /// Every group with its stable name.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Address, "address"),
        (Self::Birth, "birth"),
        (Self::Capacity, "capacity"),
        (Self::Codes, "codes"),
        (Self::Family, "family"),
        (Self::Life, "life"),
        (Self::Links, "links"),
        (Self::Names, "names"),
        (Self::Sex, "sex"),
        (Self::Status, "status"),
    ];

    /// The stable name: what records and permissions carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(group, _)| *group == self).map_or("", |(_, name)| name)
    }

    /// The group of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(group, _)| *group)
    }

    /// The group that shows facts of `kind`; none for those that no look shows.
    #[must_use]
    pub fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Address => Self::Address,
            Kind::Birth => Self::Birth,
            Kind::Capacity | Kind::Custody => Self::Capacity,
            Kind::Citizenship | Kind::Status => Self::Status,
            Kind::Code => Self::Codes,
            Kind::Death => Self::Life,
            Kind::Link => Self::Links,
            Kind::Marital | Kind::Parent => Self::Family,
            Kind::Name => Self::Names,
            Kind::Sex => Self::Sex,
            Kind::Protection => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_groups_name_is_its_json() {
        for (group, name) in Group::ALL {
            assert_eq!(serde_json::to_string(&group).unwrap(), format!("\"{name}\""));
            assert_eq!(Group::named(name), Some(group));
        }
        assert_eq!(Group::named("everything"), None);
    }
}
