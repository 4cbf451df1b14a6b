//! Obtaining a certificate for signing: who has to do what next, and nothing that is not so yet.

use base::Time;
use maud::{Markup, html};
use ui::login::Pending;
use ui::text::{Key, certificate as words, frame, login, portal, security};
use ui::{
    FieldError, Stand, Tone, Weight, btn, btn_bind, check, code, crumbs, error_summary, fact,
    facts, link_btn, note,
};

use super::end_phone::grouped;
use super::revoke::Certificate;
use super::{Menu, Seat};
use crate::paths;

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obtain {
    /// Nothing is on its way: she may apply.
    Apply(Applying),
    /// An officer has yet to decide.
    Officer {
        /// The application's number.
        number: String,
        /// Since when.
        since: Time,
        /// Whether an approval was given and has lapsed.
        lapsed: bool,
    },
    /// An officer has approved; the phone has yet to make the key.
    Approved {
        /// The application's number.
        number: String,
    },
    /// A phone is asked.
    Phone {
        /// The approval's id, which the phone shows too.
        approval: String,
        /// How far the phone is.
        pending: KeyPending,
        /// Until when it can answer.
        until: Time,
    },
    /// The certificate.
    Have(Certificate),
}

/// What is applied for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applying {
    /// Name and personal code as the register has them; none: it cannot say them now.
    pub subject: Option<(String, String)>,
    /// Why an officer refused the last application.
    pub refused: Option<String>,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
}

/// How far a phone is with the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPending {
    /// No phone has answered, one refused, or all were late.
    Phone(Pending),
    /// The phone's means did not act: frozen, blocked.
    Stopped,
    /// The key is made; the certificate is not issued yet.
    Issuing,
}

/// The page.
#[must_use]
pub fn obtain(seat: &Seat, view: &Obtain) -> Markup {
    let voice = seat.voice;
    let (heading, errors) = match view {
        Obtain::Apply(apply) => (words::HEADING, apply.errors.as_slice()),
        Obtain::Officer { lapsed: false, .. } => (words::WAITS, &[][..]),
        Obtain::Officer { .. } => (words::LAPSED, &[][..]),
        Obtain::Approved { .. } => (words::APPROVED, &[][..]),
        Obtain::Phone { pending: KeyPending::Issuing, .. } => (words::ISSUING, &[][..]),
        Obtain::Phone { .. } => (words::PHONE, &[][..]),
        Obtain::Have(one) if one.state == ui::Tag::Valid => (words::HAVE, &[][..]),
        Obtain::Have(_) => (words::HAVE_NOT, &[][..]),
    };
    let heading = voice.say(heading);
    let content = html! {
        (crumbs(&voice.say(frame::WHERE), &[(paths::HOME, voice.say(portal::MENU_HOME)),
            (paths::SECURITY, voice.say(portal::MENU_SECURITY))], &voice.say(words::SHORT)))
        div.sheet.stack.narrow {
            (error_summary(voice, errors))
            h1 { (heading) }
            @match view {
                Obtain::Apply(apply) => { (applying(seat, apply)) }
                Obtain::Officer { number, since, lapsed } => {
                    (officer(seat, number, (*since, *lapsed)))
                }
                Obtain::Approved { number } => { (approved(seat, number)) }
                Obtain::Phone { approval, pending, until } => {
                    (phone(seat, approval, (*pending, *until)))
                }
                Obtain::Have(one) => { (have(seat, one)) }
            }
        }
    };
    let mut frame = seat.frame(Menu::Security, &heading);
    frame.errors = !errors.is_empty();
    frame.page(&content)
}

fn applying(seat: &Seat, view: &Applying) -> Markup {
    let voice = seat.voice;
    html! {
        @if let Some(why) = &view.refused {
            (note(Tone::Warn, &voice.say(words::REFUSED), why.as_str()))
        }
        @if let Some((name, own)) = &view.subject {
            p { (voice.say(words::LEDE)) }
            form.stack method="post" action={ (paths::CERTIFICATE) "#errors" } {
                h2 { (voice.say(words::NAMES)) }
                (facts(Stand::Below, &[
                    fact(voice.say(words::NAME), name.as_str()),
                    fact(voice.say(words::CODE), code(own)),
                ]))
                h2 { (voice.say(words::TERMS)) }
                p { (voice.say(words::TERMS_TEXT)) }
                div id="terms" { (check("terms", &voice.say(words::ACCEPT), None, false)) }
                p.row.main-act {
                    (btn_bind("apply", &voice.say(words::APPLY)))
                    (link_btn(Weight::Quiet, paths::SECURITY, &voice.say(words::BACK)))
                }
            }
        } @else {
            (note(Tone::Warn, &voice.say(words::NOTHING), ""))
            (back(seat))
        }
    }
}

fn officer(seat: &Seat, number: &str, (since, lapsed): (Time, bool)) -> Markup {
    let voice = seat.voice;
    let body = if lapsed { words::LAPSED_BODY } else { words::WAITS_BODY };
    html! {
        p role="status" { (voice.say(body)) }
        (facts(Stand::Below, &[
            fact(voice.say(words::NUMBER), code(number)),
            fact(voice.say(words::SINCE), voice.moment(since)),
        ]))
        @if seat.demo { p.meta { (voice.say(words::DEMO)) } }
        (ask(seat, "check", login::CHECK_NOW, None))
    }
}

fn approved(seat: &Seat, number: &str) -> Markup {
    let voice = seat.voice;
    html! {
        p { (voice.say(words::APPROVED_BODY)) }
        (facts(Stand::Below, &[fact(voice.say(words::NUMBER), code(number))]))
        (ask(seat, "make", words::MAKE, None))
    }
}

fn phone(seat: &Seat, approval: &str, (pending, until): (KeyPending, Time)) -> Markup {
    let voice = seat.voice;
    html! {
        @match pending {
            KeyPending::Issuing => {
                p role="status" { (voice.say(words::ISSUING_BODY)) }
                (ask(seat, "check", login::CHECK_NOW, None))
            }
            KeyPending::Stopped => {
                (note(Tone::Bad, &voice.say(words::STOPPED), voice.say(words::STOPPED_BODY)))
                (ask(seat, "make", login::AGAIN, None))
            }
            KeyPending::Phone(pending @ (Pending::Refused | Pending::Late)) => {
                div role="status" {
                    (note(Tone::Warn, &pending.say(voice), voice.say(words::KEY_NOT)))
                }
                (ask(seat, "make", login::AGAIN, None))
            }
            KeyPending::Phone(pending) => {
                p { (voice.say(words::PHONE_BODY)) }
                (facts(Stand::Below, &[fact(voice.say(words::APPROVAL), code(&grouped(approval)))]))
                p role="status" { (pending.say(voice)) }
                p.meta { (voice.say(login::until(voice.hour(until)))) }
                (ask(seat, "check", login::CHECK_NOW, Some(paths::CERTIFICATE_STATE)))
            }
        }
    }
}

fn have(seat: &Seat, one: &Certificate) -> Markup {
    let voice = seat.voice;
    let (tone, body) = match one.state {
        ui::Tag::Valid => (Tone::Ok, words::HAVE_BODY),
        _ => (Tone::Warn, words::HAVE_NOT_BODY),
    };
    html! {
        (note(tone, &voice.say(body), ""))
        (facts(Stand::Below, &[
            fact(voice.say(security::SERIAL), code(&one.serial)),
            fact(voice.say(security::VALID_UNTIL), voice.moment(one.until)),
            fact(voice.say(security::STATE), one.state.show(voice)),
        ]))
        (back(seat))
    }
}

fn ask(seat: &Seat, name: &str, label: Key, poll: Option<&str>) -> Markup {
    let label = seat.voice.say(label);
    html! {
        form.row.main-act method="post" action=(paths::CERTIFICATE) data-poll=[poll] {
            (btn(name, &label))
            (link_btn(Weight::Quiet, paths::SECURITY, &seat.voice.say(words::BACK)))
        }
    }
}

fn back(seat: &Seat) -> Markup {
    html! { p { (link_btn(Weight::Main, paths::SECURITY, &seat.voice.say(words::BACK))) } }
}
