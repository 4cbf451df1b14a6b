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
/// How many tokens are stored together: so many are lost at most when the process ends.
const STORED_TOGETHER: usize = 20;

impl Signing {
    /// Has every signature stamped that is not yet; tokens are stored a few at a time. None when
    /// the authority does not answer, or `until` is past.
    pub(crate) async fn stamps(
        &self,
        row: &ActivationRow,
        until: Time,
    ) -> Result<Option<Event>, Failed> {
        let mut latest = i64::MIN;
        let mut from = 0;
        while from < row.fixed.count {
            let items = self.items(row.id, (from, TOGETHER)).await?;
            for few in items.chunks(STORED_TOGETHER) {
                match self.stamped(row.id, few, until).await? {
                    Some(at) => latest = latest.max(at),
                    None => return Ok(None),
                }
            }
            from += TOGETHER;
        }
        Ok(Some(Event::Stamped { at: Time::from_seconds(latest) }))
    }

    /// The latest moment stamped of these; what was got is stored, also when not all was.
    async fn stamped(
        &self,
        id: ActivationId,
        items: &[ItemRow],
        until: Time,
    ) -> Result<Option<i64>, Failed> {
        let (mut made, mut latest) = (Vec::new(), Some(i64::MIN));
        for item in items {
            let at = match stamped_at(item) {
                Some(at) => at,
                None => match self.stamp(item, until).await? {
                    Some((token, at)) => {
                        made.push((item.number, token));
                        at
                    }
                    None => {
                        latest = None;
                        break;
                    }
                },
            };
            latest = latest.map(|latest| latest.max(at));
        }
        let kept = self.keep_tokens(id, made).await?;
        Ok(latest.filter(|_| kept))
    }

    async fn stamp(&self, item: &ItemRow, until: Time) -> Result<Option<(Vec<u8>, i64)>, Failed> {
        if self.parts.clock.now() > until {
            return Ok(None);
        }
        let signature = item.signature.as_deref().ok_or(Failed::Unreadable("signature"))?;
        let request = Request::new(Imprint::of(DIGEST, signature), self.parts.chance.bytes());
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
        let sound = self.sound(&answer, &request, signature);
        if sound.is_none() {
            tracing::error!("the time-stamping authority answers without a sound token");
        }
        Ok(sound)
    }

    /// Stores tokens where none stands; false when another process was quicker with one: its
    /// token stands, and is read the next time.
    async fn keep_tokens(
        &self,
        id: ActivationId,
        made: Vec<(u32, Vec<u8>)>,
    ) -> Result<bool, Failed> {
        if made.is_empty() {
            return Ok(true);
        }
        let write = move |tx: &mut Tx| {
            let mut all = true;
            for (number, token) in &made {
                let stored = tx.update(
                    "UPDATE signing_item SET token = $3
                     WHERE activation = $1 AND number = $2 AND token IS NULL",
                    values![id, *number, token],
                )?;
                all &= stored == 1;
            }
            Ok::<_, Failed>(all)
        };
        self.parts.store.write("signing.tokens", write).await
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
