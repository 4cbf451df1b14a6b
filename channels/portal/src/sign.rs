//! Signing a document: take it, show it, wait for the phone, hand it out.

use axum::Json;
use axum::extract::Multipart;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use links::{Call, CallFault};
use serde::{Deserialize, Serialize};
use signing_contract::{
    BeginSigning, Check, Document, DocumentKind, DocumentsOf, Session, SessionOf, SessionState,
    SigningRefusal,
};
use ui::login::Pending;
use ui::text::sign as words;
use ui::{FieldError, Level, Stamp};
use web::{Failed, Form, Path, Refused};

use crate::browser::browser;
use crate::documents::{PURPOSE, shown_at, to_keep};
use crate::failed::failed;
use crate::pages::{
    self, ControlCode, FileFault, SignDone, SignPending, SignSee, SignUpload, SignWait, Trouble,
};
use crate::paths;
use crate::reader::{SignedIn, leading, page};
use crate::report::Report;
use crate::upload::{SIZE_MAX, Upload, UploadFault, of_kind};

/// What signing is for.
const SIGNING: &str = "signing";

/// Which button was pressed.
#[derive(Deserialize)]
pub(crate) struct Pressed {
    sign: Option<String>,
    again: Option<String>,
    check: Option<String>,
}

/// Asks for the document.
pub(crate) async fn choose(person: SignedIn) -> Response {
    uploading(&person, Vec::new())
}

/// Takes it, and goes on to show it.
pub(crate) async fn take(person: SignedIn, form: Multipart) -> Result<Response, Failed> {
    let signing = &person.portal().links.signing;
    let upload = Upload { signing, behalf: person.behalf(), kind: DocumentKind::ToSign };
    match upload.take(form, "document").await {
        Ok(document) => Ok(leading(&paths::signing(&document.id))),
        Err(UploadFault::File(fault)) => Ok(refused(&person, fault)),
        Err(UploadFault::Failed(failed)) => Err(failed),
    }
}

/// Shows the document and what would be signed.
pub(crate) async fn see(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let document = document(&person, &id).await?;
    let shown_at = shown_at(&person, id).await?;
    let view = SignSee {
        id: document.id,
        name: document.name,
        size: document.size,
        pages: None,
        digest: document.digest.0.to_vec(),
        signed_by: Vec::new(),
        signer: person.session.body.name.clone(),
        level: level(&person),
        file_at: to_keep(&shown_at),
        shown_at,
    };
    Ok(page(pages::sign_see(&person.seat(), &view)))
}

/// Signs, or does not.
pub(crate) async fn decide(
    person: SignedIn,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failed> {
    match pressed.sign {
        Some(_) => begin(&person, id).await,
        None => Ok(leading(paths::DOCUMENTS)),
    }
}

/// Waits for the phone, or says what came of it.
pub(crate) async fn wait(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let session = session(&person, id).await?;
    if let SessionState::Signed { signed } = &session.state {
        let done = done(&person, signed).await?;
        return Ok(page(pages::sign_done(&person.seat(), &done)));
    }
    let view = waiting(&session);
    Ok(page(pages::sign_wait(&person.seat(), &view)))
}

/// Asks again where it stands, asks the phone again, or leaves it.
pub(crate) async fn go_on(
    person: SignedIn,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failed> {
    if pressed.check.is_some() {
        return Ok(leading(&paths::signing_wait(&id)));
    }
    if pressed.again.is_some() {
        let session = session(&person, id).await?;
        return begin(&person, session.document.id).await;
    }
    Ok(leading(paths::DOCUMENTS))
}

/// What the script of the waiting page reads.
#[derive(Serialize)]
struct Standing {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Where it stands, for the script.
pub(crate) async fn state(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let voice = person.reader.voice;
    let (state, text) = match session(&person, id).await?.state {
        SessionState::WaitingForPhone => ("waiting", Some(Pending::OnPhone.say(voice))),
        SessionState::Completing => ("waiting", Some(voice.say(words::STATUS_COMPLETING))),
        _ => ("over", None),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Standing { state, text })).into_response())
}

async fn begin(person: &SignedIn, document: String) -> Result<Response, Failed> {
    let place = browser(&person.reader.headers);
    let place = place.unwrap_or_else(|| person.reader.voice.say(ui::text::portal::SYSTEM));
    let begin = Call::new(BeginSigning { document, place }, person.behalf(), SIGNING);
    match person.portal().links.signing.call(begin).await {
        Ok(session) => Ok(leading(&paths::signing_wait(&session.id))),
        Err(CallFault::Refused(SigningRefusal::Document { kind })) => {
            Ok(refused(person, of_kind(&kind)))
        }
        Err(CallFault::Refused(SigningRefusal::NoCertificate)) => {
            let said = page(pages::trouble(&person.seat(), Trouble::NoMeans, None));
            Ok((StatusCode::CONFLICT, said).into_response())
        }
        Err(fault) => Err(failed(fault)),
    }
}

async fn document(person: &SignedIn, id: &str) -> Result<Document, Failed> {
    let signing = &person.portal().links.signing;
    let all = person.call(signing, DocumentsOf {}, PURPOSE).await?.documents;
    let mut waiting = all.into_iter().filter(|one| one.kind == DocumentKind::ToSign);
    Ok(waiting.find(|one| one.id == id).ok_or(Refused::NotFound)?)
}

async fn session(person: &SignedIn, session: String) -> Result<Session, Failed> {
    person.call(&person.portal().links.signing, SessionOf { session }, SIGNING).await
}

fn waiting(session: &Session) -> SignWait {
    SignWait {
        id: session.id.clone(),
        name: session.document.name.clone(),
        code: ControlCode(session.control_code),
        until: session.until,
        pending: match session.state {
            SessionState::WaitingForPhone => SignPending::Phone(Pending::OnPhone),
            SessionState::Completing | SessionState::Signed { .. } => SignPending::Proofs,
            SessionState::Refused => SignPending::Phone(Pending::Refused),
            SessionState::Expired => SignPending::Phone(Pending::Late),
            SessionState::NotSigned { .. } => SignPending::Stopped,
        },
    }
}

/// The done page. The stamp's time comes from a check of the file itself.
async fn done(person: &SignedIn, signed: &Document) -> Result<SignDone, Failed> {
    let signing = &person.portal().links.signing;
    let checked = person.call(signing, Check { document: signed.id.clone() }, SIGNING).await;
    let stamped = match checked {
        Ok(checked) => Report::parse(&checked.report).and_then(|report| report.newest_proven()),
        Err(failed) if failed.problem().status == 401 => return Err(failed),
        Err(_) => None,
    };
    Ok(SignDone {
        id: signed.id.clone(),
        name: signed.name.clone(),
        size: signed.size,
        signer: person.session.body.name.clone(),
        stamped,
        stamp: if person.portal().demo { Stamp::Test } else { Stamp::Plain },
        level: level(person),
        kept_days: person.portal().kept_days,
    })
}

/// What the signature will be in law: the check alone may say more (R23).
fn level(person: &SignedIn) -> Level {
    if person.portal().demo { Level::Demonstration } else { Level::Undetermined }
}

fn refused(person: &SignedIn, fault: FileFault) -> Response {
    uploading(person, vec![fault.at(person.reader.voice, "document")])
}

fn uploading(person: &SignedIn, errors: Vec<FieldError>) -> Response {
    page(pages::sign_upload(&person.seat(), &SignUpload { size_max: SIZE_MAX, errors }))
}
