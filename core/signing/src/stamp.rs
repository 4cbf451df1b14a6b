//! Time-stamps over signature values. Spec: RFC 3161; EN 319 122-1 §5.3.

use base::Time;
use cms::DigestAlgorithm;
use cms::timestamp::{Imprint, Request, Response, Token, parse_token};
use store::{Tx, values};
use x509::Certificate;

use crate::activation::{ActivationId, ActivationRow, ItemRow};
use crate::failed::Failed;
use crate::fetch::{Fetch, fetched};
use crate::life::Event;
use crate::sign::Signing;

/// The digest that is stamped.
const DIGEST: DigestAlgorithm = DigestAlgorithm::Sha256;
/// The longest answer of a time-stamping authority.
const ANSWER_MAX: usize = 64 * 1024;
/// How many items are looked at together.
const TOGETHER: u32 = 100;

impl Signing {
    /// Has every signature stamped that is not yet; each token is stored at once. None when the
    /// authority does not answer, or `until` is past.
    pub(crate) async fn stamps(
        &self,
        row: &ActivationRow,
        until: Time,
    ) -> Result<Option<Event>, Failed> {
        let mut latest = i64::MIN;
        let mut from = 0;
        while from < row.fixed.count {
            for item in self.items(row.id, (from, TOGETHER)).await? {
                let at = match stamped_at(&item) {
                    Some(at) => at,
                    None if self.parts.clock.now() > until => return Ok(None),
                    None => match self.stamp(row.id, &item).await? {
                        Some(at) => at,
                        None => return Ok(None),
                    },
                };
                latest = latest.max(at);
            }
            from += TOGETHER;
        }
        Ok(Some(Event::Stamped { at: Time::from_seconds(latest) }))
    }

    async fn stamp(&self, id: ActivationId, item: &ItemRow) -> Result<Option<i64>, Failed> {
        let signature = item.signature.clone().ok_or(Failed::Unreadable("signature"))?;
        let imprint = Imprint::of(DIGEST, &signature);
        let request = Request::new(imprint, self.parts.chance.bytes());
        let fetch = Fetch {
            url: self.parts.time_stamps.clone(),
            body: Some(("application/timestamp-query", request.to_der())),
            most: ANSWER_MAX,
        };
        let outside = self.parts.outside.as_ref();
        let answer = match fetched(outside, self.parts.clock.as_ref(), fetch).await {
            Ok(answer) => answer,
            Err(why) => {
                tracing::warn!(%why, "no time-stamp");
                return Ok(None);
            }
        };
        let Some((token, at)) = self.sound(&answer, &request, &signature) else {
            tracing::error!("the time-stamping authority answers without a sound token");
            return Ok(None);
        };
        let number = item.number;
        let write = move |tx: &mut Tx| {
            tx.update(
                "UPDATE signing_item SET token = $3
                 WHERE activation = $1 AND number = $2 AND token IS NULL",
                values![id, number, &token],
            )
        };
        // Lost to another process: its token stands, and is read the next time.
        let stored: u64 = self.parts.store.write("signing.token", write).await?;
        Ok((stored == 1).then_some(at))
    }

    /// The token of an answer, if it is over this signature, answers this request and is sound.
    fn sound(&self, answer: &[u8], request: &Request, signature: &[u8]) -> Option<(Vec<u8>, i64)> {
        let response = Response::parse(answer).ok()?;
        let token = response.read_token().ok()??;
        let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(signature));
        let report = token.check(&digest, &[], self.parts.trust.algorithms);
        let fits = token.answers(request).is_empty() && report.is_sound();
        fits.then_some((response.token?, token.info.at))
    }

    /// The certificate of the unit that made an item's token, and whatever else the token brings.
    pub(crate) fn unit_of(&self, item: &ItemRow) -> Option<(Certificate, Vec<Certificate>)> {
        let (token, signature) = (read(item)?, item.signature.as_deref()?);
        let digest = |algorithm: DigestAlgorithm| Some(algorithm.digest(signature));
        let report = token.check(&digest, &[], self.parts.trust.algorithms);
        let unit = report.certificate()?.clone();
        let brought = token.signed.certificates.iter();
        Some((unit, brought.filter_map(|der| Certificate::parse(der).ok()).collect()))
    }
}

fn stamped_at(item: &ItemRow) -> Option<i64> {
    Some(read(item)?.info.at)
}

fn read(item: &ItemRow) -> Option<Token> {
    parse_token(item.token.as_deref()?).ok()
}
