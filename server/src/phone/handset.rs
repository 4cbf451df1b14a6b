//! The virtual phones of this process: what each knows in memory, and its long poll.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::screens::Outcome;
use app::{Cost, Enrolling, Found, Phone, Service, Stage, Talk, TalkError, Waiting};
use base::{Time, hex};
use tokio::sync::{Mutex as Gate, MutexGuard, watch};

use super::folder::{Folder, FolderError};
use super::report;
use crate::World;
use crate::outside::Outside;

/// All of them.
#[derive(Debug)]
pub(super) struct Phones {
    home: PathBuf,
    pub(super) world: World,
    outside: Outside,
    handsets: Mutex<BTreeMap<String, Arc<Handset>>>,
    /// The phone that each browser's secret opens, by its digest.
    pub(super) opened: Mutex<BTreeMap<[u8; 32], String>>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Handset {
    /// Its name in addresses.
    pub(super) id: String,
    /// Where it is kept.
    pub(super) folder: Folder,
    hand: Gate<Hand>,
    found: watch::Sender<Option<Found>>,
    /// Why the last poll failed.
    trouble: Mutex<Option<Outcome>>,
    poll: Mutex<Poll>,
}

/// What a hand remembers while it holds the phone.
#[derive(Debug, Default)]
pub(super) struct Hand {
    /// An enrolment that `sam` has not answered yet.
    pub(super) enrolling: Option<Enrolling>,
    /// Requests that were claimed or chosen for here, newer than what the poll found.
    pub(super) taken: BTreeMap<String, Waiting>,
    /// Requests that were answered here.
    pub(super) answered: BTreeMap<String, Time>,
    /// Tries that `sam` said are left, by request.
    pub(super) tries: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct Poll {
    runs: bool,
    seen: Time,
}

/// A phone in use: nobody else's until this goes.
#[derive(Debug)]
pub(super) struct Using<'a> {
    pub(super) phone: Phone,
    pub(super) hand: MutexGuard<'a, Hand>,
    _held: File,
}

/// A phone that nobody has looked at for so long stops asking.
const UNSEEN: Duration = Duration::from_secs(600);
/// How long a page waits for the first answer of a poll.
const FIRST: Duration = Duration::from_secs(3);
impl Handset {
    /// How many requests the last poll found.
    pub(super) fn waiting(&self) -> u64 {
        let found = self.found.borrow();
        found.as_ref().map_or(0, |found| u64::try_from(found.waiting.len()).unwrap_or(0))
    }

    /// Why the last poll failed, if it did.
    pub(super) fn trouble(&self) -> Option<Outcome> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn trouble_is(&self, trouble: Option<Outcome>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Whether somebody has looked at it lately; if not, its poll ends.
    fn is_seen(&self, now: Time) -> bool {
        let mut poll = self.poll.lock().unwrap_or_else(PoisonError::into_inner);
        poll.runs = now.since(poll.seen) <= UNSEEN;
        poll.runs
    }

    /// Lets the next page wait for what the poll finds next.
    pub(super) fn forget_found(&self) {
        self.found.send_replace(None);
    }
}

/// How long a poll pauses when something waits, and when it failed.
const PAUSE: Duration = Duration::from_secs(2);
const TROUBLE: Duration = Duration::from_secs(5);

impl Phones {
    /// Those in `home`, a folder that is made when absent.
    ///
    /// # Errors
    /// [`FolderError::File`].
    pub(super) fn open(home: &Path, world: World, outside: Outside) -> Result<Self, FolderError> {
        Folder::made(home)?;
        let (handsets, opened) = (Mutex::default(), Mutex::default());
        Ok(Self { home: home.to_owned(), world, outside, handsets, opened })
    }

    /// A conversation with the server.
    pub(super) fn talk(&self) -> Talk<'_, Outside> {
        Talk {
            server: &self.outside,
            clock: self.world.clock.as_ref(),
            chance: self.world.chance.as_ref(),
            cost: Cost::NOW,
        }
    }

    /// All, by their names in addresses.
    ///
    /// # Errors
    /// [`FolderError::File`].
    pub(super) fn all(&self) -> Result<Vec<Arc<Handset>>, FolderError> {
        let failed = |source| FolderError::File { file: self.home.clone(), source };
        let entries = std::fs::read_dir(&self.home).map_err(failed)?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort();
        Ok(names.iter().filter_map(|name| self.handset(name)).collect())
    }

    /// A new one, called `name`.
    ///
    /// # Errors
    /// [`FolderError::File`].
    pub(super) fn add(&self, name: &str) -> Result<Arc<Handset>, FolderError> {
        let id = hex(&self.world.chance.bytes::<4>());
        Folder::made(&self.home.join(&id))?.call(name)?;
        self.handset(&id).ok_or(FolderError::Broken)
    }

    /// The one of this name, if it exists.
    pub(super) fn handset(&self, id: &str) -> Option<Arc<Handset>> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let path = self.home.join(id);
        if !(1..=32).contains(&id.len()) || !id.bytes().all(plain) || !path.is_dir() {
            return None;
        }
        let mut handsets = self.handsets.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = Folder::made(&path).ok()?;
        let handset = handsets.entry(id.to_owned()).or_insert_with(|| {
            let poll = Mutex::new(Poll { runs: false, seen: self.world.clock.now() });
            let (id, hand) = (id.to_owned(), Gate::default());
            let (found, trouble) = (watch::Sender::new(None), Mutex::default());
            Arc::new(Handset { id, folder, hand, found, trouble, poll })
        });
        Some(Arc::clone(handset))
    }

    /// Takes the phone for one step.
    ///
    /// # Errors
    /// [`FolderError::Empty`] when nobody was enrolled; else [`FolderError`].
    pub(super) async fn using<'a>(&self, of: &'a Handset) -> Result<Using<'a>, FolderError> {
        let hand = of.hand.lock().await;
        let held = of.folder.hold(self.world.clock.as_ref()).await?;
        let phone = of.folder.phone()?.ok_or(FolderError::Empty)?;
        Ok(Using { phone, hand, _held: held })
    }

    /// The hand alone, where there may be no phone yet.
    pub(super) async fn hand<'a>(&self, of: &'a Handset) -> MutexGuard<'a, Hand> {
        of.hand.lock().await
    }

    /// Keeps what changed.
    ///
    /// # Errors
    /// [`FolderError`].
    pub(super) fn keep(&self, of: &Handset, phone: &Phone) -> Result<(), FolderError> {
        of.folder.keep(phone, self.world.chance.as_ref())
    }

    /// Keeps new keys that wait for an approval.
    ///
    /// # Errors
    /// [`FolderError`].
    pub(super) fn keep_enrolling(&self, of: &Handset, keys: &Enrolling) -> Result<(), FolderError> {
        of.folder.keep_enrolling(keys, self.world.chance.as_ref())
    }

    /// What an app of this home has built in, where that is known.
    pub(super) fn service(&self) -> Option<Service> {
        super::service::built_in(&self.home).ok().flatten()
    }

    /// What the phone's poll found; begins to ask when it does not yet, and then waits a moment.
    pub(super) async fn found(self: &Arc<Self>, of: &Arc<Handset>) -> Option<Found> {
        self.ask_on(of);
        let mut found = of.found.subscribe();
        let patience = self.world.clock.until(self.world.clock.now().plus(FIRST));
        tokio::select! {
            _ = found.wait_for(Option::is_some) => {}
            () = patience => {}
        }
        of.found.borrow().clone()
    }

    /// Lets the poll go on for a while, and begins it where it has ended.
    fn ask_on(self: &Arc<Self>, of: &Arc<Handset>) {
        let mut poll = of.poll.lock().unwrap_or_else(PoisonError::into_inner);
        poll.seen = self.world.clock.now();
        if !poll.runs {
            poll.runs = true;
            let (phones, handset) = (Arc::clone(self), Arc::clone(of));
            tokio::spawn(async move { phones.ask(&handset).await });
        }
    }

    async fn ask(&self, of: &Handset) {
        let clock = &self.world.clock;
        loop {
            let pause = match self.poll(of).await {
                Ok(found) => {
                    let waits = !found.waiting.is_empty() || !found.unshown.is_empty();
                    of.trouble_is(None);
                    of.found.send_replace(Some(found));
                    if waits { PAUSE } else { Duration::from_millis(100) }
                }
                Err(why) => {
                    tracing::info!(%why, "a phone's poll failed");
                    of.trouble_is(match &why {
                        PollError::Talk(why) => Some(report::failed(why)),
                        PollError::Folder(_) => None,
                    });
                    of.found.send_replace(None);
                    TROUBLE
                }
            };
            if !of.is_seen(clock.now()) {
                return;
            }
            clock.until(clock.now().plus(pause)).await;
        }
    }

    /// Asks once, without holding the phone; takes it only where something is to be kept.
    async fn poll(&self, of: &Handset) -> Result<Found, PollError> {
        let mut phone = of.folder.phone()?.ok_or(FolderError::Empty)?;
        if phone.stage() == Stage::Made {
            return Err(FolderError::Empty.into());
        }
        // What waited can be over by now, and no news would say so: then it is asked at once.
        let idle = |found: &Found| found.waiting.is_empty() && found.unshown.is_empty();
        let wait = of.found.borrow().as_ref().is_some_and(idle);
        let found = self.talk().poll(&phone, wait).await?;
        if phone.note(&found) {
            let mut using = self.using(of).await?;
            using.phone.note(&found);
            self.keep(of, &using.phone)?;
        }
        Ok(found)
    }
}

#[derive(Debug, thiserror::Error)]
enum PollError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Talk(#[from] TalkError),
}
