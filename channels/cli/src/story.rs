//! What a person reads of a check: the verdict first, the evidence after it.
//!
//! Spec: R22: validity, qualification and authority are three axes; R27: a claimed time is never
//! shown as proven.

use std::fmt::Write as _;

use ades::{Indication, Report, SignatureReport, StampReport, SubIndication};
use base::Time;
use ui::text::{check, cli};
use ui::{Level, Stamp, Voice};

use crate::why;

/// The lines about one file, without its name.
pub(crate) fn story(voice: Voice, report: &Report) -> String {
    let mut text = String::new();
    let mut line = |depth: usize, words: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}{words}", "  ".repeat(depth));
    };
    let [heading, body] = verdict(voice, report);
    line(1, &heading);
    line(1, &body);
    for signature in &report.signatures {
        line(0, "");
        line(1, &voice.say(check::signed(name_of(voice, signature.signed_by.as_deref()))));
        evidence(voice, signature).iter().for_each(|words| line(2, words));
    }
    for stamp in &report.timestamps {
        line(0, "");
        let unit = name_of(voice, stamp.produced_by.as_deref());
        line(1, &format!("{}: {unit}", Stamp::Plain.say(voice)));
        stamped(voice, stamp).iter().for_each(|words| line(2, words));
    }
    text
}

fn name_of(voice: Voice, name: Option<&str>) -> String {
    name.map_or_else(|| voice.say(check::NOT_DETERMINED), str::to_owned)
}

fn verdict(voice: Voice, report: &Report) -> [String; 2] {
    let is = |code: &str, signature: &SignatureReport| {
        signature.errors.iter().chain(&signature.warnings).any(|reason| reason.code == code)
    };
    let changed = report.signatures.iter().any(|signature| is("CHANGED", signature));
    let added = report.signatures.iter().any(|signature| is("CHANGED_AS_PERMITTED", signature));
    let count = u64::try_from(report.signatures.len()).unwrap_or(u64::MAX);
    let (heading, body) = match report.worst() {
        _ if report.signatures.is_empty() => (check::NO_SIGNATURE.into(), check::NO_SIGNATURE_BODY),
        Some(Indication::TotalFailed) if changed => (check::CHANGED.into(), check::FAILED_BODY),
        Some(Indication::TotalFailed) => (check::FAILED.into(), check::FAILED_BODY),
        Some(Indication::TotalPassed) if added => (check::ADDED_TO.into(), check::ADDED_TO_BODY),
        Some(Indication::TotalPassed) => (check::passed(count), check::PASSED_BODY),
        Some(Indication::Indeterminate) | None => (check::OPEN.into(), check::OPEN_BODY),
    };
    [voice.say(heading), voice.say(body)]
}

fn evidence(voice: Voice, signature: &SignatureReport) -> Vec<String> {
    let mut lines = Vec::new();
    let labelled = |label, words: String| format!("{}: {words}", voice.say(label));
    let sub = signature.sub_indication;
    if let Some(sub) = sub {
        lines.push(voice.say(why::sentence(sub, &signature.errors)));
    }
    if let Some(at) = signature.best_signature_time {
        lines.push(voice.say(check::proven(exact(voice, at))));
    }
    if let Some(at) = signature.claimed_signing_time {
        lines.push(voice.say(check::claimed(exact(voice, at))));
    }
    lines.push(labelled(check::LAW, Level::Undetermined.say(voice)));
    lines.push(labelled(check::AUTHORITY, voice.say(check::NOT_DETERMINED)));
    let whole = signature.coverage.whole;
    let covers = if whole { check::COVERS_ALL } else { check::COVERS_PART };
    lines.push(labelled(check::COVERS, voice.say(covers)));
    lines.push(voice.say(check::BY_STANDARD));
    let code = coded(signature.indication, sub);
    lines.push(format!("  {}: {code}, {}", signature.id, signature.format));
    lines.extend(signature.coverage.scopes.iter().map(|scope| format!("  {scope}")));
    for stamp in &signature.timestamps {
        lines.push(format!("  {}: {}", stamp.id, coded(stamp.indication, stamp.sub_indication)));
    }
    let reasons = signature.errors.iter().chain(&signature.warnings);
    lines.extend(reasons.map(|reason| format!("  {}: {}", reason.code, reason.text)));
    lines
}

fn stamped(voice: Voice, stamp: &StampReport) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(at) = stamp.time {
        lines.push(voice.say(cli::stamp_says(exact(voice, at))));
    }
    lines.push(format!("{}: {}", stamp.id, coded(stamp.indication, stamp.sub_indication)));
    let reasons = stamp.errors.iter().chain(&stamp.warnings);
    lines.extend(reasons.map(|reason| format!("{}: {}", reason.code, reason.text)));
    lines
}

fn exact(voice: Voice, seconds: i64) -> String {
    voice.exact(Time::from_seconds(seconds))
}

/// `TOTAL-FAILED · HASH_FAILURE`: the standard's words.
fn coded(indication: Indication, sub: Option<SubIndication>) -> String {
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let main = word(serde_json::to_value(indication));
    match sub {
        Some(sub) => format!("{main} · {}", word(serde_json::to_value(sub))),
        None => main,
    }
}
