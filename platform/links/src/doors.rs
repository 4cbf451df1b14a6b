//! The callee's side: what answers which operation.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base::{Clock, Failure, Fault, Time};
use tokio::sync::Semaphore;

use crate::behalf::Table;
use crate::call::ReadCall;
use crate::fault::WithRefusal;
use crate::officer::ReadProof;
use crate::{Asked, DoorError, OnBehalf, Operation, Party, Pending, ProofError, Proved, Verifier};

/// How long a call without a deadline may take.
pub(crate) const USUAL: Duration = Duration::from_secs(10);

/// How long any call may take.
const LONGEST: Duration = Duration::from_mins(1);

/// So many calls are answered at once.
const SEATS: usize = 256;

/// All operations that one system answers.
///
/// ```ignore
/// let doors = Doors::new(callee, clock, verifier)
///     .taking(persons_contract::TABLE)
///     .answer(move |asked: Asked, find: FindPerson| persons.clone().find(asked, find));
/// ```
pub struct Doors {
    callee: Party,
    clock: Arc<dyn Clock>,
    verifier: Arc<dyn Verifier>,
    tables: Vec<Table>,
    doors: BTreeMap<&'static str, Door>,
    seats: Arc<Semaphore>,
}

type Door = Box<dyn Fn(Asked) -> Result<Pending<'static, Reply>, DoorError> + Send + Sync>;

/// What goes back over a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status; 200 is an answer, all else a problem document.
    pub status: u16,
    /// JSON.
    pub body: Vec<u8>,
    /// After how many seconds it may be tried again, where it says so.
    pub retry_after: Option<u32>,
}

impl Doors {
    /// Doors of `callee` that answer nothing yet.
    #[must_use]
    pub fn new(callee: Party, clock: Arc<dyn Clock>, verifier: Arc<dyn Verifier>) -> Self {
        let seats = Arc::new(Semaphore::new(SEATS));
        Self { callee, clock, verifier, tables: Vec::new(), doors: BTreeMap::new(), seats }
    }

    /// The same with a contract's table of kinds.
    #[must_use]
    pub fn taking(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// The same, answering so many calls at once instead of 256; others get "busy".
    #[must_use]
    pub fn seats(mut self, seats: usize) -> Self {
        self.seats = Arc::new(Semaphore::new(seats));
        self
    }

    /// The same, answering `O` with `function`, which runs to its end even when nobody waits.
    #[must_use]
    pub fn answer<O, F, A>(mut self, function: F) -> Self
    where
        O: Operation,
        F: Fn(Asked, O) -> A + Send + Sync + 'static,
        A: Future<Output = Result<O::Answer, O::Refusal>> + Send + 'static,
    {
        let door: Door = Box::new(move |asked| {
            let operation = serde_json::from_slice(&asked.payload);
            let done = function(asked, operation.map_err(|_| DoorError::Malformed)?);
            Ok(Box::pin(async move { reply_of::<O>(done.await) }))
        });
        self.doors.insert(O::NAME, door);
        self
    }

    /// Who is called here.
    #[must_use]
    pub fn callee(&self) -> &Party {
        &self.callee
    }

    /// Whether `operation` is answered here.
    #[must_use]
    pub fn has(&self, operation: &str) -> bool {
        self.doors.contains_key(operation)
    }

    /// Operations that are answered but stand in no table, or stand in one and are not answered:
    /// none in a system that is put together rightly.
    #[must_use]
    pub fn gaps(&self) -> Vec<&'static str> {
        let listed = self.tables.iter().flat_map(|table| table.0).map(|(name, _)| *name);
        let unanswered = listed.filter(|name| !self.has(name));
        let named = |name: &str| self.tables.iter().any(|table| table.kinds(name).is_some());
        let unlisted = self.doors.keys().copied().filter(|name| !named(name));
        unanswered.chain(unlisted).collect()
    }

    /// Answers the call `body` of `operation` that came over the link of `from`.
    pub async fn handle(&self, from: &Party, operation: &str, body: &[u8]) -> Reply {
        self.handled(from, operation, body).await.unwrap_or_else(Reply::from)
    }

    async fn handled(&self, from: &Party, name: &str, body: &[u8]) -> Result<Reply, DoorError> {
        let (name, door) = self.doors.get_key_value(name).ok_or(DoorError::NoSuchOperation)?;
        let seat = Arc::clone(&self.seats).try_acquire_owned().map_err(|_| DoorError::Busy)?;
        let call = ReadCall::parse(body)?;
        let deadline = self.deadline(call.deadline)?;
        let clock = Arc::clone(&self.clock);
        let answered = async {
            let working = door(self.asked(from, name, call, deadline).await?)?;
            // Of its own, so that a caller who stops waiting does not stop the work half done.
            let working = tokio::spawn(async move {
                let reply = working.await;
                drop(seat);
                reply
            });
            working.await.map_err(|_| DoorError::Broken)
        };
        tokio::select! {
            biased;
            reply = answered => reply,
            () = clock.until(deadline) => Err(DoorError::Late),
        }
    }

    fn deadline(&self, asked: Option<Time>) -> Result<Time, DoorError> {
        let now = self.clock.now();
        let deadline = asked.unwrap_or(now.plus(USUAL)).min(now.plus(LONGEST));
        if deadline > now { Ok(deadline) } else { Err(DoorError::Late) }
    }

    async fn asked(
        &self,
        from: &Party,
        operation: &'static str,
        call: ReadCall<'_>,
        deadline: Time,
    ) -> Result<Asked, DoorError> {
        let payload = call.operation.get().as_bytes().to_vec();
        let kinds = self.tables.iter().find_map(|table| table.kinds(operation));
        if !kinds.unwrap_or_default().contains(&call.on_behalf.kind()) {
            return Err(DoorError::Kind);
        }
        let behalf = self.proved(from, operation, &call.on_behalf, &payload).await?;
        Ok(Asked {
            from: from.clone(),
            behalf,
            on_behalf: call.on_behalf,
            acting_for: call.acting_for,
            purpose: call.purpose,
            deadline,
            key: call.key,
            operation,
            payload,
        })
    }

    async fn proved(
        &self,
        from: &Party,
        operation: &'static str,
        on_behalf: &OnBehalf,
        payload: &[u8],
    ) -> Result<Proved, ProofError> {
        match on_behalf {
            OnBehalf::Person { evidence } => {
                let proof = self.verifier.person(from, evidence).await?;
                let live = proof.until > self.clock.now();
                live.then_some(Proved::Person(proof)).ok_or(ProofError::Refused)
            }
            OnBehalf::Officer { proof } => self.officer(operation, proof, payload).await,
            OnBehalf::Permission { number } => {
                self.verifier.permission(from, number, operation).await?;
                Ok(Proved::Permission(number.clone()))
            }
            OnBehalf::System { job } => {
                self.verifier.system(from, job, operation).await?;
                Ok(Proved::System(job.clone()))
            }
        }
    }

    async fn officer(
        &self,
        operation: &str,
        proof: &str,
        payload: &[u8],
    ) -> Result<Proved, ProofError> {
        let proof = ReadProof::parse(proof)?;
        let kid = proof.kid().ok_or(ProofError::Refused)?;
        let officer = self.verifier.officer(kid).await?;
        proof.verify(&officer.key, (&self.callee, operation, payload), self.clock.now())?;
        Ok(Proved::Officer(officer.id))
    }
}

impl From<ProofError> for DoorError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Refused => Self::Proof,
            ProofError::Unavailable => Self::Busy,
        }
    }
}

impl std::fmt::Debug for Doors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Doors({}, {:?})", self.callee, self.doors.keys())
    }
}

fn reply_of<O: Operation>(done: Result<O::Answer, O::Refusal>) -> Reply {
    let written = match done {
        Ok(answer) => {
            let body = serde_json::to_vec(&answer);
            body.map(|body| Reply { status: 200, body, retry_after: None })
        }
        Err(refusal) => {
            let (problem, retry_after) = (refusal.problem(), later(refusal.fault()));
            let status = problem.status;
            let body = serde_json::to_vec(&WithRefusal { problem, refusal: Some(refusal) });
            body.map(|body| Reply { status, body, retry_after })
        }
    };
    written.unwrap_or_else(|_| Reply::from(DoorError::Broken))
}

fn later(fault: Fault) -> Option<u32> {
    if let Fault::Later(seconds) = fault { Some(seconds) } else { None }
}

impl From<DoorError> for Reply {
    fn from(error: DoorError) -> Self {
        let problem = error.problem();
        // Strings and numbers: writing them cannot fail.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        Self { status: problem.status, body, retry_after: later(error.fault()) }
    }
}
