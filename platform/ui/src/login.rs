//! The pages of a login with a phone: a new browser, a remembered browser, waiting.
//!
//! Spec: PROTOCOLS §4. They belong to the login's own system; they stand here because the portal
//! and the identity platform show the same ones.

use base::Time;
use maud::{Markup, html};

use crate::button::{btn, btn_quiet, btn_second};
use crate::facts::{Stand, fact, facts};
use crate::form::{Field, FieldError, Holds, error_at, error_summary};
use crate::icon::Icon;
use crate::note::{Tone, more, note};
use crate::show::{asker, match_number, qr, spelled};
use crate::text::{Key, login};
use crate::thread::todo_steps;
use crate::voice::Voice;

/// Who asks, what for, and what they get; said before the first field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The registered name.
    pub name: String,
    /// The host that the answer goes to.
    pub host: String,
    /// What for, in words of the page's language.
    pub purpose: String,
    /// What they get, in words of the page's language.
    pub gets: String,
}

/// How far a pending login is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// No phone has taken it.
    Unclaimed,
    /// A phone shows it.
    OnPhone,
    /// The phone refused.
    Refused,
    /// Nobody answered in time.
    Late,
}

impl Pending {
    /// What the status line says.
    #[must_use]
    pub fn say(self, voice: Voice) -> String {
        voice.say(match self {
            Self::Unclaimed => login::STATUS_UNCLAIMED,
            Self::OnPhone => login::STATUS_ON_PHONE,
            Self::Refused => login::STATUS_REFUSED,
            Self::Late => login::STATUS_LATE,
        })
    }

    /// Whether nothing is waited for any more.
    #[must_use]
    pub fn over(self) -> bool {
        matches!(self, Self::Refused | Self::Late)
    }
}

/// Login in a browser that nobody knows yet: a QR and eight characters.
#[derive(Clone, Debug)]
pub struct NewBrowser {
    /// Who asks.
    pub asked: Asked,
    /// The address in the QR: it holds the request, nothing of a person.
    pub qr: String,
    /// The eight characters.
    pub characters: String,
    /// Until when they hold.
    pub until: Time,
    /// How far it is.
    pub pending: Pending,
    /// The address that opens the app on this very phone.
    pub app_link: String,
    /// Where the buttons post: `check`, `renew`, `cancel`.
    pub action: String,
    /// Where the script asks for the state.
    pub poll: String,
    /// Where a remembered browser's page is, if this browser is remembered.
    pub by_number: Option<String>,
}

/// Login in a remembered browser: the user number.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// Who asks.
    pub asked: Asked,
    /// What was typed.
    pub typed: String,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
    /// Where the number is posted: `user-number`, `go-on`.
    pub action: String,
    /// The page with the QR.
    pub by_qr: String,
}

/// The error at a user number that is not eight digits; any eight digits are taken.
#[must_use]
pub fn number_wrong(voice: Voice) -> FieldError {
    FieldError { field: "user-number", words: voice.say(login::NUMBER_WRONG) }
}

/// Waiting for the phone to choose the same number.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The two-digit code, 0–99.
    pub number: u8,
    /// Until when it holds.
    pub until: Time,
    /// How far it is.
    pub pending: Pending,
    /// Where the buttons post: `check`, `again`, `cancel`.
    pub action: String,
    /// Where the script asks for the state.
    pub poll: String,
}

/// The title of the pages before waiting.
#[must_use]
pub fn login_title(voice: Voice) -> String {
    voice.say(login::TITLE)
}

/// The title of the waiting page, which is its heading too.
#[must_use]
pub fn waiting_title(voice: Voice, pending: Pending) -> String {
    voice.say(if pending.over() { login::OVER_HEADING } else { login::WAIT_HEADING })
}

/// The page of a new browser.
#[must_use]
pub fn new_browser(voice: Voice, view: &NewBrowser) -> Markup {
    html! {
        div.head { h1 { (voice.say(login::QR_HEADING)) } }
        div.cols.cols-ask {
            (asks(voice, &view.asked))
            div.stack {
                div.sheet.stack {
                    @if view.pending.over() { (over(voice, view.pending, &view.action, "renew")) }
                    @else { (carry(voice, view)) }
                }
                @if let Some(by_number) = &view.by_number {
                    p { a href=(by_number) { (voice.say(login::BY_NUMBER)) } }
                }
                (more(&voice.say(login::NO_PHONE), html! {
                    div.prose { p { (voice.say(login::NO_PHONE_BODY)) } }
                }))
            }
        }
    }
}

fn carry(voice: Voice, view: &NewBrowser) -> Markup {
    let (first, rest) = view.characters.split_at_checked(4).unwrap_or((&view.characters, ""));
    html! {
        div.match {
            (qr(&view.qr, &voice.say(login::QR_LABEL)))
            (spelled(&voice.say(login::CHARACTERS), &[first, rest]))
            p role="status" { (view.pending.say(voice)) }
            p.meta { (voice.say(login::until(voice.hour(view.until)))) }
        }
        p { a.btn.btn-second.btn-wide href=(view.app_link) {
            (Icon::Phone.draw()) (voice.say(login::OPEN_APP))
        } }
        form.stack.main-act method="post" action=(view.action) data-poll=(view.poll) {
            (btn("check", &voice.say(login::CHECK_NOW)).wide())
            p.row { (btn_second("renew", &voice.say(login::RENEW)))
                (btn_quiet("cancel", &voice.say(login::CANCEL))) }
        }
    }
}

fn over(voice: Voice, pending: Pending, action: &str, again: &str) -> Markup {
    let (tone, body) = match pending {
        Pending::Refused => (Tone::Bad, login::REFUSED_BODY),
        _ => (Tone::Warn, login::LATE_BODY),
    };
    html! {
        div role="status" { (note(tone, &pending.say(voice), voice.say(body))) }
        form.row.main-act method="post" action=(action) {
            (btn(again, &voice.say(login::AGAIN)))
            (btn_quiet("cancel", &voice.say(login::CANCEL)))
        }
    }
}

/// The page of a remembered browser.
#[must_use]
pub fn remembered(voice: Voice, view: &Remembered) -> Markup {
    html! {
        (error_summary(voice, &view.errors))
        div.head { h1 { (voice.say(login::NUMBER_HEADING)) } }
        div.cols.cols-ask {
            (asks(voice, &view.asked))
            div.stack {
                form.sheet.stack method="post" action={ (view.action) "#errors" } {
                    (Field::new("user-number", &voice.say(login::USER_NUMBER), Holds::Code)
                        .hint(&voice.say(login::USER_NUMBER_HINT))
                        .error(error_at(&view.errors, "user-number"))
                        .value(&view.typed).remembered_as("username"))
                    p { (btn("go-on", &voice.say(login::GO_ON))) }
                }
                p { a href=(view.by_qr) { (voice.say(login::BY_QR)) } }
            }
        }
    }
}

fn asks(voice: Voice, asked: &Asked) -> Markup {
    html! {
        section.stack aria-labelledby="asks" {
            h2.label id="asks" { (voice.say(login::ASKS)) }
            (asker(Icon::Building, &asked.name, &asked.host))
            (facts(Stand::Beside, &[
                fact(voice.say(login::PURPOSE), &asked.purpose),
                fact(voice.say(login::GETS), &asked.gets),
            ]))
            p.meta { (voice.say(login::ONLY_AFTER)) }
        }
    }
}

/// The page that waits for the phone.
#[must_use]
pub fn waiting(voice: Voice, view: &Waiting) -> Markup {
    let steps: [Key; 3] = [login::STEP_OPEN, login::STEP_CHOOSE, login::STEP_PIN];
    html! {
        div.head { h1 { (waiting_title(voice, view.pending)) } }
        div.cols.cols-even {
            div.sheet.stack {
                @if view.pending.over() { (over(voice, view.pending, &view.action, "again")) }
                @else { (matching(voice, view)) }
            }
            div.stack-h {
                @if !view.pending.over() { (todo_steps(&steps.map(|step| voice.say(step)))) }
                (note(Tone::Warn, &voice.say(login::STRANGER), voice.say(login::STRANGER_BODY)))
                (more(&voice.say(login::NOTHING_CAME), html! {
                    div.prose { p { (voice.say(login::NOTHING_CAME_BODY)) } }
                }))
            }
        }
    }
}

fn matching(voice: Voice, view: &Waiting) -> Markup {
    html! {
        div.match {
            (match_number(&voice.say(login::YOUR_NUMBER), &format!("{:02}", view.number)))
            p role="status" { (view.pending.say(voice)) }
            p.meta { (voice.say(login::until(voice.hour(view.until)))) }
        }
        form.stack.main-act method="post" action=(view.action) data-poll=(view.poll) {
            (btn("check", &voice.say(login::APPROVED)).wide())
            p.meta { (voice.say(login::GOES_ON)) }
            p { (btn_quiet("cancel", &voice.say(login::CANCEL))) }
        }
    }
}
