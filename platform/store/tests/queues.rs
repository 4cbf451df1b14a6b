//! Outbox, inbox, jobs and idempotency keys, on both engines.
#![cfg(test)]

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::Clock;
use store::idempotency::{Key, KeyReused, Outcome, once};
use store::jobs::{Job, JobId, Work};
use store::outbox::{Deliver, EventId, Message};
use store::trial::{Trial, on_each_engine, trial_on_each_engine};
use store::{StoreError, Tx, Working, inbox, jobs, outbox};
use tokio::sync::mpsc;

/// Refuses what it is told to, and says what it was given.
struct Post {
    arrived: mpsc::UnboundedSender<String>,
    refusals: Mutex<BTreeMap<String, u32>>,
}

impl Post {
    fn refusing(name: &str, times: u32) -> (Arc<Self>, mpsc::UnboundedReceiver<String>) {
        let (arrived, seen) = mpsc::unbounded_channel();
        let refusals = Mutex::new(BTreeMap::from([(name.to_owned(), times)]));
        (Arc::new(Self { arrived, refusals }), seen)
    }

    fn take(&self, name: &str) -> Result<(), String> {
        let mut refusals = self.refusals.lock().unwrap();
        match refusals.get_mut(name) {
            Some(left) if *left > 0 => {
                *left -= 1;
                self.arrived.send(format!("{name} refused")).unwrap();
                Err("not now".to_owned())
            }
            _ => {
                self.arrived.send(name.to_owned()).unwrap();
                Ok(())
            }
        }
    }
}

impl Deliver for Post {
    fn deliver(&self, message: Message) -> Working<'_> {
        let done = self.take(&message.name);
        Box::pin(ready(done))
    }
}

impl Work for Post {
    fn work(&self, job: Job) -> Working<'_> {
        assert_ne!(job.name, "box.panic", "as the test wants");
        Box::pin(ready(self.take(&job.name)))
    }

    fn tries(&self) -> u32 {
        2
    }
}

fn message(trial: &Trial, name: &str, subject: u8, after: u64) -> Message {
    Message {
        id: EventId::random(&trial.chance),
        destination: "pki".to_owned(),
        name: name.to_owned(),
        subject: vec![subject],
        at: trial.clock.now().plus(Duration::from_micros(after)),
        body: b"{}".to_vec(),
    }
}

/// Moves the clock a little further each time nothing comes.
async fn next(trial: &Trial, seen: &mut mpsc::UnboundedReceiver<String>) -> String {
    loop {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        match seen.try_recv() {
            Ok(name) => return name,
            Err(_) => {
                trial.clock.pass(Duration::from_millis(500));
                trial.store.read("box.rest", |_| Ok::<_, StoreError>(())).await.unwrap();
            }
        }
    }
}

#[test]
fn messages_of_a_subject_arrive_in_order_although_one_is_refused_at_first() {
    trial_on_each_engine(&[], |trial| async move {
        let (post, mut seen) = Post::refusing("first", 2);
        let messages = [
            message(&trial, "second", 1, 2),
            message(&trial, "first", 1, 1),
            message(&trial, "other", 2, 3),
        ];
        let put = move |tx: &mut Tx| messages.iter().try_for_each(|m| outbox::put(tx, m.clone()));
        trial.store.write("box.put", put).await.unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = outbox::run(trial.store.clone(), post, async {
            let _ = stopped.await;
        });
        let running = tokio::spawn(running);
        let mut came = Vec::new();
        while came.len() < 5 {
            came.push(next(&trial, &mut seen).await);
        }
        let of_one: Vec<_> = came.iter().filter(|name| *name != "other").collect();
        assert_eq!(of_one, ["first refused", "first refused", "first", "second"]);
        stop.send(()).unwrap();
        running.await.unwrap();
        let backlog = trial.store.read("box.backlog", outbox::backlog).await;
        assert_eq!(backlog, Ok((0, None::<base::Time>)));
    });
}

#[test]
fn a_message_of_a_refused_change_is_never_sent_and_a_commit_wakes_the_dispatcher() {
    trial_on_each_engine(&[], |trial| async move {
        let (post, mut seen) = Post::refusing("", 0);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(outbox::run(trial.store.clone(), post, async {
            let _ = stopped.await;
        }));
        let undone = message(&trial, "undone", 1, 0);
        let refused = move |tx: &mut Tx| {
            outbox::put(tx, undone.clone())?;
            Err::<(), _>(StoreError::Busy)
        };
        assert_eq!(trial.store.write("box.refuse", refused).await, Err(StoreError::Busy));
        trial.store.append(vec![message(&trial, "done", 1, 0).row()]).await.unwrap();
        // The clock stands: only the commit can have woken it.
        assert_eq!(seen.recv().await.unwrap(), "done");
        stop.send(()).unwrap();
        running.await.unwrap();
    });
}

#[test]
fn an_event_is_new_once() {
    on_each_engine(&[], |store| async move {
        let (event, now) = (EventId::from_bytes([7; 16]), store.clock().now());
        for new in [true, false, false] {
            let first = store.write("box.event", move |tx| inbox::first(tx, event, now)).await;
            assert_eq!(first, Ok(new));
        }
    });
}

fn job(name: &str, due: base::Time) -> Job {
    let mut id = [0; 16];
    id.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    Job { id: JobId::from_bytes(id), name: name.to_owned(), payload: b"p".to_vec(), due }
}

#[test]
fn a_job_is_done_when_due_tried_again_and_given_up_with_its_reason() {
    trial_on_each_engine(&[], |trial| async move {
        let (post, mut seen) = Post::refusing("box.fails", 9);
        let names = ["box.later", "box.fails", "box.panic", "box.now"];
        let work: Arc<dyn Work> = post;
        let works = names.map(|name| (name, Arc::clone(&work)));
        let now = trial.clock.now();
        let later = now.plus(Duration::from_secs(60));
        for (name, due) in [
            ("box.later", later),
            ("box.fails", now),
            ("box.panic", now),
            ("box.now", now),
            ("box.unknown", now),
        ] {
            let job = job(name, due);
            let twice = move |tx: &mut Tx| Ok((jobs::add(tx, &job)?, jobs::add(tx, &job)?));
            assert_eq!(
                trial.store.write("box.add", twice).await,
                Ok::<_, StoreError>((true, false))
            );
        }
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(jobs::run(trial.store.clone(), works.into(), async {
            let _ = stopped.await;
        }));
        let mut came = Vec::new();
        while came.last().is_none_or(|name| name != "box.later") {
            came.push(next(&trial, &mut seen).await);
        }
        assert!(trial.clock.now() >= later);
        came.sort();
        assert_eq!(came, ["box.fails refused", "box.fails refused", "box.later", "box.now"]);
        stop.send(()).unwrap();
        running.await.unwrap();
        let dead = trial.store.read("box.dead", jobs::dead).await.unwrap();
        let mut reasons: Vec<_> = dead
            .iter()
            .map(|job| (job.name.as_str(), job.reason.as_deref(), job.attempts))
            .collect();
        reasons.sort();
        let expected = [("box.fails", Some("not now"), 2), ("box.panic", Some("it panicked"), 2)];
        assert_eq!(reasons, expected);
        let (id, now) = (dead[0].id, trial.clock.now());
        for revived in [true, false] {
            let revive = move |tx: &mut Tx| jobs::revive(tx, id, now);
            assert_eq!(trial.store.write("box.revive", revive).await, Ok(revived));
        }
    });
}

#[derive(Debug, PartialEq)]
enum PayError {
    Reused,
    Poor,
    Store(StoreError),
}
impl From<StoreError> for PayError {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}
impl From<KeyReused> for PayError {
    fn from(_: KeyReused) -> Self {
        Self::Reused
    }
}

#[test]
fn a_key_answers_the_same_call_with_its_outcome_and_refuses_another() {
    trial_on_each_engine(&[], |trial| async move {
        let pay = async |asked: &'static str, outcome: &'static str| {
            let key = Key::new("pay", b"k", asked.as_bytes(), trial.clock.now());
            let pay = move |tx: &mut Tx| {
                once(tx, &key, |_| match outcome {
                    "" => Err(PayError::Poor),
                    outcome => Ok(outcome.into()),
                })
            };
            trial.store.write("box.pay", pay).await
        };
        let outcome = |bytes: &str, again| Ok(Outcome { bytes: bytes.into(), again });
        assert_eq!(pay("5 euro", "").await, Err(PayError::Poor));
        assert_eq!(pay("5 euro", "paid").await, outcome("paid", false));
        assert_eq!(pay("5 euro", "paid again").await, outcome("paid", true));
        assert_eq!(pay("6 euro", "paid").await, Err(PayError::Reused));
        trial.clock.pass(Duration::from_hours(24));
        assert_eq!(pay("6 euro", "paid 6").await, outcome("paid 6", false));
    });
}
