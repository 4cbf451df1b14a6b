//! Bringing documents, listing them, reading them, addressing them on the files host.

use std::sync::Arc;
use std::time::Duration;

use base::{Bytes, Id, Time, hex};
use links::{Asked, Proved};
use sha2::{Digest as _, Sha256};
use signing_contract::{
    BeginDocument, CHUNK_BYTES_MAX, Chunk, DOCUMENT_DAYS, Document, DocumentKind, Documents,
    FileAddress, FileAt, FinishDocument, PutChunk, ReadChunk, SigningRefusal,
};
use store::{StoreError, Tx, values};

use crate::document::{DocumentId, DocumentRow, Owner, kind_name, put_chunk, sniffed};
use crate::failed::Failed;
use crate::plain::{hides, is_plain};
use crate::sign::{Signing, SigningParts};

/// How long a document stays that was brought to be checked, or was never brought whole.
const HOUR: Duration = Duration::from_hours(1);
/// How long an address of the files host is good. Spec: PROTOCOLS §9.
const ADDRESS: Duration = Duration::from_mins(5);
/// The most chunks of one document: small ones are for the last.
const CHUNKS_MAX: u32 = 4096;
/// The most documents of one person that are not yet whole or only to be checked.
const OPEN_MAX: i64 = 50;
/// The most documents that nobody in particular brought within an hour.
const NOBODYS_MAX: i64 = 1000;

/// Until when a document stays that is signed or is to be.
pub(crate) fn kept_until(now: Time) -> Time {
    now.plus(Duration::from_hours(24 * DOCUMENT_DAYS))
}

/// Whose documents a call is about.
pub(crate) fn owner(asked: &Asked) -> Owner {
    match &asked.behalf {
        Proved::Person(proof) => Owner::Person(proof.person),
        _ => Owner::Nobody,
    }
}

pub(crate) fn document_id(text: &str) -> Result<DocumentId, Failed> {
    text.parse().map_err(|_| Failed::Refused(SigningRefusal::Unknown))
}

/// A file's name without what hides in it; none for a path, or for no name.
fn name_of(name: &str) -> Option<String> {
    let shown: String = name.chars().filter(|c| !hides(*c)).collect();
    let fits = is_plain(&shown, 255) && !shown.contains(['/', '\\']);
    fits.then_some(shown)
}

impl Signing {
    pub(crate) async fn begin_document(
        &self,
        owner: Owner,
        ask: BeginDocument,
    ) -> Result<String, Failed> {
        let name = name_of(&ask.name).ok_or_else(|| Failed::document("name"))?;
        let fits = match ask.kind {
            DocumentKind::ToCheck => true,
            DocumentKind::ToSign => owner != Owner::Nobody,
            DocumentKind::Signed => false,
        };
        if !fits {
            return Err(SigningRefusal::Evidence.into());
        }
        let id = DocumentId::random(self.parts.chance.as_ref());
        let now = self.parts.clock.now();
        let (owner, kind) = (owner.column(), kind_name(ask.kind));
        let write = move |tx: &mut Tx| {
            if waiting(tx, &owner, now)? {
                return Err(Failed::Refused(SigningRefusal::Busy));
            }
            tx.insert(
                "INSERT INTO signing_document
                     (id, owner, name, media_type, kind, size, digest, begun_at, ends_at, finished)
                 VALUES ($1, $2, $3, '', $4, 0, $5, $6, $7, 0)",
                values![id, &owner, &name, kind, [0_u8; 32], now, now.plus(HOUR)],
            )?;
            Ok(())
        };
        self.parts.store.write("signing.begin_document", write).await?;
        Ok(id.to_string())
    }

    /// The same chunk again is taken again; another under its number is not.
    pub(crate) async fn put_chunk(&self, owner: Owner, ask: PutChunk) -> Result<(), Failed> {
        let id = document_id(&ask.document)?;
        let Bytes(bytes) = ask.bytes;
        let fits = (1..=CHUNK_BYTES_MAX).contains(&bytes.len()) && ask.number < CHUNKS_MAX;
        if !fits {
            return Err(SigningRefusal::Chunks.into());
        }
        let (now, number, owner) = (self.parts.clock.now(), ask.number, owner.column());
        let most = i64::try_from(self.largest()).unwrap_or(i64::MAX);
        let bytes = Arc::new(bytes);
        let write = move |tx: &mut Tx| {
            let row = DocumentRow::of(tx, id, &owner, now)?;
            if row.finished {
                return Err(Failed::Refused(SigningRefusal::Chunks));
            }
            if !put_chunk(tx, id, number, &bytes)? {
                return same_chunk(tx, id, number, &bytes);
            }
            // The row's size counts what has come so far.
            let size = row.size + i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            if size > most {
                return Err(Failed::document("too-large"));
            }
            tx.update("UPDATE signing_document SET size = $2 WHERE id = $1", values![id, size])?;
            Ok(())
        };
        self.parts.store.write("signing.put_chunk", write).await
    }

    pub(crate) async fn finish_document(
        &self,
        owner: Owner,
        ask: FinishDocument,
    ) -> Result<Document, Failed> {
        let id = document_id(&ask.document)?;
        let row = self.document(owner, id).await?;
        let whole = self.streamed(id).await?;
        let announced = whole.chunks > 0 && whole.size == ask.size;
        if !announced || u64::try_from(row.size) != Ok(whole.size) {
            return Err(SigningRefusal::Chunks.into());
        }
        if row.finished {
            return Ok(row.shown());
        }
        let media_type = sniffed(&whole.head);
        if row.kind() == DocumentKind::ToSign && media_type != "application/pdf" {
            return Err(Failed::document("not-pdf"));
        }
        let (digest, size) = (whole.digest, row.size);
        let keeps = row.kind() == DocumentKind::ToSign;
        let now = self.parts.clock.now();
        let ends_at = if keeps { kept_until(now) } else { now.plus(HOUR) };
        let write = move |tx: &mut Tx| {
            let done = tx.update(
                "UPDATE signing_document SET media_type = $2, digest = $3, finished = 1,
                     ends_at = $4
                 WHERE id = $1 AND finished = 0 AND size = $5",
                values![id, media_type, digest.0, ends_at, size],
            )?;
            if done == 1 { Ok(()) } else { Err(Failed::Refused(SigningRefusal::Chunks)) }
        };
        let row = row.whole(media_type, digest);
        if keeps {
            // Whoever brings a file that cannot be signed hears it now, not at the phone.
            self.try_out(&row).await?;
        }
        self.parts.store.write("signing.finish_document", write).await?;
        Ok(row.shown())
    }

    pub(crate) async fn documents_of(&self, owner: Owner) -> Result<Documents, Failed> {
        let (owner, now) = (owner.column(), self.parts.clock.now());
        let read = move |tx: &mut Tx| DocumentRow::all(tx, &owner, now);
        let rows = self.parts.store.read("signing.documents", read).await?;
        Ok(Documents { documents: rows.iter().map(DocumentRow::shown).collect() })
    }

    pub(crate) async fn read_chunk(&self, owner: Owner, ask: ReadChunk) -> Result<Chunk, Failed> {
        let id = document_id(&ask.document)?;
        self.finished(owner, id).await?;
        Ok(Chunk { bytes: Bytes(self.chunk(id, ask.number).await?.unwrap_or_default()) })
    }

    pub(crate) async fn file_address(
        &self,
        owner: Owner,
        ask: FileAddress,
    ) -> Result<FileAt, Failed> {
        let id = document_id(&ask.document)?;
        self.finished(owner, id).await?;
        let address: [u8; 16] = self.parts.chance.bytes();
        let until = self.parts.clock.now().plus(ADDRESS);
        let named = address_digest(&address);
        let write = move |tx: &mut Tx| {
            tx.insert(
                "INSERT INTO signing_address (address, document, until) VALUES ($1, $2, $3)",
                values![named, id, until],
            )
        };
        self.parts.store.write("signing.file_address", write).await?;
        Ok(FileAt { path: format!("/{}", hex(&address)), until })
    }

    /// The document of this address, while it is good.
    pub(crate) async fn addressed(&self, address: Id<()>) -> Result<DocumentRow, Failed> {
        let (named, now) = (address_digest(address.bytes()), self.parts.clock.now());
        let read = move |tx: &mut Tx| {
            let found: Option<DocumentRow> = tx.first(
                "SELECT d.id, d.name, d.media_type, d.kind, d.size, d.digest, d.begun_at,
                     d.finished
                 FROM signing_address a JOIN signing_document d ON d.id = a.document
                 WHERE a.address = $1 AND a.until > $2 AND d.finished = 1
                     AND (d.ends_at IS NULL OR d.ends_at > $2)",
                values![named, now],
            )?;
            found.ok_or(Failed::Refused(SigningRefusal::Unknown))
        };
        self.parts.store.read("signing.addressed", read).await
    }

    pub(crate) async fn document(
        &self,
        owner: Owner,
        id: DocumentId,
    ) -> Result<DocumentRow, Failed> {
        let (owner, now) = (owner.column(), self.parts.clock.now());
        let read = move |tx: &mut Tx| DocumentRow::of(tx, id, &owner, now);
        self.parts.store.read("signing.document", read).await
    }

    /// A document that is whole.
    pub(crate) async fn finished(
        &self,
        owner: Owner,
        id: DocumentId,
    ) -> Result<DocumentRow, Failed> {
        let row = self.document(owner, id).await?;
        if row.finished { Ok(row) } else { Err(SigningRefusal::Chunks.into()) }
    }

    /// The largest document that is taken, in bytes.
    fn largest(&self) -> u64 {
        let signable = u64::try_from(pdf::Limits::default().signable()).unwrap_or(u64::MAX);
        self.parts.document_max.min(signable)
    }

    /// Sweeps every minute, for ever.
    pub(crate) async fn sweep(&self) {
        let SigningParts { store, clock, .. } = &self.parts;
        loop {
            let now = clock.now();
            while let Ok(1..) = store.write("signing.sweep", move |tx| swept(tx, now)).await {}
            clock.until(now.plus(Duration::from_mins(1))).await;
        }
    }
}

/// Whether so many documents wait already that no further one is taken.
fn waiting(tx: &mut Tx, owner: &[u8], now: Time) -> Result<bool, StoreError> {
    let count: Option<(i64,)> = tx.first(
        "SELECT COUNT(*) FROM signing_document
         WHERE owner = $1 AND ends_at > $2 AND (finished = 0 OR kind = 'to-check')",
        values![owner, now],
    )?;
    let most = if owner.is_empty() { NOBODYS_MAX } else { OPEN_MAX };
    Ok(count.is_some_and(|(count,)| count >= most))
}

fn address_digest(address: &[u8; 16]) -> [u8; 32] {
    Sha256::digest(address).into()
}

fn same_chunk(tx: &mut Tx, id: DocumentId, number: u32, bytes: &[u8]) -> Result<(), Failed> {
    let stands: Option<(Vec<u8>,)> = tx.first(
        "SELECT bytes FROM signing_chunk WHERE document = $1 AND number = $2",
        values![id, number],
    )?;
    match stands {
        Some((stands,)) if stands == bytes => Ok(()),
        _ => Err(Failed::Refused(SigningRefusal::Chunks)),
    }
}

/// A few documents and many addresses at a time, so that no transaction is long.
fn swept(tx: &mut Tx, now: Time) -> Result<u64, StoreError> {
    let ended: Vec<(DocumentId,)> = tx.all(
        "SELECT id FROM signing_document WHERE ends_at <= $1 ORDER BY ends_at LIMIT 5",
        values![now],
    )?;
    for (id,) in &ended {
        tx.update("DELETE FROM signing_chunk WHERE document = $1", values![*id])?;
        tx.update("DELETE FROM signing_document WHERE id = $1", values![*id])?;
        // The update repeats parts of the document.
        tx.update(
            "UPDATE signing_session SET prepared = $2 WHERE document = $1",
            values![*id, Vec::new()],
        )?;
    }
    let addresses = tx.update(
        "DELETE FROM signing_address WHERE address IN
             (SELECT address FROM signing_address WHERE until <= $1 ORDER BY until LIMIT 500)",
        values![now],
    )?;
    Ok(u64::try_from(ended.len()).unwrap_or(0).saturating_add(addresses))
}
