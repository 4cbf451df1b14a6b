//! Checking: what the report says of whole, changed and unreadable files.

use links::{Call, OnBehalf};
use signing_contract::{
    BeginDocument, Check, DocumentKind, FinishDocument, PutChunk, SigningRefusal,
};

use crate::paper::{blank, encrypted};
use crate::world::{World, in_a_world, refusal};

async fn report(world: &World, file: &[u8]) -> serde_json::Value {
    let document = world.brought("anna", (file, DocumentKind::ToCheck)).await.unwrap();
    let checked = world.call("anna", Check { document: document.id.clone() }).await.unwrap();
    assert_eq!(checked.document, document);
    serde_json::from_str(&checked.report).unwrap()
}

#[test]
fn what_was_signed_here_passes_and_one_changed_byte_does_not() {
    in_a_world(|world| async move {
        let file = world.signed(&blank(0)).await;
        let whole = report(&world, &file).await;
        assert_eq!(whole["signatures"][0]["indication"], "TOTAL-PASSED", "{whole:#}");
        assert_eq!(whole["signatures"][0]["qualification"], "not determined");
        assert_eq!(whole["file"], "līgums.pdf");
        let mut changed = file.clone();
        changed[12] ^= 1;
        let changed = report(&world, &changed).await;
        assert_eq!(changed["signatures"][0]["indication"], "TOTAL-FAILED", "{changed:#}");
    });
}

#[test]
fn a_certificate_revoked_after_the_signature_is_told_and_the_signature_still_holds() {
    in_a_world(|world| async move {
        let file = world.signed(&blank(0)).await;
        world.trial.clock.pass(std::time::Duration::from_secs(60));
        world.outside.tell(Some(&base::hex(world.neighbours.certificate.serial())));
        let later = report(&world, &file).await;
        assert_eq!(later["signatures"][0]["indication"], "TOTAL-PASSED", "{later:#}");
        let warnings = later["signatures"][0]["warnings"].to_string();
        assert!(warnings.contains("REVOKED_LATER"), "{later:#}");
    });
}

#[test]
fn a_file_without_signatures_and_one_that_cannot_be_read_say_so() {
    in_a_world(|world| async move {
        let blank = report(&world, &blank(0)).await;
        assert_eq!(blank["signatures"], serde_json::json!([]));
        assert_eq!(blank["error"], serde_json::Value::Null);
        assert_eq!(report(&world, &encrypted()).await["error"]["code"], "encrypted");
        assert_eq!(report(&world, b"hello").await["error"]["code"], "not-pdf");
    });
}

#[test]
fn whoever_is_not_logged_in_can_check_but_not_reach_a_persons_document() {
    in_a_world(|world| async move {
        let nobody = || OnBehalf::System { job: "check".to_owned() };
        let begin = BeginDocument {
            name: "a.pdf".to_owned(),
            media_type: String::new(),
            kind: DocumentKind::ToCheck,
        };
        let document = world.portal.call(Call::new(begin, nobody(), "check")).await.unwrap();
        let file = blank(0);
        let size = u64::try_from(file.len()).unwrap();
        let put = PutChunk { document: document.clone(), number: 0, bytes: base::Bytes(file) };
        world.portal.call(Call::new(put, nobody(), "check")).await.unwrap();
        let finish = FinishDocument { document: document.clone(), size };
        world.portal.call(Call::new(finish, nobody(), "check")).await.unwrap();
        world.portal.call(Call::new(Check { document }, nobody(), "check")).await.unwrap();
        let hers = world.brought("anna", (&blank(0), DocumentKind::ToCheck)).await.unwrap();
        let check = Call::new(Check { document: hers.id }, nobody(), "check");
        assert_eq!(refusal(world.portal.call(check).await), SigningRefusal::Unknown);
    });
}
