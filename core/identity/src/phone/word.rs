//! A phone's word, heard once.

use std::time::Duration;

use activation_contract::{Word, WordKind, typ};
use base::Time;
use jose::jws::{Accept, Algorithm, Jws};
use keys::{Suite, allowed};
use store::{StoreError, Tx, values};

use super::refusal::PhoneRefusal;
use crate::Identity;
use crate::identity::hashed;
use crate::means::{self, Speaker};

/// By how much a phone's clock may differ, and a word may be late.
const LATE: Duration = Duration::from_mins(2);

const SPEND: &str = "INSERT INTO identity_spent (id, until_at) VALUES ($1, $2)
     ON CONFLICT (id) DO NOTHING";

impl Identity {
    /// Who speaks, and what: a known device's own word, of now, not heard before.
    pub(crate) async fn heard(&self, token: &str) -> Result<(Speaker, WordKind), PhoneRefusal> {
        let read = Jws::parse(token, Accept::only(typ::WORD, &[Algorithm::Es256]));
        let read = read.map_err(|_| PhoneRefusal::Word)?;
        let claimed: Word = read.unverified_claims().map_err(|_| PhoneRefusal::Word)?;
        let device = claimed.device;
        let known = self.store.read("identity.speaker", move |tx| means::speaker(tx, device));
        let speaker = known.await?.ok_or(PhoneRefusal::Word)?;
        let verified = read.verify(&speaker.key, allowed(Suite::House));
        let word: Word = verified.and_then(|word| word.claims()).map_err(|_| PhoneRefusal::Word)?;
        self.limits.word(device.bytes())?;
        let now = self.now();
        if word.at > now.plus(LATE) || word.at < now.minus(LATE) {
            return Err(PhoneRefusal::Word);
        }
        if !self.spend(hashed(token), word.at.plus(LATE)).await? {
            return Err(PhoneRefusal::Word);
        }
        Ok((speaker, word.says))
    }

    /// Whether something was never used before; it is remembered until `until`.
    pub(crate) async fn spend(&self, id: [u8; 32], until: Time) -> Result<bool, StoreError> {
        self.store.write("identity.spend", move |tx| spent(tx, id, until)).await
    }
}

/// The same within a transaction.
pub(crate) fn spent(tx: &mut Tx, id: [u8; 32], until: Time) -> Result<bool, StoreError> {
    Ok(tx.update(SPEND, values![id, until])? == 1)
}
