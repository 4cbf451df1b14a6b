//! A closure on its way: queued, run, perhaps run again, answered after the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::tx::Mode;
use crate::{Row, StoreError, Tx};

/// What becomes of what a closure did.
pub(crate) enum Verdict {
    /// It is committed.
    Keep,
    /// The closure refused: it is undone.
    Undo,
    /// The store failed: it is undone, whatever the closure made of it.
    Fault(StoreError),
}

/// Run until it is settled; the caller hears nothing before.
pub(crate) trait Job: Send {
    fn name(&self) -> &'static str;

    /// What its transaction must be able to.
    fn mode(&self) -> Mode;

    fn run(&mut self, tx: &mut Tx) -> Verdict;

    /// Answers: with what the closure gave, or with the fault.
    fn settle(self: Box<Self>, fault: Option<StoreError>);
}

/// What a caller waits for.
pub(crate) type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

struct Closure<F, T, E> {
    name: &'static str,
    mode: Mode,
    run: F,
    given: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

pub(crate) fn closure<T, E>(
    name: &'static str,
    mode: Mode,
    run: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static,
) -> (Box<dyn Job>, Answer<T, E>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    (Box::new(Closure { name, mode, run, given: None, caller }), answer)
}

impl<F, T, E> Job for Closure<F, T, E>
where
    F: Fn(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn run(&mut self, tx: &mut Tx) -> Verdict {
        self.given = None;
        let Ok(given) = catch_unwind(AssertUnwindSafe(|| (self.run)(tx))) else {
            tx.fault();
            return Verdict::Fault(StoreError::Panicked(self.name));
        };
        if let Some(fault) = tx.fault() {
            return Verdict::Fault(fault);
        }
        let kept = given.is_ok();
        self.given = Some(given);
        if kept { Verdict::Keep } else { Verdict::Undo }
    }

    fn settle(self: Box<Self>, fault: Option<StoreError>) {
        let Self { run, given, caller, .. } = *self;
        // What the closure holds, a store perhaps, is gone before its caller goes on.
        drop(run);
        let answer = match (fault, given) {
            (None, Some(given)) => given,
            (Some(fault), _) => Err(fault.into()),
            (None, None) => Err(StoreError::Unknown.into()),
        };
        // A caller that no longer waits needs no answer.
        let _ = caller.send(answer);
    }
}

/// Rows to append: many of them share a transaction.
pub(crate) struct Append {
    rows: Vec<Row>,
    caller: oneshot::Sender<Result<(), StoreError>>,
}

pub(crate) fn append(rows: Vec<Row>) -> (Box<dyn Job>, Answer<(), StoreError>) {
    let (caller, answer) = oneshot::channel();
    (Box::new(Append { rows, caller }), answer)
}

impl Job for Append {
    fn name(&self) -> &'static str {
        "store.append"
    }

    fn mode(&self) -> Mode {
        Mode::Write
    }

    fn run(&mut self, tx: &mut Tx) -> Verdict {
        // A failure is the transaction's fault too.
        let _ = tx.append(&self.rows);
        tx.fault().map_or(Verdict::Keep, Verdict::Fault)
    }

    fn settle(self: Box<Self>, fault: Option<StoreError>) {
        let _ = self.caller.send(fault.map_or(Ok(()), Err));
    }
}
