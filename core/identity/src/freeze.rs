//! Freezing everything: sessions, tokens and waiting requests of a person end; nobody logs in as
//! them until an officer ends it (PROTOCOLS §4).

use base::{Digest, PersonId, Time};
use identity_contract::{FreezeByCode, Frozen, IdentityRefusal};
use keys::sha256;
use links::{Call, CallFault, OnBehalf};
use sam_contract::SamRefusal;
use store::{StoreError, Tx, values};
use web::Sessions;

use crate::Identity;
use crate::ask::Ask;
use crate::failed::Failed;
use crate::means;
use crate::notice::Told;
use crate::session::Sitting;

const SET: &str = "UPDATE identity_person SET frozen = $2 WHERE person = $1 AND frozen <> $2";
const SINCE: &str = "UPDATE identity_person SET sessions_since = $2 WHERE person = $1";
const SINCE_OF: &str = "SELECT sessions_since FROM identity_person WHERE person = $1";
const TOKENS: &str = "DELETE FROM identity_token WHERE person = $1";
const CODES: &str = "DELETE FROM identity_code WHERE person = $1";

/// Ends all that a person has going, and says so, once.
fn frozen(tx: &mut Tx, person: PersonId, told: &Told, now: Time) -> Result<(), StoreError> {
    if tx.update(SET, values![person, true])? == 1 {
        told.put(tx, person)?;
    }
    Sessions::<Sitting>::end_all(tx, person)?;
    tx.update(SINCE, values![person, now])?;
    tx.update(TOKENS, values![person])?;
    tx.update(CODES, values![person])?;
    Ask::withdraw_all(tx, person, now)
}

impl Identity {
    /// Freezes what is here of a person, whose keys `sam` has frozen.
    pub(crate) async fn freeze(&self, person: PersonId) -> Result<(), Failed> {
        let (told, now) = (self.told("frozen", ""), self.now());
        self.store.write("identity.freeze", move |tx| frozen(tx, person, &told, now)).await?;
        self.tell();
        Ok(())
    }

    /// From when on the sessions of a person hold, also those that other systems keep.
    pub(crate) async fn sessions_since(&self, person: PersonId) -> Result<Time, IdentityRefusal> {
        let look = move |tx: &mut Tx| tx.first::<(Time,)>(SINCE_OF, values![person]);
        let found = self.store.read("identity.sessions-since", look).await.map_err(Failed::from)?;
        found.map(|(since,)| since).ok_or(IdentityRefusal::Unknown)
    }

    /// `sam` or the desk says how it stands.
    pub(crate) async fn frozen(&self, said: Frozen) -> Result<(), IdentityRefusal> {
        if said.frozen {
            return Ok(self.freeze(said.person).await?);
        }
        let (told, person) = (self.told("unfrozen", ""), said.person);
        let set = self.store.write("identity.unfreeze", move |tx| {
            if tx.update(SET, values![person, false])? == 1 {
                told.put(tx, person)?;
            }
            Ok::<_, StoreError>(())
        });
        Ok(set.await.map_err(Failed::from)?)
    }

    /// Freezes by user number and code. Whoever has no such number asks `sam` too, with a person
    /// of chance: same answer, same way, same time.
    pub(crate) async fn freeze_by_code(&self, freeze: FreezeByCode) -> Result<(), IdentityRefusal> {
        self.limits.freeze().map_err(|_| IdentityRefusal::Often)?;
        let plain = |typed: &str| typed.chars().filter(char::is_ascii_digit).collect::<String>();
        let (number, code) = (plain(&freeze.user_number), plain(&freeze.code));
        let known = self.store.read("identity.of-number", move |tx| means::of_number(tx, &number));
        let known = known.await.map_err(Failed::from)?;
        let person = known.unwrap_or_else(|| PersonId::random(self.chance.as_ref()));
        let code = Digest(sha256(code.as_bytes()));
        let behalf = OnBehalf::System { job: "freeze-by-code".to_owned() };
        let call = Call::new(sam_contract::FreezeByCode { person, code }, behalf, "freeze");
        match self.sam.call(call).await {
            Ok(done) if done.frozen => Ok(self.freeze(person).await?),
            Ok(_) | Err(CallFault::Refused(SamRefusal::Unknown | SamRefusal::State)) => Ok(()),
            Err(CallFault::Refused(SamRefusal::Often)) => Err(IdentityRefusal::Often),
            Err(_) => Err(IdentityRefusal::Busy),
        }
    }
}
