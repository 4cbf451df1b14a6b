//! Every component once, and the login's pages, in both languages: to be looked at and tested.

use base::{Locale, Time};
use maud::{Markup, html};

use crate::button::{btn, btn_bind, btn_danger, btn_quiet, btn_second, download};
use crate::facts::{Stand, Table, code, digest, fact, facts};
use crate::form::{
    Choice, Field, FieldError, Holds, check, choices, error_at, error_summary, numbers,
};
use crate::frame::{Frame, Place, SignedIn};
use crate::icon::{Icon, mark};
use crate::list::{Item, crumbs, list, sheet};
use crate::login::{
    Asked, NewBrowser, Pending, Remembered, Waiting, login_title, new_browser, number_wrong,
    remembered, waiting, waiting_title,
};
use crate::note::{Tone, empty, more, note};
use crate::qualification::{Level, Stamp};
use crate::show::{asker, match_number, qr, seal, spelled};
use crate::tag::Tag;
use crate::text::{frame, gallery as words, login};
use crate::thread::{Event, Knot, steps, thread};
use crate::voice::Voice;

/// A page of the gallery: what its file is called, without ending, and the page.
#[derive(Clone, Debug)]
pub struct Sample {
    /// `components.lv`, `login-wait-refused.en`, …
    pub name: String,
    /// The whole page; its assets lie in the folder `assets` beside it.
    pub page: String,
}

impl Sample {
    /// A page under a name and its language.
    #[must_use]
    pub fn new(name: &str, frame: &Frame, content: &Markup) -> Self {
        let mut frame = frame.clone();
        "assets".clone_into(&mut frame.assets);
        Self::of_page(name, frame.voice, &frame.page(content))
    }

    /// A page that is whole already: its assets are looked for beside it.
    #[must_use]
    pub fn of_page(name: &str, voice: Voice, page: &Markup) -> Self {
        let served = format!("/assets/{}/", crate::asset::VERSION);
        let page = page.0.replace(&served, "assets/");
        Self { name: format!("{name}.{}", voice.locale().tag()), page }
    }
}

/// Every component, and the pages that live here, in every language.
#[must_use]
pub fn gallery() -> Vec<Sample> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            let voice = Voice::new(locale);
            let mut samples = vec![Sample::new("components", &frame_of(voice), &components(voice))];
            samples.extend(logins(voice));
            samples
        })
        .collect()
}

fn frame_of(voice: Voice) -> Frame {
    let mut around = Frame::new(voice, voice.say(words::SYSTEM), voice.say(words::TITLE));
    around.here = Some("/components".to_owned());
    around.menu = vec![
        Place { href: "/".to_owned(), name: voice.say(words::TITLE), here: true },
        Place { href: "/login".to_owned(), name: voice.say(login::TITLE), here: false },
    ];
    around.person = Some(SignedIn {
        name: "Anna Parauga".to_owned(),
        acting_for: None,
        sign_out: "/sign-out".to_owned(),
    });
    around
}

fn logins(voice: Voice) -> Vec<Sample> {
    let mut samples = Vec::new();
    let framed = |title| {
        let mut around = Frame::new(voice, voice.say(words::LOGIN), title);
        around.here = Some("/login".to_owned());
        around
    };
    for (name, pending) in [("login-qr", Pending::Unclaimed), ("login-qr-late", Pending::Late)] {
        let around = framed(login_title(voice));
        samples.push(Sample::new(
            name,
            &around,
            &new_browser(voice, &a_new_browser(voice, pending)),
        ));
    }
    let errors = vec![number_wrong(voice)];
    for (name, errors) in [("login-number", Vec::new()), ("login-number-error", errors)] {
        let mut around = framed(login_title(voice));
        around.errors = !errors.is_empty();
        let typed = if errors.is_empty() { "" } else { "417" };
        samples.push(Sample::new(
            name,
            &around,
            &remembered(
                voice,
                &Remembered {
                    asked: asked(voice),
                    typed: typed.to_owned(),
                    errors,
                    action: "/login".to_owned(),
                    by_qr: "/login/qr".to_owned(),
                },
            ),
        ));
    }
    for (name, pending) in [("login-wait", Pending::OnPhone), ("login-wait-no", Pending::Refused)] {
        let around = framed(waiting_title(voice, pending));
        samples.push(Sample::new(
            name,
            &around,
            &waiting(
                voice,
                &Waiting {
                    number: 47,
                    until: noon(),
                    pending,
                    action: "/login/wait".to_owned(),
                    poll: "/login/state".to_owned(),
                },
            ),
        ));
    }
    samples
}

fn asked(voice: Voice) -> Asked {
    Asked {
        name: voice.say(words::ASKER),
        host: "studijas.augstskola.example".to_owned(),
        purpose: voice.say(words::PURPOSE),
        gets: voice.say(words::GETS),
    }
}

fn a_new_browser(voice: Voice, pending: Pending) -> NewBrowser {
    NewBrowser {
        asked: asked(voice),
        qr: "https://id.localhost/a/K7M2PX4Q".to_owned(),
        characters: "K7M2PX4Q".to_owned(),
        until: noon(),
        pending,
        app_link: "https://id.localhost/a/K7M2PX4Q".to_owned(),
        action: "/login/qr".to_owned(),
        poll: "/login/state".to_owned(),
        by_number: Some("/login".to_owned()),
    }
}

fn noon() -> Time {
    Time::from_seconds(1_778_585_820)
}

fn components(voice: Voice) -> Markup {
    let samples: [(&str, Markup); 17] = [
        ("mark, icons", signs()),
        ("text", prose(voice)),
        ("buttons", buttons(voice)),
        ("errors", errors(voice)),
        ("fields", fields(voice)),
        ("choices", chosen(voice)),
        ("notices", notices(voice)),
        ("tags", html! { p.row { @for tag in Tag::ALL { (tag.show(voice)) } } }),
        ("table", table(voice)),
        ("facts", fact_sheets(voice)),
        ("sheet, list", sheets(voice)),
        ("steps", taken(voice)),
        ("thread", happened(voice)),
        ("trail, empty", nothing(voice)),
        ("number to match, code", matched(voice)),
        ("asker, seal, credential", asking(voice)),
        (
            "more on demand",
            more(&voice.say(words::TECHNICAL), html! { p { (digest(&[0x9f; 16])) } }),
        ),
    ];
    html! {
        div.head { h1 { (voice.say(words::TITLE)) } p.lede { (voice.say(words::LEDE)) } }
        div.stack-l {
            @for (place, (name, sample)) in samples.iter().enumerate() {
                section.stack aria-labelledby={ "s" (place) } {
                    h2 id={ "s" (place) } lang="en" { (name) }
                    (sample)
                }
            }
        }
    }
}

fn signs() -> Markup {
    html! {
        p.row { (mark()) @for icon in Icon::ALL { (icon.draw()) } }
        p.row { (Icon::Phone.badge()) (Icon::Building.badge()) }
    }
}

fn prose(voice: Voice) -> Markup {
    html! {
        h3 { (voice.moment(noon())) }
        p.lede { (voice.exact(noon())) }
        div.prose {
            p { (voice.say(words::PROSE)) }
            ul { li { (voice.number(61_377)) } li { (voice.size(219_136)) } }
        }
        p.meta { (code("329999-00017")) }
    }
}

fn buttons(voice: Voice) -> Markup {
    html! {
        form method="post" action="/buttons" {
            p.row {
                (btn("go-on", &voice.say(login::GO_ON)))
                (btn_bind("sign", &voice.say(words::SIGN)).with_mark())
                (btn_second("draft", &voice.say(words::DRAFT)))
            }
            p.row {
                (btn_danger("revoke", &voice.say(words::REVOKE)))
                (btn_quiet("cancel", &voice.say(login::CANCEL)))
                (download("/report.pdf", &voice.say(words::DOWNLOAD)))
            }
        }
    }
}

fn errors(voice: Voice) -> Markup {
    let errors = [FieldError { field: "e1", words: voice.say(login::USER_NUMBER_HINT) }];
    html! {
        (error_summary(voice, &errors))
        form method="post" action="/errors" {
            (Field::new("e1", &voice.say(login::USER_NUMBER), Holds::Code).value("417")
                .error(error_at(&errors, "e1")))
        }
    }
}

fn fields(voice: Voice) -> Markup {
    html! {
        form.stack method="post" action="/fields" {
            (Field::new("f1", &voice.say(words::QUESTION), Holds::Words))
            (Field::new("f2", &voice.say(login::USER_NUMBER), Holds::Code)
                .hint(&voice.say(login::USER_NUMBER_HINT)))
            (Field::new("f3", "PIN2", Holds::Pin(8)))
            (Field::new("f4", &voice.say(words::QUESTION), Holds::Lines).optional())
            (Field::new("f5", &voice.say(words::FILE), Holds::File(".pdf"))
                .hint(&voice.say(words::FILE_HINT)))
        }
    }
}

fn chosen(voice: Voice) -> Markup {
    let choice = |value: &str, key| Choice {
        value: value.to_owned(),
        name: voice.say(key),
        hint: Some(voice.say(words::QUESTION)),
    };
    let all = [choice("a", words::DRAFT), choice("b", words::SIGN)];
    html! {
        form.stack method="post" action="/choices" {
            (check("c1", &voice.say(words::QUESTION), Some(&voice.say(words::FILE_HINT)), true))
            (choices("c2", &voice.say(words::QUESTION), &all, Some("a")))
            (numbers("c3", &voice.say(login::STEP_CHOOSE), [12, 47, 83]))
        }
    }
}

fn notices(voice: Voice) -> Markup {
    html! {
        @for tone in [Tone::Info, Tone::Ok, Tone::Warn, Tone::Bad] {
            (note(tone, &voice.say(login::STRANGER), voice.say(login::STRANGER_BODY)))
        }
    }
}

fn table(voice: Voice) -> Markup {
    let columns = [words::ROW, words::FILE, words::TECHNICAL].map(|key| voice.say(key)).to_vec();
    let mut table = Table::new(voice.say(words::TITLE), columns);
    for tag in [Tag::Valid, Tag::Revoked] {
        table.row(vec![
            html! { (voice.say(words::SIGN)) },
            html! { (voice.short_day(voice.date_of(noon()))) },
            tag.show(voice),
        ]);
    }
    html! { (table) }
}

fn fact_sheets(voice: Voice) -> Markup {
    html! {
        @for stand in [Stand::Below, Stand::Beside, Stand::Wide] {
            (facts(stand, &[
                fact(voice.say(login::PURPOSE), voice.say(words::PURPOSE)),
                fact(voice.say(login::GETS), voice.say(words::GETS)),
            ]))
        }
    }
}

fn sheets(voice: Voice) -> Markup {
    let item = Item {
        icon: Some(Icon::Document),
        name: voice.say(words::FILE),
        href: Some("/documents".to_owned()),
        meta: html! { (voice.moment(noon())) },
        end: Tag::WaitsForYou.show(voice),
    };
    let plain = Item { icon: None, href: None, end: Markup::default(), ..item.clone() };
    html! {
        (sheet("sheet", &voice.say(words::FILE), &Markup::default(), &list(&[item])))
        (sheet("plain", &voice.say(words::DOWNLOAD), &Markup::default(), &list(&[plain])))
    }
}

fn taken(voice: Voice) -> Markup {
    let all = [login::STEP_OPEN, login::STEP_CHOOSE, login::STEP_PIN].map(|key| voice.say(key));
    steps(&all, 1, &voice.say(words::DONE))
}

fn happened(voice: Voice) -> Markup {
    let at = voice.moment(noon());
    thread(&[
        Event::new(Knot::Will, voice.say(words::SIGNED), &at),
        Event::new(Knot::Time, Stamp::Test.say(voice), &at),
        Event::new(Knot::Event, voice.say(words::DOWNLOAD), Level::Demonstration.say(voice)),
        Event::new(Knot::Wrong, voice.say(login::STATUS_REFUSED), &at),
        Event::new(Knot::Next, voice.say(words::DONE), &at),
    ])
}

fn nothing(voice: Voice) -> Markup {
    let next = html! { p { a href="/" { (voice.say(frame::SKIP)) } } };
    html! {
        (crumbs(&voice.say(frame::WHERE), &[("/", voice.say(words::TITLE))],
            &voice.say(words::FILE)))
        (empty(Icon::Box, &voice.say(words::NOTHING), &voice.say(words::LEDE), next))
    }
}

fn matched(voice: Voice) -> Markup {
    html! {
        div.match { (match_number(&voice.say(login::YOUR_NUMBER), "47")) }
        div.match {
            (qr("https://id.localhost/a/K7M2PX4Q", &voice.say(login::QR_LABEL)))
            (spelled(&voice.say(login::CHARACTERS), &["K7M2", "PX4Q"]))
        }
    }
}

fn asking(voice: Voice) -> Markup {
    html! {
        (asker(Icon::Building, &voice.say(words::ASKER), Tag::Verified.show(voice)))
        div.paper {
            div.paper-foot {
                (seal(&voice.say(words::SIGNED), "Anna Parauga", &voice.moment(noon())))
            }
        }
        ul { li.cred { span.cred-name { (voice.say(words::FILE)) } span.meta { "B" } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::blemishes;

    #[test]
    fn every_sample_in_every_language_is_without_blemish() {
        for sample in gallery() {
            assert_eq!(blemishes(&sample.page), Vec::<String>::new(), "{}", sample.name);
        }
    }

    #[test]
    fn write_the_gallery() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/gallery");
        for part in ["fonts", "img"] {
            std::fs::create_dir_all(format!("{folder}/assets/{part}")).unwrap();
        }
        for name in crate::asset_names() {
            let bytes = crate::asset(name).unwrap().bytes;
            std::fs::write(format!("{folder}/assets/{name}"), bytes).unwrap();
        }
        for sample in gallery() {
            std::fs::write(format!("{folder}/{}.html", sample.name), sample.page).unwrap();
        }
    }
}
