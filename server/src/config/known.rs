//! Who is known to an installation from outside it: clients that log people in, and systems that
//! may call the register.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Digest, Locale};
use identity::Proves;
use links::Party;
use persons::Permission;
use persons_contract::Group;
use serde::Deserialize;

/// A client of the identity platform: `[[clients]]`. At each start it is put as it stands here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenidClient {
    /// Its id: 1 to 64 letters, digits or `-_.`.
    pub(crate) id: String,
    /// Its name as people read it, by language.
    name: BTreeMap<Locale, String>,
    /// What it wants logins for, by language.
    purpose: BTreeMap<Locale, String>,
    /// Where answers may go.
    redirect_uris: Vec<String>,
    /// Where a browser may be sent after signing out.
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    /// What it may ask for.
    #[serde(default = "scopes")]
    scopes: Vec<String>,
    /// Whose subjects it shares; its own when nothing is said.
    sector: Option<String>,
    /// The SHA-256 of its secret, hexadecimal.
    secret_sha256: Option<Digest>,
    /// Whether nothing is given to it any more.
    #[serde(default)]
    closed: bool,
}

fn scopes() -> Vec<String> {
    ["openid", "profile"].map(str::to_owned).to_vec()
}

impl OpenidClient {
    /// As the identity platform keeps it.
    pub(crate) fn client(&self) -> identity::Client {
        let said = |texts: &BTreeMap<Locale, String>| texts.clone().into_iter().collect();
        identity::Client {
            id: self.id.clone(),
            name: said(&self.name),
            purpose: said(&self.purpose),
            proves: match self.secret_sha256 {
                Some(digest) => Proves::Secret { digest },
                None => Proves::Nothing,
            },
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            sector: self.sector.clone().unwrap_or_else(|| self.id.clone()),
            scopes: self.scopes.clone(),
            device: false,
            without_pkce: false,
            party: None,
            closed: self.closed,
        }
    }
}

/// A date in quotation marks: `"2026-05-12"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Day(Date);

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|_| "a date is written \"2026-05-12\"")
    }
}

/// A permission in the register: `[[permissions]]`. What was once granted under a number stays as
/// it was; only its end can be set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Granted {
    /// Its number.
    number: String,
    /// The system that may use it, as its transport certificate names it.
    system: Party,
    /// The institution that answers for it.
    organisation: String,
    /// Operations: `persons/find`.
    operations: BTreeSet<String>,
    /// Purposes.
    purposes: BTreeSet<String>,
    /// Groups of data.
    groups: BTreeSet<Group>,
    /// As which kind of writer it writes; without it, it does not.
    writer: Option<String>,
    /// The act and clause.
    legal_basis: String,
    /// The first day.
    valid_from: Day,
    /// The first day on which it holds no more.
    valid_to: Option<Day>,
}

impl Granted {
    /// As the register keeps it.
    pub(crate) fn permission(&self) -> Permission {
        Permission {
            number: self.number.clone(),
            system: self.system.to_string(),
            organisation: self.organisation.clone(),
            operations: self.operations.clone(),
            purposes: self.purposes.clone(),
            groups: self.groups.clone(),
            writer: self.writer.clone(),
            beyond: BTreeSet::new(),
            legal_basis: self.legal_basis.clone(),
            valid_from: self.valid_from.0,
            valid_to: self.valid_to.map(|day| day.0),
        }
    }
}
