//! The pages around a login: faults, over, sign out; and the frame of all of them.

use axum::response::{IntoResponse, Response};
use base::{Failure, Fault, Locale};
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};
use ui::text::{identity as words, trouble};
use ui::{Frame, Tone, Voice, Weight, btn, code, link_btn, more, note, spelled};
use web::private_page;

use crate::failed::Failed;
use crate::oidc::parameters::Parameters;
use crate::redirect::origin;

/// Why no login begins, or nothing is signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFault {
    /// Parameters twice, or too many.
    Malformed,
    /// No such client.
    Client,
    /// An address that the client did not register.
    Address,
    /// A pushed request that is over or another's.
    Pushed,
    /// Too many from there.
    Often,
    /// A sign-out that names what it may not.
    Out,
}

impl PageFault {
    fn status(self) -> StatusCode {
        match self {
            Self::Often => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// For whoever runs the site: stable, English.
    fn detail(self) -> &'static str {
        match self {
            Self::Malformed => "invalid_request: a parameter is there twice, or too many are",
            Self::Client => "invalid_request: no such client_id",
            Self::Address => "invalid_request: redirect_uri is missing or not registered",
            Self::Pushed => "invalid_request_uri: unknown, used, expired, or another client's",
            Self::Often => "temporarily_unavailable: too many unanswered requests",
            Self::Out => "invalid_request: id_token_hint or post_logout_redirect_uri does not hold",
        }
    }
}

/// A page in the platform's frame. `here`: its address, where the language can be switched;
/// `target`: where its forms may lead besides here.
pub(crate) fn framed(
    voice: Voice,
    title: String,
    (here, target): (Option<String>, Option<&str>),
    content: &Markup,
) -> Response {
    let mut frame = Frame::new(voice, voice.say(words::SYSTEM), title);
    frame.here = here;
    frame.errors = content.0.contains("class=\"errors\"");
    let mut answer = private_page(frame.page(content));
    if let Ok(policy) = HeaderValue::try_from(policy(target)) {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// A form's answer may lead on to the client: browsers hold `form-action` against redirects too.
fn policy(target: Option<&str>) -> String {
    let own_scheme = |address: &str| {
        let scheme = address.split_once(':').map(|(scheme, _)| format!("{scheme}:"));
        scheme.filter(|scheme| scheme.contains('.'))
    };
    let target = target.and_then(|address| origin(address).or_else(|| own_scheme(address)));
    let target = target.map_or_else(String::new, |target| format!(" {target}"));
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self'{target}"
    )
}

/// No login begins.
pub(crate) fn fault(locale: Locale, fault: PageFault) -> Response {
    let voice = Voice::new(locale);
    let content = html! {
        div.head { h1 { (voice.say(words::FAULT_HEADING)) } }
        div.stack {
            (note(Tone::Bad, &voice.say(words::FAULT_BODY), voice.say(words::FAULT_WHOSE)))
            (more(&voice.say(words::FAULT_DETAIL), html! { p { (code(fault.detail())) } }))
        }
    };
    let title = voice.say(words::FAULT_TITLE);
    (fault.status(), framed(voice, title, (None, None), &content)).into_response()
}

/// The answer of a page's handler; what failed inside is a page too, in the person's language.
pub(crate) fn settled(locale: Locale, answer: Result<Response, Failed>) -> Response {
    let failed = match answer {
        Ok(answer) => return answer,
        Err(Failed::Gone) => return gone(locale),
        Err(failed) => failed,
    };
    let (heading, body) = match failed.fault() {
        Fault::Later(_) => (trouble::BUSY, trouble::BUSY_BODY),
        Fault::Elsewhere => (trouble::ELSEWHERE, trouble::ELSEWHERE_BODY),
        Fault::Caller(_) | Fault::Ours => (trouble::OURS, trouble::OURS_BODY),
    };
    // Logged there, with its causes.
    let problem = web::Failed::from(failed);
    let status = StatusCode::from_u16(problem.problem().status);
    let voice = Voice::new(locale);
    let heading = voice.say(heading);
    let page = framed(voice, heading.clone(), (None, None), &said(&heading, &voice.say(body)));
    (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), page).into_response()
}

/// Nothing of this browser's goes on there.
pub(crate) fn gone(locale: Locale) -> Response {
    let voice = Voice::new(locale);
    let heading = voice.say(words::GONE_HEADING);
    let content = said(&heading, &voice.say(words::GONE_BODY));
    (StatusCode::NOT_FOUND, framed(voice, heading, (None, None), &content)).into_response()
}

/// The app goes on.
pub(crate) fn in_app(voice: Voice, here: String) -> Response {
    let heading = voice.say(words::RETURN_HEADING);
    let content = said(&heading, &voice.say(words::RETURN_BODY));
    framed(voice, heading, (Some(here), None), &content)
}

/// What the link in a QR shows to a browser.
pub(crate) fn link(locale: Locale, characters: &str) -> Response {
    let voice = Voice::new(locale);
    let (first, rest) = characters.split_at_checked(4).unwrap_or((characters, ""));
    let label = voice.say(ui::text::login::CHARACTERS);
    let content = html! {
        div.head { h1 { (voice.say(words::APP_HEADING)) } }
        div.sheet.stack {
            p { (voice.say(words::APP_BODY)) }
            div.match { (spelled(&label, &[first, rest])) }
        }
    };
    let here = Some(format!("/a/{characters}"));
    framed(voice, voice.say(words::APP_HEADING), (here, None), &content)
}

/// Where the command line sends a person.
pub(crate) fn device(locale: Locale) -> Response {
    let voice = Voice::new(locale);
    let stranger = voice.say(words::DEVICE_STRANGER);
    let content = html! {
        div.head { h1 { (voice.say(words::DEVICE_HEADING)) } }
        div.stack {
            p { (voice.say(words::DEVICE_BODY)) }
            (note(Tone::Warn, &stranger, voice.say(words::DEVICE_STRANGER_BODY)))
        }
    };
    let here = Some("/device".to_owned());
    framed(voice, voice.say(words::DEVICE_TITLE), (here, None), &content)
}

/// Sign out? All that came with the question goes with the answer.
pub(crate) fn ask_out(locale: Locale, asked: &Parameters) -> Response {
    let voice = Voice::new(locale);
    let carried = ["post_logout_redirect_uri", "state", "client_id", "id_token_hint"];
    let carried = carried.into_iter().filter_map(|name| Some((name, asked.get(name)?)));
    let content = html! {
        div.head { h1 { (voice.say(words::OUT_HEADING)) } }
        form.stack method="post" action="/logout" {
            @for (name, value) in carried { input type="hidden" name=(name) value=(value); }
            p { (voice.say(words::OUT_BODY)) }
            p.row {
                (btn("sign-out", &voice.say(words::OUT_YES)))
                (ui::btn_quiet("stay", &voice.say(words::OUT_NO)))
            }
        }
    };
    let target = asked.get("post_logout_redirect_uri");
    framed(voice, voice.say(words::OUT_TITLE), (None, target), &content)
}

/// Signed out.
pub(crate) fn signed_out(locale: Locale) -> Response {
    let voice = Voice::new(locale);
    let heading = voice.say(words::OUT_DONE);
    let content = said(&heading, &voice.say(words::OUT_DONE_BODY));
    framed(voice, heading, (None, None), &content)
}

/// Not signed out.
pub(crate) fn stayed(locale: Locale) -> Response {
    let voice = Voice::new(locale);
    let heading = voice.say(words::OUT_STAYED);
    let out = link_btn(Weight::Second, "/logout", &voice.say(words::OUT_YES));
    let content = html! { div.head { h1 { (heading) } } p { (out) } };
    framed(voice, heading, (None, None), &content)
}

fn said(heading: &str, body: &str) -> Markup {
    html! {
        div.head { h1 { (heading) } }
        div.prose { p { (body) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_lead_to_the_clients_origin_and_nowhere_else() {
        let ends = |target| policy(target).rsplit_once("form-action ").unwrap().1.to_owned();
        assert_eq!(ends(None), "'self'");
        assert_eq!(ends(Some("https://rp.example:8443/cb?x=1")), "'self' https://rp.example:8443");
        assert_eq!(ends(Some("lv.example.app:/cb")), "'self' lv.example.app:");
    }
}
