//! Carrying an activation on, from wherever it stands: when it is asked about, and by a job.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base::Time;
use signing_contract::SigningRefusal;
use store::Tx;
use store::jobs::{Job, Work, Works};

use crate::activation::{ActivationId, ActivationRow};
use crate::failed::Failed;
use crate::life::{Event, Life};
use crate::record::{is_recorded, sight};
use crate::sign::Signing;

/// The name of the job.
pub(crate) const CARRY: &str = "signing.carry";
/// How long a job waits for a status that is new enough. Spec: PROTOCOLS §8.
const JOB_PATIENCE: Duration = Duration::from_secs(10);
/// How often a job tries: with pauses of up to five minutes, about two weeks.
const TRIES: u32 = 4000;

impl Signing {
    /// Goes on as far as it can within `patience`; each step is stored before the next.
    pub(crate) async fn carried(
        self: &Arc<Self>,
        id: ActivationId,
        patience: Duration,
    ) -> Result<(), Failed> {
        let Some(_taken) = self.taken(id) else { return Ok(()) };
        let until = self.parts.clock.now().plus(patience);
        loop {
            let row = self.activation(id).await?;
            let Some(event) = self.next(&row, until).await? else { return Ok(()) };
            match self.happened(&row, event).await {
                Ok(()) => {}
                // Another process was quicker: it goes on from there.
                Err(Failed::Overtaken) => return Ok(()),
                Err(failed) => return Err(failed),
            }
        }
    }

    /// What happens next; none: not yet, or never.
    async fn next(&self, row: &ActivationRow, until: Time) -> Result<Option<Event>, Failed> {
        let event = match &row.life {
            Life::Prepared => self.ask(row).await,
            Life::Asked => self.heard(row).await,
            Life::Activated => self.stamps(row, until).await,
            Life::Stamped { at } => self.status(row, *at, until).await,
            Life::Evidenced => self.put_together(row).await,
            _ => return Ok(None),
        };
        match event {
            Err(Failed::Refused(SigningRefusal::Document { kind })) => {
                tracing::error!(activation = %row.id, kind, "the document is no longer as it was");
                Ok(Some(Event::Failed { why: "document-altered" }))
            }
            event => event,
        }
    }

    /// Stores an event, with its record where it has one.
    async fn happened(&self, row: &ActivationRow, event: Event) -> Result<(), Failed> {
        if !is_recorded(&event) {
            let own = row.clone();
            let write = move |tx: &mut Tx| own.apply(tx, &event);
            return self.parts.store.write("signing.step", write).await;
        }
        let items = self.items(row.id, (0, row.fixed.count)).await?;
        let look = self.event_look(row, &event, &items);
        let own = row.clone();
        let write = move |tx: &mut Tx| own.apply(tx, &event);
        self.parts.log.act("signing.event", &look, &[sight(row)], write).await
    }

    /// The works of the store's jobs.
    pub(crate) fn works(self: &Arc<Self>) -> Works {
        let work: Arc<dyn Work> = Arc::new(Carrying(Arc::clone(self)));
        BTreeMap::from([(CARRY, work)])
    }
}

struct Carrying(Arc<Signing>);

impl Work for Carrying {
    fn work(&self, job: Job) -> store::Working<'_> {
        let signing = Arc::clone(&self.0);
        Box::pin(async move {
            let id = ActivationId::try_from(job.payload.as_slice());
            let id = id.map_err(|_| "a payload that is no id".to_owned())?;
            let carried = signing.carried(id, JOB_PATIENCE).await;
            carried.map_err(|failed| failed.to_string())?;
            match signing.activation(id).await {
                Ok(row) if row.life.has_ended() => Ok(()),
                Ok(_) => Err("not at its end yet".to_owned()),
                Err(failed) => Err(failed.to_string()),
            }
        })
    }

    fn tries(&self) -> u32 {
        TRIES
    }
}
