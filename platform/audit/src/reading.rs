//! Reading: what a person is shown of her own log, each entry with its proof; unsealing, opening
//! and shredding.

use std::ops::RangeInclusive;

use base::{ActingFor, Date, PersonId, Time};
use store::{Tx, values};

use crate::error::LogError;
use crate::handle::{Epoch, Handle, Tag};
use crate::keyring::{self, Shelf};
use crate::leaf::{Leaf, Month};
use crate::log::{Log, Particular};
use crate::proof::Proof;
use crate::record::{ActorKind, Details, Disclosure, Look, Outcome, RequestId};
use crate::seal::{self, Sealed};
use crate::stored::{self, Stored, signed, unsigned};
use crate::tree;
use crate::tree::Hash;

/// The most days of one reading.
pub const MOST_DAYS: usize = 400;

/// An entry as the person it is about may see it. The official is sealed (R41).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The day of the record, by the country's calendar.
    pub day: Date,
    /// Its class.
    pub class: String,
    /// What it shares with the other records of one request.
    pub request: RequestId,
    /// What it says; none once its keys are deleted.
    pub said: Option<Said>,
    /// That it stands in the log.
    pub proof: Proof,
}

/// What a person reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: Time,
    /// The system that asked.
    pub system: String,
    /// What was asked.
    pub operation: String,
    /// Which institution.
    pub organisation: String,
    /// Whether it was a person themselves, an official, or a system.
    pub actor: ActorKind,
    /// For whom they acted.
    pub acting_for: ActingFor,
    /// Why.
    pub purpose: String,
    /// By which law.
    pub legal_basis: String,
    /// Which case.
    pub case: Option<String>,
    /// What of hers.
    pub groups: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// By what way.
    pub channel: String,
    /// The position of the delayed record that this one opens.
    pub opens: Option<u64>,
}

/// A whole record: for who may unseal it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// What anybody may see.
    pub leaf: Leaf,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// All else.
    pub details: Details,
}

/// How the log is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Committed records without a position.
    pub unsequenced: u64,
    /// When the oldest of them was made.
    pub oldest: Option<Time>,
    /// How many entries.
    pub entries: u64,
    /// How many checkpoints.
    pub checkpoints: u64,
    /// How many entries lie in the archive.
    pub archived: u64,
}

/// An entry as it is stored.
struct Stands {
    position: i64,
    leaf: Vec<u8>,
    sealed: Vec<u8>,
}
store::row!(Stands { position, leaf, sealed });

/// An entry with the keys that are left of it, wrapped.
struct Kept {
    position: u64,
    bytes: Vec<u8>,
    leaf: Leaf,
    sealed: Sealed,
    class_key: Option<Vec<u8>>,
}

impl Log {
    /// The entries that a handle finds on these days (at most [`MOST_DAYS`], the first of them),
    /// oldest first. Nothing is said about what is not sequenced yet, or delayed.
    ///
    /// # Errors
    /// The store, and records that are not what their leaves say.
    pub async fn shown(
        &self,
        handle: &Handle,
        days: RangeInclusive<Date>,
    ) -> Result<Vec<Shown>, LogError> {
        let tags = spread(&days).map(|day| handle.tag(self.name(), day)).collect();
        self.found_by(tags).await
    }

    /// The entries about a person on these days, under every code that this log knew her by:
    /// as [`Log::shown`], for a caller that has made sure who asks.
    ///
    /// # Errors
    /// As [`Log::shown`].
    pub async fn shown_to(
        &self,
        person: PersonId,
        days: RangeInclusive<Date>,
    ) -> Result<Vec<Shown>, LogError> {
        let mut tags = Vec::new();
        for (epoch, handle) in self.0.keyring.kept(person).await? {
            let own = spread(&days).filter(|day| Epoch::of(*day) == epoch);
            tags.extend(own.map(|day| handle.tag(self.name(), day)));
        }
        let mut shown = self.found_by(tags).await?;
        shown.sort_by_key(|entry| entry.proof.position);
        Ok(shown)
    }

    async fn found_by(&self, tags: Vec<Tag>) -> Result<Vec<Shown>, LogError> {
        let read = self.0.store.read("audit.shown", move |tx| {
            let mut kept = Vec::new();
            for tag in &tags {
                let sql = "SELECT position, leaf, sealed FROM audit_entry
                           WHERE tag = $1 ORDER BY position";
                for stands in tx.all::<Stands>(sql, values![*tag])? {
                    let entry = keep(tx, stands)?;
                    let proof = proof(tx, entry.position, entry.bytes.clone())?;
                    kept.push((entry, proof));
                }
            }
            Ok::<_, LogError>(kept)
        });
        let mut shown = Vec::new();
        for (kept, proof) in read.await? {
            let said = match self.unsealed_entry(&kept).await {
                Ok(unsealed) => Some(said(unsealed.details)),
                Err(LogError::Shredded) => None,
                Err(error) => return Err(error),
            };
            let Leaf { day, class, request, .. } = kept.leaf;
            shown.push(Shown { day, class, request, said, proof });
        }
        Ok(shown)
    }

    /// The proof of the entry at a position, to the newest checkpoint.
    ///
    /// # Errors
    /// [`LogError::Absent`]; the store.
    pub async fn proof(&self, position: u64) -> Result<Proof, LogError> {
        let read = self.0.store.read("audit.proof", move |tx| {
            let stands = entry(tx, position)?;
            proof(tx, position, stands.leaf)
        });
        read.await
    }

    /// The newest signed checkpoint; none before the first record.
    ///
    /// # Errors
    /// The store.
    pub async fn checkpoint(&self) -> Result<Option<Vec<u8>>, LogError> {
        let newest = self.0.store.read("audit.newest", stored::newest).await?;
        Ok(newest.map(|(_, note)| note))
    }

    /// The proof that the tree of `old` entries begins the newest checkpoint's, and that one.
    ///
    /// # Errors
    /// [`LogError::Absent`] for 0 or more entries than there are; the store.
    pub async fn consistency(&self, old: u64) -> Result<(Vec<Hash>, Vec<u8>), LogError> {
        let read = self.0.store.read("audit.consistency", move |tx| {
            let (_, note) = stored::newest(tx)?.ok_or(LogError::Absent)?;
            let size = size_of(&note)?;
            if old == 0 || old > size {
                return Err(LogError::Absent);
            }
            Ok((tree::consistency(&mut Stored(tx), old, size)?, note))
        });
        read.await
    }

    /// The whole record at a position, the official too: only after a decision of two (R41),
    /// which the caller checks and records.
    ///
    /// # Errors
    /// [`LogError::Absent`], [`LogError::Shredded`]; the store.
    pub async fn unsealed(&self, position: u64) -> Result<Unsealed, LogError> {
        let kept = self.0.store.read("audit.unsealed", move |tx| {
            let stands = entry(tx, position)?;
            keep(tx, stands)
        });
        self.unsealed_entry(&kept.await?).await
    }

    /// Opens a delayed record to its person (R42): a new record under today's tag that says what
    /// the delayed one says and names its position. The caller checks that it is time.
    ///
    /// # Errors
    /// [`LogError::Absent`] for a record that is not a delayed one about a person; as
    /// [`Log::unsealed`].
    pub async fn disclose(&self, position: u64) -> Result<(), LogError> {
        let Unsealed { leaf, person, details } = self.unsealed(position).await?;
        let (Disclosure::Delayed { .. }, Some(person)) = (&leaf.disclosure, person) else {
            return Err(LogError::Absent);
        };
        let look = Look { disclosure: Disclosure::Visible, ..details.look };
        let (groups, revision) = (details.groups, details.revision);
        let particular = Particular { groups, revision, opens: Some(position) };
        let record = self.single(&look, details.at, Some(person), particular).await?;
        self.commit(record).await
    }

    /// Deletes the keys of every class whose month is over; how many class and subject keys.
    /// The records stay, and every proof; what they said is gone once the backups of the key
    /// tables are.
    ///
    /// # Errors
    /// The store.
    pub async fn shred_expired(&self) -> Result<u64, LogError> {
        let present = Month::of(self.today());
        self.0.keyring.drop_before(present);
        let first = present.to_string();
        let deleted = self.0.store.write("audit.shred", move |tx| {
            let classes =
                tx.update("DELETE FROM audit_class_key WHERE month < $1", values![&first])?;
            let sql = "DELETE FROM audit_subject_key WHERE month < $1";
            Ok::<_, LogError>(classes + tx.update(sql, values![&first])?)
        });
        deleted.await
    }

    /// Deletes a person's keys in a class, all months: her records of that class say nothing any
    /// more (GDPR Art. 17, where the class allows it). How many keys.
    ///
    /// # Errors
    /// The store; the KEK.
    pub async fn erase(&self, person: PersonId, class: &str) -> Result<u64, LogError> {
        let wanted = class.to_owned();
        let shelves = self.0.store.read("audit.shelves", move |tx| {
            let sql = "SELECT month, wrapped FROM audit_class_key WHERE class = $1 ORDER BY month";
            tx.all::<(String, Vec<u8>)>(sql, values![&wanted])
        });
        let mut places = Vec::new();
        for (month, wrapped) in shelves.await? {
            let shelf = Shelf { class: class.to_owned(), month: month.parse()? };
            let key = self.0.keyring.opened_class_key(&shelf, &wrapped)?;
            places.push((shelf.class, month, key.place(person)));
        }
        let erased = self.0.store.write("audit.erase", move |tx| {
            let mut count = 0;
            for (class, month, place) in &places {
                count += tx.update(
                    "DELETE FROM audit_subject_key
                     WHERE class = $1 AND month = $2 AND place = $3",
                    values![class, month, *place],
                )?;
            }
            Ok::<_, LogError>(count)
        });
        erased.await
    }

    /// How the log is doing.
    ///
    /// # Errors
    /// The store.
    pub async fn figures(&self) -> Result<Figures, LogError> {
        let read = self.0.store.read("audit.figures", |tx| {
            let sql = "SELECT COUNT(*), MIN(made) FROM audit_pending";
            let (unsequenced, oldest) =
                tx.first::<(i64, Option<Time>)>(sql, vec![])?.unwrap_or((0, None));
            let standing = stored::standing(tx)?;
            let (entries, checkpoints) = (standing.size, standing.checkpoints);
            let archived = standing.archived;
            let unsequenced = unsigned(unsequenced);
            Ok::<_, LogError>(Figures { unsequenced, oldest, entries, checkpoints, archived })
        });
        read.await
    }

    async fn unsealed_entry(&self, kept: &Kept) -> Result<Unsealed, LogError> {
        let Kept { leaf, sealed, .. } = kept;
        let shelf = Shelf { class: leaf.class.clone(), month: leaf.expires };
        let wrapped = kept.class_key.as_ref().ok_or(LogError::Shredded)?;
        let class = self.0.keyring.opened_class_key(&shelf, wrapped)?;
        let person = class.person(sealed, &leaf.salt)?;
        let secret = match person {
            Some(person) => {
                let place = class.place(person);
                let wrapped = self.subject_key(&shelf, place).await?;
                Some(self.0.keyring.opened_secret(&shelf, &place, &wrapped)?)
            }
            None => None,
        };
        let bytes = class.details(secret.as_ref(), sealed, &leaf.salt)?;
        let details = Details::decode(&bytes, leaf.class(), leaf.disclosure.clone())?;
        Ok(Unsealed { leaf: leaf.clone(), person, details })
    }

    async fn subject_key(&self, shelf: &Shelf, place: [u8; 16]) -> Result<Vec<u8>, LogError> {
        let (class, month) = (shelf.class.clone(), shelf.month.to_string());
        let wrapped = self
            .0
            .store
            .read("audit.subject", move |tx| keyring::subject_key_of(tx, &class, &month, place));
        wrapped.await?.ok_or(LogError::Shredded)
    }
}

/// The days, at most [`MOST_DAYS`] of them, the first first.
fn spread(days: &RangeInclusive<Date>) -> impl Iterator<Item = Date> {
    let next = |day: &Date| day.tomorrow().ok().filter(|day| days.contains(day));
    let first = Some(*days.start()).filter(|day| days.contains(day));
    std::iter::successors(first, next).take(MOST_DAYS)
}

fn entry(tx: &mut Tx, position: u64) -> Result<Stands, LogError> {
    let sql = "SELECT position, leaf, sealed FROM audit_entry WHERE position = $1";
    tx.first(sql, values![signed(position)])?.ok_or(LogError::Absent)
}

fn keep(tx: &mut Tx, stands: Stands) -> Result<Kept, LogError> {
    let Stands { position, leaf: bytes, sealed } = stands;
    let (position, leaf) = (unsigned(position), Leaf::parse(&bytes)?);
    if seal::digest(&sealed) != leaf.sealed {
        return Err(LogError::Damaged(format!("entry {position} has another ciphertext")));
    }
    let class_key = keyring::class_key_of(tx, &leaf.class, &leaf.expires.to_string())?;
    Ok(Kept { position, bytes, leaf, sealed: Sealed::parse(&sealed)?, class_key })
}

fn proof(tx: &mut Tx, position: u64, leaf: Vec<u8>) -> Result<Proof, LogError> {
    let (_, checkpoint) = stored::newest(tx)?.ok_or(LogError::Absent)?;
    let path = tree::inclusion(&mut Stored(tx), position, size_of(&checkpoint)?)?;
    Ok(Proof { position, leaf, path, checkpoint })
}

fn size_of(note: &[u8]) -> Result<u64, LogError> {
    let read = crate::checkpoint::unverified(note);
    Ok(read.map_err(|error| LogError::Damaged(error.to_string()))?.head.size)
}

fn said(details: Details) -> Said {
    let Details { at, look, outcome, groups, opens, .. } = details;
    Said {
        at,
        system: look.system,
        operation: look.operation,
        organisation: look.organisation,
        actor: look.actor.kind,
        acting_for: look.acting_for,
        purpose: look.purpose,
        legal_basis: look.legal_basis,
        case: look.case,
        groups,
        outcome,
        channel: look.channel,
        opens,
    }
}
