//! Whether a part lives, is ready, and what it counts (the text format that Prometheus reads).

use std::fmt::Write;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{Access, Routes};

/// One number: name, labels (never of a person), value.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// `sakta_store_commits_total`: counters end in `_total`, units stand in the name.
    pub name: &'static str,
    /// Label names and values.
    pub labels: Vec<(&'static str, String)>,
    /// The value.
    pub value: f64,
}

/// Where the numbers of a process come from.
pub trait Figures: Send + Sync {
    /// The numbers now.
    fn figures(&self) -> Vec<Figure>;

    /// Why the process cannot answer requests, if so: one word for the log of the balancer.
    fn unready(&self) -> Option<&'static str>;
}

/// `/healthz` (the process answers), `/readyz` (it can do its work), `/metrics`.
pub fn standing(figures: Arc<dyn Figures>) -> Routes {
    let ready = Arc::clone(&figures);
    Routes::new()
        .get("/healthz", Access::Anybody, || async { "ok\n" })
        .get("/readyz", Access::Anybody, move || async move {
            match ready.unready() {
                None => (StatusCode::OK, "ok\n".to_owned()),
                Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
            }
        })
        .get("/metrics", Access::Anybody, move || async move { page(&figures.figures()) })
}

fn page(figures: &[Figure]) -> Response {
    let mut text = String::new();
    for Figure { name, labels, value } in figures {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}{labels} {value}");
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn figures_are_lines_of_name_labels_value() {
        let labels = vec![("name", "a\"b".to_owned())];
        let figures = [
            Figure { name: "sakta_commits_total", labels, value: 3.0 },
            Figure { name: "sakta_rows", labels: Vec::new(), value: 0.5 },
        ];
        let body = axum::body::to_bytes(page(&figures).into_body(), 1000).await.unwrap();
        assert_eq!(body, "sakta_commits_total{name=\"a\\\"b\"} 3\nsakta_rows 0.5\n");
    }
}
