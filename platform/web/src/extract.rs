//! Extractors that answer with problem documents where axum's own answer with plain text.

use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{Failed, Refused};

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// A form body (`application/x-www-form-urlencoded`).
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

/// The query of the address.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// The variable parts of the path. What does not parse is not there: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

fn refused(status: StatusCode) -> Failed {
    Failed::from(match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::Size,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Refused::MediaType,
        StatusCode::UNPROCESSABLE_ENTITY => Refused::Parameters,
        _ => Refused::Body,
    })
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let read = axum::Json::from_request(request, state).await;
        read.map(|axum::Json(value)| Self(value))
            .map_err(|rejection: JsonRejection| refused(rejection.status()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let read = axum::Form::from_request(request, state).await;
        read.map(|axum::Form(value)| Self(value))
            .map_err(|rejection: FormRejection| refused(rejection.status()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let read = axum::extract::Query::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(value)| Self(value))
            .map_err(|_| Failed::from(Refused::Parameters))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Failed::from(Refused::NotFound))
    }
}
