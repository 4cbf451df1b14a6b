//! Many at once: conflicts, shared commits, a full queue, lost connections.
#![cfg(test)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use base::RowId;
use store::idempotency::{Key, KeyReused, once};
use store::jobs::{Job, JobId, Work, Works};
use store::outbox::{Deliver, EventId, Message};
use store::trial::{Trial, run, trial_on_each_engine};
use store::{Figures, Insert, Place, Schema, Store, StoreError, Tx, Working};
use store::{inbox, jobs, outbox, values};
use tokio::task::JoinSet;

const BOX: Schema = Schema {
    system: "box",
    steps: &["
        CREATE TABLE box_thing (id BYTEA PRIMARY KEY, revision BIGINT NOT NULL, name TEXT NOT NULL);
        CREATE TABLE box_note (id BYTEA PRIMARY KEY, thing BYTEA NOT NULL, text TEXT NOT NULL);
        CREATE INDEX box_note_thing ON box_note (thing, id);
    "],
};

const NOTE: Insert = Insert { table: "box_note", columns: &["id", "thing", "text"] };

#[derive(Debug, PartialEq)]
enum ChangeError {
    Reused,
    Stale,
    Store(StoreError),
}
impl From<StoreError> for ChangeError {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}
impl From<KeyReused> for ChangeError {
    fn from(_: KeyReused) -> Self {
        Self::Reused
    }
}

/// What a change of a thing looks like in a system: key, event, compare-and-set, note, message.
#[derive(Clone)]
struct Change {
    thing: RowId,
    note: RowId,
    event: EventId,
    key: Key,
    message: Message,
}

impl Change {
    fn drawn(store: &Store) -> Self {
        let (now, chance) = (store.clock().now(), &**store.chance());
        let [spread] = chance.bytes::<1>();
        let event = EventId::random(chance);
        Self {
            thing: RowId::row(spread, now, chance),
            note: RowId::row(spread, now, chance),
            event,
            key: Key::new("box", event.bytes(), b"change", now),
            message: Message {
                id: EventId::random(chance),
                destination: "pki".to_owned(),
                name: "box/changed".to_owned(),
                subject: vec![spread; 16],
                at: now,
                body: vec![1; 200],
            },
        }
    }

    fn made(&self, tx: &mut Tx) -> Result<(), ChangeError> {
        once(tx, &self.key, |tx| {
            let now = self.message.at;
            if !inbox::first(tx, self.event, now)? {
                return Err(ChangeError::Stale);
            }
            let changed = tx.update(
                "UPDATE box_thing SET revision = revision + 1, name = $3
                 WHERE id = $1 AND revision = $2",
                values![self.thing, 1, "changed"],
            )?;
            if changed != 1 {
                return Err(ChangeError::Stale);
            }
            tx.append(&[NOTE.row(values![self.note, self.thing, "noted"])])?;
            let notes = tx.all::<(RowId,)>(
                "SELECT id FROM box_note WHERE thing = $1 ORDER BY id",
                values![self.thing],
            )?;
            outbox::put(tx, self.message.clone())?;
            Ok(notes.len().to_string().into_bytes())
        })
        .map(drop)
    }
}

const THING: Insert = Insert { table: "box_thing", columns: &["id", "revision", "name"] };

/// Changes of things that stand.
async fn drawn(store: &Store, count: usize) -> Vec<Change> {
    let changes: Vec<_> = (0..count).map(|_| Change::drawn(store)).collect();
    let thing = |change: &Change| THING.row(values![change.thing, 1, "new"]);
    store.append(changes.iter().map(thing).collect()).await.unwrap();
    changes
}

/// With as many writing connections as there are writers.
fn wide(place: &Place) -> Place {
    match place {
        Place::Postgres { url, tls, .. } => {
            Place::Postgres { url: url.clone(), tls: tls.clone(), connections: 33 }
        }
        Place::Sqlite(file) => Place::Sqlite(file.with_extension("wide")),
    }
}

fn opened(trial: &Trial, place: &Place) -> Store {
    let (clock, chance) = (Arc::new(trial.clock.clone()), Arc::new(trial.chance.clone()));
    Store::open(place, clock, chance, &[BOX]).unwrap()
}

#[test]
fn sixteen_writers_hardly_ever_run_again() {
    const EACH: usize = 50;
    const STANDING: usize = 30_000;
    trial_on_each_engine(&[BOX], |trial| async move {
        let store = opened(&trial, &wide(&trial.place));
        // As many as a small register has: in an empty table every row lies on one page.
        let mut changes = drawn(&store, STANDING).await;
        let note = |change: &Change| NOTE.row(values![change.note, change.thing, "first"]);
        let noted = changes.split_off(16 * EACH);
        store.append(noted.iter().map(note).collect()).await.unwrap();
        let mut writers = JoinSet::new();
        for own in changes.chunks(EACH) {
            let (store, own) = (store.clone(), own.to_vec());
            writers.spawn(async move {
                for change in own {
                    store.write("box.change", move |tx| change.made(tx)).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let figures = store.statistics()["box.change"];
        assert_eq!((figures.count, figures.faults), (16 * 50, 0));
        told(&store, &trial.place);
        assert!(figures.retries * 20 < figures.count, "{figures:?}");
    });
}

/// Says how often each name was called and run again.
fn told(store: &Store, place: &Place) {
    for (name, figures) in store.statistics() {
        let Figures { count, retries, .. } = figures;
        eprintln!("{retries:>5} retries in {count:>5} calls of {name} on {place:?}");
    }
}

/// Delivers, and does, at once.
struct AtOnce;

impl Deliver for AtOnce {
    fn deliver(&self, _: Message) -> Working<'_> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Work for AtOnce {
    fn work(&self, _: Job) -> Working<'_> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// What a system does at the same time: changes, each with a job, rows that are only appended,
/// reads, and the pumps of both queues, twice, as two processes have them.
#[test]
fn nothing_of_a_system_at_work_is_on_average_run_twice() {
    const EACH: usize = 30;
    trial_on_each_engine(&[BOX], |trial| async move {
        let store = opened(&trial, &wide(&trial.place));
        let changes = drawn(&store, 16 * EACH).await;
        let (stop, _) = tokio::sync::broadcast::channel::<()>(1);
        let mut pumps = JoinSet::new();
        for _ in 0..2 {
            let stopped = || {
                let mut stop = stop.subscribe();
                async move { drop(stop.recv().await) }
            };
            pumps.spawn(outbox::run(store.clone(), Arc::new(AtOnce), stopped()));
            let work: Arc<dyn Work> = Arc::new(AtOnce);
            pumps.spawn(jobs::run(store.clone(), Works::from([("box.job", work)]), stopped()));
        }
        let mut writers = JoinSet::new();
        for own in changes.chunks(EACH) {
            let (store, own) = (store.clone(), own.to_vec());
            writers.spawn(async move { own_work(&store, own).await });
        }
        writers.join_all().await;
        while left(&store).await > 0 {
            trial.clock.pass(Duration::from_millis(10));
        }
        stop.send(()).unwrap();
        pumps.join_all().await;
        told(&store, &trial.place);
        for (name, figures) in store.statistics() {
            assert_eq!(figures.faults, 0, "{name}");
            assert!(figures.retries <= figures.count, "{name}: {figures:?}");
        }
    });
}

async fn own_work(store: &Store, changes: Vec<Change>) {
    for change in changes {
        let (now, chance) = (store.clock().now(), &**store.chance());
        let (id, note) = (JobId::random(chance), NOTE.row(values![change.event, change.thing, ""]));
        let job = Job { id, name: "box.job".to_owned(), payload: vec![1], due: now };
        let changed = store.write("box.change", move |tx| {
            change.made(tx)?;
            jobs::add(tx, &job)?;
            Ok::<_, ChangeError>(())
        });
        changed.await.unwrap();
        store.append(vec![note]).await.unwrap();
        let count = |tx: &mut Tx| tx.first::<(i64,)>("SELECT COUNT(*) FROM box_note", values![]);
        store.read::<_, StoreError>("box.count", count).await.unwrap();
    }
}

/// What the queues still hold.
async fn left(store: &Store) -> i64 {
    let count = |tx: &mut Tx| {
        tx.first::<(i64,)>(
            "SELECT (SELECT COUNT(*) FROM store_outbox) + (SELECT COUNT(*) FROM store_job)",
            values![],
        )
    };
    store.read::<_, StoreError>("box.left", count).await.unwrap().unwrap().0
}

#[test]
fn appends_of_many_callers_are_all_there() {
    trial_on_each_engine(&[BOX], |trial| async move {
        let mut writers = JoinSet::new();
        for _ in 0..64 {
            let store = trial.store.clone();
            writers.spawn(async move {
                for _ in 0..10 {
                    let change = Change::drawn(&store);
                    let note = NOTE.row(values![change.note, change.thing, "noted"]);
                    store.append(vec![note, change.message.row()]).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let count = |tx: &mut Tx| tx.first::<(i64,)>("SELECT COUNT(*) FROM box_note", values![]);
        assert_eq!(trial.store.read("box.count", count).await, Ok::<_, StoreError>(Some((640,))));
        let backlog = trial.store.read("box.backlog", outbox::backlog).await.unwrap();
        assert_eq!(backlog.0, 640);
    });
}

/// A write that holds the writer until the test lets it go.
fn holding(store: &Store) -> Arc<Barrier> {
    let gate = Arc::new(Barrier::new(2));
    let (store, held) = (store.clone(), gate.clone());
    tokio::spawn(async move {
        let hold = move |_: &mut Tx| {
            held.wait();
            held.wait();
            Ok::<_, StoreError>(())
        };
        store.write("box.hold", hold).await.unwrap();
    });
    gate
}

/// When so many writes wait.
async fn queued(store: &Store, count: usize) {
    while store.waiting().1 < count {
        tokio::task::yield_now().await;
    }
}

#[test]
fn when_sqlite_ends_a_shared_transaction_the_others_are_run_again() {
    let trial = Trial::on_sqlite(&[BOX]).unwrap();
    run(async move {
        let gate = holding(&trial.store);
        tokio::task::yield_now().await;
        gate.wait();
        let mut writers = JoinSet::new();
        for number in 0..10_u8 {
            let store = trial.store.clone();
            writers.spawn(async move {
                let put = move |tx: &mut Tx| {
                    let ends = "INSERT OR ROLLBACK INTO box_thing VALUES ($1, 1, 'a')";
                    tx.insert(ends, values![[number % 7]])
                };
                store.write("box.put", put).await
            });
        }
        queued(&trial.store, 10).await;
        gate.wait();
        let answers = writers.join_all().await;
        let refused = answers.iter().filter(|a| matches!(a, Err(StoreError::Refused(_)))).count();
        let done = answers.iter().filter(|a| a.is_ok()).count();
        assert_eq!((done, refused), (7, 3));
        let count = |tx: &mut Tx| tx.first::<(i64,)>("SELECT COUNT(*) FROM box_thing", values![]);
        assert_eq!(trial.store.read("box.count", count).await, Ok::<_, StoreError>(Some((7,))));
    });
}

#[test]
fn a_full_queue_says_busy_at_once_and_what_is_queued_is_done() {
    let trial = Trial::on_sqlite(&[BOX]).unwrap();
    run(async move {
        let gate = holding(&trial.store);
        tokio::task::yield_now().await;
        gate.wait();
        let mut writers = JoinSet::new();
        for _ in 0..4096 {
            let store = trial.store.clone();
            writers
                .spawn(async move { store.write("box.rest", |_| Ok::<_, StoreError>(())).await });
        }
        queued(&trial.store, 4096).await;
        let over = trial.store.write("box.over", |_| Ok::<_, StoreError>(())).await;
        assert_eq!(over, Err(StoreError::Busy));
        gate.wait();
        assert!(writers.join_all().await.iter().all(Result::is_ok));
    });
}

#[test]
fn a_second_store_on_the_same_file_is_refused() {
    let trial = Trial::on_sqlite(&[BOX]).unwrap();
    let (clock, chance) = (Arc::new(trial.clock.clone()), Arc::new(trial.chance.clone()));
    let second = Store::open(&trial.place, clock, chance, &[BOX]);
    assert!(second.unwrap_err().to_string().contains("in use"));
}

#[test]
fn a_closed_store_is_one_file() {
    let trial = Trial::on_sqlite(&[BOX]).unwrap();
    let Place::Sqlite(beside) = &trial.place else { panic!("{:?}", trial.place) };
    for round in 0..50 {
        let file = beside.with_extension(format!("closed-{round}"));
        let (clock, chance) = (Arc::new(trial.clock.clone()), Arc::new(trial.chance.clone()));
        let store = Store::open(&Place::Sqlite(file.clone()), clock, chance, &[BOX]).unwrap();
        assert!(file.with_extension(format!("closed-{round}-wal")).exists());
        drop(store);
        assert!(!file.with_extension(format!("closed-{round}-wal")).exists(), "round {round}");
    }
}

#[test]
fn a_store_waits_a_moment_for_another_to_let_go() {
    let trial = Trial::on_sqlite(&[BOX]).unwrap();
    let Place::Sqlite(beside) = &trial.place else { panic!("{:?}", trial.place) };
    let place = Place::Sqlite(beside.with_extension("other"));
    let open = || {
        let (clock, chance) = (Arc::new(trial.clock.clone()), Arc::new(trial.chance.clone()));
        Store::open(&place, clock, chance, &[BOX])
    };
    let first = open().unwrap();
    let ending = std::thread::spawn(move || {
        std::thread::park_timeout(Duration::from_millis(300));
        drop(first);
    });
    open().unwrap();
    ending.join().unwrap();
}

/// Between store and server; once armed, the answer to the next COMMIT is lost; while pulled,
/// every connection breaks.
struct Cable {
    port: u16,
    armed: Arc<AtomicBool>,
    pulled: Arc<AtomicBool>,
}

impl Cable {
    fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (armed, pulled) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (cut, broken) = (armed.clone(), pulled.clone());
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = TcpStream::connect(("127.0.0.1", server)).unwrap();
                let (back, to) = (far.try_clone().unwrap(), near.try_clone().unwrap());
                let (cut, broken) = (cut.clone(), broken.clone());
                std::thread::spawn(move || {
                    carry(near, far, &|bytes| {
                        broken.load(Ordering::SeqCst)
                            || bytes.windows(7).any(|word| word == b"COMMIT\0")
                                && cut.swap(false, Ordering::SeqCst)
                    })
                });
                std::thread::spawn(move || carry(back, to, &|_| false));
            }
        });
        Self { port, armed, pulled }
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, cut: &dyn Fn(&[u8]) -> bool) {
    let mut bytes = [0; 16384];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let last = cut(&bytes[..count]);
        if last {
            from.shutdown(Shutdown::Both).unwrap();
        }
        if to.write_all(&bytes[..count]).is_err() || last {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// A store on the server of `trial`, through a cable.
fn over_cable(trial: &Trial) -> (Cable, Store) {
    let Place::Postgres { url, .. } = &trial.place else { unreachable!() };
    let digits = url.split(' ').find_map(|word| word.strip_prefix("port=")).unwrap().to_owned();
    let cable = Cable::to(digits.parse().unwrap());
    let url = url.replace(&format!("port={digits}"), &format!("port={}", cable.port));
    let store = opened(trial, &Place::Postgres { url, tls: None, connections: 3 });
    (cable, store)
}

#[test]
fn a_lost_answer_to_a_commit_is_unknown_and_the_key_tells_what_became_of_it() {
    let Some(trial) = Trial::on_postgres(&[BOX]).unwrap() else { return };
    run(async move {
        let (cable, store) = over_cable(&trial);
        let make =
            async |change: Change| store.write("box.change", move |tx| change.made(tx)).await;
        let [first, change] = drawn(&store, 2).await.try_into().ok().unwrap();
        make(first).await.unwrap();
        cable.armed.store(true, Ordering::SeqCst);
        let unknown = make(change.clone()).await;
        assert_eq!(unknown, Err(ChangeError::Store(StoreError::Unknown)));
        // The same call again is answered, and its change stands once.
        assert_eq!(make(change.clone()).await, Ok(()));
        let found = store.read("box.find", move |tx| {
            tx.all::<(i64,)>("SELECT revision FROM box_thing WHERE id = $1", values![change.thing])
        });
        assert_eq!(found.await, Ok::<_, StoreError>(vec![(2,)]));
    });
}

#[test]
fn a_connection_lost_between_two_closures_is_made_again() {
    let Some(trial) = Trial::on_postgres(&[BOX]).unwrap() else { return };
    run(async move {
        let make = async || {
            let change = drawn(&trial.store, 1).await.remove(0);
            trial.store.write("box.change", move |tx| change.made(tx)).await
        };
        make().await.unwrap();
        let end_others = |tx: &mut Tx| {
            tx.all::<(bool,)>(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE pid <> pg_backend_pid()
                 AND application_name = current_setting('application_name')",
                values![],
            )
        };
        let ended = trial.store.read("box.end", end_others).await;
        assert!(!ended.unwrap().is_empty());
        for _ in 0..8 {
            make().await.unwrap();
        }
        assert!(trial.store.is_reached());
    });
}

#[test]
fn a_store_says_that_its_server_is_gone_until_it_is_back() {
    let Some(trial) = Trial::on_postgres(&[BOX]).unwrap() else { return };
    run(async move {
        let (cable, store) = over_cable(&trial);
        let look = async || store.read("box.look", |_| Ok::<_, StoreError>(())).await;
        look().await.unwrap();
        assert!(store.is_reached());
        cable.pulled.store(true, Ordering::SeqCst);
        let gone = look().await;
        assert!(matches!(gone, Err(StoreError::Unreached(_))), "{gone:?}");
        assert!(!store.is_reached());
        trial.clock.pass(Duration::from_secs(31));
        assert!(store.is_reached(), "nothing was asked of it for half a minute");
        assert!(look().await.is_err() && !store.is_reached());
        cable.pulled.store(false, Ordering::SeqCst);
        look().await.unwrap();
        assert!(store.is_reached());
    });
}
