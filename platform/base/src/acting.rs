//! For whom somebody acts (R37).

use serde::{Deserialize, Serialize};

use crate::{PersonId, Time};

/// For whom a person acts: part of every session, call, record and signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ActingFor {
    /// For themselves.
    #[default]
    Own,
    /// For another, on a basis that evidence shows.
    Another {
        /// The one acted for.
        principal: PersonId,
        /// Why it is allowed.
        basis: Basis,
        /// What is allowed, in the basis's own words.
        scope: String,
        /// Until when it holds.
        until: Time,
    },
}

/// On what ground one person acts for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A court's decision.
    Court,
    /// Custody of a child.
    Custody,
    /// Employment.
    Employment,
    /// An office held.
    Office,
    /// A power of attorney.
    PowerOfAttorney,
}
