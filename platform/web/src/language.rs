//! Which language a page answers in.

use axum::extract::FromRequestParts;
use base::Locale;
use http::header;
use http::request::Parts;

use crate::{Cookies, SetCookie};

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
        // Under the name that the host's scheme gives it.
        let names = [true, false].map(|secure| SetCookie::wire_name("lang", secure));
        let cookies = Cookies::of(&parts.headers);
        let kept = || names.iter().find_map(|name| Locale::from_tag(cookies.value(name)?));
        let accepted = || {
            let list = parts.headers.get(header::ACCEPT_LANGUAGE)?;
            list.to_str().ok().map(Locale::accepted)
        };
        Ok(Self(asked.or_else(kept).or_else(accepted).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    async fn language(uri: &str, cookie: &str) -> Locale {
        let request = Request::get(uri).header(header::COOKIE, cookie);
        let (mut parts, ()) =
            request.header(header::ACCEPT_LANGUAGE, "lv").body(()).unwrap().into_parts();
        let Ok(Language(locale)) = Language::from_request_parts(&mut parts, &()).await;
        locale
    }

    #[tokio::test]
    async fn the_address_comes_before_the_cookie_and_that_before_the_browser() {
        assert_eq!(language("/?x=1&lang=en", "lang=lv").await, Locale::En);
        assert_eq!(language("/", "lang=en").await, Locale::En);
        assert_eq!(language("/", "__Host-lang=en").await, Locale::En);
        assert_eq!(language("/?lang=xx", "lang=xx").await, Locale::Lv);
    }
}
