//! Sessions: an opaque cookie whose hash is a row (OWASP session rules; DESIGN "Web").
//!
//! The token is 32 bytes of chance and stands nowhere but in the browser; the store keeps its
//! SHA-256. A new token is drawn at login and at a raise of level, the row dies at logout. An
//! anonymous visitor has a token and no row until something is worth remembering.

use std::marker::PhantomData;
use std::time::Duration;

use base::{Bytes, PersonId, Time};
use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::{Schema, Store, StoreError, Tx, values};

use crate::{Cookies, SetCookie};

/// The table of sessions: give it to the store of each part that has pages.
pub const SESSION_SCHEMA: Schema = Schema {
    system: "web",
    steps: &["CREATE TABLE web_session (
            id BYTEA PRIMARY KEY,
            cookie TEXT NOT NULL,
            person BYTEA NOT NULL,
            body TEXT NOT NULL,
            began_at BIGINT NOT NULL,
            ends_at BIGINT NOT NULL
        );
        CREATE INDEX web_session_person ON web_session (person, id);"],
};

const BEGIN: &str = "INSERT INTO web_session (id, cookie, person, body, began_at, ends_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const FIND: &str = "SELECT person, body, began_at, ends_at FROM web_session \
    WHERE id = $1 AND cookie = $2 AND ends_at > $3";
const CHANGE: &str = "UPDATE web_session SET body = $2 WHERE id = $1";
const END: &str = "DELETE FROM web_session WHERE id = $1";
const END_ALL: &str = "DELETE FROM web_session WHERE person = $1";
const OTHERS: &str = "SELECT COUNT(*) FROM web_session \
    WHERE person = $1 AND cookie = $2 AND id <> $3 AND ends_at > $4";
const END_OTHERS: &str = "DELETE FROM web_session WHERE person = $1 AND cookie = $2 AND id <> $3";
const SWEEP: &str = "DELETE FROM web_session WHERE ends_at <= $1";

/// The sessions of one host, each holding a `T`.
#[derive(Clone, Debug)]
pub struct Sessions<T> {
    store: Store,
    cookie: &'static str,
    secure: bool,
    life: Duration,
    body: PhantomData<fn() -> T>,
}

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session<T> {
    /// Its row: the hash of its token.
    id: Vec<u8>,
    /// Whose it is.
    pub person: PersonId,
    /// What it holds.
    pub body: T,
    /// When it began.
    pub began: Time,
    /// When it ends, whatever happens.
    pub ends: Time,
}

/// A browser's anonymous token: binds what it begins to it, without a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    token: String,
    /// The cookie to set, when the browser had none.
    pub cookie: Option<SetCookie>,
}

impl Visitor {
    /// What a row keeps to recognise the browser again.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        hash(&self.token)
    }
}

impl<T: Serialize + DeserializeOwned + Send + 'static> Sessions<T> {
    /// Sessions kept in `store` under the cookie `cookie` for `life` at most. `secure`: whether
    /// the host speaks https.
    #[must_use]
    pub fn new(store: Store, cookie: &'static str, secure: bool, life: Duration) -> Self {
        Self { store, cookie, secure, life, body: PhantomData }
    }

    /// The session of a request, if it has one that lives.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(&self, headers: &HeaderMap) -> Result<Option<Session<T>>, StoreError> {
        let wire = SetCookie::wire_name(self.cookie, self.secure);
        let Some(token) = Cookies::of(headers).value(&wire) else {
            return Ok(None);
        };
        let (id, cookie, now) = (hash(token), self.cookie, self.store.clock().now());
        let key = id.clone();
        let found: Option<(PersonId, String, Time, Time)> = self
            .store
            .read("web.session", move |tx| tx.first(FIND, values![&key, cookie, now]))
            .await?;
        Ok(found.and_then(|(person, body, began, ends)| {
            let body = serde_json::from_str(&body).ok()?;
            Some(Session { id, person, body, began, ends })
        }))
    }

    /// Begins a session, ending `instead` in the same commit: the token rotates at login and at
    /// a raise of level. Lives until `until` where that is sooner than the host's limit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(
        &self,
        person: PersonId,
        body: &T,
        until: Option<Time>,
        instead: Option<&Session<T>>,
    ) -> Result<SetCookie, StoreError> {
        let token = self.token();
        let (id, cookie, now) = (hash(&token), self.cookie, self.store.clock().now());
        let ends = until.map_or(now.plus(self.life), |until| until.min(now.plus(self.life)));
        let body = serde_json::to_string(body).unwrap_or_default();
        let old = instead.map(|session| session.id.clone());
        self.store
            .write("web.session-begin", move |tx| {
                if let Some(old) = &old {
                    tx.update(END, values![old])?;
                }
                tx.insert(BEGIN, values![&id, cookie, person, &body, now, ends])
            })
            .await?;
        Ok(SetCookie::new(self.cookie, token, self.secure))
    }

    /// Puts `body` in place of what the session holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(&self, session: &Session<T>, body: &T) -> Result<(), StoreError> {
        let (id, body) = (session.id.clone(), serde_json::to_string(body).unwrap_or_default());
        self.store
            .write("web.session-change", move |tx| tx.update(CHANGE, values![&id, &body]).map(drop))
            .await
    }

    /// Ends the session; the cookie goes with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end(&self, session: &Session<T>) -> Result<SetCookie, StoreError> {
        let id = session.id.clone();
        self.store
            .write("web.session-end", move |tx| tx.update(END, values![&id]).map(drop))
            .await?;
        Ok(SetCookie::removed(self.cookie, self.secure))
    }

    /// How many other live sessions the same person has on this host.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn others(&self, session: &Session<T>) -> Result<u64, StoreError> {
        let (id, person, cookie) = (session.id.clone(), session.person, self.cookie);
        let now = self.store.clock().now();
        let counted: Option<(i64,)> = self
            .store
            .read("web.session-others", move |tx| {
                tx.first(OTHERS, values![person, cookie, &id, now])
            })
            .await?;
        Ok(counted.and_then(|(count,)| u64::try_from(count).ok()).unwrap_or(0))
    }

    /// Ends them; how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_others(&self, session: &Session<T>) -> Result<u64, StoreError> {
        let (id, person, cookie) = (session.id.clone(), session.person, self.cookie);
        self.store
            .write("web.session-end-others", move |tx| {
                tx.update(END_OTHERS, values![person, cookie, &id])
            })
            .await
    }

    /// Ends every session of a person, inside the change that makes it right (a freeze).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_all(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
        tx.update(END_ALL, values![person])
    }

    /// Takes away the rows whose time is over. Run now and then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.store.clock().now();
        self.store.write("web.session-sweep", move |tx| tx.update(SWEEP, values![now])).await
    }

    /// The anonymous visitor of a request; a new one brings the cookie to set.
    #[must_use]
    pub fn visitor(&self, headers: &HeaderMap) -> Visitor {
        let wire = SetCookie::wire_name("visitor", self.secure);
        let kept = Cookies::of(headers).value(&wire).filter(|token| token.len() == 43);
        match kept {
            Some(token) => Visitor { token: token.to_owned(), cookie: None },
            None => {
                let token = self.token();
                let cookie = Some(SetCookie::new("visitor", token.clone(), self.secure));
                Visitor { token, cookie }
            }
        }
    }

    fn token(&self) -> String {
        Bytes(self.store.chance().bytes::<32>().to_vec()).to_string()
    }
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Chance;
    use http::{HeaderValue, header};
    use store::trial::Trial;
    use trial::CountedChance;

    fn opened() -> (Trial, Sessions<String>) {
        let trial = Trial::on_sqlite(&[SESSION_SCHEMA]).unwrap();
        let store = trial.store.clone();
        (trial, Sessions::new(store, "portal", false, Duration::from_secs(1800)))
    }

    fn carrying(cookie: &SetCookie) -> HeaderMap {
        let line = cookie.header().unwrap().to_str().unwrap().to_owned();
        let pair = line.split(';').next().unwrap().to_owned();
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(pair).unwrap())])
    }

    fn somebody() -> PersonId {
        let chance: &dyn Chance = &CountedChance::seeded(9);
        PersonId::random(chance)
    }

    #[tokio::test]
    async fn a_session_is_found_changed_and_ended() {
        let (_trial, sessions) = opened();
        let cookie = sessions.begin(somebody(), &"one".to_owned(), None, None).await.unwrap();
        let session = sessions.of(&carrying(&cookie)).await.unwrap().unwrap();
        assert_eq!((session.person, session.body.as_str()), (somebody(), "one"));
        sessions.change(&session, &"two".to_owned()).await.unwrap();
        assert_eq!(sessions.of(&carrying(&cookie)).await.unwrap().unwrap().body, "two");
        sessions.end(&session).await.unwrap();
        assert_eq!(sessions.of(&carrying(&cookie)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_token_rotates_and_the_old_one_is_dead() {
        let (_trial, sessions) = opened();
        let first = sessions.begin(somebody(), &"low".to_owned(), None, None).await.unwrap();
        let session = sessions.of(&carrying(&first)).await.unwrap().unwrap();
        let second =
            sessions.begin(somebody(), &"high".to_owned(), None, Some(&session)).await.unwrap();
        assert_ne!(first, second);
        assert_eq!(sessions.of(&carrying(&first)).await.unwrap(), None);
        assert_eq!(sessions.of(&carrying(&second)).await.unwrap().unwrap().body, "high");
    }

    #[tokio::test]
    async fn other_sessions_of_the_same_person_are_counted_and_ended() {
        let (_trial, sessions) = opened();
        let body = "x".to_owned();
        let one = sessions.begin(somebody(), &body, None, None).await.unwrap();
        let two = sessions.begin(somebody(), &body, None, None).await.unwrap();
        let another = PersonId::from_bytes([1; 16]);
        let stranger = sessions.begin(another, &body, None, None).await.unwrap();
        let session = sessions.of(&carrying(&one)).await.unwrap().unwrap();
        assert_eq!(sessions.others(&session).await.unwrap(), 1);
        assert_eq!(sessions.end_others(&session).await.unwrap(), 1);
        assert_eq!(sessions.others(&session).await.unwrap(), 0);
        assert_eq!(sessions.of(&carrying(&two)).await.unwrap(), None);
        for kept in [one, stranger] {
            assert!(sessions.of(&carrying(&kept)).await.unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn a_session_ends_by_itself_and_is_swept() {
        let (trial, sessions) = opened();
        let until = Some(trial.store.clock().now().plus(Duration::from_secs(60)));
        let cookie = sessions.begin(somebody(), &"x".to_owned(), until, None).await.unwrap();
        trial.clock.pass(Duration::from_secs(59));
        assert!(sessions.of(&carrying(&cookie)).await.unwrap().is_some());
        trial.clock.pass(Duration::from_secs(1));
        assert!(sessions.of(&carrying(&cookie)).await.unwrap().is_none());
        assert_eq!(sessions.sweep().await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_made_up_token_is_nobody_and_a_visitor_keeps_theirs() {
        let (_trial, sessions) = opened();
        let stranger = SetCookie::new("portal", "made-up".to_owned(), false);
        assert_eq!(sessions.of(&carrying(&stranger)).await.unwrap(), None);
        let visitor = sessions.visitor(&HeaderMap::new());
        let again = sessions.visitor(&carrying(visitor.cookie.as_ref().unwrap()));
        assert_eq!(visitor.hash(), again.hash());
        assert_eq!(again.cookie, None);
    }
}
