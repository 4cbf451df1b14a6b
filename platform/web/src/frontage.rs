//! What stands in front of every host: ids, limits, headers, the cross-site check, panics.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::{Failed, Refused};

/// How one host is guarded.
#[derive(Clone, Debug)]
pub struct Frontage {
    /// The largest body in bytes.
    pub body_max: usize,
    /// How long an answer may take.
    pub patience: Duration,
    /// Whether forms may only come from the host's own pages. Protocol hosts whose endpoints
    /// other sites post to by design turn it off and bind otherwise.
    pub same_site_forms: bool,
    /// Further sources that a page may send its forms to (`form-action`).
    pub form_targets: Vec<String>,
    /// Further sources that a page may frame (`frame-src`).
    pub frames: Vec<String>,
}

impl Default for Frontage {
    fn default() -> Self {
        Self {
            body_max: 1 << 20,
            patience: Duration::from_secs(30),
            same_site_forms: true,
            form_targets: Vec::new(),
            frames: Vec::new(),
        }
    }
}

impl Frontage {
    /// `router` behind this frontage.
    pub fn before(&self, router: Router) -> Router {
        let policy = self.policy();
        let headers = move |request: Request, next: Next| {
            let policy = policy.clone();
            async move { guarded(next.run(request).await, &policy) }
        };
        let router = router
            .fallback(|| async { Failed::from(Refused::NotFound) })
            .layer(DefaultBodyLimit::max(self.body_max));
        let router = if self.same_site_forms {
            router.layer(
                CsrfLayer::new()
                    .with_rejection_response(|_| Failed::from(Refused::CrossSite).into_response()),
            )
        } else {
            router
        };
        router
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, self.patience))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn(headers))
    }

    fn policy(&self) -> HeaderValue {
        let list = |first: &str, more: &[String]| {
            more.iter().fold(first.to_owned(), |all, one| format!("{all} {one}"))
        };
        let forms = list("'self'", &self.form_targets);
        let frames = list("'self'", &self.frames);
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
             form-action {forms}; frame-src {frames}"
        );
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failed::from(Refused::Panicked).into_response()
}

/// Adds the headers that every answer carries; those a handler set itself stay.
fn guarded(mut answer: Response, policy: &HeaderValue) -> Response {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, policy.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
        ),
    ];
    for (name, value) in fixed {
        answer.headers_mut().entry(name).or_insert(value);
    }
    answer
}

/// An HTML page that belongs to one person: never kept by a cache.
#[must_use]
pub fn private_page(page: maud::Markup) -> Response {
    let mut answer = page.into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    fn house() -> Router {
        let routes = Router::new()
            .route("/", get(|| async { "page" }))
            .route("/form", post(|body: String| async move { body }))
            .route("/panic", get(fails));
        Frontage { body_max: 16, ..Frontage::default() }.before(routes)
    }

    async fn fails() -> &'static str {
        panic!("over")
    }

    async fn asked(request: Request) -> Response {
        house().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn every_answer_carries_the_policy() {
        for path in ["/", "/nothing", "/panic"] {
            let answer = asked(Request::get(path).body(Body::empty()).unwrap()).await;
            let policy = answer.headers()["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'"), "{path}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        }
    }

    #[tokio::test]
    async fn a_form_from_another_site_is_refused() {
        let form = |site| {
            Request::post("/form")
                .header("host", "portal.localhost")
                .header("sec-fetch-site", site)
                .body(Body::from("x"))
                .unwrap()
        };
        assert_eq!(asked(form("same-origin")).await.status(), 200);
        assert_eq!(asked(form("cross-site")).await.status(), 403);
        assert_eq!(asked(form("same-site")).await.status(), 403);
    }

    #[tokio::test]
    async fn a_large_body_a_panic_and_a_stray_path_are_problems() {
        let large = Request::post("/form").body(Body::from("x".repeat(17))).unwrap();
        assert_eq!(asked(large).await.status(), 413);
        let panic = asked(Request::get("/panic").body(Body::empty()).unwrap()).await;
        assert_eq!(panic.status(), 500);
        assert_eq!(panic.headers()["content-type"], "application/problem+json");
        let stray = asked(Request::get("/nothing").body(Body::empty()).unwrap()).await;
        assert_eq!(stray.status(), 404);
    }
}
