//! A file on its way from a form to the signing platform: chunk by chunk, never whole in memory.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use base::Bytes;
use http::StatusCode;
use links::{Call, CallFault, Link, OnBehalf};
use signing_contract::{
    BeginDocument, CHUNK_BYTES_MAX, Document, DocumentKind, FinishDocument, PutChunk,
    SigningRefusal,
};
use web::{Failed, Refused};

use crate::failed::failed;
use crate::pages::FileFault;

/// The largest file that is taken, in bytes: what the signing platform reads, less the room that a
/// signature needs.
pub(crate) const SIZE_MAX: u64 = 63 * 1024 * 1024;

/// The largest form that is read to its end. Browsers hear no answer before they have sent all,
/// so the rest of a file that is not taken is read, and thrown away.
pub(crate) const BODY_MAX: usize = 256 * 1024 * 1024;

/// The longest name of a file, in bytes.
const NAME_MAX: usize = 255;

/// Why a file is not there.
#[derive(Debug)]
pub(crate) enum UploadFault {
    /// The person can mend it with another file.
    File(FileFault),
    /// All else.
    Failed(Failed),
}

/// Where a file goes, and for whom.
#[derive(Debug)]
pub(crate) struct Upload<'a> {
    /// The way to the signing platform.
    pub(crate) signing: &'a Link,
    /// Whose it is.
    pub(crate) behalf: OnBehalf,
    /// Why it comes.
    pub(crate) kind: DocumentKind,
}

impl Upload<'_> {
    /// Takes the file of the form's field `name`.
    pub(crate) async fn take(
        &self,
        mut form: Multipart,
        name: &str,
    ) -> Result<Document, UploadFault> {
        while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
            if field.name() == Some(name) {
                let taken = self.file(&mut field).await;
                while taken.is_err() && matches!(field.chunk().await, Ok(Some(_))) {}
                return taken;
            }
        }
        Err(UploadFault::File(FileFault::Missing))
    }

    async fn file(&self, field: &mut Field<'_>) -> Result<Document, UploadFault> {
        let Some(name) = field.file_name().and_then(plain_name) else {
            return Err(UploadFault::File(FileFault::Missing));
        };
        let media_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
        let mut sending = Sending { upload: self, document: None, begin: (name, media_type) };
        let (mut waiting, mut number, mut size) = (Vec::new(), 0, 0_u64);
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
            size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if size > SIZE_MAX {
                return Err(UploadFault::File(FileFault::TooLarge { size_max: SIZE_MAX }));
            }
            waiting.extend_from_slice(&piece);
            while waiting.len() >= CHUNK_BYTES_MAX {
                let rest = waiting.split_off(CHUNK_BYTES_MAX);
                sending.put(number, std::mem::replace(&mut waiting, rest)).await?;
                number += 1;
            }
        }
        if !waiting.is_empty() {
            sending.put(number, waiting).await?;
        }
        sending.finish(size).await
    }

    async fn call<O>(&self, operation: O) -> Result<O::Answer, UploadFault>
    where
        O: links::Operation<Refusal = SigningRefusal>,
    {
        let call = Call::new(operation, self.behalf.clone(), "upload");
        self.signing.call(call).await.map_err(refused)
    }
}

/// A document that is being sent; it is announced with its first bytes.
struct Sending<'a> {
    upload: &'a Upload<'a>,
    document: Option<String>,
    begin: (String, String),
}

impl Sending<'_> {
    async fn put(&mut self, number: u32, bytes: Vec<u8>) -> Result<(), UploadFault> {
        let document = match &self.document {
            Some(document) => document.clone(),
            None => {
                let (name, media_type) = self.begin.clone();
                let begin = BeginDocument { name, media_type, kind: self.upload.kind };
                self.document.insert(self.upload.call(begin).await?).clone()
            }
        };
        self.upload.call(PutChunk { document, number, bytes: Bytes(bytes) }).await
    }

    async fn finish(self, size: u64) -> Result<Document, UploadFault> {
        let document = self.document.ok_or(UploadFault::File(FileFault::Missing))?;
        self.upload.call(FinishDocument { document, size }).await
    }
}

/// What a form that cannot be read means: most often a file that is too large for all of it.
fn broken(error: &MultipartError) -> UploadFault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return UploadFault::File(FileFault::TooLarge { size_max: SIZE_MAX });
    }
    UploadFault::Failed(Refused::Body.into())
}

fn refused(fault: CallFault<SigningRefusal>) -> UploadFault {
    match &fault {
        CallFault::Refused(SigningRefusal::Document { kind }) => UploadFault::File(of_kind(kind)),
        _ => UploadFault::Failed(failed(fault)),
    }
}

/// The stable words of the signing platform.
pub(crate) fn of_kind(kind: &str) -> FileFault {
    match kind {
        "encrypted" => FileFault::Locked,
        "certified" | "locked" => FileFault::Closed,
        "too-complex" => FileFault::Complex,
        "xfa-form" => FileFault::Form,
        "not-pdf" | "foreign-start" => FileFault::NotPdf,
        "too-large" => FileFault::TooLarge { size_max: SIZE_MAX },
        _ => FileFault::Broken,
    }
}

/// The last part of a path, short enough; nothing where no file was chosen.
fn plain_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut plain: String = last.chars().filter(|c| !c.is_control()).collect();
    while plain.len() > NAME_MAX {
        plain.pop();
    }
    (!plain.trim().is_empty()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_files_name_has_no_path() {
        for (name, plain) in [
            ("Nomas līgums.pdf", Some("Nomas līgums.pdf")),
            ("C:\\Users\\anna\\x.pdf", Some("x.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("a\r\nb.pdf", Some("ab.pdf")),
            ("", None),
            ("folder/", None),
        ] {
            assert_eq!(plain_name(name).as_deref(), plain, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_short_and_plain_or_none(name: String) {
            if let Some(plain) = plain_name(&name) {
                prop_assert!(plain.len() <= NAME_MAX && !plain.contains(['/', '\\', '\n']));
            }
        }
    }
}
