//! What the revocation data at hand says of a certificate. Nothing is fetched.

use std::sync::Arc;

use x509::Certificate;
use x509::crl::{Crl, Reason};
use x509::ocsp::{Basic, Response, Status};

use crate::input::{Evidence, Trust};

/// noRevAvail: the authority keeps no status. Spec: RFC 9608 §2.
const NO_REVOCATION: &[u8] = &[0x55, 0x1d, 56];
/// A validity-assured short-term certificate. Spec: EN 319 412-1 §5.2.
const SHORT_TERM: &[u8] = &[4, 0, 0x8b, 0xec, 0x49, 2, 1];

/// The most certificates, answers and lists read from one source.
const MOST: usize = 512;

/// The evidence, read; what cannot be read is passed over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    pub(crate) certificates: Vec<Certificate>,
    ocsp: Vec<(Arc<Basic>, bool)>,
    crls: Vec<(Arc<Crl>, bool)>,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not revoked, as far as is asked; whether data embedded in the document says so.
    Good { embedded: bool },
    /// Revoked for good, or suspended.
    Revoked { at: i64, reason: Option<Reason> },
    /// There is data, but too old.
    TooOld,
    /// There is no data.
    Missing,
}

/// Which data tells that a certificate is not revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Data made at this moment or later.
    After(i64),
    /// Such data, or data that was current at this moment.
    At(i64),
}

struct Word {
    status: Status,
    this_update: i64,
    next_update: Option<i64>,
    embedded: bool,
}

impl Pool {
    pub(crate) fn read(embedded: &Evidence, given: &Evidence) -> Self {
        let mut pool = Self::default();
        pool.add(embedded, true);
        pool.add(given, false);
        pool
    }

    pub(crate) fn add(&mut self, evidence: &Evidence, embedded: bool) {
        let certificates = evidence.certificates.iter().take(MOST);
        let read = certificates.filter_map(|der| Certificate::parse(der).ok());
        self.certificates.extend(read);
        for der in evidence.ocsp.iter().take(MOST) {
            if let Ok(Response::Basic(basic)) = Response::parse(der) {
                self.certificates.extend(basic.certificates().iter().cloned());
                self.ocsp.push((Arc::from(basic), embedded));
            }
        }
        let read = evidence.crls.iter().take(MOST).filter_map(|der| Crl::parse(der).ok());
        self.crls.extend(read.map(|crl| (Arc::new(crl), embedded)));
    }

    /// Adds what a SignedData brings.
    pub(crate) fn add_signed(&mut self, data: &cms::SignedData) {
        let evidence = Evidence {
            certificates: data.certificates.clone(),
            ocsp: data.ocsp_responses.clone(),
            crls: data.crls.clone(),
        };
        self.add(&evidence, true);
    }

    /// How `certificate`, issued by `issuer`, stands. Data with a wrong signature does not count.
    pub(crate) fn standing(
        &self,
        (certificate, issuer): (&Certificate, &Certificate),
        need: Need,
        trust: &Trust<'_>,
    ) -> Standing {
        if has_no_status(certificate) {
            return Standing::Good { embedded: true };
        }
        let words = self.words(certificate, issuer, trust);
        let mut revoked = words.iter().filter_map(Word::revocation).collect::<Vec<_>>();
        revoked.sort_by_key(|(at, _)| *at);
        if let Some((at, reason)) = revoked.first() {
            return Standing::Revoked { at: *at, reason: *reason };
        }
        let newest = words.iter().max_by_key(|word| word.this_update);
        match newest.map(|word| word.status) {
            None => Standing::Missing,
            Some(Status::Revoked { at, reason }) => Standing::Revoked { at, reason },
            Some(_) => {
                let mut telling = words.iter().filter(|word| word.tells(need)).peekable();
                match telling.peek() {
                    Some(_) => Standing::Good { embedded: telling.any(|word| word.embedded) },
                    None => Standing::TooOld,
                }
            }
        }
    }

    fn words(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        trust: &Trust<'_>,
    ) -> Vec<Word> {
        let answers = self.ocsp.iter().filter_map(|(basic, embedded)| {
            let single = basic.find(issuer, certificate.serial())?;
            basic.verify(issuer, trust.algorithms).ok()?;
            Some(Word {
                status: single.status,
                this_update: single.this_update,
                next_update: single.next_update,
                embedded: *embedded,
            })
        });
        let lists = self.crls.iter().filter_map(|(crl, embedded)| {
            crl.verify(issuer, trust.algorithms).ok()?;
            let entry = crl.find(certificate.serial());
            let status = entry.map_or(Status::Good, |entry| Status::Revoked {
                at: entry.invalid_since.unwrap_or(entry.at).min(entry.at),
                reason: entry.reason,
            });
            Some(Word {
                status,
                this_update: crl.this_update(),
                next_update: crl.next_update(),
                embedded: *embedded,
            })
        });
        let known = |word: &Word| word.status != Status::Unknown;
        answers.chain(lists).filter(known).collect()
    }
}

impl Word {
    /// A revocation for good; a suspension counts only as long as it is the newest word.
    fn revocation(&self) -> Option<(i64, Option<Reason>)> {
        match self.status {
            Status::Revoked { reason: Some(Reason::Hold), .. } => None,
            Status::Revoked { at, reason } => Some((at, reason)),
            _ => None,
        }
    }

    fn tells(&self, need: Need) -> bool {
        let (Need::After(at) | Need::At(at)) = need;
        let current = self.this_update <= at && self.next_update.is_some_and(|next| at <= next);
        self.status == Status::Good
            && (self.this_update >= at || (matches!(need, Need::At(_)) && current))
    }
}

fn has_no_status(certificate: &Certificate) -> bool {
    certificate.raw_extensions().iter().any(|extension| {
        extension.id.content() == NO_REVOCATION || extension.id.content() == SHORT_TERM
    })
}
