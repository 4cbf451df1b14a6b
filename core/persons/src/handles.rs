//! Handles: the one value in logs that comes from a person's code, by a unique signature
//! (PROTOCOLS §5).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use audit::handle::{self, Answer, Epoch, Grant, HandleKey, Handles, HandlesFailed, Proof, Realm};
use base::{Bytes, Identifier, PersonId};
use keys::{Purpose, SignError, Signer};
use persons_contract::{GrantHandle, HandleGrant, HandleKeys, HandleRefusal, PublishedHandleKey};
use store::{Store, StoreError, values};

use crate::asking::Asking;
use crate::failed::Failed;
use crate::permission::read;
use crate::persons::Persons;

/// The purpose of handle keys, and of nothing else.
#[derive(Debug)]
pub enum HandlePurpose {}

impl Purpose for HandlePurpose {
    const NAME: &'static str = "persons.handles";
}

/// The handle keys, one an epoch, in the register's own process.
#[derive(Debug)]
pub struct LocalHandles {
    store: Store,
    keys: BTreeMap<i16, EpochKey>,
    expected: Mutex<BTreeMap<PersonId, Identifier>>,
}

#[derive(Debug)]
struct EpochKey {
    signer: Signer<HandlePurpose>,
    spki: Vec<u8>,
    fixed: [Vec<u8>; 8],
}

/// A code expected of a person who is being entered; forgotten when dropped.
#[derive(Debug)]
pub(crate) struct Expected {
    handles: Arc<LocalHandles>,
    person: PersonId,
}

impl LocalHandles {
    /// The keys of each year, RSA of 3072 bits; each signs its eight fixed strings here.
    ///
    /// # Errors
    /// [`SignError`] of a key that refuses.
    pub fn new(
        store: Store,
        signers: Vec<(i16, Signer<HandlePurpose>)>,
    ) -> Result<Self, SignError> {
        let keys = signers.into_iter().map(|(year, signer)| {
            let mut fixed: [Vec<u8>; 8] = Default::default();
            for (to, text) in fixed.iter_mut().zip(handle::fixed_strings(Epoch(year))) {
                *to = signer.sign(&text)?;
            }
            let spki = signer.public_key().spki().to_vec();
            Ok((year, EpochKey { signer, spki, fixed }))
        });
        Ok(Self { store, keys: keys.collect::<Result<_, _>>()?, expected: Mutex::default() })
    }

    /// Lets the log make a handle of a person whose entry is not committed yet.
    pub(crate) fn expecting(self: &Arc<Self>, person: PersonId, code: Identifier) -> Expected {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).insert(person, code);
        Expected { handles: Arc::clone(self), person }
    }

    fn expected(&self, person: PersonId) -> Option<Identifier> {
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.get(&person).cloned()
    }

    /// The code known now: the personal code held, else a link.
    async fn code(&self, person: PersonId) -> Result<Option<Identifier>, StoreError> {
        if let Some(code) = self.expected(person) {
            return Ok(Some(code));
        }
        let found: Option<(String,)> = self
            .store
            .read("persons.code_of", move |tx| {
                tx.first::<(String,)>(
                    "SELECT code FROM persons_code WHERE person = $1 AND found = 1
                 ORDER BY kind, held DESC, code LIMIT 1",
                    values![person],
                )
            })
            .await?;
        found.map(|(code,)| read(&code)).transpose()
    }

    async fn granted(
        &self,
        person: PersonId,
        realm: Realm,
    ) -> Result<Grant, Failed<HandleRefusal>> {
        let refused = |refusal| Failed::Refused(refusal);
        let key = self.keys.get(&realm.epoch.0).ok_or(refused(HandleRefusal::Epoch))?;
        let code = self.code(person).await?.ok_or(refused(HandleRefusal::NotFound))?;
        let signature = key.signer.sign(&handle::message(&realm, &code));
        let signature = signature.map_err(|_| refused(HandleRefusal::Unavailable))?;
        let proof = Proof::new(signature).map_err(|_| refused(HandleRefusal::Unavailable))?;
        Ok(Grant { code, proof })
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        let mut expected = self.handles.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.remove(&self.person);
    }
}

impl Handles for LocalHandles {
    fn key(&self, epoch: Epoch) -> Answer<'_, Result<HandleKey, HandlesFailed>> {
        Box::pin(async move {
            let failed = || HandlesFailed("no handle key of that year".to_owned());
            let key = self.keys.get(&epoch.0).ok_or_else(failed)?;
            HandleKey::checked(epoch, &key.spki, &key.fixed).map_err(|_| failed())
        })
    }

    fn grant(&self, person: PersonId, realm: &Realm) -> Answer<'_, Result<Grant, HandlesFailed>> {
        let realm = realm.clone();
        Box::pin(async move {
            let granted = self.granted(person, realm).await;
            granted.map_err(|failed| HandlesFailed(failed.refusal().to_string()))
        })
    }
}

impl Persons {
    /// The public handle key of a year.
    ///
    /// # Errors
    /// [`HandleRefusal::Epoch`].
    pub fn handle_key(&self, ask: &HandleKeys) -> Result<PublishedHandleKey, HandleRefusal> {
        let key = self.handles.keys.get(&ask.epoch).ok_or(HandleRefusal::Epoch)?;
        Ok(PublishedHandleKey {
            epoch: ask.epoch,
            spki: key.spki.clone().into(),
            fixed: key.fixed.iter().cloned().map(Bytes).collect(),
        })
    }

    /// The handle of a person in the logs of the asking system's owner.
    ///
    /// # Errors
    /// [`HandleRefusal`].
    pub async fn grant_handle(
        &self,
        asking: &Asking,
        ask: GrantHandle,
    ) -> Result<HandleGrant, HandleRefusal> {
        let realm = Realm { owner: asking.owner.clone(), epoch: Epoch(ask.epoch) };
        let granted = self.handles.granted(ask.person, realm).await;
        let Grant { code, proof } = granted.map_err(Failed::refusal)?;
        Ok(HandleGrant { code, proof: proof.bytes().to_vec().into() })
    }
}
