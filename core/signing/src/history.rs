//! What a person was asked to sign, and what came of it.

use audit::Seen;
use base::Digest;
use links::Asked;
use signing_contract::{History, Shown, Signing as Entry, SigningOutcome, Signings};
use store::{StoreError, Tx};
use x509::Certificate;

use crate::activation::{ActivationRow, ItemRow};
use crate::failed::Failed;
use crate::life::Life;
use crate::record::{Asker, sight};
use crate::session::person;
use crate::sign::Signing;

/// How many documents of one approval are listed.
const SHOWN: u32 = 10;

impl Signing {
    /// Reads and is recorded, as every look at what a person did.
    pub(crate) async fn history(&self, asked: Asked, ask: History) -> Result<Signings, Failed> {
        let (person, _) = person(&asked)?;
        let before = match ask.before {
            Some(id) => Some(self.own_activation(&id, person).await?),
            None => None,
        };
        let before = before.map(|row| (row.at, row.id));
        let system = asked.from.to_string();
        let asker = Asker {
            person,
            system: &system,
            channel: asked.from.part(),
            acting_for: &asked.acting_for,
        };
        let look = self.look(&asker, "signing/history", "history");
        let seen = self.parts.log.seen("signing.history", &look, move |tx| {
            let rows = ActivationRow::newest(tx, person, before)?;
            let sights = rows.first().map(sight).into_iter().collect();
            let signings: Result<Vec<_>, _> = rows.iter().map(|row| entry(tx, row)).collect();
            Ok::<_, Failed>(Seen::returned(Signings { signings: signings? }, sights))
        });
        seen.await
    }
}

fn entry(tx: &mut Tx, row: &ActivationRow) -> Result<Entry, StoreError> {
    let items = ItemRow::page(tx, row.id, (0, SHOWN))?;
    let certificate = Certificate::parse(&row.fixed.certificate.0);
    let serial = certificate.map(|own| base::hex(own.serial())).unwrap_or_default();
    Ok(Entry {
        id: row.id.to_string(),
        at: row.at,
        client: row.fixed.client.clone(),
        place: row.fixed.place.clone(),
        serial,
        control_code: row.fixed.code,
        count: row.fixed.count,
        shown: items.into_iter().map(shown).collect(),
        outcome: outcome(&row.life),
    })
}

fn shown(item: ItemRow) -> Shown {
    Shown {
        label: item.label,
        media_type: item.media_type,
        size: u64::try_from(item.size).unwrap_or(0),
        digest: Digest(item.digest),
    }
}

fn outcome(life: &Life) -> SigningOutcome {
    match life {
        Life::Finished { document: Some(document) } => {
            SigningOutcome::Signed { document: document.clone() }
        }
        Life::Finished { document: None } => SigningOutcome::Elsewhere,
        Life::Refused { .. } => SigningOutcome::Refused,
        Life::Expired => SigningOutcome::Expired,
        Life::Failed { why } => SigningOutcome::NotSigned { why: why.clone() },
        _ => SigningOutcome::Open,
    }
}
