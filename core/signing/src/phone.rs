//! The person's phone, by way of the identity platform.

use std::time::Duration;

use activation_contract::{Item, Op, Outcome, Refusal, Request, RequestKind, ToBeSigned};
use base::{Bytes, Digest, Locale};
use identity_contract::{Ask, AskState, AskedOf, IdentityRefusal};
use links::{Call, CallFault, OnBehalf};
use signing_contract::SigningRefusal;
use x509::Certificate;

use crate::activation::{ActivationRow, ItemRow};
use crate::credential::{digest_name, digest_of};
use crate::failed::Failed;
use crate::life::Event;
use crate::sign::{Client, Signing};

/// How long the phone has to answer; `sam`'s challenge holds no longer.
pub(crate) const PATIENCE: Duration = Duration::from_mins(5);
/// The longest request that the identity platform takes, in bytes.
const REQUEST_MAX: usize = 256 * 1024;
/// How long after that an answer is still asked for: whoever logs in anew brings new evidence.
const GRACE: Duration = Duration::from_mins(25);

/// The digests to be signed, in order.
pub(crate) fn digests(certificate: &Certificate, items: &[ItemRow]) -> Vec<Vec<u8>> {
    let algorithm = digest_of(certificate);
    items.iter().map(|item| algorithm.digest(&item.signed)).collect()
}

/// The request as the phone will show and hash it.
pub(crate) fn request(
    row: &ActivationRow,
    (client, certificate): (&Client, &Certificate),
    items: &[ItemRow],
) -> Result<Bytes, Failed> {
    let alg = digest_name(digest_of(certificate));
    let shown = items.iter().zip(digests(certificate, items)).map(|(item, digest)| Item {
        label: item.label.clone(),
        media_type: item.media_type.clone(),
        size: u64::try_from(item.size).unwrap_or(0),
        document_digest: Digest(item.digest),
        dtbs: Some(ToBeSigned { alg: alg.to_owned(), digest: Bytes(digest) }),
    });
    let credential = Some(row.fixed.credential);
    let request = Request {
        id: row.id.to_string(),
        client: client.id.clone(),
        client_name: named(client),
        purpose: purpose(),
        kind: RequestKind::Act { op: Op::Sign, credential, items: shown.collect() },
        place: row.fixed.place.clone(),
        at: row.at,
        until: row.until,
    };
    let bytes = serde_json::to_vec(&request).map_err(|_| Failed::Unreadable("request"))?;
    if bytes.len() > REQUEST_MAX {
        return Err(Failed::document("too-many"));
    }
    Ok(Bytes(bytes))
}

/// A client's registered name; one of which no name is known is shown by its id.
fn named(client: &Client) -> Vec<(Locale, String)> {
    match client.name.as_slice() {
        [] => Locale::ALL.map(|locale| (locale, client.id.clone())).to_vec(),
        names => names.to_vec(),
    }
}

fn purpose() -> Vec<(Locale, String)> {
    vec![(Locale::Lv, "Parakstīt dokumentus".to_owned()), (Locale::En, "Sign documents".to_owned())]
}

impl Signing {
    /// Puts the request before the phone. The same request again is the same request.
    pub(crate) async fn ask(&self, row: &ActivationRow) -> Result<Option<Event>, Failed> {
        let Some(on_behalf) = self.on_behalf(row) else { return Ok(Some(Event::Expired)) };
        if self.parts.clock.now() >= row.until {
            return Ok(Some(Event::Expired));
        }
        let ask = Ask { person: row.owner, request: row.fixed.request.clone() };
        let key = row.id.to_string();
        let call = Call::new(ask, on_behalf, "sign").once(&key);
        match self.parts.identity.call(call).await {
            Ok(asked) => Ok(Some(Event::Asked { until: asked.until })),
            Err(CallFault::Refused(IdentityRefusal::Busy)) => Ok(None),
            Err(CallFault::Refused(refusal)) => self.refused(row, refusal).await,
            Err(_) => Ok(None),
        }
    }

    /// A refusal is final, unless what stands in the way is this very request, sent before.
    async fn refused(
        &self,
        row: &ActivationRow,
        refusal: IdentityRefusal,
    ) -> Result<Option<Event>, Failed> {
        if refusal == IdentityRefusal::Waiting && self.asked(row).await.is_ok() {
            return Ok(Some(Event::Asked { until: row.until }));
        }
        let why = match refusal {
            IdentityRefusal::Evidence => "evidence",
            IdentityRefusal::NoDevice => "no-device",
            IdentityRefusal::Waiting => "already-waiting",
            IdentityRefusal::Often => "too-often",
            IdentityRefusal::Unknown | IdentityRefusal::Busy => "phone",
        };
        Ok(Some(Event::Failed { why }))
    }

    async fn asked(&self, row: &ActivationRow) -> Result<AskState, CallFault<IdentityRefusal>> {
        let Some(on_behalf) = self.on_behalf(row) else {
            return Err(CallFault::Refused(IdentityRefusal::Evidence));
        };
        let of = AskedOf { request: row.id.to_string() };
        self.parts.identity.call(Call::new(of, on_behalf, "sign")).await
    }

    /// What the phone has said; none: nothing yet.
    pub(crate) async fn heard(&self, row: &ActivationRow) -> Result<Option<Event>, Failed> {
        match self.asked(row).await {
            Ok(AskState::Waiting) => Ok(None),
            Ok(AskState::Refused { reported }) => Ok(Some(Event::Refused { reported })),
            Ok(AskState::Expired) => Ok(Some(Event::Expired)),
            Ok(AskState::Answered { outcome, .. }) => self.outcome(row, outcome).await,
            Err(CallFault::Refused(IdentityRefusal::Unknown))
                if self.parts.clock.now() > row.until =>
            {
                Ok(Some(Event::Expired))
            }
            Err(_) if self.parts.clock.now() > row.until.plus(GRACE) => Ok(Some(Event::Expired)),
            Err(_) => Ok(None),
        }
    }

    async fn outcome(
        &self,
        row: &ActivationRow,
        outcome: Outcome,
    ) -> Result<Option<Event>, Failed> {
        let why = match outcome {
            Outcome::Done { signatures, .. } => {
                let signatures = signatures.into_iter().map(|Bytes(bytes)| bytes).collect();
                return self.verified(row, signatures).await.map(Some);
            }
            Outcome::BeingCarriedOut | Outcome::WrongPin { .. } | Outcome::WaitUntil { .. } => {
                return Ok(None);
            }
            Outcome::Blocked => "blocked",
            Outcome::Refused { why } => word(why),
        };
        Ok(Some(Event::Failed { why }))
    }

    /// Uses no signature that does not verify under the certificate it was asked for.
    async fn verified(
        &self,
        row: &ActivationRow,
        signatures: Vec<Vec<u8>>,
    ) -> Result<Event, Failed> {
        let items = self.items(row.id, (0, row.fixed.count)).await?;
        let certificate = Certificate::parse(&row.fixed.certificate.0)
            .map_err(|_| Failed::Unreadable("certificate"))?;
        let holds = items.len() == signatures.len()
            && items
                .iter()
                .zip(&signatures)
                .all(|(item, signature)| self.verifies(&certificate, &item.signed, signature));
        if holds {
            return Ok(Event::Activated { signatures });
        }
        tracing::error!(activation = %row.id, "a signature does not verify");
        Ok(Event::Failed { why: "signature-wrong" })
    }

    fn verifies(&self, certificate: &Certificate, signed: &[u8], signature: &[u8]) -> bool {
        let digest = digest_of(certificate);
        let blank = vec![0; digest.size()];
        let Ok(prepared) = cms::prepare(certificate, digest, &blank, &cms::Attributes::default())
        else {
            return false;
        };
        let algorithm = prepared.algorithm().identifier();
        let algorithms = self.parts.trust.algorithms;
        algorithms.verify(certificate.spki(), &algorithm, signed, signature).is_ok()
    }

    fn on_behalf(&self, row: &ActivationRow) -> Option<OnBehalf> {
        Some(OnBehalf::Person { evidence: row.evidence.clone()? })
    }
}

fn word(why: Refusal) -> &'static str {
    match why {
        Refusal::Unreadable => "unreadable",
        Refusal::ChallengeSpent => "challenge-spent",
        Refusal::ChallengeOld => "challenge-old",
        Refusal::DeviceNotActive => "device-not-active",
        Refusal::Frozen => "frozen",
        Refusal::CredentialNotActive => "credential-not-active",
        Refusal::Unfit => "unfit",
    }
}

/// What whoever begins is told of an activation that failed before the phone was asked.
pub(crate) fn begun(why: &str) -> Result<(), Failed> {
    match why {
        "evidence" => Err(SigningRefusal::Evidence.into()),
        "no-device" | "already-waiting" | "too-often" | "phone" => {
            Err(SigningRefusal::Phone.into())
        }
        _ => Ok(()),
    }
}
