//! `sam`'s own keys.

use activation_contract::{SamKeys, typ};
use base::{Bytes, Digest, Time};
use jose::jwe::Jwe;
use jose::jws;
use keys::{
    AesGcm, AgreementKey, Algorithm, Keeper, Kept, MacKey, PublicKey, Purpose, SealKey, Signer,
    WrappedKey,
};
use sam_contract::SamRefusal;
use serde::Serialize;
use std::time::Duration;
use store::{Store, StoreError, Tx, values};

use crate::Stop;

macro_rules! purpose {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Purpose for $name {
            const NAME: &'static str = $text;
        }
    )*};
}

purpose! {
    /// Signs [`SamKeys`] and nothing else.
    Root = "sam.root";
    /// Opens what phones send.
    Inbox = "sam.inbox";
    /// Signs answers and statements.
    Answers = "sam.answers";
    /// Tags challenges.
    Challenges = "sam.challenges";
    /// Seals what persons said, in the store.
    Words = "sam.words";
    /// Seals endings, in the archive.
    Endings = "sam.endings";
    /// Signs for a person.
    Person = "sam.person";
}

/// All of them, open.
#[derive(Debug)]
pub(crate) struct Own {
    inbox: AgreementKey<Inbox>,
    answers: Signer<Answers>,
    pub(crate) challenges: MacKey<Challenges>,
    pub(crate) words: SealKey<Words>,
    pub(crate) endings: SealKey<Endings>,
    published: String,
}

/// The keys of one name each.
const NAMES: [&str; 6] = ["root", "inbox", "answers", "challenges", "words", "endings"];

/// How long published keys hold; they are published anew at each start.
const HOLD: Duration = Duration::from_hours(400 * 24);

/// Makes what is missing of `sam`'s own keys. For the setup; again it changes nothing.
pub(crate) async fn made(store: &Store, keeper: &Keeper) -> Result<Digest, Stop> {
    let fresh = vec![
        ("root", wrapped::<Signer<Root>>(keeper, Algorithm::P256)?),
        ("inbox", wrapped::<AgreementKey<Inbox>>(keeper, Algorithm::EcdhP256)?),
        ("answers", wrapped::<Signer<Answers>>(keeper, Algorithm::P256)?),
        ("challenges", wrapped::<MacKey<Challenges>>(keeper, Algorithm::HmacSha256)?),
        ("words", wrapped::<SealKey<Words>>(keeper, Algorithm::Aes256Gcm)?),
        ("endings", wrapped::<SealKey<Endings>>(keeper, Algorithm::Aes256Gcm)?),
    ];
    store.write("sam.found", move |tx| kept(tx, &fresh)).await?;
    let root = stored(store, "root").await?;
    Ok(root.public().ok_or(Stop::Damaged("root key"))?.sha256())
}

fn wrapped<T: Kept>(keeper: &Keeper, algorithm: Algorithm) -> Result<Vec<u8>, Stop> {
    Ok(keeper.make::<T>(algorithm)?.1.to_bytes())
}

fn kept(tx: &mut Tx, fresh: &[(&'static str, Vec<u8>)]) -> Result<(), StoreError> {
    for (name, wrapped) in fresh {
        tx.update(
            "INSERT INTO sam_key (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            values![*name, wrapped],
        )?;
    }
    Ok(())
}

async fn stored(store: &Store, name: &'static str) -> Result<WrappedKey, Stop> {
    debug_assert!(NAMES.contains(&name));
    let found: Option<(Vec<u8>,)> = store
        .read::<_, StoreError>("sam.key", move |tx| {
            tx.first("SELECT wrapped FROM sam_key WHERE name = $1", values![name])
        })
        .await?;
    let (bytes,) = found.ok_or(Stop::Damaged("a key is missing: was it set up?"))?;
    WrappedKey::parse(&bytes).map_err(|_| Stop::Damaged("a wrapped key"))
}

impl Own {
    pub(crate) async fn open(store: &Store, keeper: &Keeper, now: Time) -> Result<Self, Stop> {
        let root: Signer<Root> = keeper.open(&stored(store, "root").await?)?;
        let inbox: AgreementKey<Inbox> = keeper.open(&stored(store, "inbox").await?)?;
        let answers: Signer<Answers> = keeper.open(&stored(store, "answers").await?)?;
        let published = published(&root, inbox.public_key(), answers.public_key(), now)?;
        Ok(Self {
            challenges: keeper.open(&stored(store, "challenges").await?)?,
            words: keeper.open(&stored(store, "words").await?)?,
            endings: keeper.open(&stored(store, "endings").await?)?,
            inbox,
            answers,
            published,
        })
    }

    /// [`SamKeys`] under the root key.
    pub(crate) fn published(&self) -> &str {
        &self.published
    }

    /// What was sealed to us.
    pub(crate) fn opened(&self, sealed: &str) -> Result<String, SamRefusal> {
        let read = Jwe::parse(sealed, typ::SEALED).map_err(|_| SamRefusal::Unreadable)?;
        let plain = read.decrypt(&self.inbox, &AesGcm).map_err(|_| SamRefusal::Unreadable)?;
        String::from_utf8(plain.to_vec()).map_err(|_| SamRefusal::Unreadable)
    }

    /// `claims` under the answer key.
    pub(crate) fn said<T: Serialize>(&self, typ: &str, claims: &T) -> Result<String, Stop> {
        signed(&self.answers, typ, claims)
    }

    /// The answer key.
    pub(crate) fn answer_key(&self) -> &PublicKey {
        self.answers.public_key()
    }
}

fn published(
    root: &Signer<Root>,
    inbox: &PublicKey,
    answers: &PublicKey,
    now: Time,
) -> Result<String, Stop> {
    let keys = SamKeys {
        root: Bytes(root.public_key().spki().to_vec()),
        encryption: Bytes(inbox.spki().to_vec()),
        answers: Bytes(answers.spki().to_vec()),
        until: now.plus(HOLD),
    };
    signed(root, typ::SAM_KEYS, &keys)
}

fn signed<K: Purpose, T: Serialize>(
    signer: &Signer<K>,
    typ: &str,
    claims: &T,
) -> Result<String, Stop> {
    let token = jws::prepare_claims(&signer.token_header(typ)?, claims);
    Ok(signer.sign_token(token.map_err(|_| Stop::Damaged("an answer too long to be signed"))?)?)
}
