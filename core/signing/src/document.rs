//! Documents as they lie in the store: a row each, and chunks that never change.

use std::sync::Arc;

use base::{Digest, Id, PersonId, Time};
use sha2::{Digest as _, Sha256};
use signing_contract::{CHUNK_BYTES_MAX, Document, DocumentKind, SigningRefusal};
use store::{StoreError, Tx, row, values};

use crate::failed::Failed;
use crate::sign::Signing;

/// Marker of [`DocumentId`].
#[derive(Debug)]
pub(crate) enum Stored {}

/// The id of a document.
pub(crate) type DocumentId = Id<Stored>;

/// Whose a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A person's.
    Person(PersonId),
    /// Nobody's in particular: brought to be checked, found by its id alone.
    Nobody,
}

impl Owner {
    pub(crate) fn column(self) -> Vec<u8> {
        match self {
            Self::Person(person) => person.bytes().to_vec(),
            Self::Nobody => Vec::new(),
        }
    }
}

/// A document's row.
#[derive(Clone, Debug)]
pub(crate) struct DocumentRow {
    pub(crate) id: DocumentId,
    pub(crate) name: String,
    pub(crate) media_type: String,
    kind: String,
    pub(crate) size: i64,
    digest: [u8; 32],
    begun_at: Time,
    pub(crate) finished: bool,
}
row!(DocumentRow { id, name, media_type, kind, size, digest, begun_at, finished });

pub(crate) fn kind_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::ToSign => "to-sign",
        DocumentKind::ToCheck => "to-check",
        DocumentKind::Signed => "signed",
    }
}

impl DocumentRow {
    /// The document `id` of `owner`; unknown and another's are alike.
    pub(crate) fn of(tx: &mut Tx, id: DocumentId, owner: &[u8], now: Time) -> Result<Self, Failed> {
        let found: Option<Self> = tx.first(
            "SELECT id, name, media_type, kind, size, digest, begun_at, finished
             FROM signing_document
             WHERE id = $1 AND owner = $2 AND (ends_at IS NULL OR ends_at > $3)",
            values![id, owner, now],
        )?;
        found.ok_or(Failed::Refused(SigningRefusal::Unknown))
    }

    /// The newest of `owner`, 100 at most.
    pub(crate) fn all(tx: &mut Tx, owner: &[u8], now: Time) -> Result<Vec<Self>, StoreError> {
        tx.all(
            "SELECT id, name, media_type, kind, size, digest, begun_at, finished
             FROM signing_document
             WHERE owner = $1 AND finished = 1 AND (ends_at IS NULL OR ends_at > $2)
             ORDER BY begun_at DESC, id DESC LIMIT 100",
            values![owner, now],
        )
    }

    pub(crate) fn kind(&self) -> DocumentKind {
        match self.kind.as_str() {
            "to-sign" => DocumentKind::ToSign,
            "signed" => DocumentKind::Signed,
            _ => DocumentKind::ToCheck,
        }
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest(self.digest)
    }

    /// The row once all its chunks are there.
    pub(crate) fn whole(self, media_type: &str, digest: Digest) -> Self {
        Self { media_type: media_type.to_owned(), digest: digest.0, finished: true, ..self }
    }

    /// As others see it.
    pub(crate) fn shown(&self) -> Document {
        Document {
            id: self.id.to_string(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: u64::try_from(self.size).unwrap_or(0),
            digest: self.digest(),
            kind: self.kind(),
            at: self.begun_at,
        }
    }
}

/// What a document's chunks amount to.
pub(crate) struct Streamed {
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    pub(crate) head: Vec<u8>,
    pub(crate) chunks: u32,
}

impl Signing {
    /// A chunk's bytes; none past the end.
    pub(crate) async fn chunk(
        &self,
        document: DocumentId,
        number: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let read = move |tx: &mut Tx| {
            tx.first::<(Vec<u8>,)>(
                "SELECT bytes FROM signing_chunk WHERE document = $1 AND number = $2",
                values![document, number],
            )
        };
        Ok(self.parts.store.read("signing.chunk", read).await?.map(|(bytes,)| bytes))
    }

    /// Size, digest and first chunk, of which no more than one is in memory.
    pub(crate) async fn streamed(&self, document: DocumentId) -> Result<Streamed, StoreError> {
        let mut hash = Sha256::new();
        let (mut size, mut chunks, mut head) = (0_u64, 0_u32, Vec::new());
        while let Some(bytes) = self.chunk(document, chunks).await? {
            hash.update(&bytes);
            size = size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            if chunks == 0 {
                head = bytes;
            }
            chunks = chunks.saturating_add(1);
        }
        Ok(Streamed { size, digest: Digest(hash.finalize().into()), head, chunks })
    }

    /// The whole document, compared with its digest. Take a [`Signing::seat`] first.
    pub(crate) async fn loaded(&self, row: &DocumentRow) -> Result<Vec<u8>, Failed> {
        let mut bytes = Vec::with_capacity(usize::try_from(row.size).unwrap_or(0));
        let mut number = 0;
        while let Some(chunk) = self.chunk(row.id, number).await? {
            bytes.extend(chunk);
            number += 1;
        }
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        if digest != row.digest {
            return Err(Failed::document("altered"));
        }
        Ok(bytes)
    }

    /// Stores the chunks of bytes made here; those that stand already are the same.
    pub(crate) async fn keep_chunks(
        &self,
        document: DocumentId,
        bytes: &Arc<Vec<u8>>,
    ) -> Result<(), StoreError> {
        for (number, start) in (0_u32..).zip((0..bytes.len()).step_by(CHUNK_BYTES_MAX)) {
            let all = Arc::clone(bytes);
            let end = bytes.len().min(start + CHUNK_BYTES_MAX);
            let write = move |tx: &mut Tx| {
                let chunk = all.get(start..end).unwrap_or_default();
                put_chunk(tx, document, number, chunk).map(drop)
            };
            self.parts.store.write("signing.keep_chunk", write).await?;
        }
        Ok(())
    }
}

/// Inserts a chunk; false when one of that number stands already.
pub(crate) fn put_chunk(
    tx: &mut Tx,
    document: DocumentId,
    number: u32,
    bytes: &[u8],
) -> Result<bool, StoreError> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let new = tx.update(
        "INSERT INTO signing_chunk (document, number, size, bytes) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        values![document, number, size, bytes],
    )?;
    Ok(new == 1)
}

/// The media type that the first bytes show; what was said of it is not believed.
pub(crate) fn sniffed(head: &[u8]) -> &'static str {
    let near = head.get(..head.len().min(1024)).unwrap_or_default();
    match head {
        _ if near.windows(5).any(|window| window == b"%PDF-") => "application/pdf",
        [b'P', b'K', 3, 4, ..] => "application/zip",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'<', b'?', b'x', b'm', b'l', ..] => "application/xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_say_what_a_document_is() {
        for (bytes, kind) in [
            (b"%PDF-1.7".as_slice(), "application/pdf"),
            (b"\n%PDF-1.7", "application/pdf"),
            (b"PK\x03\x04", "application/zip"),
            (b"<?xml version", "application/xml"),
            (b"<html>", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(sniffed(bytes), kind);
        }
    }
}
