//! The keys that hide records, and the handles that find them: made, wrapped, kept and deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use base::{Chance, Identifier, PersonId};
use minicbor::Decoder;
use sha2::{Digest, Sha256};
use store::{Store, StoreError, Tx, values};

use crate::cbor::{self, MalformedRecord, Writer};
use crate::error::LogError;
use crate::handle::{Epoch, Grant, Handle, HandleKey, Handles, HandlesFailed, Proof, Realm};
use crate::leaf::Month;
use crate::seal::{ClassKey, SubjectSecret};

/// What wraps the log's keys: the log's own KEK.
pub trait Wrap: Send + Sync {
    /// Wraps `plain` so that it opens only in the same `context`.
    ///
    /// # Errors
    /// The KEK is not at hand.
    fn wrap(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, WrapFailed>;

    /// Opens what was wrapped in this `context`.
    ///
    /// # Errors
    /// The KEK is not at hand, or the bytes were not wrapped by it in this context.
    fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Vec<u8>, WrapFailed>;
}

/// The log's KEK did not wrap or unwrap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log's key-encryption key failed: {0}")]
pub struct WrapFailed(pub String);

/// The keys of one log.
pub(crate) struct Keyring {
    pub(crate) store: Store,
    pub(crate) wrap: Arc<dyn Wrap>,
    pub(crate) handles: Arc<dyn Handles>,
    pub(crate) realm_owner: base::Owner,
    /// Of months that are still written to: such a key is never deleted before its month.
    class_keys: Mutex<BTreeMap<Shelf, ClassKey>>,
    handle_keys: Mutex<BTreeMap<Epoch, HandleKey>>,
}

/// A record class and expiry month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shelf {
    pub(crate) class: String,
    pub(crate) month: Month,
}

/// Where a subject's secret lies on a shelf.
type Place = [u8; 16];

/// What the store holds of the persons' keys, still wrapped; what is not there is not in the maps.
#[derive(Debug, Default)]
pub(crate) struct Found {
    secrets: BTreeMap<PersonId, Vec<u8>>,
    handles: BTreeMap<PersonId, Vec<u8>>,
}

/// What a record about a person is made with.
pub(crate) struct Subject {
    pub(crate) secret: SubjectSecret,
    pub(crate) handle: Handle,
}

impl Keyring {
    pub(crate) fn new(
        store: Store,
        wrap: Arc<dyn Wrap>,
        handles: Arc<dyn Handles>,
        owner: base::Owner,
    ) -> Self {
        let (class_keys, handle_keys) = (Mutex::default(), Mutex::default());
        Self { store, wrap, handles, realm_owner: owner, class_keys, handle_keys }
    }

    /// The key of a class and month that is written to: made when it is not there.
    pub(crate) async fn class_key(&self, shelf: &Shelf) -> Result<ClassKey, LogError> {
        if let Some(known) = locked(&self.class_keys).get(shelf) {
            return Ok(known.clone());
        }
        let context = class_context(shelf);
        let fresh = self.wrap.wrap(&context, &self.chance().bytes::<32>())?;
        let (class, month) = (shelf.class.clone(), shelf.month.to_string());
        let wrapped = self.store.write("audit.class-key", move |tx| {
            tx.update(
                "INSERT INTO audit_class_key (class, month, wrapped) VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
                values![&class, &month, &fresh],
            )?;
            class_key_of(tx, &class, &month)
        });
        let wrapped = wrapped.await?.ok_or(LogError::Shredded)?;
        let key = self.opened_class_key(shelf, &wrapped)?;
        locked(&self.class_keys).insert(shelf.clone(), key.clone());
        Ok(key)
    }

    pub(crate) fn opened_class_key(
        &self,
        shelf: &Shelf,
        wrapped: &[u8],
    ) -> Result<ClassKey, LogError> {
        Ok(ClassKey(self.secret_in(&class_context(shelf), wrapped)?))
    }

    pub(crate) fn opened_secret(
        &self,
        shelf: &Shelf,
        place: &Place,
        wrapped: &[u8],
    ) -> Result<SubjectSecret, LogError> {
        Ok(SubjectSecret(self.secret_in(&subject_context(shelf, place), wrapped)?))
    }

    /// What each person's records are made with: opened where the store had it, else fetched,
    /// checked or made, all that is missing in one transaction each.
    pub(crate) async fn subjects(
        &self,
        persons: &BTreeSet<PersonId>,
        mut found: Found,
        (shelf, class): (&Shelf, &ClassKey),
        epoch: Epoch,
    ) -> Result<BTreeMap<PersonId, Subject>, LogError> {
        let places = persons.iter().map(|person| (*person, class.place(*person)));
        let places: BTreeMap<PersonId, Place> = places.collect();
        let missing = places.iter().filter(|(person, _)| !found.secrets.contains_key(*person));
        let missing = missing.map(|(person, place)| (*person, *place)).collect();
        found.secrets.extend(self.new_secrets(shelf, missing).await?);
        let missing = persons.iter().filter(|person| !found.handles.contains_key(*person));
        let mut handles = self.fetched_handles(missing.copied().collect(), epoch).await?;
        let mut subjects = BTreeMap::new();
        for (person, place) in places {
            let secret = found.secrets.get(&person).ok_or(LogError::Shredded)?;
            let secret = self.opened_secret(shelf, &place, secret)?;
            let handle = match (handles.remove(&person), found.handles.get(&person)) {
                (Some(handle), _) => handle,
                (None, Some(wrapped)) => self.opened_handle(person, epoch, wrapped)?,
                (None, None) => return Err(HandlesFailed("not granted".to_owned()).into()),
            };
            subjects.insert(person, Subject { secret, handle });
        }
        Ok(subjects)
    }

    /// Retires the handles of a person: they find her records and make no more tags.
    pub(crate) async fn retire(&self, person: PersonId) -> Result<(), LogError> {
        let retired = self.store.write("audit.retire-handles", move |tx| {
            tx.update("UPDATE audit_handle SET current = 0 WHERE person = $1", values![person])
        });
        retired.await?;
        Ok(())
    }

    /// Forgets the handles of a person: nothing of this log leads from her to what was.
    pub(crate) async fn forget(&self, person: PersonId) -> Result<(), LogError> {
        let forgotten = self.store.write("audit.forget-handles", move |tx| {
            tx.update("DELETE FROM audit_handle WHERE person = $1", values![person])
        });
        forgotten.await?;
        Ok(())
    }

    /// Every handle kept of a person, of former codes too, with its epoch.
    pub(crate) async fn kept(&self, person: PersonId) -> Result<Vec<(Epoch, Handle)>, LogError> {
        let kept = self.store.read("audit.handles", move |tx| {
            let sql = "SELECT epoch, wrapped FROM audit_handle WHERE person = $1
                       ORDER BY epoch, mark";
            tx.all::<(i16, Vec<u8>)>(sql, values![person])
        });
        let opened = kept.await?.into_iter().map(|(year, wrapped)| {
            let epoch = Epoch(year);
            Ok((epoch, self.opened_handle(person, epoch, &wrapped)?))
        });
        opened.collect()
    }

    /// Class keys of this process that are of a month before `first`.
    pub(crate) fn drop_before(&self, first: Month) {
        locked(&self.class_keys).retain(|shelf, _| shelf.month >= first);
    }

    /// Secrets for persons who have none on this shelf; another's where one came in between.
    async fn new_secrets(
        &self,
        shelf: &Shelf,
        missing: BTreeMap<PersonId, Place>,
    ) -> Result<BTreeMap<PersonId, Vec<u8>>, LogError> {
        if missing.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut fresh = Vec::new();
        for (person, place) in missing {
            let secret = self.chance().bytes::<32>();
            fresh.push((person, place, self.wrap.wrap(&subject_context(shelf, &place), &secret)?));
        }
        let (class, month) = (shelf.class.clone(), shelf.month.to_string());
        let made = self.store.write("audit.subject-keys", move |tx| {
            let mut standing = BTreeMap::new();
            for (person, place, wrapped) in &fresh {
                tx.update(
                    "INSERT INTO audit_subject_key (class, month, place, wrapped)
                     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                    values![&class, &month, *place, wrapped],
                )?;
                let stands = subject_key_of(tx, &class, &month, *place)?;
                standing.extend(stands.map(|wrapped| (*person, wrapped)));
            }
            Ok::<_, StoreError>(standing)
        });
        Ok(made.await?)
    }

    /// A person's handle for records of an epoch: from the store, else fetched and checked.
    pub(crate) async fn handle(&self, person: PersonId, epoch: Epoch) -> Result<Handle, LogError> {
        let known = self.store.read("audit.handle", move |tx| handle_of(tx, person, epoch));
        match known.await? {
            Some(wrapped) => self.opened_handle(person, epoch, &wrapped),
            None => {
                let mut fetched = self.fetched_handles(vec![person], epoch).await?;
                let none = || HandlesFailed("not granted".to_owned()).into();
                fetched.remove(&person).ok_or_else(none)
            }
        }
    }

    /// Handles of persons of whom none is kept: granted, checked, and kept.
    async fn fetched_handles(
        &self,
        missing: Vec<PersonId>,
        epoch: Epoch,
    ) -> Result<BTreeMap<PersonId, Handle>, LogError> {
        let realm = Realm { owner: self.realm_owner.clone(), epoch };
        let mut grants = BTreeMap::new();
        for person in missing {
            grants.insert(person, self.handles.grant(person, &realm).await?);
        }
        self.keep(grants, epoch).await
    }

    /// Checks grants and keeps the handles that they prove, from now on the current ones.
    pub(crate) async fn keep(
        &self,
        grants: BTreeMap<PersonId, Grant>,
        epoch: Epoch,
    ) -> Result<BTreeMap<PersonId, Handle>, LogError> {
        if grants.is_empty() {
            return Ok(BTreeMap::new());
        }
        let realm = Realm { owner: self.realm_owner.clone(), epoch };
        let key = self.handle_key(epoch).await?;
        let (mut handles, mut kept) = (BTreeMap::new(), Vec::new());
        for (person, grant) in grants {
            let handle = key.handle(&realm, &grant.code, &grant.proof)?;
            let plain = kept_handle(&grant.code, &grant.proof, &handle);
            let wrapped = self.wrap.wrap(&handle_context(person, epoch), &plain)?;
            kept.push((person, mark(&handle), wrapped));
            handles.insert(person, handle);
        }
        let stored = self.store.write("audit.keep-handles", move |tx| {
            for (person, mark, wrapped) in &kept {
                tx.update(
                    "UPDATE audit_handle SET current = 0
                     WHERE person = $1 AND epoch = $2 AND mark <> $3",
                    values![*person, epoch.0, *mark],
                )?;
                tx.update(
                    "INSERT INTO audit_handle (person, epoch, mark, current, wrapped)
                     VALUES ($1, $2, $3, 1, $4)
                     ON CONFLICT (person, epoch, mark) DO UPDATE SET current = 1",
                    values![*person, epoch.0, *mark, wrapped],
                )?;
            }
            Ok::<_, StoreError>(())
        });
        stored.await?;
        Ok(handles)
    }

    fn opened_handle(
        &self,
        person: PersonId,
        epoch: Epoch,
        wrapped: &[u8],
    ) -> Result<Handle, LogError> {
        let kept = self.wrap.unwrap(&handle_context(person, epoch), wrapped)?;
        Ok(read_handle(&kept)?)
    }

    async fn handle_key(&self, epoch: Epoch) -> Result<HandleKey, LogError> {
        let known = locked(&self.handle_keys).get(&epoch).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let key = self.handles.key(epoch).await?;
        locked(&self.handle_keys).insert(epoch, key.clone());
        Ok(key)
    }

    fn secret_in(&self, context: &[u8], wrapped: &[u8]) -> Result<[u8; 32], LogError> {
        let mut plain = self.wrap.unwrap(context, wrapped)?;
        let secret = plain.as_slice().try_into();
        let secret = secret.map_err(|_| LogError::Wrap(WrapFailed("another length".to_owned())));
        zeroize::Zeroize::zeroize(&mut plain);
        secret
    }

    fn chance(&self) -> &dyn Chance {
        self.store.chance().as_ref()
    }
}

/// What the store holds of these persons' keys: read in the snapshot of the look itself.
pub(crate) fn find(
    tx: &mut Tx,
    persons: &BTreeSet<PersonId>,
    (shelf, class): (&Shelf, &ClassKey),
    epoch: Epoch,
) -> Result<Found, StoreError> {
    let (mut found, month) = (Found::default(), shelf.month.to_string());
    for person in persons {
        let place = class.place(*person);
        if let Some(wrapped) = subject_key_of(tx, &shelf.class, &month, place)? {
            found.secrets.insert(*person, wrapped);
        }
        if let Some(wrapped) = handle_of(tx, *person, epoch)? {
            found.handles.insert(*person, wrapped);
        }
    }
    Ok(found)
}

pub(crate) fn class_key_of(
    tx: &mut Tx,
    class: &str,
    month: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT wrapped FROM audit_class_key WHERE class = $1 AND month = $2";
    Ok(tx.first::<(Vec<u8>,)>(sql, values![class, month])?.map(|(wrapped,)| wrapped))
}

pub(crate) fn subject_key_of(
    tx: &mut Tx,
    class: &str,
    month: &str,
    place: Place,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT wrapped FROM audit_subject_key
               WHERE class = $1 AND month = $2 AND place = $3";
    Ok(tx.first::<(Vec<u8>,)>(sql, values![class, month, place])?.map(|(wrapped,)| wrapped))
}

fn handle_of(tx: &mut Tx, person: PersonId, epoch: Epoch) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT wrapped FROM audit_handle
               WHERE person = $1 AND epoch = $2 AND current = 1";
    Ok(tx.first::<(Vec<u8>,)>(sql, values![person, epoch.0])?.map(|(wrapped,)| wrapped))
}

/// What tells a person's handles of one epoch apart.
fn mark(handle: &Handle) -> [u8; 32] {
    Sha256::new().chain_update("sakta handle mark 1").chain_update(handle.bytes()).finalize().into()
}

fn class_context(shelf: &Shelf) -> Vec<u8> {
    let mut to = Writer::default();
    to.array(3).text("sakta class key 1").text(&shelf.class).text(&shelf.month.to_string());
    to.finish()
}

fn subject_context(shelf: &Shelf, place: &Place) -> Vec<u8> {
    let mut to = Writer::default();
    to.array(4).text("sakta subject key 1").text(&shelf.class).text(&shelf.month.to_string());
    to.bytes(place);
    to.finish()
}

fn handle_context(person: PersonId, epoch: Epoch) -> Vec<u8> {
    let mut to = Writer::default();
    to.array(3).text("sakta kept handle 1").bytes(person.bytes()).int(epoch.0.into());
    to.finish()
}

fn kept_handle(code: &Identifier, proof: &Proof, handle: &Handle) -> Vec<u8> {
    let mut to = Writer::default();
    to.array(3).text(&code.x509()).bytes(proof.bytes()).bytes(handle.bytes());
    to.finish()
}

fn read_handle(kept: &[u8]) -> Result<Handle, MalformedRecord> {
    let mut from = Decoder::new(kept);
    cbor::array(&mut from, 3)?;
    from.str()?;
    from.bytes()?;
    cbor::fixed(&mut from).map(Handle::from_bytes)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
