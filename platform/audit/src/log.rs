//! Recording: the one way by which a person's data leave a store, and by which acts are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Chance, Date, Owner, PersonId, RowId, Time};
use store::{Row, Store, StoreError, Tx, Value, values};
use tokio::sync::Notify;

use crate::error::LogError;
use crate::handle::{self, Epoch, Grant, Handle, Handles};
use crate::keyring::{self, Found, Keyring, Shelf, Subject, Wrap};
use crate::leaf::{LONGEST_LEAF, Leaf, Month};
use crate::record::{Details, Disclosure, Look, MOST, Outcome, RecordTooLarge, RequestId, Sight};
use crate::schema::PENDING;
use crate::seal::{self, ClassKey, LARGEST_SEALED};
use crate::stored;

/// What a log needs from outside.
#[derive(Clone)]
pub struct Parts {
    /// Whose it is.
    pub owner: Owner,
    /// The part whose store it lies in: `persons`.
    pub part: String,
    /// That store, opened with [`crate::SCHEMA`].
    pub store: Store,
    /// The log's KEK.
    pub wrap: Arc<dyn Wrap>,
    /// Where handles are had.
    pub handles: Arc<dyn Handles>,
    /// The country's date at a moment.
    pub day: fn(Time) -> Date,
}

/// The log of a store. Clones are the same log.
#[derive(Clone)]
pub struct Log(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) day: fn(Time) -> Date,
    pub(crate) wake: Notify,
}

/// What a look found: the answer, and whom it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// What leaves, once the records are committed.
    pub answer: T,
    /// What it amounts to.
    pub outcome: Outcome,
    /// Everyone whose data are in the answer; nobody when it is empty or refused.
    pub shown: Vec<Sight>,
}

/// Records that are ready to be committed with a change.
#[derive(Debug, Clone)]
pub struct Prepared {
    request: RequestId,
    day: Date,
    rows: Vec<Row>,
}

/// What of a look belongs to the moment: drawn once, before any closure.
struct Draft<'a> {
    look: &'a Look,
    at: Time,
    day: Date,
    shelf: Shelf,
    class: ClassKey,
    request: RequestId,
}

/// Why a closure gave nothing: it refused, which is recorded, or it did not come to an answer.
enum Failed<E> {
    Refused(E),
    Log(LogError),
}

impl<E> From<StoreError> for Failed<E> {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl<E> From<LogError> for Failed<E> {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// What a single record adds to its draft.
#[derive(Default)]
pub(crate) struct Particular {
    pub(crate) groups: Vec<String>,
    pub(crate) revision: Option<i64>,
    pub(crate) opens: Option<u64>,
}

impl<T> Seen<T> {
    /// An answer that shows these persons; nobody: an empty one.
    #[must_use]
    pub fn returned(answer: T, shown: Vec<Sight>) -> Self {
        let outcome = if shown.is_empty() { Outcome::Empty } else { Outcome::Returned };
        Self { answer, outcome, shown }
    }

    /// An answer that refuses.
    #[must_use]
    pub fn refused(answer: T) -> Self {
        Self { answer, outcome: Outcome::Refused, shown: Vec::new() }
    }
}

impl Prepared {
    /// What its records share.
    #[must_use]
    pub fn request(&self) -> RequestId {
        self.request
    }
}

impl Log {
    /// The log in this store.
    ///
    /// # Errors
    /// The store.
    pub async fn open(parts: Parts) -> Result<Self, LogError> {
        let Parts { owner, part, store, wrap, handles, day } = parts;
        let begun = store.write("audit.begin", |tx| {
            tx.update(
                "INSERT INTO audit_head
                     (id, size, checkpoints, tree_day, holder, fence, until, archived)
                 VALUES (0, 0, 0, '0000-01-01', $1, 0, 0, 0) ON CONFLICT DO NOTHING",
                values![[0_u8; 16]],
            )
        });
        begun.await?;
        let keyring = Keyring::new(store.clone(), wrap, handles, owner.clone());
        let name = format!("{owner}/{part}");
        Ok(Self(Arc::new(Inner { name, owner, store, keyring, day, wake: Notify::new() })))
    }

    /// `<owner>/<part>`: the name it signs under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The store it lies in.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Looks at persons' data: `f` reads a snapshot and says whom its answer shows; a record per
    /// person and one for the request are committed; only then does the answer leave.
    ///
    /// A refusal of `f` is recorded too, as one record, before it is given back.
    ///
    /// # Errors
    /// Those of `f`; and whatever keeps the look from being recorded, as a [`LogError`].
    pub async fn seen<T, E>(
        &self,
        name: &'static str,
        look: &Look,
        f: impl Fn(&mut Tx) -> Result<Seen<T>, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<LogError> + Send + 'static,
    {
        let draft = self.draft(look).await?;
        let (shelf, class, epoch) = (draft.shelf.clone(), draft.class.clone(), draft.epoch());
        let read = self.0.store.read(name, move |tx| {
            let seen = f(tx).map_err(Failed::Refused)?;
            let found = keyring::find(tx, &persons(&seen.shown), (&shelf, &class), epoch)?;
            Ok((seen, found))
        });
        let (answer, records) = match read.await {
            Ok((seen, found)) => {
                let records = self.records(&draft, seen.outcome, (&seen.shown, found)).await?;
                (Ok(seen.answer), records)
            }
            Err(Failed::Log(error)) => return Err(error.into()),
            Err(Failed::Refused(refusal)) => {
                let refused = self.records(&draft, Outcome::Refused, (&[], Found::default()));
                (Err(refusal), refused.await?)
            }
        };
        self.commit(records).await?;
        answer
    }

    /// Records a look that was refused before anything was read.
    ///
    /// # Errors
    /// Whatever keeps it from being recorded.
    pub async fn refused(&self, look: &Look) -> Result<(), LogError> {
        let prepared = self.prepare(look, Outcome::Refused, &[]).await?;
        self.commit(prepared).await
    }

    /// Acts on persons' data: `f` runs in a serialisable transaction together with its records,
    /// prepared before it for the subjects known beforehand. A refusal of `f` is recorded too.
    ///
    /// # Errors
    /// Those of `f`; and whatever keeps the act from being recorded.
    pub async fn act<T, E>(
        &self,
        name: &'static str,
        look: &Look,
        subjects: &[Sight],
        f: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<LogError> + Send + 'static,
    {
        let prepared = self.prepare(look, Outcome::Returned, subjects).await?;
        let log = self.clone();
        let done = self.0.store.write(name, move |tx| {
            let answer = f(tx).map_err(Failed::Refused)?;
            log.record(tx, &prepared)?;
            Ok(answer)
        });
        match done.await {
            Ok(answer) => {
                self.0.wake.notify_one();
                Ok(answer)
            }
            Err(Failed::Log(error)) => Err(error.into()),
            Err(Failed::Refused(refusal)) => {
                self.refused(look).await?;
                Err(refusal)
            }
        }
    }

    /// Makes the records of an act ready, before the transaction that commits them.
    ///
    /// # Errors
    /// Whatever keeps it from being recorded: the act must not happen then.
    pub async fn prepare(
        &self,
        look: &Look,
        outcome: Outcome,
        subjects: &[Sight],
    ) -> Result<Prepared, LogError> {
        let draft = self.draft(look).await?;
        let found = self.found(&draft, persons(subjects)).await?;
        self.records(&draft, outcome, (subjects, found)).await
    }

    /// Commits prepared records with whatever else the transaction does. The same records twice:
    /// the second is refused by the schema.
    ///
    /// # Errors
    /// [`LogError::Stale`] for records older than yesterday; the store.
    pub fn record(&self, tx: &mut Tx, prepared: &Prepared) -> Result<(), LogError> {
        self.fresh(prepared)?;
        Ok(tx.append(&prepared.rows)?)
    }

    /// Whether all of these records lie in the archive: only then may the ending that they record
    /// be acknowledged (PROTOCOLS §6). False also when they were never committed.
    ///
    /// # Errors
    /// The store.
    pub async fn archived(&self, prepared: &Prepared) -> Result<bool, LogError> {
        let rows: Vec<(Value, Value)> = prepared.rows.iter().filter_map(tag_and_leaf).collect();
        let read = self.0.store.read("audit.in-archive", move |tx| {
            let reach = stored::standing(tx)?.archived;
            for (tag, leaf) in &rows {
                let sql = "SELECT position FROM audit_entry
                           WHERE tag = $1 AND leaf = $2 AND position < $3";
                let values = vec![tag.clone(), leaf.clone(), Value::Int(stored::signed(reach))];
                if tx.first::<(i64,)>(sql, values)?.is_none() {
                    return Ok::<_, LogError>(false);
                }
            }
            Ok(true)
        });
        read.await
    }

    /// Says that records were committed by [`Log::record`]: the sequencer takes them up at once
    /// instead of within a second.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// A person's handle in this log for an epoch.
    ///
    /// # Errors
    /// None was to be had.
    pub async fn handle(&self, person: PersonId, epoch: Epoch) -> Result<Handle, LogError> {
        self.0.keyring.handle(person, epoch).await
    }

    /// Keeps the handles of persons whom the register does not know yet: what registers them
    /// must be recorded under their tags, and nobody can be asked for their handles. At most a
    /// few hundred at once: they share a transaction.
    ///
    /// # Errors
    /// A proof that does not verify; the store.
    pub async fn introduce(
        &self,
        grants: BTreeMap<PersonId, Grant>,
        epoch: Epoch,
    ) -> Result<(), LogError> {
        self.0.keyring.keep(grants, epoch).await?;
        Ok(())
    }

    /// A person's code changed: records to come use the new code, those of the former one are
    /// still hers to read.
    ///
    /// # Errors
    /// The store.
    pub async fn code_changed(&self, person: PersonId) -> Result<(), LogError> {
        self.0.keyring.retire(person).await
    }

    /// A person was adopted: nothing in this log leads to records under the former code (R3).
    ///
    /// # Errors
    /// The store.
    pub async fn adopted(&self, person: PersonId) -> Result<(), LogError> {
        self.0.keyring.forget(person).await
    }

    pub(crate) fn now(&self) -> Time {
        self.0.store.clock().now()
    }

    pub(crate) fn today(&self) -> Date {
        (self.0.day)(self.now())
    }

    /// One record about one subject, as a row: for openings of delayed records.
    pub(crate) async fn single(
        &self,
        look: &Look,
        at: Time,
        person: Option<PersonId>,
        particular: Particular,
    ) -> Result<Prepared, LogError> {
        let draft = Draft { at, ..self.draft(look).await? };
        let whom: BTreeSet<PersonId> = person.into_iter().collect();
        let found = self.found(&draft, whom.clone()).await?;
        let subjects = self.subjects(&draft, &whom, found).await?;
        let subject = person.and_then(|person| Some((person, subjects.get(&person)?)));
        let row = self.row(&draft, (Outcome::Returned, 1), subject, particular)?;
        Ok(Prepared { request: draft.request, day: draft.day, rows: vec![row] })
    }

    pub(crate) async fn commit(&self, prepared: Prepared) -> Result<(), LogError> {
        self.fresh(&prepared)?;
        self.0.store.append(prepared.rows).await?;
        self.0.wake.notify_one();
        Ok(())
    }

    fn fresh(&self, prepared: &Prepared) -> Result<(), LogError> {
        let yesterday = self.today().yesterday().unwrap_or(Date::MIN);
        if prepared.day < yesterday { Err(LogError::Stale) } else { Ok(()) }
    }

    async fn draft<'a>(&self, look: &'a Look) -> Result<Draft<'a>, LogError> {
        look.checked()?;
        let at = self.now();
        let day = (self.0.day)(at);
        let month = Month::of(day).plus(look.class.months);
        let shelf = Shelf { class: look.class.name.clone(), month };
        let class = self.0.keyring.class_key(&shelf).await?;
        let request = RequestId::random(self.0.store.chance().as_ref());
        Ok(Draft { look, at, day, shelf, class, request })
    }

    async fn found(
        &self,
        draft: &Draft<'_>,
        persons: BTreeSet<PersonId>,
    ) -> Result<Found, LogError> {
        if persons.is_empty() {
            return Ok(Found::default());
        }
        let (shelf, class, epoch) = (draft.shelf.clone(), draft.class.clone(), draft.epoch());
        let found = self
            .0
            .store
            .read("audit.keys", move |tx| keyring::find(tx, &persons, (&shelf, &class), epoch));
        Ok(found.await?)
    }

    async fn subjects(
        &self,
        draft: &Draft<'_>,
        persons: &BTreeSet<PersonId>,
        found: Found,
    ) -> Result<BTreeMap<PersonId, Subject>, LogError> {
        let shelf = (&draft.shelf, &draft.class);
        self.0.keyring.subjects(persons, found, shelf, draft.epoch()).await
    }

    /// The request's own record, then one for each person.
    async fn records(
        &self,
        draft: &Draft<'_>,
        outcome: Outcome,
        (shown, found): (&[Sight], Found),
    ) -> Result<Prepared, LogError> {
        if shown.len() > MOST || shown.iter().any(|sight| !sight.fits()) {
            return Err(RecordTooLarge.into());
        }
        let subjects = self.subjects(draft, &persons(shown), found).await?;
        let what = (outcome, u32::try_from(shown.len()).unwrap_or(u32::MAX));
        let mut rows = vec![self.row(draft, what, None, Particular::default())?];
        for Sight { person, revision, groups } in shown {
            let subject = subjects.get(person).map(|subject| (*person, subject));
            let (groups, revision) = (groups.clone(), Some(*revision));
            let particular = Particular { groups, revision, opens: None };
            rows.push(self.row(draft, what, subject, particular)?);
        }
        Ok(Prepared { request: draft.request, day: draft.day, rows })
    }

    fn row(
        &self,
        draft: &Draft<'_>,
        (outcome, count): (Outcome, u32),
        subject: Option<(PersonId, &Subject)>,
        particular: Particular,
    ) -> Result<Row, LogError> {
        let chance = self.0.store.chance().as_ref();
        let (tag, seal) = self.tag(draft, subject.map(|(_, subject)| &subject.handle), chance);
        let Particular { groups, revision, opens } = particular;
        let (at, look) = (draft.at, draft.look.clone());
        let details = Details { at, look, outcome, count, groups, revision, opens, seal };
        let salt = chance.bytes();
        let subject = subject.map(|(person, subject)| (person, &subject.secret));
        let sealed = draft.class.seal(subject, &details.encode(), &salt, chance)?.encode();
        let leaf = Leaf {
            owner: self.0.owner.clone(),
            log: self.0.name.clone(),
            day: draft.day,
            tag,
            class: draft.shelf.class.clone(),
            expires: draft.shelf.month,
            disclosure: draft.look.disclosure.clone(),
            request: draft.request,
            salt,
            sealed: seal::digest(&sealed),
        };
        let leaf = leaf.encode();
        if sealed.len() > LARGEST_SEALED || leaf.len() > LONGEST_LEAF {
            return Err(RecordTooLarge.into());
        }
        let [spread, ..] = *draft.request.bytes();
        let id = RowId::row(spread, draft.at, chance);
        let day = draft.day.to_string();
        Ok(PENDING.row(values![id, day, draft.at, tag, leaf, sealed]))
    }

    /// The tag that the subject's handle makes; of a delayed record or of nobody: of chance.
    fn tag(
        &self,
        draft: &Draft<'_>,
        handle: Option<&Handle>,
        chance: &dyn Chance,
    ) -> (handle::Tag, Option<[u8; 32]>) {
        match (handle, &draft.look.disclosure) {
            (Some(handle), Disclosure::Visible) => (handle.tag(&self.0.name, draft.day), None),
            (Some(_), Disclosure::Delayed { .. }) => {
                let seal = chance.bytes();
                (handle::tag(&seal, &self.0.name, draft.day), Some(seal))
            }
            (None, _) => (chance.bytes(), None),
        }
    }
}

impl Draft<'_> {
    fn epoch(&self) -> Epoch {
        Epoch::of(self.day)
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Log({})", self.0.name)
    }
}

/// What names a row once it is an entry.
fn tag_and_leaf(row: &Row) -> Option<(Value, Value)> {
    match row.values.as_slice() {
        [_, _, _, tag, leaf, _] => Some((tag.clone(), leaf.clone())),
        _ => None,
    }
}

fn persons(shown: &[Sight]) -> BTreeSet<PersonId> {
    shown.iter().map(|sight| sight.person).collect()
}
