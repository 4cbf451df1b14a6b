//! Making an activation: what is to be signed is fixed and stored before the phone is asked.

use std::sync::Arc;
use std::time::Duration;

use activation_contract::control_code;
use base::{ActingFor, Bytes, Id, PersonId, Time};
use links::OnBehalf;
use sha2::{Digest as _, Sha256};
use signing_contract::SigningRefusal;
use store::jobs::{self, Job};
use store::{Tx, values};

use crate::activation::{ActivationId, ActivationRow, Fixed, ItemRow};
use crate::carry::CARRY;
use crate::credential::Usable;
use crate::document::DocumentId;
use crate::failed::Failed;
use crate::life::Life;
use crate::phone::{self, PATIENCE};
use crate::record::{Asker, shown, sight};
use crate::sign::{Client, Signing};

/// When a job first looks after an activation; whoever waits for it asks sooner.
const JOB_AFTER: Duration = Duration::from_secs(10);

/// What is left of the evidence when the phone's time is over; and the least time for the phone.
const SPARE: Duration = Duration::from_secs(30);

/// Who wants signatures, as whom.
pub(crate) struct Wanting {
    pub(crate) person: PersonId,
    pub(crate) evidence: String,
    /// Until when the evidence may be used, where that is known.
    pub(crate) evidence_until: Option<Time>,
    pub(crate) client: Client,
    pub(crate) system: String,
    pub(crate) channel: String,
    pub(crate) acting_for: ActingFor,
    /// The caller's idempotency key, scoped to the caller.
    pub(crate) key: Option<String>,
    /// SHA-256 of what was asked: the same key must ask the same.
    pub(crate) asked: [u8; 32],
}

impl Wanting {
    pub(crate) fn on_behalf(&self) -> OnBehalf {
        OnBehalf::Person { evidence: self.evidence.clone() }
    }

    /// Until when the phone may answer: while there is evidence to fetch its answer with.
    fn until(&self, now: Time) -> Result<Time, Failed> {
        let last = self.evidence_until.map_or(Time::from_micros(i64::MAX), |end| end.minus(SPARE));
        let until = last.min(now.plus(PATIENCE));
        if until > now.plus(SPARE) { Ok(until) } else { Err(SigningRefusal::Evidence.into()) }
    }

    /// The id of the activation: that of its key, or of chance.
    fn id(&self, chance: &dyn base::Chance) -> ActivationId {
        let Some(key) = &self.key else { return ActivationId::random(chance) };
        let parts = [b"sakta signing 1".as_slice(), self.person.bytes(), key.as_bytes()];
        spread(&parts)
    }
}

/// The first 16 bytes of SHA-256 over these parts, each with its length before it.
pub(crate) fn spread<T>(parts: &[&[u8]]) -> Id<T> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = digest;
    Id::from_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
}

/// A document of ours that is signed.
pub(crate) struct OfDocument {
    pub(crate) document: DocumentId,
    /// The prepared update, as JSON.
    pub(crate) prepared: Vec<u8>,
}

impl Signing {
    /// The activation that this key began, if it did.
    pub(crate) async fn begun_before(
        &self,
        wanting: &Wanting,
    ) -> Result<Option<ActivationRow>, Failed> {
        if wanting.key.is_none() {
            return Ok(None);
        }
        let id = wanting.id(self.parts.chance.as_ref());
        let read = move |tx: &mut Tx| ActivationRow::find(tx, id);
        let Some(row) = self.parts.store.read("signing.begun", read).await? else {
            return Ok(None);
        };
        same(&row, wanting)?;
        Ok(Some(row))
    }

    /// Stores an activation of these items and asks the phone.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        wanting: &Wanting,
        (usable, place): (&Usable, String),
        items: Vec<ItemRow>,
        of: Option<OfDocument>,
    ) -> Result<ActivationRow, Failed> {
        let row = self.drawn(wanting, (usable, place), &items)?;
        self.stored(&row, items, of).await?;
        let id = row.id;
        self.carried(id, Duration::ZERO).await?;
        let row = self.activation(id).await?;
        same(&row, wanting)?;
        if let Life::Failed { why } = &row.life {
            phone::begun(why)?;
        }
        Ok(row)
    }

    fn drawn(
        &self,
        wanting: &Wanting,
        (usable, place): (&Usable, String),
        items: &[ItemRow],
    ) -> Result<ActivationRow, Failed> {
        let now = self.parts.clock.now();
        let digests = phone::digests(&usable.certificate, items);
        let fixed = Fixed {
            client: wanting.client.id.clone(),
            system: wanting.system.clone(),
            channel: wanting.channel.clone(),
            acting_for: wanting.acting_for.clone(),
            place,
            credential: usable.id,
            certificate: Bytes(usable.certificate.der().to_vec()),
            chain: usable.chain.clone(),
            request: Bytes::default(),
            code: control_code(digests.iter().map(Vec::as_slice)),
            count: u32::try_from(items.len()).unwrap_or(u32::MAX),
        };
        let mut row = ActivationRow::prepared(
            wanting.id(self.parts.chance.as_ref()),
            wanting,
            fixed,
            (now, wanting.until(now)?),
        );
        row.fixed.request = phone::request(&row, (&wanting.client, &usable.certificate), items)?;
        Ok(row)
    }

    async fn stored(
        &self,
        row: &ActivationRow,
        items: Vec<ItemRow>,
        of: Option<OfDocument>,
    ) -> Result<(), Failed> {
        let asker = Asker {
            person: row.owner,
            system: &row.fixed.system,
            channel: &row.fixed.channel,
            acting_for: &row.fixed.acting_for,
        };
        let mut look = self.look(&asker, "signing/begin", &row.id.to_string());
        look.extra = Some(shown(row, &items));
        let own = row.clone();
        let write = move |tx: &mut Tx| {
            if !own.insert(tx, &items)? {
                return Ok(());
            }
            if let Some(OfDocument { document, prepared }) = &of {
                tx.insert(
                    "INSERT INTO signing_session (activation, document, prepared)
                     VALUES ($1, $2, $3)",
                    values![own.id, *document, prepared],
                )?;
            }
            jobs::add(tx, &job(own.id, own.at))?;
            Ok::<_, Failed>(())
        };
        self.parts.log.act("signing.begin", &look, &[sight(row)], write).await
    }
}

fn job(id: ActivationId, at: Time) -> Job {
    Job {
        id: spread(&[CARRY.as_bytes(), id.bytes()]),
        name: CARRY.to_owned(),
        payload: id.bytes().to_vec(),
        due: at.plus(JOB_AFTER),
    }
}

/// The same key by another, or for something else, is refused.
fn same(row: &ActivationRow, wanting: &Wanting) -> Result<(), Failed> {
    let same = row.owner == wanting.person && row.asked == wanting.asked;
    if same { Ok(()) } else { Err(Failed::document("key-reused")) }
}
