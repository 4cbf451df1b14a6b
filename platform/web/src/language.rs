//! Which language a page answers in.

use axum::extract::FromRequestParts;
use base::Locale;
use http::header;
use http::request::Parts;

use crate::Cookies;

/// The language of a request: `?lang=`, else the cookie `lang`, else `Accept-Language`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language(pub Locale);

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let asked = parts.uri.query().and_then(|query| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(name, _)| *name == "lang").find_map(|(_, tag)| Locale::from_tag(tag))
        });
        let kept = || Cookies::of(&parts.headers).value("lang").and_then(Locale::from_tag);
        let accepted = || {
            let list = parts.headers.get(header::ACCEPT_LANGUAGE)?;
            list.to_str().ok().map(Locale::accepted)
        };
        Ok(Self(asked.or_else(kept).or_else(accepted).unwrap_or_default()))
    }
}
