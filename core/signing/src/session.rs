//! Signing sessions: a document of the person's, signed by one approval on the phone.

use std::sync::Arc;
use std::time::Duration;

use base::{ActingFor, PersonId, Time};
use links::{Asked, OnBehalf, Proved};
use sha2::{Digest, Sha256};
use signing_contract::{
    BeginSigning, DocumentKind, Session, SessionOf, SessionState, SigningRefusal,
};
use store::{Tx, values};

use crate::activation::{ActivationRow, ItemRow};
use crate::begin::{OfDocument, Wanting};
use crate::document::{DocumentId, DocumentRow, Owner};
use crate::failed::Failed;
use crate::life::Life;
use crate::plain::is_plain;
use crate::sign::Signing;
use crate::upload::document_id;

/// How long a page that asks is kept waiting for a status that is new enough.
const PAGE_PATIENCE: Duration = Duration::from_secs(3);
/// The longest place, in bytes.
pub(crate) const PLACE_MAX: usize = 128;

/// The person of a call, with what proves it.
pub(crate) fn person(asked: &Asked) -> Result<(PersonId, String), Failed> {
    match (&asked.behalf, &asked.on_behalf) {
        (Proved::Person(proof), OnBehalf::Person { evidence }) => {
            Ok((proof.person, evidence.clone()))
        }
        _ => Err(SigningRefusal::Evidence.into()),
    }
}

/// Until when a person's evidence may be used.
fn until(asked: &Asked) -> Option<Time> {
    if let Proved::Person(proof) = &asked.behalf { Some(proof.until) } else { None }
}

/// A place's words; none are known of every caller.
pub(crate) fn is_place(place: &str) -> bool {
    place.is_empty() || is_plain(place, PLACE_MAX)
}

impl Signing {
    pub(crate) async fn begin_signing(
        self: &Arc<Self>,
        asked: Asked,
        ask: BeginSigning,
    ) -> Result<Session, Failed> {
        let (person, evidence) = person(&asked)?;
        let evidence_until = until(&asked);
        // Nobody signs for another before there is a register that says who may.
        if asked.acting_for != ActingFor::Own {
            return Err(SigningRefusal::Evidence.into());
        }
        if !is_place(&ask.place) {
            return Err(Failed::document("place"));
        }
        let wanting = Wanting {
            person,
            evidence,
            evidence_until,
            client: self.parts.client.clone(),
            system: asked.from.to_string(),
            channel: asked.from.part().to_owned(),
            key: asked.key.as_ref().map(|key| format!("{} {key}", asked.scope())),
            acting_for: asked.acting_for,
            asked: Sha256::digest(&asked.payload).into(),
        };
        if let Some(row) = self.begun_before(&wanting).await? {
            return self.session(&row).await;
        }
        let document = self.finished(Owner::Person(person), document_id(&ask.document)?).await?;
        if document.kind() == DocumentKind::ToCheck {
            return Err(Failed::document("to-check"));
        }
        let usable = self.usable(person, wanting.on_behalf()).await?;
        let usable = usable.first().ok_or(SigningRefusal::NoCertificate)?;
        let room = self.room(&document, &usable.certificate).await?;
        let prepared = serde_json::to_vec(&room.kept).map_err(|_| Failed::Unreadable("update"))?;
        let of = Some(OfDocument { document: document.id, prepared });
        let items = vec![item(&document, room.signed)];
        let row = self.begin(&wanting, (usable, ask.place), items, of).await?;
        self.session(&row).await
    }

    pub(crate) async fn session_now(
        self: &Arc<Self>,
        asked: &Asked,
        ask: &SessionOf,
    ) -> Result<Session, Failed> {
        let (person, evidence) = person(asked)?;
        let row = self.own_activation(&ask.session, person).await?;
        self.carried_for_a_page(&row, &evidence).await?;
        let row = self.activation(row.id).await?;
        self.session(&row).await
    }

    /// Carries on as far as a page may wait; what keeps it is tried again by the job. The phone's
    /// answer is fetched with the evidence of whoever asks now: the earlier may have run out.
    pub(crate) async fn carried_for_a_page(
        self: &Arc<Self>,
        row: &ActivationRow,
        evidence: &str,
    ) -> Result<(), Failed> {
        if row.life.waits_for_phone() && row.evidence.as_deref() != Some(evidence) {
            let (id, evidence) = (row.id, evidence.to_owned());
            let write = move |tx: &mut Tx| {
                tx.update(
                    "UPDATE signing_activation SET evidence = $2
                     WHERE id = $1 AND evidence IS NOT NULL",
                    values![id, &evidence],
                )
            };
            let _: u64 = self.parts.store.write("signing.evidence", write).await?;
        }
        if let Err(failed) = self.carried(row.id, PAGE_PATIENCE).await {
            tracing::warn!(activation = %row.id, %failed, "not carried on");
        }
        Ok(())
    }

    async fn session(&self, row: &ActivationRow) -> Result<Session, Failed> {
        let id = row.id;
        let read = move |tx: &mut Tx| {
            tx.first::<(DocumentId,)>(
                "SELECT document FROM signing_session WHERE activation = $1",
                values![id],
            )
        };
        let found = self.parts.store.read("signing.session_document", read).await?;
        let (document,) = found.ok_or(Failed::Refused(SigningRefusal::Unknown))?;
        let owner = Owner::Person(row.owner);
        Ok(Session {
            id: row.id.to_string(),
            document: self.document(owner, document).await?.shown(),
            control_code: row.fixed.code,
            until: row.until,
            state: self.state(row).await?,
        })
    }

    async fn state(&self, row: &ActivationRow) -> Result<SessionState, Failed> {
        Ok(match &row.life {
            Life::Prepared | Life::Asked => SessionState::WaitingForPhone,
            Life::Activated | Life::Stamped { .. } | Life::Evidenced => SessionState::Completing,
            Life::Finished { document: Some(document) } => {
                let id = document.parse().map_err(|_| Failed::Unreadable("document"))?;
                let signed = self.document(Owner::Person(row.owner), id).await?;
                SessionState::Signed { signed: signed.shown() }
            }
            Life::Finished { document: None } => return Err(Failed::Unreadable("session")),
            Life::Refused { .. } => SessionState::Refused,
            Life::Expired => SessionState::Expired,
            Life::Failed { why } => SessionState::NotSigned { why: why.clone() },
        })
    }
}

fn item(document: &DocumentRow, signed: Vec<u8>) -> ItemRow {
    ItemRow {
        number: 0,
        label: document.name.clone(),
        media_type: document.media_type.clone(),
        size: document.size,
        digest: document.digest().0,
        signed,
        signature: None,
        token: None,
    }
}
