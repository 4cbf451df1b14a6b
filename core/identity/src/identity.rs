//! The platform and what it needs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use activation_contract::SamKeys;
use audit::Log;
use base::{Chance, Clock, Time};
use jose::jwk::{Jwk, Key};
use keys::{Keeper, MacKey, sha256};
use links::{Link, Party};
use sam_contract::Evidence;
use store::{Schema, Store};
use tokio::sync::watch;
use web::Sessions;

use crate::failed::Failed;
use crate::limits::Limits;
use crate::session::Sitting;
use crate::subject::Subjects;
use crate::token_keys::TokenKeys;

/// The tables `identity_*`.
pub const SCHEMA: Schema = Schema {
    system: "identity",
    steps: &[
        include_str!("schema.sql"),
        "ALTER TABLE identity_person ADD COLUMN sessions_since BIGINT NOT NULL DEFAULT 0;",
    ],
};

/// How long a session of the platform lasts at most: as long as a statement.
const SITTING: Duration = Duration::from_mins(30);

/// What the platform is made of.
#[derive(Debug)]
pub struct Parts {
    /// Which system it is.
    pub party: Party,
    /// Its store, opened with [`SCHEMA`], the log's and the web's sessions' schemas.
    pub store: Store,
    /// The store's log.
    pub log: Log,
    /// Who keeps its token keys.
    pub keeper: Keeper,
    /// The way to `sam`.
    pub sam: Link,
    /// `sam`'s keys, checked against the pinned root key.
    pub sam_keys: SamKeys,
    /// The way to the register of persons.
    pub persons: Link,
    /// The issuer: the address of its host, without a slash at the end.
    pub issuer: String,
    /// Whether that host speaks https.
    pub secure: bool,
    /// Who may call what.
    pub callers: Callers,
}

/// Which systems may call what.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    /// Which system brings persons' statements made for which clients: its own, or forwarded.
    pub statements: BTreeMap<Party, Vec<String>>,
    /// Systems that exchange codes and tokens for evidence, and take freeze codes.
    pub portals: Vec<Party>,
    /// Desks and `sam`: register and end means, freeze and unfreeze.
    pub desks: Vec<Party>,
    /// Systems that tell persons something.
    pub tellers: Vec<Party>,
}

/// The identity platform.
#[derive(Debug)]
pub struct Identity {
    pub(crate) party: Party,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) log: Log,
    pub(crate) keeper: Keeper,
    pub(crate) sam: Link,
    pub(crate) answers: Jwk,
    pub(crate) persons: Link,
    pub(crate) issuer: String,
    pub(crate) secure: bool,
    pub(crate) callers: Callers,
    pub(crate) evidence: Evidence,
    pub(crate) sessions: Sessions<Sitting>,
    pub(crate) keys: TokenKeys,
    pub(crate) pairwise: MacKey<Subjects>,
    pub(crate) limits: Limits,
    /// Changes when something new may wait for a phone or a page.
    pub(crate) news: watch::Sender<u64>,
}

impl Identity {
    /// The platform on these parts; its keys are made at the first start.
    ///
    /// # Errors
    /// [`Failed`] when the store or a key cannot be had.
    pub async fn new(parts: Parts) -> Result<Arc<Self>, Failed> {
        let Parts { party, store, log, keeper, sam, sam_keys, persons, issuer, secure, callers } =
            parts;
        let (clock, chance) = (Arc::clone(store.clock()), Arc::clone(store.chance()));
        let evidence = Evidence::new(&sam_keys, callers.statements.clone());
        let answers = Key::from_spki(&sam_keys.answers.0).map_err(|_| Failed::Key)?;
        let keys = TokenKeys::open(&store, &keeper).await?;
        let pairwise = crate::subject::key(&store, &keeper).await?;
        let sessions = Sessions::new(store.clone(), "id", secure, SITTING);
        Ok(Arc::new(Self {
            evidence: evidence.map_err(|_| Failed::Key)?,
            limits: Limits::new(&clock),
            answers: Jwk::from(answers),
            news: watch::Sender::new(0),
            party,
            store,
            clock,
            chance,
            log,
            keeper,
            sam,
            persons,
            issuer,
            secure,
            callers,
            sessions,
            keys,
            pairwise,
        }))
    }

    /// The present.
    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// 32 bytes of chance in base64url: codes and tokens.
    pub(crate) fn secret(&self) -> String {
        jose::base64url(&self.chance.bytes::<32>())
    }

    /// Says that something new may wait.
    pub(crate) fn tell(&self) {
        self.news.send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// What a row keeps of a secret.
pub(crate) fn hashed(secret: &str) -> [u8; 32] {
    sha256(secret.as_bytes())
}
