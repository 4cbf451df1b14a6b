//! Checking a signature: the verdict first, the evidence on demand.
//!
//! Spec: R22: validity, qualification and authority are three axes, never one word; R27: a claimed
//! time is never shown as proven.

use base::Time;
use maud::{Markup, html};
use ui::text::{check as words, portal};
use ui::{
    Ended, Event, Field, FieldError, Holds, Knot, Level, Stamp, Stand, Table, Tag, Tone, Voice,
    Weight, btn, code, error_at, error_summary, fact, facts, link_btn, more_sheet, note, sheet,
    thread, verdict,
};

use super::sign::PDF;
use super::{Menu, Seat};
use crate::paths;

/// Asks for the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckUpload {
    /// The largest file that is taken, in bytes.
    pub size_max: u64,
    /// What is to be mended: a file that cannot be read says why here.
    pub errors: Vec<FieldError>,
}

/// The first axis: EN 319 102-1's main indication, and its worst reason in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// TOTAL-PASSED.
    Passed,
    /// INDETERMINATE.
    Indeterminate,
    /// TOTAL-FAILED.
    Failed,
}

impl Verdict {
    fn ended(self) -> Ended {
        match self {
            Self::Passed => Ended::Sound,
            Self::Indeterminate => Ended::Open,
            Self::Failed => Ended::Broken,
        }
    }

    fn tag(self) -> Tag {
        match self {
            Self::Passed => Tag::Valid,
            Self::Indeterminate => Tag::Open,
            Self::Failed => Tag::Invalid,
        }
    }

    fn indication(self) -> &'static str {
        match self {
            Self::Passed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::Failed => "TOTAL-FAILED",
        }
    }
}

/// One thing that was checked, for the expert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What was checked, in words of the page's language.
    pub what: String,
    /// How it ended.
    pub ended: Verdict,
    /// The code: "OCSP good", "HASH_FAILURE".
    pub code: String,
}

/// One signature of the file.
#[derive(Clone, Debug)]
pub struct SignatureChecked {
    /// The signer, as the certificate has the name.
    pub signer: String,
    /// The first axis.
    pub verdict: Verdict,
    /// Why, in a sentence of the page's language: what a person should know and do.
    pub reason: Option<String>,
    /// The sub-indication: "SIG_CRYPTO_FAILURE".
    pub sub_indication: Option<String>,
    /// The second axis.
    pub level: Level,
    /// The third axis: for whom the signer acted, in words; nothing: not determined.
    pub authority: Option<String>,
    /// The time that a time-stamp proves.
    pub proven: Option<(Time, Stamp)>,
    /// The time that the signer claims; proves nothing.
    pub claimed: Option<Time>,
    /// Whether the signature covers the file as it is now, but for itself.
    pub covers_all: bool,
    /// What was checked, for the expert.
    pub notes: Vec<Note>,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was checked.
    pub at: Time,
    /// Its signatures, oldest first.
    pub signatures: Vec<SignatureChecked>,
    /// Changes after the last signature, in sentences: what and where.
    pub changes: Vec<String>,
    /// The signed content, where it can still be handed out.
    pub signed_content: Option<String>,
}

impl Checked {
    /// The worst of all signatures; nothing without a signature.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let has = |one: Verdict| self.signatures.iter().any(|s| s.verdict == one);
        match () {
            () if self.signatures.is_empty() => None,
            () if has(Verdict::Failed) => Some(Verdict::Failed),
            () if has(Verdict::Indeterminate) => Some(Verdict::Indeterminate),
            () => Some(Verdict::Passed),
        }
    }
}

/// Asks for the file: POST multipart `file`, `check`.
#[must_use]
pub fn check_upload(seat: &Seat, view: &CheckUpload) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::UPLOAD_HEADING);
    let content = html! {
        div.stack-l.narrow {
            (error_summary(voice, &view.errors))
            div.head { h1 { (heading) } p.lede { (voice.say(words::UPLOAD_LEDE)) } }
            form.stack method="post" action={ (paths::CHECK) "#errors" }
                enctype="multipart/form-data" {
                (Field::new("file", &voice.say(words::FILE), Holds::File(PDF))
                    .hint(&voice.say(words::file_hint(voice.size(view.size_max))))
                    .error(error_at(&view.errors, "file")))
                p { (btn("check", &voice.say(words::CHECK))) }
            }
            (note(Tone::Info, &voice.say(words::NOT_KEPT), voice.say(words::NOT_KEPT_BODY)))
        }
    };
    let mut frame = seat.frame(Menu::Check, &heading);
    frame.errors = !view.errors.is_empty();
    frame.page(&content)
}

/// The verdict.
#[must_use]
pub fn verdict_page(seat: &Seat, view: &Checked) -> Markup {
    let voice = seat.voice;
    let heading = heading(voice, view);
    let ended = match view.verdict() {
        Some(Verdict::Passed) if !view.changes.is_empty() => Ended::Open,
        worst => worst.map_or(Ended::Open, Verdict::ended),
    };
    let content = html! {
        div.stack-l {
            (verdict(ended, &voice.say(words::VERDICT), &heading, under(voice, view)))
            @if view.signatures.is_empty() { div.narrow { (file(voice, view)) } }
            @else {
                div.cols.cols-main {
                    div.stack-l {
                        (sheet("story", &voice.say(words::STORY), &Markup::default(),
                            &thread(&story(voice, view))))
                        @for (place, one) in view.signatures.iter().enumerate() {
                            (axes(voice, place, one))
                        }
                    }
                    aside { (file(voice, view)) }
                }
            }
            @for (place, one) in view.signatures.iter().enumerate() {
                (technical(voice, place, one))
            }
        }
    };
    seat.page(Menu::Check, &heading, &content)
}

fn heading(voice: Voice, view: &Checked) -> String {
    let count = u64::try_from(view.signatures.len()).unwrap_or(u64::MAX);
    match view.verdict() {
        None => voice.say(words::NO_SIGNATURE),
        Some(Verdict::Failed) if !view.changes.is_empty() => voice.say(words::CHANGED),
        Some(Verdict::Failed) => voice.say(words::FAILED),
        Some(Verdict::Indeterminate) => voice.say(words::OPEN),
        Some(Verdict::Passed) if !view.changes.is_empty() => voice.say(words::ADDED_TO),
        Some(Verdict::Passed) => voice.say(words::passed(count)),
    }
}

fn under(voice: Voice, view: &Checked) -> Markup {
    let body = match view.verdict() {
        None => words::NO_SIGNATURE_BODY,
        Some(Verdict::Failed) => words::FAILED_BODY,
        Some(Verdict::Indeterminate) => words::OPEN_BODY,
        Some(Verdict::Passed) if !view.changes.is_empty() => words::ADDED_TO_BODY,
        Some(Verdict::Passed) => words::PASSED_BODY,
    };
    html! {
        p.lede { (signers(voice, view)) (voice.say(body)) }
        @if let Some(content) = &view.signed_content {
            p.row { (link_btn(Weight::Main, content, &voice.say(words::FETCH_SIGNED))) }
        }
    }
}

/// Who signed, before what it means; only where all signatures are good.
fn signers(voice: Voice, view: &Checked) -> Markup {
    let names: Vec<&str> = view.signatures.iter().map(|one| one.signer.as_str()).collect();
    let sound = view.verdict() == Some(Verdict::Passed);
    html! { @if sound { (voice.say(words::signed(names.join(", ")))) ". " } }
}

fn story(voice: Voice, view: &Checked) -> Vec<Event> {
    let mut events = Vec::new();
    for one in &view.signatures {
        let claimed = one.claimed.map(|at| voice.say(words::claimed(voice.moment(at))));
        let meta = html! {
            @if let Some(claimed) = claimed { p { (claimed) } }
            p.row.row-tight { (one.verdict.tag().show(voice)) }
        };
        events.push(Event::new(Knot::Will, voice.say(words::signed(one.signer.as_str())), meta));
        if let Some((at, stamp)) = &one.proven {
            let meta = voice.say(words::proven(voice.exact(*at)));
            events.push(Event::new(Knot::Time, stamp.say(voice), meta));
        }
    }
    for change in &view.changes {
        events.push(Event::new(Knot::Wrong, change.as_str(), voice.say(words::WHO_UNKNOWN)));
    }
    events
}

fn axes(voice: Voice, place: usize, one: &SignatureChecked) -> Markup {
    let undetermined = || voice.say(words::NOT_DETERMINED);
    let covers = voice.say(if one.covers_all { words::COVERS_ALL } else { words::COVERS_PART });
    let rows = [
        fact(
            voice.say(words::VALIDITY),
            html! {
                (one.verdict.tag().show(voice))
                @if let Some(reason) = &one.reason { p { (reason) } }
            },
        ),
        fact(
            voice.say(words::LAW),
            html! {
                (one.level.say(voice)) p.meta.label { (one.level.means(voice)) }
            },
        ),
        fact(voice.say(words::AUTHORITY), one.authority.clone().unwrap_or_else(undetermined)),
        fact(voice.say(words::COVERS), covers),
    ];
    let heading = voice.say(words::signature_of(one.signer.as_str()));
    sheet(&format!("axes{place}"), &heading, &Markup::default(), &facts(Stand::Wide, &rows))
}

fn file(voice: Voice, view: &Checked) -> Markup {
    html! {
        section.sheet.stack aria-labelledby="file" {
            h2 id="file" { (voice.say(words::CHECKED_FILE)) }
            (facts(Stand::Below, &[
                fact(voice.say(words::NAME), view.name.as_str()),
                fact(voice.say(words::SIZE), voice.size(view.size)),
                fact(voice.say(words::AT), voice.exact(view.at)),
            ]))
            p.meta { (voice.say(words::NOT_KEPT)) " "
                a.no-print href=(paths::CHECK) { (voice.say(words::ANOTHER)) } }
            p.no-print { a href=(paths::FRONT) { (voice.say(portal::GO_FRONT)) } }
        }
    }
}

fn technical(voice: Voice, place: usize, one: &SignatureChecked) -> Markup {
    let columns = [words::WHAT, words::RESULT, words::CODE].map(|key| voice.say(key)).to_vec();
    let mut table = Table::new(voice.say(words::BY_STANDARD), columns);
    let sub = one.sub_indication.as_deref().map(|sub| format!(" · {sub}")).unwrap_or_default();
    table.row(vec![
        html! { (voice.say(words::WHOLE)) },
        one.verdict.tag().show(voice),
        code(&format!("{}{sub}", one.verdict.indication())),
    ]);
    for line in &one.notes {
        table.row(vec![html! { (line.what) }, line.ended.tag().show(voice), code(&line.code)]);
    }
    let number = u64::try_from(place).unwrap_or(0).saturating_add(1);
    more_sheet(&voice.say(words::technical_of(voice.number(number), one.signer.as_str())), table)
}
