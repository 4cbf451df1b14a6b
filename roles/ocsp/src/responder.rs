//! The responder: requests in, signed answers out.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base::Clock;
use keys::{Purpose, Signer};
use pki_contract::feed::{Fed, Feed, FeedRefusal};
use store::Mark;
use x509::Certificate;
use x509::ocsp::{Answer, CertId, IssuerHashes, Refusal, Request, Single, Status};

use crate::knowledge::Knowledge;

/// The purpose of a responder's key.
#[derive(Debug)]
pub enum StatusAnswers {}

impl Purpose for StatusAnswers {
    const NAME: &'static str = "ocsp.answers";
}

/// A responder for one issuer.
#[derive(Debug)]
pub struct Responder {
    clock: Arc<dyn Clock>,
    signer: Signer<StatusAnswers>,
    certificate: Certificate,
    issuer: Certificate,
    hashes: IssuerHashes,
    knowledge: RwLock<Knowledge>,
    mark: Mutex<Mark>,
}

/// Why there is no responder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponderError {
    /// The certificate is of another key.
    #[error("the certificate is of another key than the responder's")]
    Key,
    /// The certificate is not by the issuer that it answers for.
    #[error("the certificate is not by the issuer")]
    Issuer,
}

/// An answer for a certificate holds this long; a signed one is always made anew.
const HOLDS_S: i64 = 3600;

impl Responder {
    /// A responder with a certificate that `issuer` delegated to it.
    ///
    /// # Errors
    /// [`ResponderError`].
    pub fn new(
        clock: Arc<dyn Clock>,
        signer: Signer<StatusAnswers>,
        certificate: Certificate,
        issuer: Certificate,
        mark: Mark,
    ) -> Result<Self, ResponderError> {
        if certificate.spki() != signer.public_key().spki() {
            return Err(ResponderError::Key);
        }
        if !certificate.issuer().matches(issuer.subject()) {
            return Err(ResponderError::Issuer);
        }
        let hashes = IssuerHashes::of(&issuer);
        let (knowledge, mark) = (RwLock::default(), Mutex::new(mark));
        Ok(Self { clock, signer, certificate, issuer, hashes, knowledge, mark })
    }

    /// Takes the signer's news. Raised numbers are on the disk before this returns.
    ///
    /// # Errors
    /// [`FeedRefusal`]: then nothing was learnt.
    pub fn learn(&self, feed: &Feed) -> Result<Fed, FeedRefusal> {
        if feed.issuer.0 != self.issuer.der() {
            return Err(FeedRefusal::Issuer);
        }
        let mut mark = self.mark.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = mark.number().filter(|own| feed.to < *own) {
            return Err(FeedRefusal::Backwards { number });
        }
        {
            let knowledge = self.knowledge.read().unwrap_or_else(PoisonError::into_inner);
            if !knowledge.follows(feed) {
                return Ok(knowledge.restart());
            }
        }
        mark.raise(feed.to).map_err(|_| FeedRefusal::Durable)?;
        let mut knowledge = self.knowledge.write().unwrap_or_else(PoisonError::into_inner);
        knowledge.learn(feed, self.clock.elapsed())
    }

    /// Answers a request, DER to DER. Never fails: what is wrong stands in the answer.
    #[must_use]
    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        match Request::parse(request) {
            Ok(request) => self.respond(&request),
            Err(_) => Refusal::MalformedRequest.der(),
        }
    }

    /// Answers a request that was read.
    #[must_use]
    pub fn respond(&self, request: &Request) -> Vec<u8> {
        self.signed(request).unwrap_or_else(Refusal::der)
    }

    fn signed(&self, request: &Request) -> Result<Vec<u8>, Refusal> {
        let knowledge = self.knowledge.read().unwrap_or_else(PoisonError::into_inner);
        if !request.ids.iter().all(|id| self.hashes.issued(id)) {
            return Err(Refusal::Unauthorized);
        }
        let fresh = knowledge.fresh(self.clock.elapsed()).ok_or(Refusal::TryLater)?.seconds();
        let single = |id: &CertId| Single {
            status: knowledge.status(id.serial()),
            id: id.clone(),
            this_update: fresh,
            next_update: Some(fresh.saturating_add(HOLDS_S)),
            archive_cutoff: None,
        };
        let singles: Vec<Single> = request.ids.iter().map(single).collect();
        drop(knowledge);
        let answer = Answer {
            produced_at: self.clock.now().seconds().max(fresh),
            extended_revoke: singles.iter().any(|single| single.status == Status::NOT_ISSUED),
            singles: &singles,
            nonce: request.nonce.as_deref(),
        };
        let algorithm = self.signer.certificate_algorithm();
        let prepared =
            answer.prepare(&self.certificate, algorithm).map_err(|_| Refusal::MalformedRequest)?;
        let signature = self.signer.sign(prepared.bytes()).map_err(|_| Refusal::InternalError)?;
        Ok(prepared.finish(&signature))
    }

    /// Whether it knows enough to answer: for `/readyz`.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let knowledge = self.knowledge.read().unwrap_or_else(PoisonError::into_inner);
        knowledge.fresh(self.clock.elapsed()).is_some()
    }
}

#[cfg(test)]
#[path = "responder_tests.rs"]
pub(crate) mod tests;
