//! Signing for programs that keep their documents, over HTTP on the platform's own host.
//!
//! Shapes and order are public: [`activation_contract::remote`] says them, for the command line
//! and for anybody else.

use std::collections::BTreeSet;
use std::sync::Arc;

use activation_contract::remote::{
    ACTIVATIONS, Activation, CREDENTIALS, Credentials, ITEMS_MAX, NewActivation, NewItem,
    OwnCredential, PAGE, Progress, SIGNED_MAX, Signatures, Stamped,
};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::{ActingFor, Bytes, Failure, Fault, PersonId};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use links::{OnBehalf, Pending};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use signing_contract::SigningRefusal;
use web::{Access, Failed as Answer, Json, Path, Query, Routes};

use crate::activation::{ActivationRow, ItemRow};
use crate::begin::Wanting;
use crate::credential::{Usable, digest_name, digest_of};
use crate::failed::Failed;
use crate::life::Life;
use crate::plain::is_plain;
use crate::session::is_place;
use crate::sign::{Client, Signing};

/// For whom an access token speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person who logged in.
    pub person: PersonId,
    /// The client that the token was given to, as phones show it.
    pub client: Client,
    /// The login evidence behind the token: goes on with calls for the person.
    pub evidence: String,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BearerError {
    /// It is none, has ended, or is not for this host and for signing.
    #[error("the access token does not hold")]
    Refused,
    /// It cannot be checked at the moment.
    #[error("the access token cannot be checked at the moment")]
    Unavailable,
}

impl Failure for BearerError {
    fn fault(&self) -> Fault {
        match self {
            Self::Refused => Fault::Caller(401),
            Self::Unavailable => Fault::Later(1),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Refused => "token-does-not-hold",
            Self::Unavailable => "busy",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Refused => "The access token is missing, has ended, or is for something else.",
            Self::Unavailable => "The access token cannot be checked; try again in a second.",
        }
    }
}

/// Checks access tokens: the identity platform's introspection.
pub trait Bearers: Send + Sync + 'static {
    /// For whom `token` speaks here.
    fn holder<'a>(&'a self, token: &'a str) -> Pending<'a, Result<Holder, BearerError>>;
}

/// From where the signatures are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    #[serde(default)]
    from: u32,
}

impl Signing {
    /// The routes of the platform's own host.
    #[must_use]
    pub fn api() -> Routes<Arc<Self>> {
        Routes::new()
            .get(CREDENTIALS, Access::Client, credentials)
            .post(ACTIVATIONS, Access::Client, activate)
            .get("/v1/activations/{id}", Access::Client, activation)
            .get("/v1/activations/{id}/signatures", Access::Client, signatures)
    }

    async fn holder(&self, headers: &HeaderMap) -> Result<Holder, BearerError> {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.split_once(' '));
        match token {
            Some((kind, token)) if kind.eq_ignore_ascii_case("bearer") => {
                self.parts.bearers.holder(token.trim()).await
            }
            _ => Err(BearerError::Refused),
        }
    }

    async fn activate(
        self: &Arc<Self>,
        holder: Holder,
        key: Option<String>,
        ask: NewActivation,
    ) -> Result<ActivationRow, Failed> {
        let written = serde_json::to_vec(&ask).map_err(|_| Failed::Unreadable("request"))?;
        fits(&ask)?;
        let wanting = Wanting {
            person: holder.person,
            evidence: holder.evidence,
            evidence_until: None,
            key: key.map(|key| format!("api {} {key}", holder.client.id)),
            client: holder.client,
            system: self.parts.party.to_string(),
            channel: "api".to_owned(),
            acting_for: ActingFor::Own,
            asked: Sha256::digest(&written).into(),
        };
        if let Some(row) = self.begun_before(&wanting).await? {
            return Ok(row);
        }
        let usable = self.usable(wanting.person, wanting.on_behalf()).await?;
        let usable = usable.iter().find(|usable| usable.id == ask.credential);
        let usable = usable.ok_or(SigningRefusal::NoCertificate)?;
        let items = (0..).zip(ask.items).map(|(number, item)| row_of(number, item)).collect();
        self.begin(&wanting, (usable, ask.place), items, None).await
    }

    async fn page(&self, row: &ActivationRow, from: u32) -> Result<Signatures, Failed> {
        if !matches!(row.life, Life::Finished { document: None }) {
            return Err(SigningRefusal::Unknown.into());
        }
        let most = u32::try_from(PAGE).unwrap_or(u32::MAX);
        let items = self.items(row.id, (from, most)).await?;
        let next = items.last().map(|item| item.number.saturating_add(1));
        let next = next.filter(|next| *next < row.fixed.count);
        let signatures: Option<Vec<_>> = items.into_iter().map(stamped).collect();
        Ok(Signatures { signatures: signatures.ok_or(Failed::Unreadable("items"))?, next })
    }
}

async fn credentials(
    State(signing): State<Arc<Signing>>,
    headers: HeaderMap,
) -> Result<Response, Answer> {
    let holder = signing.holder(&headers).await?;
    let on_behalf = OnBehalf::Person { evidence: holder.evidence };
    let usable = signing.usable(holder.person, on_behalf).await.map_err(Failed::refusal)?;
    let credentials = usable.into_iter().map(own).collect();
    Ok(json(StatusCode::OK, &Credentials { credentials }))
}

async fn activate(
    State(signing): State<Arc<Signing>>,
    headers: HeaderMap,
    Json(ask): Json<NewActivation>,
) -> Result<Response, Answer> {
    let holder = signing.holder(&headers).await?;
    let key = key_of(&headers).map_err(Failed::refusal)?;
    let row = signing.activate(holder, key, ask).await.map_err(Failed::refusal)?;
    Ok(json(StatusCode::CREATED, &shown(&row).map_err(Failed::refusal)?))
}

async fn activation(
    State(signing): State<Arc<Signing>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Answer> {
    let holder = signing.holder(&headers).await?;
    let row = signing.own_activation(&id, holder.person).await.map_err(Failed::refusal)?;
    let carried = signing.carried_for_a_page(&row, &holder.evidence).await;
    carried.map_err(Failed::refusal)?;
    let row = signing.activation(row.id).await.map_err(Failed::refusal)?;
    Ok(json(StatusCode::OK, &shown(&row).map_err(Failed::refusal)?))
}

async fn signatures(
    State(signing): State<Arc<Signing>>,
    Path(id): Path<String>,
    Query(From { from }): Query<From>,
    headers: HeaderMap,
) -> Result<Response, Answer> {
    let holder = signing.holder(&headers).await?;
    let row = signing.own_activation(&id, holder.person).await.map_err(Failed::refusal)?;
    let page = signing.page(&row, from).await.map_err(Failed::refusal)?;
    Ok(json(StatusCode::OK, &page))
}

/// An answer that belongs to one person: no cache keeps it.
fn json(status: StatusCode, answer: &impl Serialize) -> Response {
    let headers = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, headers, axum::Json(answer)).into_response()
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Failed> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().unwrap_or_default();
    let fits = (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(Some(key.to_owned())) } else { Err(Failed::document("key")) }
}

/// Whether what is asked is within its limits, and no two items are to be signed by one value.
fn fits(ask: &NewActivation) -> Result<(), Failed> {
    let item = |item: &NewItem| {
        is_plain(&item.label, 255)
            && (item.media_type.is_empty() || is_plain(&item.media_type, 127))
            && (1..=SIGNED_MAX).contains(&item.signed.0.len())
            && i64::try_from(item.size).is_ok()
    };
    let distinct: BTreeSet<&Bytes> = ask.items.iter().map(|item| &item.signed).collect();
    if !(1..=ITEMS_MAX).contains(&ask.items.len()) {
        return Err(Failed::document("count"));
    }
    let sound = is_place(&ask.place) && ask.items.iter().all(item);
    if sound && distinct.len() == ask.items.len() { Ok(()) } else { Err(Failed::document("item")) }
}

fn row_of(number: u32, item: NewItem) -> ItemRow {
    ItemRow {
        number,
        label: item.label,
        media_type: item.media_type,
        size: i64::try_from(item.size).unwrap_or(i64::MAX),
        digest: item.document_digest.0,
        signed: item.signed.0,
        signature: None,
        token: None,
    }
}

fn own(usable: Usable) -> OwnCredential {
    OwnCredential {
        id: usable.id,
        digest: digest_name(digest_of(&usable.certificate)).to_owned(),
        certificate: Bytes(usable.certificate.der().to_vec()),
        chain: usable.chain,
        valid_until: usable.valid_until,
    }
}

fn stamped(item: ItemRow) -> Option<Stamped> {
    Some(Stamped {
        number: item.number,
        signature: Bytes(item.signature?),
        time_stamp: Bytes(item.token?),
    })
}

fn shown(row: &ActivationRow) -> Result<Activation, Failed> {
    let progress = match &row.life {
        Life::Prepared | Life::Asked => Progress::WaitingForPhone,
        Life::Activated | Life::Stamped { .. } | Life::Evidenced => Progress::Completing,
        Life::Finished { .. } => {
            let status = row.status.as_deref().ok_or(Failed::Unreadable("status"))?;
            let evidence = serde_json::from_slice(status);
            Progress::Done { evidence: evidence.map_err(|_| Failed::Unreadable("status"))? }
        }
        Life::Refused { .. } => Progress::Refused,
        Life::Expired => Progress::Expired,
        Life::Failed { why } => Progress::NotSigned { why: why.clone() },
    };
    Ok(Activation { id: row.id.to_string(), until: row.until, progress })
}
