//! A session on PostgreSQL: one connection, driven by the thread that owns it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, yield_now};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::error::{Severity, SqlState};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, NoTls, Statement};

use crate::tls::Tls;
use crate::tx::Mode;
use crate::{Columns, Insert, Kind, Row, StoreError, Value};

/// The oldest release that may run.
const OLDEST: i64 = 150_000;

/// Statements kept prepared, a connection.
const PREPARED: usize = 512;

/// Rows gathered before they are sent.
const GATHERED: usize = 1000;

/// For every connection: durable at commit, nothing hangs for ever.
const SETTINGS: &str = "
    SET synchronous_commit = on;
    SET statement_timeout = '30s';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    SET client_min_messages = warning;
";

/// Text must be ordered by its bytes, as on SQLite: whatever the collation is called. And the
/// schema that `search_path` names first must be there and ours to fill.
const SUITED: &str = "
    SELECT CAST(current_setting('server_version_num') AS BIGINT),
           current_setting('server_encoding'),
           'a' > 'B' AND 'a-b' < 'aab' AND 'aa' < 'a~',
           COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE)
";

/// A statement that is sent and not yet answered.
type Sent = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>>;

/// One connection, made when it is first needed and again when it was lost.
pub(crate) struct Session {
    runtime: Runtime,
    config: Config,
    tls: Option<Tls>,
    live: Option<Live>,
}

struct Live {
    client: Arc<Client>,
    driver: JoinHandle<Result<(), Error>>,
    prepared: BTreeMap<String, Statement>,
    sent: Vec<Sent>,
    gathered: Vec<Gathered>,
    wrote: bool,
}

/// Rows for one table, a list for each column.
struct Gathered {
    into: Insert,
    kinds: Vec<Kind>,
    columns: Vec<Vec<Value>>,
}

impl Session {
    pub(crate) fn new(url: &str, tls: Option<Tls>) -> Result<Self, StoreError> {
        let mut config: Config = url.parse().map_err(|error: Error| {
            // The address may hold a password: only the complaint is said.
            StoreError::Setup(error.to_string())
        })?;
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(30));
        }
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StoreError::Setup(error.to_string()))?;
        Ok(Self { runtime, config, tls, live: None })
    }

    /// Refuses a server that is too old or orders text otherwise.
    pub(crate) fn check(&mut self) -> Result<(), StoreError> {
        self.begin(Mode::Read)?;
        let found = self.rows(SUITED, &[])?.pop().map(Columns::read::<(i64, String, bool, bool)>);
        self.rollback();
        let (version, encoding, by_bytes, schema) = found.transpose()?.unwrap_or_default();
        let wrong = |why: String| Err(StoreError::Setup(why));
        if version < OLDEST {
            let (own, oldest) = (version / 10_000, OLDEST / 10_000);
            return wrong(format!("PostgreSQL {own} is too old: {oldest} or later is needed"));
        }
        if encoding != "UTF8" {
            return wrong(format!("the database's encoding is {encoding}, not UTF8"));
        }
        if !by_bytes {
            return wrong("the database's collation is not C".to_owned());
        }
        if !schema {
            let why = "the schema is missing, or this user may make no tables in it";
            return wrong(why.to_owned());
        }
        Ok(())
    }

    pub(crate) fn begin(&mut self, mode: Mode) -> Result<(), StoreError> {
        if self.live.as_ref().is_none_or(|live| live.client.is_closed()) {
            self.live = Some(self.connected()?);
        }
        let begin = match mode {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
            Mode::Queue => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        };
        let live = self.live()?.1;
        live.wrote = false;
        live.send_batch(begin)
    }

    fn connected(&self) -> Result<Live, StoreError> {
        let config = &self.config;
        let connecting = async {
            let (client, driver) = match self.tls.clone() {
                Some(tls) => {
                    let (client, connection) = config.connect(tls).await?;
                    (client, tokio::spawn(connection))
                }
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    (client, tokio::spawn(connection))
                }
            };
            client.batch_execute(SETTINGS).await?;
            Ok((Arc::new(client), driver))
        };
        let (client, driver) = self
            .runtime
            .block_on(connecting)
            .map_err(|error| StoreError::Unreached(reason(&error)))?;
        Ok(Live {
            client,
            driver,
            prepared: BTreeMap::new(),
            sent: Vec::new(),
            gathered: Vec::new(),
            wrote: false,
        })
    }

    /// What was sent before is answered first: only a commit itself can end unknown.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.answered()?;
        let (runtime, live) = self.live()?;
        let done = runtime.block_on(live.client.batch_execute("COMMIT"));
        done.map_err(|error| match error.as_db_error() {
            Some(db) if db.parsed_severity() == Some(Severity::Error) => failure(&error),
            _ => {
                self.lose();
                StoreError::Unknown
            }
        })
    }

    /// Undoes what a closure did that refused. One that wrote nothing is committed: only then
    /// is what it read, and refused for, serialisable.
    pub(crate) fn undo(&mut self) -> Result<(), StoreError> {
        self.answered()?;
        if self.live()?.1.wrote {
            self.rollback();
            return Ok(());
        }
        match self.commit() {
            // There was nothing to commit.
            Err(StoreError::Unknown) => Err(lost()),
            done => done,
        }
    }

    pub(crate) fn rollback(&mut self) {
        let Ok((runtime, live)) = self.live() else { return };
        live.sent.clear();
        live.gathered.clear();
        if runtime.block_on(live.client.batch_execute("ROLLBACK")).is_err() {
            self.lose();
        }
    }

    /// There are no marks: only appends share a transaction, and they refuse nothing.
    pub(crate) fn unmark(keep: bool) -> Result<(), StoreError> {
        if keep { Ok(()) } else { Err(StoreError::Engine("the transaction is lost".into())) }
    }

    pub(crate) fn insert(&mut self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        self.flush()?;
        let statement = self.prepared(sql, values.iter().map(|value| scalar(value.kind())))?;
        self.live()?.1.send(statement, values)
    }

    pub(crate) fn append(&mut self, row: &Row) -> Result<(), StoreError> {
        let gathered = &mut self.live()?.1.gathered;
        if let Some(own) = gathered.iter_mut().find(|own| own.into == row.into) {
            own.push(row)?;
            if own.columns.first().is_some_and(|column| column.len() >= GATHERED) {
                return self.flush();
            }
            return Ok(());
        }
        gathered.push(Gathered::of(row));
        Ok(())
    }

    /// Sends what was gathered, tables in the order of their first rows.
    fn flush(&mut self) -> Result<(), StoreError> {
        let gathered = std::mem::take(&mut self.live()?.1.gathered);
        for Gathered { into, kinds, columns } in gathered {
            let places = kinds.iter().zip(1..).map(|(kind, n)| format!("${n}::{}[]", name(*kind)));
            let sql = format!(
                "INSERT INTO {} ({}) SELECT * FROM unnest({})",
                into.table,
                into.columns.join(", "),
                places.collect::<Vec<_>>().join(", "),
            );
            let statement = self.prepared(&sql, kinds.iter().map(|kind| list(*kind)))?;
            self.live()?.1.send(statement, columns)?;
        }
        Ok(())
    }

    pub(crate) fn update(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.flush()?;
        let statement = self.prepared(sql, values.iter().map(|value| scalar(value.kind())))?;
        let (runtime, live) = self.live()?;
        let sent = std::mem::take(&mut live.sent);
        live.wrote = true;
        let parameters = parameters(values);
        let done = runtime.block_on(async {
            let own = live.client.execute(&statement, &parameters);
            after(sent, own).await
        });
        self.lived(done)
    }

    pub(crate) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Columns>, StoreError> {
        self.flush()?;
        let statement = self.prepared(sql, values.iter().map(|value| scalar(value.kind())))?;
        let (runtime, live) = self.live()?;
        let sent = std::mem::take(&mut live.sent);
        let parameters = parameters(values);
        let rows = runtime.block_on(async {
            let own = live.client.query(&statement, &parameters);
            after(sent, own).await
        });
        self.lived(rows)?.iter().map(columns).collect()
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.flush()?;
        self.live()?.1.send_batch(sql)?;
        self.answered()
    }

    /// The statement, prepared with the types of its values when it is new here.
    fn prepared(
        &mut self,
        sql: &str,
        types: impl Iterator<Item = Type>,
    ) -> Result<Statement, StoreError> {
        let (runtime, live) = self.live()?;
        if let Some(statement) = live.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let types: Vec<Type> = types.collect();
        let sent = std::mem::take(&mut live.sent);
        let made = runtime.block_on(async {
            let own = live.client.prepare_typed(sql, &types);
            after(sent, own).await
        });
        let made = self.lived(made)?;
        let prepared = &mut self.live()?.1.prepared;
        if prepared.len() >= PREPARED {
            prepared.clear();
        }
        prepared.insert(sql.to_owned(), made.clone());
        Ok(made)
    }

    /// Waits for the answer to all that was sent.
    fn answered(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        let (runtime, live) = self.live()?;
        let sent = std::mem::take(&mut live.sent);
        let done = runtime.block_on(after(sent, std::future::ready(Ok(()))));
        self.lived(done)
    }

    fn live(&mut self) -> Result<(&Runtime, &mut Live), StoreError> {
        Ok((&self.runtime, self.live.as_mut().ok_or_else(lost)?))
    }

    /// A connection that failed is not used again.
    fn lived<T>(&mut self, done: Result<T, Error>) -> Result<T, StoreError> {
        done.map_err(|error| {
            let failure = failure(&error);
            if matches!(failure, StoreError::Unreached(_)) {
                self.lose();
            }
            failure
        })
    }
}

impl Session {
    /// Closes the connection at once: what it may still hold locked is free.
    fn lose(&mut self) {
        if let Some(live) = self.live.take() {
            live.driver.abort();
            self.runtime.block_on(yield_now());
        }
    }

    /// Prepares a statement with the types that the server finds for its values.
    #[cfg(feature = "trial")]
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        let (runtime, live) = self.live()?;
        let made = runtime.block_on(live.client.prepare(sql));
        let made = self.lived(made)?;
        let kept = [Type::INT8, Type::TEXT, Type::BYTEA];
        match made.params().iter().find(|own| !kept.contains(own)) {
            None => Ok(()),
            Some(other) => Err(StoreError::Column(format!("a value of type {other}: {sql}"))),
        }
    }
}

impl Live {
    fn send<P: ToSql + Send + Sync + 'static>(
        &mut self,
        statement: Statement,
        values: Vec<P>,
    ) -> Result<(), StoreError> {
        self.wrote = true;
        let client = Arc::clone(&self.client);
        self.begun(Box::pin(async move { client.execute_raw(&statement, values).await }))
    }

    fn send_batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let (client, sql) = (Arc::clone(&self.client), sql.to_owned());
        self.begun(Box::pin(async move { client.batch_execute(&sql).await.map(|()| 0) }))
    }

    /// The first poll puts it on its way; who waits for its answer polls it again.
    fn begun(&mut self, mut sent: Sent) -> Result<(), StoreError> {
        match sent.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Err(error)) => Err(failure(&error)),
            Poll::Ready(Ok(_)) => Ok(()),
            Poll::Pending => {
                self.sent.push(sent);
                Ok(())
            }
        }
    }
}

impl Gathered {
    fn of(row: &Row) -> Self {
        Self {
            into: row.into,
            kinds: row.values.iter().map(Value::kind).collect(),
            columns: row.values.iter().map(|value| vec![value.clone()]).collect(),
        }
    }

    fn push(&mut self, row: &Row) -> Result<(), StoreError> {
        if !row.values.iter().map(Value::kind).eq(self.kinds.iter().copied()) {
            let why = format!("rows of {} differ in type", self.into.table);
            return Err(StoreError::Column(why));
        }
        for (column, value) in self.columns.iter_mut().zip(&row.values) {
            column.push(value.clone());
        }
        Ok(())
    }
}

/// `own`, sent at once but answered only after everything before it; the first failure counts.
async fn after<T>(
    sent: Vec<Sent>,
    own: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut own = std::pin::pin!(own);
    let begun = own.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    for earlier in sent {
        earlier.await?;
    }
    match begun {
        Poll::Ready(done) => done,
        Poll::Pending => own.await,
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(values.len());
    for value in values {
        parameters.push(value);
    }
    parameters
}

fn columns(row: &tokio_postgres::Row) -> Result<Columns, StoreError> {
    let cell = |at| row.try_get(at).map_err(|error| StoreError::Column(error.to_string()));
    (0..row.len()).map(cell).collect::<Result<_, _>>().map(Columns::new)
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "BIGINT",
        Kind::Text => "TEXT",
        Kind::Blob => "BYTEA",
    }
}

fn scalar(kind: Kind) -> Type {
    match kind {
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Blob => Type::BYTEA,
    }
}

fn list(kind: Kind) -> Type {
    match kind {
        Kind::Int => Type::INT8_ARRAY,
        Kind::Text => Type::TEXT_ARRAY,
        Kind::Blob => Type::BYTEA_ARRAY,
    }
}

/// Why there is no connection, for the operator: a name, a certificate, a password.
fn reason(error: &Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(db), _) => db.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}

fn lost() -> StoreError {
    StoreError::Unreached("the connection was lost".into())
}

/// The message without the detail, which quotes values.
fn failure(error: &Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        let lost = error.is_closed() || is_io(error);
        return if lost {
            StoreError::Unreached(reason(error))
        } else {
            StoreError::Engine(error.to_string())
        };
    };
    let (code, text) = (db.code(), db.message().to_owned());
    let fatal = db.parsed_severity().is_some_and(|s| s != Severity::Error);
    match code.code().get(..2) {
        _ if *code == SqlState::T_R_SERIALIZATION_FAILURE => StoreError::Conflict,
        _ if *code == SqlState::T_R_DEADLOCK_DETECTED => StoreError::Conflict,
        Some("23") => StoreError::Refused(text),
        _ if fatal => StoreError::Unreached(text),
        _ => StoreError::Engine(format!("{}: {text}", code.code())),
    }
}

fn is_io(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.is::<std::io::Error>())
}
