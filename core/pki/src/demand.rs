//! Demands to suspend, resume and revoke: stored with their proof, carried until all who act have
//! answered (PROTOCOLS §2).

use std::time::Duration;

use base::{Digest, Time};
use links::{Asked, Call, CallFault, OnBehalf};
use pki_contract::{ChangeOfStatus, ChangeStatus, Demand, DemandState, PkiRefusal, SignerRefusal};
use sam_contract::ChangeKeyStatus;
use store::jobs::{self, Job, JobId};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::certificate::{self, Row as Certificate};
use crate::failed::{Failed, unreadable};
use crate::pki::{Pki, sha256};
use crate::work::DEMAND;

/// Who answers a demand.
const SIGNER: &str = "ca-signer";
const SAM: &str = "sam";

/// When the job looks whether the call that it stands behind has done its work.
const BEHIND: Duration = Duration::from_secs(5);

/// A demand as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    id: [u8; 32],
    issuer: Digest,
    serial: String,
    change: ChangeOfStatus,
    proof: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Somebody has not answered.
    Carried,
    /// All have.
    Done,
    /// The signer refuses it for good.
    Refused(PkiRefusal),
}

impl FromRow for Kept {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let (id, issuer, serial) = (row.next()?, row.next()?, row.next()?);
        let change: String = row.next()?;
        let proof = row.next()?;
        let (state, refusal) = (row.next::<String>()?, row.next::<String>()?);
        let state = match state.as_str() {
            "carried" => State::Carried,
            "done" => State::Done,
            "refused" => State::Refused(serde_json::from_str(&refusal).map_err(unreadable)?),
            _ => return Err(unreadable("a state")),
        };
        let change = serde_json::from_str(&change).map_err(unreadable)?;
        Ok(Self { id, issuer: Digest(issuer), serial, change, proof, state })
    }
}

impl Pki {
    /// Accepts a demand and tries at once to carry it out.
    pub(crate) async fn demand(&self, _: Asked, demand: Demand) -> Result<DemandState, Failed> {
        self.demanded(demand).await
    }

    pub(crate) async fn demanded(&self, demand: Demand) -> Result<DemandState, Failed> {
        let certificate = self.certificate(&demand.serial).await?;
        if certificate.issuer != demand.issuer {
            return Err(PkiRefusal::Unknown.into());
        }
        let (kept, now) = (kept(demand)?, self.clock.now());
        let id = kept.id;
        self.store.write::<_, StoreError>("pki.demand", move |tx| accept(tx, &kept, now)).await?;
        match self.carry(id).await?.state {
            State::Done => Ok(DemandState::Done),
            State::Carried => Ok(DemandState::BeingCarriedOut),
            State::Refused(refusal) => Err(refusal.into()),
        }
    }

    /// Carries a demand to whoever has not answered it; neither waits for the other.
    pub(crate) async fn carry(&self, id: [u8; 32]) -> Result<Kept, Failed> {
        let (kept, answered) = self.state_of(id).await?;
        if kept.state != State::Carried {
            return Ok(kept);
        }
        let certificate = self.certificate(&kept.serial).await?;
        let asks = |who: &str| !answered.iter().any(|name| name == who);
        let signer = async { if asks(SIGNER) { self.to_signer(&kept).await } else { Ok(()) } };
        let sam = async {
            let holds = certificate.credential.is_some();
            if holds && asks(SAM) { self.to_sam(&kept, false).await } else { Ok(()) }
        };
        let (signer, sam) = tokio::join!(signer, sam);
        signer?;
        sam?;
        self.end(id, &certificate).await?;
        Ok(self.state_of(id).await?.0)
    }

    async fn state_of(&self, id: [u8; 32]) -> Result<(Kept, Vec<String>), Failed> {
        let read = self.store.read("pki.demand_state", move |tx| {
            Ok::<_, StoreError>((of_id(tx, id)?, answered(tx, id)?))
        });
        let (kept, answered) = read.await?;
        Ok((kept.ok_or(PkiRefusal::Unknown)?, answered))
    }

    /// The signer's answer: the status that holds, or a refusal that ends the demand.
    async fn to_signer(&self, kept: &Kept) -> Result<(), Failed> {
        let change = ChangeStatus {
            issuer: kept.issuer,
            serial: kept.serial.clone(),
            change: kept.change,
            proof: kept.proof.clone(),
        };
        let job = OnBehalf::System { job: "demand".to_owned() };
        let (id, serial, now) = (kept.id, kept.serial.clone(), self.clock.now());
        match self.signer.call(Call::new(change, job, "status")).await {
            Ok(changed) => {
                self.store
                    .write::<_, StoreError>("pki.changed", move |tx| {
                        certificate::set_status(tx, &serial, changed.status, now)?;
                        answer(tx, id, SIGNER, now)
                    })
                    .await?;
                self.lists.lock().await.clear();
                Ok(())
            }
            Err(CallFault::Refused(refusal)) => match refused(refusal) {
                Some(refusal) => {
                    let refuse = move |tx: &mut Tx| refuse(tx, id, refusal);
                    Ok(self.store.write::<_, Failed>("pki.refused", refuse).await?)
                }
                None => Ok(()),
            },
            Err(fault) => {
                tracing::info!(%fault, "ca-signer does not answer a demand yet");
                Ok(())
            }
        }
    }

    /// `sam`'s answer; what it refuses is asked again, since only the signer ends a demand.
    async fn to_sam(&self, kept: &Kept, destroy: bool) -> Result<(), Failed> {
        let Some(sam) = &self.sam else { return Ok(()) };
        let change = ChangeKeyStatus {
            issuer: kept.issuer,
            serial: kept.serial.clone(),
            change: kept.change,
            proof: kept.proof.clone(),
            destroy,
        };
        let job = OnBehalf::System { job: "demand".to_owned() };
        let (id, now) = (kept.id, self.clock.now());
        match sam.call(Call::new(change, job, "status")).await {
            Ok(_) => {
                let who = if destroy { "sam: destroyed" } else { SAM };
                let noted = move |tx: &mut Tx| answer(tx, id, who, now);
                Ok(self.store.write::<_, StoreError>("pki.sam_changed", noted).await?)
            }
            Err(fault) => {
                tracing::info!(%fault, "sam does not answer a demand yet");
                Ok(())
            }
        }
    }

    /// "Done" once all who act have answered.
    async fn end(&self, id: [u8; 32], certificate: &Certificate) -> Result<(), Failed> {
        let sam = certificate.credential.is_some();
        let end = move |tx: &mut Tx| {
            let answered = answered(tx, id)?;
            let has = |who: &str| answered.iter().any(|name| name == who);
            if has(SIGNER) && (!sam || has(SAM)) {
                tx.insert(
                    "UPDATE pki_demand SET state = 'done' WHERE id = $1 AND state = 'carried'",
                    values![id],
                )?;
            }
            Ok::<_, StoreError>(())
        };
        Ok(self.store.write("pki.demand_end", end).await?)
    }

    /// The job: carries, and after a revocation has the key destroyed. Not done: tried again.
    pub(crate) async fn carry_on(&self, id: [u8; 32]) -> Result<(), String> {
        let kept = self.carry(id).await.map_err(|why| why.to_string())?;
        match kept.state {
            State::Carried => Err("somebody has not answered".to_owned()),
            State::Refused(_) => Ok(()),
            State::Done => self.destroy(&kept).await,
        }
    }

    async fn destroy(&self, kept: &Kept) -> Result<(), String> {
        let (_, answered) = self.state_of(kept.id).await.map_err(|why| why.to_string())?;
        let revoked = matches!(kept.change, ChangeOfStatus::Revoke { .. });
        let destroyed = |answers: &[String]| answers.iter().any(|who| who == "sam: destroyed");
        let held = answered.iter().any(|who| who == SAM);
        if !revoked || !held || destroyed(&answered) {
            return Ok(());
        }
        self.to_sam(kept, true).await.map_err(|why| why.to_string())?;
        let (_, answered) = self.state_of(kept.id).await.map_err(|why| why.to_string())?;
        if destroyed(&answered) { Ok(()) } else { Err("the key is not destroyed yet".to_owned()) }
    }
}

fn kept(demand: Demand) -> Result<Kept, StoreError> {
    let Demand { issuer, serial, change, proof } = demand;
    let bound = serde_json::to_vec(&(issuer, &serial, change, &proof)).map_err(unreadable)?;
    Ok(Kept { id: sha256(&bound), issuer, serial, change, proof, state: State::Carried })
}

fn accept(tx: &mut Tx, kept: &Kept, now: Time) -> Result<(), StoreError> {
    let change = serde_json::to_string(&kept.change).map_err(unreadable)?;
    let new = tx.update(
        "INSERT INTO pki_demand
             (id, issuer, serial, change, proof, demanded_at, state, refusal)
         VALUES ($1, $2, $3, $4, $5, $6, 'carried', '') ON CONFLICT DO NOTHING",
        values![kept.id, kept.issuer.0, &kept.serial, change, &kept.proof, now],
    )?;
    if new == 1 {
        let id = kept.id.first_chunk().copied().unwrap_or_default();
        let (name, payload) = (DEMAND.to_owned(), kept.id.to_vec());
        let due = now.plus(BEHIND);
        jobs::add(tx, &Job { id: JobId::from_bytes(id), name, payload, due })?;
    }
    Ok(())
}

fn of_id(tx: &mut Tx, id: [u8; 32]) -> Result<Option<Kept>, StoreError> {
    tx.first(
        "SELECT id, issuer, serial, change, proof, state, refusal FROM pki_demand WHERE id = $1",
        values![id],
    )
}

fn answered(tx: &mut Tx, id: [u8; 32]) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> =
        tx.all("SELECT who FROM pki_answer WHERE demand = $1 ORDER BY who", values![id])?;
    Ok(rows.into_iter().map(|(who,)| who).collect())
}

fn answer(tx: &mut Tx, id: [u8; 32], who: &str, now: Time) -> Result<(), StoreError> {
    tx.insert(
        "INSERT INTO pki_answer (demand, who, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        values![id, who, now],
    )
}

fn refuse(tx: &mut Tx, id: [u8; 32], refusal: PkiRefusal) -> Result<(), Failed> {
    let refusal = serde_json::to_string(&refusal).map_err(unreadable)?;
    tx.insert(
        "UPDATE pki_demand SET state = 'refused', refusal = $2
         WHERE id = $1 AND state = 'carried'",
        values![id, refusal],
    )?;
    Ok(())
}

/// A change of this certificate that is being carried out.
pub(crate) fn carried(tx: &mut Tx, serial: &str) -> Result<Option<ChangeOfStatus>, StoreError> {
    let found: Option<(String,)> = tx.first(
        "SELECT change FROM pki_demand WHERE serial = $1 AND state = 'carried'
         ORDER BY demanded_at DESC LIMIT 1",
        values![serial],
    )?;
    let read = |(change,): (String,)| serde_json::from_str(&change).map_err(unreadable);
    found.map(read).transpose()
}

/// None: it may be otherwise later.
fn refused(refusal: SignerRefusal) -> Option<PkiRefusal> {
    match refusal {
        SignerRefusal::BeingCarriedOut | SignerRefusal::Store => None,
        SignerRefusal::Unknown => Some(PkiRefusal::Unknown),
        SignerRefusal::Status => Some(PkiRefusal::Status),
        _ => Some(PkiRefusal::Approval),
    }
}
