//! The register and what it needs.

use std::sync::Arc;

use audit::{Log, Look};
use base::{Chance, Clock, Date, Owner};
use persons_contract::FindRefusal;
use store::{Schema, Store, StoreError};

use crate::asking::Asking;
use crate::failed::Failed;
use crate::handles::LocalHandles;
use crate::permission::Permission;

/// The tables `persons_*`.
pub const SCHEMA: Schema = Schema { system: "persons", steps: &[include_str!("schema.sql")] };

/// The register of natural persons.
#[derive(Clone, Debug)]
pub struct Persons {
    /// Whose it is.
    pub owner: Owner,
    /// Its store, opened with [`SCHEMA`] and the log's.
    pub store: Store,
    /// The store's log.
    pub log: Log,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Where handles are made; the log's too.
    pub handles: Arc<LocalHandles>,
    /// The systems that events go to, each in order per person.
    pub receivers: Vec<String>,
}

impl Persons {
    /// Keeps a permission; says no when its number stands already.
    ///
    /// # Errors
    /// The store.
    pub async fn grant(&self, permission: Permission) -> Result<bool, StoreError> {
        self.store.write("persons.grant", move |tx| permission.grant(tx)).await
    }

    /// Ends a permission; says no when there is none or it has ended.
    ///
    /// # Errors
    /// The store.
    pub async fn end_permission(&self, number: &str, day: Date) -> Result<bool, StoreError> {
        let number = number.to_owned();
        self.store
            .write("persons.end_permission", move |tx| Permission::end(tx, &number, day))
            .await
    }

    /// The country's date.
    pub(crate) fn today(&self) -> Date {
        country::date(self.clock.now())
    }

    /// What the records will say and the permission that covers the call; a call that none covers
    /// is recorded and refused.
    pub(crate) async fn permitted(
        &self,
        asking: &Asking,
        operation: &'static str,
        class: &'static str,
    ) -> Result<(Look, Permission), Failed<FindRefusal>> {
        let (today, asked) = (self.today(), asking.clone());
        let takes = asking.on_behalf.taken(operation);
        let found = self
            .store
            .read("persons.permission", move |tx| Permission::of(tx, &asked, operation, today));
        match found.await?.filter(|_| takes) {
            Some(permission) => {
                let look = asking.look(operation, class, Some(&permission), today);
                Ok((look, permission))
            }
            None => {
                let look = asking.look(operation, class, None, today);
                self.refused(&look, FindRefusal::NotPermitted).await
            }
        }
    }

    /// Records the refused look, then refuses.
    pub(crate) async fn refused<T, R>(&self, look: &Look, refusal: R) -> Result<T, Failed<R>> {
        self.log.refused(look).await?;
        Err(Failed::Refused(refusal))
    }
}
