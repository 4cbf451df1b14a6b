//! The status of every certificate of a signature, as new as its time-stamp. Spec: PROTOCOLS §8.

use std::collections::BTreeMap;
use std::time::Duration;

use activation_contract::remote::RevocationEvidence;
use base::{Bytes, Time};
use x509::Certificate;
use x509::crl::{Crl, MAX_CRL};
use x509::ocsp::{self, Basic, CertId, IssuerHashes, MAX_RESPONSE};

use crate::activation::ActivationRow;
use crate::failed::Failed;
use crate::fetch::{Fetch, fetched};
use crate::life::Event;
use crate::sign::Signing;

/// After how long a responder is asked again.
const AGAIN: Duration = Duration::from_millis(200);
/// The longest path to an anchor.
const PATH_MAX: usize = 6;
/// Of how many certificates the status is asked for one check.
const SAID_MAX: usize = 16;
/// How many items are looked at together.
const TOGETHER: u32 = 100;

/// What somebody says of a certificate.
enum Word {
    /// Good, and as new as it must be: the answer's bytes.
    Good(Vec<u8>),
    /// Nothing, or nothing new enough: ask again.
    NotYet,
    /// Revoked or suspended.
    Bad,
}

/// A certificate whose status is needed, and the authority above it.
struct Below {
    certificate: Certificate,
    issuer: Certificate,
}

impl Signing {
    /// Asks until every certificate's status is known or `until` is past.
    pub(crate) async fn status(
        &self,
        row: &ActivationRow,
        at: Time,
        until: Time,
    ) -> Result<Option<Event>, Failed> {
        let (leaves, pool) = self.certificates(row).await?;
        let mut evidence = RevocationEvidence::default();
        let mut authorities = BTreeMap::new();
        for leaf in leaves {
            let Some(path) = self.path(&leaf, &pool) else {
                tracing::error!(subject = ?leaf.subject(), "no path to an anchor");
                return Ok(Some(Event::Failed { why: "no-path" }));
            };
            evidence.certificates.push(Bytes(leaf.der().to_vec()));
            let mut path = path.into_iter();
            let Some(own) = path.next() else { continue };
            match self.newest(&own, at, until).await {
                Word::Good(answer) => evidence.ocsp.push(Bytes(answer)),
                Word::NotYet => return Ok(None),
                Word::Bad => return Ok(Some(Event::Failed { why: fallen(row, &own) })),
            }
            authorities.extend(path.map(|below| (below.certificate.der().to_vec(), below)));
        }
        for below in authorities.values() {
            evidence.certificates.push(Bytes(below.certificate.der().to_vec()));
            match self.listed(below).await {
                Word::Good(list) => add(&mut evidence.crls, list),
                Word::NotYet => return Ok(None),
                Word::Bad => return Ok(Some(Event::Failed { why: "authority-not-active" })),
            }
        }
        let status = serde_json::to_vec(&evidence).map_err(|_| Failed::Unreadable("status"))?;
        Ok(Some(Event::Evidenced { status }))
    }

    /// The signer's and every unit's certificate, and what paths may be built from.
    async fn certificates(
        &self,
        row: &ActivationRow,
    ) -> Result<(Vec<Certificate>, Vec<Certificate>), Failed> {
        let signer = Certificate::parse(&row.fixed.certificate.0);
        let signer = signer.map_err(|_| Failed::Unreadable("certificate"))?;
        let chain = row.fixed.chain.iter();
        let mut pool: Vec<_> = chain.filter_map(|der| Certificate::parse(&der.0).ok()).collect();
        pool.extend(self.parts.trust.authorities.iter().cloned());
        let mut units = BTreeMap::new();
        let mut from = 0;
        while from < row.fixed.count {
            for item in self.items(row.id, (from, TOGETHER)).await? {
                let (unit, brought) = self.unit_of(&item).ok_or(Failed::Unreadable("token"))?;
                if units.insert(unit.digest(), unit).is_none() {
                    pool.extend(brought);
                }
            }
            from += TOGETHER;
        }
        Ok((std::iter::once(signer).chain(units.into_values()).collect(), pool))
    }

    /// From `leaf` up to an anchor, each with the authority above it.
    fn path(&self, leaf: &Certificate, pool: &[Certificate]) -> Option<Vec<Below>> {
        let mut path = Vec::new();
        let mut at = leaf.clone();
        while path.len() < PATH_MAX {
            if self.parts.trust.anchors.contains(&at) {
                return Some(path);
            }
            let issuer = self.parts.trust.anchors.iter().chain(pool).find(|candidate| {
                candidate.is_authority()
                    && candidate.subject().matches(at.issuer())
                    && at.verify(candidate.spki(), self.parts.trust.algorithms).is_ok()
            })?;
            let certificate = std::mem::replace(&mut at, issuer.clone());
            path.push(Below { certificate, issuer: issuer.clone() });
        }
        None
    }

    /// Asks the responder until its answer is as new as `at`: for about a second.
    async fn newest(&self, below: &Below, at: Time, until: Time) -> Word {
        let clock = &self.parts.clock;
        loop {
            match self.answered(below, at).await {
                Word::NotYet => {}
                word => return word,
            }
            let again = clock.now().plus(AGAIN);
            if again > until {
                return Word::NotYet;
            }
            clock.until(again).await;
        }
    }

    async fn answered(&self, below: &Below, at: Time) -> Word {
        let Some(basic) = self.asked_of(below).await else { return Word::NotYet };
        match basic.find(&below.issuer, below.certificate.serial()) {
            Some(single) => match single.status {
                ocsp::Status::Good if single.this_update >= at.seconds() => {
                    Word::Good(basic.der().to_vec())
                }
                ocsp::Status::Good | ocsp::Status::Unknown => Word::NotYet,
                ocsp::Status::Revoked { .. } => Word::Bad,
            },
            None => Word::NotYet,
        }
    }

    /// The responder's answer about a certificate, whatever it says, if it is the responder's.
    async fn asked_of(&self, Below { certificate, issuer }: &Below) -> Option<Basic> {
        let Some(url) = place(&certificate.extensions().ocsp) else {
            tracing::error!("a certificate that names no responder");
            return None;
        };
        let nonce: [u8; 16] = self.parts.chance.bytes();
        let id = CertId::sha1(&IssuerHashes::of(issuer), certificate.serial());
        let request = ocsp::Request { ids: vec![id], nonce: Some(nonce.to_vec()) };
        let body = Some(("application/ocsp-request", request.der()));
        let basic = self.basic(Fetch { url, body, most: MAX_RESPONSE }, issuer).await?;
        // A responder of RFC 5019 repeats no nonce; another's answer is not ours.
        basic.nonce().is_none_or(|own| own == nonce).then_some(basic)
    }

    /// What is said now of those of these certificates that an anchor of ours stands over:
    /// nobody else's addresses are followed.
    pub(crate) async fn said_now(&self, signers: &[Certificate]) -> Vec<Vec<u8>> {
        let authorities = &self.parts.trust.authorities;
        let pool: Vec<_> = authorities.iter().chain(signers).cloned().collect();
        let mut said = Vec::new();
        for signer in signers.iter().filter(|own| !own.is_authority()).take(SAID_MAX) {
            let Some(path) = self.path(signer, &pool) else { continue };
            let Some(own) = path.into_iter().next() else { continue };
            if place(&own.certificate.extensions().ocsp).is_some() {
                said.extend(self.asked_of(&own).await.map(|basic| basic.der().to_vec()));
            }
        }
        said
    }

    async fn basic(&self, fetch: Fetch, issuer: &Certificate) -> Option<Basic> {
        let answer = self.fetch(fetch).await?;
        match ocsp::Response::parse(&answer) {
            Ok(ocsp::Response::Basic(basic)) => {
                basic.verify(issuer, self.parts.trust.algorithms).ok()?;
                Some(*basic)
            }
            _ => None,
        }
    }

    /// What the current list of the authority above says of an authority.
    async fn listed(&self, Below { certificate, issuer }: &Below) -> Word {
        let Some(url) = place(&certificate.extensions().crl) else {
            tracing::error!("an authority's certificate that names no list");
            return Word::NotYet;
        };
        let Some(bytes) = self.fetch(Fetch { url, body: None, most: MAX_CRL }).await else {
            return Word::NotYet;
        };
        let (now, algorithms) = (self.parts.clock.now().seconds(), self.parts.trust.algorithms);
        let Ok(list) = Crl::parse(&bytes) else { return Word::NotYet };
        let current =
            list.this_update() <= now && list.next_update().is_none_or(|next| now <= next);
        if list.verify(issuer, algorithms).is_err() || !current {
            return Word::NotYet;
        }
        match list.find(certificate.serial()) {
            None => Word::Good(bytes),
            Some(_) => Word::Bad,
        }
    }

    async fn fetch(&self, fetch: Fetch) -> Option<Vec<u8>> {
        let url = fetch.url.clone();
        let outside = self.parts.outside.as_ref();
        let answer = fetched(outside, self.parts.clock.as_ref(), fetch).await;
        answer.inspect_err(|why| tracing::warn!(%why, url, "no status")).ok()
    }
}

/// Whose certificate is not active: the signer's, or a unit's.
fn fallen(row: &ActivationRow, below: &Below) -> &'static str {
    let is_signers = below.certificate.der() == row.fixed.certificate.0;
    if is_signers { "certificate-not-active" } else { "time-stamp-unit-not-active" }
}

fn add(list: &mut Vec<Bytes>, bytes: Vec<u8>) {
    let bytes = Bytes(bytes);
    if !list.contains(&bytes) {
        list.push(bytes);
    }
}

fn place(urls: &[String]) -> Option<String> {
    urls.iter().find(|url| url.starts_with("http://") || url.starts_with("https://")).cloned()
}
