//! Who a person is to a client: another name in every sector (R7).

use base::PersonId;
use jose::base64url;
use keys::{Algorithm, Keeper, MacKey, Purpose, WrappedKey};
use store::{Store, StoreError, Tx, values};

use crate::Client;
use crate::Identity;
use crate::failed::Failed;

/// The purpose of the key that subjects are made with.
#[derive(Debug)]
pub enum Subjects {}

impl Purpose for Subjects {
    const NAME: &'static str = "identity.subjects";
}

const KEPT: &str = "SELECT wrapped FROM identity_secret WHERE purpose = $1";
const KEEP: &str = "INSERT INTO identity_secret (purpose, wrapped) VALUES ($1, $2)
     ON CONFLICT (purpose) DO NOTHING";
const LEGACY: &str =
    "SELECT legacy_sub FROM identity_legacy_subject WHERE client = $1 AND person = $2";
const CARRY: &str = "INSERT INTO identity_legacy_subject (client, person, legacy_sub)
     VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// The key of the store, made once: changing it would change every subject.
pub(crate) async fn key(store: &Store, keeper: &Keeper) -> Result<MacKey<Subjects>, Failed> {
    let made = keeper.make::<MacKey<Subjects>>(Algorithm::HmacSha256).map_err(|_| Failed::Key)?;
    let bytes = made.1.to_bytes();
    let kept = store.write("identity.subjects-key", move |tx: &mut Tx| {
        tx.update(KEEP, values![Subjects::NAME, &bytes])?;
        let kept: Option<(Vec<u8>,)> = tx.first(KEPT, values![Subjects::NAME])?;
        Ok::<_, StoreError>(kept.map(|(wrapped,)| wrapped))
    });
    let wrapped = WrappedKey::parse(&kept.await?.unwrap_or_default()).map_err(|_| Failed::Row)?;
    keeper.open(&wrapped).map_err(|_| Failed::Key)
}

impl Identity {
    /// The person's subject for a client: that of an older platform where one was carried over,
    /// else a keyed digest of sector and person, which no change of code, name or phone changes.
    pub(crate) async fn subject(
        &self,
        client: &Client,
        person: PersonId,
    ) -> Result<String, StoreError> {
        let id = client.id.clone();
        let legacy: Option<(String,)> = self
            .store
            .read("identity.subject", move |tx| tx.first(LEGACY, values![&id, person]))
            .await?;
        Ok(legacy.map_or_else(|| self.pairwise(&client.sector, person), |(sub,)| sub))
    }

    fn pairwise(&self, sector: &str, person: PersonId) -> String {
        let text = format!("sakta subject 1 {sector} {person}");
        base64url(&self.pairwise.tag(text.as_bytes()))
    }

    /// Carries a subject of an older platform over; says no when the client has one of that name
    /// or person already.
    ///
    /// # Errors
    /// The store.
    pub async fn carry_subject(
        &self,
        client: &str,
        person: PersonId,
        legacy: &str,
    ) -> Result<bool, StoreError> {
        let (client, legacy) = (client.to_owned(), legacy.to_owned());
        let carried = self.store.write("identity.carry-subject", move |tx| {
            tx.update(CARRY, values![&client, person, &legacy])
        });
        Ok(carried.await? == 1)
    }
}
