//! What a phone shows of a login: the request's bytes.

use std::collections::BTreeSet;
use std::time::Duration;

use activation_contract::{Request, RequestKind};
use base::{Id, Locale, PersonId};

use crate::ask::Ask;
use crate::failed::Failed;
use crate::{Client, Identity};

/// How long eight characters can be claimed.
pub(crate) const CLAIMED_WITHIN: Duration = Duration::from_secs(60);

/// How long those of a device grant can be claimed.
pub(crate) const GRANT: Duration = Duration::from_mins(5);

/// How long a phone may take.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_mins(5);

/// For whom a login is asked.
pub(crate) enum Addressee {
    /// Whoever claims it within this time.
    Whoever(Duration),
    /// The phones of a person, or of nobody, addressed from this browser.
    Person(Option<PersonId>, Vec<u8>),
}

impl Identity {
    /// The ask of a login at `client`, who gets `claims`, begun at `place`.
    pub(crate) fn login_ask(
        &self,
        client: &Client,
        claims: &BTreeSet<String>,
        place: &str,
        to: Addressee,
    ) -> Result<Ask, Failed> {
        let (now, chance) = (self.now(), self.chance.as_ref());
        let claim_until = match to {
            Addressee::Whoever(within) => now.plus(within),
            Addressee::Person(..) => now,
        };
        let until = claim_until.plus(ANSWERED_WITHIN);
        let request = Request {
            id: Id::<Ask>::random(chance).to_string(),
            client: client.id.clone(),
            client_name: Locale::ALL.map(|l| (l, client.named(l).to_owned())).to_vec(),
            purpose: Locale::ALL.map(|l| (l, client.wants(l).to_owned())).to_vec(),
            kind: RequestKind::Login {
                claims: claims.iter().cloned().collect(),
                level: country::DEMO_ACR.to_owned(),
            },
            place: place.to_owned(),
            at: now,
            until,
        };
        let bytes = serde_json::to_vec(&request)?;
        let ask = Ask::new(true, &client.id, (request.id, bytes), [now, claim_until, until]);
        Ok(match to {
            Addressee::Whoever(_) => ask.open(chance),
            Addressee::Person(person, browser) => ask.addressed(person, browser, chance),
        })
    }
}
