//! The first page after signing in: what waits, and who looked. A system that does not answer
//! takes nothing else from the page.

use axum::response::Response;
use web::Failed;

use crate::pages::{self, Home};
use crate::reader::{SignedIn, page};
use crate::{documents, looks};

/// So many documents, and so many looks.
const MOST: usize = 3;

/// The page.
pub(crate) async fn show(person: SignedIn) -> Result<Response, Failed> {
    let (documents, looks) = tokio::join!(documents::own(&person), looks::recent(&person, MOST));
    let documents = readable(documents)?.map(|all| all.into_iter().take(MOST).collect());
    let (looks_count, looks) = readable(looks)?.unzip();
    let view = Home {
        given_name: given(&person.session.body.name),
        previous: None,
        by_qr: person.session.body.by_qr,
        // The phone offers it, where it can be.
        could_be_remembered: false,
        documents,
        looks_count,
        looks: looks.unwrap_or_default(),
    };
    Ok(page(pages::home(&person.seat(), &view)))
}

/// Nothing, where a system did not answer; a session that is over ends the page.
fn readable<T>(answer: Result<T, Failed>) -> Result<Option<T>, Failed> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failed) if failed.problem().status == 401 => Err(failed),
        Err(_) => Ok(None),
    }
}

fn given(name: &str) -> String {
    name.split(' ').next().unwrap_or_default().to_owned()
}
