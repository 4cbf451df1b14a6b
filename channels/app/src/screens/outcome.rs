//! How an answer ended.

use base::Time;
use maud::{Markup, html};
use ui::text::{Key, app};
use ui::{Tone, Weight, act, btn_second, link_btn, note};

use super::{Hold, paths};

/// How an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The login is approved.
    SignedIn,
    /// The login is approved and goes on in this phone's own browser.
    SignedInHere {
        /// Where.
        to: String,
    },
    /// The signature is given.
    Signed,
    /// The holder's act is approved.
    Acted,
    /// Refused; it can be reported.
    Refused {
        /// The request that was refused.
        request: String,
    },
    /// Refused because another code was chosen than the browser shows.
    WrongCode {
        /// The request that was refused.
        request: String,
    },
    /// The refused request is reported.
    Reported,
    /// The time to answer is over.
    Late,
    /// The PIN waits until then.
    PinWaits(Time),
    /// The PIN is blocked.
    PinBlocked,
    /// Everything is frozen.
    Frozen,
    /// The server cannot be reached.
    Unreached,
    /// It holds; its record is not yet safe.
    UnderWay,
    /// A request waits that cannot be shown.
    Unshown,
    /// An answer that is not `sam`'s.
    Distrusted,
    /// This phone has ended.
    Ended,
    /// The certificate is suspended, revoked or ended.
    KeyEnded,
    /// Another phone is approved, and from when on it can be used.
    Vouched(Time),
    /// Another phone is not approved.
    NotVouched,
    /// This phone has new PINs.
    PinsSet,
    /// The service refused.
    NotDone,
}

/// The screen.
#[must_use]
pub fn outcome(hold: &Hold, view: &Outcome) -> Markup {
    let voice = hold.voice;
    let (tone, heading, body) = said(view);
    let title = match view {
        Outcome::PinWaits(until) => voice.say(app::again_at(voice.hour(*until))),
        Outcome::Vouched(from) => voice.say(app::from(voice.moment(*from))),
        _ => voice.say(app::NOW),
    };
    let report = match view {
        Outcome::Refused { request } | Outcome::WrongCode { request } => Some(request),
        _ => None,
    };
    let heading = voice.say(heading);
    let content = html! {
        div.phone-body {
            h1 { (heading) }
            div role="status" { (note(tone, &title, voice.say(body))) }
            @if let Some(request) = report {
                (act(&paths::report(hold.held(), request),
                    btn_second("report", &voice.say(app::REPORT)).wide()))
            }
        }
        div.phone-act {
            @if let Outcome::SignedInHere { to } = view {
                (link_btn(Weight::Main, to, &voice.say(app::GO_ON)))
                (hold.back())
            } @else {
                (link_btn(Weight::Main, &paths::phone(hold.held()), &voice.say(app::BACK)))
            }
        }
    };
    hold.screen(&heading, &content)
}

/// The tone, the heading and what to do.
fn said(view: &Outcome) -> (Tone, Key, Key) {
    match view {
        Outcome::SignedInHere { .. } => (Tone::Ok, app::SIGNED_IN, app::GO_ON),
        Outcome::UnderWay => (Tone::Ok, app::UNDER_WAY, app::UNDER_WAY_BODY),
        Outcome::Unshown => (Tone::Warn, app::UNSHOWN, app::UNSHOWN_BODY),
        Outcome::Distrusted => (Tone::Bad, app::DISTRUST, app::DISTRUST_BODY),
        Outcome::Ended => (Tone::Bad, app::ENDED, app::ENDED_BODY),
        Outcome::KeyEnded => (Tone::Bad, app::KEY_ENDED, app::KEY_ENDED_BODY),
        Outcome::NotDone => (Tone::Warn, app::NOT_DONE, app::NOT_DONE_BODY),
        Outcome::Vouched(_) => (Tone::Ok, app::VOUCHED, app::VOUCHED_BODY),
        Outcome::NotVouched => (Tone::Bad, app::NOT_VOUCHED, app::NOT_VOUCHED_BODY),
        Outcome::PinsSet => (Tone::Ok, app::PINS_SET, app::PINS_SET_BODY),
        Outcome::SignedIn => (Tone::Ok, app::SIGNED_IN, app::SIGNED_IN_BODY),
        Outcome::Signed => (Tone::Ok, app::SIGNED, app::SIGNED_BODY),
        Outcome::Acted => (Tone::Ok, app::ACTED, app::ACTED_BODY),
        Outcome::Refused { .. } => (Tone::Info, app::REFUSED, app::REFUSED_BODY),
        Outcome::WrongCode { .. } => (Tone::Warn, app::WRONG_CODE, app::WRONG_CODE_BODY),
        Outcome::Reported => (Tone::Ok, app::REPORTED, app::REPORTED_BODY),
        Outcome::Late => (Tone::Info, app::LATE, app::LATE_BODY),
        Outcome::PinWaits(_) => (Tone::Warn, app::PIN_WAITS, app::PIN_WAITS_BODY),
        Outcome::PinBlocked => (Tone::Bad, app::PIN_BLOCKED, app::PIN_BLOCKED_BODY),
        Outcome::Frozen => (Tone::Bad, app::FROZEN, app::FROZEN_BODY),
        Outcome::Unreached => (Tone::Warn, app::UNREACHED, app::UNREACHED_BODY),
    }
}
