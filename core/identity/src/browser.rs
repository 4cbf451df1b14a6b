//! Browsers that persons have logged in with, and those that take their user number.

use activation_contract::app::KnownBrowser;
use base::{Id, PersonId, Time};
use http::HeaderMap;
use identity_contract::Browser;
use store::{StoreError, Tx, values};
use web::{Cookies, SetCookie};

use crate::Identity;
use crate::identity::hashed;

/// The cookie by which a browser is known again: says nothing, lasts a year.
const COOKIE: &str = "browser";
const YEAR_S: u64 = 365 * 24 * 3600;

/// From so many logins on a browser can be remembered.
const OFFERED_AT: i64 = 2;

/// After so many refusals in a row it is forgotten.
const FORGOTTEN_AT: i64 = 2;

const REMEMBERED: &str = "SELECT p.person FROM identity_person p
     JOIN identity_browser b ON b.person = p.person
     WHERE p.number = $1 AND b.token = $2 AND b.remembered = 1 AND p.frozen = 0";
const ANY: &str = "SELECT person FROM identity_browser WHERE token = $1 AND remembered = 1 LIMIT 1";
const USED: &str = "INSERT INTO identity_browser
     (id, token, person, label, logins, remembered, refusals, used_at)
     VALUES ($1, $2, $3, $4, 1, 0, 0, $5)
     ON CONFLICT (token, person) DO UPDATE SET logins = identity_browser.logins + 1,
     label = excluded.label, refusals = 0, used_at = excluded.used_at";
const REFUSED: &str = "UPDATE identity_browser SET refusals = refusals + 1
     WHERE token = $1 AND person = $2";
const TURNED_AWAY: &str = "UPDATE identity_browser SET remembered = 0, refusals = 0, logins = 0
     WHERE token = $1 AND person = $2 AND refusals >= $3";
const REMEMBER: &str = "UPDATE identity_browser SET remembered = 1, refusals = 0
     WHERE id = $1 AND person = $2 AND logins >= $3";
const FORGET: &str = "UPDATE identity_browser SET remembered = 0, refusals = 0, logins = 0
     WHERE id = $1 AND person = $2 AND remembered = 1";
const OF: &str = "SELECT id, label, used_at, remembered, logins FROM identity_browser
     WHERE person = $1 ORDER BY used_at DESC, id LIMIT 50";
const RESERVE: &str = "INSERT INTO identity_pending (browser, ask, until_at) VALUES ($1, $2, $3)
     ON CONFLICT (browser) DO UPDATE SET ask = excluded.ask, until_at = excluded.until_at
     WHERE identity_pending.until_at <= $4";
const RESERVED: &str = "SELECT until_at FROM identity_pending WHERE browser = $1";
const RELEASE: &str = "DELETE FROM identity_pending WHERE browser = $1 AND ask = $2";

type Row = (Id<Known>, String, Time, bool, i64);

/// Marker of a browser's id.
#[derive(Debug)]
pub(crate) enum Known {}

/// The token of the request's browser, hashed; nothing where it has none.
pub(crate) fn token(headers: &HeaderMap, secure: bool) -> Option<[u8; 32]> {
    let wire = SetCookie::wire_name(COOKIE, secure);
    Cookies::of(headers).value(&wire).filter(|token| token.len() == 43).map(hashed)
}

impl Identity {
    /// The browser's token, and the cookie to set where it has none.
    pub(crate) fn browser(&self, headers: &HeaderMap) -> ([u8; 32], Option<SetCookie>) {
        if let Some(known) = token(headers, self.secure) {
            return (known, None);
        }
        let drawn = self.secret();
        let cookie = SetCookie::new(COOKIE, drawn.clone(), self.secure).lasting(YEAR_S);
        (hashed(&drawn), Some(cookie))
    }
}

/// Whose phones may be asked: the person of the number, if this browser remembers them.
pub(crate) fn remembered(
    tx: &mut Tx,
    number: &str,
    token: &[u8],
) -> Result<Option<PersonId>, StoreError> {
    let found: Option<(PersonId,)> = tx.first(REMEMBERED, values![number, token])?;
    Ok(found.map(|(person,)| person))
}

/// Whether a browser remembers anybody.
pub(crate) fn remembers(tx: &mut Tx, token: &[u8]) -> Result<bool, StoreError> {
    let found: Option<(PersonId,)> = tx.first(ANY, values![token])?;
    Ok(found.is_some())
}

/// Keeps one pending request per browser; says until when another stands.
pub(crate) fn reserve(
    tx: &mut Tx,
    token: &[u8],
    ask: &str,
    [now, until]: [Time; 2],
) -> Result<Option<Time>, StoreError> {
    if tx.update(RESERVE, values![token, ask, until, now])? == 1 {
        return Ok(None);
    }
    let standing: Option<(Time,)> = tx.first(RESERVED, values![token])?;
    Ok(standing.map(|(until,)| until))
}

/// The pending request is over.
pub(crate) fn release(tx: &mut Tx, token: &[u8], ask: &str) -> Result<(), StoreError> {
    tx.update(RELEASE, values![token, ask]).map(drop)
}

/// One more login of a person with a browser.
pub(crate) fn used(
    tx: &mut Tx,
    (id, token): (Id<Known>, &[u8]),
    (person, label, now): (PersonId, &str, Time),
) -> Result<(), StoreError> {
    tx.update(USED, values![id, token, person, label, now]).map(drop)
}

/// One more refusal; says whether the browser is forgotten by it.
pub(crate) fn refused(tx: &mut Tx, token: &[u8], person: PersonId) -> Result<bool, StoreError> {
    tx.update(REFUSED, values![token, person])?;
    Ok(tx.update(TURNED_AWAY, values![token, person, FORGOTTEN_AT])? == 1)
}

/// Remembers or forgets; says no where there is no such browser of the person's, or none that
/// could be.
pub(crate) fn set(
    tx: &mut Tx,
    id: Id<Known>,
    person: PersonId,
    remember: bool,
) -> Result<bool, StoreError> {
    let changed = if remember {
        tx.update(REMEMBER, values![id, person, OFFERED_AT])?
    } else {
        tx.update(FORGET, values![id, person])?
    };
    Ok(changed == 1)
}

/// The remembered ones and those that could be.
pub(crate) fn known(tx: &mut Tx, person: PersonId) -> Result<Vec<KnownBrowser>, StoreError> {
    let rows: Vec<Row> = tx.all(OF, values![person])?;
    let shown =
        rows.into_iter().filter(|(.., remembered, logins)| *remembered || *logins >= OFFERED_AT);
    Ok(shown
        .map(|(id, label, used, remembered, _)| KnownBrowser {
            id: id.to_string(),
            label,
            used,
            remembered,
        })
        .collect())
}

/// The remembered ones.
pub(crate) fn listed(tx: &mut Tx, person: PersonId) -> Result<Vec<Browser>, StoreError> {
    let known = known(tx, person)?.into_iter().filter(|browser| browser.remembered);
    Ok(known.map(|KnownBrowser { id, label, used, .. }| Browser { id, label, used }).collect())
}
