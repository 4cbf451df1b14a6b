//! The role: what it is made of, how it starts, what it does by itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use activation_contract::{Device, Op};
use base::{Chance, Clock, Digest, Id, Time};
use keys::{Keeper, PublicKey};
use links::Party;
use sam_contract::SamRefusal;
use store::{Mark, Store, Tx, values};
use x509::Certificate;

use crate::Stop;
use crate::challenge::{Challenge, Epoch, LIFE};
use crate::ending::{self, Archive, Ending};
use crate::hand::{Local, SigningDevice};
use crate::officer::{self, Officer};
use crate::own::{self, Own};
use crate::row::{of_json, word};

/// What `sam` is made of.
#[derive(Debug)]
pub struct SamParts {
    /// Its store, opened with [`crate::SCHEMA`] and nobody else's.
    pub store: Store,
    /// Its keeper, with a key-encryption key of its own.
    pub keeper: Keeper,
    /// Where endings lie.
    pub archive: Arc<dyn Archive>,
    /// The highest number, outside the store and its backups.
    pub mark: Mark,
    /// Role and instance, as approvals name it: `sam/1`.
    pub role: String,
    /// Who it is on links.
    pub party: Party,
    /// Who may call what.
    pub callers: Callers,
    /// The issuing authorities whose certificates make persons' keys sign.
    pub issuers: Vec<Certificate>,
    /// Other signing devices than the own one; the first one makes new keys.
    pub devices: Vec<Arc<dyn SigningDevice>>,
    /// How long a device waits that another device enrolled or gave new PINs.
    pub waiting: Duration,
}

/// Who may call what.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    /// Carry phones' words: identity.
    pub web: Vec<Party>,
    /// Bring officers' words about devices: the desk.
    pub desk: Vec<Party>,
    /// Brings certificates and changes of status: pki.
    pub pki: Vec<Party>,
}

/// The role at work.
#[derive(Debug)]
pub struct Sam {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) own: Own,
    pub(crate) role: String,
    pub(crate) waiting: Duration,
    pub(crate) party: Party,
    pub(crate) callers: Callers,
    pub(crate) issuers: Vec<Certificate>,
    hands: Vec<Arc<dyn SigningDevice>>,
    archive: Arc<dyn Archive>,
    mark: Arc<Mutex<Mark>>,
    /// None while the store is older than the mark and the archive has not been read.
    epoch: Mutex<Option<Epoch>>,
    /// One at a time writes to the archive.
    archiving: tokio::sync::Mutex<()>,
    pub(crate) codes: Mutex<Time>,
}

/// What the setup needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Founded {
    /// SHA-256 of the root key's SPKI: what QR codes and callees pin.
    pub root: Digest,
}

/// How often the mark is moved and what waits is tried again.
const BEAT: Duration = Duration::from_secs(5);

/// Founds a `sam` in an empty store: its keys, its first epoch, its first officers. For the
/// setup, before any listener opens; again it changes nothing.
///
/// # Errors
/// [`Stop`]
pub async fn found(store: &Store, keeper: &Keeper, officers: &[Officer]) -> Result<Founded, Stop> {
    let root = own::made(store, keeper).await?;
    let epoch: Epoch = store.chance().bytes();
    store
        .write("sam.begin", move |tx| {
            tx.update(
                "INSERT INTO sam_head (id, epoch, counter) VALUES (0, $1, 0)
                 ON CONFLICT DO NOTHING",
                values![epoch],
            )
        })
        .await?;
    officer::seated(store, officers).await?;
    Ok(Founded { root })
}

/// The key that signs answers, of a `sam` that was founded: what the setup tells to whoever
/// believes `sam`.
///
/// # Errors
/// [`Stop`]
pub async fn answer_key(store: &Store, keeper: &Keeper, now: Time) -> Result<PublicKey, Stop> {
    Ok(Own::open(store, keeper, now).await?.answer_key().clone())
}

impl Sam {
    /// Opens the role. When its store is older than the mark it applies the archive's endings
    /// again first; when the archive cannot be read it answers only "restored" until
    /// [`Sam::run`] has read it.
    ///
    /// # Errors
    /// [`Stop`]
    pub async fn open(parts: SamParts) -> Result<Arc<Self>, Stop> {
        let (clock, chance) = (parts.store.clock().clone(), parts.store.chance().clone());
        let own = Own::open(&parts.store, &parts.keeper, clock.now()).await?;
        let mut hands = parts.devices;
        hands.push(Arc::new(Local(parts.keeper)));
        let sam = Arc::new(Self {
            codes: Mutex::new(clock.now()),
            store: parts.store,
            clock,
            chance,
            own,
            role: parts.role,
            waiting: parts.waiting,
            party: parts.party,
            callers: parts.callers,
            issuers: parts.issuers,
            hands,
            archive: parts.archive,
            mark: Arc::new(Mutex::new(parts.mark)),
            epoch: Mutex::new(None),
            archiving: tokio::sync::Mutex::default(),
        });
        match sam.settle().await {
            Err(Stop::Archive(why)) => tracing::error!(%why, "restored; the archive is needed"),
            settled => settled?,
        }
        Ok(sam)
    }

    /// Does what is to be done without being asked, until `stop`: finishes what a crash left
    /// half done, brings endings to the archive, moves the mark.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut finished = false;
        loop {
            match self.beat(finished).await {
                Ok(()) => finished = true,
                Err(why) => tracing::warn!(%why, "tried again in a moment"),
            }
            tokio::select! {
                () = &mut stop => return,
                () = self.clock.until(self.clock.now().plus(BEAT)) => {}
            }
        }
    }

    /// One round of [`Sam::run`].
    pub(crate) async fn beat(&self, finished: bool) -> Result<(), Stop> {
        if self.epoch().is_err() {
            self.settle().await?;
        }
        let done = if finished { Ok(()) } else { self.finish().await };
        self.archived().await?;
        let number = self.store.write("sam.beat", ending::counted).await?;
        self.raise(number).await?;
        done
    }

    /// The answer key: statements are checked by it.
    #[must_use]
    pub fn answer_key(&self) -> &PublicKey {
        self.own.answer_key()
    }

    /// `sam`'s keys under its root key, compact.
    #[must_use]
    pub fn keys(&self) -> &str {
        self.own.published()
    }

    pub(crate) fn epoch(&self) -> Result<Epoch, SamRefusal> {
        let epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        epoch.ok_or(SamRefusal::Restored)
    }

    /// A challenge for a device and operation.
    pub(crate) fn challenge(
        &self,
        device: Id<Device>,
        op: Op,
    ) -> Result<(String, Time), SamRefusal> {
        let now = self.clock.now();
        let given = Challenge::new(self.epoch()?, now, self.chance.as_ref());
        Ok((given.written(&self.own.challenges, device, op), now.plus(LIFE)))
    }

    /// The device that makes new keys.
    pub(crate) fn maker(&self) -> Result<Arc<dyn SigningDevice>, Stop> {
        self.hands.first().cloned().ok_or(Stop::Damaged("no signing device"))
    }

    /// The device of that name.
    pub(crate) fn hand(&self, name: &str) -> Result<Arc<dyn SigningDevice>, Stop> {
        let found = self.hands.iter().find(|hand| hand.name() == name);
        found.cloned().ok_or(Stop::Damaged("a credential of an unknown signing device"))
    }

    /// Compares store and mark; a restored store gets a new epoch and all endings.
    async fn settle(&self) -> Result<(), Stop> {
        let (epoch, counter) = self.store.read("sam.head", head).await?;
        let marked = self.mark.lock().unwrap_or_else(PoisonError::into_inner).number();
        let marked = marked.and_then(|number| i64::try_from(number).ok()).unwrap_or(0);
        let epoch = if counter < marked { self.restored(marked).await? } else { epoch };
        *self.epoch.lock().unwrap_or_else(PoisonError::into_inner) = Some(epoch);
        Ok(())
    }

    async fn restored(&self, marked: i64) -> Result<Epoch, Stop> {
        let archive = Arc::clone(&self.archive);
        let entries = blocking(move || archive.all()).await?;
        let mut endings = Vec::with_capacity(entries.len());
        let mut highest = marked;
        for (number, sealed) in entries {
            let body = self.own.endings.open(&number.to_be_bytes(), &sealed);
            let body = body.map_err(|_| Stop::Damaged("an entry of the archive"))?;
            let text = std::str::from_utf8(&body).map_err(|_| Stop::Damaged("an entry"))?;
            endings.push(of_json::<Ending>(text)?);
            highest = highest.max(i64::try_from(number).unwrap_or(i64::MAX));
        }
        let (epoch, next): (Epoch, _) = (self.chance.bytes(), highest.saturating_add(1));
        tracing::warn!(endings = endings.len(), "restored from a backup: endings apply again");
        self.store.write("sam.restored", move |tx| applied(tx, &endings, (epoch, next))).await?;
        self.raise(next).await?;
        Ok(epoch)
    }

    /// Writes what waits to the archive, in order.
    pub(crate) async fn archived(&self) -> Result<(), Stop> {
        let _one = self.archiving.lock().await;
        let waiting: Vec<(i64, String)> = self
            .store
            .read::<_, Stop>("sam.endings", |tx| {
                Ok(tx.all(
                    "SELECT number, body FROM sam_ending WHERE archived = 0
                     ORDER BY number LIMIT 1000",
                    values![],
                )?)
            })
            .await?;
        for (number, body) in waiting {
            let named = u64::try_from(number).unwrap_or(0);
            let sealed =
                self.own.endings.seal(&named.to_be_bytes(), body.as_bytes(), self.chance.as_ref());
            let sealed = sealed.map_err(|_| Stop::Damaged("an ending too long"))?;
            let archive = Arc::clone(&self.archive);
            blocking(move || archive.put(named, &sealed)).await?;
            self.raise(number).await?;
            self.store
                .write("sam.archived", move |tx| {
                    tx.update(
                        "UPDATE sam_ending SET archived = 1 WHERE number = $1",
                        values![number],
                    )
                })
                .await?;
        }
        Ok(())
    }

    /// Whether the ending of this number lies in the archive; tries to bring it there.
    pub(crate) async fn is_safe(&self, number: Option<i64>) -> Result<bool, Stop> {
        let Some(number) = number else { return Ok(true) };
        if self.lies(number).await? {
            return Ok(true);
        }
        match self.archived().await {
            Ok(()) => self.lies(number).await,
            Err(Stop::Archive(why)) => {
                tracing::warn!(%why, "an ending waits for the archive");
                Ok(false)
            }
            Err(other) => Err(other),
        }
    }

    async fn lies(&self, number: i64) -> Result<bool, Stop> {
        let found: Option<(bool,)> = self
            .store
            .read::<_, Stop>("sam.lies", move |tx| {
                let sql = "SELECT archived FROM sam_ending WHERE number = $1";
                Ok(tx.first(sql, values![number])?)
            })
            .await?;
        // A restored store lacks the rows of endings that the archive has given back.
        Ok(found.is_none_or(|(archived,)| archived))
    }

    async fn raise(&self, number: i64) -> Result<(), Stop> {
        let mark = Arc::clone(&self.mark);
        let number = u64::try_from(number).unwrap_or(0);
        blocking(move || {
            let mut mark = mark.lock().unwrap_or_else(PoisonError::into_inner);
            mark.raise(number).map_err(std::io::Error::other)
        })
        .await
    }

    /// Finishes every activation that a crash left between its first and its last step.
    async fn finish(&self) -> Result<(), Stop> {
        let left: Vec<([u8; 16],)> = self
            .store
            .read::<_, Stop>("sam.left", |tx| {
                Ok(tx.all(
                    "SELECT challenge FROM sam_activation WHERE state = $1 OR state = $2
                     ORDER BY challenge",
                    values![
                        word(&crate::life::ActivationLife::Tried),
                        word(&crate::life::ActivationLife::Activated)
                    ],
                )?)
            })
            .await?;
        let mut unfinished = Ok(());
        for (challenge,) in left {
            // One that cannot be finished now does not keep the others waiting.
            if let Err(why) = self.go_on(challenge).await {
                tracing::warn!(%why, "an activation is not finished yet");
                unfinished = Err(why);
            }
        }
        unfinished
    }
}

fn head(tx: &mut Tx) -> Result<(Epoch, i64), Stop> {
    let found = tx.first("SELECT epoch, counter FROM sam_head WHERE id = 0", values![])?;
    found.ok_or(Stop::Damaged("no head: was it set up?"))
}

fn applied(tx: &mut Tx, endings: &[Ending], (epoch, counter): (Epoch, i64)) -> Result<(), Stop> {
    endings.iter().try_for_each(|ending| ending.apply(tx))?;
    tx.update(
        "UPDATE sam_head SET epoch = $1, counter = $2 WHERE id = 0",
        values![epoch, counter],
    )?;
    Ok(())
}

/// Runs what blocks off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Stop> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(std::io::Error::other)??)
}
