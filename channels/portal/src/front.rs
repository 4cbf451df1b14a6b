//! The front page, and the statement on accessibility.

use axum::response::Response;

use crate::pages::{self, Front};
use crate::reader::{Reader, page};

/// The twenty systems, each with its honest state.
pub(crate) async fn show(reader: Reader) -> Response {
    let view =
        Front { systems: reader.portal.systems.clone(), phones: reader.portal.phones.clone() };
    page(pages::front(&reader.seat(), &view))
}

/// How accessible the pages are.
pub(crate) async fn accessibility(reader: Reader) -> Response {
    page(pages::accessibility(&reader.seat()))
}
