//! Bringing documents: in chunks, whole, one's own, and of a kind that can be signed.

use std::time::Duration;

use base::{Bytes, Clock, Digest};
use links::{Call, OnBehalf};
use sha2::{Digest as _, Sha256};
use signing_contract::{
    BeginDocument, CHUNK_BYTES_MAX, DocumentKind, DocumentsOf, FinishDocument, PutChunk, ReadChunk,
    SigningRefusal,
};

use crate::paper::{blank, encrypted};
use crate::world::{World, in_a_world, refusal};

fn begin(kind: DocumentKind) -> BeginDocument {
    let media_type = "text/html".to_owned();
    BeginDocument { name: "a.pdf".to_owned(), media_type, kind }
}

async fn put(
    world: &World,
    document: &str,
    number: u32,
    bytes: &[u8],
) -> Result<(), SigningRefusal> {
    let chunk = PutChunk { document: document.to_owned(), number, bytes: Bytes(bytes.to_vec()) };
    match world.call("anna", chunk).await {
        Ok(()) => Ok(()),
        refused => Err(refusal(refused)),
    }
}

#[test]
fn a_document_in_chunks_is_read_back_as_it_was() {
    in_a_world(|world| async move {
        let bytes = blank(700_000);
        let document = world.brought("anna", (&bytes, DocumentKind::ToSign)).await.unwrap();
        assert_eq!(document.digest, Digest(Sha256::digest(&bytes).into()));
        assert_eq!(document.media_type, "application/pdf");
        assert_eq!(world.read(&document.id).await, bytes);
        let all = world.call("anna", DocumentsOf {}).await.unwrap();
        assert_eq!(all.documents, [document]);
        assert_eq!(world.call("berta", DocumentsOf {}).await.unwrap().documents, []);
    });
}

#[test]
fn what_cannot_be_signed_is_refused_by_a_stable_word_when_it_is_whole() {
    in_a_world(|world| async move {
        for (bytes, kind) in [
            (encrypted(), "encrypted"),
            (b"<html>".to_vec(), "not-pdf"),
            (b"PK\x03\x04 a container".to_vec(), "not-pdf"),
            ([b"\n\n".as_slice(), &blank(0)].concat(), "foreign-start"),
            (b"%PDF-1.7 and nothing".to_vec(), "damaged-table"),
        ] {
            let refused = world.brought("anna", (&bytes, DocumentKind::ToSign)).await;
            assert_eq!(refusal(refused), SigningRefusal::Document { kind: kind.to_owned() });
        }
        assert_eq!(world.call("anna", DocumentsOf {}).await.unwrap().documents, []);
    });
}

#[test]
fn missing_and_altered_chunks_and_another_size_are_refused() {
    in_a_world(|world| async move {
        let id = world.call("anna", begin(DocumentKind::ToCheck)).await.unwrap();
        let finish = |size| FinishDocument { document: id.clone(), size };
        assert_eq!(refusal(world.call("anna", finish(0)).await), SigningRefusal::Chunks);
        put(&world, &id, 0, b"one").await.unwrap();
        put(&world, &id, 0, b"one").await.unwrap();
        assert_eq!(put(&world, &id, 0, b"two").await, Err(SigningRefusal::Chunks));
        put(&world, &id, 2, b"three").await.unwrap();
        for size in [3, 8] {
            assert_eq!(refusal(world.call("anna", finish(size)).await), SigningRefusal::Chunks);
        }
        put(&world, &id, 1, b"two").await.unwrap();
        assert_eq!(refusal(world.call("anna", finish(12)).await), SigningRefusal::Chunks);
        let whole = world.call("anna", finish(11)).await.unwrap();
        assert_eq!(world.read(&id).await, b"onetwothree");
        assert_eq!(world.call("anna", finish(11)).await.unwrap(), whole, "said again");
        assert_eq!(put(&world, &id, 3, b"more").await, Err(SigningRefusal::Chunks));
    });
}

#[test]
fn limits_hold() {
    in_a_world(|world| async move {
        let id = world.call("anna", begin(DocumentKind::ToCheck)).await.unwrap();
        let long = vec![0; CHUNK_BYTES_MAX + 1];
        for bytes in [&long[..], &[]] {
            assert_eq!(put(&world, &id, 0, bytes).await, Err(SigningRefusal::Chunks));
        }
        let large = SigningRefusal::Document { kind: "too-large".to_owned() };
        for number in 0..16 {
            put(&world, &id, number, &long[1..]).await.unwrap();
        }
        assert_eq!(put(&world, &id, 16, b"x").await, Err(large));
        for name in ["", "\u{200b}", "a/b", "a\\b", &"ā".repeat(128)] {
            let begin = BeginDocument { name: name.to_owned(), ..begin(DocumentKind::ToCheck) };
            let kind = "name".to_owned();
            assert_eq!(refusal(world.call("anna", begin).await), SigningRefusal::Document { kind });
        }
    });
}

#[test]
fn what_hides_in_a_name_is_left_out_of_it() {
    in_a_world(|world| async move {
        let hiding =
            BeginDocument { name: "fdp\u{202e}.exe\n".to_owned(), ..begin(DocumentKind::ToCheck) };
        let id = world.call("anna", hiding).await.unwrap();
        put(&world, &id, 0, b"x").await.unwrap();
        let whole = FinishDocument { document: id, size: 1 };
        assert_eq!(world.call("anna", whole).await.unwrap().name, "fdp.exe");
    });
}

#[test]
fn what_was_brought_to_be_checked_is_gone_after_an_hour() {
    in_a_world(|world| async move {
        let check = world.brought("anna", (&blank(0), DocumentKind::ToCheck)).await.unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let read = |id: &str| ReadChunk { document: id.to_owned(), number: 0 };
        world.call("anna", read(&check.id)).await.unwrap();
        world.trial.clock.pass(Duration::from_hours(1));
        let running = tokio::spawn(std::sync::Arc::clone(&world.signing).run(async {
            let _ = stopped.await;
        }));
        while world.count("SELECT COUNT(*) FROM signing_chunk").await > 0 {
            tokio::task::yield_now().await;
        }
        stop.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(world.count("SELECT COUNT(*) FROM signing_document").await, 0);
    });
}

#[test]
fn what_is_signed_here_stays_for_thirty_days() {
    in_a_world(|mut world| async move {
        world.signed(&blank(0)).await;
        for (days, left) in [(29, 2), (2, 0)] {
            world.trial.clock.pass(Duration::from_hours(24 * days));
            world.until = world.trial.clock.now().plus(Duration::from_mins(30));
            world.restart().await;
            let all = world.call("anna", DocumentsOf {}).await.unwrap();
            assert_eq!(all.documents.len(), left);
        }
    });
}

#[test]
fn a_document_is_its_owners_alone_and_nobody_brings_one_to_sign() {
    in_a_world(|world| async move {
        let document = world.brought("anna", (&blank(0), DocumentKind::ToSign)).await.unwrap();
        let read = ReadChunk { document: document.id.clone(), number: 0 };
        assert_eq!(refusal(world.call("berta", read).await), SigningRefusal::Unknown);
        let put = PutChunk { document: document.id, number: 1, bytes: Bytes(vec![1]) };
        assert_eq!(refusal(world.call("berta", put).await), SigningRefusal::Unknown);
        let nobody = OnBehalf::System { job: "portal".to_owned() };
        let call = Call::new(begin(DocumentKind::ToSign), nobody, "sign");
        assert_eq!(refusal(world.portal.call(call).await), SigningRefusal::Evidence);
        let signed = world.call("anna", begin(DocumentKind::Signed)).await;
        assert_eq!(refusal(signed), SigningRefusal::Evidence);
    });
}
