//! What the person brought and signed.

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Redirect, Response};
use base::Digest;
use http::header;
use signing_contract::{
    Document, DocumentKind, DocumentsOf, FileAddress, History, Signing, SigningOutcome, Signings,
};
use ui::Tag;
use web::{Failed, Path};

use crate::pages::{self, Documents, SignedDocument};
use crate::reader::{SignedIn, page};

/// What calls about one's own documents are for.
pub(crate) const PURPOSE: &str = "own-documents";

/// The page.
pub(crate) async fn show(person: SignedIn) -> Result<Response, Failed> {
    let documents = own(&person).await?;
    let view = Documents { documents, older: None, kept_days: person.portal().kept_days };
    Ok(page(pages::documents(&person.seat(), &view)))
}

/// Hands a file out: by an address of the files host, for this viewer and five minutes.
pub(crate) async fn file(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let address = to_keep(&shown_at(&person, id).await?);
    Ok(([(header::CACHE_CONTROL, "no-store")], Redirect::to(&address)).into_response())
}

/// The person's documents, the newest first: those that wait, and those that are signed.
pub(crate) async fn own(person: &SignedIn) -> Result<Vec<SignedDocument>, Failed> {
    let signing = &person.portal().links.signing;
    let documents = person.call(signing, DocumentsOf {}, PURPOSE);
    let history = person.call(signing, History { before: None }, PURPOSE);
    let (documents, history) = tokio::join!(documents, history);
    // Without its history every document is shown.
    let signed = history.map(|history| signed(&history)).unwrap_or_default();
    let waits = |one: &Document| one.kind != DocumentKind::ToSign || !signed.contains(&one.digest);
    Ok(documents?.documents.into_iter().filter(waits).filter_map(shown).collect())
}

/// What does not wait any more, by its digest.
fn signed(history: &Signings) -> BTreeSet<Digest> {
    let done = |one: &&Signing| matches!(one.outcome, SigningOutcome::Signed { .. });
    let done = history.signings.iter().filter(done);
    done.flat_map(|one| one.shown.iter().map(|shown| shown.digest)).collect()
}

/// Where the files host shows a document of the person.
pub(crate) async fn shown_at(person: &SignedIn, document: String) -> Result<String, Failed> {
    let portal = person.portal();
    let at = person.call(&portal.links.signing, FileAddress { document }, PURPOSE).await?;
    Ok(format!("{}{}", portal.addresses.files, at.path))
}

/// The same address, for a file to be kept instead of shown.
pub(crate) fn to_keep(shown_at: &str) -> String {
    format!("{shown_at}?download=1")
}

fn shown(document: Document) -> Option<SignedDocument> {
    let Document { id, name, size, kind, at, .. } = document;
    let (signed, state) = match kind {
        DocumentKind::Signed => (Some(at), Tag::Signed),
        DocumentKind::ToSign => (None, Tag::WaitsForYou),
        DocumentKind::ToCheck => return None,
    };
    Some(SignedDocument { id, name, size, signed, state, kept: true })
}
