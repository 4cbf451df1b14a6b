//! The keys that sign ID tokens, one after the other, and the set that clients read.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use base::Time;
use jose::jwk::{Jwk, JwkSet};
use jose::jws::{self, Accept, Algorithm, Jws, Typ};
use keys::{Keeper, Purpose, Signer, Suite, WrappedKey, allowed};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Store, StoreError, Tx, values};

use crate::failed::Failed;

/// The purpose of these keys.
#[derive(Debug)]
pub enum Tokens {}

impl Purpose for Tokens {
    const NAME: &'static str = "identity.tokens";
}

/// How long one key signs.
const SIGNS: Duration = Duration::from_hours(24 * 90);

/// How long a key is shown before it signs and after it has: clients may keep the set a day.
const SHOWN: Duration = Duration::from_hours(24);

const ALL: &str = "SELECT kid, wrapped, jwk, signs_from, shown_until FROM identity_key
     WHERE shown_until > $1 ORDER BY signs_from, kid";
const PUT: &str = "INSERT INTO identity_key (kid, wrapped, jwk, signs_from, shown_until)
     VALUES ($1, $2, $3, $4, $5)";

type Kept = (String, Vec<u8>, String, Time, Time);

/// All keys that are shown, the newest last.
#[derive(Debug)]
pub(crate) struct TokenKeys(RwLock<Vec<TokenKey>>);

#[derive(Clone, Debug)]
struct TokenKey {
    signer: Signer<Tokens>,
    jwk: Jwk,
    signs_from: Time,
    shown_until: Time,
}

impl TokenKeys {
    /// The keys of the store; one is made where there is none.
    pub(crate) async fn open(store: &Store, keeper: &Keeper) -> Result<Self, Failed> {
        let keys = Self(RwLock::new(Vec::new()));
        keys.turn(store, keeper).await?;
        Ok(keys)
    }

    /// Makes the next key a day before the last one has signed long enough, and forgets those
    /// that are shown no more.
    pub(crate) async fn turn(&self, store: &Store, keeper: &Keeper) -> Result<(), Failed> {
        let now = store.clock().now();
        let mut kept = load(store, now).await?;
        let newest = kept.iter().map(|(.., from, _)| *from).max();
        if newest.is_none_or(|from| now >= from.plus(SIGNS).minus(SHOWN)) {
            let from = newest.map_or(now, |from| from.plus(SIGNS).max(now));
            kept.push(made(store, keeper, from).await?);
        }
        let opened = kept.into_iter().map(|row| opened(keeper, row)).collect::<Result<_, _>>()?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = opened;
        Ok(())
    }

    /// The set that clients read.
    pub(crate) fn shown(&self, now: Time) -> JwkSet {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let shown = keys.iter().filter(|key| key.shown_until > now);
        JwkSet { keys: shown.map(|key| key.jwk.clone()).collect() }
    }

    /// A token of these claims.
    pub(crate) fn signed<T: Serialize>(&self, claims: &T, now: Time) -> Result<String, Failed> {
        let signer = {
            let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let live = keys.iter().rev().find(|key| key.signs_from <= now);
            live.map(|key| key.signer.clone()).ok_or(Failed::Key)?
        };
        let header = signer.token_header("JWT").map_err(|_| Failed::Key)?;
        let token = jws::prepare_claims(&header, claims).map_err(|_| Failed::Key)?;
        signer.sign_token(token).map_err(|_| Failed::Key)
    }

    /// The claims of a token that one of these keys signed, its times aside.
    pub(crate) fn read<T: DeserializeOwned>(&self, token: &str, now: Time) -> Option<T> {
        let accept = Accept { typ: Typ::IsOrAbsent("JWT"), algorithms: &[Algorithm::Es256] };
        let read = Jws::parse(token, accept).ok()?;
        let keys = self.shown(now);
        let key = keys.find(read.header().kid.as_deref()?)?;
        read.verify(key, allowed(Suite::House)).ok()?.claims().ok()
    }
}

async fn load(store: &Store, now: Time) -> Result<Vec<Kept>, StoreError> {
    store.read("identity.keys", move |tx: &mut Tx| tx.all(ALL, values![now])).await
}

async fn made(store: &Store, keeper: &Keeper, from: Time) -> Result<Kept, Failed> {
    let (signer, wrapped) =
        keeper.make::<Signer<Tokens>>(keys::Algorithm::P256).map_err(|_| Failed::Key)?;
    let jwk = signer.public_key().jwk().ok_or(Failed::Key)?;
    let jwk = Jwk { alg: Some("ES256".to_owned()), usage: Some("sig".to_owned()), ..jwk };
    let kid = jwk.kid.clone().unwrap_or_default();
    let until = from.plus(SIGNS).plus(SHOWN).plus(SHOWN);
    let kept = (kid, wrapped.to_bytes(), serde_json::to_string(&jwk)?, from, until);
    let row = kept.clone();
    store
        .write("identity.key", move |tx| {
            let (kid, wrapped, jwk, from, until) = &row;
            tx.insert(PUT, values![kid, wrapped, jwk, *from, *until])
        })
        .await?;
    Ok(kept)
}

fn opened(
    keeper: &Keeper,
    (_, wrapped, jwk, signs_from, shown_until): Kept,
) -> Result<TokenKey, Failed> {
    let wrapped = WrappedKey::parse(&wrapped).map_err(|_| Failed::Row)?;
    let signer = keeper.open(&wrapped).map_err(|_| Failed::Key)?;
    Ok(TokenKey { signer, jwk: serde_json::from_str(&jwk)?, signs_from, shown_until })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use store::trial::Trial;

    #[tokio::test]
    async fn the_next_key_is_shown_before_it_signs_and_the_last_one_after() {
        let trial = Trial::on_sqlite(&[crate::SCHEMA]).unwrap();
        let keeper = keys::trial::keeper("identity");
        let keys = TokenKeys::open(&trial.store, &keeper).await.unwrap();
        let now = || trial.store.clock().now();
        let old = keys.signed(&json!({"n": 1}), now()).unwrap();
        assert_eq!(keys.shown(now()).keys.len(), 1);
        trial.clock.pass(SIGNS - SHOWN);
        keys.turn(&trial.store, &keeper).await.unwrap();
        assert_eq!(keys.shown(now()).keys.len(), 2);
        let kid = |token: &str| {
            let accept = Accept::only("JWT", &[Algorithm::Es256]);
            Jws::parse(token, accept).unwrap().header().kid.clone()
        };
        assert_eq!(kid(&keys.signed(&json!({}), now()).unwrap()), kid(&old));
        trial.clock.pass(SHOWN);
        assert_ne!(kid(&keys.signed(&json!({}), now()).unwrap()), kid(&old));
        assert_eq!(keys.read::<Value>(&old, now()).unwrap(), json!({"n": 1}));
        trial.clock.pass(SHOWN + SHOWN);
        keys.turn(&trial.store, &keeper).await.unwrap();
        assert_eq!(keys.shown(now()).keys.len(), 1);
        assert_eq!(keys.read::<Value>(&old, now()), None);
    }

    #[tokio::test]
    async fn the_keys_are_the_same_after_a_restart() {
        let trial = Trial::on_sqlite(&[crate::SCHEMA]).unwrap();
        let keeper = keys::trial::keeper("identity");
        let token = {
            let keys = TokenKeys::open(&trial.store, &keeper).await.unwrap();
            keys.signed(&json!({"n": 1}), trial.store.clock().now()).unwrap()
        };
        let keys = TokenKeys::open(&trial.store, &keeper).await.unwrap();
        assert!(keys.read::<Value>(&token, trial.store.clock().now()).is_some());
        let (head, signature) = token.rsplit_once('.').unwrap();
        let changed = format!("{head}.{}", signature.chars().rev().collect::<String>());
        assert!(keys.read::<Value>(&changed, trial.store.clock().now()).is_none());
    }
}
