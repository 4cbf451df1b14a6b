//! Signing for trial, so that nobody approves what comes to nothing.

use crate::changes::{self, Change};
use crate::document::Document;
use crate::dss::{Dss, add_dss};
use crate::limits::Limits;
use crate::prepared::Prepared;
use crate::refusal::{Outcome, Refusal, STRUCTURE};
use crate::signature::{SignatureRequest, prepare};
use crate::signed::signatures;

/// A SEQUENCE in the place of a signature, and of a certificate.
const STAND_IN: &[u8] = &[0x30, 0];

/// Whether this file can be signed, and would pass a check with its validation data in it: both are
/// tried with stand-ins. Gives the file back, which is not copied for it.
///
/// [`prepare`] alone looks only at what it changes; a check compares everything, and what it cannot
/// read in both states counts as changed.
///
/// # Errors
/// Why the file cannot be signed.
pub fn rehearse(original: Vec<u8>, request: &SignatureRequest) -> Result<Vec<u8>, Refusal> {
    if original.len() > request.limits.signable() {
        return Err(Refusal::TooLarge);
    }
    let prepared = prepare(&original, request)?;
    let length = original.len();
    let mut file = original;
    file.extend(prepared.finish(STAND_IN)?);
    let signed = file.len();
    let store = Dss { certs: vec![STAND_IN.to_vec()], ..Dss::default() };
    let added = add_dss(&file, &store, &request.limits)?;
    file.extend(added);
    check(&file, signed, &prepared, &request.limits)?;
    file.truncate(length);
    Ok(file)
}

fn check(file: &[u8], signed: usize, prepared: &Prepared, limits: &Limits) -> Outcome<()> {
    let found = signatures(file, limits)?;
    let own = found.iter().find(|signature| signature.name == prepared.field());
    let holds = own
        .is_some_and(|own| own.flaws.is_empty() && own.later.change <= Change::OnlyValidationData);
    if holds { Ok(()) } else { Err(reason(file, signed, limits)) }
}

/// Why the two states cannot be compared.
fn reason(file: &[u8], signed: usize, limits: &Limits) -> Refusal {
    let compared = || {
        let new = Document::read(file, limits)?;
        new.expect_revisions(1);
        changes::compare(&new.revision(signed)?, &new, &[])
    };
    compared().err().unwrap_or(STRUCTURE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    fn tried(file: &[u8]) -> Result<(), &'static str> {
        let request = SignatureRequest::new(0, 64);
        let back = rehearse(file.to_vec(), &request).map_err(Refusal::kind)?;
        assert_eq!(back, file);
        Ok(())
    }

    fn with(object: &str) -> Vec<u8> {
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
        let pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
        trial::file(&["<</Type/Catalog/Pages 2 0 R>>", pages, page, object], "")
    }

    #[test]
    fn what_could_not_be_checked_afterwards_is_refused_before() {
        assert_eq!(tried(&trial::page("words")), Ok(()));
        assert_eq!(tried(&with("(nobody refers to this)")), Ok(()));
        // Another reader may read it somehow, and find in it what nobody signed.
        for broken in ["<</A>>", "<<</A", "[1 2"] {
            assert!(prepare(&with(broken), &SignatureRequest::new(0, 64)).is_ok());
            assert_eq!(tried(&with(broken)), Err("damaged-object"), "{broken}");
        }
        assert_eq!(tried(b"hello"), Err("not-pdf"));
    }

    #[test]
    fn room_is_left_for_validation_data() {
        let page = trial::page("words");
        let with = |bytes: usize| {
            let limits = Limits { bytes, ..Limits::default() };
            let request = SignatureRequest { limits, ..SignatureRequest::new(0, 64) };
            rehearse(page.clone(), &request).map(drop)
        };
        assert_eq!(with((1 << 20) + page.len() - 1), Err(Refusal::TooLarge));
        assert_eq!(with((1 << 20) + page.len()), Ok(()));
    }
}
