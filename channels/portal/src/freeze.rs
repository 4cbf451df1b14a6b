//! Freezing everything by user number and code. The answer is the same for all of them.
//!
//! Spec: PROTOCOLS §4.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use base::Clock;
use http::StatusCode;
use identity_contract::FreezeByCode;
use serde::Deserialize;
use ui::FieldError;
use ui::login::number_wrong;
use web::{Address, Bucket, Failed, Form};

use crate::pages::{self, Freeze, code_wrong};
use crate::reader::{Reader, page};

/// How often the form is taken from one place: five times at once, then once in half a minute.
/// The bound for all places together is the identity platform's.
#[must_use]
pub fn limit(clock: &Arc<dyn Clock>) -> Bucket {
    Bucket::new(Arc::clone(clock), 5, Duration::from_secs(30))
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(rename = "user-number", default)]
    number: String,
    #[serde(default)]
    code: String,
}

/// Asks for number and code.
pub(crate) async fn show(reader: Reader) -> Response {
    page(pages::freeze(&reader.seat(), &Freeze::default()))
}

/// Hands both on, whether they are anybody's or not.
pub(crate) async fn freeze(
    reader: Reader,
    from: Address,
    Form(asked): Form<Asked>,
) -> Result<Response, Failed> {
    let (number, code) = (digits(&asked.number, 8), digits(&asked.code, 12));
    let (Some(user_number), Some(code)) = (&number, &code) else {
        let errors = errors(&reader, number.is_some(), code.is_some());
        let view = Freeze { typed: asked.number.chars().take(20).collect(), errors };
        return Ok(page(pages::freeze(&reader.seat(), &view)));
    };
    if from.place().is_some_and(|place| reader.portal.freezes.take(place).is_err()) {
        let wait = page(pages::freeze_later(&reader.seat()));
        return Ok((StatusCode::TOO_MANY_REQUESTS, wait).into_response());
    }
    let freeze = FreezeByCode { user_number: user_number.clone(), code: code.clone() };
    reader.call(&reader.portal.links.identity, freeze, "freeze").await?;
    Ok(page(pages::frozen(&reader.seat())))
}

fn errors(reader: &Reader, number: bool, code: bool) -> Vec<FieldError> {
    let number = (!number).then(|| number_wrong(reader.voice));
    number.into_iter().chain((!code).then(|| code_wrong(reader.voice))).collect()
}

/// So many digits, however they are spaced.
fn digits(typed: &str, count: usize) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let digits = plain.len() == count && plain.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(plain)
}
