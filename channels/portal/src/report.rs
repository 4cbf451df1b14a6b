//! The report of a check, from its JSON to words of the page's language.

use base::Time;
use serde::Deserialize;
use ui::text::{Key, check as words};
use ui::{Level, Stamp, Voice};

use crate::fact::sentence;
use crate::pages::{Note, SignatureChecked, Verdict};

/// The longest report that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// What was found in a file: the words of EN 319 102-1.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Report {
    #[serde(default)]
    signatures: Vec<OfSignature>,
    error: Option<Unreadable>,
}

/// Why a file was not looked at.
#[derive(Clone, Debug, Deserialize)]
struct Unreadable {
    code: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfSignature {
    indication: String,
    sub_indication: Option<String>,
    signed_by: Option<String>,
    claimed_signing_time: Option<Time>,
    best_signature_time: Option<Time>,
    coverage: Coverage,
    #[serde(default)]
    errors: Vec<Reason>,
    #[serde(default)]
    warnings: Vec<Reason>,
}

#[derive(Clone, Debug, Deserialize)]
struct Coverage {
    whole: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Reason {
    code: String,
    text: String,
}

const REASONS: [(&str, Key); 17] = [
    ("FORMAT_FAILURE", words::REASON_FORMAT),
    ("HASH_FAILURE", words::REASON_HASH),
    ("SIG_CRYPTO_FAILURE", words::REASON_CRYPTO),
    ("SIGNED_DATA_NOT_FOUND", words::REASON_DATA_MISSING),
    ("SIG_CONSTRAINTS_FAILURE", words::REASON_CONSTRAINTS),
    ("NO_SIGNING_CERTIFICATE_FOUND", words::REASON_NO_CERTIFICATE),
    ("NO_CERTIFICATE_CHAIN_FOUND", words::REASON_NO_CHAIN),
    ("CERTIFICATE_CHAIN_GENERAL_FAILURE", words::REASON_CHAIN),
    ("CHAIN_CONSTRAINTS_FAILURE", words::REASON_USAGE),
    ("NOT_YET_VALID", words::REASON_NOT_YET_VALID),
    ("OUT_OF_BOUNDS_NO_POE", words::REASON_OUT_OF_BOUNDS),
    ("REVOKED_NO_POE", words::REASON_REVOKED),
    ("REVOKED_CA_NO_POE", words::REASON_ISSUER_REVOKED),
    ("TRY_LATER", words::REASON_TRY_LATER),
    ("CRYPTO_CONSTRAINTS_FAILURE", words::REASON_ALGORITHM),
    ("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", words::REASON_ALGORITHM),
    ("TIMESTAMP_ORDER_FAILURE", words::REASON_STAMPS),
];

impl Report {
    /// Reads a report; nothing for other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|_| text.len() <= LONGEST)
    }

    /// Why the file could not be read at all: a stable word.
    pub(crate) fn error(&self) -> Option<&str> {
        self.error.as_ref().filter(|_| self.signatures.is_empty()).map(|error| error.code.as_str())
    }

    /// The newest moment at which a signature is proven to have existed.
    pub(crate) fn newest_proven(&self) -> Option<Time> {
        self.signatures.iter().filter_map(|one| one.best_signature_time).max()
    }

    /// The signatures as the page shows them.
    pub(crate) fn signatures(&self, voice: Voice, demo: bool) -> Vec<SignatureChecked> {
        self.signatures.iter().map(|one| one.shown(voice, demo)).collect()
    }

    /// What was changed after signing, in sentences, each once.
    pub(crate) fn changes(&self, voice: Voice) -> Vec<String> {
        let mut changes: Vec<Key> = Vec::new();
        for one in &self.signatures {
            let found = one.errors.iter().filter_map(|error| match error.code.as_str() {
                "DIGEST_DIFFERS" => Some(words::CHANGE_CONTENT),
                "CHANGED" => Some(words::CHANGE_ADDED),
                _ => None,
            });
            changes.extend(found);
        }
        // The last one need not cover what came after the ones before it.
        let covered = self.signatures.iter().any(|one| one.coverage.whole);
        if changes.is_empty() && !covered && !self.signatures.is_empty() {
            changes.push(words::CHANGE_LATER);
        }
        changes.sort_unstable();
        changes.dedup();
        changes.into_iter().map(|key| voice.say(key)).collect()
    }
}

impl OfSignature {
    fn verdict(&self) -> Verdict {
        match self.indication.as_str() {
            "TOTAL-PASSED" => Verdict::Passed,
            "TOTAL-FAILED" => Verdict::Failed,
            _ => Verdict::Indeterminate,
        }
    }

    fn shown(&self, voice: Voice, demo: bool) -> SignatureChecked {
        let (verdict, sub) = (self.verdict(), self.sub_indication.as_deref());
        let known = sub.and_then(|sub| REASONS.iter().find(|(name, _)| *name == sub));
        let somebody = || voice.say(words::SOMEBODY);
        let stamp = if demo { Stamp::Test } else { Stamp::Plain };
        // A check of a demonstration knows its own anchors only.
        let level = match verdict {
            Verdict::Passed if demo => Level::Demonstration,
            _ => Level::Undetermined,
        };
        SignatureChecked {
            signer: self.signed_by.clone().unwrap_or_else(somebody),
            verdict,
            reason: known.map(|(_, key)| voice.say(*key)),
            sub_indication: self.sub_indication.clone(),
            level,
            authority: None,
            proven: self.best_signature_time.map(|at| (at, stamp)),
            claimed: self.claimed_signing_time,
            covers_all: self.coverage.whole,
            notes: self.notes(voice),
        }
    }

    fn notes(&self, voice: Voice) -> Vec<Note> {
        let worst = self.verdict();
        let errors = self.errors.iter().map(|one| one.note(voice, words::CAUSE, worst));
        let odd = self.warnings.iter().map(|one| one.note(voice, words::ODD, Verdict::Passed));
        errors.chain(odd).collect()
    }
}

impl Reason {
    /// The engine speaks English; other languages say what kind of line it is.
    fn note(&self, voice: Voice, kind: Key, ended: Verdict) -> Note {
        let english = voice.locale() == base::Locale::En;
        let what = if english { sentence(&self.text) } else { voice.say(kind) };
        Note { what, ended, code: self.code.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Locale;
    use proptest::prelude::*;

    fn report(indication: &str, sub: &str, code: &str, whole: bool) -> Report {
        let text = format!(
            r#"{{"file":"a.pdf","signatures":[{{"id":"S1","format":"PAdES-BASELINE-LT",
            "indication":"{indication}","subIndication":{sub},"qualification":"not determined",
            "authority":"not determined","signedBy":"ANNA PARAUGA",
            "claimedSigningTime":"2026-05-12T11:40:00Z","bestSignatureTime":"2026-05-12T11:41:00Z",
            "coverage":{{"whole":{whole},"scopes":["revision 1 of 1"]}},
            "errors":[{{"code":"{code}","text":"words"}}],"warnings":[]}}],
            "timestamps":[],"error":null}}"#
        );
        Report::parse(&text).unwrap()
    }

    #[test]
    fn a_good_report_says_who_signed_and_when_it_is_proven() {
        let report = report("TOTAL-PASSED", "null", "X", true);
        let shown = report.signatures(Voice::default(), true).remove(0);
        assert_eq!((shown.signer.as_str(), shown.verdict), ("ANNA PARAUGA", Verdict::Passed));
        assert_eq!(shown.proven.unwrap().0, "2026-05-12T11:41:00Z".parse().unwrap());
        assert_eq!(shown.level, Level::Demonstration);
        assert!(report.changes(Voice::default()).is_empty());
        assert_eq!(report.newest_proven(), "2026-05-12T11:41:00Z".parse().ok());
    }

    #[test]
    fn a_changed_document_says_so_in_both_languages() {
        for locale in Locale::ALL {
            let voice = Voice::new(locale);
            let report = report("TOTAL-FAILED", "\"HASH_FAILURE\"", "DIGEST_DIFFERS", true);
            let shown = report.signatures(voice, true).remove(0);
            assert_eq!(shown.reason, Some(voice.say(words::REASON_HASH)));
            assert_eq!(shown.level, Level::Undetermined);
            assert_eq!(report.changes(voice), [voice.say(words::CHANGE_CONTENT)]);
        }
    }

    #[test]
    fn what_was_added_after_the_last_signature_is_said() {
        let report = report("TOTAL-PASSED", "null", "X", false);
        let voice = Voice::default();
        assert_eq!(report.changes(voice), [voice.say(words::CHANGE_LATER)]);
    }

    #[test]
    fn a_file_that_is_no_report_or_has_an_error_is_told_apart() {
        assert!(Report::parse("").is_none() && Report::parse("[]").is_none());
        let unreadable =
            Report::parse(r#"{"signatures":[],"error":{"code":"encrypted","text":"a password"}}"#)
                .unwrap();
        assert_eq!(unreadable.error(), Some("encrypted"));
        assert!(unreadable.signatures(Voice::default(), true).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = Report::parse(&text);
        }
    }
}
