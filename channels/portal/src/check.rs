//! Checking a signature: no login, nothing kept.

use axum::extract::Multipart;
use axum::response::Response;
use links::OnBehalf;
use signing_contract::{Check, Checked, Document, DocumentKind};
use ui::FieldError;
use web::Failed;

use crate::pages::{self, CheckUpload, FileFault};
use crate::reader::{Reader, page};
use crate::report::Report;
use crate::upload::{SIZE_MAX, Upload, UploadFault, of_kind};

/// What the portal's own calls are for.
const JOB: &str = "check";

/// Asks for the file.
pub(crate) async fn show(reader: Reader) -> Response {
    uploading(&reader, Vec::new())
}

/// Checks it.
pub(crate) async fn check(reader: Reader, form: Multipart) -> Result<Response, Failed> {
    let signing = &reader.portal.links.signing;
    let behalf = OnBehalf::System { job: JOB.to_owned() };
    let upload = Upload { signing, behalf, kind: DocumentKind::ToCheck };
    let document = match upload.take(form, "file").await {
        Ok(document) => document,
        Err(UploadFault::File(fault)) => return Ok(refused(&reader, fault)),
        Err(UploadFault::Failed(failed)) => return Err(failed),
    };
    let checked = reader.call(signing, Check { document: document.id }, JOB).await?;
    Ok(verdict(&reader, checked))
}

fn verdict(reader: &Reader, checked: Checked) -> Response {
    let Some(report) = Report::parse(&checked.report) else {
        return refused(reader, FileFault::Broken);
    };
    if let Some(error) = report.error() {
        return refused(reader, of_kind(error));
    }
    let Document { name, size, .. } = checked.document;
    let demo = reader.portal.demo;
    let signatures = report.signatures(reader.voice, demo);
    let changes = report.changes(reader.voice);
    let at = reader.portal.clock.now();
    let view = pages::Checked { name, size, at, signatures, changes, signed_content: None };
    page(pages::verdict_page(&reader.seat(), &view))
}

fn refused(reader: &Reader, fault: FileFault) -> Response {
    uploading(reader, vec![fault.at(reader.voice, "file")])
}

fn uploading(reader: &Reader, errors: Vec<FieldError>) -> Response {
    page(pages::check_upload(&reader.seat(), &CheckUpload { size_max: SIZE_MAX, errors }))
}
