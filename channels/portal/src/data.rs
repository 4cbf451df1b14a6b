//! What the register holds about the person.

use axum::response::Response;
use persons_contract::OwnEntry;
use web::Failed;

use crate::fact;
use crate::pages::{self, MyData};
use crate::reader::{SignedIn, page};

/// What looks at one's own entry are for.
const PURPOSE: &str = "own-data";

/// The entry, as a look that is recorded like any other.
pub(crate) async fn show(person: SignedIn) -> Result<Response, Failed> {
    let portal = person.portal();
    let entry = person.call(&portal.links.persons, OwnEntry::default(), PURPOSE).await;
    let view = match entry {
        Ok(entry) => fact::my_data(person.reader.voice, &entry, &portal.institutions),
        Err(failed) if failed.problem().status == 404 => MyData { groups: Vec::new() },
        Err(failed) => return Err(failed),
    };
    Ok(page(pages::my_data(&person.seat(), &view)))
}
