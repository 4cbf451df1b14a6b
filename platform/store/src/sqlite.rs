//! A session on SQLite.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, ToSql};

use crate::tx::Mode;
use crate::{Columns, Kind, Row, StoreError, Value};

/// The first release without the WAL-reset bug, which can lose commits.
const OLDEST: i32 = 3_051_003;

/// Statements kept prepared, a connection.
const PREPARED: usize = 256;

/// For every connection: durable at commit, references checked, deleted content overwritten.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = FAST;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -4096;
";

/// One connection, owned by one thread.
pub(crate) struct Session {
    connection: Connection,
    /// Held by the writer: a second process on the same file is refused.
    _lock: Option<File>,
}

impl Session {
    /// The one connection that writes and checkpoints. Makes the file and its folder's entry.
    pub(crate) fn writer(file: &Path) -> Result<Self, StoreError> {
        let version = rusqlite::version_number();
        if version < OLDEST {
            let why =
                format!("SQLite {version} can lose commits, {OLDEST} is the oldest that may run");
            return Err(StoreError::Setup(why));
        }
        let lock = locked(file)?;
        Ok(Self { _lock: Some(lock), ..Self::open(file)? })
    }

    /// A connection that reads snapshots beside the writer.
    pub(crate) fn reader(file: &Path) -> Result<Self, StoreError> {
        let session = Self::open(file)?;
        session.connection.execute_batch("PRAGMA query_only = ON").map_err(opening)?;
        Ok(session)
    }

    fn open(file: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(file).map_err(opening)?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(opening)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // One plan for a statement whatever is bound: else each binding of a value that an index
        // or its statistics could be chosen by makes the engine prepare it again.
        let stable = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        connection.set_db_config(stable, true).map_err(opening)?;
        connection.execute_batch(SETTINGS).map_err(opening)?;
        let mode = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let journal = connection.query_row("PRAGMA journal_mode", [], mode).map_err(opening)?;
        if journal != "wal" {
            return Err(StoreError::Setup(format!("journal mode {journal} in place of wal")));
        }
        Ok(Self { connection, _lock: None })
    }

    pub(crate) fn begin(&mut self, mode: Mode) -> Result<(), StoreError> {
        self.batch(match mode {
            Mode::Read => "BEGIN DEFERRED",
            Mode::Write | Mode::Queue => "BEGIN IMMEDIATE",
        })
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            return Err(ended());
        }
        let done = self.connection.execute_batch("COMMIT").map_err(|error| match &error {
            // The disk failed under the commit: what it holds shows at the next start.
            rusqlite::Error::SqliteFailure(code, _) if code.code == ErrorCode::SystemIoFailure => {
                StoreError::Unknown
            }
            _ => failure(&error),
        });
        if done.is_err() {
            self.rollback();
        }
        done
    }

    pub(crate) fn rollback(&mut self) {
        if !self.connection.is_autocommit() {
            // A rollback that fails leaves a transaction that the next BEGIN refuses.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    pub(crate) fn mark(&mut self) -> Result<(), StoreError> {
        self.run("SAVEPOINT one").map(drop)
    }

    pub(crate) fn unmark(&mut self, keep: bool) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            return Err(ended());
        }
        if !keep {
            self.run("ROLLBACK TO one")?;
        }
        self.run("RELEASE one").map(drop)
    }

    pub(crate) fn append(&mut self, row: &Row) -> Result<(), StoreError> {
        self.update(&row.into.sql(), &row.values).map(drop)
    }

    pub(crate) fn update(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.bound(sql, values)?;
        let changed = statement.raw_execute().map_err(|error| failure(&error))?;
        u64::try_from(changed).map_err(|_| StoreError::Engine("a count out of range".into()))
    }

    pub(crate) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Columns>, StoreError> {
        let mut statement = self.bound(sql, values)?;
        let width = statement.column_count();
        let mut cursor = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = cursor.next().map_err(|error| failure(&error))? {
            let cell = |at| row.get_ref(at).map_err(|error| failure(&error)).and_then(value);
            rows.push(Columns::new((0..width).map(cell).collect::<Result<_, _>>()?));
        }
        Ok(rows)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|error| failure(&error))
    }

    /// Prepares a statement.
    #[cfg(feature = "trial")]
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.prepare(sql).map(drop).map_err(|error| failure(&error))
    }

    fn run(&mut self, sql: &str) -> Result<u64, StoreError> {
        self.update(sql, &[])
    }

    /// Binds `$n` by its name: SQLite numbers them by appearance, PostgreSQL by value.
    fn bound(&self, sql: &str, values: &[Value]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| failure(&error))?;
        let (places, given) = (statement.parameter_count(), values.len());
        let mismatch = || StoreError::Engine(format!("{given} values for {places} in: {sql}"));
        if places != given {
            return Err(mismatch());
        }
        for place in 1..=places {
            let name = statement.parameter_name(place).and_then(|name| name.strip_prefix('$'));
            let number = name.and_then(|digits| digits.parse::<usize>().ok());
            let value = number.and_then(|number| values.get(number.checked_sub(1)?));
            let value = value.ok_or_else(mismatch)?;
            statement.raw_bind_parameter(place, value).map_err(|error| failure(&error))?;
        }
        Ok(statement)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null(_) => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(cell: ValueRef<'_>) -> Result<Value, StoreError> {
    match cell {
        ValueRef::Null => Ok(Value::Null(Kind::Int)),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(StoreError::Column("text that is not UTF-8".into())),
        },
        ValueRef::Blob(bytes) => Ok(Value::Blob(bytes.to_vec())),
        ValueRef::Real(_) => Err(StoreError::Column("a floating-point number".into())),
    }
}

fn failure(error: &rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let text = message.clone().unwrap_or_else(|| code.to_string());
            match code.code {
                ErrorCode::ConstraintViolation => StoreError::Refused(text),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
                _ => StoreError::Engine(text),
            }
        }
        other => StoreError::Engine(other.to_string()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn opening(error: rusqlite::Error) -> StoreError {
    StoreError::Setup(error.to_string())
}

fn ended() -> StoreError {
    StoreError::Engine("SQLite ended the transaction itself".into())
}

/// How long a store waits for another to let go of the file, looking every [`PAUSE`].
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// `<file>.lock`, held until the process ends or the store is dropped.
fn locked(file: &Path) -> Result<File, StoreError> {
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let failed = |why: String| StoreError::Setup(format!("{}: {why}", path.display()));
    let lock = File::create(&path).map_err(|error| failed(error.to_string()))?;
    // A process that was told to end, or whose parent was killed, needs a moment to let go.
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(std::fs::TryLockError::WouldBlock) => std::thread::park_timeout(PAUSE),
            Err(std::fs::TryLockError::Error(error)) => return Err(failed(error.to_string())),
        }
    }
    Err(failed("in use by another store".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;
    use rusqlite::StatementStatus;

    #[test]
    fn a_kept_statement_is_not_prepared_again_for_other_values() {
        let folder = crate::trial::Folder::new().unwrap();
        let mut session = Session::writer(&folder.path().join("store.db")).unwrap();
        let made = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
             CREATE INDEX item_name ON item (name);";
        session.batch(made).unwrap();
        let sql = "SELECT id FROM item WHERE name = $1 ORDER BY id";
        for name in ["one", "two", "three"] {
            session.rows(sql, &values![name]).unwrap();
        }
        let statement = session.connection.prepare_cached(sql).unwrap();
        assert_eq!(statement.get_status(StatementStatus::Run), 3);
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
