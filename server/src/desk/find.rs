//! Who is in front of the officer, by personal code, where the register permits the desk to look.

use links::{Call, CallFault, Link, OnBehalf};
use persons_contract::{FindPerson, FindRefusal, Group, Life};

use super::{Desk, DeskError, Visitor};

/// What for, in the register's record.
const PURPOSE: &str = "enrolment";

/// How many found people are remembered.
const FOUND: usize = 1000;

/// The way to the register, and the number of the permission to go it.
#[derive(Debug)]
pub(crate) struct Register {
    pub(crate) link: Link,
    pub(crate) permission: String,
}

/// The first page: whom it offers, whether it looks others up, and a code that nobody holds.
#[derive(Clone, Debug)]
pub(super) struct Front<'a> {
    pub(super) people: &'a [Visitor],
    pub(super) finds: bool,
    pub(super) nobodys: Option<String>,
}

impl Desk {
    /// What the first page shows.
    pub(super) fn front(&self, nobodys: Option<String>) -> Front<'_> {
        Front { people: self.people(), finds: self.parts.register.is_some(), nobodys }
    }

    /// The living person who holds a personal code. The register records the look.
    ///
    /// # Errors
    /// [`DeskError::Nobody`], also for what is no code; [`DeskError::Register`].
    pub(super) async fn find(&self, code: &str) -> Result<Visitor, DeskError> {
        let register = self.parts.register.as_ref().ok_or(DeskError::Unknown)?;
        let code = country::parse(code.trim()).map_err(|_| DeskError::Nobody)?.identifier();
        let groups = [Group::Names, Group::Life].into();
        let look = FindPerson { code, groups, on: None };
        let permission = OnBehalf::Permission { number: register.permission.clone() };
        let found = match register.link.call(Call::new(look, permission, PURPOSE)).await {
            Err(CallFault::Refused(FindRefusal::NotFound)) => return Err(DeskError::Nobody),
            found => found?,
        };
        if found.life() != Life::Alive {
            return Err(DeskError::Nobody);
        }
        let visitor = Visitor { alias: String::new(), person: found.id, name: found.shown_name() };
        let mut all = self.found();
        if all.len() >= FOUND {
            all.clear();
        }
        all.insert(visitor.person, visitor.clone());
        Ok(visitor)
    }
}
