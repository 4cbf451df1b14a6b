//! Revocation lists. Spec: RFC 5280 §5.

use std::time::Duration;

use base::{Bytes, Digest, Time, unhex};
use keys::{Suite, allowed};
use pki_contract::{CurrentList, Reason, SignedList, SignerRefusal, Status};
use store::{StoreError, Tx, values};
use x509::ToBeSigned;
use x509::crl::{self, Crl, List, Revoked};

use crate::archive::{self, Ending};
use crate::authority::Authority;
use crate::certificate::{self, Standing};
use crate::failed::Failed;
use crate::signer::CaSigner;

/// How long a list holds.
const HOLDS: Duration = Duration::from_hours(24);

/// So long before its end a list is made anew, whatever changed.
const EARLY: Duration = Duration::from_hours(1);

/// The newest list of an authority.
struct Newest {
    covers: i64,
    next_update: Time,
    list: Vec<u8>,
}
store::row!(Newest { covers, next_update, list });

/// A list that has its number and not yet its signature.
struct Drawn {
    number: i64,
    revoked: Vec<Standing>,
}

impl CaSigner {
    /// The newest list; made anew when a status changed or it is nearly over. That of an
    /// authority whose key is not here is the one that came with it.
    ///
    /// # Errors
    /// [`SignerRefusal`].
    pub async fn current_list(&self, wanted: CurrentList) -> Result<SignedList, SignerRefusal> {
        Ok(self.list(wanted.issuer).await?)
    }

    async fn list(&self, issuer: Digest) -> Result<SignedList, Failed> {
        let authority = self.book.authorities.get(&issuer).ok_or(SignerRefusal::Unknown)?;
        let _one = self.listing.lock().await;
        let read = move |tx: &mut Tx| Ok::<_, StoreError>((newest(tx, issuer)?, last(tx, issuer)?));
        let (newest, last) = self.store.read("ca_signer.newest_list", read).await?;
        let now = self.now().floor();
        let fresh = |list: &Newest| list.covers >= last && now < list.next_update.minus(EARLY);
        match newest {
            Some(list) if authority.hand.is_none() || fresh(&list) => Ok(list.answer()),
            _ => self.anew(authority, now).await,
        }
    }

    async fn anew(&self, authority: &Authority, now: Time) -> Result<SignedList, Failed> {
        let issuer = authority.issuer;
        let drawn = self
            .store
            .write::<_, StoreError>("ca_signer.draw_list", move |tx| draw(tx, issuer, now))
            .await?;
        let until = now.plus(HOLDS);
        let list = self.signed_list(authority, &drawn, (now, until))?;
        let (number, bytes) = (drawn.number, list.clone());
        self.store
            .write::<_, StoreError>("ca_signer.sign_list", move |tx| {
                store_list(tx, (issuer, number), &bytes)
            })
            .await?;
        self.archived().await?;
        Ok(SignedList { list: Bytes(list), until })
    }

    /// The list under a throw-away key reads and verifies before the real key signs.
    fn signed_list(
        &self,
        authority: &Authority,
        drawn: &Drawn,
        (this_update, next_update): (Time, Time),
    ) -> Result<Vec<u8>, SignerRefusal> {
        let hand = authority.hand.as_ref().ok_or(SignerRefusal::Unknown)?;
        let revoked: Vec<Revoked> = drawn.revoked.iter().filter_map(entry).collect();
        let list = List {
            number: u64::try_from(drawn.number).unwrap_or(0),
            this_update: this_update.seconds(),
            next_update: next_update.seconds(),
            revoked: &revoked,
            // Nothing ever leaves the list (R30).
            expired_since: Some(authority.certificate.not_before()),
        };
        let algorithm = hand.signer.certificate_algorithm();
        let tbs = crl::prepare(&list, &authority.certificate, algorithm);
        let tbs = tbs.map_err(|why| refused(&why.to_string()))?;
        let trial = hand.throw_away.sign(tbs.bytes()).map_err(|why| refused(&why.to_string()))?;
        check(&tbs, &trial, hand.throw_away.public_key().spki(), &list)?;
        let signature = hand.signer.sign(tbs.bytes());
        let signature = signature.map_err(|why| refused(&why.to_string()))?;
        check(&tbs, &signature, authority.certificate.spki(), &list)?;
        Ok(tbs.finish(&signature))
    }
}

/// Whether the finished list reads as what it was made of and its signature holds.
fn check(
    tbs: &ToBeSigned,
    signature: &[u8],
    spki: &[u8],
    list: &List<'_>,
) -> Result<(), SignerRefusal> {
    let read = Crl::parse(&tbs.finish(signature)).map_err(|why| refused(&why.to_string()))?;
    let identifier = tbs.algorithm().identifier();
    let algorithms = x509::Algorithms(allowed(Suite::House));
    let holds = algorithms.verify(spki, &identifier, tbs.bytes(), signature);
    holds.map_err(|why| refused(&why.to_string()))?;
    let all = read.revoked().len() == list.revoked.len()
        && list.revoked.iter().all(|entry| read.find(&entry.serial) == Some(entry));
    let same = read.this_update() == list.this_update
        && read.next_update() == Some(list.next_update)
        && read.number().is_some();
    if all && same { Ok(()) } else { Err(refused("the list does not read as it was made")) }
}

fn refused(why: &str) -> SignerRefusal {
    tracing::error!(why, "no list is signed");
    SignerRefusal::Lint
}

impl Newest {
    fn answer(self) -> SignedList {
        SignedList { list: Bytes(self.list), until: self.next_update }
    }
}

fn newest(tx: &mut Tx, issuer: Digest) -> Result<Option<Newest>, StoreError> {
    tx.first(
        "SELECT covers, next_update, list FROM ca_signer_list
         WHERE issuer = $1 AND list IS NOT NULL ORDER BY number DESC LIMIT 1",
        values![issuer.0],
    )
}

/// The newest change that a list of `issuer` must show; issuing is none.
fn last(tx: &mut Tx, issuer: Digest) -> Result<i64, StoreError> {
    let found: Option<(Option<i64>,)> =
        tx.first("SELECT MAX(changed) FROM ca_signer_status WHERE issuer = $1", values![issuer.0])?;
    Ok(found.and_then(|(last,)| last).unwrap_or(0))
}

fn draw(tx: &mut Tx, issuer: Digest, now: Time) -> Result<Drawn, StoreError> {
    let covers = last(tx, issuer)?;
    let revoked = certificate::listed(tx, issuer)?;
    let highest: Option<(Option<i64>,)> =
        tx.first("SELECT MAX(number) FROM ca_signer_list WHERE issuer = $1", values![issuer.0])?;
    let number = highest.and_then(|(number,)| number).unwrap_or(0).saturating_add(1);
    tx.insert(
        "INSERT INTO ca_signer_list (issuer, number, covers, this_update, next_update)
         VALUES ($1, $2, $3, $4, $5)",
        values![issuer.0, number, covers, now, now.plus(HOLDS)],
    )?;
    Ok(Drawn { number, revoked })
}

fn store_list(tx: &mut Tx, (issuer, number): (Digest, i64), list: &[u8]) -> Result<(), StoreError> {
    tx.insert(
        "UPDATE ca_signer_list SET list = $3 WHERE issuer = $1 AND number = $2",
        values![issuer.0, number, list],
    )?;
    let number = u64::try_from(number).unwrap_or(0);
    archive::keep(tx, &Ending::Listed { issuer, number })
}

fn entry(standing: &Standing) -> Option<Revoked> {
    let (at, reason) = match standing.status {
        Status::Good => return None,
        Status::Suspended { since } => (since, Some(crl::Reason::Hold)),
        Status::Revoked { since, reason } => (since, self::reason(reason)),
    };
    let serial = unhex(&standing.serial)?;
    Some(Revoked { serial, at: at.seconds(), reason, invalid_since: None })
}

/// The reason code; none for the unspecified, which is left out. Spec: RFC 5280 §5.3.1.
fn reason(reason: Reason) -> Option<crl::Reason> {
    match reason {
        Reason::AffiliationChanged => Some(crl::Reason::AffiliationChanged),
        Reason::CessationOfOperation => Some(crl::Reason::CessationOfOperation),
        Reason::KeyCompromise => Some(crl::Reason::KeyCompromise),
        Reason::PrivilegeWithdrawn => Some(crl::Reason::PrivilegeWithdrawn),
        Reason::Superseded => Some(crl::Reason::Superseded),
        Reason::Unspecified => None,
    }
}
