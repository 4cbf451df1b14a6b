//! A transaction, the same over both engines.

use crate::schema::Dialect;
use crate::{Columns, FromRow, Row, StoreError, Value, outbox, postgres, sqlite};

/// An open transaction on a connection of either engine.
///
/// Statements are one text for both: `$1`, `$2`, … by name, each of the values used. The first
/// failure of the engine ends the transaction and is the caller's answer, whatever the closure
/// makes of it.
pub struct Tx {
    session: Session,
    fault: Option<StoreError>,
    wakes: bool,
}

enum Session {
    Sqlite(sqlite::Session),
    Postgres(Box<postgres::Session>),
}

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Read a snapshot.
    Read,
    /// Read and write, serialisable.
    Write,
    /// Take from a queue by compare-and-set: read committed.
    Queue,
}

/// Passes a call on to the engine.
macro_rules! engine {
    ($tx:ident, $session:ident => $call:expr) => {
        match &mut $tx.session {
            Session::Sqlite($session) => $call,
            Session::Postgres($session) => $call,
        }
    };
}

#[expect(clippy::needless_pass_by_value, reason = "`values!` makes them for the one call")]
impl Tx {
    /// Inserts; sent without waiting, so that a refusal may come only with the commit. Where
    /// existence matters, [`Tx::update`] with `ON CONFLICT DO NOTHING` says how many came in.
    ///
    /// # Errors
    /// [`StoreError::Nul`], and what is known already of the engine's answer.
    pub fn insert(&mut self, sql: &'static str, values: Vec<Value>) -> Result<(), StoreError> {
        let done = Value::check(&values).and_then(|()| match &mut self.session {
            Session::Sqlite(session) => session.update(sql, &values).map(drop),
            Session::Postgres(session) => session.insert(sql, values),
        });
        self.noted(done)
    }

    /// Inserts, updates or deletes, and says how many rows it changed.
    ///
    /// # Errors
    /// [`StoreError`] of the statement or one before it.
    pub fn update(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        let done = Value::check(&values)
            .and_then(|()| engine!(self, session => session.update(sql, &values)));
        self.noted(done)
    }

    /// All rows, in the order the statement says.
    ///
    /// # Errors
    /// [`StoreError`] of the statement or one before it; [`StoreError::Column`].
    pub fn all<R: FromRow>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<R>, StoreError> {
        let rows = Value::check(&values)
            .and_then(|()| engine!(self, session => session.rows(sql, &values)));
        let read = rows.and_then(|rows| rows.into_iter().map(Columns::read).collect());
        self.noted(read)
    }

    /// The first row, none when there is none.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub fn first<R: FromRow>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<R>, StoreError> {
        Ok(self.all(sql, values)?.into_iter().next())
    }

    /// Appends rows, many in one statement where the engine gains by it.
    ///
    /// # Errors
    /// [`StoreError::Nul`], [`StoreError::Column`], and what is known already of the answer.
    pub fn append(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        let done = rows.iter().try_for_each(|row| {
            row.check()?;
            self.wakes |= row.into.table == outbox::TABLE;
            engine!(self, session => session.append(row))
        });
        self.noted(done)
    }

    /// Has the pumps look at their tables after the commit.
    pub(crate) fn wake(&mut self) {
        self.wakes = true;
    }

    /// Whether a closure since the last begin wants the pumps woken.
    pub(crate) fn wakes(&self) -> bool {
        self.wakes
    }

    /// The first failure since it was last asked.
    pub(crate) fn fault(&mut self) -> Option<StoreError> {
        self.fault.take()
    }

    fn noted<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(fault) = &done {
            self.fault.get_or_insert_with(|| fault.clone());
        }
        done
    }
}

/// What the threads do around closures.
impl Tx {
    pub(crate) fn over_sqlite(session: sqlite::Session) -> Self {
        Self { session: Session::Sqlite(session), fault: None, wakes: false }
    }

    pub(crate) fn over_postgres(session: postgres::Session) -> Self {
        Self { session: Session::Postgres(Box::new(session)), fault: None, wakes: false }
    }

    pub(crate) fn begin(&mut self, mode: Mode) -> Result<(), StoreError> {
        self.fault = None;
        self.wakes = false;
        engine!(self, session => session.begin(mode))
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        engine!(self, session => session.commit())
    }

    pub(crate) fn rollback(&mut self) {
        engine!(self, session => session.rollback());
    }

    /// Undoes all that a closure did that refused; an error when its refusal does not hold.
    pub(crate) fn undo(&mut self) -> Result<(), StoreError> {
        match &mut self.session {
            Session::Sqlite(session) => {
                session.rollback();
                Ok(())
            }
            Session::Postgres(session) => session.undo(),
        }
    }

    /// Sets a mark to which the next closure can be undone.
    pub(crate) fn mark(&mut self) -> Result<(), StoreError> {
        match &mut self.session {
            Session::Sqlite(session) => session.mark(),
            Session::Postgres(_) => Ok(()),
        }
    }

    /// Takes the mark away, undoing what came after it unless `keep`; an error when the whole
    /// transaction is lost.
    pub(crate) fn unmark(&mut self, keep: bool) -> Result<(), StoreError> {
        match &mut self.session {
            Session::Sqlite(session) => session.unmark(keep),
            Session::Postgres(_) => postgres::Session::unmark(keep),
        }
    }

    /// Prepares a statement, for the test that each engine takes it.
    #[cfg(feature = "trial")]
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        let done = engine!(self, session => session.prepare(sql));
        self.noted(done)
    }

    /// Whether the engine is one that may be used.
    pub(crate) fn check(&mut self) -> Result<(), StoreError> {
        match &mut self.session {
            // Checked when it was opened.
            Session::Sqlite(_) => Ok(()),
            Session::Postgres(session) => session.check(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.session {
            Session::Sqlite(_) => Dialect::Sqlite,
            Session::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs statements of a migration, already rendered for the engine.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        engine!(self, session => session.batch(sql))
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("fault", &self.fault).finish_non_exhaustive()
    }
}
