//! Publication on the bare host: authorities' certificates and revocation lists, for anybody.
//! Spec: RFC 5280 §4.2.1.13, §4.2.2.1; RFC 2585 §3; EN 319 411-1 §6.1.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use links::{Call, CallFault, OnBehalf};
use pki_contract::{CurrentList, PkiRefusal, SignedList};
use store::StoreError;
use web::{Access, Path, Routes};

use crate::failed::Failed;
use crate::found::published;
use crate::pki::Pki;

/// A list is asked for again after this, so that a change elsewhere is published soon.
const KEPT: Duration = Duration::from_secs(30);

/// `GET /pki/<name>.crt` and `GET /pki/<name>.crl`.
#[must_use]
pub fn routes() -> Routes<Arc<Pki>> {
    Routes::new().get("/pki/{file}", Access::Anybody, file)
}

async fn file(
    State(pki): State<Arc<Pki>>,
    Path(file): Path<String>,
) -> Result<Response, web::Failed> {
    let published = match file.rsplit_once('.') {
        Some((name, "crt")) => pki.authority(name).await,
        Some((name, "crl")) => pki.list(name).await,
        _ => Err(PkiRefusal::Unknown.into()),
    };
    Ok(published.map_err(PkiRefusal::from)?.into_response())
}

/// A file, its media type, and how long others may keep it.
pub(crate) struct File {
    bytes: Vec<u8>,
    kind: &'static str,
    kept: &'static str,
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static(self.kind);
        let kept = HeaderValue::from_static(self.kept);
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], self.bytes).into_response()
    }
}

impl Pki {
    async fn authority(&self, name: &str) -> Result<File, Failed> {
        let (_, bytes) = self.published(name).await?;
        let kind = "application/pkix-cert";
        Ok(File { bytes, kind, kept: "public, max-age=3600" })
    }

    async fn list(&self, name: &str) -> Result<File, Failed> {
        let (issuer, _) = self.published(name).await?;
        let list = self.current(name, issuer).await?;
        let kind = "application/pkix-crl";
        Ok(File { bytes: list.list.0, kind, kept: "public, max-age=30" })
    }

    async fn published(&self, name: &str) -> Result<(base::Digest, Vec<u8>), Failed> {
        let name = name.to_owned();
        let read =
            self.store.read::<_, StoreError>("pki.published", move |tx| published(tx, &name));
        Ok(read.await?.ok_or(PkiRefusal::Unknown)?)
    }

    /// The newest list; while the signer is silent, the last one for as long as it holds.
    async fn current(&self, name: &str, issuer: base::Digest) -> Result<SignedList, Failed> {
        let now = self.clock.now();
        let kept = self.lists.lock().await.get(name).cloned();
        let kept = kept.filter(|(_, list)| now < list.until);
        if let Some((at, list)) = &kept
            && now < at.plus(KEPT)
        {
            return Ok(list.clone());
        }
        let job = OnBehalf::System { job: "publish".to_owned() };
        match self.signer.call(Call::new(CurrentList { issuer }, job, "publication")).await {
            Ok(list) => {
                self.lists.lock().await.insert(name.to_owned(), (now, list.clone()));
                Ok(list)
            }
            Err(CallFault::Refused(pki_contract::SignerRefusal::Unknown)) => {
                Err(PkiRefusal::Unknown.into())
            }
            Err(fault) => match kept {
                Some((_, list)) => {
                    tracing::warn!(%fault, "no newer list is to be had");
                    Ok(list)
                }
                None => Err(PkiRefusal::Unreachable.into()),
            },
        }
    }
}
