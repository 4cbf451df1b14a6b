//! Signing a document: upload, see, wait for the phone, done.
//!
//! Spec: PROTOCOLS §3 (control code), §8 (signed is said only when time-stamp and revocation data
//! are inside), §9 (a document is shown from a host of its own).

use base::Time;
use maud::{Markup, html};
use ui::login::Pending;
use ui::text::{check, documents, frame, portal, sign as words};
use ui::{
    Event, Field, FieldError, Holds, Icon, Knot, Level, Stamp, Stand, Tone, Voice, Weight, btn,
    btn_bind, btn_quiet, crumbs, digest, document_frame, error_at, error_summary, fact, facts,
    link_btn, match_number, more, note, steps, thread,
};

use super::{Menu, Seat};
use crate::paths;

/// What the field for a file offers.
pub(super) const PDF: &str = "application/pdf,.pdf";

/// Asks for the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUpload {
    /// The largest file that is taken, in bytes.
    pub size_max: u64,
    /// What is to be mended: a file that cannot be signed says why here.
    pub errors: Vec<FieldError>,
}

/// Shows what would be signed.
#[derive(Clone, Debug)]
pub struct SignSee {
    /// The session's opaque id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its pages, if they could be counted.
    pub pages: Option<u64>,
    /// SHA-256 of the file as uploaded.
    pub digest: Vec<u8>,
    /// Who signed it already, as their certificates name them.
    pub signed_by: Vec<String>,
    /// The person's name as the certificate has it.
    pub signer: String,
    /// What the signature will be in law.
    pub level: Level,
    /// Where the files host shows it, for five minutes.
    pub shown_at: String,
    /// Where the files host hands it out.
    pub file_at: String,
}

/// Four digits that tell requests apart: page, phone and command line compute the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlCode(pub u16);

impl std::fmt::Display for ControlCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.0 % 10_000)
    }
}

/// How far a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignPending {
    /// The phone has not answered.
    Phone(Pending),
    /// Signed by the person, but no time-stamp or certificate status could be had yet (R28).
    Proofs,
    /// The means did not sign: frozen, blocked, or its certificate is not active.
    Stopped,
}

/// Waits for the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignWait {
    /// The session's opaque id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// The control code.
    pub code: ControlCode,
    /// Until when the phone can answer.
    pub until: Time,
    /// How far it is.
    pub pending: SignPending,
}

/// Says what now holds.
#[derive(Clone, Debug)]
pub struct SignDone {
    /// The document's opaque id.
    pub id: String,
    /// The signed file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Who signed.
    pub signer: String,
    /// The time-stamp's time, as a check of the file found it.
    pub stamped: Option<Time>,
    /// What kind of stamp it is.
    pub stamp: Stamp,
    /// What the signature is in law.
    pub level: Level,
    /// For how many days files are kept.
    pub kept_days: u64,
}

/// Asks for the document: POST multipart `document`, `upload`.
#[must_use]
pub fn sign_upload(seat: &Seat, view: &SignUpload) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::UPLOAD_HEADING);
    let content = html! {
        (error_summary(voice, &view.errors))
        (trail(voice, &voice.say(words::SHORT)))
        div.head { h1 { (heading) } p.lede { (voice.say(words::UPLOAD_LEDE)) } }
        div.cols.cols-main {
            form.stack method="post" action={ (paths::SIGN) "#errors" }
                enctype="multipart/form-data" {
                (Field::new("document", &voice.say(words::FILE), Holds::File(PDF))
                    .hint(&voice.say(words::file_hint(voice.size(view.size_max))))
                    .error(error_at(&view.errors, "document")))
                p { (btn("upload", &voice.say(words::UPLOAD))) }
            }
            div { (stage(voice, 0)) }
        }
    };
    let mut around = seat.frame(Menu::Documents, &heading);
    around.errors = !view.errors.is_empty();
    around.page(&content)
}

fn stage(voice: Voice, here: usize) -> Markup {
    let all = [words::STEP_CHOOSE, words::STEP_READ, words::STEP_APPROVE, words::STEP_FETCH];
    steps(&all.map(|step| voice.say(step)), here, &voice.say(words::STEP_DONE))
}

fn trail(voice: Voice, here: &str) -> Markup {
    let above = [
        (paths::HOME, voice.say(portal::MENU_HOME)),
        (paths::DOCUMENTS, voice.say(portal::MENU_DOCUMENTS)),
    ];
    crumbs(&voice.say(frame::WHERE), &above, here)
}

/// Shows the document and what would be signed: POST `sign` or `refuse`.
#[must_use]
pub fn sign_see(seat: &Seat, view: &SignSee) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::SEE_HEADING);
    let content = html! {
        (trail(voice, &view.name))
        div.head { h1 { (heading) } }
        div.cols.cols-main {
            section.stack aria-labelledby="document" {
                div.row.row-apart {
                    h2 id="document" { (voice.say(words::DOCUMENT)) }
                    p.meta { a href=(view.file_at) { (voice.say(words::FETCH_UNSIGNED)) } }
                }
                p.meta { (voice.say(words::FRAME_HINT)) }
                (document_frame(&view.shown_at, &voice.say(words::DOCUMENT_FRAME)))
            }
            (panel(voice, view))
        }
    };
    seat.page(Menu::Documents, &heading, &content)
}

fn panel(voice: Voice, view: &SignSee) -> Markup {
    let mut rows = vec![fact(voice.say(words::FILE), what(voice, view))];
    rows.push(fact(voice.say(words::SIGNER), view.signer.as_str()));
    if !view.signed_by.is_empty() {
        rows.push(fact(voice.say(words::SIGNED_BY), view.signed_by.join(", ")));
    }
    rows.push(fact(voice.say(words::WITH), "eParaksts mobile"));
    html! {
        form.sheet.stack.stick method="post" action=(paths::signing(&view.id))
            aria-labelledby="panel" {
            h2 id="panel" { (voice.say(words::PANEL)) }
            (facts(Stand::Beside, &rows))
            (note(Tone::Info, &view.level.say(voice), view.level.means(voice)))
            div.stack.main-act {
                (btn_bind("sign", &voice.say(words::SIGN)).with_mark().wide())
                p.meta { (voice.say(words::ON_PHONE)) }
                p { (btn_quiet("refuse", &voice.say(words::REFUSE))) }
            }
            (more(&voice.say(check::TECHNICAL), facts(Stand::Below, &[
                fact(voice.say(words::KIND), "PAdES-B-LT"),
                fact("SHA-256", digest(&view.digest)),
            ])))
        }
    }
}

fn what(voice: Voice, view: &SignSee) -> String {
    let mut parts = vec![view.name.clone(), voice.size(view.size)];
    parts.extend(view.pages.map(|pages| voice.say(words::pages(pages))));
    parts.join(", ")
}

/// Waits for the phone: POST `check`, `again` or `cancel`.
#[must_use]
pub fn sign_wait(seat: &Seat, view: &SignWait) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(match view.pending {
        SignPending::Proofs => words::PROOFS_HEADING,
        SignPending::Phone(pending) if !pending.over() => words::WAIT_HEADING,
        SignPending::Phone(_) | SignPending::Stopped => words::STOPPED_HEADING,
    });
    let content = html! {
        (trail(voice, &view.name))
        div.head { h1 { (heading) } p.lede { (view.name) } }
        div.cols.cols-even {
            div.sheet.stack {
                @match view.pending {
                    SignPending::Phone(pending @ (Pending::Refused | Pending::Late)) => {
                        (ended(voice, view, pending))
                    }
                    SignPending::Phone(pending) => (matching(voice, view, pending)),
                    SignPending::Proofs => (proofs(voice, view)),
                    SignPending::Stopped => (stopped(voice)),
                }
            }
            div.stack-h {
                @if view.pending != SignPending::Stopped { (stage(voice, 2)) }
                @if matches!(view.pending, SignPending::Phone(_)) {
                    (note(Tone::Warn, &voice.say(words::STRANGER),
                        voice.say(words::STRANGER_BODY)))
                }
            }
        }
    };
    seat.page(Menu::Documents, &heading, &content)
}

fn matching(voice: Voice, view: &SignWait, pending: Pending) -> Markup {
    html! {
        div.match {
            (match_number(&voice.say(words::CODE), &view.code.to_string()))
            p role="status" { (pending.say(voice)) }
            p.meta { (voice.say(ui::text::login::until(voice.hour(view.until)))) }
        }
        form.stack.main-act method="post" action=(paths::signing_wait(&view.id))
            data-poll=(paths::signing_state(&view.id)) {
            (btn("check", &voice.say(ui::text::login::APPROVED)).wide())
            p.meta { (voice.say(words::CODE_MEANS)) }
            p { (btn_quiet("cancel", &voice.say(ui::text::login::CANCEL))) }
        }
    }
}

fn ended(voice: Voice, view: &SignWait, pending: Pending) -> Markup {
    html! {
        div role="status" {
            (note(Tone::Bad, &pending.say(voice), voice.say(words::NOT_SIGNED)))
        }
        form.row.main-act method="post" action=(paths::signing_wait(&view.id)) {
            (btn("again", &voice.say(ui::text::login::AGAIN)))
            (btn_quiet("cancel", &voice.say(ui::text::login::CANCEL)))
        }
    }
}

fn proofs(voice: Voice, view: &SignWait) -> Markup {
    html! {
        div role="status" {
            (note(Tone::Warn, &voice.say(words::PROOFS_TITLE), voice.say(words::PROOFS_BODY)))
        }
        form.row.main-act method="post" action=(paths::signing_wait(&view.id))
            data-poll=(paths::signing_state(&view.id)) {
            (btn("check", &voice.say(words::PROOFS_AGAIN)))
            (link_btn(Weight::Quiet, paths::DOCUMENTS, &voice.say(words::PROOFS_LATER)))
        }
    }
}

fn stopped(voice: Voice) -> Markup {
    html! {
        (note(Tone::Bad, &voice.say(words::STOPPED), voice.say(words::STOPPED_BODY)))
        p.main-act { (link_btn(Weight::Main, paths::SECURITY, &voice.say(portal::MENU_SECURITY))) }
    }
}

/// Says what now holds, and hands the file out.
#[must_use]
pub fn sign_done(seat: &Seat, view: &SignDone) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::DONE_HEADING);
    let content = html! {
        div.head { h1 { (heading) } p.lede { (view.name) ", " (voice.size(view.size)) } }
        div.cols.cols-main {
            div.stack-l {
                (note(Tone::Info, &view.level.say(voice), view.level.means(voice)))
                p.row.main-act {
                    a.btn href=(paths::signed_file(&view.id)) {
                        (Icon::Download.draw()) (voice.say(words::FETCH))
                    }
                    (link_btn(Weight::Second, paths::CHECK, &voice.say(portal::CHECK_SIGNATURE)))
                }
                (story(voice, view))
            }
            section.sheet.stack aria-labelledby="next" {
                h2 id="next" { (voice.say(words::NEXT)) }
                p { (voice.say(words::NEXT_BODY)) }
                p.meta { (voice.say(documents::kept(view.kept_days))) }
                p { a href=(paths::SIGN) { (voice.say(words::ANOTHER)) } }
            }
        }
    };
    seat.page(Menu::Documents, &heading, &content)
}

fn story(voice: Voice, view: &SignDone) -> Markup {
    let signer = words::signed_name(view.signer.as_str());
    let stamped = view.stamped.map(|at| voice.exact(at)).unwrap_or_default();
    html! {
        section.sheet aria-labelledby="story" {
            div.sheet-head { h2 id="story" { (voice.say(check::STORY)) } }
            (thread(&[
                Event::new(Knot::Will, voice.say(signer), voice.say(words::OWN_NAME)),
                Event::new(Knot::Time, view.stamp.say(voice), stamped),
                Event::new(Knot::Event, voice.say(words::STATUS_INSIDE), Markup::default()),
            ]))
        }
    }
}
