//! The caller's side.

use std::sync::Arc;

use base::{Clock, Problem};

use crate::doors::USUAL;
use crate::fault::{LATE, WithRefusal};
use crate::{Call, CallFault, Operation, Pending, Reply};

/// A way to one system. Clones share it.
#[derive(Clone)]
pub struct Link {
    wire: Arc<dyn Wire>,
    clock: Arc<dyn Clock>,
}

/// What carries calls: in process, HTTP/2 over mTLS, or one that a simulation makes to fail.
pub trait Wire: Send + Sync {
    /// Carries `body` to the door of `operation` and its reply back.
    fn carry<'a>(
        &'a self,
        operation: &'static str,
        body: Vec<u8>,
    ) -> Pending<'a, Result<Reply, WireError>>;
}

/// Why no reply came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The call surely did not arrive.
    #[error("not reached")]
    Unreached,
    /// It was sent; whether it arrived is not known.
    #[error("no reply")]
    Unknown,
}

impl Link {
    /// A link over `wire`.
    #[must_use]
    pub fn over(wire: Arc<dyn Wire>, clock: Arc<dyn Clock>) -> Self {
        Self { wire, clock }
    }

    /// Makes a call.
    ///
    /// # Errors
    /// [`CallFault`] says whether it may have been done all the same.
    pub async fn call<O: Operation>(
        &self,
        call: Call<O>,
    ) -> Result<O::Answer, CallFault<O::Refusal>> {
        let deadline = call.deadline.unwrap_or_else(|| self.clock.now().plus(USUAL));
        let body = call.written(deadline).map_err(|_| CallFault::Unreached)?;
        let reply = tokio::select! {
            biased;
            reply = self.wire.carry(O::NAME, body) => reply,
            () = self.clock.until(deadline) => Err(WireError::Unknown),
        };
        match reply {
            Ok(reply) => read::<O>(&reply),
            Err(WireError::Unreached) => Err(CallFault::Unreached),
            Err(WireError::Unknown) => Err(CallFault::Late),
        }
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link")
    }
}

fn read<O: Operation>(reply: &Reply) -> Result<O::Answer, CallFault<O::Refusal>> {
    if reply.status == 200 {
        let answer = serde_json::from_slice(&reply.body);
        return answer.map_err(|_| CallFault::Problem(unreadable(reply.status)));
    }
    if let Ok(with) = serde_json::from_slice::<WithRefusal<O::Refusal>>(&reply.body)
        && let Some(refusal) = with.refusal
    {
        return Err(CallFault::Refused(refusal));
    }
    match serde_json::from_slice::<Problem>(&reply.body) {
        Ok(problem) if problem.kind == LATE => Err(CallFault::Late),
        Ok(problem) => Err(CallFault::Problem(problem)),
        Err(_) => Err(CallFault::Problem(unreadable(reply.status))),
    }
}

fn unreadable(status: u16) -> Problem {
    Problem {
        kind: "urn:sakta:problem:reply-unreadable".to_owned(),
        title: "The other system's reply cannot be read.".to_owned(),
        status,
        detail: None,
        instance: None,
    }
}
